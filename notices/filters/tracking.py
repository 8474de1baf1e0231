"""How the list of 「困っています」 is narrowed."""

import django_filters as filters
from django.db.models import Q, QuerySet

from members import tree
from members.names import search_key
from notices.models import HelpRequest


class HelpRequestFilter(filters.FilterSet):
    """By state, district, and the pharmacy's name or the notice."""

    STATES = [("open", "未解決"), ("waiting", "回答待ち"), ("answered", "回答済"), ("closed", "解決済")]

    state = filters.ChoiceFilter(label="状態", choices=STATES, empty_label="すべて", method="in_state")
    district = filters.ModelChoiceFilter(
        label="地区", field_name="receipt__district", queryset=lambda request: tree.districts(), empty_label="すべて"
    )
    q = filters.CharFilter(label="薬局・件名", method="named")

    class Meta:
        model = HelpRequest
        fields: list[str] = []

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
