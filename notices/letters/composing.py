"""Drafts: making them, changing them, giving them up. What was released is never touched here.

A draft is a notice in state DRAFT with its release in state PREPARED. A letter of the association that came with a
packet is its own draft, with number, date and text kept (`number_fixed`); one that came from elsewhere is enclosed in a
new letter.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from members import history, tree
from members.history import Actor
from members.models import Officer, Organisation
from members.models.officer import Office
from notices.letters import citing, numbering, stating, wording
from notices.models import Approval, Attachment, Notice, NoticeIssuer, Relation, Release
from notices.search import index as search

# What is written of a letter, and of what it asks.
WRITTEN = ("addressees", "honorific", "subject", "body", "items", "contact")
PLANNED = (
    *("ask", "who", "deadline", "what", "changed", "covering_chairs", "covering_pharmacies"),
    *("attach_letter", "help_to_district", "gathers"),
)
# Who signs the association's letters, the usual one first.
SIGNING = (Office.EXECUTIVE, Office.CHAIR)


class NotADraft(RuntimeError):
    """The notice was released in the meantime, or never was a draft."""

    def __init__(self, notice: Notice) -> None:
        super().__init__(str(notice))
        self.notice = notice


class Scheduled(NotADraft):
    """The draft releases itself at its time; until that is undone, nobody changes it."""


class StandsFast(NotADraft):
    """Its approval is asked for or given; until that is taken back, nobody changes it."""


class ChangedMeanwhile(RuntimeError):
    """Somebody has written in the draft since its page was opened: `draft` as it is now."""

    def __init__(self, draft: Notice) -> None:
        super().__init__(str(draft))
        self.draft = draft


class AlreadyADraft(RuntimeError):
    """There is a draft for it already: `draft`."""

    def __init__(self, draft: Notice) -> None:
        super().__init__(str(draft))
        self.draft = draft


def locked_draft(notice_id: int) -> Notice:
    """The draft, for changing, until the transaction ends. Raises NotADraft, of which Scheduled and StandsFast are."""
    notice = Notice.objects.select_for_update(no_key=True).get(pk=notice_id)
    if notice.state != Notice.State.DRAFT:
        raise NotADraft(notice)
    if Release.objects.scheduled().filter(notice=notice).exists():
        raise Scheduled(notice)
    if Approval.objects.standing().filter(notice=notice).exists():
        raise StandsFast(notice)
    return notice


@transaction.atomic
def draft_own(subject: str, actor: Actor) -> Notice:
    """A new letter of the association, with the usual phrases and without enclosures.

    Raises AlreadyADraft where the same person has one without a packet under that subject: the form was sent twice.
    """
    Organisation.objects.select_for_update(no_key=True).get(pk=tree.association().pk)
    own = Notice.objects.filter(state=Notice.State.DRAFT, packet=None, drafted_by=actor.account)
    if same := own.filter(subject=subject).exclude(relations__kind=Relation.Kind.ENCLOSES).first():
        raise AlreadyADraft(same)
    notice = _draft(subject, wording.body(), actor)
    search.renew(notice.pk)
    return notice


@transaction.atomic
def draft_enclosing(top: Notice, actor: Actor) -> Notice:
    """A new letter of the association that passes on `top` as 別添1, with the addresses that the letters refer to."""
    earlier = earlier_letter(top)
    notice = _draft(top.subject, wording.body_enclosing(top, earlier), actor)
    Relation.objects.create(source=notice, kind=Relation.Kind.ENCLOSES, target=top)
    if earlier:
        Relation.objects.create(source=notice, kind=Relation.Kind.FOLLOWS_UP, target=earlier)
    Attachment.objects.create(notice=notice, position=1, label="別添1", title=top.subject, enclosed=top)
    for position, (url, title) in enumerate(_addresses(top).items(), start=2):
        Attachment.objects.create(notice=notice, position=position, label="参考", title=title, url=url)
    search.renew(notice.pk)
    return notice


def earlier_letter(top: Notice) -> Notice | None:
    """The association's own released letter that passed on what `top` refers to: the new one reminds of it (再周知)."""
    for kind in (Relation.Kind.FOLLOWS_UP, Relation.Kind.CITES):
        referred = top.relations.filter(kind=kind, target__isnull=False).values("target")
        passed_on = Relation.objects.filter(
            kind=Relation.Kind.ENCLOSES, target__in=referred, source__state=Notice.State.RELEASED
        )
        own = passed_on.filter(source__issuers__organisation=tree.association())
        if found := own.select_related("source").order_by("-source__date", "-source_id").first():
            return found.source
    return None


@transaction.atomic
def draft_from(received: Notice, actor: Actor) -> Notice:
    """The notice to issue for a received letter: the association's own letter itself, or a new one that encloses it.

    Raises AlreadyADraft, be it that somebody has just begun it, or NotADraft when the own letter was released already.
    """
    notice = Notice.objects.select_for_update(no_key=True).get(pk=received.pk)
    own = received.issuers.filter(organisation=tree.association()).exists()
    if not own:
        enclosing = Relation.objects.filter(
            kind=Relation.Kind.ENCLOSES, target=received, source__state=Notice.State.DRAFT
        ).first()
        if enclosing:
            raise AlreadyADraft(enclosing.source)
        return draft_enclosing(received, actor)
    if notice.state == Notice.State.RELEASED:
        raise NotADraft(notice)
    if notice.state == Notice.State.DRAFT:
        raise AlreadyADraft(notice)
    notice.state, notice.number_fixed, notice.drafted_by = Notice.State.DRAFT, True, actor.account
    notice.save()
    prepare_release(notice)
    search.renew(notice.pk)
    history.record("notice.drafted", notice, actor=actor)
    return notice


def prepare_release(notice: Notice) -> Release:
    """The plan of a draft's release, made with the usual covering texts where there is none yet."""
    return Release.objects.get_or_create(notice=notice, defaults=_usual())[0]


def ask_set_up(notice: Notice) -> None:
    """The draft, which has just been made, asks for 確認＋設定, with the usual texts of that."""
    _assign(notice.release, _usual(Release.Ask.SET_UP))
    notice.release.save()
    if not notice.number_fixed:
        notice.body = stating.with_set_up(notice.body, asked=False, asks=True)
        notice.save(update_fields=["body", "changed_at"])
    search.renew(notice.pk)


def _usual(ask: Release.Ask = Release.Ask.CONFIRM) -> dict[str, str]:
    return {
        "ask": ask,
        "who": wording.WHO,
        "what": wording.WHAT[ask],
        "covering_chairs": wording.for_chairs(),
        "covering_pharmacies": wording.for_pharmacies(ask),
    }


def plan_of(notice: Notice) -> Release:
    """The plan of a draft's release; one with the usual texts, not saved, where there is none yet."""
    return Release.objects.filter(notice=notice).first() or Release(notice=notice, **_usual())


def state_of(notice: Notice) -> str:
    """A short sign of what `change` may change, to see later whether somebody has."""
    plan, issuers = plan_of(notice), notice.issuers.values_list("title", "name")
    written = [notice.number_text, *issuers, *(getattr(notice, name) for name in WRITTEN)]
    content = json.dumps([written, [str(getattr(plan, name)) for name in PLANNED]])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


@transaction.atomic
def change(
    notice_id: int, actor: Actor, *, letter: Mapping[str, Any], plan: Mapping[str, Any], seen: str | None = None
) -> Notice:
    """Take over what staff wrote: fields of the notice (`number` and `signatory` besides) and of its release.

    What is not among them stays as it is.

    The letter of a packet (`number_fixed`) stays as it came; in any other the deadline and what has changed follow the
    plan where they stand in usual words (`stating`). `seen` is `state_of` what the person saw. Raises
    NotADraft, ChangedMeanwhile where `seen` is not so any more, and numbering's errors.
    """
    notice = locked_draft(notice_id)
    if seen is not None and seen != state_of(notice):
        raise ChangedMeanwhile(notice)
    release = prepare_release(notice)
    stated = {"body": stating.following(notice, release, letter.get("body", notice.body), plan)}
    changed = [] if notice.number_fixed else _rewrite(notice, {**letter, **stated})
    changed += _assign(release, plan)
    release.save()
    if changed:
        search.renew(notice.pk)
        history.record("notice.changed", notice, actor=actor, fields=changed)
    return notice


def propose_deadline(notice: Notice, day: dt.date | None) -> None:
    """The deadline of a draft that has just been made, which its letter names unless it stays as it came."""
    release = notice.release
    if not notice.number_fixed:
        notice.body = stating.with_deadline(notice.body, release.deadline, day)
        notice.save(update_fields=["body", "changed_at"])
        search.renew(notice.pk)
    release.deadline = day
    release.save(update_fields=["deadline"])


@transaction.atomic
def discard(notice_id: int, actor: Actor) -> bool:
    """Give a draft up; True when it is gone for good.

    A letter that came with a packet goes back among the received ones, from where it may be taken up again
    (`draft_from`); what a new letter encloses stays registered. A number that an approval had reserved stays in the
    ledger, void; letters that cite it go on naming it. Raises NotADraft.
    """
    notice = locked_draft(notice_id)
    history.record("notice.discarded", notice, actor=actor, title=notice.subject, number=notice.number_text)
    Release.objects.filter(notice=notice).delete()
    if notice.packet_id is None:
        citing.name_only(notice)
        numbering.give_up(notice, numbering.DISCARDED, actor)
        notice.delete()
        return True
    notice.state, notice.number_fixed = Notice.State.RECEIVED, False
    notice.save()
    search.renew(notice.pk)
    return False


def signatories(association: Organisation) -> list[tuple[str, str]]:
    """Title and name of those who may sign today, the usual ones first."""
    holding = Officer.objects.filter(organisation=association, office__in=SIGNING).holding(timezone.localdate())
    ordered = sorted(holding, key=lambda officer: SIGNING.index(officer.office))
    return [(officer.get_office_display(), officer.name) for officer in ordered]


def _draft(subject: str, body: str, actor: Actor) -> Notice:
    association = tree.association()
    notice = Notice.objects.create(
        state=Notice.State.DRAFT,
        addressees=[wording.ADDRESSEE],
        honorific=wording.HONORIFIC,
        subject=subject,
        body=body,
        contact=wording.contact(association),
        drafted_by=actor.account,
    )
    title, name = next(iter(signatories(association)), ("", ""))
    NoticeIssuer.objects.create(notice=notice, organisation=association, title=title, name=name)
    prepare_release(notice)
    history.record("notice.drafted", notice, actor=actor)
    return notice


def _rewrite(notice: Notice, letter: dict[str, Any]) -> list[str]:
    issuer = notice.issuers.first()
    number, (title, name) = letter.pop("number", None), letter.pop("signatory", (issuer.title, issuer.name))
    changed = _assign(notice, letter)
    notice.save()
    kept = notice.numbers.first()
    if number is not None and number != (kept.text if kept else ""):
        numbering.claim(notice, issuer.organisation, number)
        changed.append("number")
    changed += _assign(issuer, {"title": title, "name": name})
    issuer.save()
    citing.relate(notice)
    return changed


def _assign(row: Any, values: Mapping[str, Any]) -> list[str]:
    """Set the fields that differ; their names."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _addresses(top: Notice) -> dict[str, str]:
    """Address → title of everything that the letter and those within it refer to."""
    found: dict[str, str] = {}
    waiting, seen = [top], set()
    while waiting:
        notice = waiting.pop(0)
        if notice.pk in seen:
            continue
        seen.add(notice.pk)
        for attachment in notice.attachments.exclude(url=""):
            found.setdefault(attachment.url, attachment.title)
        enclosed = notice.relations.filter(kind=Relation.Kind.ENCLOSES).select_related("target")
        waiting += [relation.target for relation in enclosed]
    return found
