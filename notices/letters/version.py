"""The version of a draft that is asked for, in words: what stands in the letter, what is asked of whom, the recipients.

It is kept with each request for approval, so that people can compare the draft with what they looked at before.
"""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from members import wareki
from notices.models import Attachment, Notice, Relation, Release, Step

# What a part of the draft says, line by line, by the name of the part.
Version = dict[str, list[str]]


def version_of(notice: Notice, plan: Release, day: dt.date, recipients: str) -> Version:
    """The draft as it stands, to be dated `day`; `recipients` says in words how many there are."""
    said = {**_letter(notice, day), **_asked(notice, plan), **_reached(plan, recipients)}
    return {part: lines for part, text in said.items() if (lines := _lines(text))}


# What every correction says otherwise than the notice that it corrects.
ITS_OWN = ("文書の日付", "文書番号", "訂正・廃止", "変わったところ・廃止の理由", "宛先の数")


def shared_of(notice: Notice, plan: Release) -> Version:
    """What a notice and its correction are compared by: all but what each has of its own."""
    said = version_of(notice, plan, timezone.localdate(), "")
    return {part: lines for part, lines in said.items() if part not in ITS_OWN}


def _letter(notice: Notice, day: dt.date) -> dict[str, str]:
    return {
        "文書の日付": wareki.long_date(day),
        "文書番号": "\n".join(number.text for number in notice.numbers.all()),
        "宛名": "\n".join(f"{name}　{notice.honorific}" for name in notice.addressees),
        "発出者": "\n".join(
            "　".join(filter(None, (issuer.organisation.name, issuer.title, issuer.name)))
            for issuer in notice.issuers.select_related("organisation")
        ),
        "件名": notice.subject,
        "種別": notice.kind,
        "本文": notice.body or notice.text,
        "記書き": notice.items,
        "別添・参考": "\n".join(
            _attachment(each) for each in notice.attachments.select_related("enclosed", "file").order_by("position")
        ),
        "問い合わせ先": notice.contact,
        "訂正・廃止": "\n".join(_replaced(notice)),
    }


def _asked(notice: Notice, plan: Release) -> dict[str, str]:
    return {
        "お願い": plan.get_ask_display(),
        "誰が": plan.who,
        "何を": plan.what,
        "期限": wareki.long_date(plan.deadline) if plan.deadline else "",
        "設定手順": "\n".join(_step(step) for step in notice.steps.all()),
        "変わったところ・廃止の理由": plan.changed,
    }


def _reached(plan: Release, recipients: str) -> dict[str, str]:
    chosen = [*plan.districts.all(), *plan.tags.all()] if plan.pk else []
    return {
        "宛先": "\n".join([plan.get_scope_display(), *sorted(str(each) for each in chosen)]),
        "届け方": "地区を通して届ける" if plan.through_districts else "",
        "宛先の数": recipients,
        "薬局への添え書き": plan.covering_pharmacies,
        "地区会長への添え書き": plan.covering_chairs,
        "公文書（PDF）": "メールに付ける" if plan.attach_letter else "メールには付けない",
        "困っていること": "地区にも知らせる" if plan.help_to_district else "地区には知らせない",
    }


def _attachment(attachment: Attachment) -> str:
    name = f"{attachment.label}　{attachment.title}"
    if attachment.from_steps:
        return f"{name}（設定手順から作る）"
    if attachment.enclosed:
        return f"{name}（{attachment.enclosed}）"
    if attachment.file:
        return f"{name}（{attachment.offered_as}、照合値 {attachment.file.sha256[:12]}）"
    content = "　".join(filter(None, (attachment.url, *attachment.text.split())))
    return f"{name}（{content}）" if content else name


def _step(step: Step) -> str:
    place = "・".join(filter(None, (step.get_group_display(), step.get_device_display())))
    secret = "秘密を扱う" if step.holds_secret else ""
    picture = f"画像：{step.picture_alt}" if step.picture_id else ""
    return "　".join(filter(None, (place, step.title, step.hint, secret, picture)))


def _replaced(notice: Notice) -> Iterator[str]:
    related = notice.relations.filter(kind__in=[Relation.Kind.CORRECTS, Relation.Kind.WITHDRAWS])
    for relation in related.select_related("target"):
        yield f"{relation.get_kind_display()}　{relation.target}"


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
