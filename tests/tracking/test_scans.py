"""An enclosed letter that came as a scan: its pages are what a recipient reads."""

import pypdfium2
import pytest
from django.test import Client

from notices.models import Notice, Packet, Receipt, Release, StoredFile
from tests.cast import Cast
from tests.tracking.conftest import page, text
from tests.written_pdf import written


@pytest.fixture
def receipt(guided: Release, cast: Cast) -> Receipt:
    """The letter that the notice encloses came on pages 2 and 3 of a PDF, without text; page 3 lay on its side."""
    enclosed = guided.notice.attachments.get(label="別添1").enclosed
    file = StoredFile.objects.keep(written(text="", pages=4), "scan.pdf", "application/pdf")
    packet = Packet.objects.create(
        fingerprint="1" * 64,
        receipt_number="8-99",
        text="\n\f\n\f\n\f",
        reading={"letters": [{"pages": [[0, 1, 3]]}], "turned": {"0-2": 90}},
    )
    packet.packet_files.create(file=file, position=0, name="scan.pdf", pages=4)
    Notice.objects.filter(pk=enclosed.pk).update(text="\f", body="", packet=packet, packet_order=0)
    return cast.receipt(guided, cast.pharmacies[0])


def test_the_page_says_so_and_leads_to_the_pages(receipt: Receipt, client: Client) -> None:
    first = receipt.release.notice.attachments.get(label="別添1")
    answer = client.get(page(receipt, "personal_attachment", first.pk))
    assert "文字のない（スキャンした）文書です" in text(answer)
    address = page(receipt, "personal_file", first.pk)
    assert f'href="{address}"' in answer.content.decode()
    saved = client.get(address)
    assert saved["Content-Disposition"].startswith("attachment")
    assert "sandbox" in saved["Content-Security-Policy"]
    sizes = [each.get_size() for each in pypdfium2.PdfDocument(saved.content)]
    assert [width > height for width, height in sizes] == [False, True]


def test_a_letter_with_text_has_no_such_file(guided: Release, cast: Cast, client: Client) -> None:
    receipt = cast.receipt(guided, cast.pharmacies[0])
    first = guided.notice.attachments.get(label="別添1")
    assert "スキャン" not in text(client.get(page(receipt, "personal_attachment", first.pk)))
    assert client.get(page(receipt, "personal_file", first.pk)).status_code == 404
