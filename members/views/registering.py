"""名簿に加える: a pharmacy, a district or an outside issuer that is not in the roster yet."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from members import access, tree
from members.forms.organisation import NewOrganisationForm
from members.models import Organisation
from members.models.organisation import Kind
from members.roster import registering
from members.views.doors import only

KINDS = {Kind.PHARMACY, Kind.DISTRICT, Kind.ISSUER}
NEXT = {
    Kind.PHARMACY: "続けて、メールアドレスと管理薬剤師を加えてください。",
    Kind.DISTRICT: "続けて、メールアドレスと会長を加えてください。",
    Kind.ISSUER: "",
}


@only(access.can_edit_roster)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """The form; whoever is alike is shown first, and a second press registers."""
    if kind not in KINDS:
        raise Http404
    district = tree.districts().current().filter(pk=_number(request.GET.get("district", ""))).first()
    form = NewOrganisationForm(request.POST if request.method == "POST" else None, kind=Kind(kind), district=district)
    context: dict[str, Any] = {"form": form, "kind": Kind(kind), "namesakes": []}
    if request.method == "POST" and form.is_valid():
        try:
            return _added(request, Kind(kind), form)
        except registering.Namesakes as alike:
            context["namesakes"] = alike.found
            form.show(alike.found)
        except registering.CodeTaken as taken:
            form.add_error("code", f"この薬局コードは、{taken.holder.name}に登録されています")
    refused = form.errors or context["namesakes"]
    return render(request, "members/organisation_new.html", context, status=422 if refused else 200)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _added(request: HttpRequest, kind: Kind, form: NewOrganisationForm) -> HttpResponse:
    added: Organisation = registering.add(kind, form.values, form.cleaned_data["namesakes"], request.actor)
    messages.success(request, f"{added.name}を名簿に登録しました。{NEXT[kind]}")
    for warning in form.warnings:
        messages.warning(request, warning)
    return redirect("organisation", added.pk)
