"""再通知: writes the reminders that are due, each once, whoever looks and however often.

The task looks every minute, and in most looks there is nothing. Where there is, the releases are held, who is due is
asked again, and reminders with their deliveries are written in one transaction; constraints see to it that no second
one is written for a recipient and a day. From then on they are deliveries like any other.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from members import history, workdays
from members.history import NOBODY, Actor
from members.models.organisation import Channel
from notices.distribution import outbox, pace, recipients
from notices.distribution.reminders import due, plans
from notices.distribution.reminders.due import Digest
from notices.models import ChairMessage, Delivery, Mention, Receipt, Release, Reminder, ReminderPlan

# So many days the addresses in a reminder open at least.
ADDRESS_LASTS = 30
# How the databases name the constraint that lets nobody be reminded twice a day.
ONCE_A_DAY = ("reminder_once_a_day", "notices_reminder.organisation_id, notices_reminder.day")


class CannotRemind(RuntimeError):
    """Nobody is reminded; nothing was written. Its text says why."""


def remind(now: dt.datetime | None = None) -> int:
    """Write what is due by the plans, by the database's clock; gives the number of organisations.

    Doing it again does nothing.
    """
    now = now or ReminderPlan.objects.going().annotate(now=Now()).values_list("now", flat=True).first()
    if now is None or not (found := due.due(now)):
        return 0
    return _once_more(lambda: _remind(found, now))


@transaction.atomic
def _remind(found: list[Digest], now: dt.datetime) -> int:
    found = _of(_hold(found), due.due(now))
    write(found, timezone.localdate(now), NOBODY)
    _record(found, NOBODY)
    return len(found)


def remind_now(release_id: int, actor: Actor, now: dt.datetime | None = None) -> int:
    """いま再通知する: everybody who has not answered this release and may be reminded. Gives the number.

    Raises CannotRemind.
    """
    now = now or timezone.now()
    return _once_more(lambda: _remind_now(release_id, actor, now))


@transaction.atomic
def _remind_now(release_id: int, actor: Actor, now: dt.datetime) -> int:
    release = Release.objects.select_for_update(no_key=True).select_related("notice").get(pk=release_id)
    if words := obstacle(release, now):
        raise CannotRemind(words)
    found = due.by_hand(release, now)
    held = {release.pk, *_hold(found)}
    if not (found := _of(held, due.by_hand(release, now))):
        raise CannotRemind("いま再通知できる宛先は、ありません。")
    write(found, timezone.localdate(now), actor)
    _record(found, actor)
    return len(found)


def _once_more(write: Callable[[], int]) -> int:
    """Written; again where somebody else has just reminded one of the organisations of another release."""
    try:
        return write()
    except IntegrityError as error:
        if not any(words in str(error) for words in ONCE_A_DAY):
            raise
    return write()


def obstacle(release: Release, now: dt.datetime) -> str:
    """Why nobody at all can be reminded of a release now, in words for staff; empty where somebody may be."""
    day = timezone.localdate(now)
    if not release.asks_confirmation:
        return "お知らせは返事を求めないので、再通知しません。"
    if release.is_superseded:
        return "この通知は、あとの通知で訂正または廃止されています。"
    if plans.taken_over_by(release):
        return "再周知したので、この通知はもう再通知しません。"
    if ReminderPlan.objects.filter(release=release, stopped_at__isnull=False).exists():
        return "この通知の再通知は、止めてあります。送るときは、先に再開してください。"
    if release.state not in (Release.State.SENDING, Release.State.SENT):
        return f"発出が「{release.get_state_display()}」のあいだは、再通知しません。"
    if why := workdays.why_not(day):
        return f"きょうは{why}なので、再通知しません。次の営業日に送れます。"
    if opening := pace.opens_at(now):
        return f"送る時間の外です。{timezone.localtime(opening):%H:%M} から送れます。"
    return ""


def _hold(found: Iterable[Digest]) -> set[int]:
    """Hold the releases that these name: who stops one of them, or supersedes it, comes before or after this."""
    keys = {item.receipt.release_id for digest in found for item in digest.items}
    held = Release.objects.filter(pk__in=keys).order_by("released_at", "pk")  # as everybody does
    return set(held.select_for_update(no_key=True).values_list("pk", flat=True))


def _of(held: set[int], found: Iterable[Digest]) -> list[Digest]:
    """Those that name held releases only; others, due since, come with the next look."""
    return [each for each in found if all(item.receipt.release_id in held for item in each.items)]


def write(found: list[Digest], day: dt.date, actor: Actor, message: ChairMessage | None = None) -> None:
    """Reminders, what they name and their deliveries, a few statements for thousands; in the caller's transaction.

    Their releases are held, and the caller records it. In the order of the organisations, so that two who write at once
    wait for each other one way only.
    """
    found = sorted(found, key=lambda digest: digest.recipient.organisation.pk)
    ageing = _ageing(found, day)
    reminders = Reminder.objects.bulk_create(
        [
            Reminder(
                organisation=digest.recipient.organisation,
                receipt=_owner(digest, ageing),
                day=day,
                by=actor.account,
                message=message,
            )
            for digest in found
        ],
        recipients.ROWS_AT_ONCE,
    )
    pairs = list(zip(reminders, found, strict=True))
    _mention(pairs)
    deliveries = [_delivery(reminder, way) for reminder, digest in pairs for way in digest.ways]
    Delivery.objects.bulk_create(deliveries, recipients.ROWS_AT_ONCE)
    going = {delivery.release_id for delivery in deliveries}
    Release.objects.filter(pk__in=going, state=Release.State.SENT).update(state=Release.State.SENDING)
    outbox.ring()


def _ageing(found: list[Digest], day: dt.date) -> set[int]:
    """Of what else is named, the receipts whose last personal address ends before long, or has ended."""
    limit = timezone.make_aware(dt.datetime.combine(day, dt.time.min))
    limit -= dt.timedelta(days=settings.PERSONAL_ADDRESS_DAYS - ADDRESS_LASTS)
    others = [item.receipt for digest in found for item in digest.items[1:] if item.what == Mention.What.ANSWER]
    keys = {receipt.pk for receipt in others if receipt.release.released_at < limit}
    fresh = Delivery.objects.filter(receipt__in=keys, made_at__gte=limit)
    return keys - set(fresh.values_list("receipt", flat=True)) if keys else keys


def _owner(digest: Digest, ageing: set[int]) -> Receipt:
    """The receipt to which the messages belong, and get a new address: the most urgent, unless another needs it more.

    A FAX is the sheet of its own notice: that is always the most urgent.
    """
    if any(way.channel == Channel.FAX for way in digest.ways):
        return digest.items[0].receipt
    return next((item.receipt for item in digest.items if item.receipt.pk in ageing), digest.items[0].receipt)


def _mention(pairs: list[tuple[Reminder, Digest]]) -> None:
    named = [(reminder, place, item) for reminder, digest in pairs for place, item in enumerate(digest.items)]
    mentions = Mention.objects.bulk_create(
        [
            Mention(reminder=reminder, receipt=item.receipt, what=item.what, offset=item.offset, place=place)
            for reminder, place, item in named
        ],
        recipients.ROWS_AT_ONCE,
    )
    listed = Mention.members.through
    listed.objects.bulk_create(
        [
            listed(mention_id=mention.pk, receipt_id=member)
            for mention, (*_, item) in zip(mentions, named, strict=True)
            for member in item.members
        ],
        recipients.ROWS_AT_ONCE,
    )


def _delivery(reminder: Reminder, way: recipients.Way) -> Delivery:
    return Delivery(
        receipt=reminder.receipt,
        release_id=reminder.receipt.release_id,
        purpose=Delivery.Purpose.REMINDER,
        reminder=reminder,
        channel=way.channel,
        address=way.address,
        state=way.state,
    )


def _record(found: list[Digest], actor: Actor) -> None:
    """One event a release: how many were reminded of it, and how many chairs got a list."""
    reminded = _counted(found, lambda what: what == Mention.What.ANSWER)
    told = _counted(found, lambda what: what == Mention.What.MEMBERS)
    for release in Release.objects.filter(pk__in={*reminded, *told}).order_by("pk"):
        history.record(
            "release.reminded", release, actor=actor, recipients=reminded[release.pk], chairs=told[release.pk]
        )


def _counted(found: list[Digest], wanted: Callable[[str], bool]) -> dict[int, int]:
    counted: dict[int, int] = defaultdict(int)
    for digest in found:
        for item in digest.items:
            counted[item.receipt.release_id] += wanted(item.what)
    return counted


def reminders_of(receipt: Receipt) -> list[Mention]:
    """The reminders that named a receipt and were not called off, the latest first."""
    named = Mention.objects.said().filter(receipt=receipt).select_related("reminder__by")
    return list(named.order_by("-reminder__day", "-pk"))
