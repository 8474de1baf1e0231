"""地区から会員へ: a district passes a notice of the association on, once and whole.

One transaction, under a lock on the association's release, writes the district's letter and its release with receipts
and deliveries, and records that the district has received the notice and passed it on. Nobody approves it, and it takes
no number of the association. The PDF is made before it, as it is for any release.
"""

import datetime as dt

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from members import history
from members.history import Actor
from notices import hops, pdf
from notices.distribution import outbox, recipients
from notices.letters import passing_on
from notices.letters.letter import letter_html, sheet_html
from notices.letters.passing_on import Covering
from notices.models import Notice, Receipt, Release, StoredFile
from notices.models.receipt import Via
from notices.procedures import bind, carry_over
from notices.search import index as search
from notices.tracking import confirming
from notices.tracking.facts import refuse_superseded

# What the letter asks and says as the association's notice does.
KEPT = ("ask", "who", "what", "changed", "help_to_district", "attach_letter")


class CannotPassOn(RuntimeError):
    """The notice is not passed on; nothing was changed. `words`: why, and what to do."""

    words = "この通知は、地区を通して届けるものではありません。会員薬局には、県薬剤師会から直接届いています。"


class NotThroughDistricts(CannotPassOn):
    """The association tells the pharmacies itself."""


class AlreadyPassedOn(CannotPassOn):
    """It was passed on before, in another window or by somebody else: `release`."""

    words = "この通知は、すでに会員に送ってあります。二重には送っていません。"

    def __init__(self, release: Release) -> None:
        super().__init__(str(release))
        self.release = release


class AlreadyTold(CannotPassOn):
    """Staff stepped in: the association has told the members."""

    words = (
        "会員への文書が滞っていたため、県薬剤師会が会員薬局に直接送りました。"
        "同じ通知が二重に届かないように、地区からはもう送れません。"
    )


class NobodyToTell(CannotPassOn):
    """No member of the district is concerned."""

    words = "この通知の宛先になる薬局が、地区の名簿にありません。名簿が違うときは、県薬剤師会にお知らせください。"


class LaterThanAsked(CannotPassOn):
    """The deadline is later than the association's, or over."""

    words = "確認期限は、今日から県薬剤師会の期限までの日にしてください。"


def pass_on(receipt_id: int, covering: Covering, actor: Actor) -> Release:
    """Send the members of the receipt's district a letter of its own that encloses the notice; gives its release.

    Raises CannotPassOn, facts.Superseded, numbering.NumberTaken, NumberOfAnotherYear or pdf.RenderFailed: then nothing
    has happened.
    """
    rendered = _rendered_ahead(receipt_id, covering)
    with transaction.atomic():
        receipt = locked(receipt_id)
        check(receipt, covering, receipt.release.now)
        letter = passing_on.write(receipt.release.notice, receipt.organisation, covering, actor)
        release = _release(letter, receipt, covering, actor, rendered)
        receipts = recipients.write(release)
        carry_over.carry_over(release, receipts, actor)
        confirming.pass_on_held(receipt, actor=actor, via=Via.SIGNED_IN)
        receipt.save()
        search.renew(letter.pk)
        _record(release, receipt, len(receipts), actor)
        bind.promise(release)
    outbox.ring()
    return release


def locked(receipt_id: int) -> Receipt:
    """A district's receipt and its release with the database's `now`, both held until the transaction ends."""
    release_id = Receipt.objects.values_list("release", flat=True).get(pk=receipt_id)
    release = Release.objects.select_for_update(no_key=True).annotate(now=Now()).get(pk=release_id)
    receipt = (
        Receipt.objects.districts().select_for_update(of=("self",)).select_related("organisation").get(pk=receipt_id)
    )
    receipt.release = release
    return receipt


def obstacle(receipt: Receipt) -> CannotPassOn | None:
    """What stands in the way of any letter of the district about this notice."""
    if not receipt.release.through_districts:
        return NotThroughDistricts(str(receipt))
    if there := hops.letter(receipt):
        return AlreadyPassedOn(there)
    if recipients.members(receipt.release, receipt.organisation).exists():
        return None  # also where others of them are told: who has moved is not forgotten
    return AlreadyTold(str(receipt)) if hops.is_told(receipt) else NobodyToTell(str(receipt))


def check(receipt: Receipt, covering: Covering, now: dt.datetime) -> None:
    """Raises what stands in the way of this letter."""
    refuse_superseded(receipt)
    if found := obstacle(receipt):
        raise found
    asked = receipt.release.deadline
    if covering.deadline and (
        not receipt.release.asks_confirmation
        or covering.deadline < timezone.localdate(now)
        or (asked and covering.deadline > asked)
    ):
        raise LaterThanAsked(str(covering.deadline))


def _rendered_ahead(receipt_id: int, covering: Covering) -> dict[str, bytes]:
    """HTML → PDF of the letter as it will go out, unless the roster changes in this moment."""
    receipt = Receipt.objects.select_related("organisation", "release__notice").get(pk=receipt_id)
    check(receipt, covering, timezone.now())
    html = sheet_html(passing_on.sketch(receipt.release.notice, receipt.organisation, covering))
    return {html: pdf.render(html)}


def _release(letter: Notice, receipt: Receipt, covering: Covering, actor: Actor, rendered: dict[str, bytes]) -> Release:
    html = letter_html(letter)
    content = rendered.get(html) or pdf.render(html)
    passed, district = receipt.release, receipt.organisation
    made = Release.objects.create(
        notice=letter,
        state=Release.State.SENDING,
        **{name: getattr(passed, name) for name in KEPT},
        deadline=covering.deadline,
        covering_pharmacies=covering.text,
        scope=Release.Scope.DISTRICTS,
        passes_on=passed,
        passed_on_by=district,
        unapproved=Release.Unapproved.DISTRICT,
        letter=StoredFile.objects.keep(content, f"{letter.number_text or district.label}.pdf", "application/pdf"),
        released_at=passed.now,
        released_on=timezone.localdate(passed.now),
        released_by=actor.account,
    )
    made.districts.set([district])
    return made


def _record(release: Release, receipt: Receipt, count: int, actor: Actor) -> None:
    letter, district = release.notice, receipt.organisation
    history.record(
        "notice.released",
        letter,
        actor=actor,
        organisation=district,
        number=letter.number_text,
        letter=release.letter.sha256,
        recipients=count,
    )
    history.record(
        "release.passed_on", receipt.release, actor=actor, organisation=district, by=letter.pk, recipients=count
    )
