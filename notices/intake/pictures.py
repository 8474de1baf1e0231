"""The pages of a packet's PDFs as pictures, made when somebody looks at them and kept for PAGE_PICTURES_DAYS.

They lie in a folder that may be emptied at any time, and not in the database: looking at a page records nothing.
"""

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from PIL import Image

from members.uploads.refusals import NotExamined, UnusableFile
from notices import pdf_pages
from notices.intake import folders
from notices.models import StoredFile
from notices.pdf_pages import Sheet

NOT_DRAWN = "紙面を描けませんでした。元のファイルを開いて確かめてください。"


def sheets(file: StoredFile, indexes: Iterable[int]) -> dict[int, Sheet]:
    """These pages of a PDF, counted from 0. Raises members.uploads.refusals.UnusableFile where they cannot be drawn."""
    found = {index: _kept(file, index) for index in sorted(set(indexes))}
    if missing := [index for index, sheet in found.items() if sheet is None]:
        found |= _drawn(file, missing)
    return found


def turned(picture: bytes, turn: int) -> bytes:
    """A picture (PNG) turned to the right by so many degrees, a multiple of 90."""
    written = io.BytesIO()
    Image.open(io.BytesIO(picture)).rotate(-turn, expand=True).save(written, "PNG")
    return written.getvalue()


def clear() -> None:
    """Remove what was drawn more than PAGE_PICTURES_DAYS ago: it is drawn again when somebody looks."""
    folders.clear(settings.PAGE_PICTURES, seconds=settings.PAGE_PICTURES_DAYS * 24 * 60 * 60)


def _path(file: StoredFile, of: str) -> Path:
    return settings.PAGE_PICTURES / f"{file.sha256}-{of}"


def _kept(file: StoredFile, index: int) -> Sheet | None:
    try:
        facts = json.loads(_path(file, f"{index}.json").read_bytes())
        return Sheet(picture=_path(file, f"{index}.png").read_bytes(), **facts)
    except FileNotFoundError:
        return None


def _drawn(file: StoredFile, indexes: Sequence[int]) -> dict[int, Sheet]:
    failed = _path(file, "not-drawn")
    if failed.exists():
        raise NotExamined(NOT_DRAWN)
    try:
        drawn = dict(zip(indexes, pdf_pages.sheets(file.read(), indexes), strict=True))
    except UnusableFile as error:
        # Not again at each look: it may take half a minute.
        folders.write(failed, str(error).encode())
        raise NotExamined(NOT_DRAWN) from error
    for index, sheet in drawn.items():
        facts = asdict(sheet)
        folders.write(_path(file, f"{index}.png"), facts.pop("picture"))
        folders.write(_path(file, f"{index}.json"), json.dumps(facts).encode())
    return drawn
