"""Filters of the roster, of its tasks and of the history; all of them stay in the address."""

from operator import attrgetter
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.forms import BooleanField

from members import access, tree
from members.forms.dates import WarekiDateField
from members.history import VERBS
from members.models import Account, Capacity, Event, Organisation, Tag, Task
from members.models.account import Role
from members.models.organisation import Channel, Kind
from members.models.task import ANSWERED, RETURNED, WAITING
from members.models.task import CLOSED as CLOSED_TASK
from members.names import search_key, search_words
from members.roster import finding


class TickFilter(filters.Filter):
    """A box to tick. Left alone it is no condition that could be cleared."""

    field_class = BooleanField


class DayFilter(filters.Filter):
    """The day of a moment, typed in any form in which the office writes days."""

    field_class = WarekiDateField


class DirectoryFilter(filters.FilterSet):
    """Organisations by what their page tells, kind, district and tag; pharmacies where no kind is chosen."""

    KINDS = ((Kind.DISTRICT, "地区薬剤師会"), (Kind.ASSOCIATION, "県薬剤師会"), (Kind.ISSUER, "発出元"))

    q = filters.CharFilter(label="名称・電話・氏名・住所など", method="by_text")
    kind = filters.ChoiceFilter(label="種類", choices=KINDS, empty_label="薬局")
    district = filters.ModelChoiceFilter(
        label="地区", field_name="parent", queryset=lambda request: tree.districts(), empty_label="すべて"
    )
    tag = filters.ModelChoiceFilter(
        label="区分", field_name="tags", queryset=lambda request: Tag.objects.all(), empty_label="すべて"
    )

    left = TickFilter(label="退会した薬局も", method="with_left")

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
        with_mail = access.can_see_mail_addresses(self.request.capacity)
        return finding.matching(organisations, text, with_mail=with_mail)

    def with_left(self, organisations: QuerySet[Organisation], name: str, chosen: bool) -> QuerySet[Organisation]:
        """Those who left are found only when they are asked for."""
        return organisations if chosen else organisations.filter(left_on=None)

    def filter_queryset(self, queryset: QuerySet[Organisation]) -> QuerySet[Organisation]:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("kind") else found.filter(kind=Kind.PHARMACY)


class TaskFilter(filters.FilterSet):
    """Tasks by organisation, kind, state, district and channel; the open ones where no state is chosen."""

    CLOSED = "closed"
    STATES = {"answered": ANSWERED, "waiting": WAITING, "returned": RETURNED, CLOSED: CLOSED_TASK}
    WORDS = (("answered", "地区から回答あり"), ("waiting", "回答待ち"), ("returned", "差し戻し"), (CLOSED, "済み"))

    q = filters.CharFilter(label="名称・電話", method="by_organisation")
    kind = filters.ChoiceFilter(label="種類", choices=Task.Kind, empty_label="すべて")
    state = filters.ChoiceFilter(label="状態", choices=WORDS, method="by_state", empty_label="済んでいないもの")
    district = filters.ModelChoiceFilter(
        label="地区", queryset=lambda request: tree.districts(), method="by_district", empty_label="全地区"
    )
    channel = filters.ChoiceFilter(label="方法", choices=Channel, empty_label="すべて")

    class Meta:
        model = Task
        fields: list[str] = []

    def __init__(self, *args: Any, whole: bool, **more: Any) -> None:
        """`whole` offers what only those who see every district can choose."""
        super().__init__(*args, **more)
        if whole:
            self.form.fields["district"].label_from_instance = attrgetter("label")
        else:
            del self.filters["district"], self.filters["state"]

    def by_organisation(self, tasks: QuerySet[Task], name: str, text: str) -> QuerySet[Task]:
        found = Organisation.objects.all()
        for word in search_words(text):
            found = found.matching(word)
        return tasks.filter(organisation__in=found.values("pk"))

    def by_state(self, tasks: QuerySet[Task], name: str, state: str) -> QuerySet[Task]:
        return tasks.filter(self.STATES[state])

    def by_district(self, tasks: QuerySet[Task], name: str, district: Organisation) -> QuerySet[Task]:
        return tasks.filter(Q(organisation=district) | Q(organisation__parent=district))

    def filter_queryset(self, queryset: QuerySet[Task]) -> QuerySet[Task]:
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(closed_at=None)


class AccountFilter(filters.FilterSet):
    """Accounts by name, address or organisation, role and whether they are disabled."""

    DISABLED = "disabled"

    q = filters.CharFilter(label="氏名・アドレス・団体", method="by_text")
    role = filters.ChoiceFilter(label="役割", choices=Role, method="by_role", empty_label="すべて")
    state = filters.ChoiceFilter(
        label="状態", choices=[("active", "使える"), (DISABLED, "停止中")], method="by_state", empty_label="すべて"
    )

    class Meta:
        model = Account
        fields: list[str] = []

    def by_text(self, accounts: QuerySet[Account], name: str, text: str) -> QuerySet[Account]:
        for word in search_words(text):
            acting = Capacity.objects.standing().filter(organisation__in=Organisation.objects.matching(word))
            of_person = Q(search_key__contains=search_key(word))
            accounts = accounts.filter(of_person | Q(pk__in=acting.values("account")))
        return accounts

    def by_role(self, accounts: QuerySet[Account], name: str, role: str) -> QuerySet[Account]:
        return accounts.filter(pk__in=Capacity.objects.standing().filter(role=role).values("account"))

    def by_state(self, accounts: QuerySet[Account], name: str, state: str) -> QuerySet[Account]:
        return accounts.filter(is_active=state != self.DISABLED)


class HistoryFilter(filters.FilterSet):
    """Events by what happened, whose business it is, and day."""

    verb = filters.ChoiceFilter(
        label="できごと", choices=sorted(VERBS.items(), key=lambda each: each[1]), empty_label="すべて"
    )
    q = filters.CharFilter(label="団体・薬局", method="by_organisation")
    day = DayFilter(label="日付（R6.10.30 など）", field_name="at", lookup_expr="date")

    class Meta:
        model = Event
        fields: list[str] = []

    def by_organisation(self, events: QuerySet[Event], name: str, text: str) -> QuerySet[Event]:
        found = Organisation.objects.all()
        for word in search_words(text):
            found = found.matching(word)
        return events.filter(organisation__in=found.values("pk"))
