"""What a new draft begins with, put together from the usual sentences. Staff change it as they like."""

import datetime as dt
import re
from collections.abc import Sequence

from members import wareki
from members.models import Organisation
from notices import succession
from notices.letters import sentences
from notices.letters.sentences import (
    AGAIN,
    CHANGED,
    CORRECT,
    CORRECT_TO_MEMBERS,
    DATED,
    EARLIER,
    ISSUER,
    NOTIFY,
    OFFICE,
    REMIND,
    TO_MEMBERS,
    USUAL,
    WAYS,
    WITHDRAW,
)
from notices.models import Notice, NoticeIssuer, Release

ADDRESSEE, HONORIFIC = "各地区薬剤師会会長", "殿"
# The usual addressees of a letter to some of the districts.
_SOME, _ONE = "関係地区薬剤師会会長", "会長"
HONORIFICS = ("殿", "御中", "各位", "様")

WHO = "会員薬局"
WHAT = {
    Release.Ask.INFORM: "文書を読む",
    Release.Ask.CONFIRM: "文書を読み、薬局の中で共有する",
    Release.Ask.SET_UP: "文書を読み、手順に沿って設定する",
}

# What those have not done to whom a notice is made known again.
STILL_OPEN = {
    Release.Ask.INFORM: "お届けできていない",
    Release.Ask.CONFIRM: "ご確認がお済みでない",
    Release.Ask.SET_UP: "ご確認または設定がお済みでない",
}

# Whom a district's letter is to.
MEMBERS, MEMBERS_HONORIFIC = "会員薬局", "各位"
# The covering texts for the chairs by their keys: the pharmacies get a copy, or the letter of their district.
_CHAIRS, _CHAIRS_THROUGH, _CHAIRS_OPEN = "covering_chairs", "covering_chairs_through", "covering_chairs_open"
# The head of a division, or of a prefecture, who issues letters for it.
_OF_A_UNIT = re.compile("(?:[局部課室係班所]|センター)次?長$|知事$")
# A withdrawal: that the earlier notice is not to be used stands in every mail above the covering text.
WHAT_WITHDRAWN = "前の通知を、今後は使用しない"


def addressee(districts: Sequence[Organisation]) -> str:
    """To whom a letter to the chairs of these districts is addressed; to all of them where none is chosen."""
    if len(districts) == 1:
        return f"{districts[0].name}{_ONE}"
    return _SOME if districts else ADDRESSEE


def for_chairs(*, through_districts: bool = False, open_ones: bool = False) -> str:
    """The covering text for the chairs, whether the pharmacies wait for their letter or get a copy.

    `open_ones`: only those get one that have not done yet what the notice before asks.
    """
    if through_districts:
        return sentences.text(_CHAIRS_THROUGH)
    return sentences.text(_CHAIRS_OPEN if open_ones else _CHAIRS)


def for_chairs_withdrawing() -> str:
    """The covering text for the chairs in a withdrawal, whether or not they have passed on what is withdrawn."""
    return sentences.text("covering_chairs_withdraw")


def is_usual_for_chairs(text: str) -> bool:
    """Whether a covering text for the chairs is still a usual one, so that it may follow the way of the notice."""
    return _is_one_of(text, [_CHAIRS, _CHAIRS_THROUGH, _CHAIRS_OPEN])


def for_members(notice: Notice, earlier: Release | None = None, kept: dt.date | None = None) -> str:
    """What a district's letter to its members begins with, but for its deadline; the chair changes it as they like.

    That of a correction says what it corrects and what has changed: `earlier` is the district's letter that it
    corrects, `kept` the deadline which that had of its own.
    """
    kind, values = TO_MEMBERS, _passed_on(notice)
    if relation := succession.superseding(notice):
        changed = _paragraphs(*map(str.strip, notice.release.changed.splitlines()))
        before = _sent_by(earlier) if earlier else _named(relation.target)
        kind, values = CORRECT_TO_MEMBERS, values | {EARLIER: before, CHANGED: changed}
    *said, closing = _sentences(kind, values)
    return _paragraphs(*said, still_due(kept) if kept else "", closing)


def still_due(kept: dt.date) -> str:
    """That the members of a district answer by the day that it had set them, whatever has changed."""
    return f"本会の会員の確認期限は、先にお知らせした{wareki.day_with_weekday(kept)}のままです。"


def _sent_by(letter: Release) -> str:
    """令和6年11月5日付け白薬発第12号でお送りした令和6年10月30日付け6福薬業発第337号「件名」."""
    own = letter.notice
    return f"{wareki.long_date(own.date)}付け{own.number_text or 'の文書'}でお送りした{_named(letter.passes_on.notice)}"


def for_pharmacies(ask: str) -> str:
    """The covering text for the pharmacies, which get a copy of the letter to the chairs."""
    return sentences.text(f"covering_{Release.Ask(ask)}")


def for_pharmacies_withdrawing() -> str:
    """The covering text for the pharmacies in a withdrawal."""
    return sentences.text("covering_withdraw")


def is_usual(text: str) -> bool:
    """Whether a covering text for pharmacies is still one of the usual ones, so that it may follow another ask."""
    return _is_one_of(text, [f"covering_{ask}" for ask in Release.Ask])


def _is_one_of(text: str, keys: list[str]) -> bool:
    """Whether it is one of these sentences, the site's own or the association's."""
    usual = {*sentences.texts(keys).values(), *(USUAL[key].text for key in keys)}
    return text.replace("\r\n", "\n") in usual


def body() -> str:
    """The body of a letter that encloses nothing."""
    return _paragraphs(sentences.text(f"{NOTIFY}_opening"), sentences.text(f"{NOTIFY}_closing"))


def body_enclosing(top: Notice, earlier: Notice | None = None) -> str:
    """The body of a letter that passes on `top` as 別添1; `earlier` is the letter of which it reminds."""
    values = _passed_on(top) | {EARLIER: _named(earlier) if earlier else ""}
    return _paragraphs(*_sentences(AGAIN if earlier else NOTIFY, values))


def _passed_on(top: Notice) -> dict[str, str]:
    """Who issued what is passed on, and by which letter."""
    issuers = "・".join(map(_office, top.issuers.all())) or "関係機関"
    dated = f"{wareki.long_date(top.date)}付け" if top.date else ""
    reference = f"{dated}{top.number_text}により" if top.number_text else f"{dated}の文書により" if dated else ""
    return {ISSUER: issuers, DATED: reference}


def _office(issuer: NoticeIssuer) -> str:
    """Who issued a letter, as others write of it: 福岡県保健医療介護部薬務課長, but 日本薬剤師会 without its 会長."""
    name, title = issuer.organisation.name, issuer.title
    if not _OF_A_UNIT.search(title):
        return name
    # A department may be an organisation of its own: 岐阜県衛生部 + 部長.
    return name + title.removeprefix(name[-1])


def _sentences(kind: str, values: dict[str, str]) -> list[str]:
    return [sentences.text(f"{kind}_{part}", values) for part in ("opening", "request", "closing")]


def _paragraphs(*parts: str) -> str:
    return "\n".join(filter(None, parts))


# What stands behind the subject of a notice that is made known again.
_AGAIN, _ONCE_MORE = "（再周知）", "（再々周知）"


def subject_following_up(old: Notice) -> str:
    """残薬調整について（再周知）; of one that is a 再周知 itself 再々周知."""
    subject = old.subject.removesuffix(_AGAIN).removesuffix(_ONCE_MORE)
    return _fitting("", subject, _AGAIN if subject == old.subject else _ONCE_MORE)


def body_following_up(old: Notice, enclosed_as: str) -> str:
    """The body of a letter that makes a notice known again, to those who have not done what that asks.

    It encloses the notice itself, as 別添3.
    """
    values = {EARLIER: f"{_named(old)}（{enclosed_as}）", sentences.STILL_OPEN: STILL_OPEN[old.release.ask]}
    return _paragraphs(*_sentences(REMIND, values))


# What stands before the subject of a correction, and of one that corrects a correction.
CORRECTION, ANOTHER = "（訂正）", "（再訂正）"
_CORRECTED = re.compile(r"^(?:（再?訂正）)+")
# Within 「」 quotation marks are double ones.
_WITHIN = str.maketrans("「」", "『』")
_GREETING = re.compile(r"平素|日頃|時下")


def subject_correcting(old: Notice) -> str:
    """（訂正）残薬調整について; of a letter that is a correction itself 再訂正."""
    subject = _CORRECTED.sub("", old.subject)
    return _fitting(CORRECTION if subject == old.subject else ANOTHER, subject)


def subject_withdrawing(old: Notice) -> str:
    """「残薬調整について」の廃止について: what is withdrawn is the notice, not the matter."""
    return _fitting("「", old.subject.translate(_WITHIN), "」の廃止について")


def _fitting(before: str, subject: str, after: str = "") -> str:
    room = Notice._meta.get_field("subject").max_length - len(before) - len(after)
    return before + subject[:room] + after


def body_correcting(old: Notice) -> str:
    """The old body, with what is the matter behind its greeting. The sentence of an earlier correction says nothing."""
    opening, request, closing = _sentences(CORRECT, {EARLIER: _with_originals(old)})
    lines = [line for line in old.body.splitlines() if line.strip() and not _is_matter(line)]
    greeting = lines.pop(0) if lines and _GREETING.match(lines[0]) else opening
    return _paragraphs(greeting, request, *(lines or [closing]))


def _is_matter(line: str) -> bool:
    return sentences.matches(f"{CORRECT}_request", line)


def body_withdrawing(old: Notice) -> str:
    """The body of a letter that takes another back."""
    return _paragraphs(*_sentences(WITHDRAW, {EARLIER: _with_originals(old)}))


def _with_originals(old: Notice) -> str:
    """The notice and, where that is a correction, what it corrected: some have received that one alone.

    令和6年11月6日付け6福薬業発第344号「（訂正）件名」及び訂正前の令和6年10月30日付け6福薬業発第343号.
    """
    earlier = "、".join(map(_numbered, succession.originals(old)))
    return f"{_named(old)}及び訂正前の{earlier}" if earlier else _named(old)


def _named(letter: Notice) -> str:
    """令和6年10月30日付け6福薬業発第337号「件名」."""
    return f"{_numbered(letter)}「{letter.subject.translate(_WITHIN)}」"


def _numbered(letter: Notice) -> str:
    """令和6年10月30日付け6福薬業発第337号."""
    dated = f"{wareki.long_date(letter.date)}付け" if letter.date else ""
    return f"{dated}{letter.number_text or 'の文書'}"


def contact(association: Organisation) -> str:
    """The foot of the letter: the association's secretariat with telephone and FAX, as far as they are known."""
    ways = (("電話", association.telephone), ("FAX", association.fax))
    numbers = "　".join(f"{way} {number}" for way, number in ways if number)
    return sentences.text("contact", {OFFICE: association.name, WAYS: numbers})
