"""代理: what a pharmacy answered by telephone, by FAX or on paper, recorded for it, and undone again.

What is declared is the pharmacy's own: the same functions declare it, with the same refusals. A record is kept beside
it, of who answered to whom, and of what it made.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from members import history
from members.history import Actor
from members.models import Account
from notices import access
from notices.models import HelpRequest, OnBehalf, Receipt
from notices.models.receipt import Audience, Via
from notices.tracking import confirming, helping, setup
from notices.tracking.facts import Refused, held, note, refuse_secrets, refuse_superseded, withdraw

What = OnBehalf.What

# Who answered, where one tap recorded it and nobody was named.
UNNAMED = "（お名前は記録していません）"

# What the history calls the taking back of a fact.
TAKEN_BACK = {
    What.CONFIRMED: "receipt.unconfirmed",
    What.FINISHED: "receipt.reopened",
    What.NOT_APPLICABLE: "receipt.applicable",
}


class NotTheAuthor(Refused):
    """Somebody else of the same district recorded it."""

    sentence = "取り消せるのは、記録した人と県薬剤師会の事務局だけです。記録はそのまま残っています。"


class TooLate(Refused):
    """Its author had some minutes; from then on it is the staff's."""

    def __init__(self) -> None:
        self.sentence = (
            f"記録してから {settings.ON_BEHALF_UNDO_MINUTES} 分を過ぎたため、取り消せません。"
            "記録はそのまま残っています。間違いのときは、県薬剤師会の事務局にお知らせください。"
        )
        super().__init__()


class Overtaken(Refused):
    """What happened since stands in the way; the reason is a clause."""

    def __init__(self, reason: str) -> None:
        self.sentence = f"{reason}ため、取り消せません。記録はそのまま残っています。"
        super().__init__()


@dataclass(frozen=True)
class Said:
    """What a pharmacy answered: one box of its sheet, how, and by whom. `step_id` and `note` belong to 困っています.

    `written_on` is the date on the sheet, as the pharmacy wrote it.
    """

    what: What
    via: Via
    person: str
    remark: str = ""
    reason: str = ""
    step_id: int | None = None
    note: str = ""
    written_on: dt.date | None = None


def record(receipt_id: int, said: Said, *, actor: Actor) -> OnBehalf | None:
    """Declare for the pharmacy what it said. None where it was declared already: the first time stays as it is.

    Raises what the pharmacy's own declaring raises: NothingAsked, Superseded, NothingToSetUp, MarkedFinished,
    MarkedNotApplicable, HoldsSecret, Step.DoesNotExist.
    """
    for text in (said.person, said.remark):
        refuse_secrets(text)
    with held(receipt_id, standing=said.what == What.HELP) as receipt:
        if receipt.audience != Audience.PHARMACY:
            raise ValueError(f"{receipt} is not a pharmacy's")
        was_confirmed = receipt.confirmed_at is not None
        asked = None
        if said.what == What.HELP:
            is_new, asked = _ask(receipt, said, actor)
        else:
            is_new = getattr(receipt, f"{said.what}_at") is None
            _declare(receipt, said, actor)
        if not is_new:
            return None
        return OnBehalf.objects.create(
            receipt=receipt,
            what=said.what,
            via=said.via,
            person=said.person,
            remark=said.remark,
            written_on=said.written_on,
            by=actor.account,
            capacity=actor.capacity,
            at=history.moment(),
            confirms=said.what != What.HELP and not was_confirmed,
            help_request=asked,
        )


def _declare(receipt: Receipt, said: Said, actor: Actor) -> None:
    match said.what:
        case What.CONFIRMED:
            confirming.confirm(receipt.pk, actor=actor, via=said.via)
        case What.FINISHED:
            setup.finish(receipt.pk, actor=actor, via=said.via)
        case What.NOT_APPLICABLE:
            setup.mark_not_applicable(receipt.pk, said.reason, actor=actor, via=said.via)


def _ask(receipt: Receipt, said: Said, actor: Actor) -> tuple[bool, HelpRequest]:
    """The question, and whether it was not there before."""
    asked_before = HelpRequest.objects.filter(receipt__organisation=receipt.organisation_id)
    known = set(asked_before.values_list("pk", flat=True))
    asked = helping.ask(receipt.pk, said.step_id, said.note, actor=actor, via=said.via)
    return asked.pk not in known, asked


def undo(record_id: int, *, actor: Actor) -> bool:
    """Take back exactly what the record made; False where that was done before.

    Raises NotTheAuthor, TooLate, Superseded, and Overtaken where more was declared meanwhile.
    """
    receipt_id = OnBehalf.objects.values_list("receipt", flat=True).get(pk=record_id)
    with held(receipt_id) as receipt:
        made = OnBehalf.objects.get(pk=record_id)
        if made.undone_at:
            return False
        _refuse_strangers(made, actor)
        made.undone_at, made.undone_by = history.moment(), actor.account
        if made.what == What.HELP:
            _withdraw_question(made, receipt, actor)
        else:
            _withdraw_facts(made, receipt, actor)
    return True


def _refuse_strangers(made: OnBehalf, actor: Actor) -> None:
    if access.can_undo(actor.capacity, made):
        return
    raise TooLate if access.is_author(actor.capacity, made) else NotTheAuthor


def _withdraw_facts(made: OnBehalf, receipt: Receipt, actor: Actor) -> None:
    refuse_superseded(receipt)
    _refuse_overtaken(made, receipt)
    for fact in dict.fromkeys([What(made.what), What.CONFIRMED] if made.confirms else [What(made.what)]):
        withdraw(receipt, fact)
        note(TAKEN_BACK[fact], receipt, actor=actor, via=Via.SIGNED_IN, on_behalf=made.via)
    if made.what == What.NOT_APPLICABLE:
        receipt.not_applicable_reason = ""
    receipt.save()
    made.save()


def _refuse_overtaken(made: OnBehalf, receipt: Receipt) -> None:
    """The fact must be the one that this record made, and nothing may stand on a confirmation that goes with it."""
    word = made.get_what_display()
    if getattr(receipt, f"{made.what}_at") is None:
        raise Overtaken(f"「{word}」が、もう取り消されている")
    latest = receipt.on_behalf.standing().filter(what=made.what).latest("pk")
    if getattr(receipt, f"{made.what}_via") != made.via or latest != made:
        raise Overtaken(f"「{word}」が、あらためて記録されている")
    if made.confirms and (later := _on_top(made, receipt)):
        raise Overtaken(f"この記録のあとに、薬局の「{later}」が記録されている")


def _on_top(made: OnBehalf, receipt: Receipt) -> str | None:
    """What was declared since that would not stand without the confirmation, in the word of the screen."""
    asked = receipt.help_requests.filter(asked_at__gt=made.at, on_behalf=None)
    later = {
        "完了": made.what != What.FINISHED and receipt.finished_at,
        "対象外": made.what != What.NOT_APPLICABLE and receipt.not_applicable_at,
        "設定手順": receipt.ticks.exists(),
        "使う端末": receipt.device,
        "お名前": receipt.confirmed_name,
        "困っています": asked.exists(),
    }
    return next((word for word, is_there in later.items() if is_there), None)


def _withdraw_question(made: OnBehalf, receipt: Receipt, actor: Actor) -> None:
    """The question goes altogether, for it may hold another pharmacy's words."""
    asked = HelpRequest.objects.select_for_update(of=("self",)).select_related("step").get(pk=made.help_request_id)
    if asked.closed_at:
        raise Overtaken("相談が、もう解決済になっている")
    if asked.answered_at:
        raise Overtaken("相談に、もう回答している")
    made.help_request = None
    made.save()
    note("help.withdrawn", receipt, actor=actor, via=Via.SIGNED_IN, on_behalf=made.via, **helping.place(asked.step))
    asked.delete()


def of(receipt: Receipt) -> list[OnBehalf]:
    """What was recorded for the receipt's pharmacy, undone or not, the latest first."""
    return list(receipt.on_behalf.select_related("by", "capacity__organisation", "undone_by", "help_request"))


@dataclass(frozen=True)
class Told:
    """What the pharmacy's own page tells of a record: the fact of it that stands."""

    record: OnBehalf
    what: What


def recorders(receipts: Iterable[Receipt]) -> dict[int, Account]:
    """By receipt, who recorded last what it answered and stands still; an answer of its own is nobody's record."""
    found = {receipt.pk: receipt for receipt in receipts}
    made = OnBehalf.objects.standing().filter(receipt__in=found).exclude(what=What.HELP).select_related("by")
    return {one.receipt_id: one.by for one in made.order_by("pk") if _standing(one, found[one.receipt_id])}


def told(receipt: Receipt) -> list[Told]:
    """Of those that were not undone, what they made and stands still; of a 完了 that was taken back, its 確認."""
    standing = [(made, _standing(made, receipt)) for made in of(receipt) if made.undone_at is None]
    return [Told(made, what) for made, what in standing if what]


def _standing(made: OnBehalf, receipt: Receipt) -> What | None:
    what = What(made.what)
    if what == What.HELP:
        return what if made.help_request.closed_at is None else None
    if what == What.CONFIRMED or getattr(receipt, f"{what}_via") == made.via:
        return what
    return What.CONFIRMED if made.confirms and receipt.confirmed_via == made.via else None
