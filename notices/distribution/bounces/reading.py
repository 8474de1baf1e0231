"""From the bytes of a mail to what it says of our messages. No database.

A report in status fields (RFC 3464) decides where there is one. Failing that, a mail server's words are read. What
people and programs answer, confirmations of reading (RFC 8098), complaints (RFC 5965), and mails of lists say nothing
of whether a message arrived, whatever they quote.
"""

import logging
import re
from dataclasses import dataclass, replace
from email.message import Message

from notices.distribution.bounces import origin, parts, prose, reports
from notices.distribution.bounces.failure import ADDRESS, Failure, Kind, once

logger = logging.getLogger(__name__)

_SILENT_PARTS = {"message/feedback-report", "message/disposition-notification", "message/tracking-status"}
_REJECTED = re.compile(r"automatically rejected", re.IGNORECASE)  # Dovecot's form of a full mailbox
# Where the address may stand that a notice was sent to, the first the surest.
_ARRIVED_AT = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "X-Rcpt-To")
_SENT_FROM = ("Return-Path", "X-Envelope-From", "X-Original-Sender", "Errors-To", "Sender")
_MESSAGE_ID = re.compile(r"\b([0-9a-f]{32})@([A-Za-z0-9.-]{1,255})")


@dataclass(frozen=True)
class Bounce:
    """What a mail says: of whom (`failures`), and by what it can be matched to a message of ours.

    `arrived_at` are addresses it was sent to, `sent_from` those that the returned message or the report give as its
    sender, the likeliest first. `message_ids` are all of our form (32 hexadecimal digits @ a host) in it.
    """

    kind: Kind = Kind.NONE
    failures: tuple[Failure, ...] = ()
    arrived_at: tuple[str, ...] = ()
    sent_from: tuple[str, ...] = ()
    message_ids: tuple[tuple[str, str], ...] = ()

    @property
    def addresses(self) -> list[str]:
        """The addresses that the kind is said of."""
        return list(once(each.address for each in self.failures if each.kind is self.kind))

    @property
    def over(self) -> bool:
        """Whether the message will not arrive any more."""
        return any(each.over for each in self.failures)


def read(content: bytes) -> Bounce:
    """What the mail says. Any bytes may come: what cannot be read says nothing."""
    try:
        return _read(content)
    except (RecursionError, LookupError, ValueError, TypeError, AttributeError) as error:
        # The standard library's parser fails over malformed mails in ways of its own.
        logger.warning("A mail is malformed beyond reading: %r", error)
        return Bounce()


def _read(content: bytes) -> Bounce:
    message = parts.parsed(content)
    failures = tuple(_failures(message))
    kinds = {each.kind for each in failures}
    kind = next((each for each in (Kind.PERMANENT, Kind.TEMPORARY) if each in kinds), Kind.NONE)
    return Bounce(
        kind,
        failures,
        arrived_at=_addresses([message], *_ARRIVED_AT),
        sent_from=_senders(message),
        message_ids=_message_ids(message, content),
    )


def _failures(message: Message) -> list[Failure]:
    if origin.is_answer(message) or origin.is_list_mail(message):
        return []
    if any(part.get_content_type() in _SILENT_PARTS for part in parts.own_parts(message)):
        return prose.told(message) if _REJECTED.search(parts.text(message)) else []
    reported: list[Failure | None] | None = reports.reported(message)
    if reported is None:
        reported = _unreported(message)
    failures = [each for each in reported if each is not None]
    if len(failures) == 1 and not failures[0].address:
        failures = [replace(failures[0], address=_recipient(message))]
    return failures


def _recipient(message: Message) -> str:
    """Whom the mail is about where its report names nobody but a place on the server's disk, say."""
    return next(iter(prose.failed_by_header(message) or prose.of_returned(message)), "")


def _unreported(message: Message) -> list[Failure | None]:
    """Of a mail without status parts: fields in its text, or else its words."""
    notice = origin.by_server(message) or (origin.called_failure(message) and origin.by_program(message))
    if not notice or origin.is_automatic(message):
        return []
    return reports.in_text(parts.text(message)) or [*prose.told(message)]


def _addresses(messages: list[Message], *names: str) -> tuple[str, ...]:
    return once(
        found[0] for each in messages for value in parts.headers(each, *names) for found in ADDRESS.finditer(value)
    )


def _senders(message: Message) -> tuple[str, ...]:
    """The sender of the returned message, by its headers and by the report (Original-Envelope-Id)."""
    reported = [
        found[0]
        for part in parts.own_parts(message)
        if part.get_content_type() in reports.STATUS_PARTS
        for found in ADDRESS.finditer(parts.decoded(parts.source(part)))
    ]
    return once([*_addresses(parts.returned(message), *_SENT_FROM), *reported])


def _message_ids(message: Message, content: bytes) -> tuple[tuple[str, str], ...]:
    """All Message-IDs of our form, wherever they stand: in the returned headers, in References, in the text."""
    texts = [content[: parts.MOST].decode("latin-1")]
    texts += [parts.decoded(parts.source(part)) for part in parts.own_parts(message)]
    return tuple({(found[1], found[2].lower()): None for text in texts for found in _MESSAGE_ID.finditer(text)})
