"""期限のカレンダー: deadlines as a calendar file (RFC 5545), one whole day an event, with an alarm the morning before.

What is in a calendar is soon on other devices and servers: so it leads to the pages behind the sign-in, holds no
personal address, and names nobody but who is asked.
"""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from icalendar import TRANSP, Alarm, Calendar, Event

from notices import hops
from notices.models import Receipt, Release
from notices.models.receipt import Audience, ReceiptQuerySet, unanswered

PRODUCT = "-//Shuchi//Deadlines//JA"
# From the beginning of the day: nine in the morning, the day before.
ALARM = dt.timedelta(hours=-15)
PAGES = {Audience.PHARMACY: "notices:own_receipt", Audience.DISTRICT: "notices:district_receipt"}


def still_open(receipts: ReceiptQuerySet) -> ReceiptQuerySet:
    """Those with a deadline for which something is still to do, `hops.with_deadline`, the earliest first.

    A district looks after its members until the deadline, also when it has done its own part.
    """
    asking = hops.with_deadline(receipts).exclude(release__ask=Release.Ask.INFORM).filter(deadline__isnull=False)
    members = Q(audience=Audience.DISTRICT, deadline__gte=timezone.localdate())
    left = asking.filter(unanswered() | members).current()
    return left.order_by("deadline", "pk")


def calendar(receipts: Iterable[Receipt]) -> bytes:
    """The calendar file with the deadline of each receipt's notice: the recipients' own, of `hops.with_deadline`."""
    made = Calendar({"PRODID": PRODUCT, "VERSION": "2.0"})
    for receipt in receipts:
        made.add_component(_event(receipt))
    return made.to_ical()


def _event(receipt: Receipt) -> Event:
    release, notice = receipt.release, receipt.release.notice
    number = f"（{notice.number_text}）" if notice.number_text else ""
    subject = f"【期限】{notice.subject}{number}"
    page = settings.SITE_URL + reverse(PAGES[Audience(receipt.audience)], args=[receipt.pk])
    event = Event.new(
        # The same deadline is the same event, however often it is saved.
        uid=f"receipt-{receipt.pk}@{urlsplit(settings.SITE_URL).hostname}",
        stamp=release.released_at.astimezone(dt.UTC).replace(microsecond=0),
        start=receipt.deadline,
        end=receipt.deadline + dt.timedelta(days=1),
        sequence=int(receipt.deadline != release.deadline),  # a district's own takes the place of the earlier event
        summary=subject,
        description="\n".join(filter(None, [notice.issuer_names, *_asked(receipt), page])),
        url=page,
        transparency=TRANSP.TRANSPARENT,
    )
    alarm = Alarm({"ACTION": "DISPLAY", "DESCRIPTION": subject})
    alarm.add("TRIGGER", ALARM)
    event.add_component(alarm)
    return event


def _asked(receipt: Receipt) -> list[str]:
    """Who is asked for what, and what there is to press."""
    release = receipt.release
    if receipt.audience == Audience.DISTRICT:
        own = "会員に送る" if release.through_districts else "受領の確認"
        return [f"会員の薬局の{release.get_ask_display()}の期限です。", f"サインインして、{own}と、会員の様子を見る"]
    to_do = "設定の手順を済ませ、「設定が完了しました」を押す" if release.asks_set_up else "「確認しました」を押す"
    asked = [f"だれが：{release.who}" if release.who else "", f"何を：{release.what}" if release.what else ""]
    return [*asked, f"サインインして、{to_do}"]
