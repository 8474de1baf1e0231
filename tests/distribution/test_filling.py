"""Messages that are filled into a mould equal those that are rendered as a whole."""

import datetime as dt
import email
import email.policy
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from members.models import Mailbox, Organisation
from members.models.organisation import Kind
from notices import personal
from notices.distribution import gathering, message
from notices.distribution.envelope import Envelope, delivery_id_of
from notices.distribution.message import Filling, Wording, Wordings
from notices.distribution.reminders.letter import OfSeveral
from notices.models import Delivery, Relation, Release, StoredFile
from notices.models.receipt import Audience
from tests.cast import Cast
from tests.sizes import RECIPIENTS, WHOLE

Issue = Callable[..., Release]
DEADLINE = dt.date(2024, 11, 29)
NAMES = [
    "髙﨑𠮷濵薬局",
    "神\ufa19社前 \ufa1b祉薬局",
    "葛\U000e0100城薬局",
    "\ue000外字薬局",
    "<script>alert(1)</script>薬局&O'Brien\"",
    "長" * 200,
    ".",
    "..\n.\n.薬局",
    "\r\n--===============0==\r\nBcc: everyone@evil.example",
    "From 薬局\rSubject: evil",
    "recipient {{ own_address }} {% url %} own_token %s \\1 \\g<0>",
    "0123456789abcdef0123456789abcdef",
    "\u202e薬局\u2028店\x85",
]


@pytest.fixture(autouse=True)
def site(settings) -> None:
    settings.SITE_URL = "https://shuchi.example"
    settings.DEFAULT_FROM_EMAIL = "notice@shuchi.example"


@pytest.fixture
def rich(cast: Cast, issue: Issue) -> Release:
    """A release that has everything a mail can hold: what it corrects, covering texts, the letter itself."""
    before = issue(serial=336).notice
    said = {"covering_chairs": "一。\n.\n二。", "covering_pharmacies": ".\n三。", "changed": ".\n<四>"}
    release = issue(deadline=DEADLINE, attach_letter=True, **said)
    pdf = b"%PDF-1.7\n.\r\n" + bytes(range(256)) * 40
    release.letter = StoredFile.objects.keep(pdf, "letter.pdf", "application/pdf")
    release.save()
    Relation.objects.create(source=release.notice, kind=Relation.Kind.CORRECTS, target=before)
    return release


def delivery_to(release: Release, organisation: Organisation) -> Delivery:
    found = Delivery.objects.select_related("receipt__organisation", "receipt__release")
    return found.get(receipt__release=release, receipt__organisation=organisation)


def parsed(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)


def read(content: bytes) -> dict[str, object]:
    """Everything a mail program reads in a message, except the moment it was made."""
    found = parsed(content)
    headers = {name: str(value) for name, value in found.items() if name not in ("Date", "Content-Type")}
    return {
        "headers": headers,
        "type": found.get_content_type(),
        "parts": [part.get_content_type() for part in found.walk()],
        "text": found.get_body(("plain",)).get_content(),
        "html": found.get_body(("html",)).get_content(),
        "attachments": [(part.get_filename(), part.get_content()) for part in found.iter_attachments()],
        "defects": [part.defects for part in found.walk()],
    }


def both(delivery: Delivery, wordings: Wordings | None = None) -> tuple[dict[str, object], dict[str, object]]:
    """The filled message and the whole rendering."""
    filled = (wordings or Wordings()).envelope(delivery)
    return read(filled.content), read(Envelope.of(message.build(delivery)).content)


OF_A_NOTICE = [each for each in Delivery.Purpose if each != Delivery.Purpose.REMINDER]


@pytest.mark.parametrize(
    ("name", "purpose"),
    [*((name, Delivery.Purpose.NOTICE) for name in NAMES), *((NAMES[0], purpose) for purpose in OF_A_NOTICE[1:])],
)
def test_a_filled_message_equals_the_whole_rendering(cast: Cast, rich: Release, name: str, purpose: str) -> None:
    for organisation in (cast.pharmacies[3], cast.shirasagi):
        delivery = delivery_to(rich, organisation)
        delivery.purpose, delivery.receipt.organisation.name = purpose, name
        filled, whole = both(delivery)
        assert filled == whole
        letter = [] if purpose == Delivery.Purpose.ANSWER else [("letter.pdf", rich.letter.read())]
        assert filled["attachments"] == letter, "an answer is no copy of the letter"


def test_a_message_without_attachment_equals_the_whole_rendering_too(cast: Cast, issue: Issue) -> None:
    release = issue(ask=Release.Ask.INFORM)
    for organisation in (cast.pharmacies[3], cast.shirasagi):
        filled, whole = both(delivery_to(release, organisation))
        assert filled == whole
        assert filled["type"] == "multipart/alternative"


@pytest.mark.parametrize("name", NAMES)
def test_a_gathered_mail_equals_the_whole_rendering_too(cast: Cast, issue: Issue, name: str) -> None:
    asked = {"ask": Release.Ask.INFORM, "gathers": Release.Gathers.DAILY}
    releases = [issue(name, serial, attach_letter=serial != 402, **asked) for serial in (401, 402, 403)]
    Organisation.objects.filter(pk__in=[cast.pharmacies[3].pk, cast.shirasagi.pk]).update(name=name[:150])
    for organisation in (cast.pharmacies[3], cast.shirasagi):
        mail = gathering.mail_of(delivery_to(releases[0], organisation))
        assert [each.release_id for each in mail.mail] == [each.pk for each in reversed(releases)]
        filled, whole = both(mail)
        assert filled == whole
        assert [name for name, _ in filled["attachments"]] == ["letter-1.pdf", "letter-3.pdf"]


def test_a_mail_that_holds_what_is_anothers_is_not_made(cast: Cast, issue: Issue) -> None:
    release = issue(ask=Release.Ask.INFORM)
    mail = delivery_to(release, cast.pharmacies[3])
    mail.carried = [delivery_to(release, cast.pharmacies[4])]
    with pytest.raises(OfSeveral):
        Wordings().envelope(mail)


def test_whatever_a_name_holds_both_are_equal(cast: Cast, rich: Release) -> None:
    delivery, wordings = delivery_to(rich, cast.shirasagi), Wordings()

    @settings(max_examples=500 if WHOLE else 50, deadline=None)
    @given(name=st.text(max_size=300))
    def holds(name: str) -> None:
        delivery.receipt.organisation.name = name
        filled, whole = both(delivery, wordings)
        assert filled == whole

    holds()


def test_every_line_of_a_message_is_short_and_ascii(cast: Cast, rich: Release) -> None:
    content = Wordings().envelope(delivery_to(rich, cast.pharmacies[3])).content
    assert content.isascii()
    assert content.count(b"\n") == content.count(b"\r") == content.count(b"\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 78


def test_a_message_sent_twice_carries_the_same_message_id_and_no_other_does(cast: Cast, rich: Release) -> None:
    wordings = Wordings()
    first, other = delivery_to(rich, cast.pharmacies[0]), delivery_to(rich, cast.pharmacies[1])
    ids = [parsed(wordings.envelope(delivery).content)["Message-ID"] for delivery in (first, first, other)]
    assert ids[0] == ids[1] == f"<{first.message_key.hex}@shuchi.example>"
    assert ids[2] != ids[0]


def test_it_is_dated_now(cast: Cast, rich: Release) -> None:
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    dated = parsed(Wordings().envelope(delivery_to(rich, cast.pharmacies[0])).content)["Date"].datetime
    assert before <= dated <= dt.datetime.now(dt.UTC)
    assert dated.utcoffset() == dt.timedelta(hours=9)


def test_only_the_first_message_of_a_wording_asks_the_database(cast: Cast, rich: Release) -> None:
    wordings = Wordings()
    first, second = delivery_to(rich, cast.pharmacies[0]), delivery_to(rich, cast.pharmacies[1])
    wordings.envelope(first)
    with CaptureQueriesContext(connection) as asked:
        wordings.envelope(second)
    assert not asked.captured_queries


def test_bounces_of_each_message_have_an_address_of_their_own(cast: Cast, rich: Release, settings) -> None:
    settings.BOUNCE_ADDRESS = "bounce@shuchi.example"
    delivery = delivery_to(rich, cast.pharmacies[0])
    envelope = Wordings().envelope(delivery)
    assert delivery_id_of(envelope.sender) == delivery.pk
    assert envelope.sender not in envelope.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "x@y.example\nBcc: z@evil.example",
        "x@y.example\r\nBcc: z@evil.example",
        "x@y.example\n",
        "x@y\x00.example",
        "x@y.example, z@evil.example",
        "x y@evil.example",
        "x@y.example>\r\nRCPT TO:<z@evil.example",
        "薬局@y.example",
        "x@",
        "@y.example",
        "x",
        "",
        f"x@{'あ' * 80}.example",
    ],
)
def test_what_is_not_one_address_is_refused(cast: Cast, rich: Release, address: str) -> None:
    delivery = delivery_to(rich, cast.pharmacies[0])
    delivery.address = address
    with pytest.raises(ValueError, match=r"address|label"):
        Wordings().envelope(delivery)


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("a..b@docomo.example", "a..b@docomo.example"),
        (".a.@docomo.example", ".a.@docomo.example"),
        ("info@薬局.example", "info@xn--dgtv77g.example"),
    ],
)
def test_odd_addresses_are_written_as_servers_take_them(cast: Cast, rich: Release, address: str, written: str) -> None:
    delivery = delivery_to(rich, cast.pharmacies[0])
    delivery.address = address
    envelope = Wordings().envelope(delivery)
    assert envelope.recipient == written
    assert f"To: {written}\r\n".encode() in envelope.content
    filled, whole = both(delivery)
    assert filled == whole


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r"])
def test_no_header_is_filled_with_more_than_one_line(cast: Cast, rich: Release, line_break: str) -> None:
    delivery = delivery_to(rich, cast.pharmacies[0])
    filling = Filling(Wording(rich, Audience.PHARMACY, delivery.purpose))
    with pytest.raises(ValueError, match="several lines"):
        filling.mould.filled({"To": f"a@b.example{line_break}Bcc: c@d.example"}, {"plain": b"", "html": b""})


def crowd(cast: Cast, size: int) -> list[Organisation]:
    """So many pharmacies more, each with an address of its own."""
    made = Organisation.objects.bulk_create(
        Organisation(
            kind=Kind.PHARMACY,
            name=f"第{number:03}番の薬局〔{number:03}〕",
            parent=cast.districts[number % 2],
            code=f"41{number:08}",
            position=1000 + number,
        ).fold()
        for number in range(size)
    )
    Mailbox.objects.bulk_create(
        Mailbox(organisation=each, address=f"desk{number:03}@crowd{number:03}.example")
        for number, each in enumerate(made)
    )
    return made


def test_each_message_of_a_prefecture_holds_only_its_own_recipient(cast: Cast, issue: Issue) -> None:
    """With what is its own taken out, nothing is left by which the messages of an audience differ."""
    crowd(cast, RECIPIENTS - 8)
    issue(deadline=DEADLINE)
    wordings = Wordings()
    deliveries = Delivery.objects.select_related("receipt__organisation", "receipt__release")
    assert len(deliveries) == RECIPIENTS
    left: dict[str, set[str]] = {Audience.PHARMACY: set(), Audience.DISTRICT: set()}
    for delivery in deliveries:
        envelope = wordings.envelope(delivery)
        assert envelope.recipient == delivery.address
        found = read(envelope.content)
        everything = "\n".join([str(found["headers"]), found["text"], found["html"]])
        for own in owned_by(delivery):
            assert own in everything
            everything = everything.replace(own, "…")
        left[delivery.receipt.audience].add(everything)
    assert [len(texts) for texts in left.values()] == [1, 1]


def owned_by(delivery: Delivery) -> list[str]:
    """What a message holds of its recipient: name, addresses, and the key of the message itself."""
    scopes = [personal.Scope.OWN]
    if delivery.receipt.audience == Audience.DISTRICT:
        scopes.append(personal.Scope.FORWARD)
    addresses = [personal.address(delivery, scope) for scope in scopes]
    return [delivery.receipt.organisation.name, delivery.address, delivery.message_key.hex, *addresses]
