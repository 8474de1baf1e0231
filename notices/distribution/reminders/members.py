"""会員への連絡: to which members of a district its chair's own words go, and who is called instead.

They go to whom a reminder could go as well, by mail: a sheet by FAX has no room for words. How often a plan reminds
does not count here, but nobody gets a reminder and such words on one day.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Exists, Q
from django.utils import timezone

from members.models.organisation import Channel
from notices.distribution import by_hand
from notices.distribution.reminders import days, due, plans
from notices.distribution.reminders.due import Looked
from notices.models import Delivery, HelpRequest, Receipt, Release, Unreminded
from notices.models.receipt import Reach, ReceiptQuerySet
from notices.models.reminder import about

# More than anybody is ever reminded.
WITHOUT_LIMIT = 10_000
# Why somebody is left out, as a chair may read it: that a question was asked is told by the desk, where it is told.
WHY = {
    due.HELP: "県薬剤師会が連絡しています",
    due.STOPPED: "県薬剤師会が連絡しています",
    due.UNDER_WAY: "送信を待っています",
    due.UNREACHED: "メールが届いていません",
    due.BY_HAND: "FAX・郵送で届ける薬局なので、メールは送れません",
    due.TODAY: "きょうは、もう再通知を送っています",
}
OUT = (Release.State.SENDING, Release.State.SENT)


def looked(own: Receipt, day: dt.date) -> list[Looked]:
    """The members of a district who have not done what its own receipt's notice asks, each with how or why not.

    Members that moved away are their new district's, and what is paused or stopped waits.
    """
    standing = left(own).filter(release__state__in=OUT)
    return [_by_mail(each) for each in due.look(standing, day, WITHOUT_LIMIT)]


def left(own: Receipt) -> ReceiptQuerySet:
    """The members of a district who have not done what its own receipt's notice asks, whether or not a mail may go."""
    return due.still_members(Receipt.objects.whole(own.release)).filter(district=own.organisation_id)


def to_call(own: Receipt, today: dt.date) -> ReceiptQuerySet:
    """電話してほしい薬局: members of a district who have not confirmed its own receipt's notice, for the chair to call.

    Nothing has reached them, or they have had their time (`is_time`). Whom the association looks after it calls itself.
    """
    asked = HelpRequest.objects.filter(about(), closed_at=None)
    open_ones = left(own).unconfirmed().filter(release__state__in=OUT)
    open_ones = open_ones.exclude(Exists(asked)).exclude(Exists(Unreminded.objects.filter(about())))
    letter = Q(passes_on=own.release_id, passed_on_by=own.organisation_id)
    releases = Release.objects.filter(Q(pk=own.release_id) | letter).select_related("passes_on")
    over = [release.pk for release in releases if release.state in OUT and is_time(release, today)]
    return open_ones.filter(Q(reach__in=[Reach.FAILED, Reach.STOPPED]) | Q(release__in=over))


def is_time(release: Release, today: dt.date) -> bool:
    """Whether whoever has not confirmed a release is to be urged: from the first day on which its plan reminds.

    That is before a deadline or some days behind the release, as the plan says; never on the day of the release.
    """
    if release.deadline and release.deadline < today:
        return True
    if release.counted_from - today > days.FARTHEST:
        return False
    planned = days.planned(release, plans.chosen(release.passes_on or release).days)
    return bool(planned) and planned[0].day <= today


def with_reasons(left_out: Iterable[Looked]) -> list[tuple[Looked, str]]:
    """Each with why no mail goes there, in words for the chair; of papers whether they went, and who sends them."""
    rows = list(left_out)
    found = Delivery.objects.filter(receipt__in=[each.receipt.pk for each in rows], state=Delivery.State.OTHER)
    known = found.filter(by_hand.DONE | by_hand.still_open()).order_by("pk")
    papers = {paper.receipt_id: paper for paper in known}
    return [(each, _reason(each, papers.get(each.receipt.pk))) for each in rows]


def _reason(each: Looked, paper: Delivery | None) -> str:
    receipt = each.receipt
    if each.left_out == due.BY_HAND and receipt.reach == Reach.OTHER and paper:
        way = paper.get_channel_display()
        if paper.settled_at is None:
            return f"{way}で届けます（まだ送っていません）。県薬剤師会の事務局が送ります"
        day = timezone.localdate(paper.settled_at)
        return f"{day.month}/{day.day} に県薬剤師会の事務局が{way}で送りました"
    return WHY[each.left_out]


def _by_mail(each: Looked) -> Looked:
    if each.left_out or each.ways[0].channel == Channel.EMAIL:
        return each
    return replace(each, ways=[], left_out=due.BY_HAND)
