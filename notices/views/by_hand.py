"""郵送・FAX の紙: what staff print and send themselves, and noting that they did."""

import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_safe

from members import tree
from members.models import Organisation
from members.models.organisation import Channel
from notices import succession
from notices.distribution import by_hand, earlier_papers, fax_returned, gateway
from notices.forms.by_hand import FaxReturnedForm
from notices.models import Delivery, Release
from notices.tables.by_hand import PileTable, print_address
from notices.views.doors import staff_only

# A button's value: a district (empty: all), the way, and the last delivery of what was shown.
PILE = re.compile(rf"(\d{{0,18}})-({Channel.POST}|{Channel.FAX})-(\d{{1,18}})", re.ASCII)


@staff_only
@require_safe
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Every district's papers: counted, to print, to note as sent; post and FAX each by itself."""
    release = released(request, pk)
    piles = by_hand.piles(release)
    left = {way: sum(pile.left_by(way) for pile in piles) for way in by_hand.WAYS}
    successor = succession.successor(release.notice_id)
    context: dict[str, Any] = {
        "release": release,
        "notice": release.notice,
        "piles": piles,
        "table": PileTable(piles, release=release, may_print=successor is None),
        "successor": successor,
        "left": sum(left.values()),
        "fax": left[Channel.FAX],
        "needless": by_hand.needless(release),
        "instead": earlier_papers.instead(release),
        "never_sent": earlier_papers.never_sent(release),
        "together": [(way, number, print_address(release, None, way, number)) for way, number in left.items() if number]
        if len(piles) > 1
        else [],
        "newest": max((pile.newest for pile in piles), default=0),
        "notes": by_hand.notes(release),
        "gateway": gateway.is_there(),
        "fax_sent": by_hand.of(release).filter(by_hand.DONE, channel=Channel.FAX).exists(),
    }
    return render(request, "releases/papers.html", context)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def papers_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """「送ったと記録する」 for a district or for all, by post or by FAX."""
    release = released(request, pk)
    if request.method == "POST":
        pile = PILE.fullmatch(request.POST.get("pile", ""))
        if not pile:
            raise Http404
        district, way = district_named(pile[1]), Channel(pile[2])
        if noted := by_hand.note_sent(release, request.actor, district, int(pile[3]), channel=way):
            where = district.label if district else "全地区"
            words = f"{where}の{way.label} {noted:,} 通を、今日送ったことにしました。"
            messages.success(request, f"{words}下の「送った記録」から取り消せます。")
        else:
            messages.info(request, "何も変えていません。記録する紙は残っていませんでした。")
    return redirect("notices:release_papers", pk)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def papers_not_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes one 「送ったと記録する」 back."""
    release = released(request, pk)
    if request.method == "POST":
        at = _moment(request.POST.get("at", ""))
        if at and (left := by_hand.take_back(release, request.actor, at)):
            messages.success(request, f"取り消しました。{left:,} 通が、まだ送っていない紙に戻りました。")
        else:
            messages.info(request, "何も変えていません。この記録は取り消されていました。")
    return redirect("notices:release_papers", pk)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def returned(request: HttpRequest, pk: int) -> HttpResponse:
    """「FAXが戻った」, of one FAX that staff sent themselves: asks why."""
    found = Delivery.objects.visible_to(request.capacity).filter(channel=Channel.FAX)
    related = ("receipt__organisation", "receipt__release__notice")
    delivery = get_object_or_404(found.select_related(*related), pk=pk)
    receipt = delivery.receipt
    form = FaxReturnedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            fax_returned.note(pk, form.cleaned_data["reason"], request.actor)
        except fax_returned.NothingReturned:
            messages.info(request, "何も変えていません。この FAX は、手で送ったままの状態ではありません。")
        else:
            messages.success(
                request, f"{receipt.organisation.name}の FAX が戻ったことを記録しました。番号を、地区に聞きます。"
            )
        return redirect("notices:receipt", receipt.pk)
    context = {"delivery": delivery, "receipt": receipt, "notice": receipt.release.notice, "form": form}
    return render(request, "releases/fax_returned.html", context, status=422 if form.errors else 200)


def released(request: HttpRequest, pk: int) -> Release:
    """The release, once it is out; 404 for any other."""
    found = Release.objects.visible_to(request.capacity).released()
    return get_object_or_404(found.select_related("notice", "letter", "released_by"), pk=pk)


def district_named(text: str) -> Organisation | None:
    """The district with that id, None without one; 404 for anything else."""
    if not text:
        return None
    if not re.fullmatch(r"\d{1,18}", text, re.ASCII):
        raise Http404
    return get_object_or_404(tree.districts(), pk=int(text))


def _moment(text: str) -> Any:
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at and at.tzinfo else None
