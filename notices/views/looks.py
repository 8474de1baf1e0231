"""仕上がり: a draft as its readers will see it, with what is typed so far. Nothing of it is saved."""

import base64
import io
import logging

import pypdfium2
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from notices import pdf
from notices.distribution import sample
from notices.letters import binding
from notices.letters.letter import Letter, sheet_html
from notices.models import Notice, Release
from notices.models.receipt import Audience
from notices.views import recipient
from notices.views.draft_desk import LOOKS, Desk, changed, desk_of, planned, sketch
from notices.views.drafts import draft_only
from notices.views.entrance import Entrance
from notices.views.letter import draft_pdf, not_rendered

logger = logging.getLogger(__name__)

# Stands where a personal address has the recipient's own letters; no page is behind it.
TOKEN = "sample"
# Pixels per point of the picture of a sheet: 144 dpi, for screens of two pixels a dot.
SCALE = 2


@draft_only
@require_POST
def preview(request: HttpRequest, notice: Notice) -> HttpResponse:
    """The draft as typed, in one of LOOKS: a part of the page for beside the form."""
    desk = desk_of(notice, request.POST)
    letter = sketch(desk, request.POST)
    look = request.POST.get("look")
    context = {"desk": desk, "letter": letter, "looks": LOOKS, "look": look}
    if look == "phone":
        context["page"] = _phone(planned(desk), letter)
    elif look == "mail":
        audiences = (Audience.PHARMACY, Audience.DISTRICT)
        plan, [number, *_] = planned(desk), letter.numbers or [""]
        context["mails"] = [sample.mail(plan, audience, to=request.user.email, number=number) for audience in audiences]
    elif look == "fax":
        context["sheets"] = _sheets(desk, letter)
    else:
        context["look"] = "letter"
        context["changed"] = changed(desk, request.POST)
    return render(request, "letters/looks.html", context)


def _phone(plan: Release, letter: Letter) -> str:
    """The first page of a pharmacy, as a document for a frame in which nothing can be pressed."""
    receipt = sample.receipt(plan, Audience.PHARMACY)
    entrance = Entrance(receipt, "personal", TOKEN, "letters/frame_look.html")
    return render_to_string("recipient/before.html", recipient.shown(entrance) | {"sketch": letter})


def _sheets(desk: Desk, letter: Letter) -> list[str]:
    """The personal sheet for FAX as pictures (data: URLs), and its pages behind; none where it cannot be made."""
    try:
        typeset = pdf.render(sheet_html(letter, is_draft=True))
        number = "・".join(letter.numbers)
        pages = len(pypdfium2.PdfDocument(typeset))
        papers = sample.sheet(planned(desk), number=number, letter_pages=pages)
    except pdf.RenderFailed:
        logger.exception("The sheet of draft %s could not be made.", desk.notice.pk)
        return []
    return [_picture(page) for paper in papers for page in pypdfium2.PdfDocument(paper)]


def _picture(page: pypdfium2.PdfPage) -> str:
    drawn = io.BytesIO()
    page.render(scale=SCALE, grayscale=True).to_pil().save(drawn, "PNG")
    return f"data:image/png;base64,{base64.b64encode(drawn.getvalue()).decode()}"


@draft_only
@require_POST
def preview_pdf(request: HttpRequest, notice: Notice, bound: bool = False) -> HttpResponse:
    """The letter as typed, not saved, as PDF, alone or `bound` with what the draft encloses."""
    typed = sheet_html(sketch(desk_of(notice, None), request.POST), is_draft=not notice.number_fixed)
    try:
        content = pdf.render(typed)
        return draft_pdf(binding.bind(notice, content).content if bound else content, notice)
    except binding.FAILURES:
        return not_rendered(request, notice)
