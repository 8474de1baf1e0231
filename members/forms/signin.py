"""Forms of signing in."""

import unicodedata
from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from django import forms


class TypedEmailField(forms.EmailField):
    """An e-mail address as people type it: full-width signs count as half-width ones."""

    def to_python(self, value: Any) -> str:
        return super().to_python(unicodedata.normalize("NFKC", value or ""))


class RequestCodeForm(RequestLoginCodeForm):
    """Asks for the address to which the code is sent."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = TypedEmailField(
            label="メールアドレス",
            help_text="県薬剤師会に登録したアドレス",
            widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "autofocus": True}),
        )


class ConfirmCodeForm(ConfirmLoginCodeForm):
    """Asks for the six digits."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = "6 桁のコード"
        field.widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "class": "code-boxes"}
        )

    def clean_code(self) -> str:
        """Full-width digits and spaces count as the digits they show."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        self.cleaned_data["code"] = "".join(typed.split())
        return super().clean_code()
