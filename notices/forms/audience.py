"""宛先: for whom a release is."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from members import tree
from members.forms.dates import WarekiDateField
from members.models import Tag
from notices.forms.dates import ClockField
from notices.models import Release


class AudienceForm(forms.Form):
    """All pharmacies, those of chosen districts, or those with a tag.

    Whoever unticks a district under 「すべて」 means the others: the scope follows the ticks, and `narrowed` says so.
    Whoever unticks all of them has chosen nobody yet.
    """

    through_districts = forms.TypedChoiceField(
        label="届け方",
        required=False,
        coerce=bool,
        empty_value=False,
        widget=forms.RadioSelect,
        choices=[
            ("", "薬局にも、県から直接届ける"),
            ("yes", "地区を通して届ける（県からは地区だけに送り、地区の文書で会員に届く）"),
        ],
    )
    scope = forms.ChoiceField(label="対象", widget=forms.RadioSelect, choices=Release.Scope)
    districts = forms.ModelMultipleChoiceField(label="地区", queryset=None, required=False)
    tags = forms.ModelMultipleChoiceField(
        label="区分",
        queryset=Tag.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, choice: dict[str, Any], follows_up: bool = False, **kwargs: Any) -> None:
        """`follows_up`: the draft is a 再周知, which may be for those who have not done yet what was asked."""
        every = tree.districts().current()
        initial = choice if choice["scope"] == Release.Scope.DISTRICTS else choice | {"districts": every}
        initial |= {"through_districts": "yes" if choice["through_districts"] else ""}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["districts"].queryset = every
        self.narrowed = False
        first = [Release.Scope.OPEN] if follows_up else []
        others = [scope for scope in Release.Scope if scope != Release.Scope.OPEN]
        self.fields["scope"].choices = [(scope.value, scope.label) for scope in [*first, *others]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        scope, districts = cleaned.get("scope"), cleaned.get("districts")
        if districts is None:
            return cleaned
        if scope == Release.Scope.ALL and len(districts) < self.fields["districts"].queryset.count():
            cleaned["scope"] = scope = Release.Scope.DISTRICTS
            self.narrowed = True
        if scope == Release.Scope.DISTRICTS and not districts:
            self.add_error("districts", "地区を 1 つ以上選んでください")
        if scope == Release.Scope.TAGS and not cleaned.get("tags"):
            self.add_error("tags", "区分を 1 つ以上選んでください")
        return cleaned

    def choice(self) -> dict[str, Any]:
        """Scope, districts, tags and way as they stand in the form, right or wrong."""
        if self.is_bound:
            self.is_valid()
            found = {name: self.cleaned_data.get(name) for name in self.fields}
        else:
            found = self.initial
        return {
            "scope": found["scope"] or Release.Scope.ALL,
            "districts": list(found["districts"] or []),
            "tags": list(found["tags"] or []),
            "through_districts": bool(found["through_districts"]),
        }


class ReleaseForm(forms.Form):
    """The last question before what cannot be undone."""

    sure = forms.BooleanField(
        label="文面と宛先を確かめました。発出すると取り消せないことを分かっています。",
        error_messages={"required": "確かめたら、印を付けてください"},
    )


class ScheduleForm(forms.Form):
    """When a draft is to be released by itself. `asks` adds the question whether a letter's own date may stay."""

    day = WarekiDateField(label="発出する日", coming=True)
    clock = ClockField(label="時刻", initial=dt.time(9, 0), help_text="「9:00」のように")
    on_another_day = forms.BooleanField(
        label="文書の日付と違う日に発出します。日付は文書のままでよいことを確かめました。", required=False
    )
    sure = forms.BooleanField(
        label="文面と宛先を確かめました。その時刻になると発出されることを分かっています。",
        error_messages={"required": "確かめたら、印を付けてください"},
    )

    def __init__(self, *args: Any, **choices: Any) -> None:
        super().__init__(*args, auto_id="schedule_%s", **choices)
        self.asks_about_the_date = "on_another_day" in self.data
        self.is_over = False

    @property
    def when(self) -> dt.datetime:
        """The moment in Tokyo; only of a valid form."""
        return timezone.make_aware(dt.datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"]))
