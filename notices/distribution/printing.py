"""What staff print to post, or to send by FAX themselves: sheets and letters, recipient by recipient, as one PDF."""

from collections.abc import Iterable, Iterator, Sequence

from django.template.loader import render_to_string

from members import confined
from notices import pdf, pdf_book
from notices.distribution import sheets
from notices.distribution.sheet_forms import Forms
from notices.distribution.sheet_guide import Guides
from notices.models import Delivery, Release


def printed(
    release: Release, batches: Iterable[Sequence[Delivery]], *, by_fax: bool = False
) -> Iterator[tuple[bytes, int]]:
    """The bytes of one PDF, and for how many recipients they are, batch by batch as it is made.

    For each delivery its sheet, the guide of its audience where there is one, then the letter; and where the next sheet
    would stand on the back of that, a page that says that it is blank: not where all go by FAX, which has no back.
    Raises pdf.RenderFailed.
    """
    book = pdf_book.Book(release.notice.number_text or release.notice.subject)
    yield book.begin(), 0
    try:
        letter: list[bytes] = []
        for file in release.on_paper:
            objects, pages = book.take(file.read())
            letter += pages
            yield objects, 0
        behind = _Behind(book, letter, two_sided=not by_fax)
        forms = Forms(book, len(letter), behind.guides)
        for deliveries in batches:
            new = behind.take(release, deliveries)
            laid = forms.laid(deliveries)
            content = sheets.one_page_each(pdf.render(laid.html, tagged=False), len(deliveries))
            objects, fronts = book.take(content, laid.under)
            pages = [
                page
                for front, delivery in zip(fronts, deliveries, strict=True)
                for page in (front, *behind.pages[delivery.receipt.audience])
            ]
            yield new + laid.objects + objects + book.add(pages), len(deliveries)
    except confined.Failed as error:
        raise pdf.RenderFailed(str(error)) from error
    yield book.end(), 0


class _Behind:
    """What follows the sheets in a book, by audience: guide and letter, written once."""

    def __init__(self, book: pdf_book.Book, letter: list[bytes], *, two_sided: bool) -> None:
        self.guides = Guides()
        self.pages: dict[str, list[bytes]] = {}
        self._book = book
        self._letter = letter
        self._two_sided = two_sided
        self._blank: list[bytes] = []

    def take(self, release: Release, deliveries: Sequence[Delivery]) -> bytes:
        """The bytes of guides that are new. Raises pdf.RenderFailed, confined.Failed."""
        new = b""
        for audience in dict.fromkeys(delivery.receipt.audience for delivery in deliveries):
            if audience not in self.pages:
                guide = self.guides.of(release, audience)
                objects, pages = self._book.take(guide.content) if guide else (b"", [])
                new += objects
                found = [*pages, *self._letter]
                # Printed on both sides, no sheet of paper may carry two recipients.
                if self._two_sided and len(found) % 2 == 0:
                    objects, blank = self._take_blank()
                    new, found = new + objects, [*found, *blank]
                self.pages[audience] = found
        return new

    def _take_blank(self) -> tuple[bytes, list[bytes]]:
        """A page that says why nothing is on it, once written. Raises pdf.RenderFailed, confined.Failed."""
        if self._blank:
            return b"", self._blank
        objects, self._blank = self._book.take(pdf.render(render_to_string("sheets/blank.html"), tagged=False))
        return objects, self._blank
