"""Inviting somebody, and what staff do with notices."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from members.forms.addresses import MailAddressField, SuggestingForm
from members.forms.same_person import SamePersonForm
from members.models import Account, Capacity
from members.models.account import DUTIES, STAFF_ROLES, Role
from members.names import is_blank

NAME_LENGTH = Account._meta.get_field("name").max_length
LINK = re.compile(r"://|www\.|@", re.IGNORECASE)


class DutiesField(forms.MultipleChoiceField):
    """起案, 決裁, 発出."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **more: Any) -> None:
        named = [(duty, Capacity._meta.get_field(duty).verbose_name) for duty in DUTIES]
        super().__init__(label="担当", choices=named, required=False, **more)


class DutiesForm(forms.Form):
    """The duties of one member of the staff."""

    duties = DutiesField()

    def __init__(self, data: Any = None, *, capacity: Capacity) -> None:
        held = [duty for duty in DUTIES if getattr(capacity, duty)]
        super().__init__(data, initial={"duties": held}, auto_id=f"capacity_{capacity.pk}_%s")
        self.capacity = capacity


def check_name(name: str) -> str:
    """A name as it may stand in a mail to a stranger, where nothing else may stand. Raises ValidationError."""
    if is_blank(name):
        raise ValidationError("目に見える文字がありません。氏名を入れてください")
    if any(unicodedata.category(sign) == "Cc" for sign in name) or LINK.search(unicodedata.normalize("NFKC", name)):
        raise ValidationError("氏名だけを入れてください。改行やURLは入れられません")
    return name


class AccountForm(SuggestingForm):
    """Name and address of an account, as they should be. The name is kept to the byte."""

    name = forms.CharField(label="氏名", max_length=NAME_LENGTH)
    email = MailAddressField(label="メールアドレス", help_text="サインインのコードが、このアドレスに届きます。")

    def clean_name(self) -> str:
        return check_name(self.cleaned_data["name"])


class InvitationForm(SamePersonForm):
    """Somebody who is to act for an organisation. The name is kept to the byte."""

    name = forms.CharField(label="氏名", max_length=NAME_LENGTH)
    email = MailAddressField(label="メールアドレス", help_text="サインインのコードが、このアドレスに届きます。")
    role = forms.ChoiceField(label="役割")
    duties = DutiesField(help_text="通知の作成・決裁・発出のうち、この人が受け持つもの。あとから変えられます。")

    def __init__(self, data: Any = None, *, roles: Sequence[Role], by_staff: bool) -> None:
        super().__init__(data)
        self.ask_whose(asking=by_staff)
        self.roles = roles
        self.fields["role"].choices = [(role, role.label) for role in roles]
        if len(roles) == 1:
            del self.fields["role"]
        if not set(STAFF_ROLES) & set(roles):
            del self.fields["duties"]

    def clean_name(self) -> str:
        return check_name(self.cleaned_data["name"])

    @property
    def chosen_role(self) -> Role:
        return Role(self.cleaned_data.get("role") or self.roles[0])

    @property
    def chosen_duties(self) -> list[str]:
        """Nobody but staff has any, whatever was ticked."""
        return self.cleaned_data["duties"] if self.chosen_role in STAFF_ROLES else []
