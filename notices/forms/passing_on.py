"""地区から会員へ: what a chair writes of the district's own letter, and why staff step in."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from members import wareki
from members.forms.dates import WarekiDateField
from members.forms.read_back import TakenForm, only_reads_back
from members.forms.screened import MaskedBack, ScreenedField
from notices import docnumber
from notices.forms.dates import not_too_far
from notices.letters import passing_on
from notices.letters.passing_on import Covering
from notices.models import Receipt


class PassOnForm(TakenForm, MaskedBack):
    """The district's covering text, with number and date where it has them; everything is filled in as is usual.

    The text comes back as it would go out; `named` is the deadline that it names then.
    """

    text = ScreenedField(
        label="会員への文面",
        max_length=20_000,
        help_text="1 行が 1 段落になります。県の文書は、別添1 として付きます",
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    number = ScreenedField(
        label="文書番号（任意）",
        max_length=100,
        required=False,
        help_text="地区の番号です。付けないときは空のままに",
    )
    date = WarekiDateField(label="日付", required=False, help_text="空のままなら、送る日の日付になります")
    deadline = WarekiDateField(label="確認期限", required=False, coming=True)
    named = forms.DateField(required=False, widget=forms.HiddenInput)
    sure = forms.BooleanField(
        label="文面と送り先を確かめました。送ると取り消せないことを分かっています。",
        error_messages={"required": "確かめたら、印を付けてください"},
    )

    def __init__(self, *args: Any, receipt: Receipt, **kwargs: Any) -> None:
        self.release = receipt.release
        self.today = timezone.localdate()
        self.receipt, usual = receipt, passing_on.proposed(receipt, self.today)
        initial = {"text": usual.text, "number": usual.number, "deadline": usual.deadline}
        super().__init__(*args, initial=initial, **kwargs)
        if not self.release.asks_confirmation:
            del self.fields["deadline"]
        else:
            self.fields["deadline"].help_text = self._about_deadline()

    def _about_deadline(self) -> str:
        kept = self.initial["deadline"] != self.usual_deadline
        said = "前の文書で会員に示した期限を入れてあります。" if kept else ""
        if not self.release.deadline:
            return said
        over = "もう過ぎています" if self.release.deadline < self.today else "これより前の日にできます"
        asked = f"県薬剤師会の期限は {wareki.long_date(self.release.deadline)} です。{over}"
        return f"{said}{asked}。文面にある期限の文は、この日に合わせて送ります"

    @property
    def usual_deadline(self) -> dt.date | None:
        """The association's, while it is still to come."""
        asked = self.release.deadline
        return asked if asked and asked >= self.today else None

    def clean_text(self) -> str:
        return self.cleaned_data["text"].replace("\r\n", "\n")

    def clean_number(self) -> str:
        """As it will stand in the letter, where it has the form of a number."""
        typed = self.cleaned_data["number"].strip()
        number = docnumber.parse_number(typed)
        return number.text if number and number.serial is not None else typed

    def clean_date(self) -> dt.date:
        date, first = self.cleaned_data["date"] or self.today, self.release.notice.date
        if date > self.today:
            raise forms.ValidationError("今日より後の日です。送る日までの日付にしてください")
        if first and date < first:
            raise forms.ValidationError(f"県の文書の日付（{wareki.long_date(first)}）より前です")
        return date

    def clean_deadline(self) -> dt.date | None:
        deadline, asked = self.cleaned_data["deadline"], self.release.deadline
        if deadline is None:
            return self.usual_deadline
        if deadline < self.today:
            raise forms.ValidationError("今日より前の日です。期限は送る日以後の日にしてください")
        if asked and deadline > asked:
            raise forms.ValidationError(f"県薬剤師会の期限（{wareki.long_date(asked)}）より後にはできません")
        return not_too_far(deadline, self.today)

    def clean(self) -> dict[str, Any]:
        self.errors.pop("named", None)  # nobody types it
        if any(name != "sure" and not only_reads_back(self[name]) for name in self.errors):
            return self.cleaned_data
        text = passing_on.following(self.receipt, self.covering(), self.today, self.cleaned_data.get("named"))
        if text != self.cleaned_data["text"]:
            deadline = self.cleaned_data.get("deadline")
            self.data = self.data.copy()
            self.data["text"], self.data["named"] = text, deadline.isoformat() if deadline else ""
            self.cleaned_data["text"] = text
        if said := passing_on.contradicted(self.receipt, self.covering(), self.today):
            self.add_error("text", f"文面に「{said}」とあります。下の確認期限に合わせて直してください")
        return self.cleaned_data

    def covering(self) -> Covering:
        """What was typed, of a valid form; of any other what can be shown of it."""
        cleaned = getattr(self, "cleaned_data", {})
        typed = self.data.get("text", "") if self.is_bound else self.initial["text"]
        return Covering(
            text=cleaned.get("text", typed),
            date=cleaned.get("date") or self.today,
            number=cleaned.get("number", "" if self.is_bound else self.initial["number"]),
            deadline=cleaned.get("deadline", None if self.is_bound else self.initial["deadline"]),
        )


class StepInForm(MaskedBack):
    reason = ScreenedField(
        label="直接送る理由",
        max_length=200,
        help_text="「会長が入院中のため」のように。記録に残ります",
    )
