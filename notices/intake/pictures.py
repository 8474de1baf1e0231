"""The pages of a packet's PDFs as pictures, made when somebody first looks at them.

They are kept in a folder that may be emptied at any time, and not in the database: looking at a page records nothing.
"""

import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from django.conf import settings

from members.uploads.refusals import NotExamined, UnusableFile
from notices import pdf_pages
from notices.models import StoredFile
from notices.pdf_pages import Sheet

NOT_DRAWN = "紙面を描けませんでした。元のファイルを開いて確かめてください。"


def sheets(file: StoredFile, indexes: Iterable[int]) -> dict[int, Sheet]:
    """These pages of a PDF, counted from 0. Raises members.uploads.refusals.UnusableFile where they cannot be drawn."""
    folder = settings.PAGE_PICTURES / file.sha256
    wanted = sorted(set(indexes))
    missing = [index for index in wanted if not (folder / f"{index}.json").exists()]
    if missing:
        _draw(file, folder, missing)
    return {index: _kept(folder, index) for index in wanted}


def _draw(file: StoredFile, folder: Path, indexes: list[int]) -> None:
    if (folder / "not-drawn").exists():
        raise NotExamined(NOT_DRAWN)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        drawn = pdf_pages.sheets(file.read(), indexes)
    except UnusableFile as error:
        # Not again at each look: it may take half a minute.
        _write(folder / "not-drawn", str(error).encode())
        raise NotExamined(NOT_DRAWN) from error
    for index, sheet in zip(indexes, drawn, strict=True):
        facts = asdict(sheet)
        _write(folder / f"{index}.png", facts.pop("picture"))
        _write(folder / f"{index}.json", json.dumps(facts).encode())


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: somebody else may look at the same page."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).replace(path)


def _kept(folder: Path, index: int) -> Sheet:
    facts = json.loads((folder / f"{index}.json").read_bytes())
    return Sheet(picture=(folder / f"{index}.png").read_bytes(), **facts)
