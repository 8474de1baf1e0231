"""What a PDF from outside holds, and a copy without what acts, both found and made in a child process.

Whatever a writer hides by compression, object streams, odd spellings of names or encryption that asks for no password
lies open once pdfium has written the document anew: each object as plain text, each name in its usual spelling. That
is where it is looked for; what pdfium's own list of scripts and embedded files says counts as well.
"""

import io
import re
from dataclasses import dataclass

import pypdfium2
from django.conf import settings
from pypdfium2 import raw as pdfium

from members.uploads.examining import Facts, answered, examine
from members.uploads.refusals import DamagedFile, NeedsPassword, TooLarge, UnusableFile, WrongKind

# What runs, starts something or sends something when a page is opened or pressed (ISO 32000-2, 12.6.4; 13).
ACTS = re.compile(
    rb"/(?:JavaScript|Launch|GoToE|ImportData|SubmitForm|Rendition|RichMedia\w*|Movie|Sound|OnInstantiate)\b"
    rb"|/Subtype\s*/(?:Screen|3D)\b"
)
# A web link whose address is a script; strings are written in letters or in hexadecimal digits.
SCRIPT_LINK = re.compile(
    rb"\(\s*javascript:|<(?:[01][0-9A-F]|20)*"
    + b"".join(f"(?:{ord(letter):02X}|{ord(letter.upper()):02X})".encode() for letter in "javascript:"),
    re.IGNORECASE,
)
# Files in the file (7.11.4): streams, the list of their names, what refers to them.
FILES = re.compile(rb"/(?:EmbeddedFiles?|FileAttachment)\b|/EF\s*(?:<<|\d+\s+\d+\s+R)")

# Permissions (7.6.4.2): pages may be put together where either bit is set; the second is for newer locks only.
CHANGE, ASSEMBLE = 1 << 3, 1 << 10

DAMAGED = "PDF が壊れているか、途中で切れています。もう一度保存してから選んでください。"
LOCKED = "パスワードの付いた PDF です。外してからもう一度選んでください。"
DYNAMIC_FORM = (
    "Adobe Acrobat だけで開ける入力フォーム（XFA）の PDF です。多くの薬局で開けません。"
    "Acrobat で開いて印刷し、PDF として保存したものを選んでください。"
)
NO_COPY = (
    "開くと動くしかけ（スクリプトなど）が入っていて、取り除けませんでした。"
    "開いて印刷し、PDF として保存したものを選んでください。"
)


@dataclass(frozen=True)
class Contents:
    """What was found; where the PDF `acts` or `holds_files`, `copy` shows the same pages without either."""

    pages: int
    acts: bool
    holds_files: bool
    may_be_bound: bool
    copy: bytes


def contents(content: bytes) -> Contents:
    """Raises UnusableFile: for a PDF that is damaged or cut off, wants a password, or has too many pages."""
    facts, copy = examine(__name__, content, settings.PDF_MAX_PAGES)
    return Contents(**facts, copy=copy)


def in_child(content: bytes, max_pages: str) -> bytes:
    """`contents`, in the child process."""
    return answered(lambda: _examined(content, int(max_pages)))


def _examined(content: bytes, max_pages: int) -> tuple[Facts, bytes]:
    try:
        document = pypdfium2.PdfDocument(content)
        _refuse_unusable(document, content, max_pages)
        facts = _facts(document, content)
        return facts, _copy(document) if facts["acts"] or facts["holds_files"] else b""
    except pypdfium2.PdfiumError as error:
        raise refusal(error) from error


def refusal(error: pypdfium2.PdfiumError) -> UnusableFile:
    """What pdfium's error means for whoever sent the file in."""
    locked = error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
    return NeedsPassword(LOCKED) if locked else DamagedFile(DAMAGED)


def refuse_too_long(document: pypdfium2.PdfDocument, max_pages: int) -> None:
    """Raises TooLarge."""
    pages = len(document)
    if pages > max_pages:
        raise TooLarge(f"{pages:,} ページあります。{max_pages:,} ページまでにしてください。")


def _refuse_unusable(document: pypdfium2.PdfDocument, content: bytes, max_pages: int) -> None:
    refuse_too_long(document, max_pages)
    pages = len(document)
    # pdfium mends what is cut off, with the pages that are left: a whole PDF says where it ends.
    if pages == 0 or b"%%EOF" not in content.rstrip(b"\x00\r\n ")[-2048:]:
        raise DamagedFile(DAMAGED)
    for index in range(pages):
        document.get_page_size(index)
    if document.get_formtype() == pdfium.FORMTYPE_XFA_FULL:
        raise WrongKind(DYNAMIC_FORM)


def _facts(document: pypdfium2.PdfDocument, content: bytes) -> Facts:
    open_text = content + _written_anew(document)
    scripted = pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0
    scripted = scripted or document.get_formtype() == pdfium.FORMTYPE_XFA_FOREGROUND
    attached = pdfium.FPDFDoc_GetAttachmentCount(document) > 0
    return {
        "pages": len(document),
        "acts": scripted or _acts(open_text),
        "holds_files": attached or bool(FILES.search(open_text)),
        "may_be_bound": _may_be_bound(document),
    }


def _may_be_bound(document: pypdfium2.PdfDocument) -> bool:
    newer = pdfium.FPDF_GetSecurityHandlerRevision(document) != 2
    return bool(pdfium.FPDF_GetDocPermissions(document) & (CHANGE | ASSEMBLE if newer else CHANGE))


def _written_anew(document: pypdfium2.PdfDocument) -> bytes:
    written = io.BytesIO()
    document.save(written, flags=pdfium.FPDF_REMOVE_SECURITY)
    return written.getvalue()


def _acts(open_text: bytes) -> bool:
    return bool(ACTS.search(open_text) or SCRIPT_LINK.search(open_text))


def _copy(document: pypdfium2.PdfDocument) -> bytes:
    """A new document of the same pages, with what fields and notes show drawn into them.

    Nothing of the document around its pages is taken along (scripts, files, fields, bookmarks), nor what lies upon them
    (links, fields, notes). What pages themselves start when they are turned gets a name that no reader knows.
    """
    for index in range(len(document)):
        page = document[index]
        drawn = pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
        for _ in range(pdfium.FPDFPage_GetAnnotCount(page)):
            pdfium.FPDFPage_RemoveAnnot(page, 0)
        if drawn == pdfium.FLATTEN_FAIL or pdfium.FPDFPage_GetAnnotCount(page):
            raise WrongKind(NO_COPY)
        page.close()
    copy = pypdfium2.PdfDocument.new()
    copy.import_pages(document)
    content = ACTS.sub(lambda name: name[0].swapcase(), _written_anew(copy))
    if _acts(content) or FILES.search(content):
        raise WrongKind(NO_COPY)
    return content
