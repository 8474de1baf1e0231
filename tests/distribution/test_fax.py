"""FAX through the e-mail gateway: one mail for one FAX, worked off by the outbox like any other."""

import email
import email.policy
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from django.conf import settings as django_settings
from pytest_django.fixtures import Settings

from members.models import Organisation
from notices import pdf
from notices.distribution import gateway, outbox, sheets
from notices.distribution.message import Wordings
from notices.distribution.sheet_guide import Guides
from notices.models import Delivery, Release, Step
from notices.models.receipt import Reach
from tests.cast import Cast
from tests.distribution.conftest import FailingSink
from tests.distribution.paper import LETTER_PAGES, delivery_to, name_office, pages, wants_fax, with_letter
from tests.distribution.paper import letter as letter
from tests.servers.smtp import Mail

Issue = Callable[..., Release]
State = Delivery.State
PATTERN = "{number}@fax.example"


@pytest.fixture(autouse=True)
def office(settings: Settings, cast: Cast, sink: FailingSink) -> None:
    settings.FAX_GATEWAY = PATTERN
    name_office(cast)


def papers_of(mail: Mail) -> dict[str, bytes]:
    """The attached files by name, in their order."""
    return {part.get_filename(): part.get_content() for part in mail.message.iter_attachments()}


def test_the_gateway_gets_one_mail_a_fax_with_sheet_and_letter(
    cast: Cast, issue: Issue, sink: FailingSink, letter: bytes
) -> None:
    cast.pharmacies[0].name = "髙﨑𠮷田薬局"
    wants_fax(cast.pharmacies[0])
    release = with_letter(issue(), letter)
    delivery = delivery_to(release, cast.pharmacies[0])
    outbox.send_due(100)
    [mail] = sink.to("0920000200@fax.example")
    assert mail.recipients == ("0920000200@fax.example",)
    assert mail.message["To"] == "0920000200@fax.example"
    assert mail.message["Subject"] == "FAX 6福薬業発第337号"
    assert mail.message["Message-ID"] == f"<{delivery.message_key.hex}@shuchi.example>"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert (mail.sender, mail.message["From"]) == ("notice@shuchi.example", "notice@shuchi.example")
    assert "髙﨑𠮷田薬局" in mail.text()
    found = papers_of(mail)
    assert list(found) == ["sheet.pdf", "letter.pdf"]
    assert found["letter.pdf"] == letter
    [text] = pages(found["sheet.pdf"])
    assert "髙﨑𠮷田薬局御中" in text
    assert f"1枚目／全{1 + LETTER_PAGES}枚" in text
    delivery.refresh_from_db()
    assert (delivery.state, delivery.receipt.reach) == (State.SENT, Reach.SENT)


def test_each_gets_its_own_and_mails_go_out_beside_them(
    cast: Cast, issue: Issue, sink: FailingSink, letter: bytes
) -> None:
    wants_fax(*cast.pharmacies[:3])
    release = with_letter(issue(), letter)
    outbox.send_due(100)
    assert len(sink.mails) == 8
    for number, pharmacy in enumerate(cast.pharmacies[:3]):
        [mail] = sink.to(f"09200002{number:02}@fax.example")
        [text] = pages(papers_of(mail)["sheet.pdf"])
        assert [other.name for other in cast.pharmacies if other.name in text] == [pharmacy.name]
    assert {receipt.reach for receipt in release.receipts.all()} == {Reach.SENT}


@pytest.mark.parametrize(
    ("pattern", "address"),
    [
        ("{number}@fax.example", "0920000199@fax.example"),
        ("{intl}@fax.example", "+81920000199@fax.example"),
        ("fax+{number}@gateway.example", "fax+0920000199@gateway.example"),
        ("send@{number}.fax.example", "send@0920000199.fax.example"),
    ],
)
def test_the_gateway_s_address_holds_the_number(settings: Settings, pattern: str, address: str) -> None:
    settings.FAX_GATEWAY = pattern
    assert gateway.address("０９２（０００）０１９９") == address


def test_a_gateway_that_knows_one_sender_gets_that_one(
    cast: Cast, issue: Issue, sink: FailingSink, settings: Settings, letter: bytes
) -> None:
    settings.FAX_SENDER, settings.BOUNCE_ADDRESS = "fax@shuchi.example", "bounce@shuchi.example"
    wants_fax(cast.pharmacies[0])
    with_letter(issue(), letter)
    outbox.send_due(100)
    [mail] = sink.to("0920000200@fax.example")
    assert (mail.sender, mail.message["From"]) == ("fax@shuchi.example", "fax@shuchi.example")


def test_bounces_of_a_fax_come_back_to_its_delivery(
    cast: Cast, issue: Issue, sink: FailingSink, settings: Settings, letter: bytes
) -> None:
    settings.BOUNCE_ADDRESS = "bounce@shuchi.example"
    wants_fax(cast.pharmacies[0])
    delivery = delivery_to(with_letter(issue(), letter), cast.pharmacies[0])
    outbox.send_due(100)
    [mail] = sink.to("0920000200@fax.example")
    assert mail.sender.startswith(f"bounce+{delivery.pk:x}-")


def test_a_refused_fax_says_so_in_words_for_fax(cast: Cast, issue: Issue, sink: FailingSink, letter: bytes) -> None:
    wants_fax(cast.pharmacies[0])
    release = with_letter(issue(), letter)
    sink.refuse("550 5.1.1 no such number", "0920000200@fax.example")
    outbox.send_due(100)
    receipt = release.receipts.get(organisation=cast.pharmacies[0])
    assert receipt.reach == Reach.FAILED
    assert receipt.reach_reason.startswith("FAXを受け付けてもらえませんでした")
    assert "メールアドレス" not in receipt.reach_reason


def test_a_fax_that_is_put_off_waits_like_a_mail(cast: Cast, issue: Issue, sink: FailingSink, letter: bytes) -> None:
    wants_fax(cast.pharmacies[0])
    delivery = delivery_to(with_letter(issue(), letter), cast.pharmacies[0])
    sink.refuse("450 4.2.0 line busy", "0920000200@fax.example")
    outbox.send_due(100)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.deferrals) == (State.WAITING, 1)
    assert delivery.outcome == "FAXのゲートウェイが後で送るよう求めました"


# Rendering ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many sheets were rendered at once, each time."""
    counts: list[int] = []
    render = sheets.render

    def counted(deliveries: list[Delivery], letter_pages: int, guides: Guides) -> list[bytes]:
        counts.append(len(deliveries))
        return render(deliveries, letter_pages, guides)

    monkeypatch.setattr(sheets, "render", counted)
    return counts


def sheet_in(content: bytes) -> str:
    """The text of the sheet in a mail as it is sent."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    [text] = pages(next(message.iter_attachments()).get_content())
    return text


def test_many_sheets_are_rendered_at_once(cast: Cast, issue: Issue, letter: bytes, rendered: list[int]) -> None:
    wants_fax(*cast.pharmacies)
    release = with_letter(issue(), letter)
    wordings = Wordings()
    for pharmacy in cast.pharmacies:
        content = wordings.envelope(delivery_to(release, pharmacy)).content
        assert pharmacy.name.replace(" ", "") in sheet_in(content)
    assert rendered == [6]


def test_sheets_of_releases_that_take_turns_are_rendered_once(
    cast: Cast, issue: Issue, letter: bytes, rendered: list[int]
) -> None:
    wants_fax(*cast.pharmacies[:2])
    releases = [with_letter(issue(serial=serial), letter) for serial in (337, 338)]
    wordings = Wordings()
    for pharmacy in cast.pharmacies[:2]:
        for release in releases:
            wordings.envelope(delivery_to(release, pharmacy))
    assert rendered == [2, 2]


def test_a_sheet_that_was_made_before_its_address_was_revoked_is_made_anew(
    cast: Cast, issue: Issue, letter: bytes, rendered: list[int]
) -> None:
    wants_fax(*cast.pharmacies[:2])
    release = with_letter(issue(), letter)
    wordings = Wordings()
    wordings.envelope(delivery_to(release, cast.pharmacies[0]))
    release.receipts.update(address_version=2)
    wordings.envelope(delivery_to(release, cast.pharmacies[1]))
    assert rendered == [2, 2]


def test_a_sheet_that_cannot_be_rendered_troubles_nobody_else(
    cast: Cast, issue: Issue, letter: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of the second pharmacy lets the sheet run over its page, as a fault of the sheet would."""
    wants_fax(*cast.pharmacies[:3])
    Organisation.objects.filter(pk=cast.pharmacies[1].pk).update(code="")
    make = sheets.html

    def faulty(deliveries: list[Delivery], *more: object) -> str:
        html = make(deliveries, *more)
        bad = any(each.receipt.organisation_id == cast.pharmacies[1].pk for each in deliveries)
        return html.replace("</body>", '<p style="break-before: page">x</p></body>') if bad else html

    monkeypatch.setattr(sheets, "html", faulty)
    release = with_letter(issue(), letter)
    wordings = Wordings()
    first, second, third = (delivery_to(release, each) for each in cast.pharmacies[:3])
    assert cast.pharmacies[0].name in sheet_in(wordings.envelope(first).content)
    with pytest.raises(pdf.RenderFailed):
        wordings.envelope(second)
    assert cast.pharmacies[2].name in sheet_in(wordings.envelope(third).content)


def test_a_fax_without_a_gateway_blames_no_number(
    cast: Cast, issue: Issue, settings: Settings, sink: FailingSink, letter: bytes
) -> None:
    wants_fax(cast.pharmacies[0])
    release = with_letter(issue(), letter)
    settings.FAX_GATEWAY = ""
    outbox.send_due(100)
    release.refresh_from_db()
    assert (release.state, release.paused_reason) == (
        Release.State.PAUSED,
        gateway.NO_GATEWAY,
    )
    assert not Delivery.objects.filter(receipt__release=release, state=State.FAILED).exists()
    assert delivery_to(release, cast.pharmacies[0]).state == State.WAITING


def test_a_number_that_is_none_any_more_cannot_be_written(cast: Cast, issue: Issue, letter: bytes) -> None:
    wants_fax(cast.pharmacies[0])
    release = with_letter(issue(), letter)
    Delivery.objects.filter(receipt__release=release, channel="fax").update(address="12-34")
    with pytest.raises(ValueError, match="Not a FAX number"):
        Wordings().envelope(delivery_to(release, cast.pharmacies[0]))


@pytest.mark.parametrize(("pattern", "starts"), [("{number}@fax.example", True), ("fax@gateway.example", False)])
def test_the_site_does_not_start_with_a_gateway_that_gets_no_number(pattern: str, starts: bool) -> None:
    """Every FAX would go to one and the same address."""
    environment = os.environ | {"FAX_GATEWAY": pattern}
    command = [sys.executable, "-c", "import config.settings"]
    ran = subprocess.run(command, env=environment, cwd=django_settings.BASE_DIR, capture_output=True, text=True)
    assert (ran.returncode == 0) == starts
    assert starts or "FAX_GATEWAY names no place for the number" in ran.stderr


def test_a_fax_brings_the_guide_between_sheet_and_letter(
    cast: Cast, issue: Issue, sink: FailingSink, letter: bytes
) -> None:
    wants_fax(cast.pharmacies[0])
    release = with_letter(issue(ask=Release.Ask.SET_UP), letter)
    Step.objects.create(notice=release.notice, position=1, title="環境設定を開く")
    outbox.send_due(100)
    [mail] = sink.to("0920000200@fax.example")
    found = papers_of(mail)
    assert list(found) == ["sheet.pdf", "guide.pdf", "letter.pdf"]
    assert "環境設定を開く" in "".join(pages(found["guide.pdf"])) and "guide.pdf 1枚" in mail.text()
