"""Mail by SMTP (RFC 5321): one message and one recipient per transaction, over one connection.

Django's backend opens the connection (EMAIL_URL: address, TLS, sign-in); the transaction is spoken here, because what
an error means depends on where it strikes: before DATA nothing was sent, after it nobody knows. An envelope's addresses
are bare and checked (envelope.bare_address), so that they stand in the commands as they are.
"""

import logging
import smtplib
from collections.abc import Callable, Iterator
from types import TracebackType

from django.core.mail.backends.smtp import EmailBackend

from notices.distribution import answers
from notices.distribution.answers import Answer, ServerAway, ServerRefuses
from notices.distribution.envelope import Envelope

logger = logging.getLogger(__name__)

START_MESSAGE = 354
IN_ONE_GO = "pipelining"
CLOSING = 421

Replies = Iterator[tuple[int, bytes]]


class SmtpChannel:
    """A connection that is opened by the first message and closed at the end."""

    def __init__(self) -> None:
        self._backend = EmailBackend(fail_silently=False)

    def __enter__(self) -> "SmtpChannel":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._backend.connection is None:
            return
        try:
            self._backend.connection.quit()
        except OSError as error:
            logger.info("The mail server was gone before the farewell: %s", error)
            self._hang_up()

    def send(
        self,
        envelope: Envelope,
        wanted: Callable[[], bool] | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Answer:
        """One message to its one recipient; `wanted` is asked last, just before the server is told to take it.

        Raises ServerAway or ServerRefuses where no address is to blame.
        """
        try:
            answer = self._announce(envelope, wanted)
        except OSError as error:
            logger.warning("The mail server broke off before the message: %s", error)
            self._hang_up()
            return answers.NO_ANSWER
        return answer or self._transfer(envelope.content, meanwhile)

    def _announce(self, envelope: Envelope, wanted: Callable[[], bool] | None) -> Answer | None:
        """MAIL, RCPT and DATA. None when the server waits for the message; otherwise why it does not."""
        replies = self._ready_from(envelope)
        code, reply = next(replies)
        if not 200 <= code < 300:
            return self._refused(code, reply, replies)
        if wanted is not None and not wanted():
            self._take_back(replies)
            return answers.WITHDRAWN
        code, reply = next(replies)
        return None if code == START_MESSAGE else self._refused(code, reply)

    def _ready_from(self, envelope: Envelope) -> Replies:
        """The replies after that to MAIL. A connection that the server closed between two messages is opened again."""
        code, reply = CLOSING, b""
        if self._backend.connection is not None:
            try:
                replies = self._replies(envelope)
                code, reply = next(replies)
            except OSError as error:
                logger.info("The mail server closed the connection between two messages: %s", error)
        if code == CLOSING:
            self._hang_up()
            self._open()
            replies = self._replies(envelope)
            code, reply = next(replies)
        if 200 <= code < 300:
            return replies
        # MAIL names only ourselves: whatever is refused here is no recipient's fault.
        self._hang_up()
        if code < 500:
            raise ServerAway(answers.BUSY)
        raise ServerRefuses(answers.our_words(code, reply))

    def _replies(self, envelope: Envelope) -> Replies:
        """The replies to MAIL, RCPT and DATA, said in one go where the server takes that (RFC 2920), else in turn."""
        server = self._backend.connection
        commands = [f"MAIL FROM:<{envelope.sender}>", f"RCPT TO:<{envelope.recipient}>", "DATA"]
        if server.has_extn(IN_ONE_GO):
            server.send("".join(f"{command}\r\n" for command in commands))
            for _ in commands:
                yield server.getreply()
        else:
            for command in commands:
                yield server.docmd(command)

    def _take_back(self, replies: Replies) -> None:
        """Nothing is handed over after all: the transaction ends, with the connection where only that ends it."""
        if self._backend.connection.has_extn(IN_ONE_GO) and next(replies)[0] == START_MESSAGE:
            self._hang_up()
        else:
            self._backend.connection.rset()

    def _open(self) -> smtplib.SMTP:
        try:
            self._backend.open()
            self._backend.connection.ehlo_or_helo_if_needed()
        except smtplib.SMTPResponseException as error:
            self._hang_up()
            if error.smtp_code < 500:
                raise ServerAway(answers.BUSY) from error
            raise ServerRefuses(answers.our_words(error.smtp_code, error.smtp_error)) from error
        except (TimeoutError, smtplib.SMTPServerDisconnected) as error:
            self._hang_up()
            raise ServerAway(answers.SILENT) from error
        except smtplib.SMTPException as error:
            raise ServerRefuses(answers.UNFIT) from error
        except OSError as error:
            logger.warning("The mail server cannot be reached: %s", error)
            raise ServerRefuses(answers.CANNOT_CONNECT) from error
        return self._backend.connection

    def _transfer(self, content: bytes, meanwhile: Callable[[], None] | None) -> Answer:
        """The message itself. Whatever breaks here leaves its outcome unknown."""
        server = self._backend.connection
        content = content.removesuffix(b"\r\n").replace(b"\n.", b"\n..")  # RFC 5321 section 4.5.2
        try:
            server.send(content + b"\r\n.\r\n")
            if meanwhile is not None:
                meanwhile()
            code, reply = server.getreply()
        except OSError as error:
            logger.warning("The mail server broke off within the message: %s", error)
            self._hang_up()
            return answers.LOST
        if 200 <= code < 300:
            return answers.ACCEPTED
        if code >= 400:
            return self._refused(code, reply)
        self._hang_up()  # no answer that means anything: whatever follows would be taken for another's
        return answers.LOST

    def _refused(self, code: int, reply: bytes, replies: Replies | None = None) -> Answer:
        """What a 4xx or 5xx means; `replies` are those still to come."""
        # Not what it said: that often quotes the address.
        logger.info("The mail server answered %s", code)
        try:
            if code == CLOSING:
                self._hang_up()
            elif replies is not None:
                self._take_back(replies)
            else:
                self._backend.connection.rset()
        except OSError as error:
            logger.info("The mail server closed the connection after its refusal: %s", error)
            self._hang_up()
        return answers.refused(code, reply)

    def _hang_up(self) -> None:
        """Drop the connection without a farewell, for which a broken one would let us wait."""
        if self._backend.connection is not None:
            self._backend.connection.close()
            self._backend.connection = None
