"""What staff print to post, or to send by FAX themselves: sheets and letters, recipient by recipient, as one PDF."""

from collections.abc import Iterable, Iterator, Sequence

from members import confined
from notices import pdf, pdf_book
from notices.distribution import sheets
from notices.distribution.sheet_forms import Forms
from notices.models import Delivery, Release


def printed(release: Release, batches: Iterable[Sequence[Delivery]]) -> Iterator[tuple[bytes, int]]:
    """The bytes of one PDF, and for how many recipients they are, batch by batch as it is made.

    For each delivery its sheet, then the letter. Raises pdf.RenderFailed.
    """
    book = pdf_book.Book(release.notice.number_text or release.notice.subject)
    yield book.begin(), 0
    try:
        objects, letter = book.take(release.letter.read())
        yield objects, 0
        # Printed on both sides, no sheet of paper may carry two recipients.
        blank = [pdf_book.BLANK] if len(letter) % 2 == 0 else []
        forms = Forms(book, len(letter))
        for deliveries in batches:
            laid = forms.laid(deliveries)
            content = sheets.one_page_each(pdf.render(laid.html, tagged=False), len(deliveries))
            objects, fronts = book.take(content, laid.under)
            pages = [page for front in fronts for page in (front, *letter, *blank)]
            yield laid.objects + objects + book.add(pages), len(deliveries)
    except confined.Failed as error:
        raise pdf.RenderFailed(str(error)) from error
    yield book.end(), 0
