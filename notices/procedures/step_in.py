"""滞った地区の会員に直接送る: staff tell the members of a district that has not passed a notice on.

They become recipients of the association's own release, as additions that the history tells: who decided it and why.
The lock on the release is that of `pass_on`, so that of the two the first counts.
"""

from django.db import transaction

from members import history
from members.history import Actor
from members.models import Organisation
from notices import hops
from notices.distribution import outbox, recipients
from notices.models import Receipt, Release
from notices.procedures import carry_over, pass_on
from notices.tracking.facts import refuse_superseded


class NotHeldUp(RuntimeError):
    """The district still has time to pass the notice on."""


@transaction.atomic
def step_in(receipt_id: int, reason: str, actor: Actor) -> int:
    """Tell the members of the receipt's district, with the covering text of the release; gives how many.

    Raises pass_on.AlreadyPassedOn, AlreadyTold, NobodyToTell or NotThroughDistricts, NotHeldUp, and facts.Superseded.
    """
    receipt = pass_on.locked(receipt_id)
    release, district = receipt.release, receipt.organisation
    refuse_superseded(receipt)
    if found := pass_on.obstacle(receipt):
        raise found
    if not hops.held_up(Receipt.objects.filter(pk=receipt.pk), release.now).exists():
        raise NotHeldUp(str(receipt))
    members = recipients.members(release, district)
    added = recipients.add(release, recipients.of(members, Organisation.objects.none()))
    carry_over.carry_over(release, added, actor)
    standing = [Release.State.SENT, Release.State.STOPPED]
    Release.objects.filter(pk=release.pk, state__in=standing).update(state=Release.State.SENDING)
    history.record(
        "release.stepped_in", release, actor=actor, organisation=district, recipients=len(added), reason=reason
    )
    outbox.ring()
    return len(added)
