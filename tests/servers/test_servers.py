"""The servers that other tests rely on do what those believe."""

import smtplib

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from members.models import Event
from notices.grams import STAFF
from notices.models import Notice
from notices.models.grams import number_in_index
from notices.search import index
from tests.servers.smtp import SmtpSink


def send(sink: SmtpSink, recipient: str) -> None:
    with smtplib.SMTP("127.0.0.1", sink.port) as connection:
        connection.sendmail("notice@kenyaku.example", [recipient], "Subject: =?utf-8?b?6YCa55+l?=\r\n\r\nyes\r\n")


def test_the_mail_server_keeps_envelope_and_bytes_of_each_message(smtp_sink: SmtpSink) -> None:
    send(smtp_sink, "first@yakkyoku.example")
    [mail] = smtp_sink.wait_for(1, "first@yakkyoku.example")
    assert (mail.sender, mail.recipients) == ("notice@kenyaku.example", ("first@yakkyoku.example",))
    assert mail.message["Subject"] == "通知"
    assert mail.text() == "yes\n"
    assert mail.content.endswith(b"\r\n\r\nyes\r\n")


def test_the_mail_server_refuses_one_address_or_all_until_told_otherwise(smtp_sink: SmtpSink) -> None:
    smtp_sink.refuse("550 5.1.1 no such user", "gone@yakkyoku.example")
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        send(smtp_sink, "gone@yakkyoku.example")
    assert refusal.value.recipients == {"gone@yakkyoku.example": (550, b"5.1.1 no such user")}
    send(smtp_sink, "second@yakkyoku.example")

    smtp_sink.refuse("451 4.7.1 greylisted")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(smtp_sink, "third@yakkyoku.example")

    smtp_sink.accept()
    send(smtp_sink, "gone@yakkyoku.example")
    assert len(smtp_sink.to("gone@yakkyoku.example")) == 1
    assert smtp_sink.to("third@yakkyoku.example") == []


def test_a_stopped_mail_server_refuses_connections_until_it_starts_again(smtp_sink: SmtpSink) -> None:
    smtp_sink.stop()
    with pytest.raises(ConnectionRefusedError):
        send(smtp_sink, "fourth@yakkyoku.example")
    smtp_sink.start()
    send(smtp_sink, "fourth@yakkyoku.example")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_each_test_with_real_transactions_starts_with_an_empty_history_that_still_refuses(time: int) -> None:
    assert not Event.objects.exists()
    event = Event.objects.create(verb="release.made", at=timezone.now())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        event.delete()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.update(verb="nothing")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", [1, 2])
def test_each_test_with_real_transactions_starts_with_nothing_to_be_found(time: int) -> None:
    assert number_in_index([STAFF]) == 0
    index.renew(Notice.objects.create(subject="訪問看護").pk)
    assert number_in_index([STAFF]) == 1
