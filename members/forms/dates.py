"""Days as the office writes them: in a text field, in any width."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import lazy

from members import wareki


def _like_today() -> str:
    return f"「{wareki.long_date(timezone.localdate())}」のように"


# An example that does not grow old.
LIKE_TODAY = lazy(_like_today, str)()


class WarekiDateField(forms.CharField):
    """A day, typed in any form of 和暦 (令和6年10月30日, R6.10.30) or as 2024-10-30.

    An impossible one is refused with the reason and kept as it was typed; nothing is rolled forward.
    """

    def __init__(self, **choices: Any) -> None:
        choices.setdefault("help_text", LIKE_TODAY)
        super().__init__(**choices)

    def prepare_value(self, value: Any) -> Any:
        return wareki.long_date(value) if isinstance(value, dt.date) else value

    def to_python(self, value: Any) -> dt.date | None:
        text = super().to_python(value)
        if not text:
            return None
        if reason := wareki.explain(text):
            raise forms.ValidationError(reason, code="impossible")
        return wareki.parse_date(text)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != initial
        except forms.ValidationError:
            return True
