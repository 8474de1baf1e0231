"""The fast mail server takes, notes and fails as it is told."""

import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.sink import Rule, Sink

CONTENT = "Subject: x\r\nMessage-ID: <one@kenyaku.example>\r\n\r\nyes\r\n"


@pytest.fixture
def fast_sink(tmp_path: Path) -> Iterator[Sink]:
    sink = Sink(tmp_path / "sink", kept=True)
    yield sink
    sink.stop()


def send(sink: Sink, *recipients: str, timeout: float = 20) -> None:
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=timeout) as connection:
        for recipient in recipients:
            connection.sendmail("notice@kenyaku.example", [recipient], CONTENT)


def test_it_notes_each_message_and_keeps_its_bytes(fast_sink: Sink) -> None:
    send(fast_sink, "first@yakkyoku.example", "second@yakkyoku.example")
    one, two = fast_sink.taken()
    assert (one.recipients, one.message_id, one.told) == (("first@yakkyoku.example",), "one@kenyaku.example", True)
    assert one.begun <= one.taken <= two.begun
    assert fast_sink.kept()[0].decode() == CONTENT.removesuffix("\r\n")
    fast_sink.forget()
    assert fast_sink.taken() == []


def test_it_refuses_whom_it_is_told_to_refuse_as_often_as_it_is_told(fast_sink: Sink) -> None:
    fast_sink.order(Rule("rcpt", "451 4.7.1 greylisted", to=["first@yakkyoku.example"], tries=1))
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(fast_sink, "first@yakkyoku.example")
    send(fast_sink, "second@yakkyoku.example", "first@yakkyoku.example")
    fast_sink.order(Rule("mail", "550 5.7.1 not from you", times=1))
    with pytest.raises(smtplib.SMTPSenderRefused):
        send(fast_sink, "third@yakkyoku.example")
    send(fast_sink, "third@yakkyoku.example")
    assert len(fast_sink.taken()) == 3


def test_it_concerns_the_same_share_of_addresses_each_time(fast_sink: Sink) -> None:
    def refused() -> set[str]:
        with smtplib.SMTP("127.0.0.1", fast_sink.port) as connection:
            connection.ehlo()
            connection.mail("notice@kenyaku.example")
            addresses = [f"box{number}@yakkyoku.example" for number in range(200)]
            return {address for address in addresses if connection.rcpt(address)[0] == 450}

    fast_sink.order(Rule("rcpt", "450 4.2.0 later", share=0.3))
    first = refused()
    assert 30 <= len(first) <= 90
    assert refused() == first


@pytest.mark.parametrize("takes", [False, True])
def test_it_breaks_off_after_the_last_dot_having_taken_the_message_or_not(fast_sink: Sink, takes: bool) -> None:
    fast_sink.order(Rule("final", drops=True, takes=takes))
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(fast_sink, "first@yakkyoku.example")
    assert [one.told for one in fast_sink.taken()] == [False] * takes


def test_it_hangs_as_long_as_it_is_told(fast_sink: Sink) -> None:
    fast_sink.order(Rule("connect", seconds=30))
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        send(fast_sink, "first@yakkyoku.example", timeout=0.2)
    fast_sink.order()
    send(fast_sink, "first@yakkyoku.example")


def test_a_stopped_server_refuses_connections_and_goes_on_with_its_log(fast_sink: Sink) -> None:
    send(fast_sink, "first@yakkyoku.example")
    fast_sink.stop()
    with pytest.raises(ConnectionRefusedError):
        send(fast_sink, "second@yakkyoku.example")
    fast_sink.start()
    send(fast_sink, "second@yakkyoku.example")
    assert len(fast_sink.taken()) == 2
