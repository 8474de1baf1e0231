"""再周知: an open question goes on where its pharmacy answers, and goes back with it."""

import pytest
from django.urls import reverse

from members.history import NOBODY
from members.models import Event
from notices import tallies
from notices.boards import progress
from notices.models import HelpRequest, Receipt, Release
from notices.models.receipt import Via
from notices.procedures import stop
from notices.tracking import helping
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.distribution.test_superseding import withdrawn
from tests.passing.test_following_up import old, released, step_of
from tests.passing.test_taking_over import arrived

__all__ = ["old"]


@pytest.fixture
def mine(cast: Cast, old: Release) -> Receipt:
    """It has confirmed, finished nothing, and asks about the first step."""
    receipt = cast.receipt(old, cast.pharmacies[3])
    ask(receipt)
    return receipt


def ask(receipt: Receipt, words: str = "画面が出ません") -> HelpRequest:
    step = step_of(receipt.release.notice).pk
    return helping.ask(receipt.pk, step, words, actor=NOBODY, via=Via.PERSONAL)


def needs_help(*releases: Release) -> list[int]:
    return [progress.totals(each).pharmacies.needs_help for each in releases]


def test_an_open_question_is_at_the_repeat_and_only_there(cast: Cast, old: Release, mine: Receipt) -> None:
    tallies.settle()
    new = released(old, cast)
    asked, again = HelpRequest.objects.get(), cast.receipt(new, cast.pharmacies[3])
    assert (asked.receipt, asked.step) == (again, step_of(new.notice))
    assert needs_help(old, new) == [0, 1]
    assert Event.objects.get(verb="help.carried").subject_id == again.pk
    page = text_of(cast.client("staff").get(reverse("notices:help_request", args=[asked.pk])))
    assert f"前の通知 {old.notice.number_text} について聞かれた相談です。" in page
    helping.answer(asked.pk, "再起動してください。", actor=cast.actor("staff"))
    phone = cast.client("other_pharmacy")
    assert "再起動してください。" in text_of(phone.get(reverse("notices:own_receipt", args=[again.pk])))


def test_a_question_written_before_the_repeat_stands_at_it(cast: Cast, old: Release, mine: Receipt) -> None:
    new = released(old, cast)
    asked = ask(mine, "やはり分かりません")
    assert asked.receipt == cast.receipt(new, cast.pharmacies[3])


def test_who_got_no_repeat_is_answered_at_the_notice_of_which_it_asked(cast: Cast, old: Release) -> None:
    """The first has finished, and is not asked again."""
    asked = ask(cast.receipt(old, cast.pharmacies[0]))
    released(old, cast)
    asked.refresh_from_db()
    assert asked.receipt.release == old


@pytest.mark.parametrize("end", ["stopped", "withdrawn"])
def test_where_the_earlier_notice_asks_again_the_question_is_back_at_it(
    cast: Cast, old: Release, mine: Receipt, end: str
) -> None:
    new = released(old, cast)
    if end == "stopped":
        stop.stop(new.pk, cast.actor("staff"))
    else:
        withdrawn(arrived(new), cast)
    asked = HelpRequest.objects.get()
    assert (asked.receipt, asked.step, asked.asked_step) == (mine, step_of(old.notice), None)
    assert needs_help(old, new) == [1, 0]


def test_staff_read_of_another_s_old_page_that_it_is_asked_by_the_new(cast: Cast, old: Release, mine: Receipt) -> None:
    released(old, cast)
    shown = text_of(cast.client("staff").get(reverse("notices:receipt", args=[mine.pk])))
    assert "この宛先には、次の通知でもう一度お願いしています。" in shown
    assert "お返事は、次の通知だけで足ります。" not in shown
