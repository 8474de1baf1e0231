"""Who sends what: a worker claims due rows for a while (a lease) and raises their attempt number.

Everything it does with a row afterwards is bound to that number, so that a worker that slept past its lease changes
nothing. Times are the database's: a machine whose clock jumps neither loses nor keeps a lease by it.
"""

import datetime as dt
import uuid
from collections.abc import Iterator

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from notices.distribution import gathering, pace, reach, troubles
from notices.models import Delivery, Mention, Receipt, Release
from notices.models.delivery import AWAITED, CARRIED, ORDER, TO_GATHER, TODAY, DeliveryQuerySet
from notices.models.receipt import asked_again
from notices.models.reminder import still_worth_sending

State = Delivery.State
Purpose = Delivery.Purpose
# What sending needs of a delivery, its receipt and its organisation: loading all the rest costs more than the sending.
NEEDED = (
    *("purpose", "channel", "address", "message_key", "state", "attempt", "claim", "deferrals", "crashes", "unsure"),
    *("gathered_in", "release", "reminder", "receipt__release", "receipt__audience", "receipt__address_version"),
    *("receipt__organisation", "receipt__organisation__name"),
    *("receipt__organisation__kind", "receipt__organisation__fax"),
)
WAITING = {"state": State.WAITING, "claim": None, "leased_until": None}
# A message over which so many workers ended is set aside.
CRASHES = 3
NOT_REMINDED = "送る前に返事があったか、止められたか、その日のうちに送れなかったため、送りませんでした"
SET_ASIDE = "この宛先のメールを送ろうとすると、送る処理が途中で終わってしまいます（3回）"


@transaction.atomic
def claim(most: int) -> list[Delivery]:
    """Take due rows, the longest due first; no row is taken twice. Each comes with receipt, organisation and release.

    A gathered mail is one of them, with what it carries, which is taken with it. PostgreSQL skips what another worker
    is just taking; on SQLite the transaction itself lets in one at a time.
    """
    keys = _locked(most)
    busy, along = gathering.take_along(keys)
    taken = Delivery.objects.filter(pk__in=[*along, *(key for key in keys if key not in busy)])
    taken.update(state=State.SENDING, attempt=F("attempt") + 1, claim=uuid.uuid4(), leased_until=_lease_end())
    _drop_what_is_over(taken)
    claimed = list(taken.select_related("receipt__organisation").only(*NEEDED).order_by(*ORDER))
    releases = Release.objects.select_related("notice").in_bulk({each.receipt.release_id for each in claimed})
    for delivery in claimed:
        delivery.receipt.release = releases[delivery.receipt.release_id]
    return gathering.put_together(claimed)


def _locked(most: int) -> list[int]:
    """Due rows, locked for this transaction, as many as the manners allow."""
    keys: list[int] = []
    for lot in _lots():
        rows = lot.order_by(*ORDER).select_for_update(skip_locked=True, of=("self",))
        if not pace.limited():
            keys += rows.values_list("pk", flat=True)[: most - len(keys)]
        else:
            keys += [row.pk for row in _granted(rows, most - len(keys))]
        if len(keys) >= most:
            break
    return keys


def _lots() -> Iterator[DeliveryQuerySet]:
    """What is due, the most pressing first: what somebody waits for, then one release after the other.

    A release that rests is never looked at, however much of it waits. Reminders come last.
    """
    ready = Delivery.objects.ready()
    yield ready.filter(purpose__in=AWAITED).offered()
    if pace.open_now():
        for release in Release.objects.filter(state=Release.State.SENDING).order_by("released_at", "pk"):
            own = ready.filter(release=release).exclude(purpose__in=[*AWAITED, Purpose.REMINDER])
            yield own.exclude(TO_GATHER) if release.is_gathered else own
        yield ready.reminding()


def _drop_what_is_over(taken: DeliveryQuerySet) -> None:
    """What of these reminders need not be said any more is left out: they and their page say it no more."""
    named = Mention.objects.filter(reminder__in=taken.filter(purpose=Purpose.REMINDER).order_by().values("reminder"))
    if not (standing := set(named.filter(dropped_at=None).values_list("pk", flat=True))):
        return
    over = standing - set(named.sayable().values_list("pk", flat=True))
    Mention.objects.filter(pk__in=over).update(dropped_at=Now())


def _granted(rows: DeliveryQuerySet, most: int) -> list[Delivery]:
    rows = rows.annotate(now=Now()).only("purpose", "address")
    granted, others_put_off = pace.granted(list(rows[:most]))
    while others_put_off and not granted:
        granted, others_put_off = pace.granted(list(rows[:most]))
    return granted


def held(delivery: Delivery) -> DeliveryQuerySet:
    """The row as this worker claimed it, with all that its mail carries; no row once another has claimed it since."""
    if delivery.carried:
        return _ours([delivery])
    return Delivery.objects.filter(pk=delivery.pk, state=State.SENDING, attempt=delivery.attempt)


def still_offered(delivery: Delivery) -> bool:
    """Asked just before sending: whether the row is still ours and its release neither paused nor stopped.

    A reminder has to have something to say, too; of a gathered mail all that it carries has to be offered.
    """
    ours = held(delivery)
    found = ours.reminding() if delivery.purpose == Purpose.REMINDER else ours.offered()
    return found.count() == len(delivery.mail) if delivery.carried else found.exists()


def renew(deliveries: list[Delivery]) -> None:
    """A new lease for rows of one claim that are still ours."""
    _ours(deliveries).update(leased_until=_lease_end())


def give_back(deliveries: list[Delivery], rest_seconds: float = 0) -> None:
    """Nothing of these was offered to anybody: the rows wait as before they were claimed, or after a rest."""
    rest = {"due_at": Now() + dt.timedelta(seconds=rest_seconds)} if rest_seconds else {}
    _ours(deliveries).update(**WAITING, **rest)


def _ours(deliveries: list[Delivery]) -> DeliveryQuerySet:
    """Those of the rows, and of what they carry, that are still in the claim in which these came."""
    keys, claims = [row.pk for each in deliveries for row in each.mail], {each.claim for each in deliveries}
    return Delivery.objects.filter(pk__in=keys, state=State.SENDING, claim__in=claims)


def recover() -> None:
    """What dead workers left: the first mail of a claim may have been sent and is unsure, the rest was never offered.

    A worker that ends over a message is not proven to end by it, so the message is tried again, at once and then after
    a while; after `CRASHES` times it is set aside for staff to look at.
    """
    if not Delivery.objects.abandoned().exists():
        return
    with transaction.atomic():
        releases = Release.objects.filter(pk__in=Delivery.objects.abandoned().values("release"))
        releases = releases.order_by("released_at", "pk")
        list(releases.select_for_update(no_key=True).values_list("pk"))
        left = Delivery.objects.abandoned().order_by("claim", *ORDER).select_for_update(of=("self",))
        rows = [*left.exclude(CARRIED), *left.filter(CARRIED).select_related("receipt__release")]
        for row in {row.claim: row for row in reversed(gathering.put_together(rows))}.values():
            _crashed(row, unsure=True)
        # By their claims: there may be more rows than a statement can name.
        Delivery.objects.abandoned().filter(claim__in={row.claim for row in rows}).update(**WAITING)


def hold(delivery: Delivery) -> Release:
    """The release of a delivery, held until the transaction ends, with those of all that its mail carries."""
    keys = {each.release_id for each in delivery.mail}
    held = Release.objects.filter(pk__in=keys).order_by("released_at", "pk").select_for_update(no_key=True)
    return next(each for each in list(held) if each.pk == delivery.release_id)


@transaction.atomic
def crashed(delivery: Delivery) -> None:
    """Our work broke down over this message: it waits again, or after `CRASHES` times is set aside."""
    hold(delivery)
    _crashed(delivery, unsure=False)


def _crashed(delivery: Delivery, *, unsure: bool) -> None:
    row = _ours([delivery])
    crashes = delivery.crashes + 1
    ended = {"claim": None, "leased_until": None, "crashes": crashes, "unsure": delivery.unsure or unsure}
    if crashes < CRASHES:
        pause = dt.timedelta(seconds=settings.SENDING_REST_SECONDS * delivery.crashes)
        row.update(**ended, state=State.WAITING, due_at=Now() + pause)
    elif row.update(**ended, state=State.FAILED, settled_at=Now(), outcome=SET_ASIDE):
        reach.settle([each.receipt_id for each in delivery.mail])
        for each in delivery.mail:
            troubles.fall_back(each.receipt)


def not_to_blame(deliveries: list[Delivery]) -> None:
    """What broke down over one message after the other is no message's fault: none is nearer to being set aside."""
    keys = [row.pk for each in deliveries for row in each.mail]
    Delivery.objects.filter(pk__in=keys, state=State.WAITING).update(crashes=0)


def stop_leftovers() -> None:
    """What came back to a release that was stopped meanwhile is stopped too; its first may have been sent.

    So is what came back to a recipient whom a 再周知 asks meanwhile.
    """
    waiting = Delivery.objects.filter(state=State.WAITING)
    of_releases = waiting.exclude(purpose__in=[*AWAITED, Purpose.REMINDER])
    left = of_releases.filter(release__state=Release.State.STOPPED)
    repeated = of_releases.filter(asked_again("receipt__"), release__is_repeated=True)
    asked_for = waiting.filter(release__superseded_by__isnull=False, purpose=Purpose.AGAIN)
    for rows in (left, repeated, asked_for):
        if rows.exists():
            _stop(rows)


@transaction.atomic
def _stop(rows: DeliveryQuerySet) -> None:
    # Locked first, and looked at again then: another worker may be taking one at this moment.
    locked = rows.order_by("pk").select_for_update(skip_locked=True, of=("self",))
    found = dict(locked.values_list("pk", "receipt"))
    Delivery.objects.filter(pk__in=list(found)).update(state=State.STOPPED, settled_at=Now())
    reach.renew_all(Receipt.objects.filter(pk__in=set(found.values())))


@transaction.atomic
def stop_reminders() -> None:
    """What nobody is to be reminded of any more: it was answered, stopped or superseded, or its day is over."""
    waiting = Delivery.objects.filter(state=State.WAITING, purpose=Purpose.REMINDER)
    # Locked first, and looked at again then: another worker may be taking one at this moment.
    over = waiting.filter(~still_worth_sending() | Q(reminder__day__lt=TODAY)).order_by("pk")
    if keys := list(over.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)):
        waiting.filter(pk__in=keys).update(state=State.STOPPED, settled_at=Now(), outcome=NOT_REMINDED)


def _lease_end() -> CombinedExpression:
    return Now() + dt.timedelta(seconds=settings.SENDING_LEASE_SECONDS)
