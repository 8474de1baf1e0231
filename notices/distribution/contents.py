"""What a mail says to everybody of an audience: its subject, what it takes back, who does what until when."""

import datetime as dt
import re
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils import timezone

from members import tree, wareki
from members.models import Organisation
from notices import enclosed, follow_ups, succession
from notices.distribution.envelope import CONTROLS
from notices.models import Delivery, Relation, Release
from notices.models.receipt import Audience

# （訂正）件名 and 「件名」の廃止について, as the letters of corrections and withdrawals are usually called.
_USUAL = re.compile(r"（(再?訂正)）(.+)|(「.+」)の廃止について", re.DOTALL)
OF_ONE = ("殿", "様")  # how letters address one person; the first is usual
ATTACHED_AS = "letter.pdf"  # short and ASCII: old mail programs garble other names


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


def context(
    release: Release, audience: str, purpose: str, number: str = "", *, unheard: bool = False
) -> dict[str, object]:
    """What the templates in mail/ say. `number` is the one that a draft is expected to get.

    `unheard` is for the districts of `superseding.unheard`.
    """
    notice, takes_back = release.notice, succession.superseding(release.notice_id)
    before = takes_back.target if takes_back else None
    attached = enclosed.listed(notice, enclosed.reachable(notice))
    replaces = before is not None and not _withdraws(takes_back)
    is_answered_here = follow_ups.answers_earlier(release)
    return {
        "office": office_of(release, purpose),
        "release": release,
        "notice": notice,
        "number": number or notice.number_text,
        "issuers": notice.issuer_names,
        "honorific": honorific(release),
        "date": wareki.long_date(_dated(release)),
        "title": subject(release, purpose, number),
        "again": purpose == Delivery.Purpose.AGAIN,
        "kind": takes_back.get_kind_display() if takes_back else "",
        "withdraws": _withdraws(takes_back),
        "before": before,
        "also": succession.also(takes_back) if takes_back else "",
        "earlier": follow_ups.followed_up((release.passes_on or release).notice_id),
        "is_answered_here": is_answered_here,
        "before_date": wareki.long_date(before.date) if before and before.date else "",
        "changed": paragraphs(release.changed) if before else [],
        "changed_label": "廃止の理由" if _withdraws(takes_back) else "変わったところ",
        "once_more": once_more(release, audience) if replaces or is_answered_here else "",
        "rows": rows(release, audience, withdraws=_withdraws(takes_back), unheard=unheard),
        "unheard": unheard,
        "covering": covering(release, audience),
        "attachments": [f"{label}　{each.title or each.url}" for label, each in attached],
        "attached_as": ATTACHED_AS if release.attach_letter else "",
        "site": settings.SITE_URL,
    }


def honorific(release: Release) -> str:
    """How a chair is addressed beside the letter: as in it, where that suits one person."""
    return release.notice.honorific if release.notice.honorific in OF_ONE else OF_ONE[0]


def office_of(release: Release, purpose: str) -> Organisation:
    """Who writes: a district its own letter; what is asked about it the association answers."""
    answers = purpose == Delivery.Purpose.ANSWER
    return tree.association() if answers else release.passed_on_by or tree.association()


def subject(release: Release, purpose: str, number: str = "") -> str:
    """【訂正】【11月29日まで】件名（番号）; brackets only where they say something, the year where it is another.

    Of an answer it says only that, and about which notice: 【相談への回答】件名（番号）.
    """
    takes_back = succession.superseding(release.notice_id)
    first, matter = _marked(takes_back.get_kind_display() if takes_back else "", release.notice.subject)
    if purpose == Delivery.Purpose.AGAIN:
        first += "【リンクの再送】"
    if purpose == Delivery.Purpose.ANSWER:
        first, matter = "【相談への回答】", release.notice.subject
    elif release.deadline:
        day = release.deadline
        in_year = f"{day.month}月{day.day}日" if day.year == _dated(release).year else wareki.long_date(day)
        first += f"【{in_year}まで】"
    number = number or release.notice.number_text
    last = f"（{number}）" if number else ""
    return one_line(f"{first}{matter}{last}")


def _dated(release: Release) -> dt.date:
    """The day of its letter; of a draft that on which it will go out."""
    return release.notice.date or timezone.localdate(release.scheduled_at)


def _marked(kind: str, subject: str) -> tuple[str, str]:
    """The bracket for 訂正 or 廃止 and the subject beside it, which say it once: lists of mails are narrow."""
    if not kind:
        return "", subject
    if usual := _USUAL.fullmatch(subject):
        again, corrected, withdrawn = usual.groups()
        return f"【{again or kind}】", corrected or withdrawn
    return ("" if subject.endswith(f"の{kind}について") else f"【{kind}】"), subject


def one_line(text: str) -> str:
    """The text for a header: line breaks and other control characters become one space."""
    return " ".join(part.strip() for part in CONTROLS.split(text)).strip()


def rows(release: Release, audience: str, *, withdraws: bool = False, unheard: bool = False) -> list[Row]:
    """誰が・何を・いつまでに; a chair also reads what the members are asked. Empty lines are left out.

    A withdrawal asks nothing but not to follow the earlier notice, which the mail says by itself.
    """
    until = wareki.deadline(release.deadline, _dated(release).year) if release.deadline else ""
    who, what = ("", "") if withdraws else (release.who, release.what)
    if audience == Audience.PHARMACY:
        found = [Row("誰が", who), Row("何を", what), Row("いつまでに", until, strong=True)]
    else:
        own = "受領の確認" if unheard else "受領の確認と、会員薬局への周知"
        members = "：".join(filter(None, [who, what]))
        found = [Row("何を", own), Row("会員へのお願い", members), Row("会員の期限", until, strong=True)]
    said = [row for row in found if row.text]
    return [replace(row, width=max(len(row.label) for row in said)) for row in said]


def once_more(release: Release, audience: str) -> str:
    """What a correction or 再周知 asks of those who confirmed the earlier notice; nothing where nothing is asked."""
    if audience == Audience.PHARMACY and not release.asks_confirmation:
        return ""
    button = "確認しました" if audience == Audience.PHARMACY else "受領を確認しました"
    return f"前の通知を確認済みでも、もう一度「{button}」を押してください。"


def covering(release: Release, audience: str) -> list[str]:
    """The covering text for this audience, a paragraph a line."""
    return paragraphs(release.covering_pharmacies if audience == Audience.PHARMACY else release.covering_chairs)


def paragraphs(text: str) -> list[str]:
    """The lines of a text, without empty ones."""
    return [line for line in text.splitlines() if line.strip()]


def _withdraws(takes_back: Relation | None) -> bool:
    return takes_back is not None and takes_back.kind == Relation.Kind.WITHDRAWS
