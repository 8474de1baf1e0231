"""設定手順を書く: many at once as lines, then each in its row."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from notices.forms.guide import MOST, StepFormSet, StepLinesForm, steps_of
from notices.letters import guide
from notices.models import Notice
from notices.views.drafts import draft_only
from notices.views.typed import given_back, keeps_typed


@keeps_typed
@draft_only
@require_http_methods(["GET", "HEAD", "POST"])
def steps(request: HttpRequest, notice: Notice) -> HttpResponse:
    """The draft's steps; saving adds the new lines behind those that are there."""
    typed = request.POST if request.method == "POST" else given_back(request)
    lines = StepLinesForm(typed)
    rows = StepFormSet(typed, initial=steps_of(notice), prefix="step")
    if request.method == "POST" and all([lines.is_valid(), rows.is_valid()]):
        kept = [row for row in rows if not row.cleaned_data["remove"]]
        kept.sort(key=lambda row: row.cleaned_data["order"])
        wanted = [*(row.line() for row in kept), *lines.lines()]
        if len(wanted) <= MOST:
            guide.arrange(notice.pk, wanted, request.actor)
            if request.POST.get("do") == "back":
                return redirect("notices:compose", notice.pk)
            messages.success(request, "設定手順を保存しました。")
            return redirect("notices:steps", notice.pk)
        lines.add_error(None, f"手順は {MOST} までです。今は {len(wanted)} あります")
    return render(request, "letters/steps.html", {"notice": notice, "lines": lines, "rows": rows})
