"""会員への連絡: the chair's own words to those who have not answered, seen as a mail before they go."""

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from members.models import Organisation
from notices import access
from notices.distribution.message import Mail, ReminderWording
from notices.distribution.reminders import letter, members
from notices.distribution.reminders.due import Digest, Item, Looked
from notices.forms.chair_message import ChairMessageForm
from notices.models import ChairMessage, Delivery, Receipt
from notices.procedures import write_to_members
from notices.tracking.facts import HoldsSecret
from notices.views.district import entered
from notices.views.doors import refused
from notices.views.entrance import Entrance
from notices.views.typed import keeps_typed, posted


@keeps_typed
@entered
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """The form with who gets it; `do=preview` shows the mail, `do=send` sends it. Below, what was sent before."""
    own, now = entrance.receipt, timezone.now()
    if not access.can_write_to_members(request.capacity, own):
        raise refused(request)
    form = ChairMessageForm(posted(request))
    if request.method == "POST" and form.is_valid() and request.POST.get("do") == "send":
        return _send(request, entrance, form.cleaned_data["text"])
    obstacle = write_to_members.obstacle(own, now)
    looked = [] if obstacle else members.looked(own, timezone.localdate(now))
    going = [each for each in looked if not each.left_out]
    context = {
        "receipt": own,
        "release": own.release,
        "notice": own.release.notice,
        "form": form,
        "obstacle": obstacle,
        "going": going,
        "to_call": _left_out(each for each in looked if each.left_out in members.TO_CALL),
        "others": _left_out(each for each in looked if each.left_out and each.left_out not in members.TO_CALL),
        "mail": _sample(own, going[0], form.cleaned_data["text"]) if going and form.is_valid() else None,
        "sent": _sent(own),
    }
    return render(request, "district/message.html", context, status=422 if form.errors else 200)


def _left_out(looked: Iterable[Looked]) -> list[tuple[Organisation, str]]:
    """The pharmacies, each with why the mail does not go there."""
    return [(each.receipt.organisation, members.WHY[each.left_out]) for each in looked]


def _sample(own: Receipt, first: Looked, text: str) -> Mail:
    """The mail as the first of them would get it; neither its address nor its link is the chair's to see."""
    day = timezone.localdate()
    words = ChairMessage(receipt=own, day=day, text=text)
    digest = Digest(first.recipient, first.ways, [Item(first.receipt)])
    return ReminderWording(letter.sample(digest, day, words), first.receipt).sample("")


def _send(request: HttpRequest, entrance: Entrance, text: str) -> HttpResponse:
    try:
        count = write_to_members.write(entrance.receipt.pk, text, request.actor)
    except (write_to_members.CannotWrite, HoldsSecret) as refusal:
        messages.warning(request, f"何も送っていません。{refusal}")
    else:
        messages.success(request, f"{count:,} 薬局に連絡する手配をしました。送信は裏で進みます。")
    return redirect("notices:district_message", entrance.key)


def _sent(own: Receipt) -> QuerySet[ChairMessage]:
    """What was written before, the latest first, with to how many it went and how many mails are out."""
    out = Q(reminders__deliveries__state=Delivery.State.SENT)
    return own.chair_messages.order_by("-day").annotate(
        number=Count("reminders", distinct=True), out=Count("reminders", filter=out, distinct=True)
    )
