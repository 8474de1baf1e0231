"""再周知 on paper: papers of the earlier notice that nobody has sent, in whose place those of the 再周知 go.

With a sheet goes the letter of its own notice alone: whoever never got the earlier paper reads of a letter that it has
not.
"""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from notices import follow_ups
from notices.distribution import by_hand, recipients
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Reach, asked_again

# Papers that were not sent, to whom nothing else has brought the letter either.
NEVER_SENT = by_hand.UNSENT & Q(state=Delivery.State.OTHER, receipt__reach=Reach.OTHER)


def instead(release: Release) -> dict[Release, int]:
    """The 再周知 by which recipients of papers that were not sent are asked again, and how many by each."""
    if not release.is_repeated:
        return {}
    unsent = by_hand.of(release).filter(by_hand.UNSENT).order_by()
    again = Receipt.objects.taking_over().filter(carried_from__in=unsent.values("receipt"))
    return _counted(again.order_by().values_list("release").annotate(Count("pk")))


def never_sent(release: Release) -> dict[Release, int]:
    """Of the papers of a 再周知 still to be sent those to whom the earlier one was not, by the release of that."""
    if not release.repeats_id or release.is_superseded:
        return {}
    before = Delivery.objects.filter(NEVER_SENT, receipt=OuterRef("receipt__carried_from"))
    papers = by_hand.of(release).filter(by_hand.still_open(), Exists(before)).order_by()
    return _counted(papers.values_list("receipt__carried_from__release").annotate(Count("pk")))


def left_behind(plan: Release) -> dict[Release, int]:
    """The papers that are not sent any more once the draft of a 再周知 goes out, by their release."""
    earlier = follow_ups.taken_over(plan)
    if earlier is None:
        return {}
    pharmacies, districts = recipients.concerned(plan)
    meant = Q(receipt__organisation__in=pharmacies.order_by().values("pk"))
    if plan.scope != Release.Scope.TAGS:  # which leaves districts with the earlier notice
        meant |= Q(receipt__organisation__in=districts.order_by().values("pk"))
    told = Release.objects.filter(notice__in=follow_ups.family(earlier), superseded_by=None).order_by()
    papers = Delivery.objects.filter(NEVER_SENT, meant, ~asked_again("receipt__"))
    papers = papers.filter(receipt__release__in=Release.objects.whole(*told).order_by().values("pk"))
    return _counted(papers.order_by().values_list("receipt__release").annotate(Count("pk")))


def _counted(rows: QuerySet) -> dict[Release, int]:
    """The releases of the rows with their numbers, the oldest first."""
    counts = dict(rows)
    if not counts:
        return {}
    releases = Release.objects.filter(pk__in=counts).select_related("notice").prefetch_related("notice__numbers")
    return {each: counts[each.pk] for each in releases.order_by("released_at", "pk")}
