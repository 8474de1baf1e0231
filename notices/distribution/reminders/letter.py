"""What a reminder says: one line of urgency and one personal address for each notice, and the chair's lists."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import unquote

from django.conf import settings
from django.db.models import Q

from members import tree, wareki
from members.models import Organisation
from notices import hops, personal
from notices.distribution import contents
from notices.distribution.reminders import days
from notices.distribution.reminders.due import Digest
from notices.models import ChairMessage, Delivery, Mention, Receipt, Release
from notices.models.receipt import Audience, ReceiptQuerySet

MASK = "…"


class OfSeveral(RuntimeError):
    """A reminder, its message and what it names are not of one organisation: nothing of it may go to anybody."""


@dataclass(frozen=True)
class Asked:
    """A notice to be answered: what it is, how urgent, what to press, and where."""

    number: str
    date: str
    subject: str
    what: str
    until: str
    left: str
    is_late: bool
    to_do: str
    address: str


@dataclass(frozen=True)
class MembersLeft:
    """The members of a chair's district who have not answered a notice: names and telephone numbers."""

    number: str
    subject: str
    until: str
    members: list[Organisation]


@dataclass(frozen=True)
class Letter:
    """A reminder to one organisation, ready for the templates in mail/reminder.*; `words` are a chair's own."""

    office: Organisation
    subject: str
    asked: list[Asked]
    lists: list[MembersLeft]
    words: str = ""

    def context(self) -> dict[str, object]:
        """What the templates say, but the recipient's name."""
        return {
            "office": self.office,
            "title": self.subject,
            "asked": self.asked,
            "lists": self.lists,
            "words": self.words,
            "site": settings.SITE_URL,
        }


def letter_of(delivery: Delivery, masked: bool = False) -> Letter:
    """What the delivery says, from what was fixed when it was made. Masked, its personal addresses lead nowhere.

    Raises OfSeveral.
    """
    mentions, reminder = mentions_of(delivery), delivery.reminder
    concerned = {reminder.organisation_id, *(each.receipt.organisation_id for each in mentions)}
    if concerned != {delivery.receipt.organisation_id}:
        raise OfSeveral(f"Delivery {delivery.pk}: organisations {sorted(concerned)}")
    named = [_Named(each.receipt, each.what, _members(each.members.all())) for each in mentions]
    token_of = partial(_token, delivery)
    return _written(named, reminder.day, (lambda receipt: MASK) if masked else token_of, reminder.message)


def sample(digest: Digest, day: dt.date, message: ChairMessage | None = None) -> Letter:
    """What a digest would say on that day; its personal addresses lead nowhere."""
    named = [
        _Named(each.receipt, each.what, _members(Receipt.objects.filter(pk__in=each.members))) for each in digest.items
    ]
    return _written(named, day, lambda receipt: MASK, message)


@dataclass(frozen=True)
class _Named:
    receipt: Receipt
    what: str
    members: list[Organisation]


def _written(
    named: list[_Named], day: dt.date, token_of: Callable[[Receipt], str], message: ChairMessage | None
) -> Letter:
    asked = [_asked(each.receipt, day, token_of(each.receipt)) for each in named if each.what == Mention.What.ANSWER]
    lists = [_list(each) for each in named if each.what == Mention.What.MEMBERS]
    if message:
        office = message.receipt.organisation
        return Letter(office, _subject_of_words(office, asked[0]), asked, lists, message.text)
    return Letter(_office(named), _subject(asked, lists), asked, lists)


def mentions_of(delivery: Delivery) -> list[Mention]:
    """What the delivery names, in the order in which it says it, without what was dropped before it went out."""
    said = Q(dropped_at=None) | Q(dropped_at__gt=delivery.settled_at) if delivery.settled_at else Q(dropped_at=None)
    named = Mention.objects.filter(said, reminder=delivery.reminder_id).order_by("place")
    named = named.select_related("receipt__release__notice", "receipt__release__passes_on")
    return list(
        named.select_related("receipt__release__passed_on_by").prefetch_related("receipt__release__notice__numbers")
    )


@dataclass(frozen=True)
class Other:
    """Another notice of a reminder by FAX, to be answered on the sheet that came before."""

    receipt: Receipt
    number: str
    date: str
    subject: str
    until: str

    @property
    def name(self) -> str:
        return self.number or self.subject


def others(delivery: Delivery) -> list[Other]:
    """The notices that a reminder names besides that of its sheet, in its order."""
    receipts = [each.receipt for each in mentions_of(delivery) if each.receipt_id != delivery.receipt_id]
    asked = [(receipt, _asked(receipt, delivery.reminder.day, MASK)) for receipt in receipts]
    return [Other(receipt, one.number, one.date, one.subject, one.until) for receipt, one in asked]


def urgency(release: Release, day: dt.date) -> tuple[str, bool]:
    """How long there is still time, on that day, in words; and whether the deadline is over."""
    if not days.counts_from_deadline(release):
        return "お返事をお待ちしています", False
    left = (release.counted_from - day).days
    if left < 0:
        return f"期限を {-left} 日すぎています", True
    return ("きょうが期限です" if left == 0 else f"期限まで あと {left} 日"), False


def _asked(receipt: Receipt, day: dt.date, token: str) -> Asked:
    release = receipt.release
    notice = release.notice
    left, is_late = urgency(release, day)
    return Asked(
        number=notice.number_text,
        date=wareki.long_date(notice.date) if notice.date else "",
        subject=notice.subject,
        what=release.what if receipt.audience == Audience.PHARMACY else "",
        until=_until(release),
        left=left,
        is_late=is_late,
        to_do=to_do(receipt),
        address=unquote(personal.address_with(token)),
    )


def to_do(receipt: Receipt) -> str:
    """What the recipient is to press."""
    if receipt.audience == Audience.DISTRICT:
        if receipt.release.through_districts:
            return "サインインし、この通知の「会員に送る」から、会員への文書を送ってください。"
        return "開いた画面で「受領を確認しました」を押してください。"
    if receipt.release.asks_set_up:
        return (
            "開いた画面で「設定が完了しました」を押してください。あてはまらないときは「対象外です」を押してください。"
        )
    return "開いた画面で「確認しました」を押してください。"


def _list(named: _Named) -> MembersLeft:
    """What was passed on by a letter of the district's own is due by that."""
    release = named.receipt.release
    until = _until(hops.letter(named.receipt) or release)
    return MembersLeft(release.notice.number_text, release.notice.subject, until, named.members)


def _members(receipts: ReceiptQuerySet) -> list[Organisation]:
    found = receipts.select_related("organisation").order_by("organisation__position", "pk")
    return [each.organisation for each in found]


def _until(release: Release) -> str:
    return wareki.day_with_weekday(release.counted_from) if days.counts_from_deadline(release) else ""


def _token(delivery: Delivery, receipt: Receipt) -> str:
    """The token for a notice that the message names: its own, or that of an earlier message about the other one.

    So every token is of a delivery of its receipt, and nothing new has to be kept.
    """
    if receipt.pk == delivery.receipt_id:
        return personal.token_of(delivery)
    earlier = receipt.deliveries.filter(pk__lt=delivery.pk).order_by("-pk").values_list("pk", flat=True)
    return personal.token(earlier[0], receipt.address_version)


def _office(named: list[_Named]) -> Organisation:
    """Who reminds: the district whose letters these all are, else the association."""
    districts = {each.receipt.release.passed_on_by for each in named}
    return next(iter(districts)) if len(districts) == 1 and None not in districts else tree.association()


def _subject(asked: list[Asked], lists: list[MembersLeft]) -> str:
    """【再通知】【期限まで あと 3 日】件名（番号）; of several notices how many there are."""
    if not asked:
        first = lists[0]
        more = f"、ほか {len(lists) - 1} 件" if len(lists) > 1 else ""
        return contents.one_line(f"【未回答の会員の一覧】{first.subject}（{first.number}{more}）")
    first = asked[0]
    if len(asked) == 1:
        number = f"（{first.number}）" if first.number else ""
        return contents.one_line(f"【再通知】【{first.left}】{first.subject}{number}")
    named = first.number or first.subject
    return contents.one_line(f"【再通知】お返事をお待ちしている通知 {len(asked)} 件（{named} ほか）")


def _subject_of_words(office: Organisation, asked: Asked) -> str:
    """【白鷺薬剤師会からの連絡】件名（番号）."""
    number = f"（{asked.number}）" if asked.number else ""
    return contents.one_line(f"【{office.name}からの連絡】{asked.subject}{number}")
