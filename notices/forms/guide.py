"""Entering the set-up steps: quickly as lines, then row by row."""

from typing import Any

from django import forms
from django.forms import formset_factory

from members.numerals import to_number
from notices.letters.guide import StepLine, read_lines
from notices.models import Notice, Step

HINTS = {
    Step.Group.PC: "1 行に 1 手順。「手順｜補足」と書くと、補足が付きます",
    Step.Group.DEVICE: "タブレットなどの端末でする手順",
    Step.Group.REFERENCE: "済みを付けない、案内だけの行",
}
MOST = 100


class StepLinesForm(forms.Form):
    """New steps, one a line, for each group."""

    pc = forms.CharField(label="PC の手順を足す", required=False, max_length=30_000, widget=forms.Textarea)
    device = forms.CharField(label="端末の手順を足す", required=False, max_length=30_000, widget=forms.Textarea)
    reference = forms.CharField(label="参照を足す", required=False, max_length=30_000, widget=forms.Textarea)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["rows"] = 3 if name == "reference" else 5
            field.help_text = HINTS[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in self.fields:
            lines = read_lines(cleaned.get(name, ""), name)
            if any(len(line.title) > 300 or len(line.hint) > 300 for line in lines):
                self.add_error(name, "1 つの手順と補足は、それぞれ 300 字までです")
        return cleaned

    def lines(self) -> list[StepLine]:
        return [line for name in self.fields for line in read_lines(self.cleaned_data[name], name)]


class StepForm(forms.Form):
    """One step that is there already."""

    id = forms.IntegerField(widget=forms.HiddenInput)
    group = forms.ChoiceField(label="区分", choices=Step.Group)
    order = forms.CharField(label="順", max_length=5)
    title = forms.CharField(label="手順", max_length=300)
    hint = forms.CharField(label="補足", required=False, max_length=300)
    device = forms.ChoiceField(label="端末の種類", required=False, choices=[("", "すべて"), *Step.Device.choices])
    holds_secret = forms.BooleanField(label="秘密を扱う", required=False)
    remove = forms.BooleanField(label="外す", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name not in ("holds_secret", "remove", "id"):
                field.widget.attrs["aria-label"] = field.label
        for name in ("group", "order", "device"):
            self.fields[name].widget.attrs["class"] = "w-auto"
        self.fields["order"].widget.attrs |= {"inputmode": "numeric", "size": 2}

    def clean_order(self) -> int:
        number = to_number(self.cleaned_data["order"])
        if number is None:
            raise forms.ValidationError("数で入力してください")
        return number

    def line(self) -> StepLine:
        kept = {name: self.cleaned_data[name] for name in ("id", "group", "title", "hint", "device", "holds_secret")}
        return StepLine(**kept)


StepFormSet = formset_factory(StepForm, extra=0, max_num=MOST, absolute_max=MOST + 1)


def steps_of(notice: Notice) -> list[dict[str, Any]]:
    """The steps as the rows of the form set."""
    names = ("id", "group", "title", "hint", "device", "holds_secret")
    return [{name: getattr(step, name) for name in names} | {"order": step.position} for step in notice.steps.all()]
