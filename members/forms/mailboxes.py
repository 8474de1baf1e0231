"""One e-mail address of an organisation, corrected against what the person saw."""

from typing import Any

from django import forms

from members.forms.addresses import AddressForm
from members.models import Mailbox


class MailboxForm(AddressForm):
    """The address as it should be."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, mailbox: Mailbox, **more: Any) -> None:
        super().__init__(*args, initial={"address": mailbox.address, "seen": mailbox.address}, **more)
        self.fields["address"].label = "メールアドレス"

    def clean_address(self) -> str:
        return self.cleaned_data["address"]
