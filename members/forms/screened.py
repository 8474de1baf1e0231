"""Free text is screened for secrets: refused, and given back masked."""

import unicodedata
from typing import Any

from django import forms

from members.secrets import find_secret, mask_secrets

INVISIBLE = {"Cf", "Cc", "Zs", "Zl", "Zp"}


class ScreenedField(forms.CharField):
    """Free text without secrets; only invisible characters count as empty."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return "" if all(unicodedata.category(char) in INVISIBLE for char in text) else text

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
