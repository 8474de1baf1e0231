"""Boards that renew themselves while people answer: whether there is something to wait for, and whether it has come."""

import datetime as dt
import hashlib

from members import history
from notices.boards import latest
from notices.boards.progress import Totals
from notices.models import Release

# How often a board that is open in front of somebody asks.
SECONDS = 15


def awaits(release: Release, totals: Totals) -> bool:
    """Whether somebody may still answer, or a message go out."""
    pharmacies, districts = totals.pharmacies, totals.districts
    if pharmacies.waiting or districts.waiting:
        return True
    if not release.asks_confirmation:
        return False
    under_way = pharmacies.under_way if release.asks_set_up else 0
    not_passed_on = districts.recipients - districts.finished if release.through_districts else 0
    return bool(pharmacies.unconfirmed or under_way or pharmacies.needs_help or districts.unconfirmed or not_passed_on)


def version(release: Release, totals: Totals, today: dt.date) -> str:
    """Another text whenever the board would show something else: its counts, an event, or another day."""
    about = [latest.events(release, 1), history.of(release), history.of(release.notice)]
    newest = [events.values_list("pk", flat=True).first() for events in about]
    return hashlib.sha256(repr((release.state, totals, newest, today)).encode()).hexdigest()[:16]


def tenths(totals: Totals) -> str:
    """How far it has come, in tenths: told to who listens, who is not told each figure."""
    tally = totals.pharmacies
    parts = [(tally.confirmed, tally.recipients), (tally.finished, tally.applicable)]
    return "-".join(str(10 * part // whole) if whole else "" for part, whole in parts)
