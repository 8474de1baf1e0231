"""Signing in: by a code sent to the account's address, by a passkey, or by an operator's one-time pass."""

import datetime as dt
import hashlib
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.webauthn.internal.flows import did_use_passwordless_login
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from members import access, history
from members.accounts import factors
from members.afterwards import afterwards
from members.history import Actor
from members.models import Account, Capacity, SigninPass

PASS_LIFETIME = dt.timedelta(hours=24)
CAPACITY_KEY = "capacity"


class AccountAdapter(DefaultAccountAdapter):
    """allauth as this site uses it: accounts are made from the roster, never by signing up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": "コードが違います。メールに届いた 6 桁をもう一度入れてください。",
        "too_many_login_attempts": (
            "短い間に何度も試されたため、やり直しになりました。しばらくしてから、もう一度コードを送ってください。"
        ),
        "rate_limited": "短い間に何度も送られました。1 分ほど待ってから、もう一度送ってください。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def generate_login_code(self) -> str:
        """Six digits, as people expect to type them."""
        return f"{secrets.randbelow(1_000_000):06d}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """After the answer, which takes as long where an address is not registered and nothing is sent."""
        message = self.render_mail(template_prefix, email, {"request": self.request, "email": email} | context)
        afterwards(self.request, message.send)

    @transaction.atomic
    def login(self, request: HttpRequest, user: Account) -> None:
        """After the code and, where the account has one, a second factor; or after a passkey, which is both."""
        super().login(request, user)
        by_passkey = did_use_passwordless_login(request, user)
        if not by_passkey:
            Account.objects.filter(pk=user.pk, verified_at=None).update(verified_at=timezone.now())
        history.record("account.signed_in", user, actor=Actor(user), how="passkey" if by_passkey else "code")


def wants_second_factor(request: HttpRequest, capacity: Capacity | None) -> bool:
    """Staff act only in a session in which a second factor was shown; nobody else is asked for one."""
    return access.is_staff(capacity) and not factors.is_shown(request)


def current_capacity(request: HttpRequest, account: Account | None) -> Capacity | None:
    """The capacity the session has chosen, or the account's first; None for nobody or an account without any."""
    if account is None:
        return None
    capacities = account.capacities.current().select_related("organisation")
    chosen = request.session.get(CAPACITY_KEY)
    return (capacities.filter(pk=chosen).first() if chosen else None) or capacities.first()


def choose_capacity(request: HttpRequest, account: Account, capacity_id: int) -> Capacity:
    """Act in another of one's own capacities from now on. Raises Capacity.DoesNotExist for anybody else's."""
    capacity = account.capacities.current().select_related("organisation").get(pk=capacity_id)
    request.session[CAPACITY_KEY] = capacity.pk
    return capacity


def digest_of(token: str) -> str:
    """What is stored of a pass: SHA-256 in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_pass(account: Account) -> str:
    """A one-time sign-in token for an operator with shell access; recorded. Only its digest is stored."""
    token = secrets.token_urlsafe(24)
    made = SigninPass.objects.create(
        account=account, digest=digest_of(token), expires_at=timezone.now() + PASS_LIFETIME
    )
    history.record("account.signin_pass_made", account, expires=made.expires_at.isoformat())
    return token


def find_pass(token: str) -> SigninPass | None:
    """The unused, unexpired pass of an active account, without using it up."""
    usable = SigninPass.objects.usable(timezone.now()).select_related("account")
    return usable.filter(digest=digest_of(token), account__is_active=True).first()


@transaction.atomic
def use_pass(token: str) -> Account | None:
    """Use the pass up and give its account; None when it is unknown, used or expired. Two uses at once: one wins."""
    found = find_pass(token)
    if found is None:
        return None
    taken = SigninPass.objects.filter(pk=found.pk, used_at=None).update(used_at=timezone.now())
    if not taken:
        return None
    history.record("account.signed_in", found.account, actor=Actor(found.account), how="pass")
    return found.account
