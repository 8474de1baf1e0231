"""On paper a district's letter is followed by the association's, which it encloses: not everybody reads QR codes."""

import email
import email.policy

import pytest
from pytest_django.fixtures import Settings

from notices.distribution import by_hand, printing
from notices.distribution.fax import Faxes
from tests.distribution.paper import delivery_to, pages, wants_fax, wants_post, with_letter
from tests.distribution.paper import letter as letter
from tests.passing.conftest import Way

OWN, ENCLOSED = "標記について、別添1のとおり", "各地区薬剤師会会長殿"


@pytest.fixture
def issued(way: Way, letter: bytes) -> Way:
    with_letter(way.release, letter)
    return way


def test_papers_by_post_hold_both_letters_and_count_their_pages(issued: Way) -> None:
    pharmacy = issued.cast.pharmacies[1]
    wants_post(pharmacy)
    release = issued.pass_on()
    [batch] = by_hand.batches(by_hand.papers(release, None))
    assert [each.receipt.organisation for each in batch] == [pharmacy]
    printed = pages(b"".join(content for content, _ in printing.printed(release, [batch])))
    sheet, *behind = printed
    own, enclosed = (next(place for place, page in enumerate(behind) if words in page) for words in (OWN, ENCLOSED))
    assert own < enclosed
    assert f"全{1 + enclosed + 2}枚" in sheet, "the association's letter has two pages"


def test_a_fax_brings_both_letters(issued: Way, settings: Settings) -> None:
    settings.FAX_GATEWAY = "{number}@fax.example"
    wants_fax(issued.cast.pharmacies[1])
    release = issued.pass_on()
    envelope = Faxes().envelope(delivery_to(release, issued.cast.pharmacies[1]))
    found = email.message_from_bytes(envelope.content, policy=email.policy.default)
    parts = {part.get_filename(): part.get_content() for part in found.iter_attachments()}
    assert list(parts)[-2:] == ["letter.pdf", "enclosed-letter.pdf"]
    assert OWN in "".join(pages(parts["letter.pdf"])) and ENCLOSED in "".join(pages(parts["enclosed-letter.pdf"]))
