"""操作方法: the paper that the site makes out of the steps of a notice, so that it never differs from the checklist."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.template.loader import render_to_string

from members import history, tree
from members.history import Actor
from notices import pdf, qr
from notices.checklist import chapters, has_steps
from notices.letters import enclosures
from notices.letters.composing import locked_draft
from notices.letters.guide import ADDRESS
from notices.models import Attachment, Notice, Step, StoredFile


@dataclass(frozen=True)
class Reference:
    """参照: a step that is a link, with its address and the picture of its code."""

    step: Step
    address: str
    code: str


class NothingToTick(RuntimeError):
    """There are no steps of which the paper could be made."""


def title() -> str:
    """操作方法（福岡県薬剤師会作成版）."""
    return f"操作方法（{tree.association().label}作成版）"


def attachment_of(notice: Notice) -> Attachment | None:
    """The enclosure of a notice that is made out of its steps."""
    return notice.attachments.filter(from_steps=True).first()


def may_become(notice: Notice) -> list[Attachment]:
    """The enclosures of which it could be the file: those that came as a title or as text."""
    return list(notice.attachments.filter(enclosed=None, file=None, url="").exclude(label__startswith="参考"))


@transaction.atomic
def enclose(notice_id: int, attachment_id: int | None, actor: Actor) -> Attachment | None:
    """Make the paper the file of that enclosure, or a new 別添, when the draft is released; instead of another one.

    A letter that came with a packet gets no new enclosure: then, and where the enclosure is none of those that it may
    become, nothing happens. Raises composing.NotADraft.
    """
    notice = locked_draft(notice_id)
    chosen = next((each for each in may_become(notice) if each.pk == attachment_id), None)
    if chosen is None and (attachment_id is not None or notice.number_fixed):
        return None
    notice.attachments.filter(from_steps=True).update(from_steps=False)
    chosen = chosen or enclosures.add(notice.pk, enclosures.LABELS[0], title())
    Attachment.objects.filter(pk=chosen.pk).update(from_steps=True)
    history.record("notice.changed", notice, actor=actor, fields=["attachments"])
    return chosen


@transaction.atomic
def leave_out(notice_id: int, actor: Actor) -> None:
    """Make it no more; the enclosure stays with what it had before. Raises composing.NotADraft."""
    notice = locked_draft(notice_id)
    if notice.attachments.filter(from_steps=True).update(from_steps=False, file=None, file_name=""):
        history.record("notice.changed", notice, actor=actor, fields=["attachments"])


def documents(notice: Notice) -> list[str]:
    """The document that the release of a notice needs besides its letter, if any."""
    return [manual_html(notice)] if attachment_of(notice) and has_steps(notice) else []


def lacks_steps(notice: Notice) -> bool:
    """Whether the paper is enclosed, but there is nothing to make it of."""
    return attachment_of(notice) is not None and not has_steps(notice)


def fix(notice: Notice, rendered: Mapping[str, bytes]) -> None:
    """Keep the paper as it is now, in the transaction of the release. `rendered` holds documents that are PDFs already.

    Raises pdf.RenderFailed.
    """
    for html in documents(notice):
        attachment = attachment_of(notice)
        content = rendered.get(html) or pdf.render(html)
        name = f"{attachment.title[:290]}.pdf"
        attachment.file, attachment.file_name = StoredFile.objects.keep(content, name, "application/pdf"), name
        attachment.save(update_fields=["file", "file_name"])


def manual_pdf(notice: Notice, *, is_bound: bool = False) -> bytes:
    """The paper as PDF; bound without page numbers, for a packet has its own. Raises NothingToTick, RenderFailed."""
    return pdf.render(manual_html(notice, is_bound=is_bound))


def manual_html(notice: Notice, *, is_bound: bool = False) -> str:
    """The document of which the PDF is made. Raises NothingToTick."""
    steps = list(notice.steps.select_related("picture"))
    found = list(chapters(steps))
    if not found:
        raise NothingToTick(str(notice))
    attachment = attachment_of(notice)
    context = {
        "notice": notice,
        "title": attachment.title if attachment else title(),
        "office": tree.association(),
        "chapters": found,
        "references": [_reference(step) for step in steps if not step.ticked],
        "pictures": {step.pk: _picture(step) for step in steps if step.picture},
        "is_bound": is_bound,
        "holds_secrets": any(step.holds_secret for step in steps),
    }
    return render_to_string("bound/manual.html", context)


def _reference(step: Step) -> Reference:
    found = ADDRESS.search(f"{step.title} {step.hint}")
    address = found[0] if found else ""
    return Reference(step, address, qr.picture(address) if address else "")


def _picture(step: Step) -> str:
    return f"data:{step.picture.media_type};base64,{base64.b64encode(step.picture.read()).decode()}"
