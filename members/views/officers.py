"""役員の交代: who takes an office, who leaves one, and what was registered wrongly of one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from members import access
from members.accounts import capacities
from members.forms.officers import OFFICES, CorrectionForm, LeavingForm, OfficerForm
from members.models import Officer, Organisation
from members.models.officer import Office
from members.roster import offices
from members.views.doors import only
from members.views.people import mail as invite

CORRECTED_MEANWHILE = (
    "この画面を開いたあとに、ほかの人がこの役員の登録を直しました。まだ何も変えていません。"
    "名簿を開いて見比べてから、入れ直してください。"
)
OVERLAP = "この日か、それよりあとに就任する人（{name}さん）がいます。まだ何も変えていません。就任日を確かめてください。"


@only(access.can_edit_roster)
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """「役員を加える・交代する」, of one organisation."""
    with_offices = [kind for kind, held in OFFICES.items() if held]
    organisations = access.organisations_visible_to(request.capacity).filter(kind__in=with_offices)
    found = get_object_or_404(organisations, pk=pk)
    form = OfficerForm(request.POST if request.method == "POST" else None, kind=found.kind)
    if request.method == "POST" and form.is_valid() and _taken(request, found, form):
        return redirect("organisation", pk)
    context = {"organisation": found, "form": form, "officer": None}
    return render(request, "members/officer.html", context, status=422 if form.errors else 200)


def _taken(request: HttpRequest, found: Organisation, form: OfficerForm) -> bool:
    typed = form.cleaned_data
    try:
        taken = offices.take(
            found.pk, Office(typed["office"]), typed["name"], typed["email"], typed["since"], request.actor
        )
    except offices.TermsOverlap as overlap:
        form.add_error("since", OVERLAP.format(name=overlap.officer.name))
        return False
    messages.success(request, f"{taken.name}さんを{taken.get_office_display()}に登録しました。")
    if typed.get("signs_in"):
        _let_sign_in(request, taken)
    return True


def _let_sign_in(request: HttpRequest, chair: Officer) -> None:
    """The chair is registered in any case; why the sign-in is not possible is said."""
    try:
        invite(request, offices.let_sign_in(chair, request.actor))
    except capacities.AlreadyGiven:
        messages.info(request, f"{chair.email} は、すでに{chair.organisation.label}の会長としてサインインできます。")
    except capacities.Disabled:
        messages.warning(
            request,
            f"サインインできるようにはしていません。{chair.email} のアカウントは停止されています。"
            "管理者に解除を頼んでください。",
        )


def _officer(request: HttpRequest, pk: int) -> Officer:
    visible = access.organisations_visible_to(request.capacity)
    return get_object_or_404(Officer.objects.select_related("organisation"), pk=pk, organisation__in=visible)


@only(access.can_edit_roster)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """「退任日を入れる」, of one person in an office."""
    officer = _officer(request, pk)
    shown = {"until": officer.until} if officer.until else None
    form = LeavingForm(request.POST if request.method == "POST" else None, officer=officer, initial=shown)
    if request.method == "POST" and form.is_valid() and _left(request, officer, form):
        return redirect("organisation", officer.organisation_id)
    context = {
        "organisation": officer.organisation,
        "form": form,
        "officer": officer,
        "ends_chair": offices.is_chair_of_district(officer),
    }
    return render(request, "members/officer.html", context, status=422 if form.errors else 200)


def _left(request: HttpRequest, officer: Officer, form: LeavingForm) -> bool:
    try:
        offices.leave(officer.pk, form.cleaned_data["until"], request.actor)
    except offices.TermsOverlap as overlap:
        form.add_error("until", f"{overlap.officer.name}さんの任期と重なります。まだ何も変えていません。")
        return False
    messages.success(request, f"{officer.name}さんの退任日を入れました。次の人が決まったら、登録してください。")
    return True


@only(access.can_edit_roster)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """「登録を訂正する」: a misspelt name, another address, other days. Who follows whom is `take`."""
    officer = _officer(request, pk)
    form = CorrectionForm(request.POST if request.method == "POST" else None, officer=officer)
    if request.method == "POST" and form.is_valid() and _corrected(request, officer, form):
        return redirect("organisation", officer.organisation_id)
    context = {"organisation": officer.organisation, "form": form, "officer": officer}
    return render(request, "members/officer_correct.html", context, status=422 if form.errors else 200)


def _corrected(request: HttpRequest, officer: Officer, form: CorrectionForm) -> bool:
    try:
        changed = offices.correct(officer.pk, form.values, form.cleaned_data["seen"], request.actor)
    except offices.TermsOverlap as overlap:
        form.add_error("since", f"{overlap.officer.name}さんの任期と重なります。まだ何も変えていません。")
        return False
    except offices.CorrectedMeanwhile:
        form.add_error(None, CORRECTED_MEANWHILE)
        return False
    if changed:
        messages.success(request, f"{form.cleaned_data['name']}さんの登録を訂正しました。")
    else:
        messages.info(request, "登録の内容は、前と同じです。何も変えていません。")
    return True
