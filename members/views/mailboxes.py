"""メールアドレス of an organisation: added, changed, taken out of use and into use again, removed."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.views.decorators.http import require_http_methods

from members import access, addresses, mailboxes
from members.forms.addresses import AddressForm
from members.forms.mailboxes import MailboxForm
from members.history import Actor
from members.models import Mailbox, Organisation
from members.views.back import came_from
from members.views.doors import only

ALREADY_THERE = "この薬局・団体に、もう登録されているアドレスです"
CHANGED_MEANWHILE = (
    "この画面を開いたあとに、ほかの人がこのアドレスを直しました。まだ何も変えていません。"
    "名簿を開いて見比べてから、入れ直してください。"
)


@only(access.can_edit_roster)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """「メールアドレスを加える」, to an organisation of the roster; then back to `next`, a page of this site."""
    found = get_object_or_404(access.organisations_visible_to(request.capacity), pk=pk)
    form = AddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _added(found, form, request.actor):
        messages.success(request, f"{found.name}のアドレスを加えました。これからの通知は、このアドレスにも届きます。")
        _warn(request, form)
        return redirect(came_from(request) or resolve_url("organisation", pk))
    context = {"organisation": found, "form": form, "back": came_from(request)}
    return render(request, "members/mailbox.html", context, status=422 if form.errors else 200)


def _added(found: Organisation, form: AddressForm, actor: Actor) -> bool:
    try:
        addresses.add(found.pk, form.cleaned_data["address"], actor)
    except addresses.AlreadyThere:
        form.add_error("address", ALREADY_THERE)
        return False
    return True


def _warn(request: HttpRequest, form: AddressForm) -> None:
    if form.warning:
        messages.warning(request, form.warning)


def _mailbox(request: HttpRequest, pk: int) -> Mailbox:
    visible = access.organisations_visible_to(request.capacity)
    return get_object_or_404(Mailbox.objects.select_related("organisation"), pk=pk, organisation__in=visible)


@only(access.can_edit_roster)
@require_http_methods(["GET", "HEAD", "POST"])
def mailbox(request: HttpRequest, pk: int) -> HttpResponse:
    """One address: 「直す」, 「使わない」, 「また使う」."""
    found = _mailbox(request, pk)
    step = STEPS.get(request.POST.get("do", "")) if request.method == "POST" else None
    form = MailboxForm(request.POST if step is _change else None, mailbox=found)
    try:
        if step and step(request, found, form):
            return redirect("organisation", found.organisation_id)
    except mailboxes.ChangedMeanwhile:
        form.add_error(None, CHANGED_MEANWHILE)
    context = {"organisation": found.organisation, "mailbox": found, "form": form}
    return render(request, "members/mailbox_edit.html", context, status=422 if form.errors else 200)


def _change(request: HttpRequest, found: Mailbox, form: MailboxForm) -> bool:
    """Whether it is done; the form says why not. Raises ChangedMeanwhile, as the others do."""
    if not form.is_valid():
        return False
    try:
        mailboxes.change(found.pk, form.cleaned_data["address"], form.cleaned_data["seen"], request.actor)
    except addresses.AlreadyThere:
        form.add_error("address", ALREADY_THERE)
        return False
    messages.success(request, "メールアドレスを直しました。これからの通知は、新しいアドレスに届きます。")
    _warn(request, form)
    return True


def _stop(request: HttpRequest, found: Mailbox, form: MailboxForm) -> bool:
    mailboxes.stop(found.pk, request.actor)
    messages.success(request, f"{found.address} には、もう送りません。名簿には残っているので、また使えます。")
    return True


def _resume(request: HttpRequest, found: Mailbox, form: MailboxForm) -> bool:
    mailboxes.resume(found.pk, request.actor)
    messages.success(request, f"{found.address} を、また使います。これからの通知は、このアドレスにも届きます。")
    return True


Step = Callable[[HttpRequest, Mailbox, MailboxForm], bool]
STEPS: dict[str, Step] = {"change": _change, "stop": _stop, "resume": _resume}


@only(access.can_edit_roster)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """「名簿から消す」: asks first."""
    found = _mailbox(request, pk)
    if request.method == "POST":
        try:
            mailboxes.remove(found.pk, request.actor)
        except mailboxes.ChangedMeanwhile:
            messages.info(request, "ほかの人が先に消していました。")
        else:
            messages.success(
                request, f"{found.address} を名簿から消しました。これまでに送ったメールの記録は、そのままです。"
            )
        return redirect("organisation", found.organisation_id)
    return render(request, "members/mailbox_remove.html", {"organisation": found.organisation, "mailbox": found})
