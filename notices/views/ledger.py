"""文書番号簿: the ledger of the association's document numbers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from members import tree
from members.views.download import saved, wanted
from notices.forms.ledger import LedgerForm, NumberForm, initial
from notices.letters import ledger, numbering
from notices.models import DocumentNumber
from notices.procedures.refusals import another_year
from notices.tables.ledger import LedgerTable, narrowed, series_and_year, sheet
from notices.views.doors import drafting, staff_only
from notices.views.typed import keeps_typed, posted

PER_PAGE = 100


@staff_only
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """The ledger of one series and 年度; by `format` as a file."""
    form = LedgerForm(request.GET)
    entries = narrowed(ledger.entries(form.chosen_series, form.chosen_year), form.searched)
    if kind := wanted(request):
        return saved(sheet(form.chosen_series, form.chosen_year, entries), kind)
    table = LedgerTable(entries, empty_text="条件に合う番号はありません。" if form.searched else None)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {
        "form": form,
        "table": table,
        "shown": series_and_year(form.chosen_series, form.chosen_year),
        "next": numbering.expected(tree.association(), timezone.localdate()).text,
    }
    return render(request, "letters/ledger.html", context)


@keeps_typed
@staff_only
@drafting
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """「番号を記入する」: one that was given outside of the site, or left out."""
    form = NumberForm(posted(request))
    if request.method == "POST" and form.is_valid():
        number, line = form.cleaned_data["number"], None
        try:
            ledger.check(number, form.cleaned_data["dated"])
            if not form.asks_first():
                line = ledger.enter(number, request.actor, **form.said)
        except numbering.NumberTaken as error:
            form.add_error("number", taken(error))
        except numbering.NumberOfAnotherYear as error:
            form.add_error("dated", f"{another_year(error)}。日付を確かめてください")
        if line:
            messages.success(request, f"{line.text}を文書番号簿に記入しました。")
            return redirect(ledger_at(line))
    return render(request, "letters/ledger_line.html", {"form": form, "line": None})


@keeps_typed
@staff_only
@drafting
@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """What is said of a number without a letter on the site, to be corrected."""
    found = get_object_or_404(DocumentNumber.objects.filter(issuer=tree.association(), notice=None), pk=pk)
    form = NumberForm(posted(request), line=found, initial=initial(found))
    if request.method == "POST" and form.is_valid():
        try:
            ledger.correct(found.pk, request.actor, **form.said)
        except DocumentNumber.DoesNotExist:
            messages.warning(request, _gone(found))
        else:
            messages.success(request, f"{found.text}の記入を直しました。")
        return redirect(ledger_at(found))
    return render(request, "letters/ledger_line.html", {"form": form, "line": found})


@staff_only
@drafting
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """「記入を取り消す」."""
    by_hand = DocumentNumber.objects.filter(issuer=tree.association(), notice=None, reserved_at=None)
    found = get_object_or_404(by_hand, pk=pk)
    try:
        ledger.remove(found.pk, request.actor)
    except DocumentNumber.DoesNotExist:
        messages.warning(request, _gone(found))
    else:
        messages.success(request, f"{found.text}の記入を取り消しました。取り消したことは、記録に残ります。")
    return redirect(ledger_at(found))


def _gone(line: DocumentNumber) -> str:
    """Somebody else was quicker, or a packet has brought the letter."""
    return f"{line.text}の記入は変えていません。いま、ほかの人が取り消したか、その番号の文書が登録されました。"


def ledger_at(line: DocumentNumber) -> str:
    """The part of the ledger in which a line stands."""
    return f"{reverse('notices:ledger')}?series={line.series}&year={line.fiscal_year}"


def taken(error: numbering.NumberTaken) -> SafeString:
    """What has the number, with the way to it."""
    line = error.line
    if line.notice:
        there, words = reverse("notices:notice", args=[line.notice.pk]), line.notice.subject
    else:
        there, words = ledger_at(line), f"欠番（{line.void_reason}）" if line.void_reason else line.subject
    return format_html('{}は、すでに使われています：<a href="{}">{}</a>', line.text, there, words)
