"""Showing a letter and its files on a page."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from notices.letters import received
from notices.letters.flowed import flowed
from notices.letters.letter import Letter, letter_of, lines
from notices.letters.phrases import pieces
from notices.models import Attachment, Notice, Step, StoredFile

register = template.Library()


@register.filter
def as_letter(notice: Notice) -> Letter:
    """What stands on the sheet of a notice, for templates/letters/sheet.html."""
    return letter_of(notice)


@register.filter
def remark(file: StoredFile) -> str:
    """What staff should know of an attached file; as a rule nothing."""
    remarks = []
    if file.is_safe_copy:
        remarks.append("しかけを除いた写し（元のファイルは保管しています）")
    if not file.may_be_bound:
        remarks.append("ほかの文書と綴じることを禁じた PDF（別のファイルで届けます）")
    return "・".join(remarks)


@register.filter
def pages_as_they_came(attachment: Attachment) -> int:
    """How many pages of the received PDFs the text of an attachment comes from; 0 where it came as text."""
    return sum(came.end - came.first for came in received.pages_with_text(attachment))


@register.filter
def flowed_lines(text: str) -> list[str]:
    """The paragraphs of a received text, each in one piece, however the page broke them."""
    return lines(flowed(text))


@register.filter
def in_phrases(text: str) -> SafeString:
    """A subject that breaks between its phrases only, as on the letter, and in long ones between words."""
    return format_html(
        '<span class="phrases">{}</span>',
        format_html_join(mark_safe("<wbr>"), "{}", ((piece,) for piece in pieces(text))),
    )


@register.filter
def of(values: Mapping[Any, Any], key: Any) -> Any:
    """What belongs to the key; nothing where nothing does."""
    return values.get(key, "")


@register.simple_tag
def picture_of(step: Step, entrance: Any) -> str:
    """The address of a step's picture behind the door by which somebody came (notices.views.entrance.Entrance)."""
    return entrance.url("picture", step.pk)
