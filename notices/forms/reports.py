"""報告書: of which moment it is, and of which 年度."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from members import wareki
from members.forms.dates import WarekiDateField
from notices.boards.reports import year
from notices.forms.dates import ClockField

# No site has anything to tell of another year, and no calendar goes on for ever.
YEARS = range(2000, 2200)


class MomentForm(forms.Form):
    """The moment of a report: typed to the minute, or exactly in the address (`at`); nothing means now.

    `since`: the moment before which there is nothing to tell, and the words that say so.
    """

    day = WarekiDateField(label="日", required=False, help_text="")
    clock = ClockField(label="時刻", required=False)

    def __init__(self, data: Any, *, since: dt.datetime | None = None, **choices: Any) -> None:
        self.now, self.since = timezone.now(), since
        exact = self._exact(data.get("at", ""))
        shown = timezone.localtime(exact or self.now)
        typed = {"day": data.get("day", ""), "clock": data.get("clock", "")}
        if exact or not any(typed.values()):
            typed = {"day": wareki.long_date(shown.date()), "clock": f"{shown:%H:%M}"}
        self.exact = exact or (None if data.get("day") or data.get("clock") else self.now)
        more = {name: data[name] for name in self.base_fields if name in data and name not in typed}
        super().__init__(typed | more, **choices)

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if self.errors:
            return typed
        if self.exact is None and not typed["day"]:
            raise forms.ValidationError("日を入れてください。時刻だけでは、いつの報告か分かりません。")
        if self.exact is None and typed["day"].year not in YEARS:
            raise forms.ValidationError("その日の報告書は作れません。年を確かめてください。")
        typed["moment"] = self.exact or self._typed(typed["day"], typed["clock"])
        if typed["moment"] > timezone.now():
            raise forms.ValidationError("これから先の時点の報告書は作れません。今か、それより前の時点にしてください。")
        if self.since and typed["moment"] < self.since:
            since = timezone.localtime(self.since)
            words = f"{wareki.long_date(since.date())} {since.hour}:{since.minute:02}"
            raise forms.ValidationError(f"この通知は、{words} に発出しました。それより後の時点にしてください。")
        return typed

    @property
    def moment(self) -> dt.datetime:
        """Only of a valid form."""
        return self.cleaned_data["moment"]

    @staticmethod
    def _exact(text: str) -> dt.datetime | None:
        """What the links of a report hold; None for anything else."""
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            return None
        return moment if moment.tzinfo and moment.year in YEARS else None

    @staticmethod
    def _typed(day: dt.date, clock: dt.time | None) -> dt.datetime:
        """The minute on that day; without a time the end of the day, or now where it has not ended."""
        if clock:
            return timezone.make_aware(dt.datetime.combine(day, clock))
        end = timezone.make_aware(dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min))
        end -= dt.timedelta(microseconds=1)
        return min(end, timezone.now()) if day == timezone.localdate() else end


class YearForm(MomentForm):
    """The moment, and one of the 年度 of which there is something to tell by then; by itself the latest."""

    year = forms.TypedChoiceField(label="年度", coerce=int, required=False)

    field_order = ("year", "day", "clock")

    def __init__(self, data: Any, **choices: Any) -> None:
        super().__init__(data, **choices)
        self.fields["year"].choices = [(each, wareki.fiscal_year_label(each)) for each in year.years(self.now)]

    @property
    def chosen_year(self) -> int:
        """Only of a valid form."""
        return self.cleaned_data["year"] or wareki.fiscal_year(timezone.localdate(self.moment))
