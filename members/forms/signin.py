"""Forms of signing in."""

from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from django import forms

from members.contacts import narrowed
from members.forms.addresses import check_mail_address
from members.forms.factors import typed_digits


class TypedEmailField(forms.CharField):
    """An e-mail address as people type it: full-width signs count as half-width ones, dots stand where they may."""

    def clean(self, value: Any) -> str:
        address = super().clean(narrowed(value or ""))
        check_mail_address(address)
        return address


class RequestCodeForm(RequestLoginCodeForm):
    """Asks for the address to which the code is sent."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = TypedEmailField(
            label="メールアドレス",
            max_length=254,
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
        self.cleaned_data["code"] = typed_digits(self.cleaned_data["code"])
        return super().clean_code()
