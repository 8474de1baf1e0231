"""The chair's list of notices."""

import datetime as dt
from typing import Any

import django_tables2 as tables
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from members.models import Organisation
from notices.boards import comparison, progress
from notices.boards.progress import Tally
from notices.models import Receipt, Release
from notices.search.results import Hit
from notices.search.searching import Search
from notices.succession import successors_of
from notices.tables.cells import BAR, DATE, NUMBER, ROW_NAME, answers_bar, hidden, superseded
from notices.tables.places import place_url
from notices.templatetags.screen import count, days_left, desk_day, rate, short, status


class DistrictNoticeTable(tables.Table):
    """What was released to a district, what its chair did, and how far its pharmacies are."""

    released = tables.Column(
        "発出", accessor="release__released_on", order_by=("release__released_at", "pk"), attrs=DATE
    )
    subject = tables.Column(
        "件名",
        accessor="release__notice__subject",
        order_by=("release__notice__search_key", "pk"),
        attrs=ROW_NAME,
    )
    accepted = tables.Column("受領", accessor="confirmed_at", empty_values=(), order_by=("confirmed_at", "pk"))
    passed_on = tables.Column("会員への周知", accessor="finished_at", order_by=("finished_at", "pk"))
    deadline = tables.Column("確認期限", order_by=("deadline", "pk"), attrs=DATE)
    confirmed = tables.Column("確認率", empty_values=(), orderable=False, attrs=NUMBER)
    bar = tables.Column(hidden("確認と完了の割合"), empty_values=(), orderable=False, attrs=BAR)
    unconfirmed = tables.Column("未確認", empty_values=(), orderable=False, attrs=NUMBER)

    class Meta:
        model = Receipt
        fields: tuple[str, ...] = ()
        attrs = {"class": "ledger-narrow", "label": "地区への通知"}
        default = "–"
        empty_text = "通知はまだ届いていません。県薬剤師会が発出すると、ここに並びます。"

    def __init__(self, *args: Any, district: Organisation, search: Search | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.district, self.search = district, search
        if search:
            self.empty_text = "見つかりません。言葉を短くするか減らすと、見つかることがあります。"

    def before_render(self, request: HttpRequest) -> None:
        """The counts of the district's pharmacies for the notices on this page, all in one query."""
        shown = [row.record.release_id for row in self.paginated_rows]
        self.tallies = progress.by_release(shown, self.district)
        self.compared = comparison.of(shown, self.district)
        notices = [row.record.release.notice_id for row in self.paginated_rows]
        self.successors = successors_of(row.record for row in self.paginated_rows)
        self.hits = self.search.hits_in(notices) if self.search else {}
        self.in_letters = self._found_in_letters(shown) if self.search else {}

    def _found_in_letters(self, shown: list[int]) -> dict[int, Hit]:
        """The hits in the letters by which the district passed these releases on."""
        letters = Release.objects.filter(passes_on__in=shown, passed_on_by=self.district).order_by()
        of = dict(letters.values_list("notice", "passes_on"))
        return {of[notice]: hit for notice, hit in self.search.hits_in(of).items()}

    def _tally(self, receipt: Receipt) -> Tally | None:
        """None where nobody is urged: an お知らせ, and what another notice stands in the place of."""
        if receipt.pk in self.successors:
            return None
        return self.tallies.get(receipt.release_id) if receipt.release.asks_confirmation else None

    def render_released(self, value: dt.date) -> str:
        return short(value)

    def render_subject(self, value: str, record: Receipt) -> SafeString:
        return format_html(
            '<a class="title" href="{}">{}</a><span class="soft">{}</span> {}{}',
            reverse("notices:district_receipt", args=[record.pk]),
            value,
            record.release.notice.number_text,
            self._followed(record),
            self._found(record),
        )

    def _found(self, receipt: Receipt) -> str:
        """Where the words stand that the list was searched by."""
        if hit := self.hits.get(receipt.release.notice_id):
            url = place_url(hit, "district_receipt", receipt.pk, letter="district_papers")
        elif hit := self.in_letters.get(receipt.release_id):
            url = reverse("notices:district_receipt", args=[receipt.pk])
        else:
            return ""
        return render_to_string("parts/place.html", {"hit": hit, "url": url})

    def _followed(self, receipt: Receipt) -> SafeString | str:
        """The number of what stands in the notice's place, and of one that was confirmed also what became of it."""
        if (by := self.successors.get(receipt.pk)) is None:
            return ""
        badge = superseded(by) if receipt.confirmed_at else ""
        return format_html('{} <span class="small">→ {}</span>', badge, by.notice.number_text)

    def render_accepted(self, value: dt.datetime | None, record: Receipt) -> SafeString:
        if not value and (by := self.successors.get(record.pk)):
            return superseded(by)
        return status("accepted", word=f"受領確認 {desk_day(value)}") if value else status("unconfirmed", word="未受領")

    def render_passed_on(self, value: dt.datetime) -> SafeString:
        return status("passed_on", word=f"周知済 {desk_day(value)}")

    def render_deadline(self, value: dt.date, record: Receipt) -> SafeString | str:
        if record.pk in self.successors:
            return desk_day(value)
        return format_html('{}<br><span class="small">{}</span>', desk_day(value), days_left(value))

    def render_confirmed(self, record: Receipt) -> SafeString | str:
        if (tally := self._tally(record)) is None:
            return ""
        if (compared := self.compared.get(record.release_id)) is None:
            return rate(tally.confirmed_rate)
        mean = rate(compared.mean)
        return format_html('{}<br><span class="small soft keep">県平均 {}</span>', rate(tally.confirmed_rate), mean)

    def render_bar(self, record: Receipt) -> SafeString | str:
        tally = self._tally(record)
        return answers_bar(tally) if tally else ""

    def render_unconfirmed(self, record: Receipt) -> SafeString | str:
        tally = self._tally(record)
        if self._is_untold(record):
            return mark_safe('<span class="text-wrap">まだ伝えていません</span>')
        return count(tally.unconfirmed) if tally else ""

    def _is_untold(self, receipt: Receipt) -> bool:
        """Whether the members wait for the district's letter, and nobody can have answered."""
        tally, release = self.tallies.get(receipt.release_id), receipt.release
        has_members = tally is not None and tally.recipients > 0
        return release.through_districts and not has_members and receipt.pk not in self.successors
