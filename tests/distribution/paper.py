"""What tests of FAX and post share: recipients that want paper, a real letter, reading a PDF."""

import pypdfium2
import pytest
from pytest_django.fixtures import Settings

from members.models import Organisation
from members.models.organisation import Channel
from notices import pdf
from notices.models import Delivery, Release, StoredFile
from tests.cast import Cast
from tests.distribution.deliveries import Issue

LETTER = """<!doctype html><html lang=ja><title>公文書</title>
<p>各地区薬剤師会会長 殿</p><p style="break-before: page">以上</p></html>"""
LETTER_PAGES = 2


def wants_fax(*organisations: Organisation) -> None:
    for number, organisation in enumerate(organisations):
        organisation.channel, organisation.fax = Channel.FAX, f"092-000-02{number:02}"
        organisation.save()


def wants_post(*organisations: Organisation) -> None:
    for number, organisation in enumerate(organisations, 1):
        organisation.channel, organisation.postal_code = Channel.POST, "812-0000"
        organisation.address = f"福岡県白鷺市髙尾町{number}-1 𠮷村ビル"
        organisation.save()


@pytest.fixture(scope="session")
def letter() -> bytes:
    """A letter of two pages."""
    return pdf.render(LETTER)


def with_letter(release: Release, letter: bytes) -> Release:
    release.letter = StoredFile.objects.keep(letter, "letter.pdf", "application/pdf")
    release.save()
    return release


def delivery_to(release: Release, organisation: Organisation) -> Delivery:
    found = Delivery.objects.select_related("receipt__organisation", "receipt__release__notice")
    return found.get(receipt__release=release, receipt__organisation=organisation)


def pages(content: bytes) -> list[str]:
    """The text of each page, without line breaks."""
    return ["".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(content)]


def name_office(cast: Cast) -> None:
    """The association's own FAX and telephone."""
    Organisation.objects.filter(pk=cast.association.pk).update(fax="092-000-0101", telephone="092-000-0100")


@pytest.fixture
def release(cast: Cast, issue: Issue, letter: bytes, settings: Settings) -> Release:
    """Three pharmacies of 白鷺 by post, one of 髙尾台 by FAX, which nobody sends by itself."""
    settings.FAX_GATEWAY = ""
    name_office(cast)
    wants_post(*cast.pharmacies[:3])
    wants_fax(cast.pharmacies[3])
    return with_letter(issue(), letter)
