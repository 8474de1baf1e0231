"""地区からの文書: the letter by which a district passes a notice of the association on to its members."""

import datetime as dt
from dataclasses import dataclass

from members import wareki
from members.history import Actor
from members.models import Organisation
from notices import succession
from notices.letters import composing, numbering, stating, wording
from notices.letters.letter import Enclosure, Letter, lines
from notices.letters.phrases import balanced_lines
from notices.models import Attachment, Notice, NoticeIssuer, Receipt, Relation, Release

ENCLOSED_AS = "別添1"


@dataclass(frozen=True)
class Covering:
    """What a district writes of its own. `number` is of its own series; empty for none."""

    text: str
    date: dt.date
    number: str = ""
    deadline: dt.date | None = None


def sketch(notice: Notice, district: Organisation, covering: Covering) -> Letter:
    """The letter as `write` will have it, before anything is kept."""
    title, name = signatory(district)
    return Letter(
        numbers=[covering.number] if covering.number else [],
        date=wareki.long_date(covering.date),
        addressees=[f"{wording.MEMBERS}　{wording.MEMBERS_HONORIFIC}"],
        senders=[[district.name, "　".join(filter(None, (title, name)))]],
        subject=balanced_lines(notice.subject),
        paragraphs=lines(covering.text),
        items=[],
        enclosures=[Enclosure.of(ENCLOSED_AS, _enclosed(notice))],
        contact=lines(wording.contact(district)),
    )


def write(notice: Notice, district: Organisation, covering: Covering, actor: Actor) -> Notice:
    """The district's own notice, released by the caller in the same transaction. Its steps are the notice's.

    Raises numbering.NumberOfAnotherYear, NumberTaken.
    """
    written = Notice.objects.create(
        state=Notice.State.RELEASED,
        date=covering.date,
        addressees=[wording.MEMBERS],
        honorific=wording.MEMBERS_HONORIFIC,
        subject=notice.subject,
        body=covering.text,
        contact=wording.contact(district),
        drafted_by=actor.account,
    )
    title, name = signatory(district)
    NoticeIssuer.objects.create(notice=written, organisation=district, title=title, name=name)
    if covering.number:
        numbering.give_of_district(written, district, covering.number, covering.date)
    Relation.objects.create(source=written, kind=Relation.Kind.ENCLOSES, target=notice)
    Attachment.objects.create(notice=written, position=1, label=ENCLOSED_AS, title=_enclosed(notice), enclosed=notice)
    for step in notice.steps.all():
        step.pk, step.notice, step._state.adding = None, written, True
        step.save()
    return written


def proposed(receipt: Receipt, today: dt.date) -> Covering:
    """What a district's letter begins with; the chair changes it as they like.

    That of a correction names the district's letter before, and keeps the deadline which that had of its own.
    """
    notice, asked = receipt.release.notice, receipt.release.deadline
    earlier = _letter_before(receipt)
    kept = _kept_deadline(earlier, receipt.release)
    kept = kept if kept and kept >= today else None
    deadline = kept or (asked if asked and asked >= today else None)
    text = wording.for_members(notice, earlier, kept)
    return Covering(
        text=text if kept else stating.with_deadline(text, None, deadline, stating.TO_MEMBERS),
        date=today,
        number=numbering.next_of_district(receipt.organisation, today),
        deadline=deadline,
    )


def following(receipt: Receipt, covering: Covering, today: dt.date, named: dt.date | None = None) -> str:
    """The text, which names the deadline of the letter where it names the one that was proposed in the usual words.

    `named` is the one that it was made to name since.
    """
    usual = proposed(receipt, today)
    said = usual.deadline if stating.says_due(usual.text, usual.deadline, stating.TO_MEMBERS) else None
    return stating.with_deadline(covering.text, named or said, covering.deadline, stating.TO_MEMBERS)


def contradicted(receipt: Receipt, covering: Covering, today: dt.date) -> str:
    """What the text still says of the deadline, as it was proposed, where the deadline is another one by now."""
    usual = proposed(receipt, today)
    said = wording.still_due(usual.deadline) if usual.deadline else ""
    return said if said and covering.deadline != usual.deadline and said in covering.text else ""


def _letter_before(receipt: Receipt) -> Release | None:
    """Of a correction: the latest letter by which the district had passed on what it corrects, else None."""
    before = succession.before(receipt.release.notice)
    letters = Release.objects.filter(passes_on__notice__in=before, passed_on_by=receipt.organisation_id)
    return letters.select_related("notice", "passes_on__notice").order_by("-released_at", "-pk").first()


def _kept_deadline(letter: Release | None, correction: Release) -> dt.date | None:
    """The deadline that the district had set its members itself, in its letter before.

    None where it had none of its own, or where the correction's is earlier.
    """
    asked = correction.deadline
    if letter is None or letter.deadline in (None, letter.passes_on.deadline):
        return None
    return letter.deadline if asked is None or letter.deadline <= asked else None


def signatory(district: Organisation) -> tuple[str, str]:
    """Title and name of who signs the district's letters: the chair in office, nobody where there is none."""
    return next(iter(composing.signatories(district)), ("", ""))


def _enclosed(notice: Notice) -> str:
    """公文書 of the association by number and subject, as the enclosure is called."""
    named = "　".join(filter(None, (notice.number_text, notice.subject)))
    return named[: Attachment._meta.get_field("title").max_length]
