"""通知を作る: the letter, what it asks, its enclosures; and giving a draft up."""

import re
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from members.views.back import came_from
from notices import filing, follow_ups
from notices.distribution import recipients
from notices.forms.enclosures import ContentForm, EnclosureForm
from notices.forms.letters import NewLetterForm
from notices.letters import composing, enclosures, numbering
from notices.models import Attachment, Notice, Relation, StoredFile
from notices.procedures import take_in
from notices.procedures.refusals import another_year
from notices.views.doors import drafting, staff_only
from notices.views.draft_desk import LOOKS, Desk, changed, desk_of, sketch
from notices.views.drafts import draft_only
from notices.views.ledger import taken
from notices.views.letter_parts import mended
from notices.views.typed import given_back, keeps_typed

# Where each button of the page leads once everything is saved.
LEADS_TO = {"next": "notices:recipients", "steps": "notices:steps", "ask": "notices:check"}


@keeps_typed
@staff_only
@drafting
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A letter without a packet, or (`from`) one for a letter received before."""
    number = request.POST.get("from") or request.GET.get("from") or ""
    visible = Notice.objects.visible_to(request.capacity).filter(state=Notice.State.RECEIVED)
    received = get_object_or_404(visible, pk=number) if number.isdecimal() else None
    form = NewLetterForm(request.POST if request.method == "POST" and not received else given_back(request))
    if request.method == "POST" and received:
        try:
            draft = take_in.draft(received, request.actor)
        except composing.AlreadyADraft as error:
            draft = error.draft
            words = (
                "この文書は、すでに下書きになっています。"
                if draft == received
                else "この文書を別添にした下書きがすでにあります。"
            )
            messages.info(request, f"{words}その下書きを開きました。")
        except composing.NotADraft:
            messages.info(request, "この文書は、すでに発出されています。二重には発出していません。")
            return redirect("notices:notice", received.pk)
        return redirect("notices:compose", draft.pk)
    if request.method == "POST" and form.is_valid():
        try:
            draft = composing.draft_own(form.cleaned_data["subject"], request.actor)
        except composing.AlreadyADraft as error:
            draft = error.draft
            messages.info(request, "この件名の下書きがすでにあります。新しくは作らず、その下書きを開きました。")
        return redirect("notices:compose", draft.pk)
    return render(request, "letters/new.html", {"form": form, "received": received})


@keeps_typed
@draft_only
@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: HttpRequest, notice: Notice) -> HttpResponse:
    """The draft's letter and ask; every button saves what was typed."""
    if request.method != "POST":
        return _show(request, desk_of(notice, given_back(request)))
    desk = desk_of(notice, request.POST)
    done, _, which = request.POST.get("do", "save").partition("-")
    saved = _save(request, desk)
    moved = _enclose(request, desk, done, int(which) if which.isdecimal() else 0)
    if not saved or not moved:
        return _show(request, _as_saved(desk) if saved else desk)
    if done in LEADS_TO:
        return redirect(LEADS_TO[done], notice.pk)
    if done == "save":
        messages.success(request, "下書きを保存しました。")
        return redirect("notices:compose", notice.pk)
    return redirect(reverse("notices:compose", args=[notice.pk]) + "#enclosures")


def _save(request: HttpRequest, desk: Desk) -> bool:
    """Keep what was typed, all of it or, beside mistakes, all that is right; whether it was all."""
    is_valid = desk.is_valid
    letter, plan = desk.letter.cleaned_data if desk.letter else {}, desk.planned
    try:
        seen = desk.ask.cleaned_data.get("seen", "")
        draft = composing.change(desk.notice.pk, request.actor, letter=letter, plan=plan, seen=seen)
    except composing.ChangedMeanwhile as error:
        desk.ask.show(composing.state_of(error.draft))
        desk.differs = _differing(desk)
        return False
    except numbering.NumberTaken as error:
        desk.letter.add_error("number", taken(error))
    except numbering.NumberOfAnotherYear as error:
        desk.letter.add_error("number", another_year(error))
    else:
        if not is_valid:
            desk.rest_saved(draft, {*letter, *plan})
        return is_valid
    return _save(request, desk)  # without the number, which is among the mistakes now


def _as_saved(desk: Desk) -> Desk:
    """The draft as it is by now, its enclosures relabelled, beside what could not be added to it."""
    return replace(desk_of(Notice.objects.get(pk=desk.notice.pk), None), added=desk.added)


def _differing(desk: Desk) -> str:
    """The fields that say something else than what somebody else has saved meanwhile."""
    labels = [form.fields[name].label for form in desk.forms for name in form.changed_data if name != "seen"]
    return "、".join(labels) or "ありません"


def _enclose(request: HttpRequest, desk: Desk, done: str, which: int) -> bool:
    """What the buttons among the enclosures do; True when nothing stands in the way of going on.

    What was put into their fields is added whatever is pressed: no page can give a file back.
    """
    notice = desk.notice
    wanted = dict.fromkeys([*([which] if done == "attach" else []), *_chosen(request)])
    given = [_give(request, notice, key) for key in wanted if (done, which) != ("remove", key)]
    if notice.number_fixed:
        return all(given)
    if done in ("up", "down"):
        enclosures.move(notice.pk, which, -1 if done == "up" else 1)
    elif done == "remove":
        enclosures.remove(notice.pk, which)
    elif done == "add":
        return _add(request, desk) and all(given)
    return (not _holds_more(request) or _add_too(request, desk)) and all(given)


def _chosen(request: HttpRequest) -> list[int]:
    """The enclosures for which a file was chosen or an address typed, whether or not 「付ける」 was pressed."""
    names = [*request.FILES, *(name for name, typed in request.POST.items() if typed.strip())]
    return [int(found[1]) for name in names if (found := re.fullmatch(r"content-([0-9]+)-(?:file|url)", name))]


def _holds_more(request: HttpRequest) -> bool:
    """Whether a file, a title or an address stands in 「ファイル・URL を足す」."""
    typed = (request.POST.get(f"added-{name}", "").strip() for name in ("title", "url"))
    return "added-file" in request.FILES or any(typed)


def _add_too(request: HttpRequest, desk: Desk) -> bool:
    is_added = _add(request, desk)
    if is_added:
        messages.info(request, "「ファイル・URL を足す」に入っていたものも、別添に足しました。")
    return is_added


def _add(request: HttpRequest, desk: Desk) -> bool:
    form = EnclosureForm(request.POST, request.FILES, prefix="added")
    if not form.is_valid():
        desk.added = form
        return False
    new = form.cleaned_data
    file, name = (_keep(request, new["file"]), new["file"].name) if new["file"] else (None, "")
    enclosures.add(desk.notice.pk, new["label"], new["title"], file=file, file_name=name, url=new["url"])
    return True


def _give(request: HttpRequest, notice: Notice, which: int) -> bool:
    form = ContentForm(request.POST, request.FILES, prefix=f"content-{which}")
    if not form.is_valid():
        reasons = "、".join(reason for reasons in form.errors.values() for reason in reasons)
        messages.error(request, f"ファイル・URL を付けていません。{reasons}")
        return False
    if upload := form.cleaned_data["file"]:
        enclosures.give_file(notice.pk, which, _keep(request, upload), upload.name)
    elif not enclosures.give_address(notice.pk, which, form.cleaned_data["url"]):
        messages.error(request, "URL を付けていません。ほかの人がこの別添に中身を付けたか、外しました。")
        return False
    return True


def _keep(request: HttpRequest, upload: filing.Upload) -> StoredFile:
    """The file to attach; staff are told where it is not the one that they chose."""
    kept = filing.keep(upload, request.actor)
    if upload.pdf and upload.pdf.copy:
        messages.warning(request, _told(upload))
    return kept


def _told(upload: filing.Upload) -> str:
    lost = "入力欄・リンク・電子署名も外れています。"
    if upload.pdf.holds_files:
        lost += "中に入っていたファイルは、写しにはありません。必要なら、別に付けてください。"
    holds = [("開くと動くしかけ", upload.pdf.acts), ("ほかのファイル", upload.pdf.holds_files)]
    found = "と".join(name for name, there in holds if there)
    return (
        f"「{upload.name}」には、{found}が入っています。それを除いた写しを作り、写しのほうを付けました。"
        f"元のファイルは保管しています（だれにも届きません）。{lost}写しを開いて、文面を確かめてください。"
    )


def _show(request: HttpRequest, desk: Desk) -> HttpResponse:
    notice = desk.notice
    attachments = [
        (attachment, _content_form(attachment, request.POST))
        for attachment in notice.attachments.select_related("file", "enclosed").prefetch_related("enclosed__numbers")
    ]
    steps = notice.steps.all()
    refused = [form for form in desk.forms if form.is_bound and form.errors]
    context = {
        "notice": notice,
        "desk": desk,
        "looks": LOOKS,
        "look": "letter",
        "attachments": attachments,
        "mended": mended(notice),
        "steps": [step for step in steps if step.ticked],
        "cited": notice.relations.filter(kind=Relation.Kind.CITES).select_related("target"),
        "supersedes": desk.supersedes,
        "follows_up": desk.follows_up,
        "answers_earlier": follow_ups.answers_earlier(desk.plan),
        "untold": recipients.waiting_for_districts(desk.follows_up),
        "letter": sketch(desk, desk.letter.data if desk.letter and desk.letter.is_bound else None),
        "changed": changed(desk, desk.ask.data if desk.ask.is_bound else None),
        "not_added": desk.added.is_bound and desk.added.errors and not refused,
    }
    return render(request, "letters/compose.html", context)


def _content_form(attachment: Attachment, typed: QueryDict) -> ContentForm:
    """Empty fields of what the enclosure holds, but for an address that was typed and not taken."""
    prefix = f"content-{attachment.pk}"
    return ContentForm(prefix=prefix, initial={"url": typed.get(f"{prefix}-url", "")})


@draft_only
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: HttpRequest, notice: Notice) -> HttpResponse:
    """Give the draft up, after asking once."""
    if request.method != "POST":
        reserved = None if notice.packet_id else notice.numbers.exclude(reserved_at=None).first()
        return render(request, "letters/discard.html", {"notice": notice, "reserved": reserved})
    gone = composing.discard(notice.pk, request.actor)
    messages.success(
        request,
        "下書きを破棄しました。" if gone else "発出をやめました。届いた文書は受領のまま残り、また通知にできます。",
    )
    if not gone:
        return redirect("notices:packet", notice.packet_id)
    return redirect(came_from(request) or "notices:notices")
