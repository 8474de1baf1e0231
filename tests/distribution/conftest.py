"""A release that is about to go out, and a mail server that also fails in the ways that servers do."""

import datetime as dt
from collections.abc import Callable, Iterator
from email.header import decode_header, make_header

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from django.utils import timezone
from pytest_django.fixtures import Settings

from members.history import Actor
from notices.distribution import recipients
from notices.models import Attachment, DocumentNumber, Notice, Release, StoredFile
from tests.cast import Cast
from tests.cast import cast as cast
from tests.distribution.deliveries import ADDRESS, Issue
from tests.servers.smtp import Mail, SmtpSink


class FailingSink(SmtpSink):
    """Takes a message and breaks off, refuses it after its last byte, or wants another password, as told."""

    def __init__(self) -> None:
        self.breaks_off = 0
        self.after_data = ""
        self.password = b""
        self.at_rcpt: Callable[[str], object] | None = None
        self.at_data: Callable[[str], object] | None = None
        super().__init__()

    def start(self) -> None:
        """With a password set, the server lets nobody in who has another."""
        choices = {"authenticator": self.authenticate, "auth_require_tls": False} if self.password else {}
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **choices)
        self._controller.start()

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=login.password == self.password, handled=False)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Something happens elsewhere while the server thinks about the recipient."""
        if self.at_rcpt:
            self.at_rcpt(address)
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.at_data:
            self.at_data(envelope.rcpt_tos[0])
        if self.after_data:
            return self.after_data
        answer = await super().handle_DATA(server, session, envelope)
        if self.breaks_off:
            self.breaks_off -= 1
            server.transport.abort()
        return answer


@pytest.fixture
def sink(settings: Settings) -> Iterator[FailingSink]:
    """The site's mail server."""
    server = FailingSink()
    settings.EMAIL_URL = server.url
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 20
    settings.SITE_URL = "https://shuchi.example"
    settings.DEFAULT_FROM_EMAIL = "notice@shuchi.example"
    yield server
    server.stop()


@pytest.fixture
def issue(cast: Cast) -> Callable[..., Release]:
    """Issues a notice of the cast's association: fixed, its recipients written, nothing sent yet."""

    def issue_now(subject: str = "在宅患者の残薬調整について", serial: int = 337, **plan: object) -> Release:
        notice = cast.draft(subject, **{"who": "在宅訪問を行う薬局", "what": "残薬を確かめ、処方医に伝える"} | plan)
        DocumentNumber.objects.create(
            notice=notice,
            issuer=cast.association,
            text=f"6福薬業発第{serial}号",
            series="福薬業発",
            fiscal_year=2024,
            serial=serial,
        )
        Attachment.objects.create(notice=notice, position=1, label="別添1", title="厚生労働省からの文書", text="本文")
        notice.state, notice.date = Notice.State.RELEASED, dt.date(2024, 10, 30)
        notice.save()
        release = notice.release
        release.state, release.released_at, release.released_on = Release.State.SENDING, timezone.now(), notice.date
        release.approval, release.released_by = cast.approval_of(notice), cast.capacities["staff"].account
        release.letter = StoredFile.objects.keep(f"%PDF-1.7 {serial}".encode(), "letter.pdf", "application/pdf")
        release.save()
        recipients.write(release)
        return release

    return issue_now


@pytest.fixture
def gathered(issue: Issue) -> Callable[..., Release]:
    """Issues an お知らせ whose mails wait for others."""
    serials = iter(range(401, 500))

    def issue_one(subject: str = "研修会の案内", gathers: str = Release.Gathers.DAILY, **plan: object) -> Release:
        return issue(subject, next(serials), ask=Release.Ask.INFORM, deadline=None, gathers=gathers, **plan)

    return issue_one


def whole(mail: Mail) -> str:
    """Everything a recipient can read in the mail: headers, text and HTML, decoded."""
    headers = "\n".join(f"{name}: {value}" for name, value in mail.message.items())
    return "\n".join([headers, mail.text("plain"), mail.text("html")])


def acting(cast: Cast) -> Actor:
    """A member of the association's staff at work."""
    capacity = cast.capacities["staff"]
    return Actor(capacity.account, capacity)


def subject(sink: FailingSink, address: str = ADDRESS) -> str:
    """Of the first mail to the address."""
    return str(make_header(decode_header(sink.to(address)[0].message["Subject"])))
