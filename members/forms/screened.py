"""Free text is screened for secrets: refused, and given back masked."""

from typing import Any

from django import forms

from members.names import is_blank
from members.secrets import find_secret, mask_secrets


class ScreenedField(forms.CharField):
    """Free text without secrets; what shows nothing counts as empty."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return "" if is_blank(text) else text

    def validate(self, value: str) -> None:
        super().validate(value)
        if reason := find_secret(value):
            raise forms.ValidationError(reason, code="secret")


class MaskedBack(forms.Form):
    """A form that gives refused secrets back masked and everything else as it was typed."""

    def full_clean(self) -> None:
        super().full_clean()
        for name, errors in self.errors.as_data().items():
            if any(error.code == "secret" for error in errors):
                self.data = self.data.copy()
                self.data[self.add_prefix(name)] = mask_secrets(self.data[self.add_prefix(name)])

    @property
    def was_masked(self) -> bool:
        return any(error.code == "secret" for errors in self.errors.as_data().values() for error in errors)
