"""A PDF of any length, written from front to back: of what was written, only where its objects lie is held.

Documents are taken in one after the other; a page of theirs may stand in the book as often as one likes, or below
others as a form, while what it shows is written once. Taking apart is done in a child process (`pdf_objects`).
"""

import json
from array import array
from collections.abc import Sequence
from itertools import islice
from typing import Any

from django.conf import settings

from members import confined

CHILD = "notices.pdf_objects"
CATALOG, ROOT, ABOUT = 1, 2, 3  # objects that are written in the end

Place = tuple[float, float]  # in points, from the left and from the top


class Book:
    """Each method gives the next bytes of the file, to be written in the order of the calls."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._length = 0
        self._offsets = array("Q", [0] * (ABOUT + 1))
        self._branches: list[int] = []
        self._pages = 0

    def begin(self) -> bytes:
        return self._written(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def take(self, content: bytes, under: Sequence[int] = ()) -> tuple[bytes, list[bytes]]:
        """The objects of a PDF, and its pages for `add`; `under` is the form below each. Raises confined.Failed."""
        head, objects, rest = self._apart(content, "pages", json.dumps(list(under)))
        pages, place = [], 0
        for size in head["pages"]:
            pages.append(rest[place : place + size])
            place += size
        return objects, pages

    def take_forms(self, content: bytes) -> tuple[bytes, list[int], dict[str, Place]]:
        """The objects of a PDF whose pages are drawn below others, the forms, and where its anchors lie.

        Raises confined.Failed.
        """
        head, objects, _ = self._apart(content, "forms")
        return objects, head["forms"], {name: (left, top) for name, (left, top) in head["anchors"].items()}

    def _apart(self, content: bytes, *arguments: str) -> tuple[dict[str, Any], bytes, bytes]:
        """What the child says of a PDF, its objects, and what follows."""
        do, *more = arguments
        answer = confined.run(
            CHILD,
            content,
            *(do, str(len(self._offsets)), *more),
            max_seconds=settings.PDF_WRITING_SECONDS,
            max_memory=settings.PDF_WRITING_BYTES,
        )
        line, _, rest = answer.partition(b"\n")
        head = json.loads(line)
        for size in head["objects"]:
            self._offsets.append(self._length)
            self._length += size
        end = sum(head["objects"])
        return head, rest[:end], rest[end:]

    def add(self, pages: Sequence[bytes]) -> bytes:
        """These pages, in this order, behind those that are there."""
        branch = len(self._offsets) + len(pages)
        first = len(self._offsets)
        written = [self._object(b"<< /Type /Page\n%s/Parent %d 0 R >>" % (page, branch)) for page in pages]
        kids = b" ".join(b"%d 0 R" % number for number in range(first, branch))
        written.append(
            self._object(b"<< /Type /Pages /Parent %d 0 R /Count %d /Kids [%s] >>" % (ROOT, len(pages), kids))
        )
        self._branches.append(branch)
        self._pages += len(pages)
        return b"".join(written)

    def end(self) -> bytes:
        """The tree of pages and the table of where everything lies (ISO 32000-2, 7.5.4)."""
        kids = b" ".join(b"%d 0 R" % number for number in self._branches)
        title = self._title.encode("utf-16-be").hex().encode()
        written = [
            self._object(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (self._pages, kids), ROOT),
            self._object(b"<< /Title <feff%s> >>" % title, ABOUT),
            self._object(b"<< /Type /Catalog /Pages %d 0 R /Lang (ja-JP) >>" % ROOT, CATALOG),
        ]
        table = b"".join(b"%010d 00000 n \n" % offset for offset in islice(self._offsets, 1, None))
        size, start = len(self._offsets), self._length
        written.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table))
        written.append(
            b"trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n"
            % (size, CATALOG, ABOUT, start)
        )
        return b"".join(written)

    def _object(self, content: bytes, number: int = 0) -> bytes:
        """An object as it stands in the file: the next one, or one whose number was kept for it."""
        if number:
            self._offsets[number] = self._length
        else:
            number = len(self._offsets)
            self._offsets.append(self._length)
        return self._written(b"%d 0 obj\n%s\nendobj\n" % (number, content))

    def _written(self, content: bytes) -> bytes:
        self._length += len(content)
        return content
