"""What a district answers about its roster, why staff send an answer back, and that a pharmacy has closed."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from members import contacts
from members.answers import Answer
from members.forms.addresses import MailAddressField, NumberField, suggested
from members.forms.screened import MaskedBack, ScreenedField
from members.models import Officer, Organisation, Task
from members.models.officer import Office
from members.models.organisation import Channel, Kind
from members.names import is_blank

Says = Task.Says
CLOSED_WORDS = {Says.CLOSED: "閉局・退会していた"}
# Which answer a field belongs to.
BELONGS = {
    "address": Says.ADDRESS,
    "holder": Says.HOLDER,
    "email": Says.HOLDER,
    "since": Says.HOLDER,
    "value_on": Says.CLOSED,
}
NO_SECRETS = "患者さんのことや、パスワードなどは書かないでください。"
MOST_AHEAD = dt.timedelta(days=366)
FUTURE = "1年より先の日付です。日付を確かめてください"
BEFORE_JOINING = "入会日より前の日付です。日付を確かめてください"


def _day(label: str, help_text: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, help_text=help_text, widget=widget)


def _remark(label: str, help_text: str = NO_SECRETS) -> ScreenedField:
    length = Task._meta.get_field("remark").max_length
    widget = forms.Textarea(attrs={"rows": 2})
    return ScreenedField(label=label, required=False, max_length=length, help_text=help_text, widget=widget)


def closed_on(day: dt.date | None, organisation: Organisation) -> dt.date | None:
    """The day on which a pharmacy closed or will close. Raises ValidationError for one that cannot be."""
    if day and day > timezone.localdate() + MOST_AHEAD:
        raise ValidationError(FUTURE)
    if day and organisation.joined_on and day < organisation.joined_on:
        raise ValidationError(BEFORE_JOINING)
    return day


class ClosingForm(MaskedBack):
    """「閉局した」: the day where it is known, and a remark."""

    value_on = _day("閉局・退会の日", "これからの日でもかまいません。分からないときは、空けておいてください。")
    remark = _remark("メモ", f"どうして分かったかなど。{NO_SECRETS}")

    def __init__(self, *args: Any, organisation: Organisation, **more: Any) -> None:
        super().__init__(*args, **more)
        self.organisation = organisation

    def clean_value_on(self) -> dt.date | None:
        return closed_on(self.cleaned_data["value_on"], self.organisation)


class ReturnForm(MaskedBack):
    """Why an answer is sent back; the district reads it."""

    reason = ScreenedField(
        label="差し戻す理由",
        max_length=Task._meta.get_field("returned_reason").max_length,
        help_text="地区の会長が読みます。何をもう一度確かめてほしいかを書いてください。",
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AnswerForm(MaskedBack):
    """The answer to one task: what was found out, and what belongs to it."""

    says = forms.ChoiceField(label="分かったこと", widget=forms.RadioSelect)
    address = MailAddressField(label="新しいメールアドレス", required=False)
    holder = forms.CharField(label="氏名", max_length=Officer._meta.get_field("name").max_length, required=False)
    email = MailAddressField(label="メールアドレス", required=False, help_text="通知がこのアドレスにも届きます。")
    since = _day("就任日", "分からないときは、空けておいてください。")
    value_on = _day("閉局・退会した日", "分からないときは、空けておいてください。")
    remark = _remark("メモ", f"「分からない」ときは、どこまで確かめたかを書いてください。{NO_SECRETS}")

    def __init__(self, data: Any = None, *, task: Task, shows: bool = True) -> None:
        """`shows`: whether the reader may see the answer that the task has."""
        self.task = task
        super().__init__(data, initial=_initial(task) if shows else {})
        choices = _choices(task)
        self.fields["says"].choices = list(choices.items())
        if task.channel == Channel.FAX:
            self.fields["address"] = NumberField(label="新しいFAX番号", what="FAX番号", required=False)
        for name, says in BELONGS.items():
            if not _belongs(name, choices, task):
                del self.fields[name]
            else:
                field = self.fields[name]
                field.help_text = f"「{choices[says]}」ときに入れてください。{field.help_text}"

    def clean_address(self) -> str:
        address = self.cleaned_data["address"]
        if address and _bare(address, self.task.channel) == _bare(self.task.address, self.task.channel):
            raise ValidationError("届かなかった宛先と同じです。新しい宛先を入れてください")
        return address

    def clean_value_on(self) -> dt.date | None:
        if self.cleaned_data.get("says") != Says.CLOSED:
            return None
        return closed_on(self.cleaned_data["value_on"], self.task.organisation)

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        needed = {Says.ADDRESS: "address", Says.HOLDER: "holder", Says.UNKNOWN: "remark"}.get(typed.get("says"))
        if needed and needed not in self.errors and is_blank(typed.get(needed, "")):
            self.add_error(needed, ValidationError("この回答のときは、入力してください"))
        return typed

    def add_error(self, field: str | None, error: Any) -> None:
        """What is suggested instead of what was typed stands in the field."""
        super().add_error(field, error)
        if field and (better := suggested(error)):
            self.data = self.data.copy()
            self.data[self.add_prefix(field)] = better

    @property
    def answer(self) -> Answer:
        typed = self.cleaned_data
        says, remark = Says(typed["says"]), typed["remark"]
        if says == Says.ADDRESS:
            return Answer(says, typed["address"], remark=remark)
        if says == Says.HOLDER:
            return Answer(says, typed["holder"], typed.get("email", ""), typed["since"], remark)
        return Answer(says, on=typed["value_on"] if says == Says.CLOSED else None, remark=remark)


def _bare(address: str, channel: str) -> str:
    """An address without what does not tell two apart: case, and the hyphens of a number."""
    return contacts.digits(address) if channel == Channel.FAX else address.lower()


def _choices(task: Task) -> dict[str, str]:
    """What can be answered to this task."""
    closed = CLOSED_WORDS if task.organisation.kind == Kind.PHARMACY else {}
    unknown = {Says.UNKNOWN: "分からない"}
    if task.kind == Task.Kind.CLOSED:
        return {Says.CLOSED: "閉局・退会した", Says.OPEN: "閉局していない"} | unknown
    if task.kind == Task.Kind.VACANT:
        return {Says.HOLDER: f"新しい{task.get_office_display()}が決まった"} | closed | unknown
    what = "FAX番号" if task.channel == Channel.FAX else "メールアドレス"
    return {Says.ADDRESS: f"新しい{what}が分かった"} | closed | unknown


def _belongs(name: str, choices: dict[str, str], task: Task) -> bool:
    """Whether the field belongs to one of the choices."""
    if name == "email" and task.office != Office.CHAIR:
        return False
    return BELONGS[name] in choices


def _initial(task: Task) -> dict[str, Any]:
    """The answer that the task has, by the fields of the form."""
    shown: dict[str, Any] = {"says": task.says, "remark": task.remark}
    if task.says == Says.ADDRESS:
        shown["address"] = task.value
    if task.says == Says.HOLDER:
        shown |= {"holder": task.value, "email": task.value_email, "since": task.value_on}
    if task.says == Says.CLOSED:
        shown["value_on"] = task.value_on
    return shown
