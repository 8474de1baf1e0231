"""Exactly what was approved goes out: whatever changes the letter or its plan, changes its fingerprint."""

from itertools import pairwise
from typing import Any

import pytest
from django.db import models
from django.utils import timezone

from members import wareki
from members.history import Actor
from members.models import Tag
from notices.letters import fingerprint, numbering
from notices.letters.fingerprint import fingerprint_of
from notices.letters.version import Version, version_of
from notices.models import Approval, Attachment, Notice, NoticeIssuer, Release, Step, StoredFile
from notices.procedures import approve, issue, refusals
from tests.cast import Cast
from tests.letters.approval.reading import ANOTHER_YEAR, today


def new_value(field: models.Field) -> Any:
    """Something else than what any field of the draft holds."""
    match field:
        case models.BooleanField():
            return True
        case models.DateField():
            return ANOTHER_YEAR
        case models.JSONField():
            return ["ほかの宛名"]
        case models.PositiveSmallIntegerField():
            return 77
        case models.CharField() if field.choices:
            return list(field.choices)[-1][0]
    return "https://other.example/" if isinstance(field, models.URLField) else "ほかの文字"


def in_words(draft: Notice) -> Version:
    notice = Notice.objects.get(pk=draft.pk)
    return version_of(notice, notice.release, notice.date or today(), "6 薬局・2 地区")


def words_of(model: type[models.Model]) -> list[str]:
    """The model's own fields that a letter or its plan consists of."""
    left_out = fingerprint.LEFT_OUT[model._meta.model_name]
    return [field.name for field in model._meta.concrete_fields if field.name not in left_out and not field.is_relation]


MODELS = (Notice, NoticeIssuer, Attachment, Step, Release)
FIELDS = [(model, name) for model in MODELS for name in words_of(model)]
# What people do not read: whether number and date came with a packet; the order, which lies in that of the lines; the
# text as it came, where there is one written anew.
UNREAD = {(Notice, "number_fixed"), (Notice, "text"), *((model, "position") for model in MODELS)}


@pytest.mark.parametrize(("model", "name"), FIELDS)
def test_every_field_of_the_letter_and_its_plan_is_part_of_what_is_approved(
    draft: Notice, model: type[models.Model], name: str
) -> None:
    url = "" if name == "from_steps" else "https://portal.example/"
    file = StoredFile.objects.keep(b"%PDF-1.7 a", "a.pdf", "application/pdf") if name == "file_name" else None
    draft.attachments.create(position=1, label="参考", title="案内", url=url, file=file)
    picture = StoredFile.objects.keep(b"\x89PNG", "a.png", "image/png")
    draft.steps.create(position=1, title="ログインする", group="device", picture=picture, picture_alt="画面")
    Release.objects.filter(notice=draft).update(ask="set_up", help_to_district=False)
    before, said = fingerprint_of(draft.pk), in_words(draft)
    rows = model.objects.filter(pk=draft.pk) if model is Notice else model.objects.filter(notice=draft)
    value = new_value(model._meta.get_field(name))
    if (model, name) == (Release, "ask"):
        value = "confirm"
    assert rows.update(**{name: value}) == 1
    assert fingerprint_of(draft.pk) != before
    assert (model, name) in UNREAD or in_words(draft) != said, "who approves is shown that it has changed"


def test_so_are_number_recipients_files_enclosed_letters_and_what_it_replaces(cast: Cast, draft: Notice) -> None:
    received = Notice.objects.create(state=Notice.State.RECEIVED, subject="届いた文書", text="原文")
    attachment = draft.attachments.create(position=1, label="別添1", title="届いた文書", enclosed=received)
    file = StoredFile.objects.keep(b"%PDF-1.7 a", "a.pdf", "application/pdf")
    old = cast.released().notice
    tag = Tag.objects.create(name="無菌調剤")

    def number() -> None:
        numbering.claim(draft, cast.association, f"{wareki.fiscal_year_in_era(today())}福薬業発第350号")

    changes = [
        number,
        lambda: draft.release.districts.set([cast.shirasagi]),
        lambda: draft.release.tags.set([tag]),
        lambda: Notice.objects.filter(pk=received.pk).update(text="ほかの原文"),
        lambda: Attachment.objects.filter(pk=attachment.pk).update(enclosed=None, file=file),
        lambda: draft.relations.create(kind="corrects", target=old),
    ]
    seen, said = [fingerprint_of(draft.pk)], [in_words(draft)]
    for change in changes:
        change()
        seen.append(fingerprint_of(draft.pk))
        said.append(in_words(draft))
    assert len(set(seen)) == len(seen)
    unread = sum(before == after for before, after in pairwise(said))
    assert unread == 1, "a received letter is never changed; only its fingerprint would tell"


def test_what_becomes_of_the_draft_is_no_part_of_it(cast: Cast, draft: Notice, staff: Actor) -> None:
    enclosed = Notice.objects.create(state=Notice.State.RECEIVED, subject="本会の文書")
    draft.attachments.create(position=1, label="別添1", title="本会の文書", enclosed=enclosed)
    before = fingerprint_of(draft.pk)
    Notice.objects.filter(pk=draft.pk).update(search_key="x", changed_at=timezone.now())
    Notice.objects.filter(pk=enclosed.pk).update(state=Notice.State.DRAFT, number_fixed=True)
    Release.objects.filter(notice=draft).update(schedule_failed="PDF を作れませんでした。")
    assert fingerprint_of(draft.pk) == before


def test_a_letter_changed_behind_everybodys_back_is_neither_approved_nor_released(
    cast: Cast, draft: Notice, asked: Approval, staff: Actor, administrator: Actor
) -> None:
    def change(body: str) -> None:
        Notice.objects.filter(pk=draft.pk).update(body=body)

    body = draft.body
    change("だれも見ていない文面")
    with pytest.raises(refusals.ChangedSinceApproval):
        approve.approve(asked.pk, today(), administrator)
    change(body)
    approve.approve(asked.pk, today(), administrator)
    change("だれも見ていない文面")
    with pytest.raises(refusals.ChangedSinceApproval):
        issue.release(draft.pk, staff)
    change(body)
    assert issue.release(draft.pk, staff)
