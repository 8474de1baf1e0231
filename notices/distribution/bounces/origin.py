"""Who wrote a mail: a mail server about a delivery, a program or a person about something else."""

import re
from email.message import Message

from notices.distribution.bounces import parts, phrases

_LISTS = ("List-Id", "List-Post", "List-Unsubscribe", "X-Mailing-List", "X-ML-Name")
_ANSWERING = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Vacation")
_NO_REPLY = re.compile(r"\b(?:no|do-?not)[-_.]?reply|\bsys(?:tem|admin)|\bbounces?\b|\bmailer\b", re.IGNORECASE)


def by_server(message: Message) -> bool:
    """Whether a mail server sent it: by its name, by Exim's header, or without return path and with what it returns.

    An empty return path alone proves nothing: programs that answer for people leave it empty, too.
    """
    return (
        named_daemon(message)
        or "X-Failed-Recipients" in message
        or (_empty_return_path(message) and any(map(parts.is_returned, parts.own_parts(message))))
    )


def is_answer(message: Message) -> bool:
    """By its subject an answer or a forwarded mail, of somebody who is no mail server: it may quote a report."""
    subject = parts.header(message, "Subject")
    return bool(phrases.ANSWERED.match(subject)) and not _empty_return_path(message) and not named_daemon(message)


def is_automatic(message: Message) -> bool:
    """自動返信: an answer by a program on a person's behalf, among them those that ask for a confirmation."""
    subject = parts.header(message, "Subject").lstrip("【[(（「 ")
    return (
        any(name in message for name in _ANSWERING)
        or parts.header(message, "Precedence").lower() == "auto_reply"
        or bool(phrases.AUTOMATIC_ANSWER.match(subject))
        or bool(phrases.AUTOMATIC_ANSWER.search(subject) and not phrases.FAILURE_SUBJECT.search(subject))
    )


def is_list_mail(message: Message) -> bool:
    """A mailing list's mail to its members."""
    many = parts.header(message, "Precedence").lower() in ("list", "bulk") or any(name in message for name in _LISTS)
    return many and not named_daemon(message) and not _empty_return_path(message)


def by_program(message: Message) -> bool:
    """Whether there is a sign that no person sent it."""
    sender = parts.header(message, "From")
    return (
        by_server(message)
        or _empty_return_path(message)
        or not sender
        or bool(_NO_REPLY.search(sender))
        or parts.header(message, "Auto-Submitted").lower() not in ("", "no")
    )


def named_daemon(message: Message) -> bool:
    """Whether the sender's name or address is one that mail servers use."""
    return bool(phrases.DAEMON.search(parts.header(message, "From").replace("_", " ")))


def called_failure(message: Message) -> bool:
    """Whether the subject, which is no answer, calls the mail a notice of failure or delay."""
    subject = parts.header(message, "Subject")
    return bool(phrases.FAILURE_SUBJECT.search(subject)) and not phrases.ANSWERED.match(subject)


def _empty_return_path(message: Message) -> bool:
    """RFC 5321 section 4.5.5: notices carry an empty return path, and so do other automatic mails."""
    return any(re.fullmatch(r"\s*<\s*>\s*", value) for value in parts.headers(message, "Return-Path"))
