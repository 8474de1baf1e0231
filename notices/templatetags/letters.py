"""Showing a letter and its files on a page."""

from django import template

from notices.letters.letter import Letter, letter_of
from notices.models import Notice, StoredFile

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
