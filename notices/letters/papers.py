"""What lies in a packet, in the order of the paper: the letter, its enclosures, and what these enclose in turn.

Every paper has the label that staff write on its first page: 別添1, and 別添1の別添2 for what 別添1 encloses.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from members.uploads import kinds
from notices.checklist import has_steps
from notices.models import Attachment, Notice, StoredFile


class Form(StrEnum):
    """In which form a paper gets into the packet."""

    LETTER = "letter"  # a received letter, typeset
    RECEIVED = "received"  # the pages on which it came, or the text of a guide
    FILE = "file"  # the pages of a PDF
    TEXT = "text"  # typeset
    STEPS = "steps"  # made of the steps of the notice, without the page numbers that it has by itself
    APART = "apart"  # a page that says why it is not here


class Reason(StrEnum):
    """Why a paper is not bound."""

    NO_PDF = "no_pdf"
    NOT_ALLOWED = "not_allowed"
    DAMAGED = "damaged"
    LOCKED = "locked"
    LAYERED = "layered"
    TOO_LARGE = "too_large"
    NOTHING_THERE = "nothing_there"
    TWICE = "twice"


@dataclass(frozen=True)
class Paper:
    """One enclosure. `level` is 0 for those of the letter itself, 1 for what they enclose, and so on."""

    label: str
    title: str
    level: int
    form: Form
    attachment: Attachment
    reason: Reason | None = None

    @property
    def file(self) -> StoredFile | None:
        return self.attachment.file

    @property
    def file_name(self) -> str:
        return self.attachment.offered_as

    @property
    def letter(self) -> Notice | None:
        return self.attachment.enclosed

    def apart(self, reason: Reason) -> "Paper":
        """The same paper as one that is not bound."""
        return replace(self, form=Form.APART, reason=reason)


def papers(notice: Notice) -> list[Paper]:
    """The enclosures of a notice and of the letters within, each letter once; addresses are no papers."""
    return list(_below(notice, "", 0, {notice.pk}))


def without_content(notice: Notice) -> list[Paper]:
    """The enclosures, those of the letters within too, of which there is neither file nor letter, text nor address."""
    return [paper for paper in papers(notice) if paper.reason == Reason.NOTHING_THERE]


def _below(notice: Notice, above: str, level: int, seen: set[int]) -> Iterator[Paper]:
    found = notice.attachments.select_related("file", "enclosed").prefetch_related(
        "enclosed__numbers", "enclosed__issuers__organisation"
    )
    for attachment in found:
        label = f"{above}の{attachment.label}" if above else attachment.label
        form, reason = _form(attachment, seen)
        if form is None:
            continue
        yield Paper(label, attachment.title, level, form, attachment, reason)
        if form == Form.LETTER:
            seen.add(attachment.enclosed_id)
            yield from _below(attachment.enclosed, label, level + 1, seen)


def _form(attachment: Attachment, seen: set[int]) -> tuple[Form | None, Reason | None]:
    if attachment.enclosed_id:
        return (Form.APART, Reason.TWICE) if attachment.enclosed_id in seen else (Form.LETTER, None)
    if attachment.from_steps:
        return (Form.STEPS, None) if has_steps(attachment.notice) else (Form.APART, Reason.NOTHING_THERE)
    if attachment.file:
        return _form_of_file(attachment.file)
    if attachment.text:
        return Form.TEXT, None
    return (None, None) if attachment.url else (Form.APART, Reason.NOTHING_THERE)


def _form_of_file(file: StoredFile) -> tuple[Form, Reason | None]:
    if file.media_type != kinds.PDF.media_type:
        return Form.APART, Reason.NO_PDF
    return (Form.FILE, None) if file.may_be_bound else (Form.APART, Reason.NOT_ALLOWED)
