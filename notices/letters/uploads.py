"""What may be laid beside a letter: known by its content, not by its name; never opened by the site."""

import zipfile
from pathlib import PurePath
from typing import BinaryIO

import pypdfium2

MAX_BYTES = 20 * 1024 * 1024
MAX_PAGES = 1000
MAX_UNPACKED, MAX_ENTRIES, MAX_RATIO = 50 * 1024 * 1024, 1000, 100
OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    ".pdf": "application/pdf",
    ".docx": f"{OFFICE}wordprocessingml.document",
    ".xlsx": f"{OFFICE}spreadsheetml.sheet",
    ".pptx": f"{OFFICE}presentationml.presentation",
    ".zip": "application/zip",
}
# The part that makes a zip archive a document of that kind.
PARTS = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/presentation.xml"}


class UnusableFile(ValueError):
    """The file is refused; the message says why, in Japanese."""


def recognise(file: BinaryIO) -> str:
    """The media type of an upload with `name` and `size`. Raises UnusableFile with the reason."""
    ending = PurePath(file.name).suffix.lower()
    if file.size > MAX_BYTES:
        raise UnusableFile("20 MB を超えています。分けるか、URL で知らせてください。")
    if ending not in MEDIA_TYPES:
        raise UnusableFile("この種類のファイルは付けられません。PDF・Word・Excel・PowerPoint・ZIP にしてください。")
    file.seek(0)
    if ending == ".pdf":
        _check_pdf(file.read())
    else:
        _check_archive(file, ending)
    file.seek(0)
    return MEDIA_TYPES[ending]


def _check_pdf(content: bytes) -> None:
    if not content.startswith(b"%PDF-"):
        raise UnusableFile("名前は .pdf ですが、中身は PDF ではありません。")
    try:
        with pypdfium2.PdfDocument(content) as document:
            pages = len(document)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnusableFile("パスワードの付いた PDF です。外してからもう一度選んでください。") from error
        raise UnusableFile("PDF が壊れているか、途中で切れています。もう一度保存してから選んでください。") from error
    if pages == 0 or b"%%EOF" not in content[-2048:]:
        raise UnusableFile("PDF が壊れているか、途中で切れています。もう一度保存してから選んでください。")
    if pages > MAX_PAGES:
        raise UnusableFile(f"{pages:,} ページあります。{MAX_PAGES:,} ページまでにしてください。")


def _check_archive(file: BinaryIO, ending: str) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise UnusableFile("ファイルが壊れているか、パスワードが付いています。") from error
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * max(file.size, 1):
        raise UnusableFile("開くと大きくなりすぎるファイルです。中身を減らしてください。")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnusableFile("マクロの入ったファイルは付けられません。マクロを外して保存し直してください。")
    if ending in PARTS and PARTS[ending] not in names:
        raise UnusableFile(f"名前は {ending} ですが、中身が違います。")
