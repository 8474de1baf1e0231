"""The archive of notices: the list, a notice that was received or is still a draft, its attachments."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from members import access
from members.models import Capacity
from notices.boards import chain, standing
from notices.filters.archive import NoticeFilter
from notices.models import Notice, Receipt, Relation, Release
from notices.models.notice import NoticeQuerySet
from notices.tables.archive import NoticeTable, OrganisationNoticeTable
from notices.views import records
from notices.views.attached import attached
from notices.views.boards import board
from notices.views.doors import only, staff_only
from notices.views.download import saved_file
from notices.views.letter_parts import linked, relations
from notices.views.search import found_notices

PER_PAGE = 50


@staff_only
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """通知: everything received, drafted and released, the latest first; with a word, what it is found in."""
    everything = Notice.objects.visible_to(request.capacity).with_names().select_related("release")
    if not (request.GET.get("q") or request.GET.get("issuer")):
        everything = everything.of_association()
    everything = everything.prefetch_related("approvals")
    chosen = NoticeFilter(request.GET, everything)
    if query := request.GET.get("q", "").strip():
        return found_notices(request, query, chosen)
    table = NoticeTable(chosen.qs)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return render(request, "boards/notices.html", {"filter": chosen, "table": table, "any": everything.exists()})


@staff_only
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """A notice: its board once it is released, else its letter with the chain and its relations."""
    found = get_object_or_404(_notices(request), pk=pk)
    if found.state == Notice.State.RELEASED:
        return board(request, found)
    context = {
        "notice": found,
        "stops": linked(chain.stops(found)),
        "attachments": attached(found),
        "relations": relations(found),
        "enclosed_in": Notice.objects.filter(
            relations__kind=Relation.Kind.ENCLOSES, relations__target=found
        ).with_names(),
        "issuers": found.issuers.all(),
        "records": records.of(found, *_plan(found)),
    }
    return render(request, "boards/letter.html", context)


def _plan(found: Notice) -> list[Release]:
    """The plan of a draft's release, whose schedule has a history of its own."""
    return [found.release] if hasattr(found, "release") else []


def _notices(request: HttpRequest) -> NoticeQuerySet:
    names = (
        Notice.objects.visible_to(request.capacity)
        .with_names()
        .select_related("packet", "release__bound__file", "release__approval__decided_by")
    )
    return names.prefetch_related("steps", "attachments")


@staff_only
@require_safe
def attachment(request: HttpRequest, pk: int, attachment_id: int) -> HttpResponse:
    """The text that came with a packet as an attachment."""
    notice = get_object_or_404(_notices(request), pk=pk)
    found = get_object_or_404(notice.attachments.exclude(text=""), pk=attachment_id)
    return render(request, "boards/attachment.html", {"attachment": found, "notice": notice})


@staff_only
@require_safe
def file(request: HttpRequest, pk: int, attachment_id: int) -> HttpResponse:
    """An attached file, to be saved."""
    notice = get_object_or_404(_notices(request), pk=pk)
    found = get_object_or_404(notice.attachments.exclude(file=None).select_related("file"), pk=attachment_id)
    return saved_file(found.file, found.offered_as)


def may_follow(capacity: Capacity | None) -> bool:
    """Staff and chairs look after organisations; what each sees of them is `visible_to`."""
    return access.is_staff(capacity) or access.is_chair(capacity)


@only(may_follow)
@require_safe
def organisation_notices(request: HttpRequest, pk: int) -> HttpResponse:
    """What was released to one organisation, and what it did."""
    organisation = get_object_or_404(access.organisations_visible_to(request.capacity), pk=pk)
    receipts = Receipt.objects.visible_to(request.capacity).filter(organisation=organisation).to_do_first()
    table = OrganisationNoticeTable(
        standing.with_answer(receipts).select_related("release__notice").prefetch_related("release__notice__numbers"),
        leads_to_receipts=access.is_staff(request.capacity),
    )
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return render(request, "boards/organisation_notices.html", {"organisation": organisation, "table": table})
