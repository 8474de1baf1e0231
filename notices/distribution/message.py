"""The mail of a delivery: rendered once for a release and an audience, filled in for each recipient.

What is personal (whose it is, the personal and the 転送用 address) stands in gaps of the rendered text; everything else
is the same for all and is read from the database once.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.header import Header
from email.message import Message
from email.utils import format_datetime, quote
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape

from members import tree
from notices import personal, wareki
from notices.models import Delivery, Release
from notices.models.receipt import Audience

PERSONAL = ("recipient", "own_address", "forward_address")
TOKEN = re.compile(r"(?<=/[nf]/)[^/]+")
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Row:
    """One line of 誰が・何を・いつまでに."""

    label: str
    text: str
    strong: bool = False
    width: int = 0  # of the longest label beside it

    @property
    def padded(self) -> str:
        """The label as wide as the others, for the plain text."""
        return self.label.ljust(self.width, "　")


class Mail(EmailMultiAlternatives):
    """A message whose long Japanese subject begins on the line of its name, as old mail programs want it."""

    def message(self) -> Message:
        built = super().message()
        built.replace_header("Subject", Header(self.subject, "utf-8", header_name="Subject").encode())
        return built


class Sheet:
    """A rendered text with gaps for what is personal."""

    def __init__(self, template: str, context: Mapping[str, object]) -> None:
        gaps = {name: secrets.token_hex(16) for name in PERSONAL}
        text = render_to_string(template, {**context, **gaps})
        names = {gap: name for name, gap in gaps.items()}
        self._pieces = re.split(f"({'|'.join(names)})", text)
        self._pieces[1::2] = [names[gap] for gap in self._pieces[1::2]]

    def filled(self, values: Mapping[str, str]) -> str:
        """The text for one recipient. What is filled in is never looked at again, whatever it looks like."""
        pieces = self._pieces.copy()
        pieces[1::2] = [values[name] for name in pieces[1::2]]
        return "".join(pieces)


class Wording:
    """What all messages of a release to one audience have in common."""

    def __init__(self, release: Release, audience: str, purpose: str) -> None:
        office = tree.association()
        self.subject = subject(release, purpose)
        self.sender = f'"{quote(one_line(office.name))}" <{settings.DEFAULT_FROM_EMAIL}>'
        self.reply_to = [mailbox.address for mailbox in office.mailboxes.filter(usable=True)[:1]]
        common = context(release, audience, purpose)
        self._text = Sheet(f"mail/{audience}.txt", common)
        self._html = Sheet(f"mail/{audience}.html", common)

    def message(
        self, delivery: Delivery, *, masked: bool = False, at: datetime | None = None
    ) -> EmailMultiAlternatives:
        """The mail to the delivery's one address, dated `at` (now). Masked, its personal addresses lead nowhere."""
        values = personal_parts(delivery, masked)
        message = Mail(
            subject=self.subject,
            body=self._text.filled(values),
            from_email=self.sender,
            to=[delivery.address],
            reply_to=self.reply_to,
            headers={
                "Message-ID": f"<{delivery.message_key.hex}@{urlsplit(settings.SITE_URL).hostname}>",
                "Date": format_datetime(timezone.localtime(at)),
                "Auto-Submitted": "auto-generated",  # RFC 3834 section 5
            },
        )
        message.attach_alternative(
            self._html.filled({name: escape(value) for name, value in values.items()}), "text/html"
        )
        return message


class Wordings:
    """The wordings of one run of sending, each made when it is first needed."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, str, str], Wording] = {}

    def message(self, delivery: Delivery, **choices: object) -> Mail:
        receipt = delivery.receipt
        key = (receipt.release_id, receipt.audience, delivery.purpose)
        if key not in self._made:
            self._made[key] = Wording(receipt.release, receipt.audience, delivery.purpose)
        return self._made[key].message(delivery, **choices)


def build(delivery: Delivery, *, masked: bool = False, at: datetime | None = None) -> Mail:
    """One message by itself, as it goes or went out."""
    return Wordings().message(delivery, masked=masked, at=at)


def personal_parts(delivery: Delivery, masked: bool = False) -> dict[str, str]:
    """What only this recipient's message holds. A pharmacy's holds no 転送用 address."""
    own = personal.address(delivery)
    forward = personal.address(delivery, personal.Scope.FORWARD)
    if masked:
        own, forward = (TOKEN.sub("…", address) for address in (own, forward))
    return {"recipient": delivery.receipt.organisation.name, "own_address": own, "forward_address": forward}


def context(release: Release, audience: str, purpose: str) -> dict[str, object]:
    """What the templates in mail/ say to everybody of an audience."""
    return {
        "office": tree.association(),
        "notice": release.notice,
        "release": release,
        "title": subject(release, purpose),
        "date": wareki.long_date(release.notice.date),
        "again": purpose == Delivery.Purpose.AGAIN,
        "rows": rows(release, audience),
        "covering": covering(release, audience),
        "attachments": [f"{each.label}　{each.title}" for each in release.notice.attachments.all()],
        "site": settings.SITE_URL,
    }


def subject(release: Release, purpose: str) -> str:
    """【11月29日まで】件名（番号）; without a deadline no bracket in front."""
    first = f"【{release.deadline.month}月{release.deadline.day}日まで】" if release.deadline else ""
    if purpose == Delivery.Purpose.AGAIN:
        first = "【リンクの再送】"
    number = f"（{release.notice.number_text}）" if release.notice.number_text else ""
    return one_line(f"{first}{release.notice.subject}{number}")


def one_line(text: str) -> str:
    """The text for a header: line breaks and other control characters become one space."""
    return " ".join(part.strip() for part in CONTROLS.split(text)).strip()


def rows(release: Release, audience: str) -> list[Row]:
    """誰が・何を・いつまでに; a chair also reads what the members are asked. Empty lines are left out."""
    until = wareki.day_with_weekday(release.deadline) if release.deadline else ""
    if audience == Audience.PHARMACY:
        found = [Row("誰が", release.who), Row("何を", release.what), Row("いつまでに", until, strong=True)]
    else:
        own = "受領の確認と、会員薬局への周知"
        members = "：".join(filter(None, [release.who, release.what]))
        found = [Row("何を", own), Row("会員へのお願い", members), Row("会員の期限", until, strong=True)]
    said = [row for row in found if row.text]
    return [replace(row, width=max(len(row.label) for row in said)) for row in said]


def covering(release: Release, audience: str) -> list[str]:
    """The covering text for this audience, a paragraph a line."""
    text = release.covering_pharmacies if audience == Audience.PHARMACY else release.covering_chairs
    return [line for line in text.splitlines() if line.strip()]
