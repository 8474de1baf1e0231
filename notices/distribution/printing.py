"""What staff print to post, or to send by FAX themselves: sheets and letters, recipient by recipient, as one PDF."""

import io
from collections.abc import Iterator, Sequence
from ctypes import c_int

import pypdfium2
from pypdfium2 import raw

from notices.distribution import sheets
from notices.models import Delivery

A4 = (595.28, 841.89)  # points


def printed(deliveries: Sequence[Delivery]) -> bytes:
    """One PDF: for each delivery of a release its sheet, then the letter. Raises pdf.RenderFailed."""
    letter = pypdfium2.PdfDocument(deliveries[0].receipt.release.letter.read())
    pages = len(letter)
    bound = pypdfium2.PdfDocument(sheets.document(deliveries, pages))
    count = len(bound)
    # One call a kind: the copies share the letter's fonts, and the file stays small.
    bound.import_pages(letter, [*range(pages)] * count)
    # Printed on both sides, no sheet of paper may carry two recipients.
    blanks = count * ((1 + pages) % 2)
    for _ in range(blanks):
        bound.new_page(*A4)
    order = [page for copy in range(count) for page in _pages_of(copy, count, pages, bool(blanks))]
    raw.FPDF_MovePages(bound.raw, (c_int * len(order))(*order), len(order), 0)
    content = io.BytesIO()
    bound.save(content)
    return content.getvalue()


def _pages_of(copy: int, count: int, pages: int, padded: bool) -> Iterator[int]:
    """Where the pages of one recipient lie: all sheets come first, then all letters, then what pads them."""
    yield copy
    yield from range(count + copy * pages, count + (copy + 1) * pages)
    if padded:
        yield count * (1 + pages) + copy
