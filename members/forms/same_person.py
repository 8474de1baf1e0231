"""Asking staff first, where the address that they give a capacity is known here as that of somebody else."""

from django import forms

from members import contacts
from members.forms.addresses import SuggestingForm
from members.models import Account
from members.names import search_key


class SamePersonForm(SuggestingForm):
    """A form with `name` and `email`; whose the address is, is asked where it has an account of another name.

    The question names the account, so that an answer does not stand when the address is changed afterwards.
    """

    same_person = forms.ChoiceField(label="このアドレスの人", widget=forms.RadioSelect)

    def ask_whose(self, *, asking: bool) -> None:
        """Keep the question where it is to be asked; to be called with the form's data in place."""
        account = self._known_account() if asking else None
        if account is None:
            del self.fields["same_person"]
            return
        field = self.fields["same_person"]
        field.choices = [(account.pk, f"{account}さんに、この立場を加える")]
        question = (
            f"このアドレスは、{_told(account)}のアカウントです。まだ何も変えていません。この人でよければ選んで、"
            "もう一度押してください。別の人なら、アドレスを直してください"
        )
        field.error_messages = {"required": question, "invalid_choice": question}

    def _known_account(self) -> Account | None:
        """The account that has the typed address and another name than the typed one."""
        email = contacts.narrowed(self.data.get("email", "")).strip()
        account = Account.objects.filter(email__iexact=email, is_active=True).with_standing().first()
        same = account and (not account.name or _bare(account.name) == _bare(self.data.get("name", "")))
        return None if same else account


def _bare(name: str) -> str:
    return search_key(name).replace(" ", "")


def _told(account: Account) -> str:
    """「髙栁 誠さん（白鷺地区薬剤師会・地区会長）」."""
    acting = "、".join(f"{one.organisation.name}・{one.get_role_display()}" for one in account.standing)
    return f"{account}さん（{acting}）" if acting else f"{account}さん"
