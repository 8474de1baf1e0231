"""Addresses of the roster: e-mail, telephone and FAX as people type them."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_domain_name

from members.models import Mailbox, Organisation
from members.models.organisation import Channel

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
        if not typed:
            return ""
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
