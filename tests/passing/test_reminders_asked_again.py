"""再通知 after a 再周知: the earlier notice reminds whoever is left with it, and where nobody is, it says so."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from members import workdays
from members.models import Organisation
from notices.distribution.reminders import plans
from notices.models import Delivery, Release
from notices.procedures import issue, remind
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.distribution.test_superseding import withdrawn
from tests.passing.test_following_up import follow_up, old, released
from tests.reminders.conftest import at

__all__ = ["old"]

OVER = "再周知したので、この通知はもう再通知しません。"


@pytest.fixture
def planned(cast: Cast, old: Release) -> Release:
    """With its usual plan, and a pharmacy that has left since without an answer: nobody reminds that one."""
    plans.begin(old)
    Organisation.objects.filter(pk=cast.pharmacies[5].pk).update(left_on=timezone.localdate())
    return old


def test_where_all_who_are_left_were_asked_again_no_reminder_is_announced_or_offered(cast: Cast, planned: Release):
    staff = cast.client("staff")
    page, plan = (reverse(f"notices:{name}", args=[planned.pk]) for name in ("release", "release_reminders"))
    assert "次は" in text_of(staff.get(page)) and "いま再通知する" in text_of(staff.get(plan))
    again = released(planned, cast)
    later = reverse("notices:release_reminders", args=[again.pk])
    for address in (page, plan):
        shown = staff.get(address)
        assert OVER in text_of(shown) and f'href="{later}"' in shown.content.decode()
        assert [words for words in ("次は", "いま再通知する", "一覧を地区会長に") if words in text_of(shown)] == []
    assert OVER in text_of(staff.get(reverse("notices:release_remind_now", args=[planned.pk])))
    with pytest.raises(remind.CannotRemind, match=OVER):
        remind.remind_now(planned.pk, cast.actor("staff"))


def test_nor_on_its_board_or_among_what_is_to_come_where_everybody_was_asked_again(cast: Cast, planned: Release):
    staff, board = cast.client("staff"), reverse("notices:notice", args=[planned.notice_id])
    assert "いま再通知する" in text_of(staff.get(board)) and "次の再通知は" in text_of(staff.get(board))
    again = released(planned, cast, scope=Release.Scope.ALL)
    shown, ahead = text_of(staff.get(board)), plans.coming(timezone.now(), timezone.now() + dt.timedelta(days=99))
    assert [words for words in ("いま再通知する", "次の再通知は") if words in shown] == []
    assert {release for _, release in ahead} == {again}


def test_while_somebody_is_left_with_the_earlier_notice_its_plan_stands_for_them(cast: Cast, planned: Release):
    draft = follow_up(planned, cast, scope=Release.Scope.TAGS)
    draft.tags.set(cast.pharmacies[3].tags.all())
    issue.release(cast.approved(draft.notice).pk, cast.actor("staff"))
    staff = cast.client("staff")
    assert "次は" in text_of(staff.get(reverse("notices:release", args=[planned.pk])))
    shown = text_of(staff.get(reverse("notices:release_reminders", args=[planned.pk])))
    assert OVER not in shown and "いま再通知する" in shown


def test_once_the_later_notice_is_withdrawn_the_earlier_reminds_again(cast: Cast, planned: Release):
    again = released(planned, cast)
    Delivery.objects.filter(release=again).update(state=Delivery.State.SENT, settled_at=timezone.now())
    withdrawn(again, cast)
    shown = text_of(cast.client("staff").get(reverse("notices:release_reminders", args=[planned.pk])))
    assert OVER not in shown and "いま再通知する" in shown
    workday = workdays.on_or_after(timezone.localdate() + dt.timedelta(days=1))
    assert remind.remind_now(planned.pk, cast.actor("staff"), at(workday, 10)) > 0
