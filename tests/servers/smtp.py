"""A mail server that keeps what it accepts, and refuses what it is told to refuse."""

import email
import email.policy
import logging
from dataclasses import dataclass
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.processes import free_port, wait_until

logging.getLogger("mail.log").setLevel(logging.WARNING)  # the library tells every command


@dataclass(frozen=True)
class Mail:
    """One accepted message: its envelope, the bytes as they came, and the same parsed."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes
    message: EmailMessage

    def text(self, subtype: str = "plain") -> str:
        """The part of that kind (plain or html), decoded, with plain line ends; empty if there is none."""
        part = self.message.get_body((subtype,))
        return part.get_content().replace("\r\n", "\n") if part else ""


class SmtpSink:
    """A real SMTP server on a free port of this machine."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self._refusals: dict[str, str] = {}
        self.port = free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        """From now on connections are refused, until `start`."""
        self._controller.stop()

    def refuse(self, answer: str, address: str = "*") -> None:
        """Answers RCPT for the address (every address) with e.g. "550 5.1.1 no such user", until `accept`."""
        self._refusals[address] = answer

    def accept(self) -> None:
        """Takes everything again."""
        self._refusals.clear()

    def to(self, address: str) -> list[Mail]:
        """What was accepted for the address, in the order of arrival."""
        return [mail for mail in self.mails if address in mail.recipients]

    def wait_for(self, count: int, address: str | None = None) -> list[Mail]:
        """The mails (to the address) once there are at least `count` of them."""

        def arrived() -> list[Mail]:
            mails = self.to(address) if address else list(self.mails)
            return mails if len(mails) >= count else []

        return wait_until(arrived, f"{count} mails to {address or 'anyone'} (there are {len(self.mails)} in all)")

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._refusals.get(address) or self._refusals.get("*")
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append(Mail(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content, message))
        return "250 OK"
