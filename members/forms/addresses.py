"""Addresses of the roster: e-mail, telephone and FAX as people type them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from members import contacts
from members.forms.read_back import ReadBack, ReadBackField
from members.models import Mailbox, Organisation
from members.models.organisation import Channel

OTHER_MEANT = "「@{typed}」は「@{meant}」の打ち間違いではありませんか。登録しましたので、違うときは直してください。"
DOTS_MAY_FAIL = "「.」が続くか端にあるアドレスです。登録しましたが、届かないことがあります。"


def check_mail_address(address: str) -> None:
    """Raises ValidationError, with the reason in plain words, for what no mail can be sent to."""
    try:
        contacts.check_mail_address(address)
    except contacts.NotAnAddress as error:
        raise ValidationError(str(error)) from error


class MailAddressField(forms.CharField):
    """An e-mail address of the roster. One in full width is not taken over silently: the half-width form is offered."""

    bound_field_class = ReadBackField
    widget = forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off", "autocapitalize": "none"})

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=Mailbox._meta.get_field("address").max_length, **more)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        suggested = contacts.narrowed(typed)
        check_mail_address(suggested)
        if suggested != typed:
            raise ReadBack(
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
        try:
            return contacts.telephone(super().clean(value))
        except contacts.NotAnAddress as error:
            raise ValidationError(f"{self.what}は、{error}") from error


class SuggestingForm(forms.Form):
    """A form in which what is suggested instead of what was typed stands in the field."""

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, error)
        if better := suggested(error):
            self.data = self.data.copy()
            self.data[self.add_prefix(field)] = better


class AddressForm(SuggestingForm):
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

    @property
    def warning(self) -> str:
        """What to say about a valid address that may not work after all."""
        address = self.cleaned_data["address"]
        if meant := contacts.meant_domain(address):
            return OTHER_MEANT.format(typed=address.rpartition("@")[2], meant=meant)
        return DOTS_MAY_FAIL if contacts.may_fail(address) else ""


def suggested(error: Any) -> str:
    """What the error offers instead of what was typed; empty where it offers nothing."""
    each = error.error_list if isinstance(error, ValidationError) and hasattr(error, "error_list") else []
    return next((one.params["suggested"] for one in each if one.code == "suggested"), "")
