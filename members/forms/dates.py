"""Days as the office writes them: in a text field, in any width."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy

from members import wareki
from members.forms.read_back import ReadBack, ReadBackField


def _today() -> str:
    return f"「{wareki.long_date(timezone.localdate())}」"


def _month_and_day() -> str:
    day = timezone.localdate()
    return f"「{day.month}/{day.day}」か{_today()}"


# Examples that do not grow old.
TODAY = lazy(_today, str)()
MONTH_AND_DAY = lazy(_month_and_day, str)()


class WarekiDateField(forms.CharField):
    """A day, typed in any form of 和暦 (令和6年10月30日, R6.10.30) or as 2024-10-30.

    An impossible one is refused with the reason and kept as it was typed; nothing is rolled forward. One without a year
    (12/15, 12月15日) does not count yet: the field shows the day that it is taken for, the latest there was or, where a
    day to come is asked for (`coming`), the next one; whoever presses again has seen it. Where no other year can be
    meant, nobody has to be asked (`asks`). The help and what is said of no date at all name the same form (`like`).
    """

    bound_field_class = ReadBackField

    def __init__(self, *, coming: bool = False, asks: bool = True, like: Any = TODAY, **choices: Any) -> None:
        choices.setdefault("help_text", format_lazy("{}のように", like))
        super().__init__(**choices)
        self.coming, self.asks, self.like = coming, asks, like

    def prepare_value(self, value: Any) -> Any:
        return wareki.long_date(value) if isinstance(value, dt.date) else value

    def to_python(self, value: Any) -> dt.date | None:
        text = super().to_python(value)
        if not text:
            return None
        if (day := self._nearest(text)) and not self.asks:
            return day
        if day:
            weekday = wareki.WEEKDAYS[day.weekday()]
            words = f"{wareki.long_date(day)}（{weekday}）と読みました。よければ、もう一度押してください"
            raise ReadBack(words, code="yearless", taken=day)
        if reason := wareki.explain(text, str(self.like)):
            raise forms.ValidationError(reason, code="impossible")
        return wareki.parse_date(text)

    def bound_data(self, data: Any, initial: Any) -> Any:
        shown = super().bound_data(data, initial)
        return self._nearest(shown) or shown

    def _nearest(self, text: Any) -> dt.date | None:
        return wareki.nearest(text, timezone.localdate(), coming=self.coming) if isinstance(text, str) else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != initial
        except forms.ValidationError:
            return True
