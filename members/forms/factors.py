"""Showing a second factor, and setting one up."""

import struct
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError

from members.accounts import factors
from members.models import Account

WRONG_CODE = "コードが違うか、使い終わったコードです。アプリに出ている新しい数字を入れてください"
DIGITS = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code-boxes"}


def typed_digits(text: str) -> str:
    """Full-width digits and spaces count as the digits they show."""
    return "".join(unicodedata.normalize("NFKC", text).split())


class CodeField(forms.CharField):
    """A code as people type it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=40, widget=forms.TextInput(attrs=DIGITS), **more)

    def clean(self, value: Any) -> str:
        return typed_digits(super().clean(value))


class SecondFactorForm(AuthenticateForm):
    """A code of the app, or a recovery code. Each is taken once."""

    code = CodeField(label="認証アプリの数字、または回復コード")

    def clean_code(self) -> str:
        try:
            code = super().clean_code()
        except ValidationError as error:
            raise (ValidationError(WRONG_CODE) if error.code == "incorrect_code" else error) from error
        if not factors.first_use(self.user, code):
            raise ValidationError(WRONG_CODE)
        return code


class AppForm(forms.Form):
    """The first code of an app, with the secret that it was made from, sealed."""

    sealed = forms.CharField(widget=forms.HiddenInput)
    code = CodeField(label="アプリに出ている 6 桁の数字")

    def __init__(self, *args: Any, account: Account, **more: Any) -> None:
        super().__init__(*args, **more)
        self.account = account

    @property
    def secret(self) -> str | None:
        """What the app was given; None where that was long ago."""
        return factors.opened(self.account, self.data.get("sealed", ""))

    def clean_code(self) -> str:
        clear = check_rate_limit(self.account, error_key="too_many_login_attempts")
        code = self.cleaned_data["code"]
        if self.secret is None:
            raise ValidationError("時間がたったので、QRコードを新しくしました。読み取り直してください")
        if not validate_totp_code(self.secret, code) or not factors.first_use(self.account, code):
            raise ValidationError(WRONG_CODE)
        clear()
        return code


@contextmanager
def readable() -> Iterator[None]:
    """What a browser says of a passkey has a form of its own; anything else that somebody sends is refused in words."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError, struct.error) as error:
        raise ValidationError("パスキーを確かめられませんでした。もう一度お試しください") from error


class PasskeyForm(AddWebAuthnForm):
    """A passkey that the browser has just made."""

    passwordless = None
    name = forms.CharField(
        label="名前", max_length=60, required=False, help_text="どの端末のものか、あとで分かるように"
    )

    def clean(self) -> dict[str, Any]:
        with readable():
            return super().clean()


class SecondPasskeyForm(AuthenticateWebAuthnForm):
    """A passkey that is shown after the code of the mail."""

    def clean_credential(self) -> Authenticator:
        with readable():
            return super().clean_credential()


class PasskeySigninForm(LoginWebAuthnForm, SecondPasskeyForm):
    """A passkey that is shown instead of it."""


class PasskeyAgainForm(ReauthenticateWebAuthnForm, SecondPasskeyForm):
    """A passkey that is shown once more."""
