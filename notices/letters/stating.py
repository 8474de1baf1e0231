"""What of its plan a letter says itself: that something is to be set up and until when, of a correction what has
changed, of a withdrawal why.

They stand in the body in usual words, and follow the plan as long as they do; what was taken out stays out. What staff
have written otherwise is theirs: `left_out` and `other_days` say where it does not agree, and staff decide.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from members import wareki
from notices.letters import sentences
from notices.letters.sentences import CORRECT, DUE, GROUPS, OF_DISTRICTS, WITHDRAW
from notices.models import Notice, Relation, Release
from notices.models.notice import SUPERSEDING

# The sentences that name the deadline, in the association's letters and in the districts'.
TO_CHAIRS, TO_MEMBERS = "due", "members_due"
# The one that asks for the set-up.
_SET_UP = "set_up"
# A letter that has one of these speaks of the set-up.
_SETTING_UP = ("設定", "手順")


@dataclass(frozen=True)
class _Manner:
    """How a letter says what has changed, or why: behind which sentence, after which words; and what that is called."""

    request: str
    leads: str
    label: str


_MANNERS = {
    Relation.Kind.CORRECTS: _Manner(f"{CORRECT}_request", "変わったところは、次のとおりです。", "「変わったところ」"),
    Relation.Kind.WITHDRAWS: _Manner(f"{WITHDRAW}_request", "理由は、次のとおりです。", "「廃止の理由」"),
}
_UNTIL = re.compile(
    r"(?<![0-9])([0-9]{1,2})月([0-9]{1,2})日(?:\([^()]{1,3}\))?(?:\s*[0-9]{1,2}時)?(?:まで|必着|を期限)"
)


def following(notice: Notice, was: Release, body: str, plan: Mapping[str, Any]) -> str:
    """The body of a draft as it is after `plan` takes the place of what the release `was`."""
    body = with_set_up(body, asked=was.asks_set_up, asks=plan.get("ask", was.ask) == Release.Ask.SET_UP)
    body = with_deadline(body, was.deadline, plan.get("deadline", was.deadline))
    kind = _kind(notice)
    return with_changed(body, was.changed, plan.get("changed", was.changed), kind) if kind else body


def _kind(notice: Notice) -> Relation.Kind | None:
    """Whether it corrects or withdraws another notice."""
    kind = notice.relations.filter(kind__in=SUPERSEDING).values_list("kind", flat=True).first()
    return Relation.Kind(kind) if kind else None


def with_set_up(body: str, *, asked: bool, asks: bool) -> str:
    """The body with the usual request to set up behind its closing, or without it, where the plan has changed so."""
    if asked == asks:
        return body
    lines = body.splitlines()
    others = [line for line in lines if not sentences.matches(_SET_UP, line)]
    if not asks:
        return "\n".join(others)
    closing = [place for place, line in enumerate(lines) if _is_closing(line)]
    is_said = len(others) < len(lines)
    if closing and not is_said and (request := sentences.text(_SET_UP)):
        lines.insert(closing[-1] + 1, request)
    return "\n".join(lines)


def due(day: dt.date, key: str = TO_CHAIRS) -> str:
    """The usual sentence that names the deadline."""
    return sentences.text(key, {DUE: _written(day)})


def _written(day: dt.date) -> str:
    """令和6年12月13日（金）."""
    return f"{wareki.long_date(day)}（{wareki.WEEKDAYS[day.weekday()]}）"


def with_deadline(body: str, was: dt.date | None, now: dt.date | None, key: str = TO_CHAIRS) -> str:
    """The body with the deadline of now, where it names the one that was in usual words.

    Where there was none yet, it is put behind a body that ends in usual words; a sentence that somebody has taken out
    does not come back.
    """
    lines = body.splitlines()
    place = next((place for place, line in enumerate(lines) if _is_due(line, was, key)), None)
    if place is not None and was != now:
        lines[place : place + 1] = [due(now, key)] if now else []
    elif was is None and now and lines and _is_closing(lines[-1]) and not names(body, now):
        lines.append(due(now, key))
    else:
        return body
    return "\n".join(lines)


def says_due(body: str, day: dt.date | None, key: str = TO_CHAIRS) -> bool:
    """Whether the body names that deadline in the usual words."""
    return any(_is_due(line, day, key) for line in body.splitlines())


def _is_due(line: str, day: dt.date | None, key: str) -> bool:
    return day is not None and wareki.long_date(day) in line and sentences.matches(key, line)


def _is_closing(line: str) -> bool:
    closings = (f"{kind}_closing" for kind in (*GROUPS, *OF_DISTRICTS))
    return any(sentences.matches(key, line) for key in (*closings, _SET_UP))


def with_changed(body: str, was: str, now: str, kind: Relation.Kind) -> str:
    """The body with what a correction has changed, or why it withdraws, behind the sentence that says which letter."""
    manner = _MANNERS[kind]
    lines, before, after = body.splitlines(), _said(was, manner), _said(now, manner)
    if before == after:
        return body
    if before:
        found = (place for place in range(len(lines)) if lines[place : place + len(before)] == before)
        if (place := next(found, None)) is not None:
            lines[place : place + len(before)] = after
            return "\n".join(lines)
    matter = [place for place, line in enumerate(lines) if sentences.matches(manner.request, line)]
    if after and matter and manner.leads not in lines:
        lines[matter[-1] + 1 : matter[-1] + 1] = after
        return "\n".join(lines)
    return body


def _said(changed: str, manner: _Manner) -> list[str]:
    lines = [line.strip() for line in changed.splitlines() if line.strip()]
    return [manner.leads, *lines] if lines else []


def left_out(notice: Notice, plan: Release) -> list[str]:
    """What the plan says and the letter does not: 設定のお願い, 確認期限, 変わったところ, 廃止の理由.

    A letter from a packet stays as it came.
    """
    if notice.number_fixed:
        return []
    text = f"{notice.body}\n{notice.items}"
    found = []
    if plan.asks_set_up and not any(word in text for word in _SETTING_UP):
        found.append("設定のお願い")
    if plan.deadline and plan.asks_confirmation and not names(text, plan.deadline):
        found.append(f"確認期限 {wareki.day_with_weekday(plan.deadline)}")
    manner = _MANNERS.get(_kind(notice))
    if manner and not all(line in text for line in _said(plan.changed, manner)[1:]):
        found.append(manner.label)
    return found


def other_days(notice: Notice, plan: Release) -> list[str]:
    """The days by which the letter asks for something beside its deadline, as 1月15日."""
    if notice.number_fixed or not plan.deadline:
        return []
    days = {(int(month), int(day)) for month, day in _UNTIL.findall(_folded(f"{notice.body}\n{notice.items}"))}
    return [f"{month}月{day}日" for month, day in sorted(days - {(plan.deadline.month, plan.deadline.day)})]


def names(text: str, day: dt.date | None) -> bool:
    """Whether the text names the day, in any width, with its year or without."""
    return day is not None and bool(re.search(rf"(?<![0-9]){day.month}月{day.day}日", _folded(text)))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
