"""PDFs bound into one, in a child process (`pdf_sheets`): pages in order, each below its stamp, with bookmarks."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings

from members import confined

# The module that does it.
CHILD = "notices.pdf_sheets"


class BindingFailed(RuntimeError):
    """The PDFs could not be bound; the message is for the log."""


class Fault(StrEnum):
    """Why the pages of a PDF cannot be taken."""

    DAMAGED = "damaged"
    LOCKED = "locked"
    LAYERED = "layered"


@dataclass(frozen=True)
class Pages:
    """What was found in a PDF: for each page whether it lies across, or the fault for which it cannot be bound."""

    across: tuple[bool, ...] = ()
    fault: Fault | None = None

    def __len__(self) -> int:
        return len(self.across)


@dataclass(frozen=True)
class Sheet:
    """A page of one of the PDFs, both counted from 0. `has_margins` says that the site wrote it.

    It is turned to the right by `turn` degrees.
    """

    source: int
    page: int
    has_margins: bool = False
    turn: int = 0


@dataclass(frozen=True)
class Bookmark:
    """A bookmark at a sheet, counted from 0; `level` 0 stands at the left."""

    title: str
    level: int
    sheet: int


def look_into(contents: Sequence[bytes]) -> list[Pages]:
    """What can be bound of each PDF. One that takes the child too long, or too much memory, is damaged."""
    try:
        return _looked_into(contents)
    except confined.Failed:
        if len(contents) == 1:
            return [Pages(fault=Fault.DAMAGED)]
        return [found for content in contents for found in look_into([content])]


def _looked_into(contents: Sequence[bytes]) -> list[Pages]:
    answer = _run("look", contents, settings.FILE_READING_SECONDS)
    return [Pages(tuple(each["across"]), each["fault"] and Fault(each["fault"])) for each in json.loads(answer)]


def bind(
    contents: Sequence[bytes], sheets: Sequence[Sheet], bookmarks: Sequence[Bookmark], stamps: bytes, title: str
) -> bytes:
    """The sheets as one PDF. `stamps` is a PDF with a page for each of them. Raises BindingFailed."""
    about = {"title": title, "sheets": list(map(asdict, sheets)), "bookmarks": list(map(asdict, bookmarks))}
    try:
        return _run("bind", [*contents, stamps], settings.PDF_WRITING_SECONDS, about)
    except confined.Failed as error:
        raise BindingFailed(str(error)) from error


def taken(content: bytes, pages: Sequence[tuple[int, int]]) -> bytes:
    """These pages of a PDF, counted from 0, each turned to the right by so many degrees. Raises BindingFailed."""
    try:
        return _run("take", [content], settings.PDF_WRITING_SECONDS, {"pages": list(pages)})
    except confined.Failed as error:
        raise BindingFailed(str(error)) from error


def _run(do: str, contents: Sequence[bytes], max_seconds: float, about: dict[str, Any] | None = None) -> bytes:
    head = {"do": do, "sizes": [len(content) for content in contents], **(about or {})}
    given = b"".join([json.dumps(head).encode(), b"\n", *contents])
    return confined.run(CHILD, given, max_seconds=max_seconds, max_memory=settings.PDF_WRITING_BYTES)
