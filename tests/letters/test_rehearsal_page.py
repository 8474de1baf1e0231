"""The mails of a draft: looking at them, and trying them out on oneself."""

import pytest
from django.test import Client
from django.utils import timezone

from members import wareki
from members.models import Event
from notices.letters import composing, numbering
from notices.models import Delivery, Notice, Receipt, Relation, Release
from tests.distribution.conftest import FailingSink
from tests.distribution.conftest import sink as sink
from tests.letters.browser import address, shown
from tests.servers.processes import free_port


@pytest.fixture(autouse=True)
def embedded(settings) -> None:
    """No mail server unless a test brings one."""
    settings.EMAIL_URL = ""


def try_out(desk: Client, draft: Notice) -> str:
    return shown(desk.post(address("try_out", draft), follow=True))


def test_both_mails_of_a_draft_are_shown_as_they_would_be_today(desk: Client, draft: Notice) -> None:
    page = shown(desk.get(address("mails", draft))).replace("<wbr>", "")
    for words in ("○○薬局 御中", "○○地区薬剤師会会長 殿", "在宅患者の残薬調整について（", "/n/…/", "/f/…/"):
        assert words in page
    for name in ("pharmacy_mail", "district_mail"):
        answer = desk.get(address(name, draft))
        assert "この通知を開く" in shown(answer)
        assert "sandbox" in answer["Content-Security-Policy"]


def test_the_number_shown_is_the_one_to_be_expected(cast, desk: Client, draft: Notice) -> None:
    expected = numbering.expected(cast.association, timezone.localdate()).text
    assert f"{expected}　{wareki.long_date(timezone.localdate())}" in shown(desk.get(address("mails", draft)))


def test_without_a_mail_server_trying_out_is_not_offered(desk: Client, draft: Notice) -> None:
    for name in ("check", "mails"):
        page = shown(desk.get(address(name, draft)))
        assert "自分に試しに送る" not in page and "試しに送ることはできません" in page


def test_number_and_date_are_expected_ones_only_until_the_approval(cast, desk: Client, draft: Notice) -> None:
    assert "見込み" in shown(desk.get(address("mails", draft)))
    cast.approved(draft)
    assert "見込み" not in shown(desk.get(address("mails", draft)))


def test_the_check_page_offers_to_try_the_mails_out(desk: Client, draft: Notice, settings) -> None:
    settings.EMAIL_URL = "smtp://localhost"
    page = shown(desk.get(address("check", draft)))
    assert "自分に試しに送る" in page
    assert "staff@shuchi.example" in page
    assert address("mails", draft) in page
    assert "メールに付けません" in page


def test_both_mails_go_to_whoever_asks_and_to_nobody_else(desk: Client, draft: Notice, sink: FailingSink) -> None:
    page = try_out(desk, draft)
    assert "試しのメール 2 通を staff@shuchi.example に送りました" in page
    assert [mail.recipients for mail in sink.mails] == [("staff@shuchi.example",)] * 2
    for mail, name in zip(sink.mails, ("○○薬局 御中", "○○地区薬剤師会会長 殿"), strict=True):
        assert mail.message["Subject"].startswith("【試し】在宅患者の残薬調整について（")
        assert mail.message["To"] == "staff@shuchi.example"
        assert name in mail.text("plain")
        assert "https://shuchi.example/n/…/" in mail.text("plain")


def test_trying_out_records_nothing(desk: Client, draft: Notice, sink: FailingSink) -> None:
    before = Event.objects.count()
    try_out(desk, draft)
    assert len(sink.mails) == 2
    assert not Receipt.objects.exists()
    assert not Delivery.objects.exists()
    assert Event.objects.count() == before


def test_the_letter_goes_with_them_where_that_is_chosen(desk: Client, draft: Notice, sink: FailingSink) -> None:
    Release.objects.filter(notice=draft).update(attach_letter=True)
    try_out(desk, draft)
    for mail in sink.mails:
        [letter] = mail.message.iter_attachments()
        assert letter.get_filename() == "letter.pdf"
        assert letter.get_content().startswith(b"%PDF-")
    assert "<b>メールに付けます</b>" in shown(desk.get(address("check", draft)))


def test_a_correction_is_tried_out_as_one(cast, desk: Client, draft: Notice, sink: FailingSink) -> None:
    old = cast.released("前の通知").notice
    Relation.objects.create(source=draft, kind=Relation.Kind.CORRECTS, target=old)
    try_out(desk, draft)
    assert sink.mails[0].message["Subject"].startswith("【試し】【訂正】")
    assert old.number_text in sink.mails[0].text("plain")


def test_a_draft_without_a_plan_yet_is_tried_out_with_the_usual_one(desk: Client, draft: Notice, sink) -> None:
    Release.objects.filter(notice=draft).delete()
    try_out(desk, draft)
    assert composing.plan_of(draft).what in sink.mails[0].text("plain")
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("550 5.1.1 user unknown", "宛先のメールアドレスが存在しません"),
        ("451 4.7.1 try later", "相手のサーバーが後で送るよう求めました"),
        ("550 5.7.1 not allowed", "規則により断りました"),
    ],
)
def test_a_server_that_does_not_take_them_is_quoted_in_plain_words(
    desk: Client, draft: Notice, sink: FailingSink, caplog, answer: str, words: str
) -> None:
    sink.refuse(f"{answer} <staff@shuchi.example>", "staff@shuchi.example")
    page = try_out(desk, draft)
    assert "試しのメールを送れませんでした" in page
    assert words in page
    assert "もう一度お試しください" in page
    assert "staff@shuchi.example" not in caplog.text


def test_a_server_that_is_away_is_said(desk: Client, draft: Notice, settings) -> None:
    settings.EMAIL_URL, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp://127.0.0.1", "127.0.0.1", free_port()
    page = try_out(desk, draft)
    assert "送信サーバーにつながりません" in page
    assert "下書きはそのままです" in page


def test_the_embedded_site_says_that_nothing_is_sent_and_shows_the_mails(desk: Client, draft: Notice) -> None:
    page = try_out(desk, draft)
    assert "メールサーバーにつながっていないため、送っていません" in page
    assert "○○薬局 御中" in page
    assert "自分に試しに送る" not in page
