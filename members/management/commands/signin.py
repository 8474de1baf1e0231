"""`manage.py signin EMAIL…`: one-time sign-in addresses for operators."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from members.models import Account
from members.signin import make_pass


class Command(BaseCommand):
    help = "Print a one-time sign-in address for each account (24 hours, recorded in the history)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("emails", nargs="+", metavar="EMAIL")

    def handle(self, *, emails: list[str], **options: Any) -> None:
        for account in [self._account(email) for email in emails]:
            self.stdout.write(settings.SITE_URL + reverse("signin_pass", args=[make_pass(account)]))

    def _account(self, email: str) -> Account:
        try:
            account = Account.objects.get(email__iexact=email)
        except Account.DoesNotExist:
            raise CommandError(f"No account with the address {email}.") from None
        if not account.is_active:
            raise CommandError(f"The account {email} is disabled.")
        return account
