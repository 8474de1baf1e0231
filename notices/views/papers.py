"""The papers of a receipt: the letter as it was released, its attachments and the letters enclosed in them."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.views.decorators.http import require_safe

from members.uploads import kinds
from notices import enclosed
from notices.letters import received
from notices.models import Attachment, Notice
from notices.pdf_binding import BindingFailed
from notices.views.download import saved_file, saved_pdf
from notices.views.entrance import Entrance
from notices.views.letter import bound_file
from notices.views.links import Link, web_link


def attached(entrance: Entrance, notice: Notice) -> list[Link]:
    """The attachments, and what letters among them bring along, as lines with their addresses behind this door."""
    found = enclosed.reachable(notice)
    return [_paper(entrance, label, attachment, found) for label, attachment in enclosed.listed(notice, found)]


def _paper(entrance: Entrance, label: str, attachment: Attachment, found: dict[int, list[Attachment]]) -> Link:
    title = attachment.title
    if attachment.enclosed:
        letters = enclosed.letters(attachment, found)
        names = [" ".join(filter(None, (letter.issuer_names, letter.number_text))) for letter in letters]
        about = "　".join(filter(None, [f"文書 {len(letters)} 通", "、".join(filter(None, names))]))
        return Link(label, title, entrance.url("attachment", attachment.pk), about)
    if attachment.file:
        about = f"{_kind(attachment)}・{filesizeformat(attachment.file.size)}"
        return Link(label, title, entrance.url("file", attachment.pk), about)
    if attachment.text:
        return Link(label, title, entrance.url("attachment", attachment.pk), "この画面で読めます")
    return web_link(label, title, attachment.url)


def _kind(attachment: Attachment) -> str:
    _, dot, ending = attachment.offered_as.rpartition(".")
    return ending.upper() if dot and ending.isascii() and len(ending) <= 5 else "ファイル"


def _attachment(entrance: Entrance, pk: int) -> tuple[Attachment, dict[int, list[Attachment]]]:
    """An attachment that can be reached from the receipt's notice, or 404."""
    found = enclosed.reachable(entrance.receipt.release.notice)
    for attachment in (each for attachments in found.values() for each in attachments):
        if attachment.pk == pk:
            return attachment, found
    raise Http404


@require_safe
def letter(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """The letter as PDF, byte for byte as it was fixed at the release."""
    release = entrance.receipt.release
    name = f"{release.notice.number_text or '公文書'}.pdf"
    return FileResponse(release.letter.content.open("rb"), filename=name, content_type="application/pdf")


@require_safe
def bound(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """The letter bound with its enclosures, once it is made."""
    release = entrance.receipt.release
    if not release.is_bound:
        raise Http404
    return bound_file(release)


@require_safe
def attachment(request: HttpRequest, entrance: Entrance, pk: int) -> HttpResponse:
    """An attachment to read: the enclosed letters one after another, or its text."""
    chosen, found = _attachment(entrance, pk)
    if not chosen.enclosed and not chosen.text:
        raise Http404
    letters, notice = enclosed.letters(chosen, found), entrance.receipt.release.notice
    labels = enclosed.labels(notice, found)
    context = {
        "entrance": entrance,
        "attachment": chosen,
        "label": labels[chosen.pk],
        "sheets": [_Sheet(entrance, each, found) for each in letters],
        "release": entrance.receipt.release,
        "notice": notice,
    }
    return render(request, "recipient/attachment.html", context)


class _Sheet:
    """A letter among the papers: what lies beside it, and the PDF of its pages where these have no text."""

    def __init__(self, entrance: Entrance, letter: Notice, found: dict[int, list[Attachment]]) -> None:
        self.letter = letter
        beside = (each for each in found[letter.pk] if not (each.enclosed or each.is_empty))
        self.papers = [_paper(entrance, each.label, each, found) for each in beside]
        holding = (each for attachments in found.values() for each in attachments if each.enclosed_id == letter.pk)
        self.scan = entrance.url("file", next(holding).pk) if received.is_scan(letter) else ""


@require_safe
def file(request: HttpRequest, entrance: Entrance, pk: int) -> HttpResponse:
    """An attached file, or the pages of an enclosed scan, to be saved."""
    chosen, _ = _attachment(entrance, pk)
    if chosen.enclosed and received.is_scan(chosen.enclosed):
        return _scan(chosen)
    if not chosen.file:
        raise Http404
    return saved_file(chosen.file, chosen.offered_as)


def _scan(chosen: Attachment) -> HttpResponse:
    """The pages of an enclosed scan; 404 where they cannot be taken out of their file."""
    try:
        return saved_pdf(received.scan_of(chosen.enclosed), f"{chosen.label}{kinds.PDF.ending}")
    except BindingFailed as error:
        raise Http404 from error
