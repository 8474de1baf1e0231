"""The chair's desk: the notices of a district, and its pharmacies with those to telephone first."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When

from members.models import Officer, Organisation
from members.models.officer import Office
from members.models.task import RETURNED, TaskQuerySet
from notices import hops, succession
from notices.boards import progress, standing
from notices.boards.progress import Tally
from notices.models import Receipt, Release
from notices.models.receipt import Reach, ReceiptQuerySet, current

UNREACHED_FIRST = Case(
    When(reach=Reach.FAILED, then=Value(0)),
    When(reach__in=[Reach.OTHER, Reach.STOPPED], then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


class Show(StrEnum):
    """Which of its pharmacies a chair looks at."""

    CALL = "call"
    UNCONFIRMED = "unconfirmed"
    STUCK = "stuck"
    UNDER_WAY = "under_way"
    UNREACHED = "unreached"
    ALL = "all"


@dataclass(frozen=True)
class Tab:
    """One choice of pharmacies with their number; `presses` where the number wants to be seen."""

    show: Show
    word: str
    number: int
    presses: bool = False


def notices_of(district: Organisation) -> ReceiptQuerySet:
    """What was released to the district itself, `with_deadline`: what it has not confirmed first, then the latest."""
    waits = When(current(), confirmed_at=None, then=Value(0))
    pending = Case(waits, default=Value(1), output_field=IntegerField())
    return (
        hops.with_deadline(Receipt.objects.districts().filter(organisation=district))
        .select_related("release__notice")
        .prefetch_related("release__notice__numbers")
        .order_by(pending, "-release__released_at", "-pk")
    )


def found_in(receipts: QuerySet[Receipt], notices: QuerySet) -> QuerySet[Receipt]:
    """Those of which the notice, or the letter by which a district has passed it on, is among these notices."""
    letters = Release.objects.filter(passes_on=OuterRef("release"), notice__in=notices).order_by()
    return receipts.filter(Q(release__notice__in=notices) | Exists(letters))


def pending(receipts: ReceiptQuerySet) -> ReceiptQuerySet:
    """Those that wait for 受領確認: in whose place another notice stands, nobody does."""
    return receipts.current().unconfirmed()


@dataclass(frozen=True)
class Asked:
    """How much of its roster a district is asked about: in all, and how many answers were sent back."""

    waiting: int
    returned: int


def asked(visible: TaskQuerySet) -> Asked:
    """What of the tasks that a district sees waits for the district."""
    return Asked(visible.for_district().count(), visible.filter(RETURNED).count())


def tabs(own: Receipt, tally: Tally, to_call: int = 0) -> list[Tab]:
    """What a chair may choose for what the district received; 「困っています」 only where the release tells it.

    First come those `to_call`, where there are any. Of a notice in whose place another stands nobody has to be called,
    nor for it whoever answers a 再周知 of it.
    """
    release = own.release
    everybody = Tab(Show.ALL, "すべて", tally.recipients)
    if succession.successor_of(own):
        return [everybody]
    if not release.asks_confirmation:
        return [everybody, Tab(Show.UNREACHED, "届いていない", tally.failed, presses=True)]
    left = tally - progress.asked_again(release, own.district)
    found = [Tab(Show.CALL, "電話してほしい", to_call, presses=True)] if to_call else []
    found.append(Tab(Show.UNCONFIRMED, "未確認", left.unconfirmed, presses=not to_call))
    if release.help_to_district:
        found.append(Tab(Show.STUCK, "困っている", tally.needs_help, presses=True))
    if release.asks_set_up:
        found.append(Tab(Show.UNDER_WAY, "設定の途中", left.under_way))
    return [*found, everybody]


def shown(tabs: list[Tab], wanted: str | None) -> Show:
    """What is shown of a release: what is wanted, where there is such a tab, else the first."""
    return Show(wanted) if wanted in {tab.show for tab in tabs} else tabs[0].show


def pharmacies(
    release: Release, district: Organisation, show: Show, today: dt.date, to_call: ReceiptQuerySet | None = None
) -> QuerySet[Receipt]:
    """The district's pharmacies, those whom no message reached first, else as the roster had them at the release.

    Each organisation with `manager`, the name of who manages the pharmacy that day, or None. `to_call` are those that
    Show.CALL shows.
    """
    receipts = Receipt.objects.whole(release) if release.through_districts else release.receipts.all()
    if show == Show.CALL and to_call is not None:
        receipts = receipts.filter(pk__in=to_call.order_by().values("pk"))
    # Of those who have not confirmed, none has come further than another.
    stages = [] if show == Show.UNCONFIRMED else [standing.STAGE]
    return (
        _shown(standing.with_marks(receipts.pharmacies().filter(district=district), release), show)
        # A join would read the few districts' letters anew with each pharmacy, and before it takes a page all that the
        # roster of a nation holds; receipts were written in its order.
        .prefetch_related("release", Prefetch("organisation", _with_manager(today)))
        .order_by(*stages, UNREACHED_FIRST, "pk")
    )


def _with_manager(today: dt.date) -> QuerySet[Organisation]:
    """Organisations with `manager`: a pharmacy has one at a time."""
    found = managers(today).filter(organisation=OuterRef("pk"))
    names = found.order_by(F("since").desc(nulls_last=True), "pk").values("name")
    return Organisation.objects.annotate(manager=Subquery(names[:1]))


def uncalled_first(
    pharmacies: Iterable[Receipt], show: Show, calls: Mapping[int, Sequence[tuple[object, dt.datetime]]]
) -> list[Receipt]:
    """Those to be called (every tab but すべて) by their last call: nobody has told the first, the last were just told.

    `calls`: by the receipt, when each was told last in which way (`tracking.calling`).
    """
    if show == Show.ALL:
        return list(pharmacies)
    told = {receipt: max(at for _, at in each) for receipt, each in calls.items()}
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    return sorted(pharmacies, key=lambda receipt: told.get(receipt.pk, never))


def managers(today: dt.date) -> QuerySet[Officer]:
    """The managing pharmacists of that day."""
    return Officer.objects.filter(office=Office.MANAGER).holding(today)


def _shown(receipts: QuerySet[Receipt], show: Show) -> QuerySet[Receipt]:
    match show:
        case Show.UNCONFIRMED:
            return receipts.unconfirmed().filter(asked_again=False)
        case Show.STUCK:
            return receipts.filter(needs_help=True)
        case Show.UNDER_WAY:
            return standing.under_way(receipts).filter(asked_again=False)
        case Show.UNREACHED:
            return receipts.filter(reach=Reach.FAILED)
        case Show.CALL | Show.ALL:
            return receipts
