"""What a file is, by its content; its name has to agree, the declared type counts for nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings

from members.uploads import archives, ole
from members.uploads.names import clean_name, ending_of
from members.uploads.refusals import EmptyFile, NeedsPassword, TooLarge, UnusableFile, WrongKind

OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class Kind:
    """One kind of file: its name on the screen, its ending, its media type, other endings that are usual."""

    label: str
    ending: str
    media_type: str
    other_endings: tuple[str, ...] = ()

    @property
    def endings(self) -> tuple[str, ...]:
        return (self.ending, *self.other_endings)


PDF = Kind("PDF", ".pdf", "application/pdf")
WORD = Kind("Word", ".docx", f"{OFFICE}wordprocessingml.document")
EXCEL = Kind("Excel", ".xlsx", f"{OFFICE}spreadsheetml.sheet")
POWERPOINT = Kind("PowerPoint", ".pptx", f"{OFFICE}presentationml.presentation")
ZIP = Kind("ZIP", ".zip", "application/zip")
PNG = Kind("画像（PNG）", ".png", "image/png")
JPEG = Kind("画像（JPEG）", ".jpg", "image/jpeg", (".jpeg",))
PICTURES = {b"\x89PNG\r\n\x1a\n": PNG, b"\xff\xd8\xff": JPEG}
# The types that the main part of an Office file has.
MAIN_PARTS = {
    f"{OFFICE}wordprocessingml.document.main+xml": WORD,
    f"{OFFICE}spreadsheetml.sheet.main+xml": EXCEL,
    f"{OFFICE}presentationml.presentation.main+xml": POWERPOINT,
}
# What else is sent in by mistake, to say what it is.
FOREIGN = (
    (b"MZ", "プログラム"),
    (b"\x7fELF", "プログラム"),
    (b"GIF8", "画像（GIF）"),
    (b"{\\rtf", "リッチテキスト（RTF）"),
    (b"Rar!", "RAR の書庫"),
    (b"7z\xbc\xaf", "7-Zip の書庫"),
    (b"<!doctype html", "ウェブページ（HTML）"),
    (b"<html", "ウェブページ（HTML）"),
)
BLANKS = b"\xef\xbb\xbf\x00\t\n\r "


def recognise(file: BinaryIO, allowed: Collection[Kind]) -> Kind:
    """The kind of an upload, which has `name` and `size` (bytes). Raises UnusableFile with the reason."""
    if file.size == 0:
        raise EmptyFile("ファイルが空です（0 バイト）。中身のあるファイルを選んでください。")
    if file.size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1024**2
        raise TooLarge(f"{limit} MB を超えています。分けるか、URL で知らせてください。")
    ending = ending_of(clean_name(file.name))
    if not any(ending in kind.endings for kind in allowed):
        labels = "・".join(kind.label for kind in allowed)
        raise WrongKind(f"この種類のファイルは付けられません。{labels} にしてください。")
    file.seek(0)
    content = file.read()
    file.seek(0)
    kind = _kind_of(content)
    if kind not in allowed or ending not in kind.endings:
        raise WrongKind(f"名前は {ending} ですが、中身は「{kind.label}」です。正しいファイルを選び直してください。")
    return kind


def _kind_of(content: bytes) -> Kind:
    """The kind, be it one that is taken anywhere or not. Raises UnusableFile."""
    start = content[:1024].lstrip(BLANKS)
    if start.startswith(b"%PDF-"):
        return PDF
    for mark, kind in PICTURES.items():
        if content.startswith(mark):
            return kind
    if content.startswith(archives.SIGNATURES):
        types = archives.examined(content)
        return next((kind for part, kind in MAIN_PARTS.items() if part in types), ZIP)
    if content.startswith(ole.SIGNATURE):
        raise _old_office(content)
    return next((Kind(label, "", "") for mark, label in FOREIGN if start.lower().startswith(mark.lower())), UNKNOWN)


UNKNOWN = Kind("分からない種類のもの", "", "")


def _old_office(content: bytes) -> UnusableFile:
    if ole.is_encrypted(content):
        return NeedsPassword("パスワードの付いたファイルです。外して保存し直してから、もう一度選んでください。")
    return WrongKind(
        "中身は古い形式の Office ファイル（.xls・.doc・.ppt）です。"
        "Excel・Word・PowerPoint で開き、今の形式（.xlsx・.docx・.pptx）で保存し直してください。"
    )
