"""Channels: each takes one message for one address and says what became of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from django.conf import settings

from notices.distribution.answers import Answer
from notices.distribution.channels.kept import KeptChannel
from notices.distribution.channels.smtp import SmtpChannel
from notices.distribution.envelope import Envelope


class Channel(AbstractContextManager["Channel"], Protocol):
    """Open while messages are sent, one after the other."""

    def send(
        self,
        envelope: Envelope,
        wanted: Callable[[], bool] | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Answer:
        """Offer one message to its one recipient; `wanted` is asked just before the message itself is handed over.

        `meanwhile` is done, if at all, while the server has the message and has not answered; it must not raise.

        Raises answers.ServerAway and answers.ServerRefuses where no address is to blame.
        """
        ...


def email() -> Channel:
    """The site's mail: the server that EMAIL_URL names, or the outbox page where it names none."""
    return SmtpChannel() if settings.EMAIL_URL else KeptChannel()
