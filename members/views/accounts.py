"""アカウント: everybody who may sign in, for administrators."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django_tables2 import RequestConfig

from members import access, history
from members.accounts import capacities, correcting, disabling, factors, mailing, sessions
from members.filters import AccountFilter
from members.forms.accounts import AccountForm, DutiesForm
from members.models import Account, Capacity
from members.models.account import STAFF_ROLES
from members.tables.accounts import AccountTable
from members.views.doors import only
from members.views.people import LAST_ADMINISTRATOR

PER_PAGE = 50
PAGE = ["GET", "HEAD", "POST"]
NOT_ONESELF = "自分のアカウントは、自分では停止できません。"

administrator_only = only(access.can_manage_accounts)


@administrator_only
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """Everybody, with what they act for."""
    chosen = AccountFilter(request.GET, Account.objects.with_standing(), request=request)
    table = AccountTable(chosen.qs)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return render(request, "members/accounts.html", {"filter": chosen, "table": table})


@administrator_only
@require_safe
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: its capacities with their duties, second factors, sessions, and whether it is disabled."""
    found = get_object_or_404(Account, pk=pk)
    standing = found.capacities.standing().select_related("organisation")
    context = {
        "person": found,
        "is_self": found == request.user,
        "capacities": [(one, DutiesForm(capacity=one) if access.is_staff(one) else None) for one in standing],
        "ended": found.capacities.exclude(pk__in=standing).select_related("organisation"),
        "factors": [factors.NAMES[one.type] for one in factors.of(found)],
        "places": sessions.places(found),
        "signed_in": history.of(found).filter(verb="account.signed_in").first(),
    }
    return render(request, "members/account.html", context)


@administrator_only
@require_http_methods(PAGE)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """「氏名・アドレスを直す」."""
    found = get_object_or_404(Account.objects.exclude(email__endswith=Account.FORGOTTEN), pk=pk)
    shown = {"name": found.name, "email": found.email}
    form = AccountForm(request.POST if request.method == "POST" else None, initial=shown)
    if request.method == "POST" and form.is_valid() and _corrected(request, found, form):
        return redirect("account", pk)
    context = {"person": found, "form": form}
    return render(request, "members/account_correct.html", context, status=422 if form.errors else 200)


def _corrected(request: HttpRequest, found: Account, form: AccountForm) -> bool:
    typed = form.cleaned_data
    try:
        before = correcting.correct(found.pk, typed["name"], typed["email"], request.actor)
    except correcting.AddressTaken:
        form.add_error("email", "このアドレスは、別のアカウントで使われています。まだ何も変えていません")
        return False
    except capacities.Oneself:
        form.add_error("email", "自分のアドレスは、自分では直せません。ほかの管理者に頼んでください")
        return False
    messages.success(request, "アカウントの登録を直しました。")
    if before and found.is_active:
        try:
            correcting.tell(Account.objects.get(pk=found.pk), before)
        except mailing.NotSent:
            messages.warning(
                request, "登録は直しましたが、知らせるメールを送れませんでした。電話などで、本人に伝えてください。"
            )
    return True


@administrator_only
@require_http_methods(PAGE)
def change_duties(request: HttpRequest, pk: int) -> HttpResponse:
    """「担当を保存する」, of one member of the staff."""
    found = get_object_or_404(Capacity.objects.standing().filter(role__in=STAFF_ROLES), pk=pk)
    if request.method == "POST":
        form = DutiesForm(request.POST, capacity=found)
        if form.is_valid():
            changed = capacities.change_duties(pk, form.cleaned_data["duties"], request.actor)
            messages.success(
                request, f"担当を保存しました：{'・'.join(changed.duties) or 'なし'}。次の操作から変わります。"
            )
        else:
            messages.error(request, "担当を保存していません。画面を開き直して、もう一度選んでください。")
    return redirect("account", found.account_id)


@administrator_only
@require_http_methods(PAGE)
def disable(request: HttpRequest, pk: int) -> HttpResponse:
    """「停止する」: asks first."""
    done = "アカウントを停止しました。サインインしている端末では、次の操作から使えません。"
    return _asked(request, pk, "members/account_disable.html", disabling.disable, done)


@administrator_only
@require_http_methods(PAGE)
def enable(request: HttpRequest, pk: int) -> HttpResponse:
    """「停止を解除する」: asks first."""
    done = "停止を解除しました。またサインインできます。"
    return _asked(request, pk, "members/account_enable.html", disabling.enable, done)


@administrator_only
@require_http_methods(PAGE)
def reset_factors(request: HttpRequest, pk: int) -> HttpResponse:
    """「2つ目の確認を解除する」, of somebody who has lost the telephone: asks first."""
    done = "2つ目の確認を解除し、サインインをすべて終えました。次にサインインしたときに、新しく用意できます。"
    return _asked(request, pk, "members/account_reset.html", _reset, done)


def _reset(pk: int, actor: history.Actor) -> None:
    factors.reset(Account.objects.get(pk=pk), actor)


def _asked(
    request: HttpRequest, pk: int, page: str, step: Callable[[int, history.Actor], object], done: str
) -> HttpResponse:
    found = get_object_or_404(Account, pk=pk)
    if request.method != "POST":
        return render(request, page, {"person": found})
    try:
        step(pk, request.actor)
    except capacities.Oneself:
        messages.error(request, f"何も変えていません。{NOT_ONESELF}")
    except capacities.LastAdministrator:
        messages.error(request, f"何も変えていません。{LAST_ADMINISTRATOR}")
    else:
        messages.success(request, done)
    return redirect("account", pk)


@administrator_only
@require_http_methods(PAGE)
def end_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """「サインインをすべて終える」; of oneself all but this one."""
    found = get_object_or_404(Account, pk=pk)
    if request.method == "POST":
        ended = sessions.end(found, request.actor, but=request.session.session_key)
        messages.success(request, f"サインインを {ended} か所で終えました。次の操作から使えません。")
    return redirect("account", pk)
