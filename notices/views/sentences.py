"""定型文: the usual sentences of letters and covering texts, which the association may write in its own words."""

from collections.abc import Iterable
from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notices.forms.sentences import SentenceForm
from notices.letters import sentences as usual_sentences
from notices.letters.sentences import EXAMPLES, USUAL, Usual
from notices.models import Sentence
from notices.views.doors import drafting, staff_only
from notices.views.typed import keeps_typed, posted

# Of a letter the whole body is shown; what stands elsewhere is shown alone.
PARTS = ("_opening", "_request", "_closing")


@staff_only
@require_safe
def sentences(request: HttpRequest) -> HttpResponse:
    """All of them, by the kind of letter in which they stand."""
    changed = {each.key: each for each in Sentence.objects.select_related("changed_by")}
    texts = usual_sentences.texts()
    rows = [(usual, texts[key], changed.get(key)) for key, usual in USUAL.items()]
    groups = [(name, list(those)) for name, those in groupby(rows, key=lambda row: row[0].group)]
    return render(request, "sentences/sentences.html", {"groups": groups})


@keeps_typed
@staff_only
@drafting
@require_http_methods(["GET", "HEAD", "POST"])
def sentence(request: HttpRequest, key: str) -> HttpResponse:
    """One of them, to be written anew, tried out, or taken back."""
    usual = _usual(key)
    form = SentenceForm(posted(request), usual=usual)
    done = request.POST.get("do", "save")
    if request.method == "POST" and done == "reset":
        if usual_sentences.reset(key, request.actor):
            messages.success(request, "もとの文に戻しました。これから作る下書きに入ります。")
        return redirect("notices:sentence", key)
    if request.method == "POST" and form.is_valid() and done == "save":
        if usual_sentences.change(key, form.cleaned_data["text"], request.actor):
            messages.success(request, "保存しました。これから作る下書きに入ります。")
        else:
            messages.info(request, "変わったところはありません。")
        return redirect("notices:sentence", key)
    context = {
        "usual": usual,
        "form": form,
        "places": [(f"{{{place}}}", EXAMPLES[place]) for place in usual.places],
        "is_changed": Sentence.objects.filter(key=key).exists(),
        "events": usual_sentences.events(key),
        **_example(usual, form["text"].value() or ""),
    }
    return render(request, "sentences/sentence.html", context)


@staff_only
@drafting
@require_POST
def preview(request: HttpRequest, key: str) -> HttpResponse:
    """The example with what is typed, not saved: a part of the page for beside the form."""
    usual = _usual(key)
    return render(request, "sentences/example.html", _example(usual, request.POST.get("text", "")))


def _usual(key: str) -> Usual:
    if key not in USUAL:
        raise Http404
    return USUAL[key]


def _example(usual: Usual, typed: str) -> dict[str, Iterable[tuple[bool, list[str]]]]:
    """What stands together with the sentence, each with whether it is the one at hand, its places filled."""
    together = [each.key for each in USUAL.values() if each.group == usual.group and usual.key.endswith(PARTS)]
    texts = usual_sentences.texts(together or [usual.key]) | {usual.key: typed}
    return {
        "example": [
            (key == usual.key, usual_sentences.filled(text, EXAMPLES).splitlines()) for key, text in texts.items()
        ]
    }
