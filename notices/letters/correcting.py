"""訂正・廃止の下書き: a new notice that stands in the place of a released one, begun with what the old one holds."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from members import history, tree
from members.history import Actor
from members.models import Organisation
from notices import follow_ups, succession
from notices.letters import composing, stating, wording
from notices.letters.composing import AlreadyADraft
from notices.models import Notice, NoticeIssuer, Relation, Release
from notices.models.notice import SUPERSEDING
from notices.search import index as search
from notices.succession import Successor

# What a correction asks as the old notice did, until staff change it.
KEPT = (
    "ask",
    "who",
    "what",
    "covering_chairs",
    "covering_pharmacies",
    "help_to_district",
    "attach_letter",
    "through_districts",
)


class NotReleased(RuntimeError):
    """Only what was released can be corrected or withdrawn, and only the association's own: no district's letter."""


class CannotWithdraw(RuntimeError):
    """A withdrawal is not withdrawn: what it says can be corrected."""


class AlreadySuperseded(RuntimeError):
    """The notice was corrected or withdrawn before: `by`."""

    def __init__(self, by: Successor) -> None:
        super().__init__(str(by.notice))
        self.by = by


class AlreadyFollowedUp(RuntimeError):
    """Whoever had not done it has a 再周知 already, which is the one to go on with: `by`."""

    def __init__(self, by: Notice) -> None:
        super().__init__(str(by))
        self.by = by


def draft_correction(notice_id: int, actor: Actor) -> Notice:
    """A new letter like the released one, to be corrected.

    Raises NotReleased, AlreadySuperseded, AlreadyFollowedUp, AlreadyADraft.
    """
    return _draft(notice_id, Relation.Kind.CORRECTS, actor)


def draft_withdrawal(notice_id: int, actor: Actor) -> Notice:
    """A new letter that takes the released one back; it asks nothing and encloses nothing.

    Raises NotReleased, CannotWithdraw, AlreadySuperseded, AlreadyFollowedUp, AlreadyADraft.
    """
    return _draft(notice_id, Relation.Kind.WITHDRAWS, actor)


@transaction.atomic
def _draft(notice_id: int, kind: Relation.Kind, actor: Actor) -> Notice:
    """Whoever presses a second time meets the first's draft, be it of the other kind: only one of them can go out.

    The old notice is held meanwhile.
    """
    old = Notice.objects.select_for_update(no_key=True).get(pk=notice_id)
    if old.state != Notice.State.RELEASED or old.release.passes_on_id:
        raise NotReleased(str(old))
    if by := succession.successor(old.pk):
        raise AlreadySuperseded(by)
    if by := follow_ups.repeated_by(old):
        raise AlreadyFollowedUp(by)
    corrects = kind == Relation.Kind.CORRECTS
    if not corrects and old.relations.filter(kind=Relation.Kind.WITHDRAWS).exists():
        raise CannotWithdraw(str(old))
    if there := old.related_from.filter(kind__in=SUPERSEDING, source__state=Notice.State.DRAFT).first():
        raise AlreadyADraft(there.source)
    new = _letter(old, corrects, actor)
    Relation.objects.create(source=new, kind=kind, target=old)
    if corrects:
        take_over(old, new)
    _plan(old, new, corrects)
    if corrects:
        _state_anew(old, new)
    search.renew(new.pk)
    history.record("notice.drafted", new, actor=actor, **{kind: old.pk})
    return new


def _letter(old: Notice, corrects: bool, actor: Actor) -> Notice:
    association = tree.association()
    new = Notice.objects.create(
        state=Notice.State.DRAFT,
        addressees=old.addressees or [wording.ADDRESSEE],
        honorific=old.honorific or wording.HONORIFIC,
        subject=wording.subject_correcting(old) if corrects else wording.subject_withdrawing(old),
        body=wording.body_correcting(old) if corrects else wording.body_withdrawing(old),
        items=old.items if corrects else "",
        contact=old.contact or wording.contact(association),
        drafted_by=actor.account,
    )
    title, name = signatory(old)
    NoticeIssuer.objects.create(notice=new, organisation=association, title=title, name=name)
    return new


def _state_anew(old: Notice, new: Notice) -> None:
    """Deadline and changes that the old letter named in usual words are the correction's, which has said none yet."""
    body = stating.with_changed(new.body, old.release.changed, "", Relation.Kind.CORRECTS)
    body = stating.with_deadline(body, old.release.deadline, new.release.deadline)
    new.body = stating.with_deadline(body, None, new.release.deadline)
    new.save(update_fields=["body"])


def signatory(old: Notice) -> tuple[str, str]:
    """Who signed the old letter while still in office, else who usually signs."""
    association = tree.association()
    signing = composing.signatories(association)
    signed = old.issuers.filter(organisation=association).values_list("title", "name").first()
    return signed if signed in signing else next(iter(signing), ("", ""))


def signed_otherwise(notice: Notice) -> tuple[str, str] | None:
    """Of a correction: who signs it, and who signed what it corrects, where that is somebody else."""
    if not (originals := succession.originals(notice)):
        return None
    office = tree.association()
    now, before = (_signed(letter, office) for letter in (notice, originals[0]))
    return (now, before) if now and before and now != before else None


def _signed(letter: Notice, office: Organisation) -> str:
    found = letter.issuers.filter(organisation=office).values_list("title", "name").first()
    return " ".join(" ".join(words.split()) for words in found or () if words)


def take_over(old: Notice, new: Notice) -> None:
    """Enclosures, what they enclose, and steps."""
    for row in [*old.attachments.all(), *old.steps.all()]:
        row.pk, row.notice, row._state.adding = None, new, True
        row.save()
    for enclosed in old.relations.filter(kind=Relation.Kind.ENCLOSES):
        Relation.objects.create(source=new, kind=enclosed.kind, target=enclosed.target)


def _plan(old: Notice, new: Notice, corrects: bool) -> None:
    """The same recipients; of a correction the same request, with its deadline where that is still to come."""
    before = old.release
    plan = Release(notice=new, scope=before.scope)
    if corrects:
        for name in KEPT:
            setattr(plan, name, getattr(before, name))
        plan.deadline = before.deadline if before.deadline and before.deadline >= timezone.localdate() else None
    else:
        plan.ask, plan.help_to_district = Release.Ask.INFORM, before.help_to_district
        plan.who, plan.what = wording.WHO, wording.WHAT_WITHDRAWN
        plan.covering_chairs = wording.for_chairs_withdrawing()
        plan.covering_pharmacies = wording.for_pharmacies_withdrawing()
    plan.save()
    plan.districts.set(before.districts.all())
    plan.tags.set(before.tags.all())


def deadline_left(notice: Notice, plan: Release) -> dt.date | None:
    """Of a correction that changes the deadline: the old one, where a text names that and not the new."""
    relation = succession.superseding(notice)
    if relation is None or relation.kind != Relation.Kind.CORRECTS:
        return None
    old = relation.target.release.deadline
    if old in (None, plan.deadline):
        return None
    texts = (notice.body, notice.items, plan.what, plan.covering_chairs, plan.covering_pharmacies)
    return old if any(stating.names(text, old) and not stating.names(text, plan.deadline) for text in texts) else None
