"""会員への連絡: to which members of a district its chair's own words go, and who is called instead.

They go to whom a reminder could go as well, by mail: a sheet by FAX has no room for words. How often a plan reminds
does not count here, but nobody gets a reminder and such words on one day.
"""

import datetime as dt
from dataclasses import replace

from members.models.organisation import Channel
from notices.distribution.reminders import due
from notices.distribution.reminders.due import Looked
from notices.models import Receipt, Release
from notices.models.receipt import ReceiptQuerySet

# More than anybody is ever reminded.
WITHOUT_LIMIT = 10_000
# Why somebody is left out, as a chair may read it: that a question was asked is told by the desk, where it is told.
WHY = {
    due.HELP: "県薬剤師会が連絡しています",
    due.STOPPED: "県薬剤師会が連絡しています",
    due.UNREACHED: "メールが届いていません",
    due.BY_HAND: "FAX・郵送で届けています",
    due.TODAY: "きょうは、もう再通知を送っています",
}
# Whom no mail reaches the chair calls; the others hear from somebody else.
TO_CALL = (due.UNREACHED, due.BY_HAND)


def looked(own: Receipt, day: dt.date) -> list[Looked]:
    """The members of a district who have not done what its own receipt's notice asks, each with how or why not.

    Members that moved away are their new district's, and what is paused or stopped waits.
    """
    standing = left(own).filter(release__state__in=[Release.State.SENDING, Release.State.SENT])
    return [_by_mail(each) for each in due.look(standing, day, WITHOUT_LIMIT)]


def left(own: Receipt) -> ReceiptQuerySet:
    """The members of a district who have not done what its own receipt's notice asks, whether or not a mail may go."""
    return due.still_members(Receipt.objects.whole(own.release)).filter(district=own.organisation_id)


def _by_mail(each: Looked) -> Looked:
    if each.left_out or each.ways[0].channel == Channel.EMAIL:
        return each
    return replace(each, ways=[], left_out=due.BY_HAND)
