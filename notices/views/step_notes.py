"""補足 of a step: staff write, change and remove it, beside what was asked about the step and what stood before."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from members.views.back import came_from
from notices import succession
from notices.boards import halts
from notices.forms.step_notes import StepNoteForm
from notices.models import HelpRequest, Notice, Step
from notices.procedures import answer as answering
from notices.tracking import step_notes
from notices.tracking.facts import Refused
from notices.views.doors import staff_only
from notices.views.typed import keeps_typed, posted


@keeps_typed
@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def step_note(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; `do=remove` takes the note away."""
    steps = Step.objects.filter(notice__state=Notice.State.RELEASED).exclude(group=Step.Group.REFERENCE)
    found = get_object_or_404(steps, pk=pk)
    step = steps.select_related("notice__release", "note__written_by").get(pk=step_notes.original(found).pk)
    back = came_from(request) or reverse("notices:help_requests")
    note = getattr(step, "note", None)
    if request.method == "POST" and request.POST.get("do") == "remove":
        removed = step_notes.remove(step.pk, actor=request.actor)
        messages.success(
            request, "補足を消しました。前の文は記録に残ります。" if removed else "補足は、もうありません。"
        )
        return redirect(back)
    waiting = HelpRequest.objects.filter(step__in=step_notes.everywhere(step), closed_at=None, answered_at=None).count()
    form = StepNoteForm(posted(request), initial={"text": note.text if note else ""}, waiting=waiting)
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, step, form)
        except Refused as refusal:
            messages.error(request, f"何も変えていません。{refusal}")
        return redirect(back)
    context = {
        "step": step,
        "number": dict(halts.numbered(step.notice)).get(step),
        "notice": step.notice,
        "note": note,
        "form": form,
        "asked": _asked(step),
        "events": step_notes.events(step),
        "successor": succession.successor(step.notice_id),
        "back": back,
    }
    return render(request, "help_requests/note.html", context, status=422 if form.errors else 200)


def _keep(request: HttpRequest, step: Step, form: StepNoteForm) -> None:
    """Raises step_notes.Replaced."""
    text = form.cleaned_data["text"]
    changed = step_notes.write(step.pk, text, actor=request.actor)
    words = "補足を出しました。この手順の薬局の画面に、日付とともに出ます。" if changed else "補足は変わっていません。"
    if form.cleaned_data.get("answer") and (count := answering.answer_waiting(step.pk, text, actor=request.actor)):
        words += f"回答を待っていた {count:,} 件の相談にも、同じ文で回答しました。"
    messages.success(request, words)


def _asked(step: Step) -> list[HelpRequest]:
    """What is open about the step, or a copy of it, the longest waiting first."""
    found = HelpRequest.objects.filter(step__in=step_notes.everywhere(step), closed_at=None)
    return list(found.select_related("receipt__organisation").order_by("asked_at")[:50])
