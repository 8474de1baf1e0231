"""宛先: for whom a draft is, and by which way it reaches them."""

from collections.abc import Iterable

from django.db import transaction

from members import history
from members.history import Actor
from members.models import Organisation, Tag
from notices.letters import wording
from notices.letters.composing import locked_draft, prepare_release
from notices.models import Notice, Release
from notices.search import index as search


@transaction.atomic
def address(
    notice_id: int,
    actor: Actor,
    *,
    scope: str,
    districts: Iterable[Organisation],
    tags: Iterable[Tag],
    through_districts: bool = False,
) -> None:
    """Choose for whom a draft is: all, the pharmacies of `districts`, or those with `tags`; and by which way.

    A covering text to the chairs that staff left as it was follows the way, and so do usual addressees the districts.
    Raises NotADraft.
    """
    plan = prepare_release(locked_draft(notice_id))
    was = plan.through_districts
    plan.through_districts = through_districts
    if wording.is_usual_for_chairs(plan.covering_chairs):
        open_ones = scope == Release.Scope.OPEN and plan.ask != Release.Ask.INFORM
        plan.covering_chairs = wording.for_chairs(through_districts=through_districts, open_ones=open_ones)
    plan.save(update_fields=["through_districts", "covering_chairs"])
    if was != through_districts:
        history.record("notice.changed", plan.notice, actor=actor, fields=["through_districts"])
    was_to = list(plan.districts.all())
    choose(plan, actor, scope=scope, districts=districts, tags=tags)
    _readdress(plan.notice, was_to, list(plan.districts.all()), actor)


def _readdress(notice: Notice, was_to: list[Organisation], to: list[Organisation], actor: Actor) -> None:
    """The letter's addressees, where they are still the usual ones for whom it was to."""
    usual = wording.addressee(to)
    if notice.number_fixed or notice.addressees != [wording.addressee(was_to)] or notice.addressees == [usual]:
        return
    notice.addressees = [usual]
    notice.save(update_fields=["addressees", "changed_at"])
    search.renew(notice.pk)
    history.record("notice.changed", notice, actor=actor, fields=["addressees"])


def choose(plan: Release, actor: Actor, *, scope: str, districts: Iterable[Organisation], tags: Iterable[Tag]) -> None:
    """The recipients alone, for a plan whose draft the caller's transaction holds."""
    before = _audience(plan)
    plan.scope = scope
    plan.save(update_fields=["scope"])
    plan.districts.set(districts if scope == Release.Scope.DISTRICTS else [])
    plan.tags.set(tags if scope == Release.Scope.TAGS else [])
    if before != _audience(plan):
        history.record("notice.changed", plan.notice, actor=actor, fields=["recipients"])


def _audience(plan: Release) -> tuple:
    return plan.scope, set(plan.districts.values_list("pk")), set(plan.tags.values_list("pk"))
