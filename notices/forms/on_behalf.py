"""The sheet on which is recorded what a pharmacy answered by telephone, by FAX or on paper."""

from typing import Any

from django import forms

from members.forms.screened import MaskedBack, ScreenedField
from notices.models import OnBehalf, Receipt
from notices.models.on_behalf import CHANNELS
from notices.models.receipt import Via
from notices.tracking.on_behalf import Said
from notices.tracking.steps import Work

What = OnBehalf.What

# The boxes of the personal sheet, in its words and order.
BOXES = [
    (What.CONFIRMED, "確認しました"),
    (What.FINISHED, "設定が完了しました"),
    (What.NOT_APPLICABLE, "対象外です"),
    (What.HELP, "困っています"),
]
WITHOUT_STEPS = (What.CONFIRMED, What.HELP)
# Fields that count with one box only.
BELONGS = {"reason": What.NOT_APPLICABLE, "step": What.HELP, "note": What.HELP}


class Boxes(forms.RadioSelect):
    """Radio buttons as large as a thumb; the first has the focus where `first` says so."""

    def __init__(self, *, css: str, first: bool = False) -> None:
        super().__init__(attrs={"class": css})
        self.first = first

    def create_option(self, name: str, value: Any, label: str, selected: bool, index: int, **more: Any) -> dict:
        option = super().create_option(name, value, label, selected, index, **more)
        if self.first and index == 0:
            option["attrs"]["autofocus"] = True
        return option


class OnBehalfForm(MaskedBack):
    what = forms.ChoiceField(label="薬局の答え", widget=Boxes(css="boxes in-rows", first=True))
    reason = ScreenedField(label="対象外の理由", max_length=200, required=False)
    step = forms.TypedChoiceField(label="困っている手順（任意）", required=False, coerce=int, empty_value=None)
    note = ScreenedField(
        label="困っていること（任意）",
        max_length=2000,
        required=False,
        help_text="県薬剤師会の事務局に伝わります。パスワードやコードは書かないでください。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    via = forms.ChoiceField(label="答えを受けた方法", choices=list(CHANNELS.items()), widget=Boxes(css="boxes"))
    person = ScreenedField(
        label="答えた方のお名前",
        max_length=100,
        strip=True,
        help_text="紙に名前がないときは「記入なし」と入れてください。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    remark = ScreenedField(
        label="備考（任意）",
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, receipt: Receipt, work: Work, *args: Any, **more: Any) -> None:
        """`work`: the receipt's steps, about one of which a question may be."""
        unanswered = {} if receipt.confirmed_at else {"what": What.CONFIRMED}
        super().__init__(*args, initial=unanswered, **more)
        set_up = receipt.asks_set_up
        self.fields["what"].choices = [box for box in BOXES if set_up or box[0] in WITHOUT_STEPS]
        steps = [(item.step.pk, f"{item.number}. {item.step.title}") for item in work.items]
        self.fields["step"].choices = [("", "どれか分からない・全体のこと"), *steps]
        if not set_up:
            del self.fields["reason"], self.fields["step"]

    def clean(self) -> dict[str, Any]:
        """What was typed for a box that is not the chosen one does not count."""
        cleaned = super().clean()
        for name, box in BELONGS.items():
            if cleaned.get("what") != box:
                self.errors.pop(name, None)
                cleaned.pop(name, None)
        if cleaned.get("what") == What.NOT_APPLICABLE and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "対象外の理由を入れてください。")
        return cleaned

    @property
    def said(self) -> Said:
        """What the pharmacy said, as the sheet has it."""
        cleaned = self.cleaned_data
        return Said(
            what=What(cleaned["what"]),
            via=Via(cleaned["via"]),
            person=cleaned["person"],
            remark=cleaned["remark"],
            reason=cleaned.get("reason", ""),
            step_id=cleaned.get("step"),
            note=cleaned.get("note", ""),
        )
