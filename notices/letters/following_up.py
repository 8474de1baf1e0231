"""再周知の下書き: a released notice made known again to those who have not done yet what it asks."""

from django.db import transaction
from django.utils import timezone

from members import history, tree
from members.history import Actor
from notices import follow_ups, succession
from notices.letters import composing, correcting, enclosures, wording
from notices.letters.composing import AlreadyADraft
from notices.letters.correcting import AlreadyFollowedUp, AlreadySuperseded, NotReleased
from notices.models import Attachment, Notice, NoticeIssuer, Relation, Release
from notices.search import index as search


@transaction.atomic
def draft_follow_up(notice_id: int, actor: Actor) -> Notice:
    """A new letter that asks the same as the released one, of whom has not done it; it stands beside the old one.

    A deadline that is over stays behind: staff choose a new one.

    Raises NotReleased, AlreadySuperseded, AlreadyFollowedUp, AlreadyADraft. The old notice is held meanwhile: whoever
    presses a second time meets the first's draft.
    """
    old = Notice.objects.select_for_update(no_key=True).get(pk=notice_id)
    if old.state != Notice.State.RELEASED or old.release.passes_on_id:
        raise NotReleased(str(old))
    if by := succession.successor(old.pk):
        raise AlreadySuperseded(by)
    if by := follow_ups.follow_up(old.pk):
        raise AlreadyFollowedUp(by)
    follows_up = Relation.Kind.FOLLOWS_UP
    if there := old.related_from.filter(kind=follows_up, source__state=Notice.State.DRAFT).first():
        raise AlreadyADraft(there.source)
    new = _letter(old, actor)
    Relation.objects.create(source=new, kind=follows_up, target=old)
    correcting.take_over(old, new)
    _plan(old, new)
    enclosed = _enclose(old, new)
    new.body = wording.body_following_up(old, enclosed.label)
    new.save(update_fields=["body"])
    if old.release.deadline and old.release.deadline > timezone.localdate():
        composing.propose_deadline(new, old.release.deadline)
    search.renew(new.pk)
    history.record("notice.drafted", new, actor=actor, follows_up=old.pk)
    return new


def _letter(old: Notice, actor: Actor) -> Notice:
    association = tree.association()
    new = Notice.objects.create(
        state=Notice.State.DRAFT,
        addressees=old.addressees or [wording.ADDRESSEE],
        honorific=old.honorific or wording.HONORIFIC,
        subject=wording.subject_following_up(old),
        items=old.items,
        contact=old.contact or wording.contact(association),
        drafted_by=actor.account,
    )
    title, name = correcting.signatory(old)
    NoticeIssuer.objects.create(notice=new, organisation=association, title=title, name=name)
    return new


def _plan(old: Notice, new: Notice) -> None:
    """The same request by the same way."""
    before = old.release
    plan = Release(notice=new, scope=Release.Scope.OPEN)
    for name in correcting.KEPT:
        setattr(plan, name, getattr(before, name))
    if wording.is_usual_for_chairs(plan.covering_chairs):
        open_ones = plan.ask != Release.Ask.INFORM
        plan.covering_chairs = wording.for_chairs(through_districts=plan.through_districts, open_ones=open_ones)
    plan.save()


def _enclose(old: Notice, new: Notice) -> Attachment:
    """The earlier letter as it went out, behind what it enclosed: whoever reads the new one has what that is about."""
    title = "　".join(filter(None, (old.number_text, old.subject)))
    letter = old.release.letter
    longest = Attachment._meta.get_field("title").max_length
    return enclosures.add(new.pk, "別添", title[:longest], file=letter, file_name=letter.name)
