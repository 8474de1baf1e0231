"""A sheet that came back: its boxes, as few keys as possible each."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy

from members import wareki
from members.forms.dates import MONTH_AND_DAY, WarekiDateField
from members.forms.screened import ScreenedField
from notices.forms.on_behalf import Boxes, OnBehalfForm
from notices.models.on_behalf import CHANNELS
from notices.models.receipt import Via
from notices.tracking import replies
from notices.tracking.on_behalf import Said, What

NO_NAME = "記入なし"


class CodeForm(forms.Form):
    """The code of a sheet. What was typed comes back as it was, to be mended."""

    code = forms.CharField(
        label="受付コード",
        max_length=100,
        widget=forms.TextInput(
            attrs={
                "class": "form-control-lg typed-code",
                "autofocus": True,
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "enterkeyhint": "go",
            }
        ),
    )


class ReplyForm(OnBehalfForm):
    """The same as of a 代理 at any time, in the order of the sheet; who signed may be left out where nobody did."""

    note = ScreenedField(
        label="書かれていること（任意）",
        max_length=2000,
        required=False,
        help_text="県薬剤師会の事務局に伝わります。パスワードやコードは書かないでください。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    also = forms.BooleanField(label="「確認しました」にも印がある", required=False)
    via = forms.ChoiceField(
        label="返ってきた方法", choices=[(via, CHANNELS[via]) for via in replies.CHANNELS], widget=Boxes(css="boxes")
    )
    person = ScreenedField(
        label="記入した方のお名前",
        max_length=100,
        required=False,
        strip=True,
        help_text=f"空のままなら「{NO_NAME}」として残します。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    written_on = WarekiDateField(
        label="用紙に書かれた日付（任意）",
        required=False,
        asks=False,
        like=MONTH_AND_DAY,
        help_text=format_lazy("{}のように。確認の日時とは別に、書かれたとおりに残します。", MONTH_AND_DAY),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("what", "reason", "step", "note", "also", "person", "written_on", "via", "remark")

    def __init__(self, *args: Any, via: Via, **more: Any) -> None:
        """`via`: how the sheet before this one came back."""
        super().__init__(*args, **more)
        receipt = args[0]
        self.released_on = receipt.release.released_on
        self.initial["via"] = via
        if receipt.confirmed_at:
            del self.fields["also"]
        choices = self.fields["what"].choices
        self.fields["what"].choices = [(what, f"{key}　{label}") for key, (what, label) in enumerate(choices, 1)]

    def clean_person(self) -> str:
        return self.cleaned_data["person"] or NO_NAME

    def clean_written_on(self) -> dt.date | None:
        """The day, which is none before the release and none to come. The refusal names the day as it was read."""
        day = self.cleaned_data["written_on"]
        if day is None or self.released_on <= day <= timezone.localdate():
            return day
        out = wareki.long_date(self.released_on)
        why = "今日より後です" if day > self.released_on else f"発出した日（{out}）より前です"
        raise forms.ValidationError(
            f"{wareki.long_date(day)}と読みましたが、{why}。用紙の日付を確かめてください。"
            f"年が違うときは「{out}」のように年から、読めないときは空のままに"
        )

    @property
    def answers(self) -> list[Said]:
        """What the sheet says, box by box."""
        said = replace(self.said, written_on=self.cleaned_data["written_on"])
        if said.what == What.HELP and self.cleaned_data.get("also"):
            return [Said(What.CONFIRMED, said.via, said.person, said.remark, written_on=said.written_on), said]
        return [said]
