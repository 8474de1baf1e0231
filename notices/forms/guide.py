"""Entering the set-up steps: quickly as lines, then row by row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from members.forms.screened import MaskedBack, ScreenedField
from members.numerals import to_number
from members.secrets import find_secret, is_masked, mask_secrets
from members.uploads import pictures
from members.uploads.kinds import Kind
from members.uploads.names import clean_name
from members.uploads.refusals import UnusableFile
from notices.letters.guide import LONGEST, MOST, StepLine, read_lines
from notices.models import Notice, Step, StoredFile

HINTS = {
    Step.Group.PC: "1 行に 1 手順。「手順｜補足」と書くと、補足が付きます",
    Step.Group.OTHER: "記録・押印・掲示など、機器を使わない手順",
    Step.Group.DEVICE: "タブレットなどの端末でする手順",
    Step.Group.REFERENCE: "済みを付けない、案内だけの行",
}


class StepLinesForm(forms.Form):
    """New steps, one a line, for each group, screened for secrets: everybody reads them, and they are printed."""

    pc = forms.CharField(label="PC の手順を足す", required=False, max_length=30_000, widget=forms.Textarea)
    device = forms.CharField(label="端末の手順を足す", required=False, max_length=30_000, widget=forms.Textarea)
    other = forms.CharField(label="その他の手順を足す", required=False, max_length=30_000, widget=forms.Textarea)
    reference = forms.CharField(label="参照を足す", required=False, max_length=30_000, widget=forms.Textarea)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["rows"] = 3 if name in ("other", "reference") else 5
            field.help_text = HINTS[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in self.fields:
            lines = read_lines(cleaned.get(name, ""), name)
            if any(len(line.title) > LONGEST or len(line.hint) > LONGEST for line in lines):
                self.add_error(name, f"1 つの手順と補足は、それぞれ {LONGEST} 字までです")
            parts = (part for line in lines for part in (line.title, line.hint))
            if reason := next(filter(None, map(find_secret, parts)), None):
                self.add_error(name, reason)
                self.data = self.data.copy()
                self.data[self.add_prefix(name)] = _masked(self.data[self.add_prefix(name)])
        return cleaned

    def lines(self) -> list[StepLine]:
        return [line for name in self.fields for line in read_lines(self.cleaned_data[name], name)]


def _masked(text: str) -> str:
    parts = (line.replace("|", "｜", 1).partition("｜") for line in text.splitlines())
    return "\n".join(f"{mask_secrets(title)}{mark}{mask_secrets(hint)}" for title, mark, hint in parts)


@dataclass(frozen=True)
class Picture:
    """What was made of an upload."""

    name: str
    content: bytes
    kind: Kind


class StepForm(MaskedBack):
    """One step that is there already, with its picture."""

    id = forms.IntegerField(widget=forms.HiddenInput)
    group = forms.ChoiceField(label="区分", choices=Step.Group)
    order = forms.CharField(label="順", max_length=5)
    title = ScreenedField(label="手順", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))
    hint = ScreenedField(label="補足", required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))
    device = forms.ChoiceField(label="端末の種類", required=False, choices=[("", "すべて"), *Step.Device.choices])
    holds_secret = forms.BooleanField(label="秘密を扱う", required=False)
    remove = forms.BooleanField(label="外す", required=False)
    picture = forms.FileField(label="画像", required=False, widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}))
    picture_alt = forms.CharField(label="画像の説明", required=False, max_length=200)
    no_picture = forms.BooleanField(label="画像を外す", required=False)

    def __init__(self, *args: Any, steps: Mapping[int, Step] | None = None, **kwargs: Any) -> None:
        """`steps` are those of the draft, by their ids."""
        super().__init__(*args, **kwargs)
        self.steps = steps or {}
        for name, field in self.fields.items():
            if name in ("group", "order", "title", "hint", "device"):
                field.widget.attrs["aria-label"] = field.label
        for name in ("group", "order", "device"):
            self.fields[name].widget.attrs["class"] = "w-auto"
        self.fields["order"].widget.attrs |= {"inputmode": "numeric", "size": 2}

    def clean_order(self) -> int:
        number = to_number(self.cleaned_data["order"])
        if number is None:
            raise forms.ValidationError("数で入力してください")
        return number

    def clean_title(self) -> str:
        """In one piece, however it was typed or broken for reading."""
        return "".join(self.cleaned_data["title"].splitlines())

    def clean_hint(self) -> str:
        return "　".join(self.cleaned_data["hint"].splitlines())

    def clean_picture(self) -> Picture | None:
        """The picture, drawn anew: only that is kept."""
        file = self.cleaned_data["picture"]
        try:
            return Picture(clean_name(file.name), *pictures.cleaned(file)) if file else None
        except UnusableFile as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        shows = cleaned.get("picture") or (self.step.picture if self.step and not cleaned.get("no_picture") else None)
        if shows and not cleaned.get("picture_alt"):
            self.add_error("picture_alt", "画像に何が写っているかを書いてください。画像を見られない人に読み上げます")
        return cleaned

    @property
    def step(self) -> Step | None:
        """The step as it is; None where it was removed meanwhile."""
        return self.steps.get(to_number(str(self["id"].value())))

    @property
    def holds_masked(self) -> bool:
        """Whether the 補足 holds what was masked, on its way out of a packet or just now."""
        return is_masked(self["hint"].value() or "")

    @property
    def picture_errors(self) -> list[str]:
        return [*self["picture"].errors, *self["picture_alt"].errors]

    def line(self) -> StepLine:
        kept = {name: self.cleaned_data[name] for name in ("id", "group", "title", "hint", "device", "holds_secret")}
        return StepLine(**kept, picture=self._picture(), picture_alt=self.cleaned_data["picture_alt"])

    def _picture(self) -> StoredFile | None:
        if new := self.cleaned_data["picture"]:
            return StoredFile.objects.keep(new.content, new.name, new.kind.media_type)
        return self.step.picture if self.step and not self.cleaned_data["no_picture"] else None


StepFormSet = formset_factory(StepForm, extra=0, max_num=MOST, absolute_max=MOST + 1)


def rows_of(notice: Notice, typed: QueryDict | None, files: MultiValueDict | None = None) -> BaseFormSet:
    """A row for each of the draft's steps, with what was typed into it."""
    names = ("id", "group", "title", "hint", "device", "holds_secret", "picture_alt")
    steps = {step.pk: step for step in notice.steps.select_related("picture")}
    initial = [{name: getattr(step, name) for name in names} | {"order": step.position} for step in steps.values()]
    return StepFormSet(typed, files, initial=initial, prefix="step", form_kwargs={"steps": steps})
