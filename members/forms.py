"""Forms of signing in."""

import unicodedata

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from django import forms


class RequestCodeForm(RequestLoginCodeForm):
    """Asks for the address to which the code is sent."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["email"]
        field.label = "メールアドレス"
        field.widget = forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "autofocus": True})
        field.help_text = "県薬剤師会に登録したアドレス"


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
