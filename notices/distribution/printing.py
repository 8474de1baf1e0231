"""What staff print to post, or to send by FAX themselves: sheets and letters, recipient by recipient, as one PDF."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from members import confined
from notices import pdf, pdf_book
from notices.distribution import sheets
from notices.models import Delivery, Release

# Batches that are rendered at once, each by a child process: one a processor, on the smallest machine.
AT_ONCE = 2


def printed(release: Release, batches: Iterable[Sequence[Delivery]]) -> Iterator[tuple[bytes, int]]:
    """The bytes of one PDF, and for how many recipients they are, batch by batch as it is made.

    For each delivery its sheet, then the letter. Raises pdf.RenderFailed.
    """
    book = pdf_book.Book(release.notice.number_text or release.notice.subject)
    yield book.begin(), 0
    objects, letter = _taken(book, release.letter.read())
    yield objects, 0
    # Printed on both sides, no sheet of paper may carry two recipients.
    blank = [pdf_book.BLANK] if len(letter) % 2 == 0 else []
    for content, recipients in _rendered(batches, len(letter)):
        objects, fronts = _taken(book, content)
        pages = [page for front in fronts for page in (front, *letter, *blank)]
        yield objects + book.add(pages), recipients
    yield book.end(), 0


def _rendered(batches: Iterable[Sequence[Delivery]], letter_pages: int) -> Iterator[tuple[bytes, int]]:
    """The sheets of each batch, and how many they are. While some are taken into the file, the next are rendered."""
    renderers = ThreadPoolExecutor(AT_ONCE)  # of threads that wait for a child process each
    under_way: deque[tuple[Future[bytes], int]] = deque()
    try:
        for deliveries in batches:
            html = sheets.html(deliveries, letter_pages)
            under_way.append((renderers.submit(pdf.render, html, tagged=False), len(deliveries)))
            if len(under_way) > AT_ONCE:
                yield _next(under_way)
        while under_way:
            yield _next(under_way)
    finally:
        renderers.shutdown(cancel_futures=True)


def _next(under_way: deque[tuple[Future[bytes], int]]) -> tuple[bytes, int]:
    rendered, count = under_way.popleft()
    return sheets.one_page_each(rendered.result(), count), count


def _taken(book: pdf_book.Book, content: bytes) -> tuple[bytes, list[bytes]]:
    try:
        return book.take(content)
    except confined.Failed as error:
        raise pdf.RenderFailed(str(error)) from error
