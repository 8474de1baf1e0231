"""The papers of a district, or of all, as one PDF: it goes out as it is made, and a page shows how far it has come."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from members.models import Organisation
from members.models.organisation import Channel
from notices import pdf, succession
from notices.distribution import by_hand, printing, printing_progress
from notices.distribution.printing_progress import Progress
from notices.models import Release
from notices.views.by_hand import district_named, released
from notices.views.doors import staff_only

logger = logging.getLogger(__name__)

# What is made before the answer begins: the head of the file, the letter, and the first sheets. What cannot be rendered
# shows there, mostly, while there is still a page to say so.
BEGINNING = 3


@dataclass(frozen=True)
class Wanted:
    """What a file shall hold: a district's papers or all, to post or to fax, those left or `again` those noted."""

    release: Release
    district: Organisation | None
    way: Channel
    again: bool
    keys: list[int]

    @property
    def name(self) -> str:
        number = self.release.notice.number_text or "通知"
        return f"{number}_{self.district.label if self.district else '全地区'}_{self.way.label}.pdf"

    def place(self, request: HttpRequest) -> str:
        district = self.district and self.district.pk
        return printing_progress.place(request.user.pk, self.release.pk, district, self.way, again=self.again)


@staff_only
@require_safe
def papers_print(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file: `way` (post or FAX), `district` (all without it), `again` for what was noted as sent before."""
    wanted = _wanted(request, pk)
    by_fax = wanted.way == Channel.FAX
    pieces = printing.printed(wanted.release, by_hand.batches(wanted.keys), by_fax=by_fax)
    try:
        beginning = list(islice(pieces, BEGINNING))
    except pdf.RenderFailed:
        logger.exception("The papers of release %s could not be rendered", pk)
        messages.error(request, "紙の PDF を作れませんでした。何も変えていません。少し待って、もう一度お試しください。")
        return redirect("notices:release_papers", pk)
    going_out = _going_out(chain(beginning, pieces), len(wanted.keys), wanted.place(request))
    disposition = content_disposition_header(as_attachment=True, filename=wanted.name)
    return StreamingHttpResponse(
        going_out, content_type="application/pdf", headers={"Content-Disposition": disposition}
    )


def _going_out(pieces: Iterator[tuple[bytes, int]], whole: int, place: str) -> Iterator[bytes]:
    """The bytes; how far they are is noted. What breaks off is not taken for whole."""
    done = 0
    try:
        for content, recipients in pieces:
            done += recipients
            Progress(whole, done).note(place)
            yield content
    except Exception:
        Progress(whole, done, failed=True).note(place)
        raise


@staff_only
@require_safe
def papers_making(request: HttpRequest, pk: int) -> HttpResponse:
    """The way to a long file, and how far it has come."""
    wanted = _wanted(request, pk)
    asked = request.GET.urlencode()
    context = {
        "release": wanted.release,
        "notice": wanted.release.notice,
        "wanted": wanted,
        "progress": Progress.at(wanted.place(request)),
        "here": request.get_full_path(),
        "file": reverse("notices:release_papers_print", args=[pk]) + (f"?{asked}" if asked else ""),
    }
    return render(request, "releases/papers_progress.html" if request.htmx else "releases/papers_making.html", context)


def _wanted(request: HttpRequest, pk: int) -> Wanted:
    """What the address asks for; 404 where there is nothing to print."""
    release = released(request, pk)
    district, again = district_named(request.GET.get("district", "")), "again" in request.GET
    way = request.GET.get("way", "")
    if way not in by_hand.WAYS or succession.successor(release.notice_id):
        raise Http404
    keys = by_hand.papers(release, district, way, again=again)
    if not keys:
        raise Http404
    return Wanted(release, district, Channel(way), again, keys)
