"""Forms of signing in."""

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from django import forms


class RequestCodeForm(RequestLoginCodeForm):
    """Asks for the address to which the code is sent."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["email"]
        field.label = "メールアドレス"
        field.widget = forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "autofocus": True})
        field.help_text = "会に登録してあるアドレス"


class ConfirmCodeForm(ConfirmLoginCodeForm):
    """Asks for the six digits."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.label = "確認コード（数字6けた）"
        field.widget = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True, "class": "code-boxes"}
        )
