"""会員に直接送る: staff step in where a district has not passed a notice on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from members.models import Organisation
from notices import hops
from notices.distribution import audience, recipients
from notices.forms.passing_on import StepInForm
from notices.models import Receipt
from notices.procedures import pass_on
from notices.procedures.step_in import NotHeldUp
from notices.procedures.step_in import step_in as tell_members
from notices.tracking.facts import Refused
from notices.views.doors import publishing, staff_only
from notices.views.entrance import receipts
from notices.views.typed import asks_again, posted

NOT_YET = "この地区には、まだ日があります。会員には、地区から届きます。"


@staff_only
@publishing
@asks_again
@require_http_methods(["GET", "HEAD", "POST"])
def step_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for the reason first; afterwards the members are recipients of the association's own release."""
    receipt = get_object_or_404(receipts().visible_to(request.capacity).districts(), pk=pk)
    release = receipt.release
    form = StepInForm(posted(request))
    obstacle = _obstacle(receipt)
    if request.method == "POST" and form.is_valid() and not obstacle:
        return _tell(request, receipt, form.cleaned_data["reason"])
    members = recipients.members(release, receipt.organisation)
    context = {
        "receipt": receipt,
        "release": release,
        "notice": release.notice,
        "obstacle": obstacle,
        "form": form,
        "days": (timezone.localdate() - release.released_on).days,
        "ways": audience.counted(recipients.of(members, Organisation.objects.none())),
    }
    return render(request, "receipts/step_in.html", context, status=422 if form.errors else 200)


def _obstacle(receipt: Receipt) -> str:
    """Why nothing is sent, in words for staff; empty where it may be."""
    match pass_on.obstacle(receipt):
        case pass_on.NotThroughDistricts():
            return "この通知は、会員薬局に直接届けています。"
        case pass_on.AlreadyPassedOn():
            return "地区の文書が、もう会員に出ています。"
        case pass_on.AlreadyTold():
            return "会員には、もう直接送ってあります。"
        case pass_on.NobodyToTell():
            return "宛先になる薬局が、地区の名簿にありません。"
    is_late = hops.held_up(Receipt.objects.filter(pk=receipt.pk), timezone.now()).exists()
    return "" if is_late else NOT_YET


def _tell(request: HttpRequest, receipt: Receipt, reason: str) -> HttpResponse:
    try:
        count = tell_members(receipt.pk, reason, request.actor)
    except pass_on.CannotPassOn:
        messages.warning(request, f"何も送っていません。{_obstacle(receipt)}")
    except NotHeldUp:
        messages.warning(request, f"何も送っていません。{NOT_YET}")
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"{receipt.organisation.label}の {count} 薬局に直接送ります。送信は裏で進みます。")
    return redirect("notices:notice", receipt.release.notice_id)
