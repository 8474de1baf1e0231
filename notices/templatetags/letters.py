"""Showing a letter on a page."""

from django import template

from notices.letters.letter import Letter, letter_of
from notices.models import Notice

register = template.Library()


@register.filter
def as_letter(notice: Notice) -> Letter:
    """What stands on the sheet of a notice, for templates/letters/sheet.html."""
    return letter_of(notice)
