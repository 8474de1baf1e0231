"""会員に送る: the chair's letter to the members of the district, and how its sending goes."""

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from members import wareki
from members.models import Organisation
from notices import hops, pdf
from notices.distribution import audience, gateway, recipients, steering
from notices.forms.passing_on import PassOnForm
from notices.letters import numbering, passing_on
from notices.models import Receipt
from notices.procedures import pass_on
from notices.procedures import stop as stopping
from notices.tracking.facts import Refused
from notices.views.district import entered
from notices.views.entrance import Entrance
from notices.views.typed import keeps_typed, posted

logger = logging.getLogger(__name__)

NOT_RENDERED = (
    "文書の PDF を作れませんでした。何も送っていません。書いた文面はこの画面に残っています。もう一度お試しください。"
)
STEERED = {
    "pause": (steering.pause, "一時停止しました。まだ送っていない分は、そのまま残してあります。続きから送れます。"),
    "resume": (steering.resume, "続きから送ります。送信は裏で進みます。"),
    "stop": (stopping.stop, "未送信分を中止しました。送った分と、その確認の記録は残っています。"),
}


@keeps_typed
@entered
@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """The letter beside its form; the button sends it, once."""
    receipt = entrance.receipt
    if answer := _refused(request, entrance):
        return answer
    form = PassOnForm(posted(request), receipt=receipt)
    if request.method == "POST" and form.is_valid() and (answer := _send(request, entrance, form)):
        return answer
    members = recipients.members(receipt.release, receipt.organisation)
    context = {
        "receipt": receipt,
        "release": receipt.release,
        "notice": receipt.release.notice,
        "form": form,
        "letter": _sketch(receipt, form),
        "fax_by_hand": not gateway.is_there(),
        "ways": audience.counted(recipients.of(members, Organisation.objects.none())),
    }
    return render(request, "district/compose.html", context, status=422 if form.errors else 200)


@entered
@require_POST
def preview(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """The letter as typed, not kept: a part of the page for beside the form."""
    form = PassOnForm(request.POST, receipt=entrance.receipt)
    form.is_valid()
    return render(request, "letters/sheet.html", {"letter": _sketch(entrance.receipt, form)})


def _sketch(receipt: Receipt, form: PassOnForm) -> object:
    return passing_on.sketch(receipt.release.notice, receipt.organisation, form.covering())


def _refused(request: HttpRequest, entrance: Entrance) -> HttpResponse | None:
    """The way back, for who has pressed with the words why nothing was sent; None where it can be."""
    receipt = entrance.receipt
    if entrance.successor:
        words = "この通知は訂正または廃止されたので、会員には送れません。新しい通知をご覧ください。"
    elif found := pass_on.obstacle(receipt):
        words = found.words
    else:
        return None
    if request.method == "POST":  # the page to which it leads says so itself
        messages.warning(request, words)
    return redirect("notices:district_receipt", entrance.key)


def _send(request: HttpRequest, entrance: Entrance, form: PassOnForm) -> HttpResponse | None:
    """Send the letter; None when the page has to be shown again."""
    try:
        letter = pass_on.pass_on(entrance.receipt.pk, form.covering(), request.actor)
    except pass_on.LaterThanAsked as refusal:
        form.add_error("deadline", refusal.words)
        return None
    except numbering.NumberTaken as refusal:
        line = refusal.line
        form.add_error("number", f"{line.text} は、この年度の別の文書「{line.notice.subject}」に付けた番号です")
        return None
    except numbering.NumberOfAnotherYear as refusal:
        form.add_error("number", f"{refusal.text} は、{wareki.long_date(refusal.day)}の年度の番号ではありません")
        return None
    except pdf.RenderFailed:
        logger.exception("The letter of receipt %s could not be rendered; it was not sent.", entrance.receipt.pk)
        messages.error(request, NOT_RENDERED)
        return None
    except pass_on.CannotPassOn as refusal:
        messages.warning(request, refusal.words)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        count = letter.receipts.count()
        messages.success(
            request, f"会員の {count} 薬局に送ります。送信は裏で進みます。受領と会員への周知も記録しました。"
        )
    return redirect("notices:district_receipt", entrance.key)


@entered
@require_http_methods(["GET", "HEAD", "POST"])
def steer(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """一時停止, 続きから送る, 未送信分を中止, of the district's own letter and nothing else."""
    letter, wanted = hops.letter(entrance.receipt), STEERED.get(request.POST.get("do", ""))
    if request.method == "POST" and letter and wanted:
        step, done = wanted
        try:
            step(letter.pk, request.actor)
        except steering.CannotSteer as refusal:
            messages.warning(request, f"何も変えていません。{refusal}")
        else:
            messages.success(request, done)
    return redirect("notices:district_receipt", entrance.key)
