"""送信箱: works off the deliveries. The database is the queue; whoever calls only rings.

Each message's outcome is recorded before the next is offered, so that the end of a worker at any instant leaves at
most one message unsure.
"""

import logging
from time import monotonic

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from notices.distribution import answers, channels, claims, settling
from notices.distribution.answers import Answer, ServerAway, ServerRefuses
from notices.distribution.envelope import Envelope
from notices.distribution.message import Wordings
from notices.models import Delivery

logger = logging.getLogger(__name__)

TASK = "notices.tasks.send_due_deliveries"
# Rows claimed at once: few enough that the end of a worker holds up little, many enough that claiming costs little.
BATCH = 20


def ring() -> None:
    """Call a worker once the transaction is committed. Without a broker nothing is lost: the sweep finds the work."""
    transaction.on_commit(_publish)


def _publish() -> None:
    try:
        current_app.send_task(TASK)
    except OperationalError as error:
        logger.warning("Nobody heard the doorbell; the sweep will find the work: %s", error)


def send_due(limit: int) -> int:
    """Work off what is due, `limit` messages at most. Gives how many: fewer than `limit` when no more can be done now.

    That is when nothing else is due, and when the mail server is away or will not have our mail.
    """
    settling.stop_abandoned()
    wordings = Wordings()
    worked = 0
    with channels.email() as channel:
        while worked < limit and (batch := claims.claim(min(BATCH, limit - worked))):
            done = _work_off(batch, channel, wordings)
            worked += done
            if done < len(batch):
                break
    settling.close_finished()
    return worked


def _work_off(batch: list[Delivery], channel: channels.Channel, wordings: Wordings) -> int:
    """Send the claimed rows one by one; gives how many until the server stopped it. The rest is given back."""
    renewed_at = monotonic()
    for done, delivery in enumerate(batch):
        if monotonic() - renewed_at > settings.SENDING_LEASE_SECONDS / 2:
            claims.renew(batch[done:])
            renewed_at = monotonic()
        if not claims.still_offered(delivery):
            settling.give_back(delivery)
            continue
        try:
            settling.settle(delivery, _offer(delivery, channel, wordings))
        except (ServerAway, ServerRefuses) as fault:
            _rest(batch[done:], fault)
            return done
    return len(batch)


def _offer(delivery: Delivery, channel: channels.Channel, wordings: Wordings) -> Answer:
    """The server's answer to one message. One that cannot be written is set aside, so that the others go out."""
    try:
        envelope = Envelope.of(wordings.message(delivery))
    except ValueError:
        logger.exception("The message of delivery %s cannot be written", delivery.pk)
        return answers.UNWRITABLE
    return channel.send(envelope)


def _rest(left: list[Delivery], fault: ServerAway | ServerRefuses) -> None:
    """Nobody is to blame: what is left waits as before, and the release with it where somebody must mend something."""
    logger.warning("Sending rests: %s", fault)
    if isinstance(fault, ServerRefuses):
        settling.pause(left[0].receipt.release, str(fault))
    for delivery in left:
        settling.give_back(delivery, settings.SENDING_REST_SECONDS)
