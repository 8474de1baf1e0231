"""A draft on the page 通知を作る: its forms, and the letter and the plan as they would be with what is typed so far."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict

from notices import follow_ups
from notices.forms.enclosures import EnclosureForm
from notices.forms.letters import LetterForm, PlanForm, named
from notices.intake import deadlines
from notices.letters import composing, numbering
from notices.letters.letter import Letter, letter_of
from notices.models import Notice, Release
from notices.views.succession import Replaced, replaced

# What an お知らせ may not have, and what follows the ask: kept together or not at all.
TIED = {"ask", "deadline", "gathers", "what", "covering_pharmacies"}
# Whose view of the draft stands beside the form: key, name and icon.
LOOKS = (
    ("letter", "公文書", "doc"),
    ("phone", "薬局の画面", "mobile"),
    ("mail", "メール", "send"),
    ("fax", "FAX", "fax"),
)


@dataclass
class Desk:
    """The forms of the page, bound when something was typed.

    `differs` names what somebody else has saved otherwise; `kept` says that beside a mistake the rest was saved.
    """

    notice: Notice
    plan: Release
    expected: str
    letter: LetterForm | None
    ask: PlanForm
    added: EnclosureForm
    supersedes: Replaced | None
    follows_up: Notice | None
    differs: str = ""
    kept: str = ""

    @property
    def forms(self) -> list[Any]:
        return [form for form in (self.letter, self.ask) if form is not None]

    @property
    def is_valid(self) -> bool:
        # Every form is asked, so that every error shows.
        answers = [form.is_valid() for form in self.forms]
        return all(answers)

    @property
    def planned(self) -> dict[str, Any]:
        """What was typed of the plan as far as it is right, and may stand beside what was there before."""
        typed, wrong = self.ask.planned, set(self.ask.errors)
        is_open = {"ask", "gathers"} & wrong or ("deadline" in wrong and typed["ask"] == Release.Ask.INFORM)
        return {name: value for name, value in typed.items() if name not in TIED} if is_open else typed

    def rest_saved(self, draft: Notice, saved: set[str]) -> None:
        """Show what was kept of the draft beside mistakes: its text follows its plan, so what was typed may be old."""
        self.ask.show(composing.state_of(draft))
        if "body" in saved:
            self.letter.show(draft.body)
        labels = [
            field.label.removesuffix("（任意）")
            for form in self.forms
            for name, field in form.fields.items()
            if name in {*form.errors, *form.changed_data} - saved - {"seen"}
        ]
        self.kept = f"次の欄は、まだ保存していません：{'、'.join(labels)}。ほかは保存しました。"


def desk_of(notice: Notice, typed: QueryDict | None) -> Desk:
    """The desk of a draft, with what was `typed` there."""
    plan = composing.plan_of(notice)
    expected = numbering.expected_for(notice, numbering.expected_day(notice))
    letter = None if notice.number_fixed else LetterForm(typed, notice=notice, expected=expected)
    supersedes = replaced(notice, linked=True)
    ask = PlanForm(typed, plan=plan, stated=deadlines.stated(notice), supersedes=supersedes.kind if supersedes else "")
    follows_up = follow_ups.followed_up(notice)
    return Desk(notice, plan, expected, letter, ask, EnclosureForm(prefix="added"), supersedes, follows_up)


def sketch(desk: Desk, typed: QueryDict | None) -> Letter:
    """The letter as it would be, with what is in the form so far."""
    notice, day = desk.notice, numbering.expected_day(desk.notice)
    if typed is None or notice.number_fixed:
        return letter_of(notice, number=desk.expected, date=day)
    for name in ("subject", "body", "items", "contact", "honorific"):
        setattr(notice, name, typed.get(name, ""))
    notice.addressees = named(typed.get("addressees", ""))
    letter = letter_of(notice, number=desk.expected, date=day)
    number = typed.get("number", "").strip() or desk.expected
    organisation = letter.senders[0][0] if letter.senders else ""
    return replace(letter, numbers=[number], senders=[[organisation, typed.get("signatory", "")]])


def changed(desk: Desk, typed: QueryDict | None) -> str:
    """変わったところ as it stands above the letter, with what is in the form so far."""
    return desk.plan.changed if typed is None else typed.get("changed", "")


def planned(desk: Desk) -> Release:
    """The plan as it would be: what is typed, and what was saved where that cannot be read. Nothing is saved."""
    desk.ask.is_valid()
    for name, value in desk.ask.planned.items():
        setattr(desk.plan, name, value)
    desk.plan.notice = desk.notice
    return desk.plan
