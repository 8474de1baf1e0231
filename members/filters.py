"""Filters of the roster and of the history; all of them stay in the address."""

from operator import attrgetter
from typing import Any

import django_filters as filters
from django.db.models import QuerySet

from members import tree
from members.history import VERBS
from members.models import Event, Organisation, Tag
from members.models.organisation import Kind
from members.names import search_words


class DirectoryFilter(filters.FilterSet):
    """Organisations by name or telephone, kind, district and tag; pharmacies where no kind is chosen."""

    KINDS = ((Kind.DISTRICT, "地区薬剤師会"), (Kind.ASSOCIATION, "県薬剤師会"), (Kind.ISSUER, "発出元"))

    q = filters.CharFilter(label="名称・フリガナ・電話・コード", method="by_text")
    kind = filters.ChoiceFilter(label="種類", choices=KINDS, empty_label="薬局")
    district = filters.ModelChoiceFilter(
        label="地区", field_name="parent", queryset=lambda request: tree.districts(), empty_label="すべて"
    )
    tag = filters.ModelChoiceFilter(
        label="区分", field_name="tags", queryset=lambda request: Tag.objects.all(), empty_label="すべて"
    )

    class Meta:
        model = Organisation
        fields: list[str] = []

    def __init__(self, *args: Any, whole: bool, **more: Any) -> None:
        """`whole` offers what only those who see the whole roster can choose."""
        super().__init__(*args, **more)
        if whole:
            self.form.fields["district"].label_from_instance = attrgetter("label")
        else:
            del self.filters["kind"], self.filters["district"]

    def by_text(self, organisations: QuerySet[Organisation], name: str, text: str) -> QuerySet[Organisation]:
        for word in search_words(text):
            organisations = organisations.matching(word)
        return organisations

    def filter_queryset(self, queryset: QuerySet[Organisation]) -> QuerySet[Organisation]:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("kind") else found.filter(kind=Kind.PHARMACY)


class HistoryFilter(filters.FilterSet):
    """Events by what happened, whose business it is, and day."""

    verb = filters.ChoiceFilter(
        label="できごと", choices=sorted(VERBS.items(), key=lambda each: each[1]), empty_label="すべて"
    )
    q = filters.CharFilter(label="団体・薬局", method="by_organisation")
    day = filters.DateFilter(label="日付", field_name="at", lookup_expr="date")

    class Meta:
        model = Event
        fields: list[str] = []

    def by_organisation(self, events: QuerySet[Event], name: str, text: str) -> QuerySet[Event]:
        found = Organisation.objects.all()
        for word in search_words(text):
            found = found.matching(word)
        return events.filter(organisation__in=found.values("pk"))
