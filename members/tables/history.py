"""The history as a table."""

import datetime as dt
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django_tables2.rows import BoundRow

from members import subjects
from members.history import VERBS
from members.models import Event

# What one act writes follows within moments; so many events of it are one line.
WITHIN = dt.timedelta(seconds=1)
SERIES = 4


def series(events: Iterable[Event]) -> list[list[Event]]:
    """The events in their order, those of one act together: the same happened, by the same person, at once."""
    found: list[list[Event]] = []
    for event in events:
        if found and _is_of(found[-1][-1], event):
            found[-1].append(event)
        else:
            found.append([event])
    return found


def _is_of(before: Event, event: Event) -> bool:
    same = all(getattr(before, name) == getattr(event, name) for name in ("verb", "account_id", "capacity_id"))
    return same and abs(event.at - before.at) <= WITHIN


class HistoryTable(tables.Table):
    """Events: when, what, whose business, by whom and in which capacity. A series of one act is one line."""

    at = tables.TemplateColumn(
        "{% load screen %}{{ value|short_time }}",
        verbose_name="日時",
        order_by=("at", "pk"),
        attrs={"td": {"scope": "row", "class": "keep"}},
    )
    verb = tables.Column("できごと", order_by=("verb", "pk"))
    organisation = tables.Column("団体・薬局", accessor="organisation__name", order_by=("organisation__name", "pk"))
    subject = tables.Column(
        "対象", empty_values=(), order_by=("subject_kind", "subject_id", "pk"), attrs={"td": {"class": "wide"}}
    )
    account = tables.Column("だれが", default="サインインなし", order_by=("account__name", "account__email", "pk"))
    capacity = tables.Column("立場", order_by=("capacity__role", "pk"))
    trace = tables.Column("どこから", empty_values=(), orderable=False, attrs={"td": {"class": "keep"}})

    class Meta:
        model = Event
        fields: tuple[str, ...] = ()
        attrs = {"class": "ledger-dense", "label": "記録"}
        default = "–"
        order_by = "-at"
        empty_text = "条件に合う記録はありません。"

    def __init__(self, *args: Any, traces: bool, **more: Any) -> None:
        """`traces`: for whom IP addresses and user agents are, as long as they are kept."""
        super().__init__(*args, exclude=() if traces else ("trace",), **more)

    @cached_property
    def paginated_rows(self) -> list[BoundRow]:
        """The rows of the page, one for each series."""
        rows = list(self.page.object_list)
        self.names = subjects.names(row.record for row in rows)
        found = [several for several in series(row.record for row in rows) if len(several) >= SERIES]
        self.others = {first.pk: others for first, *others in found}
        folded = {event.pk for others in self.others.values() for event in others}
        return [row for row in rows if row.record.pk not in folded]

    def render_trace(self, record: Event) -> str:
        found = getattr(record, "trace", None)
        if found is None:
            return "–"
        words = found.address or "–", found.user_agent or "ブラウザーの種類は分かりません"
        return format_html('<details><summary>{}</summary><span class="soft">{}</span></details>', *words)

    def render_verb(self, value: str, record: Event) -> str:
        words = VERBS.get(value, value)
        others = self.others.get(record.pk)
        return format_html("{}　<b>{} 件</b>", words, len(others) + 1) if others else words

    def render_subject(self, record: Event) -> str:
        told = self._subject(record)
        if not (others := self.others.get(record.pk)):
            return told
        lines = format_html_join("", "<li>{}　{}</li>", ((self._whose(one), self._subject(one)) for one in others))
        return format_html("{}<details><summary>ほか {} 件</summary><ul>{}</ul></details>", told, len(others), lines)

    def _whose(self, event: Event) -> str:
        return event.organisation.name if event.organisation else ""

    def _subject(self, event: Event) -> SafeString:
        kind, name = subjects.kind(event), subjects.name(event, self.names)
        if not name or name == self._whose(event):
            return format_html("{}", kind or "–")
        return format_html('<span class="soft">{}</span>　{}', kind, name)
