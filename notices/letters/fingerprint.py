"""照合値 of a draft: one SHA-256 over all that its approval is about, so that exactly what was approved goes out.

That is the letter with its number and date, its signatory, what it encloses as far as it is here, its steps, what it
replaces, and the plan: what is asked of whom until when, the covering texts, the recipients. Every field counts that is
not left out by name; a field that says nothing counts for nothing, so that one added later changes no draft's.
"""

import hashlib
import json
from typing import Any

from django.db import models

from notices.models import Notice, Relation, Release

# What is the site's own affair, or what becomes of the draft afterwards.
LEFT_OUT = {
    "notice": {
        "id",
        "state",
        "search_key",
        "drafted_by",
        "created_at",
        "changed_at",
        "packet",
        *("packet_order", "packet_under", "packet_oldest_on", "filed", "filed_because"),
        "number_fixed",
    },
    "noticeissuer": {"id", "notice"},
    "attachment": {"id", "notice"},
    "step": {"id", "notice"},
    "release": {
        *("id", "notice", "state", "letter", "released_at", "released_on", "released_by"),
        *("approval", "unapproved", "paused_reason", "paused_reply", "blamed_reply", "repeats"),
        *("is_repeated", "is_correction"),
        *("scheduled_at", "scheduled_by", "scheduled_as", "schedule_failed", "gathers"),
    },
}


def fingerprint_of(notice_id: int) -> str:
    """That of the draft as it stands in the database now."""
    notice = Notice.objects.get(pk=notice_id)
    content = _letter(notice, set())
    if notice.number_fixed:  # says nothing of an enclosed letter, of which somebody may make a draft of its own
        content["letter"]["number_fixed"] = True
    related = Relation.objects.filter(source=notice_id).exclude(kind=Relation.Kind.CITES)
    content["relations"] = sorted(related.values_list("kind", "target"))
    content["plan"] = [_plan(release) for release in Release.objects.filter(notice=notice_id)]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _letter(notice: Notice, seen: set[int]) -> dict[str, Any]:
    """The letter and what it encloses, each once."""
    seen.add(notice.pk)
    content = {
        "letter": said(notice),
        "numbers": [number.text for number in notice.numbers.all()],
        "issuers": [said(issuer) for issuer in notice.issuers.all()],
        "steps": [said(step) for step in notice.steps.all()],
        "attachments": [said(attachment) for attachment in notice.attachments.all()],
    }
    enclosed = [attachment.enclosed for attachment in notice.attachments.exclude(enclosed=None)]
    content["enclosed"] = [_letter(inner, seen) for inner in enclosed if inner.pk not in seen]
    return content


def _plan(release: Release) -> dict[str, Any]:
    chosen = {name: sorted(getattr(release, name).values_list("pk", flat=True)) for name in ("districts", "tags")}
    return said(release) | chosen


def said(row: models.Model) -> dict[str, Any]:
    """What the row's fields say."""
    left_out = LEFT_OUT[row._meta.model_name]
    fields = [field for field in row._meta.concrete_fields if field.name not in left_out]
    return {field.name: value for field in fields if (value := getattr(row, field.attname))}
