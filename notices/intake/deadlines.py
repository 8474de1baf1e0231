"""期限 that received letters state, as a proposal for the notice that is made of them."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from notices.intake import kept
from notices.models import Notice, Relation
from notices.models.release import FARTHEST


@dataclass(frozen=True)
class Stated:
    """The deadline that a letter states."""

    notice: Notice
    day: dt.date


def stated(notice: Notice) -> Stated | None:
    """That of the letter itself; where it states none, that of the outermost letter within it that does."""
    waiting, seen = [notice], set()
    while waiting:
        letter = waiting.pop(0)
        if letter.packet and (day := kept.deadline_of(letter.packet.letters[letter.packet_order])):
            return Stated(letter, day)
        seen.add(letter.pk)
        enclosed = Notice.objects.filter(related_from__source=letter, related_from__kind=Relation.Kind.ENCLOSES)
        waiting += enclosed.exclude(pk__in=seen).select_related("packet").order_by("pk")
    return None


def proposed(notice: Notice) -> dt.date | None:
    """The stated deadline, where it is still to come and no misread year."""
    found, today = stated(notice), timezone.localdate()
    return found.day if found and today <= found.day <= today + FARTHEST else None
