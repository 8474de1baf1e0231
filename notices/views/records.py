"""だれが何をしたか: the history of a notice, a release or a packet, as its page shows it to staff."""

from django.db import models

from members import diary
from members.diary import Line
from notices.models import Notice, Release

LABELS = {
    field.name: str(field.verbose_name)
    for model in (Notice, Release)
    for field in model._meta.fields
    if not field.is_relation
} | {
    "number": "文書番号",
    "numbers": "文書番号",
    "issuers": "発出元",
    "attachments": "別添",
    "title": "差出人の役職",
    "name": "差出人",
    "recipients": "宛先",
    "steps": "設定手順",
}


def of(*subjects: models.Model) -> list[Line]:
    """The latest first."""
    return diary.lines(*subjects, labels=LABELS)
