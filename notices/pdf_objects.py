"""What `pdf_book` has done in a child process: a PDF taken apart into numbered objects, and what its pages say.

Only what pages show comes along: no links, notes, fields, scripts, structure or anything else of the document.
"""

import json
import zlib
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from io import BytesIO
from typing import Any

import pikepdf

# What the pages of a document may have in common, and what of a page shows (ISO 32000-2, table 31).
INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
BENEATH = b"Beneath"
SHOWN = (*INHERITED, "/Contents", "/Group", "/UserUnit")


def in_child(given: bytes, do: str, first: str, under: str = "[]") -> bytes:
    """A line of JSON about what follows, then the bytes: `pages` or `forms`.

    The objects are numbered from `first` on, in their order. A page is the inside of its dictionary, without its place
    in a tree of pages; `under` names for each page the form that is drawn below it. Forms are pages to be drawn below
    others; of each the number and the places of its anchors are told, in points from the left and from the top.
    """
    with pikepdf.open(BytesIO(given)) as source:
        apart = _Apart(source, int(first))
        if do == "forms":
            forms = [apart.number(_as_form(source, page)) for page in source.pages]
            head, pages = {"forms": forms, "anchors": _anchors(source)}, []
        else:
            beneath = json.loads(under) or [0] * len(source.pages)
            pages = [apart.page(page.obj, form) for page, form in zip(source.pages, beneath, strict=True)]
            head = {"pages": [len(each) for each in pages]}
        objects = list(apart.objects())
    head["objects"] = [len(each) for each in objects]
    return b"".join([json.dumps(head).encode(), b"\n", *objects, *pages])


def _as_form(source: pikepdf.Pdf, page: pikepdf.Page) -> pikepdf.Object:
    """What a page shows, to be drawn on others (ISO 32000-2, 8.10)."""
    page.contents_coalesce()
    form = source.make_stream(zlib.compress(page.obj.Contents.read_bytes()), Filter=pikepdf.Name.FlateDecode)
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    form.BBox, form.Resources = _of_page(page.obj, "/MediaBox"), _of_page(page.obj, "/Resources")
    return form


def _anchors(source: pikepdf.Pdf) -> dict[str, tuple[float, float]]:
    """Where the places with a name lie."""
    if "/Names" not in source.Root:
        return {}
    named = list(source.Root.Names.Dests.Names)
    found = {}
    for name, place in zip(named[::2], named[1::2], strict=True):
        height = float(_of_page(place[0], "/MediaBox")[3])
        found[str(name)] = (float(place[2]), height - float(place[3]))
    return found


class _Apart:
    """Gives numbers to objects as they are met, and writes each once."""

    def __init__(self, source: pikepdf.Pdf, first: int) -> None:
        self._source = source
        self._first = first
        self._numbers: dict[tuple[int, int], int] = {}
        self._with_form: dict[tuple[tuple[int, int], int], int] = {}
        self._met: list[pikepdf.Object | bytes] = []

    def page(self, page: pikepdf.Object, form: int) -> bytes:
        """The inside of a page's dictionary; `form` is the number of what is drawn below it, 0 for nothing."""
        found = {key: value for key in SHOWN if (value := _of_page(page, key)) is not None}
        if not form:
            return self._entries(found.items())
        resources, contents = found.pop("/Resources"), found.pop("/Contents")
        named = b"/Resources %d 0 R\n" % self._resources(resources, form)
        shown = b"/Contents [%s %s]\n" % (self._value(self._draws), self._value(contents))
        return self._entries(found.items()) + named + shown

    def _resources(self, resources: pikepdf.Object, form: int) -> int:
        """The number of a page's resources with a form among them; pages that share theirs share these, too."""
        key = (resources.objgen, form)
        if key not in self._with_form or not resources.is_indirect:
            others = [(name, value) for name, value in resources.items() if name != "/XObject"]
            drawn = b"/%s %d 0 R\n%s" % (BENEATH, form, self._entries(resources.get("/XObject", {}).items()))
            self._with_form[key] = self._next(b"<< %s/XObject << %s>> >>" % (self._entries(others), drawn))
        return self._with_form[key]

    @cached_property
    def _draws(self) -> pikepdf.Object:
        """What is put before a page's own contents."""
        return self._source.make_stream(b"q /%s Do Q" % BENEATH)

    def objects(self) -> Iterator[bytes]:
        """Every object that was met, and those that are met on the way."""
        for number, each in enumerate(self._met, self._first):  # grows while it is written
            yield b"%d 0 obj\n%s\nendobj\n" % (number, self._whole(each))

    def _whole(self, value: pikepdf.Object | bytes) -> bytes:
        if isinstance(value, bytes):
            return value
        if not isinstance(value, pikepdf.Stream):
            return self._inside(value)
        content = value.read_raw_bytes()
        entries = [(key, entry) for key, entry in value.stream_dict.items() if key != "/Length"]
        return b"<< %s/Length %d >>\nstream\n%s\nendstream" % (self._entries(entries), len(content), content)

    def _value(self, value: Any) -> bytes:
        if isinstance(value, pikepdf.Object) and value.is_indirect:
            return b"%d 0 R" % self.number(value)
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

    def number(self, value: pikepdf.Object) -> int:
        """The number of an indirect object in the book."""
        if value.objgen not in self._numbers:
            self._numbers[value.objgen] = self._next(value)
        return self._numbers[value.objgen]

    def _next(self, value: pikepdf.Object | bytes) -> int:
        self._met.append(value)
        return self._first + len(self._met) - 1


def _of_page(page: pikepdf.Object, key: str) -> Any:
    """What the page says, or the branch of the tree that it hangs from."""
    while key not in page and key in INHERITED and "/Parent" in page:
        page = page.Parent
    return page.get(key)
