"""Reading a roster's file in: the file, what its columns hold, and what becomes of pharmacies that it lacks."""

from typing import Any

from django import forms
from django.conf import settings

from members.models import RosterLoad
from members.roster.loading.headings import HEADINGS, LABELS, Layout

UNUSED = "使わない"
Removal = RosterLoad.Removal
REMOVALS = {
    Removal.NONE: "退会にしない（いまのまま）",
    Removal.DISTRICTS: "退会にする。ただし、ファイルに薬局が1つでもある地区だけ",
    Removal.ALL: "退会にする。ファイルに出てこない地区の薬局も、すべて",
}


class LoadForm(forms.Form):
    """The file of a roster."""

    file = forms.FileField(
        label="名簿のファイル",
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        limit = settings.ROSTER_MAX_BYTES // 1024 // 1024
        self.fields["file"].help_text = f"Excel（.xlsx、.xls）か CSV、{limit} MB まで。選んでも、まだ名簿は変わりません"


class ColumnsForm(forms.Form):
    """What each column holds, who leaves, and whether an empty cell empties the value."""

    removal = forms.ChoiceField(label="ファイルにない薬局は", choices=list(REMOVALS.items()), widget=forms.RadioSelect)
    clears = forms.TypedChoiceField(
        label="空欄のセルは",
        choices=[("", "いまの登録を残す"), ("yes", "いまの登録を消す")],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None, *, load: RosterLoad, layout: Layout, samples: dict[int, list[str]]) -> None:
        super().__init__(data, initial={"removal": load.removal, "clears": "yes" if load.clears else ""})
        self.layout = layout
        choices = [("", UNUSED), *((name, LABELS[name]) for name in HEADINGS)]
        for column in layout.columns:
            examples = "、".join(samples.get(column.place, [])) or "（空欄）"
            self.fields[f"column_{column.place}"] = forms.ChoiceField(
                label=f"{column.letter}列　{column.heading or '（見出しなし）'}",
                help_text=f"例：{examples}",
                choices=choices,
                required=False,
                initial=column.field,
            )

    @property
    def columns(self) -> dict[int, str]:
        """What was chosen, by the column's place."""
        return {column.place: self.cleaned_data[f"column_{column.place}"] for column in self.layout.columns}

    @property
    def column_fields(self) -> list[forms.BoundField]:
        """The columns' own fields, in their order."""
        return [self[f"column_{column.place}"] for column in self.layout.columns]
