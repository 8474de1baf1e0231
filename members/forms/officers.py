"""Who takes an office, and who leaves one."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from members.forms.addresses import MailAddressField
from members.models import Officer
from members.models.officer import Office
from members.models.organisation import Kind
from members.names import search_key

OFFICES = {
    Kind.ASSOCIATION: [Office.CHAIR, Office.EXECUTIVE, Office.SECRETARIAT],
    Kind.DISTRICT: [Office.CHAIR, Office.SECRETARIAT],
    Kind.PHARMACY: [Office.MANAGER],
    Kind.ISSUER: [],
}


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class OfficerForm(forms.Form):
    """A person who takes an office of this kind of organisation. The name is kept to the byte."""

    office = forms.ChoiceField(label="役職")
    name = forms.CharField(label="氏名", max_length=Officer._meta.get_field("name").max_length)
    email = MailAddressField(
        label="メールアドレス", required=False, help_text="会長のときは、通知がこのアドレスにも届きます。"
    )
    since = _day("就任日")

    def __init__(self, *args: Any, kind: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["office"].choices = [(office, office.label) for office in OFFICES[Kind(kind)]]

    def clean_name(self) -> str:
        if not search_key(self.cleaned_data["name"]):
            raise ValidationError("目に見える文字がありません。氏名を入れてください")
        return self.cleaned_data["name"]


class LeavingForm(forms.Form):
    """The last day of a term."""

    until = _day("退任日（最後の日）")

    def __init__(self, *args: Any, officer: Officer, **more: Any) -> None:
        super().__init__(*args, **more)
        self.officer = officer

    def clean_until(self) -> dt.date:
        until = self.cleaned_data["until"]
        if self.officer.since and until < self.officer.since:
            raise ValidationError("就任日より前の日付です。退任日を確かめてください")
        return until
