"""いつもの再通知: by which plan every new notice reminds, one with a deadline and one without."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from members import access
from notices.distribution.reminders import plans
from notices.forms.reminders import PlanForm
from notices.views.doors import only
from notices.views.typed import keeps_typed, posted

KINDS = {"deadline": True, "release": False}


@keeps_typed
@only(access.can_change_usual_reminders)
@require_http_methods(["GET", "HEAD", "POST"])
def usual(request: HttpRequest) -> HttpResponse:
    """Both plans; `kind` says whose form was sent."""
    sent = posted(request)
    chosen = sent.get("kind") if sent else None
    forms = {kind: _form(kind, sent if kind == chosen else None) for kind in KINDS}
    form = forms.get(chosen)
    if request.method == "POST" and form and form.is_valid():
        if plans.change_usual(form.choice(), request.actor, from_deadline=KINDS[chosen]):
            messages.success(request, "保存しました。これから発出する通知に使います。発出済みの通知は変わりません。")
        else:
            messages.info(request, "変わったところはありません。")
        return redirect("notices:usual_reminders")
    status = 422 if request.method == "POST" else 200
    return render(request, "reminders/usual.html", {"forms": forms, "form": form}, status=status)


def _form(kind: str, sent: dict | None) -> PlanForm:
    from_deadline = KINDS[kind]
    return PlanForm(sent, prefix=kind, choice=plans.usually(from_deadline=from_deadline), from_deadline=from_deadline)
