"""What `pdf_book` has done in a child process: a PDF taken apart into numbered objects, and what its pages say.

Only what pages show comes along: no links, notes, fields, scripts, structure or anything else of the document.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any

import pikepdf

# What the pages of a document may have in common, and what of a page shows (ISO 32000-2, table 31).
INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
SHOWN = (*INHERITED, "/Contents", "/Group", "/UserUnit")


def in_child(given: bytes, first: str) -> bytes:
    """A line of JSON (sizes of the objects, then of the pages), then the bytes of all of them.

    The objects are numbered from `first` on, in their order. A page is the inside of its dictionary, without its place
    in a tree of pages.
    """
    with pikepdf.open(BytesIO(given)) as source:
        apart = _Apart(int(first))
        pages = [apart.page(page.obj) for page in source.pages]
        objects = list(apart.objects())
    head = {"objects": [len(each) for each in objects], "pages": [len(each) for each in pages]}
    return b"".join([json.dumps(head).encode(), b"\n", *objects, *pages])


class _Apart:
    """Gives numbers to objects as they are met, and writes each once."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._numbers: dict[tuple[int, int], int] = {}
        self._met: list[pikepdf.Object] = []

    def page(self, page: pikepdf.Object) -> bytes:
        found = {key: value for key in SHOWN if (value := _of_page(page, key)) is not None}
        return self._entries(found.items())

    def objects(self) -> Iterator[bytes]:
        """Every object that was met, and those that are met on the way."""
        for number, each in enumerate(self._met, self._first):  # grows while it is written
            yield b"%d 0 obj\n%s\nendobj\n" % (number, self._whole(each))

    def _whole(self, value: pikepdf.Object) -> bytes:
        if not isinstance(value, pikepdf.Stream):
            return self._inside(value)
        content = value.read_raw_bytes()
        entries = [(key, entry) for key, entry in value.stream_dict.items() if key != "/Length"]
        return b"<< %s/Length %d >>\nstream\n%s\nendstream" % (self._entries(entries), len(content), content)

    def _value(self, value: Any) -> bytes:
        if isinstance(value, pikepdf.Object) and value.is_indirect:
            return b"%d 0 R" % self._number(value)
        return self._inside(value)

    def _inside(self, value: Any) -> bytes:
        match value:
            case None:
                return b"null"
            case bool():
                return b"true" if value else b"false"
            case int():
                return b"%d" % value
            case Decimal():
                return format(value, "f").encode()
            case pikepdf.Dictionary():
                return b"<< %s>>" % self._entries(value.items())
            case pikepdf.Array():
                return b"[%s]" % b" ".join(map(self._value, value))
        return value.unparse()  # names and strings

    def _entries(self, entries: Any) -> bytes:
        return b"".join(b"%s %s\n" % (pikepdf.Name(key).unparse(), self._value(value)) for key, value in entries)

    def _number(self, value: pikepdf.Object) -> int:
        if value.objgen not in self._numbers:
            self._numbers[value.objgen] = self._first + len(self._met)
            self._met.append(value)
        return self._numbers[value.objgen]


def _of_page(page: pikepdf.Object, key: str) -> Any:
    """What the page says, or the branch of the tree that it hangs from."""
    while key not in page and key in INHERITED and "/Parent" in page:
        page = page.Parent
    return page.get(key)
