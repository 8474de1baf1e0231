"""再通知の予定: days before and after the deadline, or after the release, in words that people type."""

import re
import unicodedata
from typing import Any

from django import forms
from django.conf import settings

from notices.distribution.reminders.plans import Choice
from notices.models.reminder import EARLIEST, LATEST

SEPARATORS = re.compile(r"[、，,・\s]+")


class DaysField(forms.CharField):
    """Numbers of days, such as 「7、3、0」, in any width and in any order."""

    def __init__(self, *, most: int, least: int, **more: Any) -> None:
        super().__init__(required=False, **more)
        self.least, self.most = least, most

    def clean(self, value: Any) -> tuple[int, ...]:
        text = unicodedata.normalize("NFKC", super().clean(value)).strip().replace("日", "")
        found = [part for part in SEPARATORS.split(text) if part]
        if not all(part.isdecimal() and len(part) <= 3 for part in found):
            raise forms.ValidationError("「7、3、0」のように、日数を数字で入力してください")
        days = sorted({int(part) for part in found})
        if days and not self.least <= days[0] <= days[-1] <= self.most:
            raise forms.ValidationError(f"{self.least} から {self.most} までの日数にしてください")
        return tuple(days)

    def prepare_value(self, value: Any) -> str:
        return "、".join(str(day) for day in value) if isinstance(value, (list, tuple)) else value


class PlanForm(forms.Form):
    """Which days, at what hour, how often at most, and who else is told when."""

    before = DaysField(
        label="期限の何日前", least=0, most=-EARLIEST, help_text="「7、3、0」のように。0 は期限の日です", max_length=100
    )
    after = DaysField(label="期限の何日後", least=1, most=LATEST, help_text="「3、7」のように", max_length=100)
    hour = forms.TypedChoiceField(label="時刻", coerce=int)
    most = forms.IntegerField(
        label="1か所あたり多くて何回", min_value=1, max_value=20, help_text="「いま再通知する」の分も数えます"
    )
    chairs_on = forms.IntegerField(
        label="地区会長に一覧を送る日",
        required=False,
        min_value=0,
        max_value=LATEST,
        help_text="期限の何日後か。空欄なら送りません。返事のない会員の薬局名と電話を、地区ごとに1通で送ります",
    )
    staff_on = forms.IntegerField(
        label="事務局の仕事にする日",
        required=False,
        min_value=0,
        max_value=LATEST,
        help_text="期限の何日後か。その日から「今日の仕事」に出ます。空欄なら出しません",
    )

    def __init__(self, *args: Any, choice: Choice, from_deadline: bool, **more: Any) -> None:
        """`choice`: the plan as it is; days count from the deadline, or without one from the release."""
        before = [-day for day in sorted(choice.days, reverse=True) if day <= 0]
        initial = {
            "before": sorted(before, reverse=True),
            "after": [day for day in choice.days if day > 0],
            **{name: getattr(choice, name) for name in ("hour", "most", "chairs_on", "staff_on")},
        }
        super().__init__(*args, initial=initial, **more)
        first, last = (time.hour for time in settings.SENDING_HOURS) if settings.SENDING_HOURS else (0, 24)
        self.fields["hour"].choices = [(hour, f"{hour}時") for hour in range(max(first, 7), min(last, 20))]
        if not from_deadline:
            del self.fields["before"]
            self.fields["after"].label = "発出の何日後"
            self.fields["after"].help_text = "「7、14、21」のように"
            for name in ("chairs_on", "staff_on"):
                self.fields[name].help_text = self.fields[name].help_text.replace("期限", "発出")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not cleaned.get("before") and not cleaned["after"]:
            self.add_error(
                "after",
                "再通知する日を 1 つ以上入れてください。送らないときは「再通知を止める」を押します",
            )
        return cleaned

    def choice(self) -> Choice:
        """The plan that was typed; only of a valid form."""
        typed = self.cleaned_data
        days = (*(-day for day in typed.get("before", ())), *typed["after"])
        told = {name: typed[name] for name in ("hour", "most", "chairs_on", "staff_on")}
        return Choice(days=tuple(sorted(days)), **told)
