"""Where an account is signed in: the list that its owner sees, and ending what is on it.

The browser and the network address stand with the session and go with it: at once where it is ended, by the sweep
where its twelve hours are over.
"""

import datetime as dt
from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from members import history
from members.history import Actor
from members.models import Account

# What a browser calls itself, the more special before those that it also claims to be.
BROWSERS = (("Edg", "Edge"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
            ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
MACHINES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
            ("Mac OS X", "Mac"), ("CrOS", "Chromebook"), ("Linux", "Linux"))  # fmt: skip


@dataclass(frozen=True)
class Place:
    """One browser in which the account is signed in."""

    key: int
    device: str
    since: dt.datetime
    is_here: bool


def note(request: HttpRequest) -> None:
    """Somebody has just signed in with this request."""
    UserSession.objects.create_from_request(request)


def places(account: Account, request: HttpRequest | None = None) -> list[Place]:
    """Where the account is signed in, the latest first; `request` tells which of them is here."""
    here = request.session.session_key if request else None
    return [
        Place(one.pk, device(one.user_agent), one.created_at, one.session_key == here)
        for one in _living(account).order_by("-created_at", "-pk")
    ]


def device(user_agent: str) -> str:
    """「Windows の Chrome」, as far as the browser says."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    machine = next((name for sign, name in MACHINES if sign in user_agent), "")
    return " の ".join(filter(None, (machine, browser))) or "分からない端末"


def _living(account: Account) -> QuerySet[UserSession]:
    return UserSession.objects.filter(user=account, session_key__in=_unexpired())


def _unexpired() -> QuerySet[Session]:
    return Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")


@transaction.atomic
def end(account: Account, actor: Actor, *, only: int | None = None, but: str | None = None) -> int:
    """End the account's sessions: one of them, or all but the one with that key; gives how many ended."""
    found = _living(account).exclude(session_key=but)
    ended = [one for one in found if only is None or one.pk == only]
    for one in ended:
        one.end()
    if ended:
        history.record("account.sessions_ended", account, actor=actor, count=len(ended))
    return len(ended)


def end_all(account: Account) -> None:
    """End every session of the account, as a part of what is recorded elsewhere."""
    for one in UserSession.objects.filter(user=account):
        one.end()


def forget_ended() -> int:
    """Delete what is kept of sessions that are over, whoever ended them; gives how many."""
    Session.objects.filter(expire_date__lte=timezone.now()).delete()
    count, _ = UserSession.objects.exclude(session_key__in=_unexpired()).delete()
    return count
