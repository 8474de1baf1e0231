"""What to do next about a released notice."""

import datetime as dt

import pytest
from django.utils import timezone

from notices.boards.advice import Move, next_moves
from notices.boards.progress import Tally, Totals
from notices.models import Release


def moves(release: Release, **tally: int) -> list[Move]:
    return [advice.move for advice in next_moves(release, Totals(Tally(**tally)))]


INFORM, CONFIRM, SET_UP = (Release(ask=ask, state=Release.State.SENT) for ask in Release.Ask)
OPEN = {"recipients": 10, "sent": 9, "failed": 1, "confirmed": 6, "finished": 2, "needs_help": 1}


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        (INFORM, [Move.CALL]),
        (CONFIRM, [Move.CALL, Move.ANSWER, Move.ASK]),
        (SET_UP, [Move.CALL, Move.ANSWER, Move.ASK, Move.FOLLOW]),
    ],
)
def test_the_moves_follow_the_ask_the_most_urgent_first(release: Release, expected: list[Move]):
    assert moves(release, **OPEN) == expected


@pytest.mark.parametrize(("days", "first"), [(4, Move.CALL), (3, Move.ASK), (-1, Move.ASK)])
def test_before_a_pressing_deadline_the_unconfirmed_come_first(days: int, first: Move):
    deadline = timezone.localdate() + dt.timedelta(days=days)
    release = Release(ask=Release.Ask.CONFIRM, state=Release.State.SENT, deadline=deadline)
    found = moves(release, **OPEN)
    assert (found[0], len(found)) == (first, 3)


def test_a_release_that_stands_still_comes_before_everything():
    paused = Release(ask=Release.Ask.CONFIRM, state=Release.State.PAUSED, paused_reason="メールの窓口が応答しません。")
    first = next_moves(paused, Totals(Tally(recipients=10, sent=4, waiting=6)))[0]
    assert first.move == Move.RESUME
    assert first.reason == "メールの窓口が応答しません。まだ送っていない 6 薬局は、再開すると続きから送ります。"


def test_while_messages_go_out_their_progress_is_the_first_thing():
    sending = Release(ask=Release.Ask.CONFIRM, state=Release.State.SENDING)
    assert moves(sending, recipients=10, sent=4, waiting=6)[0] == Move.WATCH


@pytest.mark.parametrize("release", [INFORM, CONFIRM, SET_UP])
def test_when_all_is_done_the_page_says_so(release: Release):
    assert moves(release, recipients=4, sent=4, confirmed=4, finished=3, not_applicable=1) == [Move.NOTHING]
