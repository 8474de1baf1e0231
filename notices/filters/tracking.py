"""How the list of 「困っています」 is narrowed."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django_filters.fields import ModelChoiceField

from members import tree
from members.names import search_key
from notices.boards import halts
from notices.models import HelpRequest, Notice
from notices.succession import Successor, successors


class AskedAboutField(ModelChoiceField):
    """A notice that was corrected or withdrawn says so behind its name."""

    @cached_property
    def successors(self) -> dict[int, Successor]:
        return successors(self.queryset.values_list("pk", flat=True))

    def label_from_instance(self, notice: Notice) -> str:
        by = self.successors.get(notice.pk)
        return f"{notice}（{by.state}）" if by else str(notice)


class AskedAboutFilter(filters.ModelChoiceFilter):
    field_class = AskedAboutField


class HelpRequestFilter(filters.FilterSet):
    """By state, district, the notice and its steps, and the pharmacy's name or the subject."""

    WHOLE = "whole"
    STATES = [("open", "未解決"), ("waiting", "回答待ち"), ("answered", "回答済"), ("closed", "解決済")]

    state = filters.ChoiceFilter(label="状態", choices=STATES, empty_label="すべて", method="in_state")
    district = filters.ModelChoiceFilter(
        label="地区", field_name="receipt__district", queryset=lambda request: tree.districts(), empty_label="すべて"
    )
    notice = AskedAboutFilter(
        label="通知",
        field_name="receipt__release__notice",
        queryset=lambda request: _asked_about(),
        empty_label="すべて",
    )
    step = filters.ChoiceFilter(label="手順", method="on_step", empty_label="すべて")
    q = filters.CharFilter(label="薬局・件名", method="named")

    class Meta:
        model = HelpRequest
        fields: list[str] = []

    def __init__(self, data: Any, *args: Any, **more: Any) -> None:
        """Steps can be chosen once their notice is."""
        super().__init__(data, *args, **more)
        chosen = data.get("notice", "") if data else ""
        notice = _asked_about().filter(pk=chosen).first() if chosen.isascii() and chosen.isdecimal() else None
        if notice is None:
            del self.filters["step"]
            return
        steps = [(step.pk, f"{number}. {step.title}") for step, number in halts.numbered(notice)]
        self.filters["step"].extra["choices"] = [*steps, (self.WHOLE, "全体のこと")]

    def on_step(self, queryset: QuerySet[HelpRequest], name: str, value: str) -> QuerySet[HelpRequest]:
        return queryset.filter(step=None if value == self.WHOLE else value)

    def in_state(self, queryset: QuerySet[HelpRequest], name: str, value: str) -> QuerySet[HelpRequest]:
        return queryset.filter(
            {
                "open": Q(closed_at=None),
                "waiting": Q(closed_at=None, answered_at=None),
                "answered": Q(closed_at=None, answered_at__isnull=False),
                "closed": Q(closed_at__isnull=False),
            }[value]
        )

    def named(self, queryset: QuerySet[HelpRequest], name: str, value: str) -> QuerySet[HelpRequest]:
        key = search_key(value)
        pharmacy = Q(receipt__organisation__search_key__contains=key)
        return queryset.filter(pharmacy | Q(receipt__release__notice__search_key__contains=key))


def _asked_about() -> QuerySet[Notice]:
    """Notices about which somebody asked, the latest first."""
    asked = HelpRequest.objects.order_by().values("receipt__release__notice")
    return Notice.objects.filter(pk__in=asked).prefetch_related("numbers").order_by("-date", "-pk")
