"""2つ目の確認: what shows who somebody is beside the code in a mail: an app's codes, passkeys, recovery codes.

What was shown stands in the session, in allauth's list of how somebody was authenticated there. An operator's pass
stands in it, too: `manage.py signin` needs the shell, and counts as both.
"""

import base64
import datetime as dt
import hashlib
import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.internal.flows import delete_dangling_recovery_codes
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from members import history
from members.accounts import sessions
from members.history import Actor
from members.models import Account

APP, PASSKEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
NAMES = {APP: "認証アプリ", PASSKEY: "パスキー", CODES: "回復コード"}
SHOWS_IT = {"mfa", "pass"}
# A secret that is being set up is good for so long.
SETTING_UP = dt.timedelta(hours=1)
# A code of an app is good for three periods, of which it is taken once.
CODE_SECONDS = 120


class Unreadable(ValidationError):
    """A secret cannot be read: it was kept under another SECRET_KEY."""

    def __init__(self) -> None:
        super().__init__(
            "サイトの鍵が変わったため、登録してある認証アプリと回復コードは使えません。"
            "県薬剤師会の管理者に、2つ目の確認の解除を頼んでください。"
        )


class Adapter(DefaultMFAAdapter):
    """allauth.mfa as this site uses it: nothing in the database is of use without SECRET_KEY."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "確かめられませんでした。もう一度お試しください。"
    }

    def encrypt(self, text: str) -> str:
        return _vault().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises Unreadable."""
        try:
            return _vault().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise Unreadable from error

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": "周知"}

    def generate_authenticator_name(self, user: Account, type: str) -> str:
        return f"{NAMES[type]} {Authenticator.objects.filter(user=user, type=type).count() + 1}"


def _vault() -> Fernet:
    key = hashlib.sha256(b"second factors" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


# What was shown in this session --------------------------------------------------------------------------------------


def note(request: HttpRequest, account: Account, method: str = "mfa", **more: Any) -> None:
    """A second factor was shown in this session just now; `method` "pass" for an operator's address."""
    record_authentication(request, account, method, **more)


def shown_at(request: HttpRequest) -> float | None:
    """When a second factor was last shown in this session, as seconds of the epoch; None for never."""
    if not request.user.is_authenticated:
        return None
    records = get_authentication_records(request, request.user)
    return max((record["at"] for record in records if record["method"] in SHOWS_IT), default=None)


def is_shown(request: HttpRequest) -> bool:
    return shown_at(request) is not None


def is_fresh(request: HttpRequest) -> bool:
    """Whether it was shown within SECOND_FACTOR_MINUTES."""
    at = shown_at(request)
    return at is not None and time.time() - at < settings.SECOND_FACTOR_MINUTES * 60


def first_use(account: Account, code: str) -> bool:
    """Whether this code of an app was not taken before. The cache holds digests, no codes."""
    key = hashlib.sha256(f"{account.pk}:{code}".encode()).hexdigest()
    return cache.add(f"second-factor:{key}", 1, CODE_SECONDS)


# What an account has -------------------------------------------------------------------------------------------------


def of(account: Account) -> list[Authenticator]:
    """Everything that the account can show, the app first."""
    return sorted(Authenticator.objects.filter(user=account), key=lambda one: (list(NAMES).index(one.type), one.pk))


def kinds(account: Account) -> set[str]:
    return set(Authenticator.objects.filter(user=account).values_list("type", flat=True))


def new_secret(account: Account) -> tuple[str, str]:
    """A secret for an app, and the same sealed for this account, to come back with the first code of the app.

    Until then it stands nowhere but on the page.
    """
    secret = generate_totp_secret()
    return secret, _vault().encrypt(f"{account.pk}:{secret}".encode()).decode()


def opened(account: Account, sealed: str) -> str | None:
    """The sealed secret; None for another account's, for one that is too old, and for anything else."""
    try:
        text = _vault().decrypt(sealed.encode(), ttl=int(SETTING_UP.total_seconds())).decode()
    except InvalidToken:
        return None
    whose, _, secret = text.partition(":")
    return secret if whose == str(account.pk) else None


@transaction.atomic
def add_app(account: Account, secret: str, actor: Actor) -> Authenticator:
    """The app that knows the secret shows from now on who signs in, in the place of one before."""
    _lock(account)
    Authenticator.objects.filter(user=account, type=APP).delete()
    return _added(TOTP.activate(account, secret).instance, actor)


@transaction.atomic
def add_passkey(account: Account, name: str, credential: dict[str, Any], actor: Actor) -> Authenticator:
    """A passkey that was just made and checked."""
    _lock(account)
    return _added(WebAuthn.add(account, name, credential).instance, actor)


def _added(made: Authenticator, actor: Actor) -> Authenticator:
    RecoveryCodes.activate(made.user)
    history.record("account.factor_added", made.user, actor=actor, kind=made.type)
    return made


@transaction.atomic
def remove(account: Account, key: int, actor: Actor) -> None:
    """Remove one of them; with the last one the recovery codes go. Raises Authenticator.DoesNotExist."""
    _lock(account)
    found = Authenticator.objects.exclude(type=CODES).get(user=account, pk=key)
    found.delete()
    delete_dangling_recovery_codes(account)
    history.record("account.factor_removed", account, actor=actor, kind=found.type)


@transaction.atomic
def renew_recovery_codes(account: Account, actor: Actor) -> None:
    """Other recovery codes; those before open nothing any more."""
    _lock(account)
    Authenticator.objects.filter(user=account, type=CODES).delete()
    RecoveryCodes.activate(account)
    history.record("account.recovery_codes_renewed", account, actor=actor)


def recovery_codes(account: Account) -> list[str]:
    """Those that are unused. Raises Unreadable."""
    found = Authenticator.objects.filter(user=account, type=CODES).first()
    return found.wrap().get_unused_codes() if found else []


@transaction.atomic
def reset(account: Account, actor: Actor) -> None:
    """Forget everything that the account can show, since it is lost, and end its sessions."""
    _lock(account)
    Authenticator.objects.filter(user=account).delete()
    sessions.end_all(account)
    history.record("account.factors_reset", account, actor=actor)


def _lock(account: Account) -> None:
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
