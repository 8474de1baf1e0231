"""What was done with one thing, in words, for the staff's pages of it."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.history import VERBS
from members.models import Event

MOST = 100


@dataclass(frozen=True)
class Line:
    """One event: when, what, what more is to say of it, by whom."""

    at: dt.datetime
    what: str
    more: str
    who: str


def lines(*subjects: models.Model, labels: Mapping[str, str] | None = None, most: int = MOST) -> list[Line]:
    """The events about these rows, the latest first. `labels` are the screen's words for fields that were changed."""
    about = Q(pk__in=[])
    for subject in subjects:
        about |= Q(subject_kind=subject._meta.model_name, subject_id=subject.pk)
    events = Event.objects.filter(about).select_related("account", "capacity").order_by("-pk")[:most]
    return [
        Line(event.at, VERBS.get(event.verb, event.verb), _more(event.detail, labels or {}), _who(event))
        for event in events
    ]


def _who(event: Event) -> str:
    if event.account is None:
        return "自動"
    return f"{event.account}（{event.capacity.get_role_display()}）" if event.capacity else str(event.account)


# What details say, by their names; of others (ids, checksums, what the words above tell already) nothing is said.
WORDS: dict[str, Callable[[Any], str]] = {
    "number": str,
    "title": lambda value: f"「{value}」" if value else "",
    "receipt_number": lambda value: f"収受 {value}",
    "was": lambda value: f"前は {value}",
    "letters": lambda value: f"文書 {value:,} 通",
    "files_left_out": lambda value: f"受領しなかったファイル：{'、'.join(value)}",
    "letter": lambda value: f"{value} 通目の文書" if isinstance(value, int) else "",
    "doubts_settled": lambda value: f"確認 {value:,} か所" if value > 0 else "",
    "recipients": lambda value: f"{value:,} か所",
    "chairs": lambda value: f"会長への一覧 {value:,} 通" if value else "",
    "reminder_days": lambda value: "・".join(f"{day:+}日" if day else "当日" for day in value),
    "messages": lambda value: f"{value:,} 通",
    "count": lambda value: f"{value:,} 通",
    "time": lambda value: _moment(value),
    "reason": str,
    "answer": str,
    "how": lambda value: {"code": "メールのコード", "pass": "一度だけのアドレス"}.get(value, ""),
    "expires": lambda value: f"{_moment(value)} まで",
}


def _more(detail: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    said = [words(detail[name]) for name, words in WORDS.items() if name in detail]
    said.append("・".join(labels[name] for name in detail.get("fields", []) if name in labels))
    return "　".join(filter(None, said))


def _moment(text: str) -> str:
    at = timezone.localtime(dt.datetime.fromisoformat(text))
    return f"{at.month}/{at.day} {at:%H:%M}"
