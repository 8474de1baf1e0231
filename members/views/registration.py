"""登録の内容: what the roster says of the own pharmacy, and telling what is wrong of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from members import access
from members.forms.registration import ReportForm
from members.models import Task
from members.roster import reporting
from members.views.doors import only


@only(access.is_pharmacy)
@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: HttpRequest) -> HttpResponse:
    """The own pharmacy, how notices reach it, and what was told and is not settled yet."""
    own = request.capacity.organisation
    waiting = own.tasks.still_open().filter(kind=Task.Kind.CHANGED).first()
    shown = {"what": waiting.remark} if waiting else None
    form = ReportForm(request.POST if request.method == "POST" else None, initial=shown)
    if request.method == "POST" and form.is_valid():
        reporting.report(own.pk, form.cleaned_data["what"], request.actor)
        messages.success(request, "事務局に知らせました。事務局が確かめて、登録を直します。")
        return redirect("registration")
    context = {
        "organisation": own,
        "officers": own.officers.holding(timezone.localdate()),
        "mailboxes": own.mailboxes.all(),
        "waiting": waiting,
        "form": form,
    }
    return render(request, "members/registration.html", context, status=422 if form.errors else 200)
