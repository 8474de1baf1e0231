"""What the roster says of one organisation."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from copy import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from members import codes, contacts, tree
from members.forms.addresses import NumberField
from members.forms.officers import EARLIEST, TOO_EARLY
from members.models import Organisation
from members.models.organisation import Channel, Kind
from members.names import is_blank
from members.roster import editing


class OrganisationForm(forms.ModelForm):
    """What the roster says of one organisation. Texts are kept as they were typed, numbers and codes in half width."""

    seen = forms.CharField(widget=forms.HiddenInput)
    code = forms.CharField(label="薬局コード", required=False, max_length=40)
    telephone = NumberField(label="電話", what="電話番号", required=False)
    fax = NumberField(label="FAX", what="FAX番号", required=False)

    class Meta:
        model = Organisation
        fields = [
            *("name", "short_name", "kana", "parent", "code", "postal_code", "address", "telephone", "fax"),
            *("channel", "fallback", "tags", "joined_on", "left_on"),
        ]
        widgets = {
            "tags": forms.CheckboxSelectMultiple,
            "joined_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "left_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = editing.LABELS
        help_texts = {
            "name": "",
            "parent": "移すと、移した先の会長がこの薬局を見ます。発出済みの通知は、前の地区のままです。",
            "fallback": "決めないときは、発出のときに登録のある方法で届けます。",
            "left_on": "入れると、これからの発出の宛先になりません。消すと、元に戻ります。",
        }

    def __init__(self, data: Any = None, *, organisation: Organisation, **initial: Any) -> None:
        initial["seen"] = editing.state_of(organisation) if organisation.pk else ""
        super().__init__(data, instance=copy(organisation), initial=initial)
        for name in _without(organisation.kind):
            del self.fields[name]
        if "parent" in self.fields:
            self.fields["parent"] = forms.ModelChoiceField(
                tree.districts().current() | Organisation.objects.filter(pk=organisation.parent_id),
                label=self.fields["parent"].label,
                help_text=self.fields["parent"].help_text,
                empty_label=None,
            )
        if "fallback" in self.fields:
            self.fields["fallback"].choices = [("", "決めない"), *Channel.choices]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if is_blank(name):
            raise ValidationError("目に見える文字がありません。名称を入れてください")
        issuers = Organisation.objects.filter(kind=Kind.ISSUER, name=name).exclude(pk=self.instance.pk)
        if self.instance.kind == Kind.ISSUER and issuers.exists():
            raise ValidationError("同じ名前の発出元が、もう登録されています")
        return name

    def clean_code(self) -> str:
        if not self.cleaned_data["code"]:
            return ""
        try:
            code = codes.read(self.cleaned_data["code"])
        except codes.NotACode as error:
            raise ValidationError(str(error)) from error
        if holder := Organisation.objects.filter(code=code).exclude(pk=self.instance.pk).first():
            raise ValidationError(f"この薬局コードは、{holder.name}に登録されています")
        return code

    def clean_joined_on(self) -> dt.date | None:
        joined = self.cleaned_data["joined_on"]
        if joined and joined < EARLIEST:
            raise ValidationError(TOO_EARLY)
        return joined

    def clean_left_on(self) -> dt.date | None:
        joined, left = self.cleaned_data.get("joined_on"), self.cleaned_data["left_on"]
        if left and left < EARLIEST:
            raise ValidationError(TOO_EARLY)
        if left and left > timezone.localdate():
            raise ValidationError("先の日付です。退会した日になってから入れてください")
        if joined and left and joined > left:
            raise ValidationError("入会日より前の日付です。どちらかを直してください")
        return left

    def clean_kana(self) -> str:
        """A reading is the same in any width; it is kept in the one that people expect."""
        return unicodedata.normalize("NFKC", self.cleaned_data["kana"])

    def clean_fallback(self) -> str:
        if self.cleaned_data["fallback"] and self.cleaned_data["fallback"] == self.cleaned_data.get("channel"):
            raise ValidationError("届け方と同じです。別の届け方を選ぶか、「決めない」にしてください")
        return self.cleaned_data["fallback"]

    def clean_postal_code(self) -> str:
        try:
            return contacts.postal_code(self.cleaned_data["postal_code"])
        except contacts.NotAnAddress as error:
            raise ValidationError(str(error)) from error

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, by the names of the roster's fields."""
        return {name: value for name, value in self.cleaned_data.items() if name in self._meta.fields}

    @property
    def warnings(self) -> list[str]:
        """What to say about values that are taken and may be wrong after all."""
        return [*self._about_code(), *self._about_ways()]

    def _about_code(self) -> Iterator[str]:
        code = self.cleaned_data.get("code", "")
        if "code" in self.changed_data and code and not codes.check_digit_fits(code):
            yield f"薬局コード {code} は、検証番号が合いません。打ち間違いがないか、確かめてください。"

    def _about_ways(self) -> Iterator[str]:
        for name in ("channel", "fallback"):
            way = self.cleaned_data.get(name, "")
            if self.instance.lacks(way):
                what = "FAX番号" if way == Channel.FAX else "住所"
                yield f"{Channel(way).label}で届ける設定ですが、{what}の登録がありません。{what}を入れてください。"


class NewOrganisationForm(OrganisationForm):
    """An organisation that is not in the roster yet. `namesakes` are the ids of those alike that were shown."""

    seen = None
    namesakes = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, kind: Kind, district: Organisation | None = None) -> None:
        super().__init__(data, organisation=Organisation(kind=kind), parent=district)
        self.fields.pop("left_on", None)
        if "parent" in self.fields:
            self.fields["parent"].empty_label, self.fields["parent"].help_text = "選んでください", ""

    def clean_namesakes(self) -> set[int]:
        return {int(each) for each in re.findall(r"\d{1,18}", self.cleaned_data["namesakes"], re.ASCII)}

    def show(self, found: list[Organisation]) -> None:
        """What is alike is shown beside the form; the next press has seen it."""
        self.data = self.data.copy()
        self.data["namesakes"] = ",".join(str(each.pk) for each in found)


def _without(kind: str) -> set[str]:
    """What is not kept of organisations of this kind."""
    if kind == Kind.PHARMACY:
        return {"short_name"}
    if kind == Kind.ISSUER:
        return {"parent", "kana", "code", "tags", "joined_on", "left_on", "channel", "fallback", "fax", "postal_code"}
    return {"parent", "code", "tags", "joined_on", "left_on"}
