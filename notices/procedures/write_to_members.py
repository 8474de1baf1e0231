"""会員への連絡: a chair's own words to the members who have not answered a notice, once a day for each notice.

It is a reminder with those words: every member gets a delivery of its own, sent, counted and given up like any other.
What is written on a day of rest, or outside of the hours of sending, waits for the next working day (`plan`).
"""

import datetime as dt
import logging

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from members import history, wareki, workdays
from members.history import Actor
from notices import access
from notices.distribution import pace
from notices.distribution.reminders import members
from notices.distribution.reminders.due import Digest, Item
from notices.models import ChairMessage, Receipt, Release, ReminderPlan
from notices.procedures import remind
from notices.tracking.facts import refuse_secrets

logger = logging.getLogger(__name__)

MOST = 500  # letters: it stands above what the notice asks
# Why a message that waited was never sent, in words for the chair.
TAKEN_BACK = "取りやめました。"
NOBODY_LEFT = "連絡する会員がいなくなったので、送っていません。"
NO_LONGER_CHAIR = "書いた方が地区の役員でなくなったので、送っていません。"
DAY_OVER = "その日のうちに送れませんでした。"


class CannotWrite(RuntimeError):
    """Nothing was sent. Its text says why, for the chair."""


class NoWords(ValueError):
    """A message without a word in it, or a long one."""


def write(own_id: int, text: str, actor: Actor, now: dt.datetime | None = None) -> int:
    """Send these words to everybody who may have them now; gives the number of members.

    `own_id` is the district's receipt. Raises NoWords, HoldsSecret and CannotWrite.
    """
    try:
        return _write(own_id, _checked(text), actor, now or timezone.now())
    except IntegrityError as clash:  # a plan has reminded one of them in this moment
        raise CannotWrite("ちょうど再通知を送っているところでした。もう一度押してください。") from clash


@transaction.atomic
def _write(own_id: int, text: str, actor: Actor, now: dt.datetime) -> int:
    own = _held(own_id)
    if words := obstacle(own, now) or closed(now):
        raise CannotWrite(words)
    day = timezone.localdate(now)
    message = ChairMessage(receipt=own, day=day, text=text, by=actor.account, capacity=actor.capacity)
    if not (count := _send(message, now)):
        raise CannotWrite("いま連絡できる会員は、いません。")
    return count


def plan(own_id: int, text: str, actor: Actor, now: dt.datetime | None = None) -> ChairMessage:
    """Keep these words for the next day on which they may go; then they go to whoever has not answered by that time.

    Raises NoWords, HoldsSecret and CannotWrite.
    """
    return _plan(own_id, _checked(text), actor, now or timezone.now())


@transaction.atomic
def _plan(own_id: int, text: str, actor: Actor, now: dt.datetime) -> ChairMessage:
    own = _held(own_id)
    if words := obstacle(own, now):
        raise CannotWrite(words)
    message = ChairMessage.objects.create(
        receipt=own, day=day_for(now), text=text, by=actor.account, capacity=actor.capacity
    )
    _record("release.members_planned", message, actor, day=message.day.isoformat())
    return message


@transaction.atomic
def take_back(own_id: int, actor: Actor) -> bool:
    """取りやめる: what waits is not sent; False where nothing waits any more."""
    waiting = ChairMessage.objects.waiting().select_for_update(of=("self",)).filter(receipt=own_id)
    if not (message := waiting.select_related("receipt__release").first()):
        return False
    _end(message, TAKEN_BACK, actor)
    return True


def write_due(now: dt.datetime | None = None) -> int:
    """Send what waits for this day, by the database's clock; gives how many messages of chairs that were.

    Called by many at once, each is sent by one of them. What stands in its way may pass until the day is over.
    """
    now = now or ChairMessage.objects.waiting().annotate(now=Now()).values_list("now", flat=True).first()
    if now is None:
        return 0
    due = ChairMessage.objects.waiting().filter(day__lte=timezone.localdate(now)).order_by("pk")
    return sum(_write_planned(key, own_id, now) for key, own_id in due.values_list("pk", "receipt"))


def _write_planned(key: int, own_id: int, now: dt.datetime) -> bool:
    try:
        return _go_on(key, own_id, now)
    except IntegrityError:  # a plan has reminded one of them in this moment: the next look finds it
        return False
    except Exception:
        logger.exception("The words of a chair, %s, could not be sent; they wait.", key)
        return False


@transaction.atomic
def _go_on(key: int, own_id: int, now: dt.datetime) -> bool:
    """Whether it was sent. It ends where it cannot be any more."""
    own = _held(own_id)
    waiting = ChairMessage.objects.waiting().select_for_update(of=("self",)).filter(pk=key)
    if not (message := waiting.select_related("by", "capacity").first()):
        return False  # another worker was first, or it was taken back in this moment
    message.receipt = own
    if message.day < timezone.localdate(now):
        _end(message, DAY_OVER)
    elif not message.by.is_active or not message.capacity.is_current or not _may_write(message, own):
        _end(message, NO_LONGER_CHAIR)
    elif timezone.localtime(now).hour >= hour(own.release) and not closed(now) and not obstacle(own, now, message):
        if _send(message, now):
            return True
        if not members.left(own).exists():
            _end(message, NOBODY_LEFT)
    return False


def _may_write(message: ChairMessage, own: Receipt) -> bool:
    return access.can_write_to_members(message.capacity, own)


def _checked(text: str) -> str:
    text = text.strip()
    if not 0 < len(text) <= MOST:
        raise NoWords
    refuse_secrets(text)
    return text


def _held(own_id: int) -> Receipt:
    """The district's receipt: who stops one of its releases, supersedes it or writes as well, comes before or after."""
    own = Receipt.objects.districts().select_related("release", "organisation").get(pk=own_id)
    held = Release.objects.filter(pk__in=Release.objects.whole(own.release).order_by().values("pk")).order_by("pk")
    list(held.select_for_update(no_key=True).values_list("pk"))
    own.release.refresh_from_db(fields=["state"])
    return own


def _send(message: ChairMessage, now: dt.datetime) -> int:
    """Write it to everybody who may have it, in the caller's transaction; to how many, 0 where nothing was done."""
    actor = Actor(message.by, message.capacity)
    found = [each for each in members.looked(message.receipt, message.day) if not each.left_out]
    if not found:
        return 0
    message.written_at = now
    message.save()
    digests = [Digest(each.recipient, each.ways, [Item(each.receipt)]) for each in found]
    remind.write(digests, message.day, actor, message)
    _record("release.members_written", message, actor, recipients=len(found))
    return len(found)


def _end(message: ChairMessage, why: str, actor: Actor = history.NOBODY) -> None:
    message.ended = why
    message.save(update_fields=["ended"])
    _record("release.members_unplanned", message, actor, reason=why)


def _record(verb: str, message: ChairMessage, actor: Actor, **detail: object) -> None:
    own = message.receipt
    history.record(verb, own.release, actor=actor, organisation=own.organisation_id, message=message.pk, **detail)


def obstacle(own: Receipt, now: dt.datetime, message: ChairMessage | None = None) -> str:
    """Why nobody can be written to, whatever the hour, in words for the chair; empty where somebody may be.

    `message` is the one of which this is asked, where it waits already.
    """
    release, others = own.release, ChairMessage.objects.filter(receipt=own).exclude(pk=message and message.pk)
    if not release.asks_confirmation:
        return "お知らせは返事を求めないので、連絡する会員はいません。"
    if release.is_superseded:
        return "この通知は、あとの通知で訂正または廃止されています。"
    if release.state not in (Release.State.SENDING, Release.State.SENT):
        return "県薬剤師会が発出を止めているあいだは、送れません。"
    if ReminderPlan.objects.filter(release=release, stopped_at__isnull=False).exists():
        return "県薬剤師会が、この通知の再通知を止めています。"
    if others.filter(day=timezone.localdate(now), ended="", written_at__isnull=False).exists():
        return "この通知では、きょうはもう連絡しました。次の営業日から、また送れます。"
    if waiting := others.waiting().first():
        return f"{wareki.day_with_weekday(waiting.day)}に送る連絡が、もう書いてあります。"
    return ""


def closed(now: dt.datetime) -> str:
    """Why nothing goes out at this hour, in words for the chair; empty where it does."""
    if why := workdays.why_not(timezone.localdate(now)):
        return f"きょうは{why}なので、いまは送れません。"
    return "いまは、送る時間の外です。" if pace.opens_at(now) else ""


def day_for(now: dt.datetime) -> dt.date:
    """The first working day on which what is written now may go out. Raises workdays.AlwaysClosed."""
    return workdays.on_or_after(timezone.localdate(pace.opens_at(now) or now))


def hour(release: Release) -> int:
    """From which hour of the day on what waited goes out: that of the notice's reminders, within SENDING_HOURS."""
    planned = ReminderPlan.objects.filter(release=release).values_list("hour", flat=True).first()
    usual = settings.REMINDER_HOUR if planned is None else planned
    if settings.SENDING_HOURS is None:
        return usual
    first, last = settings.SENDING_HOURS
    opens = first.hour + (first > dt.time(first.hour))
    return usual if opens <= usual and dt.time(usual) < last else opens
