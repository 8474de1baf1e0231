"""起案・決裁・発出: who has none of them reads everything, and presses nothing that drafts or sends."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from members.history import Actor
from members.models import Capacity
from notices.models import Notice, Release
from notices.procedures import schedule
from tests.access_table import TABLE
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.rows import changed, everything
from tests.scene import STAFF, Scene
from tests.sizes import WHOLE

DRAFTING = {
    f"notices:{name}" for name in ("compose", "preview", "discard", "steps", "recipients", "correct", "withdraw")
}
DRAFTING |= {"notices:notice_new", *(f"notices:approval_{name}" for name in ("ask", "take_back", "reopen"))}
PUBLISHING = {f"notices:{name}" for name in ("check", "schedule", "unschedule", "receipt_repeat", "task_notices")}
PUBLISHING |= {f"notices:release_{name}" for name in ("pause", "resume", "stop", "again", "stopped")}
APPROVING = {"notices:approval_decide", "notices:approval_send_back"}
PAPER = {"notices:approval_paper"}
# What else offers those with a duty a button; all other pages are opened with WHOLE=1.
OFFERING = {f"notices:{name}" for name in ("today", "notices", "notice", "notice_pharmacies", "packets", "packet")}
OFFERING |= {f"notices:{name}" for name in ("release", "release_reminders", "release_remind_now", "ledger", "sentence")}
OFFERING |= {"notices:receipt", "notices:receipt_step_in"}
# Nobody at all changes these: the page says that first.
FAST = {("released",), ("scheduled",)}
FAST_TO_WRITE = {("asked",), ("approved",)}


@pytest.fixture
def cast(scene: Scene) -> Cast:
    return scene.cast


def leave_only(cast: Cast, *duties: str) -> None:
    """The member of the staff has these duties and no others."""
    wanted = {duty: duty in duties for duty in ("drafts", "approves", "publishes")}
    Capacity.objects.filter(pk=cast.capacities["staff"].pk).update(**wanted)


@pytest.mark.parametrize(
    ("duty", "refused"),
    [
        ("publishes", DRAFTING | APPROVING),
        ("drafts", PUBLISHING | APPROVING | PAPER),
        ("approves", DRAFTING | PUBLISHING),
    ],
)
def test_without_the_duty_nothing_is_changed_and_the_page_says_why(scene: Scene, duty: str, refused: set[str]) -> None:
    leave_only(scene.cast, duty)
    client = scene.browser("staff")
    rows = [row for row in TABLE if row.name in refused and row.who >= STAFF and row.post not in (404, 405)]
    assert {row.name for row in rows} == refused
    before = everything()
    for row in rows:
        answer = client.post(scene.url(row.name, *row.keys), row.data(scene))
        assert answer.status_code == 302, row
        assert changed(before) <= {"django_session"}, row
        if row.keys not in FAST and (row.name != "notices:compose" or row.keys not in FAST_TO_WRITE):
            assert "担当の人だけができます" in text_of(client.get(answer.url, follow=True)), row


def test_without_any_duty_the_pages_with_buttons_open_or_show_the_draft_as_it_is(scene: Scene) -> None:
    leave_only(scene.cast)
    client = scene.browser("staff")
    for row in TABLE:
        has_buttons = row.name in DRAFTING | PUBLISHING | APPROVING | PAPER | OFFERING
        if row.who >= STAFF and row.get == 200 and (WHOLE or has_buttons):
            answer = client.get(scene.url(row.name, *row.keys), follow=True)
            assert answer.status_code == 200, row


@pytest.mark.parametrize(
    ("name", "key", "words"),
    [
        ("notices:check", "draft", ["決裁に出す</button>"]),
        ("notices:check", "approved", ["地区に発出する</button>", "発出を予約する</button>"]),
        ("notices:check", "approved", ["決裁を取り消して直す</button>"]),
        ("notices:check", "scheduled", ["予約を取り消す</button>", "いま発出する</button>"]),
        ("notices:release", "sending release", ["一時停止</button>", "未送信分を中止</a>"]),
        ("notices:notice", "released", ["訂正を出す", "廃止を知らせる"]),
        ("notices:notice", "draft", ["続きを作る"]),
        ("notices:packet", "waiting packet", ["登録して通知を作る"]),
    ],
)
def test_without_any_duty_no_page_offers_the_button(scene: Scene, name: str, key: str, words: list[str]) -> None:
    address = scene.url(name, key)
    with_duty = scene.browser("staff").get(address).content.decode()
    leave_only(scene.cast)
    without = scene.browser("staff").get(address).content.decode()
    assert [(word in with_duty, word in without) for word in words] == [(True, False)] * len(words)


def test_taking_a_packet_in_wants_no_duty_and_making_a_notice_of_it_does(scene: Scene) -> None:
    leave_only(scene.cast)
    address = scene.url("notices:packet", "waiting packet")
    before = Notice.objects.count()
    told = text_of(scene.browser("staff").post(address, {"do": "register"}, follow=True))
    assert Notice.objects.count() == before
    assert "通知を作るのは" in told or "画面の一部しか届かなかった" in told


def test_a_schedule_of_whom_the_duty_was_taken_from_is_not_carried_out(cast: Cast) -> None:
    draft = cast.approved(cast.draft())
    by = Actor(cast.capacities["staff"].account, cast.capacities["staff"])
    schedule.schedule(draft.pk, timezone.now() + dt.timedelta(minutes=1), by, on_another_day=True)
    plan = Release.objects.filter(notice=draft)
    plan.update(scheduled_at=timezone.now() - dt.timedelta(seconds=1))
    leave_only(cast, "drafts")
    assert schedule.release_due() == 0
    assert "発出できないものになっています" in plan.get().schedule_failed


def test_the_duties_of_the_own_account_stand_on_its_page(cast: Cast) -> None:
    leave_only(cast, "drafts", "approves")
    assert "担当：起案・決裁" in text_of(cast.client("staff").get(reverse("own_account")))
