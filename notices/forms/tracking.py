"""What recipients fill in. Free text is screened for secrets: refused, and given back masked."""

import unicodedata
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from members import contacts
from members.forms.addresses import NumberField
from members.forms.screened import MaskedBack, ScreenedField
from members.secrets import find_secret
from notices.models import Step


class NameForm(MaskedBack):
    name = ScreenedField(
        label="お名前（任意）",
        max_length=100,
        required=False,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class TickForm(forms.Form):
    step = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    done = forms.BooleanField(required=False)


class DeviceForm(forms.Form):
    device = forms.ChoiceField(choices=Step.Device)


class NotApplicableForm(MaskedBack):
    OTHER = "other"
    REASONS = ["対象となる業務を行っていない", "対象となる設備・機器がない", "休業中、または閉局の予定"]

    reason = forms.ChoiceField(
        label="理由",
        choices=[*((reason, reason) for reason in REASONS), (OTHER, "その他")],
        widget=forms.RadioSelect(attrs={"class": "in-rows"}),
        error_messages={"required": "理由を選んでください。"},
    )
    other = ScreenedField(label="その他の理由", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("reason") == self.OTHER and not cleaned.get("other") and "other" not in self.errors:
            self.add_error("other", "「その他」のときは、理由を書いてください。")
        return cleaned

    @property
    def words(self) -> str:
        """The reason as it is kept."""
        reason = self.cleaned_data["reason"]
        return self.cleaned_data["other"] if reason == self.OTHER else reason


class CallBackField(NumberField):
    """A telephone number; what else is typed there is screened like any other text."""

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"})

    def clean(self, value: Any) -> str:
        if reason := find_secret(value or ""):
            raise forms.ValidationError(reason, code="secret")
        return super().clean(value)


class HelpForm(MaskedBack):
    step = forms.TypedChoiceField(label="困っている手順", required=False, coerce=int, empty_value=None)
    note = ScreenedField(
        label="くわしく（任意）",
        max_length=2000,
        required=False,
        help_text="パスワードやコードは書かないでください。",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    telephone = CallBackField(label="折り返しの電話（任意）", what="電話番号", required=False)

    def __init__(self, steps: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        """`steps`: the recipient's steps as choices; without any, the question is about the notice as a whole."""
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [("", "どれか分からない・全体のこと"), *steps]
        if not steps:
            del self.fields["step"]

    def words(self, registered: str) -> str:
        """What was written, with the number to call back where that is not the `registered` one."""
        note, telephone = self.cleaned_data["note"], self.cleaned_data["telephone"]
        if not telephone or contacts.digits(telephone) == contacts.digits(registered):
            return note
        # In front: behind the word パスワード a number would pass for one.
        return f"折り返しの電話：{telephone}\n{note}".strip()


class ClosingForm(forms.Form):
    help = forms.IntegerField(min_value=1, max_value=2**63 - 1)


class TypedAddressField(forms.CharField):
    """An e-mail address as people type it: full-width signs count as half-width ones."""

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFKC", super().to_python(value)).strip()


class AddressForm(forms.Form):
    """To which address a new personal address goes. Odd ones of Japanese carriers (a..b@…) exist and count."""

    email = TypedAddressField(
        label="登録してあるメールアドレス",
        max_length=254,
        validators=[
            RegexValidator(
                r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "メールアドレスの形ではありません。@ の前後を見直してください。"
            )
        ],
        error_messages={"required": "メールアドレスを入れてください。"},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "form-control-lg"}),
    )


class AnswerForm(MaskedBack):
    answer = ScreenedField(
        label="回答",
        max_length=4000,
        help_text="薬局の画面にそのまま出ます。",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "回答を書いてください。"},
    )


class AddressChoiceForm(forms.Form):
    """To which of the recipient's registered addresses."""

    address = forms.ChoiceField(
        label="送り先",
        widget=forms.RadioSelect(attrs={"class": "in-rows"}),
        error_messages={"required": "送り先を選んでください。"},
    )

    def __init__(self, addresses: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].choices = [(address, address) for address in addresses]
        self.fields["address"].initial = addresses[0] if addresses else None
