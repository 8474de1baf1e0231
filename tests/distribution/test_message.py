"""The mail of a delivery, as its recipient gets it."""

import datetime as dt
import email
import email.policy
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils.html import escape

from members.models import Organisation
from notices import personal
from notices.distribution import contents, message
from notices.distribution.envelope import Envelope
from notices.models import Delivery, Notice, Relation, Release
from tests.cast import Cast

Issue = Callable[..., Release]
DEADLINE = dt.date(2024, 11, 29)


@pytest.fixture(autouse=True)
def site(settings) -> None:
    settings.SITE_URL = "https://shuchi.example"
    settings.DEFAULT_FROM_EMAIL = "notice@shuchi.example"


def delivery_to(release: Release, organisation: Organisation) -> Delivery:
    return Delivery.objects.get(receipt__release=release, receipt__organisation=organisation)


def parsed(built: EmailMultiAlternatives) -> EmailMessage:
    """The message as a mail program reads it from the bytes that are sent."""
    return email.message_from_bytes(Envelope.of(built).content, policy=email.policy.default)


def text(built: EmailMultiAlternatives, subtype: str = "plain") -> str:
    return parsed(built).get_body((subtype,)).get_content()


def test_the_pharmacy_reads_who_what_and_until_when(cast: Cast, issue: Issue) -> None:
    delivery = delivery_to(
        issue(deadline=DEADLINE, covering_pharmacies="お忙しいところ恐れ入ります。"), cast.pharmacies[3]
    )
    built = message.build(delivery)
    for part in (text(built), text(built, "html")):
        for words in (
            "髙﨑薬局 御中",
            "公益社団法人福岡県薬剤師会",
            "6福薬業発第337号",
            "令和6年10月30日",
            "在宅訪問を行う薬局",
            "残薬を確かめ、処方医に伝える",
            "11月29日（金）",
            "お忙しいところ恐れ入ります。",
            "別添1　厚生労働省からの文書",
            "「確認しました」",
            personal.address(delivery),
        ):
            assert words in part
        assert "転送用" not in part


def test_the_subject_begins_with_the_deadline_where_there_is_one(cast: Cast, issue: Issue) -> None:
    built = message.build(delivery_to(issue(deadline=DEADLINE), cast.pharmacies[0]))
    assert parsed(built)["Subject"] == "【11月29日まで】在宅患者の残薬調整について（6福薬業発第337号）"
    assert b"\r\nSubject: =?utf-8?b?" in Envelope.of(built).content
    built = message.build(delivery_to(issue(serial=338), cast.pharmacies[0]))
    assert parsed(built)["Subject"] == "在宅患者の残薬調整について（6福薬業発第338号）"


def test_headers_name_one_sender_one_recipient_and_a_fixed_message_id(cast: Cast, issue: Issue) -> None:
    delivery = delivery_to(issue(), cast.pharmacies[0])
    found = parsed(message.build(delivery))
    assert found["From"] == "公益社団法人福岡県薬剤師会 <notice@shuchi.example>"
    assert found["To"] == "box4@mail4.example"
    assert found["Reply-To"] == "box1@mail1.example"
    assert found["Message-ID"] == f"<{delivery.message_key.hex}@shuchi.example>"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found["Date"].datetime.tzinfo
    assert [found[name] for name in ("Cc", "Bcc", "List-Unsubscribe")] == [None, None, None]
    assert parsed(message.build(delivery))["Message-ID"] == found["Message-ID"]


def test_the_chair_is_asked_to_confirm_receipt_and_gets_an_address_to_forward(cast: Cast, issue: Issue) -> None:
    delivery = delivery_to(issue(deadline=DEADLINE, covering_chairs="会員へのご周知をお願いします。"), cast.shirasagi)
    built = message.build(delivery)
    for part in (text(built), text(built, "html")):
        assert "白鷺地区薬剤師会会長 殿" in part
        assert "受領を確認しました" in part
        assert "会員への周知" in part
        assert "会員へのご周知をお願いします。" in part
        assert personal.address(delivery) in part
        assert personal.address(delivery, personal.Scope.FORWARD) in part


@pytest.mark.parametrize(("in_letter", "in_mail"), [("様", "様"), ("各位", "殿"), ("", "殿")])
def test_the_chair_is_addressed_as_in_the_letter(cast: Cast, issue: Issue, in_letter: str, in_mail: str) -> None:
    release = issue(deadline=DEADLINE)
    release.notice.honorific = in_letter
    release.notice.save()
    built = message.build(delivery_to(release, cast.shirasagi))
    assert f"白鷺地区薬剤師会会長 {in_mail}" in text(built)
    assert f"白鷺地区薬剤師会会長 {in_mail}" in text(built, "html")


def test_an_information_asks_nothing_of_pharmacies(cast: Cast, issue: Issue) -> None:
    built = message.build(delivery_to(issue(ask=Release.Ask.INFORM), cast.pharmacies[0]))
    for part in (text(built), text(built, "html")):
        assert "お知らせ" in part
        assert "確認" not in part
        assert "いつまでに" not in part
        assert "期限" not in part


def test_chairs_are_asked_to_confirm_receipt_of_an_information_too(cast: Cast, issue: Issue) -> None:
    built = message.build(delivery_to(issue(ask=Release.Ask.INFORM), cast.shirasagi))
    for part in (text(built), text(built, "html")):
        assert "受領を確認しました" in part
        assert "期限" not in part


def test_a_link_sent_again_says_so(cast: Cast, issue: Issue) -> None:
    delivery = delivery_to(issue(deadline=DEADLINE), cast.pharmacies[0])
    delivery.purpose = Delivery.Purpose.AGAIN
    built = message.build(delivery)
    assert parsed(built)["Subject"] == "【リンクの再送】【11月29日まで】在宅患者の残薬調整について（6福薬業発第337号）"
    assert "あらためてお送りします" in text(built)


@pytest.mark.parametrize(
    "name",
    [
        "髙﨑𠮷濵薬局",
        "神\ufa19社前 \ufa1b祉薬局",
        "葛\U000e0100城薬局",
        "\ue000外字薬局",
        "<script>薬局&O'Brien\"",
        "長" * 200,
    ],
)
def test_names_arrive_to_the_byte(cast: Cast, issue: Issue, name: str) -> None:
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(name=name)
    built = message.build(delivery_to(issue(), cast.pharmacies[0]))
    assert f"{name} 御中" in text(built)
    assert f"{escape(name)} 御中" in text(built, "html")
    assert "<script>" not in text(built, "html")


def test_line_breaks_make_no_headers(cast: Cast, issue: Issue) -> None:
    release = issue()
    Notice.objects.filter(pk=release.notice_id).update(subject="一行目\r\nBcc: everyone@evil.example\u2028二行目")
    Organisation.objects.filter(pk=cast.association.pk).update(name="薬剤師会\nX-Evil: 1")
    found = parsed(message.build(delivery_to(release, cast.pharmacies[0])))
    assert found["Subject"] == "一行目 Bcc: everyone@evil.example 二行目（6福薬業発第337号）"
    assert found["From"].addresses[0].addr_spec == "notice@shuchi.example"
    assert found["Bcc"] is None
    assert found["X-Evil"] is None


def test_a_masked_message_leads_nowhere(cast: Cast, issue: Issue) -> None:
    delivery = delivery_to(issue(), cast.shirasagi)
    built = message.build(delivery, masked=True)
    for part in (text(built), text(built, "html")):
        for scope in personal.Scope:
            assert personal.address(delivery, scope) not in part
        assert "https://shuchi.example/n/…/" in part


# Corrections and withdrawals ------------------------------------------------------------------------------------------


def taking_back(issue: Issue, kind: Relation.Kind, **plan: object) -> Release:
    """A second notice that corrects or withdraws the first."""
    before = issue()
    release = issue("残薬調整の訂正について", serial=338, **plan)
    Relation.objects.create(source=release.notice, kind=kind, target=before.notice)
    return release


def stands_in_order(part: str, *words: str) -> bool:
    places = [part.find(each) for each in words]
    return -1 not in places and places == sorted(places)


def test_a_correction_names_the_earlier_notice_then_what_changed_then_what_is_asked(cast: Cast, issue: Issue) -> None:
    release = taking_back(issue, Relation.Kind.CORRECTS, deadline=DEADLINE, changed="期限が変わりました。\n<b>別添</b>")
    for organisation, button in ((cast.pharmacies[0], "確認しました"), (cast.shirasagi, "受領を確認しました")):
        built = message.build(delivery_to(release, organisation))
        assert parsed(built)["Subject"] == "【11月29日まで】残薬調整の訂正について（6福薬業発第338号）"
        for part, changed in ((text(built), "<b>別添</b>"), (text(built, "html"), "&lt;b&gt;別添&lt;/b&gt;")):
            assert stands_in_order(
                part.partition("<body")[2] or part,
                "次の通知を訂正します",
                "6福薬業発第337号　令和6年10月30日",
                "在宅患者の残薬調整について",
                "変わったところ",
                "期限が変わりました。",
                changed,
                f"前の通知を確認済みでも、もう一度「{button}」を押してください。",
                "残薬調整の訂正について",
                "残薬を確かめ、処方医に伝える",
            )


def test_a_withdrawal_asks_nothing_but_not_to_use_the_earlier_notice(cast: Cast, issue: Issue) -> None:
    release = taking_back(issue, Relation.Kind.WITHDRAWS, ask=Release.Ask.INFORM, changed="制度が変わりました。")
    for organisation in (cast.pharmacies[0], cast.shirasagi):
        assert "もう一度" not in text(message.build(delivery_to(release, organisation)))
    built = message.build(delivery_to(release, cast.pharmacies[0]))
    assert parsed(built)["Subject"] == "【廃止】残薬調整の訂正について（6福薬業発第338号）"
    for part in (text(built), text(built, "html")):
        assert stands_in_order(
            part,
            "次の通知を廃止します",
            "6福薬業発第337号",
            "通知を使わないでください",
            "廃止の理由",
            "制度が変わりました。",
        )
        for words in ("残薬を確かめ", "誰が", "変わったところ", "「確認しました」"):
            assert words not in part


def test_a_link_to_a_correction_sent_again_keeps_its_deadline(cast: Cast, issue: Issue) -> None:
    delivery = delivery_to(taking_back(issue, Relation.Kind.CORRECTS, deadline=DEADLINE), cast.pharmacies[0])
    delivery.purpose = Delivery.Purpose.AGAIN
    assert (
        message.build(delivery).subject == "【リンクの再送】【11月29日まで】残薬調整の訂正について（6福薬業発第338号）"
    )


@pytest.mark.parametrize(
    ("kind", "subject", "begins"),
    [
        (Relation.Kind.CORRECTS, "（訂正）残薬調整について", "【訂正】残薬調整について（6"),
        (Relation.Kind.CORRECTS, "（再訂正）残薬調整について", "【再訂正】残薬調整について（6"),
        (Relation.Kind.CORRECTS, "残薬調整の期限について", "【訂正】残薬調整の期限について（6"),
        (Relation.Kind.WITHDRAWS, "「残薬調整について」の廃止について", "【廃止】「残薬調整について」（6"),
        (Relation.Kind.WITHDRAWS, "残薬調整の廃止について", "残薬調整の廃止について（6"),
        (Relation.Kind.FOLLOWS_UP, "（訂正）残薬調整について", "（訂正）残薬調整について（6"),
    ],
)
def test_a_mail_s_subject_says_once_that_it_takes_something_back(
    cast: Cast, issue: Issue, kind: Relation.Kind, subject: str, begins: str
) -> None:
    release = taking_back(issue, kind)
    release.notice.subject = subject
    release.notice.save()
    built = message.build(delivery_to(release, cast.pharmacies[0]))
    assert built.subject.startswith(begins)
    assert f">{subject}</h1>" in text(built, "html")  # as the letter is called


@pytest.mark.parametrize("kind", [Relation.Kind.FOLLOWS_UP, Relation.Kind.CITES])
def test_other_relations_take_nothing_back(cast: Cast, issue: Issue, kind: Relation.Kind) -> None:
    built = message.build(delivery_to(taking_back(issue, kind, changed="何か"), cast.pharmacies[0]))
    assert built.subject.startswith("残薬調整の訂正について")
    assert "次の通知を" not in text(built)
    assert "何か" not in text(built)


# The letter -----------------------------------------------------------------------------------------------------------


def test_the_letter_is_attached_where_staff_have_chosen_so(cast: Cast, issue: Issue) -> None:
    release = issue(attach_letter=True)
    built = message.build(delivery_to(release, cast.pharmacies[0]))
    [letter] = parsed(built).iter_attachments()
    assert (letter.get_filename(), letter.get_content_type()) == ("letter.pdf", "application/pdf")
    assert letter.get_content() == release.letter.read()
    for part in (text(built), text(built, "html")):
        assert "このメールにも letter.pdf として付けています" in part
    bare = message.build(delivery_to(issue(serial=338), cast.pharmacies[0]))
    assert not list(parsed(bare).iter_attachments())
    assert "letter.pdf" not in text(bare)


def test_whoever_moves_is_led_to_the_association(cast: Cast, issue: Issue) -> None:
    built = message.build(delivery_to(issue(), cast.pharmacies[0]))
    for part in (text(built), text(built, "html")):
        assert "変えるときは" in part
        assert "このメールに返信して事務局へお知らせください" in part
    cast.association.mailboxes.update(usable=False)
    built = message.build(delivery_to(issue(serial=338), cast.pharmacies[0]))
    assert parsed(built)["Reply-To"] is None
    assert "返信して" not in text(built)


def test_a_deadline_of_the_next_year_says_its_year_in_subject_and_text(cast: Cast, issue: Issue) -> None:
    release = issue(deadline=dt.date(2025, 1, 15))
    assert contents.subject(release, Delivery.Purpose.NOTICE).startswith("【令和7年1月15日まで】")
    assert "令和7年1月15日（水）" in [row.text for row in contents.rows(release, "pharmacy")]


def test_an_address_without_a_title_is_named_itself(cast: Cast, issue: Issue) -> None:
    release = issue()
    release.notice.attachments.create(position=9, label="参考", title="", url="https://portal.example/guide")
    for part in ("plain", "html"):
        assert "参考　https://portal.example/guide" in text(
            message.build(delivery_to(release, cast.pharmacies[0])), part
        )
