"""Forms of signing in, and of addresses in the roster."""

import datetime as dt
import re
import unicodedata
from copy import copy
from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_domain_name
from django.utils import timezone

from members import codes, tree
from members.models import Mailbox, Organisation
from members.models.organisation import Channel, Kind
from members.names import search_key
from members.roster import editing


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


# The left part of an address as mail servers take it, dots wherever they stand: a..b@docomo.ne.jp exists.
LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
ODD_DOTS = re.compile(r"^\.|\.\.|\.$")
TELEPHONE_NUMBER = re.compile(r"0\d{9,10}", re.ASCII)
DOTS_MAY_FAIL = "「.」が続くか端にあるアドレスです。登録しましたが、届かないことがあります。"


def narrowed(text: str) -> str:
    """Full-width letters and signs as half-width ones, without what cannot be seen."""
    folded = unicodedata.normalize("NFKC", text).replace("。", ".")
    return "".join(sign for sign in folded if unicodedata.category(sign) != "Cf").strip()


def check_mail_address(address: str) -> None:
    """Raises ValidationError, with the reason in plain words, for what no mail can be sent to."""
    if any(unicodedata.category(sign).startswith(("C", "Z")) for sign in address):
        raise ValidationError("改行や空白は入れられません。アドレスを1つだけ入れてください")
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        raise ValidationError("「@」の前と後ろが揃っていません。例：yakkyoku@mail.example")
    if domain.endswith("."):
        raise ValidationError("アドレスの最後に「.」が付いています。取ってください")
    if '"' in local:
        raise ValidationError('「@」より前を引用符（"）で囲んだアドレスには、このサイトからは送れません')
    if not LOCAL_PART.fullmatch(local):
        raise ValidationError("「@」より前に使えるのは、半角の英数字と記号だけです")
    try:
        validate_domain_name(domain)
        domain.encode("idna")
    except (ValidationError, UnicodeError) as error:
        words = f"「@」より後ろの「{domain}」は、メールの宛先になりません。綴りを確かめてください"
        raise ValidationError(words) from error


class MailAddressField(forms.CharField):
    """An e-mail address of the roster. One in full width is not taken over silently: the half-width form is offered."""

    widget = forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off", "autocapitalize": "none"})

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=Mailbox._meta.get_field("address").max_length, **more)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        suggested = narrowed(typed)
        check_mail_address(suggested)
        if suggested != typed:
            raise ValidationError(
                "全角の文字が入っています。半角の「%(suggested)s」に直しました。よければ、もう一度押してください",
                code="suggested",
                params={"suggested": suggested},
            )
        return typed


class NumberField(forms.CharField):
    """A telephone or FAX number with or without hyphens, in any width."""

    def __init__(self, *, what: str, **more: Any) -> None:
        super().__init__(max_length=Organisation._meta.get_field("fax").max_length, **more)
        self.what = what

    def clean(self, value: Any) -> str:
        number = re.sub("[‐−–—ー]", "-", narrowed(super().clean(value)))
        if number and not TELEPHONE_NUMBER.fullmatch(re.sub("[-() ]", "", number)):
            raise ValidationError(f"{self.what}は、市外局番から数字10けたか11けたで入れてください。例：092-000-0100")
        return number


class AddressForm(forms.Form):
    """The new address of an organisation: an e-mail address, or a FAX number."""

    address = MailAddressField(label="新しいメールアドレス")

    def __init__(self, *args: Any, channel: str = Channel.EMAIL, old: str = "", **more: Any) -> None:
        """`old` is the address that does not work."""
        super().__init__(*args, **more)
        self.old = old
        if channel == Channel.FAX:
            self.fields["address"] = NumberField(label="新しいFAX番号", what="FAX番号")

    def clean_address(self) -> str:
        address = self.cleaned_data["address"]
        if address.lower() == self.old.lower():
            raise ValidationError("届かなかった宛先と同じです。このままでよければ「このまま使う」を押してください")
        return address

    def add_error(self, field: str | None, error: Any) -> None:
        """What is suggested instead of what was typed stands in the field."""
        super().add_error(field, error)
        if suggested := next((one.params["suggested"] for one in _each(error) if one.code == "suggested"), None):
            self.data = self.data.copy()
            self.data[self.add_prefix("address")] = suggested

    @property
    def warning(self) -> str:
        """What to say about a valid address that may not work after all."""
        local = self.cleaned_data["address"].rpartition("@")[0]
        return DOTS_MAY_FAIL if ODD_DOTS.search(local) else ""


def _each(error: Any) -> list[ValidationError]:
    return error.error_list if isinstance(error, ValidationError) and hasattr(error, "error_list") else []


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

    def __init__(self, data: Any = None, *, organisation: Organisation) -> None:
        super().__init__(data, instance=copy(organisation), initial={"seen": editing.state_of(organisation)})
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
        if not search_key(self.cleaned_data["name"]):
            raise ValidationError("目に見える文字がありません。名称を入れてください")
        return self.cleaned_data["name"]

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

    def clean_left_on(self) -> dt.date | None:
        joined, left = self.cleaned_data.get("joined_on"), self.cleaned_data["left_on"]
        if left and left > timezone.localdate():
            raise ValidationError("先の日付です。退会した日になってから入れてください")
        if joined and left and joined > left:
            raise ValidationError("入会日より前の日付です。どちらかを直してください")
        return left

    def clean_postal_code(self) -> str:
        digits = re.sub("[-‐−–—ー〒 ]", "", narrowed(self.cleaned_data["postal_code"]))
        if digits and not re.fullmatch(r"\d{7}", digits, re.ASCII):
            raise ValidationError("郵便番号は、数字7けたで入れてください。例：810-0001")
        return f"{digits[:3]}-{digits[3:]}" if digits else ""

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, by the names of the roster's fields."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    @property
    def warnings(self) -> list[str]:
        """What to say about values that are taken and may be wrong after all."""
        code = self.cleaned_data.get("code", "")
        if "code" in self.changed_data and code and not codes.check_digit_fits(code):
            return [f"薬局コード {code} は、検証番号が合いません。打ち間違いがないか、確かめてください。"]
        return []


def _without(kind: str) -> set[str]:
    """What is not kept of organisations of this kind."""
    if kind == Kind.PHARMACY:
        return {"short_name"}
    if kind == Kind.ISSUER:
        return {"parent", "kana", "code", "tags", "joined_on", "left_on", "channel", "fallback", "fax", "postal_code"}
    return {"parent", "code", "tags", "joined_on", "left_on"}
