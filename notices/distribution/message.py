"""The mail of a delivery, in two ways that give the same: rendered as a whole, and filled into a mould.

What is personal (whose it is, the personal and the 転送用 address) is little; everything else is the same for all
recipients of a release and an audience, and is read and rendered once.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from email.header import Header
from email.message import Message
from email.utils import format_datetime, formatdate, quote
from secrets import token_hex
from urllib.parse import unquote

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape

from members.models import Organisation
from members.models.organisation import Channel
from notices import personal
from notices.distribution import contents, gathering, superseding
from notices.distribution.envelope import Envelope, bare_address, message_id, sender_for
from notices.distribution.fax import Faxes
from notices.distribution.mould import Mould, Sheet
from notices.distribution.reminders.letter import Letter, OfSeveral, letter_of
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Audience
from notices.personal import Scope

logger = logging.getLogger(__name__)

MASK = "…"
# A release, an audience, a purpose, and whether it never heard of what is withdrawn (`superseding.unheard`).
Key = tuple[int, str, str, bool]


class Mail(EmailMultiAlternatives):
    """A message whose long Japanese subject begins on the line of its name, as old mail programs want it."""

    def message(self) -> Message:
        built = super().message()
        built.replace_header("Subject", Header(self.subject, "utf-8", header_name="Subject").encode())
        return built


class Wording:
    """What all messages of a release to one audience have in common."""

    def __init__(
        self,
        release: Release,
        audience: str,
        purpose: str,
        number: str = "",
        letter: bytes = b"",
        *,
        unheard: bool = False,
    ) -> None:
        """`number` and `letter` (PDF) are those that a draft is expected to get; `unheard` as in `contents.context`."""
        self.subject = contents.subject(release, purpose, number)
        self._sent_by(contents.office_of(release, purpose))
        self.audience = audience
        is_answer = purpose == Delivery.Purpose.ANSWER
        if release.attach_letter and release.letter and not is_answer:
            letter = letter or release.letter.read()
        self.letters = [(contents.ATTACHED_AS, letter)] if letter else []
        self.context = contents.context(release, audience, purpose, number, unheard=unheard)
        self.context["replies"] = bool(self.reply_to)
        self.text, self.html = (f"mail/{'answer' if is_answer else audience}.{kind}" for kind in ("txt", "html"))

    def _sent_by(self, office: Organisation) -> None:
        self.sender = f'"{quote(contents.one_line(office.name))}" <{settings.DEFAULT_FROM_EMAIL}>'
        self.reply_to = [mailbox.address for mailbox in office.mailboxes.filter(usable=True)[:1]]

    def mail(self, delivery: Delivery, *, masked: bool = False, at: datetime | None = None) -> Mail:
        """The mail to the delivery's one address, dated `at` (now). Masked, its personal addresses lead nowhere."""
        values = self.context | personal_parts(delivery, masked)
        return self.written(
            render_to_string(self.text, values),
            render_to_string(self.html, values),
            to=[delivery.address],
            headers={"Message-ID": message_id(delivery), "Date": format_datetime(timezone.localtime(at))},
        )

    def written(self, text: str, html: str, **more: object) -> Mail:
        """A mail with these texts; `more` is what is each recipient's own."""
        mail = Mail(self.subject, text, self.sender, reply_to=self.reply_to, **more)
        mail.extra_headers["Auto-Submitted"] = "auto-generated"  # RFC 3834 section 5
        mail.attach_alternative(html, "text/html")
        for name, letter in self.letters:
            mail.attach(name, letter, "application/pdf")
        return mail


class GatheredWording(Wording):
    """What a gathered mail says: each notice that it carries, in the words of a mail of its own, the newest first."""

    text, html = "mail/gathered.txt", "mail/gathered.html"

    def __init__(self, wordings: Sequence[Wording], parts: Sequence[dict[str, str]]) -> None:
        """`wordings` are those of the notices, `parts` what only this recipient's mail holds of each."""
        self.sender, self.reply_to = wordings[0].sender, wordings[0].reply_to
        self.letters, notices = [], []
        for place, (wording, own) in enumerate(zip(wordings, parts, strict=True), start=1):
            names = [f"letter-{place}.pdf" for _ in wording.letters]
            self.letters += [(name, letter) for name, (_, letter) in zip(names, wording.letters, strict=True)]
            notices.append(wording.context | own | {"attached_as": "".join(names)})
        number = notices[0]["number"] or notices[0]["notice"].subject
        self.subject = contents.one_line(f"お知らせ {len(notices)} 件（{number} ほか）")
        self.context = {
            "office": notices[0]["office"],
            "site": settings.SITE_URL,
            "title": self.subject,
            "is_pharmacy": wordings[0].audience == Audience.PHARMACY,
            "notices": notices,
            "forwards": not all(each["release"].through_districts for each in notices),
            "replies": bool(self.reply_to),
        }


class ReminderWording(Wording):
    """The wording of one reminder: what it names is each recipient's own, so that nothing of it is filled in."""

    text, html = "mail/reminder.txt", "mail/reminder.html"
    letters = ()

    def __init__(self, letter: Letter, receipt: Receipt) -> None:
        is_pharmacy = receipt.audience == Audience.PHARMACY
        name = receipt.organisation.name
        self.subject = letter.subject
        self._sent_by(letter.office)
        self.context = letter.context() | {
            "addressee": f"{name} 御中" if is_pharmacy else f"{name}会長 {contents.honorific(receipt.release)}",
            "recipient": name,
            "is_pharmacy": is_pharmacy,
            "replies": bool(self.reply_to),
        }

    def sample(self, address: str) -> Mail:
        """The mail as it would look, to that address."""
        return self.written(
            render_to_string(self.text, self.context), render_to_string(self.html, self.context), to=[address]
        )


class Filling:
    """A wording, or those of a gathered mail, ready to be filled in: the same mails, at a small part of the cost."""

    def __init__(self, *wordings: Wording) -> None:
        gaps = [{name: token_hex(16) for name in PERSONAL} for _ in wordings]
        parts = [
            {
                "recipient": each["recipient"],
                "own_address": personal.address_with(each["own_token"]),
                "forward_address": personal.address_with(each["forward_token"], Scope.FORWARD),
            }
            for each in gaps
        ]
        wording = wordings[0] if len(wordings) == 1 else GatheredWording(wordings, parts)
        context = wording.context | parts[0]
        names = {gap: (name, place) for place, each in enumerate(gaps) for name, gap in each.items()}
        self._text = Sheet(wording.text, context, names)
        self._html = Sheet(wording.html, context, names)
        self._names = {*self._text.names, *self._html.names}
        self.mould = Mould(wording.written("text", "HTML", headers={"Message-ID": "each its own"}).message())

    def content(self, delivery: Delivery) -> bytes:
        """The bytes of the mail, dated now. Raises ValueError for an address that cannot be written."""
        mail = delivery.mail
        values = {(name, place): PERSONAL[name](mail[place]) for name, place in self._names}
        headers = {
            "To": bare_address(delivery.address),
            "Message-ID": message_id(delivery),
            "Date": formatdate(localtime=True),
        }
        texts = {"plain": self._text.filled(values), "html": self._html.filled(values, escape)}
        return self.mould.filled(headers, texts)


class Wordings:
    """The wordings of one run of sending, each made when it is first needed."""

    def __init__(self) -> None:
        self._wordings: dict[Key, Wording] = {}
        self._fillings: dict[tuple[Key, ...], Filling] = {}
        self._unheard: dict[int, set[int]] = {}  # by release
        self._faxes = Faxes()
        self._ahead: tuple[Delivery, bytes] | None = None

    def ready_for(self, delivery: Delivery) -> bool:
        """Whether the delivery's message can be made without asking the database or anybody else.

        A reminder never can.
        """
        is_mail = delivery.channel == Channel.EMAIL and all(self._knows(each.receipt) for each in delivery.mail)
        return is_mail and self._keys(delivery) in self._fillings

    def make_ahead(self, delivery: Delivery | None) -> None:
        """Make the message that `envelope` is going to ask for, where that asks nobody. Never raises."""
        self._ahead = None
        if delivery is None or not self.ready_for(delivery):
            return
        try:
            self._ahead = delivery, self._content(delivery)
        except Exception as error:  # it breaks down again in its turn, where that is recorded
            logger.debug("Making the message of delivery %s ahead broke down: %r", delivery.pk, error)

    def envelope(self, delivery: Delivery) -> Envelope:
        """The ready message. `delivery` comes with its receipt, that one's organisation and release.

        Raises ValueError for an address that cannot be written, and for a FAX what Faxes.envelope raises.
        """
        if delivery.channel == Channel.FAX:
            return self._faxes.envelope(delivery)
        ahead, self._ahead = self._ahead, None
        content = ahead[1] if ahead and ahead[0] is delivery else self._content(delivery)
        return Envelope(sender_for(delivery), bare_address(delivery.address), content)

    def _content(self, delivery: Delivery) -> bytes:
        if delivery.purpose == Delivery.Purpose.REMINDER:
            return build(delivery).message().as_bytes(linesep="\r\n")
        if delivery.carried:
            check_is_of_one(delivery)
        keys = self._keys(delivery)
        if keys not in self._fillings:
            self._fillings[keys] = Filling(*map(self._wording, delivery.mail))
        return self._fillings[keys].content(delivery)

    def _wording(self, delivery: Delivery) -> Wording:
        key = self._key(delivery)
        if key not in self._wordings:
            self._wordings[key] = _wording(delivery, unheard=key[-1])
        return self._wordings[key]

    def _keys(self, delivery: Delivery) -> tuple[Key, ...]:
        """Of each notice in the delivery's mail."""
        return tuple([self._key(each) for each in delivery.mail])

    def _key(self, delivery: Delivery) -> Key:
        receipt = delivery.receipt
        return receipt.release_id, receipt.audience, delivery.purpose, self._is_unheard(receipt)

    def _knows(self, receipt: Receipt) -> bool:
        """Whether `_is_unheard` asks nobody."""
        return receipt.audience == Audience.PHARMACY or receipt.release_id in self._unheard

    def _is_unheard(self, receipt: Receipt) -> bool:
        if receipt.audience == Audience.PHARMACY:
            return False
        if receipt.release_id not in self._unheard:
            self._unheard[receipt.release_id] = superseding.unheard(receipt.release)
        return receipt.organisation_id in self._unheard[receipt.release_id]


def _wording(delivery: Delivery, *, unheard: bool) -> Wording:
    receipt = delivery.receipt
    return Wording(receipt.release, receipt.audience, delivery.purpose, unheard=unheard)


def check_is_of_one(delivery: Delivery) -> None:
    """Raises OfSeveral where a gathered mail holds anything that is not its one recipient's."""
    if len({(each.receipt.organisation_id, each.address) for each in delivery.mail}) != 1:
        raise OfSeveral(f"Deliveries {[each.pk for each in delivery.mail]}")


def build(delivery: Delivery, *, masked: bool = False, at: datetime | None = None) -> Mail:
    """One mail by itself, rendered as a whole, as it goes or went out; of a gathered one the whole mail."""
    receipt = delivery.receipt
    if delivery.purpose == Delivery.Purpose.REMINDER:
        return ReminderWording(letter_of(delivery, masked), receipt).mail(delivery, masked=masked, at=at)
    leading = gathering.mail_of(delivery)
    wordings = [_wording(each, unheard=superseding.is_unheard(each.receipt)) for each in leading.mail]
    if not leading.carried:
        return wordings[0].mail(delivery, masked=masked, at=at)
    check_is_of_one(leading)
    parts = [personal_parts(each, masked) for each in leading.mail]
    return GatheredWording(wordings, parts).mail(leading, masked=masked, at=at)


PERSONAL: dict[str, Callable[[Delivery], str]] = {
    "recipient": lambda delivery: delivery.receipt.organisation.name,
    "own_token": personal.token_of,
    "forward_token": lambda delivery: personal.token_of(delivery, Scope.FORWARD),
}


def personal_parts(delivery: Delivery, masked: bool = False) -> dict[str, str]:
    """What only this recipient's mail holds. A pharmacy's holds no 転送用 address."""
    own, forward = (MASK if masked else personal.token_of(delivery, scope) for scope in (Scope.OWN, Scope.FORWARD))
    return {
        "recipient": delivery.receipt.organisation.name,
        "own_address": unquote(personal.address_with(own)),
        "forward_address": unquote(personal.address_with(forward, Scope.FORWARD)),
    }
