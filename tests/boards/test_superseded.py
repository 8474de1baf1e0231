"""What was corrected or withdrawn: lists say so, and nobody is urged about it."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from notices.boards import advice, desk, today
from notices.boards.advice import Move
from notices.boards.progress import of_district, totals
from notices.models import Receipt, Release
from notices.models.receipt import Reach, Via
from notices.tracking import confirming, helping
from tests.cast import Cast
from tests.tracking.conftest import acting, text


@pytest.fixture
def old(cast: Cast) -> Release:
    """Unconfirmed, near its deadline, and not reached in one place."""
    release = cast.released(deadline=timezone.localdate() + dt.timedelta(days=3))
    Receipt.objects.filter(release=release, organisation=cast.pharmacies[0]).update(reach=Reach.FAILED)
    return release


def supersede(cast: Cast, old: Release, kind: str = "corrects") -> Release:
    new = cast.released("代わりの通知")
    cast.supersede(old, new, kind)
    return new


def test_today_urges_about_a_notice_only_while_it_counts(cast: Cast, old: Release) -> None:
    day, now = timezone.localdate(), timezone.now()

    def urged() -> list[int]:
        return [len(today.near_deadlines(day)), len(today.coming_deadlines(day, 9)), len(today.unreached(now))]

    assert urged() == [1, 1, 1]
    supersede(cast, old)
    assert urged() == [0, 0, 0]


@pytest.mark.parametrize(("kind", "done"), [("corrects", "訂正"), ("withdraws", "廃止")])
def test_the_next_move_is_to_look_at_the_new_notice(cast: Cast, old: Release, kind: str, done: str) -> None:
    new = supersede(cast, old, kind)
    [move] = advice.next_moves(old, totals(old))
    assert (move.move, move.heading) == (Move.SUPERSEDED, f"この通知は{done}されました")
    board = cast.client("staff").get(reverse("notices:notice", args=[old.notice_id]))
    assert board.context["first_move"][1] == reverse("notices:notice", args=[new.notice_id])


def test_who_asked_for_help_is_still_answered(cast: Cast, old: Release) -> None:
    receipt = cast.receipt(old, cast.pharmacies[1])
    by = {"actor": acting(cast, "neighbour"), "via": Via.SIGNED_IN}
    confirming.confirm(receipt.pk, **by)
    helping.ask(receipt.pk, None, "文書の数字が合わない", **by)
    supersede(cast, old)
    assert [move.move for move in advice.next_moves(old, totals(old))] == [Move.ANSWER]
    assert len(today.questions()) == 1


def test_a_chair_calls_nobody_about_a_superseded_notice(cast: Cast, old: Release) -> None:
    tally = of_district(old, cast.shirasagi)
    own = cast.receipt(old, cast.shirasagi)
    assert desk.tabs(own, tally)[0].show == desk.Show.UNCONFIRMED
    supersede(cast, old)
    assert [tab.show for tab in desk.tabs(own, tally)] == [desk.Show.ALL]


@pytest.mark.parametrize(("kind", "word"), [("corrects", "訂正済"), ("withdraws", "廃止済")])
def test_every_list_says_which_notices_are_superseded(cast: Cast, old: Release, kind: str, word: str) -> None:
    staff = cast.client("staff")
    lists = [
        reverse("notices:notices"),
        reverse("notices:releases"),
        reverse("notices:organisation_notices", args=[cast.pharmacies[0].pk]),
    ]
    choices = [text(staff.get(address)).count(word) for address in lists]  # of the filter
    supersede(cast, old, kind)
    assert [text(staff.get(address)).count(word) for address in lists] == [choice + 1 for choice in choices]
