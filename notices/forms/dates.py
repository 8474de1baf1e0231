"""Times as the office writes them: in a text field, in any width."""

import datetime as dt
import re
from typing import Any

from django import forms

from members.numerals import squeeze
from notices.models.release import FARTHEST


def not_too_far(day: dt.date, today: dt.date) -> dt.date:
    """The day. Raises ValidationError where it is more than two years ahead."""
    if day - today > FARTHEST:
        raise forms.ValidationError("2年より先の日です。年を確かめてください")
    return day


class ClockField(forms.CharField):
    """A time of the day, typed as 9:00, ９：００, 9時, 9時半, 午後3時15分 or 0900."""

    FORM = re.compile(r"(午前|午後)?([0-9]{1,2})(?::([0-9]{2})|時(?:([0-9]{1,2})分|(半))?|([0-9]{2}))")

    def prepare_value(self, value: Any) -> Any:
        return f"{value.hour}:{value.minute:02}" if isinstance(value, dt.time) else value

    def to_python(self, value: Any) -> dt.time | None:
        text = squeeze(super().to_python(value))
        if not text:
            return None
        match = self.FORM.fullmatch(text)
        if match is None:
            raise forms.ValidationError("時刻として読めません。「9:00」のように入力してください", code="impossible")
        hour, minute = int(match[2]), 30 if match[5] else int(match[3] or match[4] or match[6] or 0)
        if match[1] and hour > 12:
            raise forms.ValidationError(f"{match[1]}{hour}時はありません", code="impossible")
        if match[1] == "午後":
            hour = hour % 12 + 12
        if minute > 59:
            raise forms.ValidationError("分は 0 から 59 までです", code="impossible")
        if hour > 23:
            hint = f"。翌日の {hour - 24}:{minute:02} なら、日付を次の日にしてください" if hour < 48 else ""
            raise forms.ValidationError(f"{hour}:{minute:02} はありません{hint}", code="impossible")
        return dt.time(hour, minute)
