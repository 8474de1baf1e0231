"""まとめて送る: mails of お知らせ that wait for one another and go out as one, a day or a week.

Until their hour the messages wait, each by itself. Then those to one organisation's address become one mail: the newest
leads it, the others hang on that (`Delivery.gathered_in`) and share what becomes of it. What falls out of a mail before
it was sent, or hangs on one that does not go out, is gathered anew.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from contextlib import suppress

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import FirstValue, Now
from django.utils import timezone

from members import workdays
from notices.models import Delivery, Release
from notices.models.delivery import CARRIED, TO_GATHER, DeliveryQuerySet

State = Delivery.State
Gathers = Release.Gathers
# What is released later than so long before the hour goes with the next mail: a release takes its time, too.
BEFOREHAND = dt.timedelta(minutes=10)
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
LEAD = """
UPDATE notices_delivery SET gathered_in_id = found.leader
FROM ({due}) AS found
WHERE notices_delivery.id = found.id
"""


def next_hour(gathers: str, now: dt.datetime) -> dt.datetime:
    """When the next mail of the day or of the week goes out: at REMINDER_HOUR of a working day, within SENDING_HOURS.

    A day of rest moves to the next working day.
    """
    day, step = timezone.localdate(now), DAY
    if gathers == Gathers.WEEKLY:
        day, step = day - dt.timedelta(days=(day.weekday() - settings.GATHERING_WEEKDAY) % 7), WEEK
    while (found := _at(day)) <= now + BEFOREHAND:
        day += step
    return found


def _at(day: dt.date) -> dt.datetime:
    with suppress(workdays.AlwaysClosed):  # nothing is kept back for months, whatever the settings say
        day = workdays.on_or_after(day)
    hour = dt.time(settings.REMINDER_HOUR)
    if settings.SENDING_HOURS:
        hour = max(hour, settings.SENDING_HOURS[0])
    return timezone.make_aware(dt.datetime.combine(day, hour))


def first_of(release: Release) -> Delivery | None:
    """Of a release's messages that wait to be gathered the first, to a pharmacy where there is one; else None."""
    if not release.is_gathered:
        return None
    waiting = Delivery.objects.filter(TO_GATHER, release=release).select_related("receipt__organisation")
    return waiting.order_by("due_at", "-receipt__audience", "pk").first()


def gather() -> None:
    """Make mails of what is due. Many may call it at once: one after the other holds the releases."""
    if not (_lost().exists() or _due().exists()):
        return
    with transaction.atomic():
        going = Release.objects.filter(state=Release.State.SENDING).exclude(gathers=Gathers.NOW)
        going = going.order_by("released_at", "pk").select_for_update(no_key=True)
        held = list(going.values_list("pk", flat=True))
        _lost().update(gathered_in=None)
        if not held:
            return
        due = _due().filter(release__in=held)
        due.filter(Exists(_gone_today())).update(due_at=next_hour(Gathers.DAILY, timezone.now()))
        _lead(due)


def _due() -> DeliveryQuerySet:
    going = Release.objects.filter(state=Release.State.SENDING).exclude(gathers=Gathers.NOW)
    return Delivery.objects.filter(TO_GATHER, release__in=going.order_by().values("pk"), due_at__lte=Now())


def _lost() -> DeliveryQuerySet:
    """What waits for a mail that does not go out: it was stopped, rests, or has gone without it."""
    leading = Delivery.objects.unfinished().filter(
        pk=OuterRef("gathered_in"), gathered_in=F("pk"), release__state=Release.State.SENDING
    )
    return Delivery.objects.filter(CARRIED, ~Exists(leading.order_by()), state=State.WAITING)


def _gone_today() -> DeliveryQuerySet:
    """Mails of this day to the same address: what was resumed or fell out waits for the next."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    mails = Delivery.objects.filter(
        receipt__organisation=OuterRef("receipt__organisation"),
        address=OuterRef("address"),
        gathered_in__isnull=False,
    )
    return mails.filter(Q(state=State.SENDING) | Q(state=State.SENT, settled_at__gte=midnight)).order_by()


def _lead(due: DeliveryQuerySet) -> None:
    """Let each message hang on the newest to the same organisation's address. One statement, however many there are."""
    newest = Window(
        FirstValue("pk"),
        partition_by=["receipt__organisation", "address"],
        order_by=[F("release__released_at").desc(), F("pk").desc()],
    )
    found, values = due.order_by().values("id", leader=newest).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(LEAD.format(due=found), values)


def take_along(keys: Collection[int]) -> tuple[set[int], list[int]]:
    """Of mails that a worker is about to claim and has locked: those that it may not, and what goes with the others.

    A mail of which somebody else just holds a part waits until that is over. What may not go out now falls out of its
    mail. Belongs into the transaction that claims.
    """
    carried = Delivery.objects.filter(CARRIED, gathered_in__in=keys)
    hanging = dict(carried.values_list("pk", "gathered_in"))
    if not hanging:
        return set(), []
    locked = carried.order_by("pk").select_for_update(skip_locked=True, of=("self",))
    found = dict(locked.values_list("pk", "state"))
    busy = {leader for pk, leader in hanging.items() if pk not in found}
    going = carried.filter(state=State.WAITING, release__state=Release.State.SENDING)
    along = {pk for pk in going.values_list("pk", flat=True) if pk in found}
    carried.filter(pk__in=found.keys() - along, state=State.WAITING).update(gathered_in=None)
    return busy, [pk for pk in along if hanging.get(pk) not in busy]


def put_together(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """The mails among these, in their order, each with what it carries, the newest notice first."""
    deliveries = list(deliveries)
    carried: dict[int, list[Delivery]] = {}
    for each in deliveries:
        if is_carried(each):
            carried.setdefault(each.gathered_in_id, []).append(each)
    for each in deliveries:
        each.carried = sorted(carried.get(each.pk, ()), key=_newest_first)
    return [each for each in deliveries if not is_carried(each)]


def is_carried(delivery: Delivery) -> bool:
    """Whether it goes out in another's mail."""
    return delivery.gathered_in_id not in (None, delivery.pk)


def _newest_first(delivery: Delivery) -> tuple[float, int]:
    return -delivery.receipt.release.released_at.timestamp(), -delivery.pk


def mail_of(delivery: Delivery) -> Delivery:
    """What leads the mail in which a delivery goes or went out, with all that this carries.

    Of one that still waits to be gathered, the mail as it would be now.
    """
    mails = Delivery.objects.select_related("receipt__organisation", "receipt__release__notice")
    if delivery.gathered_in_id:
        mails = mails.filter(gathered_in=delivery.gathered_in_id).exclude(state=State.STOPPED)
    elif waits(delivery):
        mails = mails.filter(TO_GATHER, receipt__organisation=delivery.receipt.organisation_id)
        mails = mails.filter(address=delivery.address, due_at__lte=delivery.due_at)
        mails = mails.filter(release__state=Release.State.SENDING).exclude(release__gathers=Gathers.NOW)
    else:
        return delivery
    found = sorted(mails, key=_newest_first)
    if delivery.pk not in {each.pk for each in found}:
        return delivery
    leader = next((each for each in found if each.pk == delivery.gathered_in_id), found[0])
    leader.carried = [each for each in found if each is not leader]
    return leader


def waits(delivery: Delivery) -> bool:
    """Whether it still waits to be gathered."""
    is_one = delivery.purpose == Delivery.Purpose.NOTICE and delivery.channel == "email" and not delivery.after_id
    unsent = delivery.state == State.WAITING and delivery.gathered_in_id is None
    return is_one and unsent and delivery.receipt.release.is_gathered


def go_alone(release: Release) -> None:
    """What is unsent of the release leaves the mails it is in: it is gathered anew, or sent by itself.

    What may have been sent stays as it was offered.
    """
    Delivery.objects.filter(release=release, state=State.WAITING, unsure=False).exclude(gathered_in=None).update(
        gathered_in=None
    )
