"""Every seal is mailed to every administrator, however long the mail server is away."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from members import tasks
from members.models import Account, Capacity, Seal, SealMail
from members.models.account import Role
from members.seals import mailing, sealing
from tests.cast import Cast
from tests.members.seals.conftest import DAY, FIRST, happens
from tests.members.seals.test_verifying import verifyhistory
from tests.servers.smtp import SmtpSink

ADMINISTRATOR = "admin@shuchi.example"


@pytest.fixture
def sink(settings: Settings) -> Iterator[SmtpSink]:
    """The site's mail server."""
    server = SmtpSink()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield server
    server.stop()


def add_administrator(cast: Cast, email: str, **account: object) -> Account:
    made = Account.objects.create_account(email, "山本 直")
    Account.objects.filter(pk=made.pk).update(**account)
    Capacity.objects.create(account=made, organisation=cast.association, role=Role.ADMINISTRATOR)
    return made


def rested() -> None:
    """Time passes until the next try."""
    SealMail.objects.update(tried_at=timezone.now() - mailing.AGAIN - dt.timedelta(minutes=1))


def test_each_administrator_gets_one_message_and_nobody_else_any(cast: Cast, sink: SmtpSink):
    add_administrator(cast, "second@shuchi.example")
    add_administrator(cast, "disabled@shuchi.example", is_active=False)
    left = add_administrator(cast, "left@shuchi.example")
    left.capacities.update(ended_at=timezone.now())
    happens(cast)
    tasks.seal_history()
    tasks.seal_history()
    assert sorted(mail.recipients for mail in sink.mails) == [(ADMINISTRATOR,), ("second@shuchi.example",)]


def test_the_mail_tells_the_day_the_count_the_seal_and_how_to_check_it(cast: Cast, sink: SmtpSink):
    happens(cast)
    seal = sealing.seal(FIRST)
    mailing.mail_out()
    [mail] = sink.mails
    assert mail.message["Subject"] == "記録の封 第1号（2026-11-01）"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    lines = mail.text().splitlines()
    assert "  日　：令和8年11月1日（日）" in lines
    assert "  記録：3 件（前の封のあとに加わったもの）" in lines
    assert str(seal) in lines, "in a line of its own, to be copied"
    assert f"  .venv/bin/python manage.py verifyhistory --seal {seal}" in lines
    assert verifyhistory("--seal", lines[lines.index(str(seal))])[0] == 0


def test_a_mail_server_that_is_away_loses_no_seal(cast: Cast, sink: SmtpSink):
    sink.stop()
    for day in range(2):
        happens(cast)
        sealing.seal(FIRST + day * DAY)
        assert mailing.mail_out() == 0
    assert Seal.objects.count() == 2
    sink.start()
    assert mailing.mail_out() == 0, "it is left alone for a while"
    rested()
    assert mailing.mail_out() == 2
    assert [str(seal) in mail.text() for seal, mail in zip(Seal.objects.all(), sink.mails, strict=True)] == [True] * 2


def test_an_address_that_is_refused_holds_up_nobody(cast: Cast, sink: SmtpSink):
    add_administrator(cast, "second@shuchi.example")
    sink.refuse("550 5.1.1 no such user", ADMINISTRATOR)
    sealing.seal(FIRST)
    assert mailing.mail_out() == 1
    assert [mail.recipients for mail in sink.mails] == [("second@shuchi.example",)]
    sink.accept()
    rested()
    assert mailing.mail_out() == 1


def test_who_is_disabled_before_the_mail_went_out_gets_none(cast: Cast, sink: SmtpSink):
    sealing.seal(FIRST)
    Account.objects.filter(email=ADMINISTRATOR).update(is_active=False)
    assert mailing.mail_out() == 0
    assert sink.mails == []


def test_a_mail_that_another_worker_has_in_hand_is_left_to_it(cast: Cast, sink: SmtpSink):
    sealing.seal(FIRST)
    SealMail.objects.update(tried_at=timezone.now())
    assert mailing.mail_out() == 0
