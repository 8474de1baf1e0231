"""会員への連絡: the chair's own words to those who have not answered, seen as a mail before they go."""

import datetime as dt

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from members import wareki
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
    """The form with who gets it; `do=preview` shows the mail, `do=send` sends it, below it what was sent before.

    When nothing goes out, `do=plan` keeps it for the next working day, and `do=take_back` takes it back until then.
    """
    own, now = entrance.receipt, timezone.now()
    if not access.can_write_to_members(request.capacity, own):
        raise refused(request)
    if request.method == "POST" and request.POST.get("do") == "take_back":
        return _take_back(request, entrance)
    form, status = ChairMessageForm(posted(request)), 200
    if request.method == "POST" and form.is_valid() and request.POST.get("do") in ("send", "plan"):
        if _send(request, own, form.cleaned_data["text"]):
            return redirect("notices:district_message", entrance.key)
        status = 409
    waiting = own.chair_messages.waiting().first()
    obstacle = write_to_members.obstacle(own, now, waiting)
    day = waiting.day if waiting else write_to_members.day_for(now)
    looked = [] if obstacle else members.looked(own, day)
    going = [each for each in looked if not each.left_out]
    to_call = set() if obstacle else set(members.to_call(own, timezone.localdate(now)).values_list("pk", flat=True))
    left_out = members.with_reasons(each for each in looked if each.left_out)
    context = {
        "receipt": own,
        "release": own.release,
        "notice": own.release.notice,
        "form": form,
        "waiting": waiting,
        "obstacle": obstacle,
        "closed": write_to_members.closed(now),
        "day": day,
        "hour": write_to_members.hour(own.release),
        "going": going,
        "to_call": [(each.receipt.organisation, why) for each, why in left_out if each.receipt.pk in to_call],
        "to_call_count": len(to_call),
        "others": [(each.receipt.organisation, why) for each, why in left_out if each.receipt.pk not in to_call],
        "mail": _sample(own, going[0], day, form.cleaned_data["text"]) if going and form.is_valid() else None,
        "sent": _sent(own),
    }
    return render(request, "district/message.html", context, status=422 if form.errors else status)


def _sample(own: Receipt, first: Looked, day: dt.date, text: str) -> Mail:
    """The mail as the first of them would get it that day; neither its address nor its link is the chair's to see."""
    words = ChairMessage(receipt=own, day=day, text=text)
    digest = Digest(first.recipient, first.ways, [Item(first.receipt)])
    return ReminderWording(letter.sample(digest, day, words), first.receipt).sample("")


def _send(request: HttpRequest, own: Receipt, text: str) -> bool:
    """Whether it was sent, or kept for its day; what was typed stays on the page where it was not."""
    try:
        if request.POST["do"] == "send":
            count = write_to_members.write(own.pk, text, request.actor)
            done = f"{count:,} 薬局に連絡する手配をしました。送信は裏で進みます。"
        else:
            day = wareki.day_with_weekday(write_to_members.plan(own.pk, text, request.actor).day)
            done = f"{day}に送る手配をしました。それまでに返事をした薬局には送りません。"
    except (write_to_members.CannotWrite, HoldsSecret) as refusal:
        messages.warning(request, f"何も送っていません。{refusal}")
        return False
    messages.success(request, done)
    return True


def _take_back(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    if write_to_members.take_back(entrance.receipt.pk, request.actor):
        messages.success(request, "連絡を取りやめました。何も送っていません。")
    else:
        messages.warning(request, "取りやめていません。送るのを待っている連絡は、もうありません。")
    return redirect("notices:district_message", entrance.key)


def _sent(own: Receipt) -> QuerySet[ChairMessage]:
    """What was written before, the latest first, with to how many it went and how many mails are out, or why none."""
    out = Q(reminders__deliveries__state=Delivery.State.SENT)
    written = own.chair_messages.exclude(written_at=None, ended="")
    return written.order_by("-day", "-pk").annotate(
        number=Count("reminders", distinct=True), out=Count("reminders", filter=out, distinct=True)
    )
