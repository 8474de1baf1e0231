"""How the archive of notices is narrowed."""

from typing import Any

import django_filters as filters
from django.db.models import Exists, Max, Min, OuterRef, QuerySet

from members import wareki
from members.models import Organisation
from notices.models import Approval, Notice, Receipt, Release
from notices.succession import successors


def fiscal_years() -> list[tuple[int, str]]:
    """The 年度 of all notices, the latest first, as choices."""
    span = Notice.objects.aggregate(first=Min("date"), last=Max("date"))
    if not span["last"]:
        return []
    years = range(wareki.fiscal_year(span["last"]), wareki.fiscal_year(span["first"]) - 1, -1)
    return [(year, wareki.fiscal_year_label(year)) for year in years]


def issuers(request: Any) -> QuerySet[Organisation]:
    """Everybody who issued a notice, the association first, then by name."""
    return Organisation.objects.filter(pk__in=Notice.objects.values("issuers__organisation")).order_by("kind", "name")


def kinds() -> list[tuple[str, str]]:
    """The kinds of all notices (通知, 事務連絡 …) as choices."""
    found = Notice.objects.order_by("kind").values_list("kind", flat=True).distinct()
    return [(kind, kind) for kind in found]


# What stands in the place of a released notice.
SUPERSEDED = {"corrected": "訂正済", "withdrawn": "廃止済"}
# A draft is one also while its approval is asked for or given, a released notice while another stands in its place.
STATES = [
    *Notice.State.choices[:2],
    *((state.value, state.label) for state in Approval.STANDING),
    *Notice.State.choices[2:],
    *SUPERSEDED.items(),
]


def _superseded(badge: str) -> list[int]:
    """The notices that bear this badge, since a correction or a withdrawal stands in their place."""
    ended = Release.objects.filter(superseded_by__isnull=False).order_by().values_list("notice", flat=True)
    return [notice for notice, by in successors(ended).items() if by.badge == badge]


class NoticeFilter(filters.FilterSet):
    """The archive: by state, kind, 年度, issuer and the district to which a notice was released.

    `q` is searched by the page (`notices.search`), which shows what it finds in another way.
    """

    q = filters.CharFilter(label="番号・件名・本文・別添の言葉", method="elsewhere")
    state = filters.ChoiceFilter(label="状態", choices=STATES, method="by_state", empty_label="すべて")
    year = filters.ChoiceFilter(label="年度", choices=fiscal_years, method="by_year", empty_label="すべて")
    kind = filters.ChoiceFilter(label="種別", choices=kinds, empty_label="すべて")
    issuer = filters.ModelChoiceFilter(label="発出元", queryset=issuers, method="by_issuer", empty_label="すべて")
    district = filters.ModelChoiceFilter(
        label="宛先の地区", queryset=Organisation.objects.districts(), method="to_district", empty_label="すべて"
    )

    class Meta:
        model = Notice
        fields: list[str] = []

    @property
    def narrows(self) -> bool:
        """Whether anything but a word was chosen."""
        return bool(set(self.form.changed_data) - {"q"})

    def elsewhere(self, notices: QuerySet[Notice], name: str, text: str) -> QuerySet[Notice]:
        return notices

    def to_district(self, notices: QuerySet[Notice], name: str, district: Organisation) -> QuerySet[Notice]:
        return notices.filter(Exists(Receipt.objects.filter(release__notice=OuterRef("pk"), district=district)))

    def by_state(self, notices: QuerySet[Notice], name: str, state: str) -> QuerySet[Notice]:
        if state in SUPERSEDED:
            return notices.filter(pk__in=_superseded(state))
        if state not in Approval.STANDING:
            return notices.filter(state=state)
        return notices.filter(state=Notice.State.DRAFT, pk__in=Approval.objects.filter(state=state).values("notice"))

    def by_year(self, notices: QuerySet[Notice], name: str, year: str) -> QuerySet[Notice]:
        return notices.filter(date__range=wareki.fiscal_year_days(int(year)))

    def by_issuer(self, notices: QuerySet[Notice], name: str, issuer: Organisation) -> QuerySet[Notice]:
        return notices.filter(pk__in=issuer.issued.values("notice"))
