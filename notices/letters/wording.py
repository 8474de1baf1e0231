"""The usual phrases that a new draft begins with. Staff change them as they like."""

import re

from members import wareki
from members.models import Organisation
from notices.models import Notice, Release

ADDRESSEE, HONORIFIC = "各地区薬剤師会会長", "殿"
HONORIFICS = ("殿", "御中", "各位", "様")

OPENING = "平素より本会の会務運営に格別のご理解とご協力を賜り、厚く御礼申し上げます。"
CLOSING = "つきましては、内容をご確認のうえ、貴会会員へご周知くださいますようお願い申し上げます。"

WHO = "会員薬局"
WHAT = {
    Release.Ask.INFORM: "文書を読む",
    Release.Ask.CONFIRM: "文書を読み、薬局の中で共有する",
    Release.Ask.SET_UP: "文書を読み、手順に沿って設定する",
}

_CHAIRS = (
    "標記の文書をお送りします。お受け取りになりましたら、受領の確認をお願いいたします。\n"
    "会員薬局には、同じ文書の写しを本会から直接お届けしています。貴会でも会員への周知をお願いいたします。"
)
# A withdrawal: that the earlier notice is not to be used stands in every mail above the covering text.
WHAT_WITHDRAWN = "前の通知を、今後は使用しない"
_SHARED = "薬局の中で共有してください。"
_COPY = "地区薬剤師会会長あての文書の写しをお送りします。"
_PHARMACIES = {
    Release.Ask.INFORM: "業務の参考としてお読みください。お返事はいりません。",
    Release.Ask.CONFIRM: "お読みになりましたら、「確認しました」を押してください。",
    Release.Ask.SET_UP: (
        "お読みになりましたら「確認しました」を押し、続けて手順に沿って設定をお願いします。\n"
        "分からないところは「困っています」からお知らせください。"
    ),
}


def for_chairs() -> str:
    """The covering text for the chairs."""
    return _CHAIRS


def for_pharmacies(ask: str) -> str:
    """The covering text for the pharmacies, which get a copy of the letter to the chairs."""
    return _COPY + _PHARMACIES[Release.Ask(ask)]


def for_pharmacies_withdrawing() -> str:
    """The covering text for the pharmacies in a withdrawal."""
    return _COPY + _SHARED


def is_usual(text: str) -> bool:
    """Whether a covering text for pharmacies is still one of the usual ones, so that it may follow another ask."""
    return text.replace("\r\n", "\n") in {for_pharmacies(ask) for ask in Release.Ask}


def body() -> str:
    """The body of a letter that encloses nothing."""
    return f"{OPENING}\n{CLOSING}"


def body_enclosing(top: Notice) -> str:
    """The body of a letter that passes on `top` as 別添1."""
    issuers = "・".join(issuer.organisation.name for issuer in top.issuers.all()) or "関係機関"
    dated = f"{wareki.long_date(top.date)}付け" if top.date else ""
    reference = f"{dated}{top.number_text}により" if top.number_text else f"{dated}の文書により" if dated else ""
    passed_on = f"標記について、{issuers}から{reference}別添1のとおり連絡がありましたので、お知らせいたします。"
    return "\n".join((OPENING, passed_on, CLOSING))


# What stands before the subject of a correction, and of one that corrects a correction.
CORRECTION, ANOTHER = "（訂正）", "（再訂正）"
_CORRECTED = re.compile(r"^(?:（再?訂正）)+")
_GREETING = re.compile(r"平素|日頃|時下")
# The sentence of an earlier correction, which says nothing of this one.
_MATTER = re.compile(r"さて、.*訂正いたします。")


def subject_correcting(old: Notice) -> str:
    """（訂正）残薬調整について; of a letter that is a correction itself 再訂正."""
    subject = _CORRECTED.sub("", old.subject)
    return _fitting(CORRECTION if subject == old.subject else ANOTHER, subject)


def subject_withdrawing(old: Notice) -> str:
    """「残薬調整について」の廃止について: what is withdrawn is the notice, not the matter."""
    return _fitting("「", old.subject, "」の廃止について")


def _fitting(before: str, subject: str, after: str = "") -> str:
    room = Notice._meta.get_field("subject").max_length - len(before) - len(after)
    return before + subject[:room] + after


def body_correcting(old: Notice) -> str:
    """The old body, with what is the matter behind its greeting."""
    lines = [line for line in old.body.splitlines() if line.strip() and not _MATTER.match(line)]
    greeting = lines.pop(0) if lines and _GREETING.match(lines[0]) else OPENING
    matter = (
        f"さて、{_named(old)}によりお知らせいたしましたが、内容の一部に誤りがありましたので、この文書のとおり訂正いたします。"
        "お手数をおかけし誠に申し訳ございませんが、先の文書に代えて、この文書をご覧くださいますようお願い申し上げます。"
    )
    return "\n".join([greeting, matter, *(lines or [CLOSING])])


def body_withdrawing(old: Notice) -> str:
    """The body of a letter that takes another back."""
    matter = (
        f"さて、{_named(old)}によりお知らせいたしましたが、この内容は廃止いたします。"
        "先の文書は、今後は使用しないでください。"
    )
    return "\n".join((OPENING, matter, CLOSING))


def _named(letter: Notice) -> str:
    """令和6年10月30日付け6福薬業発第337号「件名」."""
    number = letter.number_text or "の文書"
    dated = f"{wareki.long_date(letter.date)}付け" if letter.date else ""
    return f"{dated}{number}「{letter.subject}」"


def contact(association: Organisation) -> str:
    """The foot of the letter: the association's secretariat with telephone and FAX, as far as they are known."""
    ways = (("電話", association.telephone), ("FAX", association.fax))
    numbers = "　".join(f"{way} {number}" for way, number in ways if number)
    return "\n".join(filter(None, (f"（問い合わせ先）{association.name} 事務局", numbers)))
