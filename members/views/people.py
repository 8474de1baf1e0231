"""利用者: who may act for an organisation, invited and ended by those above it or by colleagues of the pharmacy."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from members import access
from members.accounts import capacities, invitations, mailing
from members.forms.accounts import InvitationForm
from members.models import Capacity, Organisation
from members.views.back import came_from
from members.views.doors import only, refused

PAGE = ["GET", "HEAD", "POST"]
STOPPED = "このアドレスのアカウントは停止されています。県薬剤師会の管理者が停止を解除すると、招待できます"
# Who is no member of the staff learns nothing of the accounts of others.
NOT_INVITED = "このアドレスの人は、ここからは招待できません。県薬剤師会の事務局へお知らせください"
TOO_MANY = "招待していません。短い間に何度も招待しています。1時間ほど待ってから、もう一度押してください"
NOT_ONESELF = "自分の立場は、自分では終えられません。ほかの人に頼んでください。"
LAST_ADMINISTRATOR = "最後の管理者です。先に、ほかの人を管理者にしてください。"


@only(access.can_see_own_accounts)
@require_http_methods(PAGE)
def own_accounts(request: HttpRequest) -> HttpResponse:
    """「この薬局の利用者」, or the district's."""
    return _page(request, request.capacity.organisation)


@only(access.is_staff)
@require_http_methods(PAGE)
def organisation_accounts(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for staff, of every organisation for which they invite."""
    found = get_object_or_404(access.organisations_visible_to(request.capacity), pk=pk)
    if not access.roles_to_invite(request.capacity, found):
        raise refused(request)
    return _page(request, found)


def _page(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    roles = access.roles_to_invite(request.capacity, organisation)
    by_staff = access.is_staff(request.capacity)
    form = None
    if roles and organisation.left_on is None:
        form = InvitationForm(request.POST if request.method == "POST" else None, roles=roles, by_staff=by_staff)
    if request.method == "POST":
        if form is None:
            raise refused(request)
        if form.is_valid() and invitations.too_many(request.actor):
            form.add_error(None, TOO_MANY)
        elif form.is_valid() and _invited(request, organisation, form):
            return redirect(request.path)
    context = {
        "base": "phone.html" if access.is_pharmacy(request.capacity) else "desk.html",
        "organisation": organisation,
        "people": [(one, one.role in roles) for one in _people(organisation)],
        "form": form,
        "of_own": not by_staff,
    }
    return render(request, "members/people.html", context, status=422 if form and form.errors else 200)


def _people(organisation: Organisation) -> list[Capacity]:
    return list(organisation.capacities.standing().select_related("account", "organisation"))


def _invited(request: HttpRequest, organisation: Organisation, form: InvitationForm) -> bool:
    typed = form.cleaned_data
    try:
        given = capacities.give(
            typed["email"],
            typed["name"],
            organisation,
            form.chosen_role,
            request.actor,
            duties=form.chosen_duties,
            asking=not access.is_staff(request.capacity),
        )
    except capacities.AlreadyGiven as there:
        label = there.capacity.get_role_display()
        form.add_error("email", f"このアドレスは、すでに{organisation.label}の「{label}」として使えます")
        return False
    except capacities.Disabled:
        form.add_error("email", STOPPED if access.is_staff(request.capacity) else NOT_INVITED)
        return False
    mail(request, given)
    return True


def mail(request: HttpRequest, given: Capacity) -> None:
    """Mail the invitation; where that fails, say what was kept and what to do."""
    email = given.account.email
    try:
        invitations.send(given, request.actor)
    except mailing.NotSent:
        messages.warning(
            request,
            f"招待のメールを送れませんでした。{email} は登録してあります。"
            "少し待って、「招待のメールをもう一度送る」を押してください。",
        )
    else:
        messages.success(request, f"{email} を招待しました。サインインのしかたを書いたメールを送りました。")


def _capacity(request: HttpRequest, pk: int) -> Capacity:
    """One that the person may give and end; another's is recorded and does not exist."""
    found = Capacity.objects.select_related("account", "organisation").filter(pk=pk).first()
    if found is None or not access.can_invite(request.capacity, found.organisation, found.role):
        raise refused(request)
    return found


def _home(request: HttpRequest, organisation: Organisation) -> HttpResponseRedirect:
    """Back whence the person came, else to the organisation's people."""
    if page := came_from(request):
        return redirect(page)
    if access.is_staff(request.capacity):
        return redirect("organisation_accounts", organisation.pk)
    return redirect("own_accounts")


def invites(capacity: Capacity | None) -> bool:
    """Staff, chairs and pharmacies."""
    return access.is_staff(capacity) or access.can_see_own_accounts(capacity)


@only(invites)
@require_http_methods(PAGE)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """「この立場を終える」: asks first."""
    found = _capacity(request, pk)
    if request.method != "POST":
        base = "phone.html" if access.is_pharmacy(request.capacity) else "desk.html"
        context = {"base": base, "ending": found, "back": _home(request, found.organisation).url}
        return render(request, "members/capacity_end.html", context)
    try:
        capacities.end(pk, request.actor)
    except capacities.Oneself:
        messages.error(request, f"何も変えていません。{NOT_ONESELF}")
    except capacities.LastAdministrator:
        messages.error(request, f"何も変えていません。{LAST_ADMINISTRATOR}")
    else:
        messages.success(
            request, f"{found.person}さんの「{found.get_role_display()}」を終えました。次の操作から使えません。"
        )
    return _home(request, found.organisation)


@only(invites)
@require_http_methods(PAGE)
def invite_again(request: HttpRequest, pk: int) -> HttpResponse:
    """「招待のメールをもう一度送る」."""
    found = _capacity(request, pk)
    if request.method == "POST":
        if invitations.too_many(request.actor):
            messages.warning(request, TOO_MANY)
        elif found in _people(found.organisation) and found.account.is_active:
            mail(request, found)
        else:
            messages.warning(request, "送っていません。この立場は終わっているか、アカウントが停止されています。")
    return _home(request, found.organisation)
