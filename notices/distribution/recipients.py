"""宛先: whom a release is for, by which way each is reached, and the rows that promise it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from members import tree
from members.models import Mailbox, Officer, Organisation
from members.models.officer import Office
from members.models.organisation import Channel, Kind, OrganisationQuerySet
from notices import follow_ups, succession
from notices.distribution import gathering, reach, superseding
from notices.distribution.ways import Way, over, ways
from notices.models import Delivery, Notice, Receipt, Relation, Release
from notices.models.receipt import Audience, Reach, ReceiptQuerySet

NO_ADDRESS = "届け先なし"
# Rows written by one statement.
ROWS_AT_ONCE = 1000
# What has been done that a notice asks for.
SETTLED = {
    Release.Ask.INFORM: Q(reach=Reach.SENT),
    Release.Ask.CONFIRM: Q(confirmed_at__isnull=False),
    Release.Ask.SET_UP: Q(finished_at__isnull=False) | Q(not_applicable_at__isnull=False),
}


@dataclass(frozen=True)
class Recipient:
    """An organisation that a release is for, with its district and the e-mail addresses that may be used."""

    organisation: Organisation
    district_id: int
    audience: Audience
    mailboxes: list[str]

    @cached_property
    def ways(self) -> list[Way]:
        """How it is reached; without any way it is 届け先なし."""
        return ways(self.organisation, self.mailboxes)

    def over(self, channel: Channel) -> list[Way]:
        """Its ways over one channel."""
        return over(channel, self.organisation, self.mailboxes)

    @property
    def reach(self) -> Reach:
        """The reach at the moment of release."""
        if not self.ways:
            return Reach.FAILED
        return Reach.OTHER if self.ways[0].by_hand else Reach.WAITING


def chosen(release: Release) -> tuple[OrganisationQuerySet, OrganisationQuerySet]:
    """Pharmacies and districts that the release is for, by today's roster, in its order.

    A district is a recipient when any of its pharmacies is; every district where the release is for all. A withdrawal
    is for those of the old letter only, a correction for these and for whom its choice adds. Through districts it is
    for those of them alone that have anybody to tell, and a district's letter for its members.
    """
    if release.passes_on_id:
        return members(release.passes_on, release.passed_on_by), Organisation.objects.none()
    pharmacies, districts = concerned(release)
    if release.through_districts:
        return _told_directly(release), districts.filter(pk__in=pharmacies.order_by().values("parent"))
    return pharmacies, districts


def members(release: Release, district: Organisation) -> OrganisationQuerySet:
    """To whom a district passes a release on: its pharmacies that it concerns, but those that have it by another way.

    These are whom the association has told itself, and who had it from another district before they moved.
    """
    return untold(release).filter(parent=district)


def untold(release: Release) -> OrganisationQuerySet:
    """The pharmacies that the release concerns today and that have it neither by itself nor by a district's letter."""
    pharmacies, _ = concerned(release)
    having = Receipt.objects.whole(release).order_by().values("organisation")
    return pharmacies.exclude(pk__in=having)


def waiting_for_districts(notice: Notice | None) -> int:
    """How many pharmacies wait for their district's letter of a released notice, if it goes that way."""
    return untold(notice.release).count() if notice and notice.release.through_districts else 0


def _told_directly(release: Release) -> OrganisationQuerySet:
    """The pharmacies of a release through districts: those to whom the association itself sent what it corrects."""
    relation = succession.superseding(release.notice_id)
    if relation is None:
        return Organisation.objects.none()
    had = Receipt.objects.pharmacies().filter(release=relation.target.release)
    return Organisation.objects.pharmacies().filter(pk__in=had.order_by().values("organisation"))


def concerned(release: Release) -> tuple[OrganisationQuerySet, OrganisationQuerySet]:
    """The pharmacies that the release concerns, whoever tells them, and their districts."""
    relation = succession.superseding(release.notice_id)
    if relation is None:
        return _by_choice(release)
    told = Q(pk__in=superseding.told(relation).values("organisation"))
    pharmacies, districts = Organisation.objects.pharmacies(), tree.districts()
    if relation.kind == Relation.Kind.WITHDRAWS:
        return pharmacies.filter(told), districts.filter(told)
    more_pharmacies, more_districts = _by_choice(release)
    return (
        pharmacies.filter(told | Q(pk__in=more_pharmacies.values("pk"))),
        districts.filter(told | Q(pk__in=more_districts.values("pk"))),
    )


def count(release: Release) -> int:
    """How many it reaches: its recipients, and through the districts the members of these."""
    return sum(each.count() for each in (concerned(release) if release.through_districts else chosen(release)))


def in_words(release: Release) -> str:
    """How many pharmacies and districts that are; of what was released those to which it went."""
    found: tuple[QuerySet, QuerySet] = chosen(release)
    if release.state != Release.State.PREPARED:
        found = release.receipts.pharmacies(), release.receipts.districts()
    pharmacies, districts = (each.count() for each in found)
    directly = f"{pharmacies:,} 薬局・{districts:,} 地区"
    if not release.through_districts:
        return directly
    # Besides the districts the association itself writes to nobody, mostly.
    directly = directly if pharmacies else f"{districts:,} 地区"
    return f"{directly}（地区を通して {_members_to_come(release):,} 薬局）"


def _members_to_come(release: Release) -> int:
    """How many pharmacies the release reaches by their districts' letters, by today's roster."""
    pharmacies, directly = concerned(release)[0], _told_directly(release)
    return pharmacies.exclude(pk__in=directly.order_by().values("pk")).count()


def _by_choice(release: Release) -> tuple[OrganisationQuerySet, OrganisationQuerySet]:
    pharmacies = Organisation.objects.pharmacies().current()
    districts = tree.districts().current()
    if release.scope == Release.Scope.DISTRICTS:
        pharmacies = tree.pharmacies_in(release.districts.all()).current()
    elif release.scope == Release.Scope.TAGS:
        tagged = Organisation.objects.filter(tags__in=release.tags.all())
        pharmacies = pharmacies.filter(pk__in=tagged.values("pk"))
    elif release.scope == Release.Scope.OPEN:
        pharmacies = still_open(release.notice_id)
    if release.scope != Release.Scope.ALL:
        districts = tree.districts_over(pharmacies).current()
    return pharmacies, districts


def still_open(notice_id: int) -> OrganisationQuerySet:
    """Whom a 再周知 is for: who has not done what the earlier notice asks, those included who never got it.

    What it asks is 完了 or 対象外 where there are steps, else 確認; of an お知らせ it is enough to have it. Whoever got
    another 再周知 of it answers that.
    """
    earlier = follow_ups.followed_up(notice_id)
    if earlier is None:
        return Organisation.objects.none()
    pharmacies, _ = concerned(earlier.release)
    receipts = Receipt.objects.whole(earlier.release).pharmacies().order_by()
    meant = Q(pk__in=pharmacies.values("pk")) | Q(pk__in=receipts.values("organisation"))
    settled = receipts.filter(SETTLED[earlier.release.ask])
    others = Receipt.objects.taking_over().filter(carried_from__in=receipts)
    others = others.exclude(release__notice=notice_id).exclude(release__passes_on__notice=notice_id)
    found = Organisation.objects.pharmacies().current().filter(meant).exclude(pk__in=settled.values("organisation"))
    return found.exclude(pk__in=others.order_by().values("organisation"))


def plan(release: Release, today: dt.date | None = None) -> list[Recipient]:
    """Every recipient with its ways, districts first, each in the order of the roster."""
    pharmacies, districts = chosen(release)
    return of(pharmacies, districts, today)


def of(
    pharmacies: OrganisationQuerySet, districts: OrganisationQuerySet, today: dt.date | None = None
) -> list[Recipient]:
    """These organisations as recipients, with the ways that the roster has for them at this moment."""
    return [
        *(recipient(district) for district in districts.prefetch_related(_mailboxes(), _chairs(today))),
        *(recipient(pharmacy) for pharmacy in pharmacies.prefetch_related(_mailboxes())),
    ]


def with_ways(receipts: ReceiptQuerySet) -> ReceiptQuerySet:
    """Receipts with what `recipient` reads of their organisations."""
    place = "organisation__"
    return receipts.select_related("organisation").prefetch_related(_mailboxes(place), _chairs(place=place))


def _mailboxes(place: str = "") -> Prefetch:
    return Prefetch(f"{place}mailboxes", Mailbox.objects.filter(usable=True), to_attr="usable_mailboxes")


def _chairs(today: dt.date | None = None, place: str = "") -> Prefetch:
    holding = Officer.objects.filter(office=Office.CHAIR).holding(today or timezone.localdate()).exclude(email="")
    return Prefetch(f"{place}officers", holding.order_by("-since", "-id"), to_attr="chairs")


def recipient(organisation: Organisation) -> Recipient:
    """An organisation of the roster as a recipient, with the addresses that were fetched for it.

    The letter is addressed to a district's chair: the holder's own address comes before the district's mailboxes.
    """
    is_district = organisation.kind == Kind.DISTRICT
    own = [chair.email for chair in organisation.chairs[:1]] if is_district else []
    return Recipient(
        organisation,
        organisation.pk if is_district else organisation.parent_id,
        Audience.DISTRICT if is_district else Audience.PHARMACY,
        own or [mailbox.address for mailbox in organisation.usable_mailboxes],
    )


def write(release: Release) -> list[Receipt]:
    """Fix the recipients: a receipt each and a delivery per address.

    Belongs into the transaction of the release; what the roster says later no longer matters to it.
    """
    return add(release, plan(release))


def add(release: Release, recipients: list[Recipient]) -> list[Receipt]:
    """Receipts and deliveries for these, in the transaction of the caller, who rings the outbox."""
    receipts = Receipt.objects.bulk_create((_receipt(release, each) for each in recipients), ROWS_AT_ONCE)
    Delivery.objects.bulk_create(_deliveries(zip(receipts, recipients, strict=True)), ROWS_AT_ONCE)
    return receipts


def _receipt(release: Release, recipient: Recipient) -> Receipt:
    return Receipt(
        release=release,
        organisation=recipient.organisation,
        district_id=recipient.district_id,
        audience=recipient.audience,
        reach=recipient.reach,
        reach_reason="" if recipient.ways else NO_ADDRESS,
    )


def _deliveries(rows: Iterable[tuple[Receipt, Recipient]]) -> list[Delivery]:
    return [_delivery(receipt, way) for receipt, recipient in rows for way in recipient.ways]


def _delivery(receipt: Receipt, way: Way) -> Delivery:
    delivery = Delivery(
        receipt=receipt,
        release_id=receipt.release_id,
        channel=way.channel,
        address=way.address,
        state=way.state,
    )
    if receipt.release.is_gathered and way.channel == Channel.EMAIL:
        delivery.due_at = gathering.next_hour(receipt.release.gathers, timezone.now())
    return delivery


def mailable(organisation: Organisation) -> list[str]:
    """The e-mail addresses at which an organisation may be written to; none once it has left."""
    if organisation.left_on:
        return []
    return list(organisation.mailboxes.filter(usable=True).values_list("address", flat=True))


def answered(receipt: Receipt) -> list[str]:
    """A mail to the pharmacy that its question was answered; gives the addresses. One on its way says it of all.

    Like a reminder it counts for the receipt's reach once it was sent. Belongs into the caller's transaction; the
    caller rings the outbox.
    """
    addresses = mailable(receipt.organisation)
    for address in addresses:
        mail = {"receipt": receipt, "purpose": Delivery.Purpose.ANSWER, "channel": Channel.EMAIL, "address": address}
        Delivery.objects.get_or_create(state__in=[Delivery.State.WAITING, Delivery.State.SENDING], **mail)
    return addresses


def again(receipt: Receipt, address: str) -> Delivery:
    """One more mail to the receipt with a new personal address, as somebody asked for it.

    Belongs into the caller's transaction; the caller rings the outbox.
    """
    delivery = Delivery.objects.create(
        receipt=receipt, purpose=Delivery.Purpose.AGAIN, channel=Channel.EMAIL, address=address
    )
    reach.renew(receipt)
    return delivery
