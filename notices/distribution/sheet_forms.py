"""Sheets in two layers, for many at once: forms, laid out once each, and upon them what is each recipient's own.

Laying out is what costs, and most of a sheet is the same for all recipients of a release.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from notices import pdf, pdf_book
from notices.distribution import sheets
from notices.distribution.sheet_guide import Guides
from notices.models import Delivery

PARTS = ("window", "name", "number", "qr", "code", "foot")


@dataclass(frozen=True)
class Shape:
    """What a form depends on: what the sheet says, and how much room the recipient's name takes above it."""

    audience: str
    purpose: str
    unheard: bool
    by_post: bool
    name: float

    @classmethod
    def of(cls, delivery: Delivery, context: dict[str, Any]) -> "Shape":
        by_post = context["by_post"]  # the window of an envelope takes the same room whatever stands in it
        height = 0 if by_post else context["name"].height
        return cls(delivery.receipt.audience, delivery.purpose, context["unheard"], by_post, height)


@dataclass(frozen=True)
class Form:
    """A form in the book, and where on it stands what is a recipient's own: each part, and its place as a style."""

    number: int
    places: list[tuple[str, str]]


@dataclass(frozen=True)
class Laid:
    """Sheets: the bytes of forms that are new, the document of what is the recipients' own, the form below each."""

    objects: bytes
    html: str
    under: list[int]


class Forms:
    """The forms of one book, each made when the first sheet wants it."""

    def __init__(self, book: pdf_book.Book, letter_pages: int, guides: Guides) -> None:
        self._book = book
        self._letter_pages = letter_pages
        self._guides = guides
        self._known: dict[Shape, Form] = {}

    def laid(self, deliveries: Sequence[Delivery]) -> Laid:
        """The sheets of deliveries of one release. Raises pdf.RenderFailed, confined.Failed."""
        contexts = list(sheets.contexts(deliveries, self._letter_pages, self._guides))
        shapes = [Shape.of(delivery, context) for delivery, context in zip(deliveries, contexts, strict=True)]
        release = deliveries[0].receipt.release
        new = {shape: context for shape, context in zip(shapes, contexts, strict=True) if shape not in self._known}
        objects = b""
        if new:
            blank = [
                render_to_string("sheets/sheet.html", context | {"form": f"f{place}"})
                for place, context in enumerate(new.values())
            ]
            content = sheets.one_page_each(pdf.render(sheets.together(release, blank), tagged=False), len(new))
            objects = self._take(content, list(new))
        forms = [self._known[shape] for shape in shapes]
        own = [
            render_to_string("sheets/own.html", context | {"places": form.places})
            for context, form in zip(contexts, forms, strict=True)
        ]
        return Laid(objects, sheets.together(release, own), [form.number for form in forms])

    def _take(self, content: bytes, shapes: Sequence[Shape]) -> bytes:
        objects, numbers, anchors = self._book.take_forms(content)
        for place, (shape, number) in enumerate(zip(shapes, numbers, strict=True)):
            where = {part: anchors[name] for part in PARTS if (name := f"f{place}-{part}") in anchors}
            styles = [(part, f"left: {left}pt; top: {top}pt") for part, (left, top) in where.items()]
            self._known[shape] = Form(number, styles)
        return objects
