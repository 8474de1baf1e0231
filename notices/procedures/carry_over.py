"""引き継ぎ: a 訂正 and a 再周知 begin where the earlier notice was left: what was ticked of the same steps is ticked.

Nobody's confirmation is carried over. What was finished of the earlier notice counts for the new one once its recipient
has confirmed that (`tracking.carried`). Whoever gets a 再周知 answers it in the place of the earlier one, where it asks
as much (`succession.successor_of`), and gets nothing more of that. An open question goes on where its asker answers.
"""

from collections import defaultdict
from collections.abc import Collection

from members import history
from members.history import Actor
from notices import follow_ups, succession, tallies
from notices.distribution import superseding
from notices.models import HelpRequest, Notice, Receipt, Relation, Release, Step, StepNote, StepTick
from notices.models.receipt import Audience, ReceiptQuerySet, Via
from notices.models.step import alike_in
from notices.tracking import confirming, helping, step_notes
from notices.tracking.carried import given_back

ROWS_AT_ONCE = 1000


def carry_over(release: Release, receipts: Collection[Receipt], actor: Actor) -> None:
    """For receipts just written, in their transaction; a district's letter carries over what its notice does."""
    _leave_to_later(release, receipts, actor)
    corrected = succession.corrected(release)
    earlier = follow_ups.taken_over(release)
    answered = _answering(release, earlier, receipts) if earlier else {}
    begun: dict[Receipt, Receipt] = {}
    for receipt in receipts:
        receipt.carried_from = answered.get(receipt.organisation_id)
        if before := corrected.get(receipt.organisation_id) or receipt.carried_from:
            receipt.device, begun[before] = before.device, receipt
    Receipt.objects.bulk_update(begun.values(), ["carried_from", "device"], ROWS_AT_ONCE)
    StepTick.objects.bulk_create(_ticks(begun, release.notice), ROWS_AT_ONCE)
    if earlier:
        Release.objects.filter(pk=release.pk).update(repeats=earlier.release)
        _taken_over(release, [each for each in receipts if each.carried_from], actor)
    # Last: whoever asks holds the old release, which is marked by now.
    _go_on_asking(begun, release, actor)


def _go_on_asking(begun: dict[Receipt, Receipt], release: Release, actor: Actor) -> None:
    """Open questions about what was corrected or made known again stand at the new notice."""
    if release.asks_confirmation:
        _move_questions({old: new for old, new in begun.items() if _is_left(old, new)}, release.notice, actor)


def _is_left(old: Receipt, new: Receipt) -> bool:
    """Whether its recipient answers nothing of the old notice any more."""
    return old.release.superseded_by_id is not None or new.carried_from_id == old.pk


def _move_questions(places: dict[Receipt, Receipt], notice: Notice, actor: Actor) -> None:
    """Open questions at these receipts stand at those of the notice, where they are answered, and only there.

    One about a step that is not the same any more is about the whole. They are held: who answers or closes one in this
    moment does so before or after.
    """
    left = HelpRequest.objects.filter(receipt__in=list(places), closed_at=None).select_for_update(of=("self",))
    asked = list(left.select_related("receipt", "step", "asked_step").order_by("pk"))
    tallies.note(each.receipt for each in asked)
    about = {each.pk: each.step or each.asked_step for each in asked}
    steps = _same(notice, {step.notice_id for step in about.values() if step})
    new = {old.pk: receipt for old, receipt in places.items()}
    for each in asked:
        old, step = each.receipt, about[each.pk]
        each.receipt = new[old.pk]
        if step:
            each.step, each.asked_step = helping.carried_to(step, steps.get(step.pk))
        each.save(update_fields=["receipt", "step", "asked_step"])
        detail = {"organisation": old.organisation_id, "help": each.pk, **helping.place(step)}
        history.record("help.carried", each.receipt, actor=actor, **detail)


def carry_notes(release: Release, actor: Actor) -> None:
    """In the transaction of a 訂正 or 再周知: what staff wrote beside a step stands beside the same one from the start.

    Districts' letters read it there.
    """
    relation = succession.superseding(release.notice_id)
    corrects = relation is not None and relation.kind == Relation.Kind.CORRECTS
    before = relation.target if corrects else follow_ups.followed_up(release.notice_id)
    if before is None:
        return
    same = _same(release.notice, {before.pk})
    for written in StepNote.objects.filter(step__in=list(same)).order_by("step"):
        step_notes.carry_over(written, same[written.step_id], actor=actor)


def give_back_withdrawn(withdrawal: Release) -> None:
    """In the transaction of a withdrawal: what counts for the notice before, where a 再周知 is withdrawn."""
    relation = succession.superseding(withdrawal.notice_id)
    if relation and relation.kind == Relation.Kind.WITHDRAWS:
        give_back(Receipt.objects.whole(relation.target.release))


def give_back(receipts: ReceiptQuerySet) -> None:
    """Once a 再周知 is withdrawn or stopped and the earlier notice asks again: what counts for that (`given_back`).

    Nobody presses it: the history says where it comes from. Open questions stand at that notice again.
    """
    for receipt in given_back(receipts):
        via = Via(receipt.finished_via or receipt.not_applicable_via)
        confirming.take_over(receipt.carried_from, receipt, actor=history.NOBODY, via=via)
    asking = HelpRequest.objects.filter(closed_at=None).values("receipt")
    places: dict[Notice, dict[Receipt, Receipt]] = defaultdict(dict)
    back = receipts.filter(pk__in=asking, carried_from__in=Receipt.objects.current())
    for receipt in back.select_related("carried_from__release__notice"):
        places[receipt.carried_from.release.notice][receipt] = receipt.carried_from
    for notice, moved in places.items():
        _move_questions(moved, notice, history.NOBODY)


def _leave_to_later(release: Release, receipts: Collection[Receipt], actor: Actor) -> None:
    """Whoever got a 再周知 before this letter of the earlier notice, which comes late, goes on answering that."""
    written = {each.organisation_id: each for each in receipts if each.audience == Audience.PHARMACY}
    later: dict[Release, list[Receipt]] = defaultdict(list)
    standing = Release.objects.repeating().filter(repeats=release.passes_on or release).order_by()
    found = Receipt.objects.pharmacies().filter(release__in=standing, carried_from=None)
    for receipt in found.select_related("release"):
        if before := written.get(receipt.organisation_id):
            receipt.carried_from = before
            later[receipt.release].append(receipt)
    for repeat, carried in later.items():
        Receipt.objects.bulk_update(carried, ["carried_from"], ROWS_AT_ONCE)
        _taken_over(repeat, carried, actor)


def _taken_over(release: Release, carried: Collection[Receipt], actor: Actor) -> None:
    """What is unsent of the old letters is not sent any more to whoever answers the new one."""
    if not carried:
        return
    old = Release.objects.filter(pk__in={each.carried_from.release_id for each in carried})
    old.update(is_repeated=True)
    asked_again = Receipt.objects.filter(release=release, carried_from__isnull=False).values("carried_from")
    for each in old.order_by("released_at", "pk"):
        if messages := superseding.stop_to(each.receipts.filter(pk__in=asked_again)):
            history.record("release.repeated", each, actor=actor, by=release.notice_id, messages=messages)
    history.record("release.carried_over", release, actor=actor, recipients=len(carried))


def _answering(release: Release, earlier: Notice, receipts: Collection[Receipt]) -> dict[int, Receipt]:
    """By organisation, the receipt that it answers now: of the earlier notice, or of another 再周知 of that.

    Only one that asks no more; of several the one that asks most, and the last. Of what was stopped nobody is reminded:
    it comes after all others. A 再周知 for tags leaves a district with the earlier notice, for its other members.
    """
    less = list(Release.Ask) if release.asks_set_up else [release.ask]
    told = Release.objects.filter(notice__in=follow_ups.family(earlier), ask__in=less)
    found = Receipt.objects.whole(*told).current().exclude(release=release)
    found = found.filter(organisation__in=[each.organisation_id for each in receipts])
    if release.scope == Release.Scope.TAGS:
        found = found.pharmacies()
    return {each.organisation_id: each for each in sorted(found.select_related("release"), key=_weight)}


def _weight(receipt: Receipt) -> tuple[bool, bool, int]:
    return receipt.release.state != Release.State.STOPPED, receipt.release.asks_set_up, receipt.pk


def _ticks(begun: dict[Receipt, Receipt], notice: Notice) -> list[StepTick]:
    """The ticks of the same steps, with when, how and by whom they were set."""
    new = {old.pk: receipt for old, receipt in begun.items()}
    old = list(StepTick.objects.filter(receipt__in=list(new)).select_related("step"))
    steps = _same(notice, {tick.step.notice_id for tick in old})
    return [
        StepTick(
            receipt=new[tick.receipt_id],
            step=steps[tick.step_id],
            device=tick.device,
            ticked_at=tick.ticked_at,
            via=tick.via,
            ticked_by_id=tick.ticked_by_id,
        )
        for tick in old
        if tick.step_id in steps
    ]


def _same(notice: Notice, earlier: set[int]) -> dict[int, Step]:
    """The notice's steps by the keys of those that are the same in the earlier notice and its districts' letters."""
    here = list(notice.steps.all())
    there = [alike_in(Step.objects.filter(notice=each), here) for each in earlier]
    return {key: step for steps in there for key, step in steps.items()}
