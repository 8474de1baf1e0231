"""Who takes an office, and who leaves one."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator

from members.forms.addresses import MailAddressField, SuggestingForm
from members.forms.same_person import SamePersonForm
from members.models import Officer
from members.models.officer import Office
from members.models.organisation import Kind
from members.names import is_blank
from members.roster import offices

OFFICES = {
    Kind.ASSOCIATION: [Office.CHAIR, Office.EXECUTIVE, Office.SECRETARIAT],
    Kind.DISTRICT: [Office.CHAIR, Office.SECRETARIAT],
    Kind.PHARMACY: [Office.MANAGER],
    Kind.ISSUER: [],
}


# The association's statutes are younger; what is earlier is a slip of the keyboard.
EARLIEST, TOO_EARLY = dt.date(1900, 1, 1), "日付を確かめてください。1900年より前の日付です"


def _day(label: str, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, validators=[MinValueValidator(EARLIEST, TOO_EARLY)], **more)


def check_name(name: str) -> str:
    """The name as it was typed. Raises ValidationError where nothing of it can be seen."""
    if is_blank(name):
        raise ValidationError("目に見える文字がありません。氏名を入れてください")
    return name


class OfficerForm(SamePersonForm):
    """A person who takes an office of this kind of organisation. The name is kept to the byte."""

    office = forms.ChoiceField(label="役職")
    name = forms.CharField(label="氏名", max_length=Officer._meta.get_field("name").max_length)
    email = MailAddressField(
        label="メールアドレス", required=False, help_text="会長のときは、通知がこのアドレスにも届きます。"
    )
    since = _day("就任日")
    signs_in = forms.BooleanField(
        label="この人がサインインできるようにする",
        required=False,
        help_text=(
            "会長のときに選べます。就任日から、このアドレスで地区会長としてサインインできます。招待のメールを送ります。"
        ),
    )

    def __init__(self, *args: Any, kind: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["office"].choices = [(office, office.label) for office in OFFICES[Kind(kind)]]
        if kind != Kind.DISTRICT:
            del self.fields["signs_in"]
        self.ask_whose(asking="signs_in" in self.fields and bool(self.data.get("signs_in")))

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("signs_in") and typed.get("office") != Office.CHAIR:
            self.add_error(
                "signs_in", "サインインできるようにするのは、会長だけです。印を外すか、役職を会長にしてください"
            )
        elif typed.get("signs_in") and not typed.get("email") and "email" not in self.errors:
            self.add_error("email", "サインインできるようにするには、メールアドレスが要ります")
        return typed

    def clean_name(self) -> str:
        return check_name(self.cleaned_data["name"])


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


class CorrectionForm(SuggestingForm):
    """What was registered of an officer, as it should have been."""

    name = forms.CharField(label="氏名", max_length=Officer._meta.get_field("name").max_length)
    email = MailAddressField(label="メールアドレス", required=False)
    since = _day("就任日", required=False)
    until = _day("退任日（最後の日）", required=False)
    seen = forms.JSONField(widget=forms.HiddenInput)

    FIELDS = ("name", "email", "since", "until")

    def __init__(self, *args: Any, officer: Officer, **more: Any) -> None:
        shown = {name: getattr(officer, name) for name in self.FIELDS}
        seen = {name: offices.told(value) for name, value in shown.items()}
        super().__init__(*args, initial=shown | {"seen": seen}, **more)

    def clean_name(self) -> str:
        return check_name(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("since") and typed.get("until") and typed["until"] < typed["since"]:
            self.add_error("until", "就任日より前の日付です。どちらかを直してください")
        return typed

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, by the names of the officer's fields."""
        return {name: self.cleaned_data[name] for name in self.FIELDS}
