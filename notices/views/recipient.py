"""A recipient's pages of one notice: read, confirm, set up, ask for help. The same behind every door.

GET and HEAD record nothing; every button is a form of its own.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from notices.boards import chain
from notices.distribution import recipients, superseding
from notices.forms.tracking import ClosingForm, DeviceForm, HelpForm, NameForm, NotApplicableForm, TickForm
from notices.models import HelpRequest, Receipt, Step
from notices.models.receipt import Audience
from notices.tracking import carried, confirming, helping, on_behalf, setup, steps
from notices.tracking.facts import Refused
from notices.views.doors import refused
from notices.views.download import shown_picture
from notices.views.entrance import Entrance, View
from notices.views.papers import attached
from notices.views.succession import behind, earlier, replaced, same_door
from notices.views.typed import posted

reading_and_writing = require_http_methods(["GET", "HEAD", "POST"])


def button(view: View) -> View:
    """An address to which only buttons lead: whoever opens it otherwise (a restored tab) gets the receipt's page."""

    @wraps(view)
    @reading_and_writing
    def inside(request: HttpRequest, entrance: Entrance) -> HttpResponse:
        return view(request, entrance) if request.method == "POST" else redirect(entrance.url())

    return inside


def _template(entrance: Entrance) -> str:
    """The page for how far the receipt has come; of a superseded notice there is nothing to do but read."""
    receipt = entrance.receipt
    if entrance.successor:
        return "recipient/superseded.html"
    if receipt.audience == Audience.DISTRICT:
        return "recipient/district.html"
    if receipt.confirmed_at is None:
        return "recipient/before.html"
    if not receipt.release.asks_set_up:
        return "recipient/confirmed.html"
    if receipt.finished_at or receipt.not_applicable_at:
        return "recipient/finished.html"
    return "recipient/steps.html"


def _context(entrance: Entrance, **more: Any) -> dict[str, Any]:
    """What the pages show, read anew: the receipt is as the database has it now."""
    entrance.receipt.refresh_from_db(fields=[field.name for field in Receipt._meta.fields if not field.is_relation])
    return _facts(entrance) | more


def shown(entrance: Entrance) -> dict[str, Any]:
    """What the first page shows of a receipt that is nobody's (`sample.receipt`)."""
    return _facts(entrance) | _reading(entrance)


def _facts(entrance: Entrance) -> dict[str, Any]:
    receipt = entrance.receipt
    notice, asked = receipt.release.notice, helping.of(receipt)
    return {
        "entrance": entrance,
        "urls": entrance.urls,
        "receipt": receipt,
        "release": receipt.release,
        "notice": notice,
        "unheard": superseding.is_unheard(receipt),
        "covering": receipt.release.covering_chairs
        if receipt.audience == Audience.DISTRICT
        else receipt.release.covering_pharmacies,
        "work": steps.work(receipt),
        "help_requests": asked,
        "awaits_answer": any(one.answered_at is None and one.closed_at is None for one in asked),
        "on_behalf": on_behalf.told(receipt),
        "carried": carried.of(receipt),
        "devices": Step.Device,
        "superseded": behind(entrance),
        "supersedes": replaced(notice),
        "earlier": earlier(entrance),
    }


def _reading(entrance: Entrance) -> dict[str, Any]:
    """What there is to read: the way of the notice, and its papers."""
    notice = entrance.receipt.release.notice
    return {"stops": chain.letters(notice), "papers": attached(entrance, notice)}


def show(
    request: HttpRequest, entrance: Entrance, template: str = "", *, status: int = 200, **more: Any
) -> HttpResponse:
    """The receipt's page as it stands now, with what a refused form has to say."""
    receipt = entrance.receipt
    context = _reading(entrance) | {
        "name_form": NameForm(initial={"name": receipt.confirmed_name or _own_name(entrance)}),
        "unread": _unread(entrance),
        **_context(entrance, **more),
    }
    # Where there are steps to do, these come first.
    is_next = not receipt.confirmed_name and not receipt.release.asks_set_up
    context["ask_name"] = context["name_form"].errors or is_next
    return render(request, template or _template(entrance), context, status=status)


def _own_name(entrance: Entrance) -> str:
    return entrance.actor.account.name if entrance.is_signed_in else ""


def _unread(entrance: Entrance) -> list[Receipt]:
    """What else is to confirm: for who is signed in. A personal address tells of its own notice only."""
    if not entrance.is_signed_in:
        return []
    others = Receipt.objects.visible_to(entrance.actor.capacity).unconfirmed().exclude(release__ask="inform").current()
    return list(others.exclude(pk=entrance.receipt.pk).select_related("release__notice")[:5])


def _refused(request: HttpRequest, entrance: Entrance, refusal: Refused) -> HttpResponse:
    return show(request, entrance, status=409, refusal=str(refusal))


@require_safe
def page(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    return show(request, entrance)


@button
def confirm(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """「確認しました」, in one tap."""
    try:
        confirming.confirm(entrance.receipt.pk, actor=entrance.actor, via=entrance.via)
    except Refused as refusal:
        return _refused(request, entrance, refusal)
    return redirect(entrance.url())


@button
def name(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """Who confirmed; may be left out, changed and taken back."""
    form = NameForm(request.POST)
    if not form.is_valid():
        return show(request, entrance, status=422, name_form=form)
    try:
        confirming.name(entrance.receipt.pk, form.cleaned_data["name"], actor=entrance.actor, via=entrance.via)
    except Refused as refusal:
        return _refused(request, entrance, refusal)
    return redirect(entrance.url())


def _set_up_only(entrance: Entrance) -> None:
    if not entrance.receipt.asks_set_up:
        raise Http404


@reading_and_writing
def work(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """The steps after 完了 (before it they are the receipt's page); POST ticks one or takes its tick back, at once."""
    _set_up_only(entrance)
    if request.method != "POST":
        finished = entrance.receipt.finished_at is not None and not entrance.successor
        return show(request, entrance, "recipient/steps.html") if finished else redirect(entrance.url())
    form = TickForm(request.POST)
    if not form.is_valid():
        raise Http404
    change = setup.tick if form.cleaned_data["done"] else setup.untick
    step_id = form.cleaned_data["step"]
    try:
        change(entrance.receipt.pk, step_id, actor=entrance.actor, via=entrance.via)
    except Step.DoesNotExist as error:
        raise Http404 from error
    except Refused as refusal:
        return _refused_work(request, entrance, refusal)
    return _worked(request, entrance, f"step-{step_id}")


@button
def device(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """The kind of device, which brings its steps."""
    form = DeviceForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        setup.choose_device(entrance.receipt.pk, form.cleaned_data["device"], actor=entrance.actor, via=entrance.via)
    except Refused as refusal:
        return _refused_work(request, entrance, refusal)
    return _worked(request, entrance, "devices")


def _worked(request: HttpRequest, entrance: Entrance, place: str) -> HttpResponse:
    """Back to the place on the page, or only the changed part where a script asked for it."""
    if request.htmx:
        return render(request, "recipient/work.html", _context(entrance))
    return redirect(f"{entrance.url('steps' if entrance.receipt.finished_at else '')}#{place}")


def _refused_work(request: HttpRequest, entrance: Entrance, refusal: Refused) -> HttpResponse:
    if request.htmx:
        # The page as it stands tells why; a part of it would be the wrong part.
        return HttpResponse(status=409, headers={"HX-Refresh": "true"})
    return _refused(request, entrance, refusal)


@require_safe
def picture(request: HttpRequest, entrance: Entrance, pk: int) -> HttpResponse:
    """The picture of one of the notice's steps."""
    _set_up_only(entrance)
    step = get_object_or_404(entrance.receipt.release.notice.steps.exclude(picture=None), pk=pk)
    return shown_picture(step.picture)


def _declaration(change: Callable[..., Receipt]) -> View:
    """A page that only declares: POST, then back to the receipt's page."""

    @button
    def declare(request: HttpRequest, entrance: Entrance) -> HttpResponse:
        try:
            change(entrance.receipt.pk, actor=entrance.actor, via=entrance.via)
        except Refused as refusal:
            return _refused(request, entrance, refusal)
        return redirect(entrance.url())

    return declare


finish = _declaration(setup.finish)
reopen = _declaration(setup.reopen)
applicable = _declaration(setup.mark_applicable)


@reading_and_writing
def not_applicable(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """対象外, with a reason to choose or to write."""
    _set_up_only(entrance)
    if entrance.successor and request.method != "POST":
        return redirect(entrance.url())
    form = NotApplicableForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            setup.mark_not_applicable(entrance.receipt.pk, form.words, actor=entrance.actor, via=entrance.via)
        except Refused as refusal:
            return _refused(request, entrance, refusal)
        return redirect(entrance.url())
    return _form_page(request, entrance, "recipient/not_applicable.html", form)


@reading_and_writing
def ask(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """「困っています」, on a step or on the notice as a whole, with what was asked before."""
    receipt = entrance.receipt
    if not receipt.takes_questions:
        raise Http404
    if entrance.successor and request.method != "POST":
        return redirect(entrance.url())
    found = steps.work(receipt)
    choices = [(item.step.pk, f"{item.number}. {item.step.title}") for item in found.items]
    registered = receipt.organisation.telephone
    asked_step = _asked_step(request, found)
    initial = {"step": asked_step, "telephone": registered}
    form = HelpForm(choices, posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        step, text = form.cleaned_data.get("step"), form.words(registered)
        asked = helping.ask(receipt.pk, step, text, actor=entrance.actor, via=entrance.via)
        return _to_question(request, entrance, asked)
    return _form_page(
        request,
        entrance,
        "recipient/help.html",
        form,
        mailable=recipients.mailable(receipt.organisation),
        asked_step=asked_step,
        other_notes=[item for item in found.items if item.note and item.step.pk != asked_step],
    )


def _to_question(request: HttpRequest, entrance: Entrance, asked: HelpRequest) -> HttpResponse:
    """To where it stands: this notice, or the correction or 再周知 that went out after its form was opened."""
    if asked.receipt_id == entrance.receipt.pk:
        return redirect(entrance.url() + "#help")
    notice = asked.receipt.release.notice
    if there := same_door(entrance, notice):
        return redirect(there + "#help")
    return show(request, entrance, asked_of=notice)


def _asked_step(request: HttpRequest, found: steps.Work) -> int | None:
    """The step that was chosen in the form, else that whose 「困っています」 was pressed, else the next one to do."""
    chosen = request.POST if "step" in request.POST else request.GET
    wanted = chosen.get("step", "")
    for item in found.items:
        if str(item.step.pk) == wanted:
            return item.step.pk
    return found.next.step.pk if found.next and "step" not in chosen else None


def _form_page(request: HttpRequest, entrance: Entrance, template: str, form: forms.Form, **more: Any) -> HttpResponse:
    return render(request, template, _context(entrance, form=form, **more), status=422 if form.errors else 200)


@button
def close_help(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """「解決しました」 from the pharmacy's side; only its own question."""
    form = ClosingForm(request.POST)
    if not form.is_valid():
        raise Http404
    asked = HelpRequest.objects.filter(pk=form.cleaned_data["help"]).first()
    if asked and asked.receipt_id != entrance.receipt.pk:
        raise refused(request)
    # One that somebody else asked for the pharmacy may have been undone meanwhile: then there is nothing to close.
    if asked:
        helping.close(asked.pk, actor=entrance.actor, via=entrance.via)
    return redirect(entrance.url() + "#help")
