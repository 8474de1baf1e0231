"""別経路: what staff post, or send by FAX where there is no gateway, and noting that it was sent.

A delivery of this kind stays 別経路, whoever notes what: nobody but the recipient says that it arrived.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Case, Count, Max, Q, TextField, Value, When
from django.utils import timezone

from members import history
from members.history import Actor
from members.models import Account, Event, Organisation
from members.models.organisation import Channel
from notices.models import Delivery, Receipt, Release
from notices.models.delivery import DeliveryQuerySet
from notices.models.on_behalf import WRITTEN
from notices.models.receipt import Reach, Via, asked_again
from notices.models.release import ReleaseQuerySet

# Papers that are made together in a long file: starting the renderer costs as much as fifty of them.
TOGETHER = 250
DONE = Q(settled_at__isnull=False)
POST = Q(channel=Channel.POST)
# The ways of papers: they are printed, and noted as sent, each by itself.
WAYS = (Channel.POST, Channel.FAX)


@dataclass(frozen=True)
class Pile:
    """The papers for a district and its pharmacies: still to be posted or sent by FAX, and noted as sent.

    `newest` is the last delivery that was counted: what comes later is not on this pile.
    """

    district: Organisation
    post: int
    fax: int
    posted: int
    faxed: int
    newest: int

    @property
    def left(self) -> int:
        return self.post + self.fax

    @property
    def done(self) -> int:
        return self.posted + self.faxed

    def left_by(self, way: Channel) -> int:
        """How many are still to go that way."""
        return self.post if way == Channel.POST else self.fax

    def done_by(self, way: Channel) -> int:
        """How many went that way, as noted."""
        return self.posted if way == Channel.POST else self.faxed


@dataclass(frozen=True)
class Stack:
    """The papers of a release that are still to be posted, and to be sent by FAX."""

    release: Release
    post: int
    fax: int

    @property
    def left(self) -> int:
        return self.post + self.fax


@dataclass(frozen=True)
class Note:
    """Papers that were noted as sent at one moment; `by` is who noted it."""

    at: dt.datetime
    districts: list[str]
    post: int
    fax: int
    by: Account | None


def sent(receipts: Iterable[Receipt]) -> dict[int, Delivery]:
    """By receipt, of those to which papers go: the last that were noted as sent."""
    keys = [receipt.pk for receipt in receipts if receipt.reach == Reach.OTHER]
    found = Delivery.objects.filter(receipt__in=keys, state=Delivery.State.OTHER).filter(DONE).order_by("settled_at")
    return {delivery.receipt_id: delivery for delivery in found}


def of(release: Release) -> DeliveryQuerySet:
    """The deliveries of a release that go by hand."""
    return Delivery.objects.filter(receipt__release=release, state=Delivery.State.OTHER)


# Whoever answered on its page or on paper has the letter; whoever was only spoken to by telephone has not.
ON_PAPER = Q(receipt__confirmed_via__in=WRITTEN)
WITHOUT_LETTER = Q(receipt__confirmed_at=None) | Q(receipt__confirmed_via=Via.TELEPHONE)
UNSENT = Q(settled_at=None) & WITHOUT_LETTER


def still_open() -> Q:
    """A condition: papers that are still to be sent, to whoever has not got the letter, nor a 再周知 of it."""
    return UNSENT & ~asked_again("receipt__")


def left(release: Release) -> int:
    """How many papers are still to be sent."""
    return of(release).filter(still_open()).count()


def waiting(releases: ReleaseQuerySet) -> list[Stack]:
    """Of these releases those whose papers wait to be sent, the oldest first; of one that goes out no more none do."""
    going = releases.filter(superseded_by=None).exclude(state=Release.State.STOPPED)
    papers = Delivery.objects.filter(release__in=going, state=Delivery.State.OTHER).filter(still_open())
    by_way = {"post": Count("pk", filter=POST), "fax": Count("pk", filter=~POST)}
    rows = papers.order_by().values("release").annotate(**by_way)
    counts = {row.pop("release"): row for row in rows}
    related = going.select_related("notice", "passed_on_by").prefetch_related("notice__numbers")
    return [
        Stack(release, **counts[release.pk]) for release in related.filter(pk__in=counts).order_by("released_at", "pk")
    ]


def piles(release: Release) -> list[Pile]:
    """One for each district that has papers, in the order of the roster."""
    counts = {
        "post": Count("pk", filter=still_open() & POST),
        "fax": Count("pk", filter=still_open() & ~POST),
        "posted": Count("pk", filter=DONE & POST),
        "faxed": Count("pk", filter=DONE & ~POST),
        "newest": Max("pk"),
    }
    rows = {
        row.pop("receipt__district"): row
        for row in of(release).order_by().values("receipt__district").annotate(**counts)
    }
    districts = Organisation.objects.filter(pk__in=rows).order_by("position", "pk")
    found = [Pile(district, **rows[district.pk]) for district in districts]
    return [pile for pile in found if pile.left or pile.done]


def notes(release: Release) -> list[Note]:
    """What was noted, the latest first."""
    events = Event.objects.filter(verb="release.papers_sent", subject_kind="release", subject_id=release.pk)
    who = {event.detail["at"]: event.account for event in events.select_related("account")}
    rows = (
        of(release)
        .filter(DONE)
        .values_list("settled_at", "receipt__district__name", "receipt__district__short_name", "channel")
        .annotate(count=Count("pk"))
        .order_by("-settled_at", "receipt__district__position", "receipt__district")
    )
    found: dict[dt.datetime, dict[str, int]] = {}
    names: dict[dt.datetime, dict[str, None]] = {}
    for at, name, short_name, channel, count in rows:
        tally = found.setdefault(at, {"post": 0, "fax": 0})
        tally["post" if channel == Channel.POST else "fax"] += count
        names.setdefault(at, {})[short_name or name] = None
    return [Note(at, list(names[at]), by=who.get(at.isoformat()), **tally) for at, tally in found.items()]


def needless(release: Release) -> int:
    """How many papers nobody has to send any more: those they are for have answered with the letter before them."""
    return of(release).filter(settled_at=None).exclude(WITHOUT_LETTER).count()


def papers(release: Release, district: Organisation | None, channel: str = "", *, again: bool = False) -> list[int]:
    """What one file holds: of a district (of all) what is left to send, or `again` what was noted, by roster.

    `channel`: only what goes by post, or only by FAX.
    """
    found = _narrowed(of(release).filter(DONE if again else still_open()), district, channel)
    order = ("receipt__district__position", "receipt__district", "receipt__audience", "receipt__organisation__position")
    return list(found.order_by(*order, "pk").values_list("pk", flat=True))


def _narrowed(papers: DeliveryQuerySet, district: Organisation | None, channel: str) -> DeliveryQuerySet:
    """Those of a district (of all), over a channel (over any)."""
    if district is not None:
        papers = papers.filter(receipt__district=district)
    return papers.filter(channel=channel) if channel else papers


def batches(keys: Sequence[int]) -> Iterator[list[Delivery]]:
    """These deliveries in their order, as many at once as are made together."""
    related = ("receipt__organisation", "receipt__release__notice")
    for start in range(0, len(keys), TOGETHER):
        together = keys[start : start + TOGETHER]
        found = Delivery.objects.select_related(*related).in_bulk(together)
        yield [found[key] for key in together if key in found]


# Noting ---------------------------------------------------------------------------------------------------------------


@transaction.atomic
def note_sent(
    release: Release,
    actor: Actor,
    district: Organisation | None,
    newest: int,
    now: dt.datetime | None = None,
    *,
    channel: str = "",
) -> int:
    """Note the papers of a district (of all), up to the delivery `newest`, as sent today; gives how many are new.

    `channel`: only what goes by post, or only by FAX. What came back before anybody noted it was sent, too.
    """
    unnoted = of(release).filter(still_open() | Q(ON_PAPER, settled_at=None), pk__lte=newest)
    left = _narrowed(unnoted, district, channel)
    now = now or timezone.now()
    today = timezone.localdate(now)
    words = [When(channel=channel, then=Value(f"{today.month}/{today.day} {channel.label}")) for channel in Channel]
    noted = left.update(settled_at=now, outcome=Case(*words, output_field=TextField()))
    if noted:
        history.record(
            "release.papers_sent", release, actor=actor, organisation=district, count=noted, at=now.isoformat()
        )
    return noted


@transaction.atomic
def take_back(release: Release, actor: Actor, at: dt.datetime) -> int:
    """What was noted at that moment was not sent after all; gives how many papers are left to send again."""
    left = of(release).filter(settled_at=at).update(settled_at=None, outcome="")
    if left:
        history.record("release.papers_not_sent", release, actor=actor, count=left, at=at.isoformat())
    return left
