"""送信箱: works off the deliveries. The database is the queue; whoever calls only rings.

Each message's outcome is recorded before the next is offered, so that the end of a worker at any instant leaves at
most one message unsure. What an outcome makes of the receipt follows a batch later, or after the worker's end.
"""

import logging
import sys
from collections.abc import Callable
from time import monotonic, sleep
from typing import TypeVar

from celery import current_app
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from kombu.exceptions import OperationalError as BrokerAway

from notices.distribution import answers, channels, claims, fax, gathering, ledger, reach, settling
from notices.distribution.answers import IN_A_ROW, Answer, ServerAway, ServerRefuses, Verdict
from notices.distribution.gateway import is_addressable
from notices.distribution.message import Wordings
from notices.models import Delivery
from notices.models.delivery import AWAITED

T = TypeVar("T")
logger = logging.getLogger(__name__)

TASK = "notices.tasks.send_due_deliveries"
# Rows claimed at once: few enough that the end of a worker holds up little, many enough that claiming costs little.
BATCH = 250
# How long one run works at most, so that what else a worker has to do comes round.
RUN_SECONDS = 30
# How far the receipts may be behind the messages.
TELLING_SECONDS = 1
# How long an answer of the database holds, that a message is still to be sent.
FRESH_SECONDS = 1


def ring() -> None:
    """Call a worker once the transaction is committed. Without a broker nothing is lost: the sweep finds the work."""
    transaction.on_commit(_publish)


def _publish() -> None:
    try:
        current_app.send_task(TASK)
    except BrokerAway as error:
        logger.warning("Nobody heard the doorbell; the sweep will find the work: %s", error)


def send_due(limit: int = sys.maxsize) -> int:
    """Work off what is due, `limit` messages at most, until the batch at hand after `RUN_SECONDS`; gives how many.

    Nothing more can be done when nothing else is due, or when the mail server is away or will not have our mail.
    """
    claims.recover()
    gathering.gather()
    worked = _run(limit, monotonic() + RUN_SECONDS)
    claims.stop_leftovers()
    claims.stop_reminders()
    reach.catch_up()
    settling.close_finished()
    return worked


def _run(limit: int, ends_at: float) -> int:
    worked = 0
    with channels.email() as channel:
        sender = _Sender(channel, Wordings())
        while worked < limit and (now := monotonic()) < ends_at and (batch := claims.claim(min(BATCH, limit - worked))):
            done = sender.work_off(batch, claimed_at=now)
            worked += done
            if done < len(batch):
                break
    return worked


class _Sender:
    """One run: works off what was claimed, row by row, and remembers what it may not forget between two rows.

    While the server takes one message, the next is made; while the database writes down that it was taken, the next is
    announced to the server. It is handed over only when the one before is recorded.
    """

    def __init__(self, channel: channels.Channel, wordings: Wordings) -> None:
        self._channel = channel
        self._wordings = wordings
        self._left: list[Delivery] = []  # of the claim, from the message at hand on; leased at:
        self._leased_at = monotonic()
        self._recording: tuple[Delivery, ledger.Sent] | None = None
        self._offered = False  # whether the message at hand is still to be sent, as the database said at:
        self._asked_at = monotonic()
        self._refused: list[Delivery] = []  # in a row, all with the same refusal
        self._refusal = answers.ACCEPTED
        self._sent: list[int] = []  # receipts that do not know yet
        self._told_at = monotonic()

    def work_off(self, batch: list[Delivery], claimed_at: float) -> int:
        """Gives how many until the server stopped it; the rest is given back then.

        `claimed_at`: by our clock, before they were claimed, for the lease runs while the database still answers.
        """
        self._leased_at = claimed_at
        self._ask(batch[0])
        try:
            for place, delivery in enumerate(batch):
                self._left = batch[place:]
                following = batch[place + 1] if place + 1 < len(batch) else None
                self._keep_lease()
                try:
                    answer = self._offer(delivery, following)
                except (ServerAway, ServerRefuses) as fault:
                    self._finish_recording()
                    _rest(self._left, fault)
                    return place
                self._record(delivery, answer, following)
        finally:
            self._finish_recording()
            self._tell_receipts()
        return len(batch)

    def _keep_lease(self) -> None:
        """What is left is leased anew when half of the lease is over."""
        if monotonic() - self._leased_at > settings.SENDING_LEASE_SECONDS / 2:
            self._finish_recording()
            now = monotonic()
            claims.renew(self._left)
            self._leased_at = now

    def _offer(self, delivery: Delivery, following: Delivery | None) -> Answer:
        """The server's answer to one message. One over which the making breaks down is set aside, others go out."""
        if not self._wordings.ready_for(delivery) and not self._wanted(delivery):
            return answers.WITHDRAWN
        try:
            envelope = self._wordings.envelope(delivery)
        except ServerRefuses:  # there is no gateway any more for a FAX
            raise
        except Exception:
            logger.exception("Making the message of delivery %s broke down", delivery.pk)
            return answers.BROKEN if is_addressable(delivery) else answers.UNWRITABLE
        try:
            answer = self._channel.send(
                envelope, lambda: self._wanted(delivery), lambda: self._wordings.make_ahead(following)
            )
            return fax.worded(delivery, answer)
        except ServerRefuses as fault:
            if fault.answer and fault.answer.key == delivery.receipt.release.blamed_reply:
                return fault.answer
            if fault.answer and delivery.purpose in AWAITED:
                # No release pauses for it: it waits longer each time, and ends; the others go on.
                return Answer(Verdict.LATER, str(fault), fault.answer.reply)
            raise

    def _wanted(self, delivery: Delivery) -> bool:
        """Whether the message may be handed over: the one before is recorded, and nobody has stopped the release.

        What the database said a moment ago is asked again when the moment was long: the server was slow, or we slept.
        About a reminder, and a gathered mail, it is always asked: more than its release may have called it off. Half of
        the lease is left for the rest, or another worker would find the message abandoned and send it as well.
        """
        self._finish_recording()
        self._keep_lease()
        says_several = delivery.carried or delivery.purpose == Delivery.Purpose.REMINDER
        if says_several or monotonic() - self._asked_at > FRESH_SECONDS:
            self._ask(delivery)
        return self._offered

    def _ask(self, delivery: Delivery) -> None:
        self._asked_at = monotonic()
        self._offered = claims.still_offered(delivery)

    def _record(self, delivery: Delivery, answer: Answer, following: Delivery | None) -> None:
        """Write the outcome down, or have it written down until `_finish_recording`."""
        self._finish_recording()
        if answer is answers.ACCEPTED and not delivery.carried:
            self._refused.clear()
            self._asked_at = monotonic()
            self._recording = delivery, _surely(lambda: ledger.Sent(delivery, following))
            return
        if _surely(lambda: settling.settle(delivery, answer)):
            if answer is answers.ACCEPTED:
                self._sent += [each.receipt_id for each in delivery.mail]
            self._look_for_a_row(delivery, answer)
        else:
            self._refused.clear()
        if following:
            self._ask(following)

    def _finish_recording(self) -> None:
        """Nothing is handed over, and nothing asked of the database, before what was taken is on its disk."""
        if self._recording is None:
            return
        delivery, record = self._recording
        self._recording = None
        turn = _surely(record.turn)
        self._offered = turn.next_offered
        if not turn.settled:
            settling.warn_of_fence(delivery)
            return
        self._sent.append(delivery.receipt_id)
        if monotonic() - self._told_at > TELLING_SECONDS:
            self._tell_receipts()

    def _look_for_a_row(self, delivery: Delivery, answer: Answer) -> None:
        """Several addresses in a row with the same refusal are hardly all wrong; nor are so many broken messages."""
        ours = answer is answers.BROKEN
        if not ours and not (answer.verdict is Verdict.REFUSED and answer.reply):
            self._refused.clear()
            return
        if self._refused and (answer.key != self._refusal.key or self._refused[0].release_id != delivery.release_id):
            self._refused.clear()
        self._refusal = answer
        self._refused.append(delivery)
        if len(self._refused) < IN_A_ROW:
            return
        if ours:
            settling.pause(delivery.receipt.release, answers.UNMAKEABLE)
            claims.not_to_blame(self._refused)
        else:
            settling.pause_over(self._refused, answer)
        self._refused.clear()

    def _tell_receipts(self) -> None:
        _surely(lambda: reach.settle(self._sent))
        self._sent.clear()
        self._told_at = monotonic()


def _surely(record: Callable[[], T]) -> T:
    """What happened has to be written down: a database that is away for a moment is asked again, as long as we may.

    After our lease it is another's business. Raises what the database said last.
    """
    until = monotonic() + settings.SENDING_LEASE_SECONDS / 2
    while True:
        try:
            return record()
        except (OperationalError, InterfaceError) as fault:
            if monotonic() > until:
                raise
            logger.warning("The database did not take an outcome; asking again: %s", fault)
            connection.close()
            sleep(1)


def _rest(left: list[Delivery], fault: ServerAway | ServerRefuses) -> None:
    """Nobody is to blame: what is left waits as before, and the release with it where somebody must mend something."""
    logger.warning("Sending rests: %s", fault)
    longest = settings.SENDING_REST_SECONDS
    if isinstance(fault, ServerRefuses):
        settling.pause(left[0].receipt.release, str(fault), fault.answer.key if fault.answer else "")
        longest *= 2  # the message over which it was said goes behind the others next time
    claims.give_back(left[:1], longest)
    claims.give_back(left[1:], settings.SENDING_REST_SECONDS)
