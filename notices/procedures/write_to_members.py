"""会員への連絡: a chair's own words to the members who have not answered a notice, once a day for each notice.

It is a reminder with those words: every member gets a delivery of its own, sent, counted and given up like any other.
"""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from members import history, workdays
from members.history import Actor
from notices.distribution import pace
from notices.distribution.reminders import members
from notices.distribution.reminders.due import Digest, Item
from notices.models import ChairMessage, Receipt, Release, ReminderPlan
from notices.procedures import remind
from notices.tracking.facts import refuse_secrets

MOST = 500  # letters: it stands above what the notice asks


class CannotWrite(RuntimeError):
    """Nothing was sent. Its text says why, for the chair."""


class NoWords(ValueError):
    """A message without a word in it, or a long one."""


def write(own_id: int, text: str, actor: Actor, now: dt.datetime | None = None) -> int:
    """Send these words to everybody who may have them now; gives the number of members.

    `own_id` is the district's receipt. Raises NoWords, HoldsSecret and CannotWrite.
    """
    text = text.strip()
    if not 0 < len(text) <= MOST:
        raise NoWords
    refuse_secrets(text)
    try:
        return _write(own_id, text, actor, now or timezone.now())
    except IntegrityError as clash:  # a plan has reminded one of them in this moment
        raise CannotWrite("ちょうど再通知を送っているところでした。もう一度押してください。") from clash


@transaction.atomic
def _write(own_id: int, text: str, actor: Actor, now: dt.datetime) -> int:
    own = Receipt.objects.districts().select_related("release", "organisation").get(pk=own_id)
    # Who stops one of them, supersedes it or writes as well, comes before or after this.
    held = Release.objects.filter(pk__in=Release.objects.whole(own.release).order_by().values("pk")).order_by("pk")
    list(held.select_for_update(no_key=True).values_list("pk"))
    own.release.refresh_from_db(fields=["state"])
    if words := obstacle(own, now):
        raise CannotWrite(words)
    day = timezone.localdate(now)
    found = [each for each in members.looked(own, day) if not each.left_out]
    if not found:
        raise CannotWrite("いま連絡できる会員は、いません。")
    message = ChairMessage.objects.create(receipt=own, day=day, text=text, by=actor.account)
    digests = [Digest(each.recipient, each.ways, [Item(each.receipt)]) for each in found]
    remind.write(digests, day, actor, message)
    history.record(
        "release.members_written",
        own.release,
        actor=actor,
        organisation=own.organisation_id,
        message=message.pk,
        recipients=len(found),
    )
    return len(found)


def obstacle(own: Receipt, now: dt.datetime) -> str:
    """Why nobody can be written to now, in words for the chair; empty where somebody may be."""
    release, day = own.release, timezone.localdate(now)
    if not release.asks_confirmation:
        return "お知らせは返事を求めないので、連絡する会員はいません。"
    if release.is_superseded:
        return "この通知は、あとの通知で訂正または廃止されています。"
    if release.state not in (Release.State.SENDING, Release.State.SENT):
        return "県薬剤師会が発出を止めているあいだは、送れません。"
    if ReminderPlan.objects.filter(release=release, stopped_at__isnull=False).exists():
        return "県薬剤師会が、この通知の再通知を止めています。"
    if ChairMessage.objects.filter(receipt=own, day=day).exists():
        return "この通知では、きょうはもう連絡しました。次の営業日から、また送れます。"
    if why := workdays.why_not(day):
        return f"きょうは{why}なので、送れません。次の営業日に送れます。"
    if opening := pace.opens_at(now):
        return f"送る時間の外です。{timezone.localtime(opening):%H:%M} から送れます。"
    return ""
