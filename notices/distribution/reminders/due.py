"""Who is to be reminded of what: looks only, for the task that writes it, the preview and the button.

Reminded is who was reached and has not done what is asked, on a working day, within the hours of sending, once a day,
and of one notice not more often than its plan says. Whoever asked for help is answered by a person.
"""

import datetime as dt
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from members import workdays
from members.models import Task
from members.models.organisation import Channel
from notices import hops
from notices.distribution import pace, recipients
from notices.distribution.recipients import Recipient
from notices.distribution.reminders import days, turns
from notices.distribution.reminders.turns import Turn
from notices.distribution.ways import Way
from notices.models import Delivery, HelpRequest, Mention, Receipt, Release, Reminder, ReminderPlan, Unreminded
from notices.models.receipt import Audience, Reach, ReceiptQuerySet
from notices.models.reminder import about

What = Mention.What

# Why somebody is left out, in the order in which it is looked for: key → words for staff.
LEFT = "left"
RESTS = "rests"
HELP = "help"
STOPPED = "stopped"
UNDER_WAY = "under_way"
UNREACHED = "unreached"
BY_HAND = "by_hand"
MOST = "most"
TODAY = "today"
WHY = {
    LEFT: "退会した",
    RESTS: "発出が一時停止か中止になっている",
    HELP: "「困っています」が開いている（人が答えます）",
    STOPPED: "再通知を止めてある",
    UNDER_WAY: "まだ送っているところ（送り終わると、届いた先を数えます）",
    UNREACHED: "いまの届け先には届かない（届け先を確かめてください）",
    BY_HAND: "FAX・郵送で届ける（手で知らせてください）",
    MOST: "決めた回数まで再通知した",
    TODAY: "その日はもう再通知した",
}

RESTING = (Release.State.PAUSED, Release.State.STOPPED)
# Mostly the first of them may be reminded.
A_FEW = 20


@dataclass(frozen=True)
class Item:
    """One notice in a digest: what is asked of its receipt, or the members on the list for the chair."""

    receipt: Receipt
    what: str = What.ANSWER
    offset: int | None = None
    members: tuple[int, ...] = ()  # receipts


@dataclass(frozen=True)
class Digest:
    """What one organisation is reminded of, the most urgent first, and over which addresses."""

    recipient: Recipient
    ways: list[Way]
    items: list[Item]
    hour: int = 0  # of the day, in Tokyo


@dataclass(frozen=True)
class Looked:
    """A receipt that waits for an answer: how it can be reminded, or the key of why it is not."""

    receipt: Receipt
    recipient: Recipient
    ways: list[Way] = field(default_factory=list)
    left_out: str = ""

    @property
    def words(self) -> str:
        """Why it is left out, for staff."""
        return WHY.get(self.left_out, "")


def due(now: dt.datetime) -> list[Digest]:
    """Who is to be reminded of what at this moment, by the plans of all releases. Nothing on a day of rest.

    What falls on one day goes in one message, at the hour of the earliest plan.
    """
    local = timezone.localtime(now)
    if pace.opens_at(now):
        return []
    return [digest for digest in on(local.date(), local.hour) if digest.hour <= local.hour]


def on(day: dt.date, hour: int = 23) -> list[Digest]:
    """Everybody who is to be reminded on a day, by what is known now; nobody before the earliest hour of its plans."""
    if not workdays.is_workday(day):
        return []
    found = list(turns.on(day))
    if all(turn.plan.hour > hour for turn in found):
        return []
    return _gathered([*_to_answer(found, day), *_lists(found, day)])


def by_hand(release: Release, now: dt.datetime) -> list[Digest]:
    """Who would be reminded of this one release now, because staff press the button."""
    if not workdays.is_workday(timezone.localdate(now)) or pace.opens_at(now):
        return []
    looked = look(Receipt.objects.whole(release), timezone.localdate(now), _most(release))
    return [Digest(each.recipient, each.ways, [Item(each.receipt)]) for each in looked if not each.left_out]


def waiting(release: Release, day: dt.date) -> list[Looked]:
    """Everybody of a release who has not answered, each with how or why not, as of that day."""
    return look(Receipt.objects.whole(release), day, _most(release))


def is_anybody_left(release: Release) -> bool:
    """Whether anybody who still belongs to the association has to be asked by this release itself."""
    return _asked(Receipt.objects.whole(release)).filter(organisation__left_on=None).exists()


def is_anybody_open(release: Release, day: dt.date) -> bool:
    """Whether anybody may be reminded of it by hand on that day.

    Whether an address works is seen only once its recipient is loaded: a few are at a time, until one may.
    """
    most, last = _most(release), 0
    found = _open(_with_facts(_asked(Receipt.objects.whole(release)), day), most).order_by("pk")
    while some := list(found.filter(pk__gt=last)[:A_FEW]):
        if any(not _judged(receipt, most).left_out for receipt in some):
            return True
        last = some[-1].pk
    return False


def _asked(receipts: ReceiptQuerySet) -> ReceiptQuerySet:
    return receipts.unanswered().exclude(_told_past_the_chair())


def look(receipts: ReceiptQuerySet, day: dt.date, most: int, *, only_open: bool = False) -> list[Looked]:
    """Those of the receipts whose recipients have not done what is asked; `most` reminders of each are enough.

    `only_open` leaves most of those out that cannot be reminded, without loading them.
    """
    found = _with_facts(_asked(receipts), day)
    return [_judged(receipt, most) for receipt in (_open(found, most) if only_open else found)]


def _open(found: ReceiptQuerySet, most: int) -> ReceiptQuerySet:
    """What `_reasons` says, as far as the database knows it: who is left out is looked at each minute of the day."""
    return found.filter(
        organisation__left_on=None,
        reach=Reach.SENT,
        asks_help=False,
        stopped_for=False,
        under_way=False,
        reminded_that_day=False,
        reminders__lt=most,
    ).exclude(release__state__in=RESTING)


def _most(release: Release) -> int:
    plan = ReminderPlan.objects.filter(release=release).first()
    return plan.most if plan else settings.REMINDERS_MOST


def _to_answer(found: Collection[Turn], day: dt.date) -> Iterator[tuple[Turn, Looked, Item]]:
    for turn in found:
        if turn.what == What.ANSWER:
            receipts = _not_yet(Receipt.objects.filter(release=turn.release), turn)
            for each in look(receipts, day, turn.plan.most, only_open=True):
                if not each.left_out:
                    yield turn, each, Item(each.receipt, What.ANSWER, turn.offset)


def _lists(found: Collection[Turn], day: dt.date) -> Iterator[tuple[Turn, Looked, Item]]:
    """The lists for chairs whose members are left. They go by mail only: other chairs are `to_call`."""
    for turn in found:
        chairs = list(_open(_with_facts(_to_tell([turn]), day), most=sys.maxsize))
        left = members_left(turn.release) if chairs else {}
        for receipt in chairs:
            each = _judged(receipt, most=sys.maxsize)
            if each.left_out or each.ways[0].channel != Channel.EMAIL:
                continue
            if members := tuple(member.pk for member in left.get(receipt.organisation_id, ())):
                yield turn, each, Item(receipt, What.MEMBERS, turn.offset, members)


def to_call(day: dt.date) -> list[Receipt]:
    """会長に電話依頼: districts that would get the list of their members left, but whom no mail reaches.

    A FAX has no room for a list. They stand here for the week in which a list may go.
    """
    found = []
    for receipt in _with_facts(_to_tell(turns.on(day)), day).prefetch_related("release__notice__numbers"):
        each = _judged(receipt, most=sys.maxsize)
        by_paper = not each.left_out and each.ways[0].channel != Channel.EMAIL
        if by_paper or (each.left_out in (BY_HAND, UNREACHED) and not receipt.under_way):
            found.append(receipt)
    return found


def _to_tell(found: Iterable[Turn]) -> ReceiptQuerySet:
    """The districts whose members are left, on a day for the lists, and whose chairs have none yet."""
    releases = [turn.release for turn in found if turn.what == What.MEMBERS]
    listed_on = OuterRef("release__reminder_plan__chairs_on")
    listed = Mention.objects.filter(receipt=OuterRef("pk"), what=What.MEMBERS, offset=listed_on)
    districts = Receipt.objects.districts().filter(~Exists(listed), release__in=releases)
    if not releases or not districts.exists():  # as on most days
        return districts.none()
    own = OuterRef(OuterRef("release"))
    whole = Release.objects.filter(Q(pk=own) | Q(passes_on=own)).order_by()
    members = _members_left(Receipt.objects.filter(release__in=whole.values("pk"), district=OuterRef("district")))
    return districts.filter(Exists(members.order_by()))


def _not_yet(receipts: ReceiptQuerySet, turn: Turn) -> ReceiptQuerySet:
    """Without those for whom this day of the plan was done: CLOSED_DAYS may have changed since."""
    done = Mention.objects.filter(receipt=OuterRef("pk"), what=turn.what, offset=turn.offset)
    return receipts.exclude(Exists(done))


def members_left(release: Release) -> dict[int, list[Receipt]]:
    """By district: the members who have not answered a release, for their chair to call.

    Who asked for help is called by staff; a member that moved is not shown to the district it has left.
    """
    left = defaultdict(list)
    found = _members_left(Receipt.objects.whole(release)).select_related("organisation")
    for receipt in found.order_by("organisation__position", "pk"):
        left[receipt.district_id].append(receipt)
    return left


def _members_left(receipts: ReceiptQuerySet) -> ReceiptQuerySet:
    asked = HelpRequest.objects.filter(about(), closed_at=None)
    return still_members(receipts).exclude(Exists(asked))


def still_members(receipts: ReceiptQuerySet) -> ReceiptQuerySet:
    """Pharmacies that have not answered, without those that have left, or moved to another district."""
    return receipts.pharmacies().unanswered().filter(organisation__left_on=None, organisation__parent=F("district"))


def _gathered(found: Iterable[tuple[Turn, Looked, Item]]) -> list[Digest]:
    """One digest an organisation, at the hour of its earliest plan; the earliest deadline first, lists behind."""
    digests: dict[int, Digest] = {}
    for turn, each, item in found:
        key = each.receipt.organisation_id
        if key not in digests:
            digests[key] = Digest(each.recipient, each.ways, [item], turn.plan.hour)
            continue
        there = digests[key]
        digests[key] = Digest(there.recipient, there.ways, [*there.items, item], min(there.hour, turn.plan.hour))
    for digest in digests.values():
        digest.items.sort(key=_urgency)
    return list(digests.values())


def _urgency(item: Item) -> tuple:
    release = item.receipt.release
    return item.what == What.MEMBERS, not days.counts_from_deadline(release), release.counted_from, release.pk


def _told_past_the_chair() -> Q:
    """Districts that have received what they were to pass on, and for whom staff have told the members themselves."""
    own = Receipt.objects.filter(pk=OuterRef("pk"))
    return Q(
        ~Exists(hops.waiting(own)),
        audience=Audience.DISTRICT,
        release__through_districts=True,
        confirmed_at__isnull=False,
    )


def _with_facts(receipts: ReceiptQuerySet, day: dt.date) -> ReceiptQuerySet:
    """With everything that `_judged` looks at, in a few queries for all of them."""
    own = OuterRef("pk")
    # A chair's own words use up nothing of the plan.
    said = Mention.objects.said().filter(receipt=own, what=What.ANSWER, reminder__message=None)
    reminded = said.order_by().values("receipt")
    found = receipts.annotate(
        asks_help=Exists(HelpRequest.objects.filter(about(), closed_at=None)),
        under_way=Exists(Delivery.objects.unfinished().filter(receipt=own)),
        stopped_for=Exists(Unreminded.objects.filter(about())),
        reminded_that_day=Exists(Reminder.objects.filter(organisation=OuterRef("organisation"), day=day)),
        reminders=Coalesce(Subquery(reminded.annotate(number=Count("pk")).values("number")), 0),
    )
    return (
        recipients.with_ways(found)
        .select_related("release__notice", "release__passes_on", "organisation")
        .prefetch_related(Prefetch("organisation__tasks", Task.objects.still_open(), to_attr="open_tasks"))
        .order_by("district__position", "district", "audience", "organisation__position", "pk")
    )


def _judged(receipt: Receipt, most: int) -> Looked:
    recipient = recipients.recipient(receipt.organisation)
    ways = _good_ways(recipient)
    left_out = next((why for why, holds in _reasons(receipt, ways, most) if holds), "")
    return Looked(receipt, recipient, ways, left_out)


def _reasons(receipt: Receipt, ways: list[Way], most: int) -> Iterator[tuple[str, bool]]:
    yield LEFT, receipt.organisation.left_on is not None
    yield RESTS, receipt.release.state in RESTING
    yield HELP, receipt.asks_help
    yield STOPPED, receipt.stopped_for
    yield BY_HAND, receipt.reach == Reach.OTHER
    yield UNDER_WAY, receipt.reach == Reach.WAITING or receipt.under_way
    yield UNREACHED, receipt.reach != Reach.SENT or not ways
    yield BY_HAND, any(way.by_hand for way in ways)
    yield TODAY, receipt.reminded_that_day
    yield MOST, receipt.reminders >= most


def _good_ways(recipient: Recipient) -> list[Way]:
    """The ways of today's roster, without addresses that reach nobody as far as anybody knows."""
    bad = {(task.channel, task.address.lower()) for task in recipient.organisation.open_tasks}
    return [way for way in recipient.ways if (way.channel, way.address.lower()) not in bad]
