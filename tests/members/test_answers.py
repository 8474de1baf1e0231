"""地区の回答: the district answers, staff approve or send back; what it says is true only then."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from members import addresses, answers, history, tasking
from members.answers import Answer
from members.history import Actor
from members.models import Capacity, Event, Organisation, Task
from members.models.account import Role
from members.models.officer import Office
from members.models.organisation import Channel
from members.roster import offices
from tests.boards.reading import rows, text_of
from tests.cast import Cast
from tests.members.test_tasks import REASON, actor, bad

DAY = dt.timedelta(days=1)
NEW = "new@mail.example"


def answer(cast: Cast, task: Task, who: str = "chair", **typed: str) -> str:
    path = reverse("task_answer", args=[task.pk])
    return text_of(cast.client(who).post(path, typed, follow=True))


def decide(cast: Cast, task: Task, do: str = "approve", **more: str) -> str:
    task.refresh_from_db()
    form = {"do": do, "seen": answers.sign(task)} | more
    return text_of(cast.client("staff").post(reverse("task_decision", args=[task.pk]), form, follow=True))


def chair_actor(cast: Cast) -> Actor:
    capacity = cast.capacities["chair"]
    return Actor(capacity.account, capacity)


def answered(cast: Cast, task: Task | None = None) -> Task:
    task = task or bad(cast)
    return answers.propose(task.pk, Answer(Task.Says.ADDRESS, NEW), chair_actor(cast))


def address(cast: Cast, number: int = 0) -> str:
    return cast.pharmacies[number].mailboxes.get().address


def without_chair(cast: Cast) -> Task:
    """The chair's term is over, and with it the sign-in as chair: the district's office answers."""
    Capacity.objects.create(
        account=cast.capacities["chair"].account, organisation=cast.shirasagi, role=Role.DISTRICT_OFFICE
    )
    offices.leave(cast.shirasagi.officers.get().pk, timezone.localdate() - DAY, actor(cast))
    return Task.objects.get(kind=Task.Kind.VACANT)


def wrong_fax(cast: Cast) -> Task:
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(fax="092-000-0199")
    cast.pharmacies[0].refresh_from_db()
    return addresses.report(cast.pharmacies[0], Channel.FAX, "092-000-0199", "FAXが戻りました", suspend=False)


# Answering ------------------------------------------------------------------------------------------------------------


def test_an_answer_is_kept_with_who_and_when_and_changes_nothing_yet(cast: Cast) -> None:
    task = bad(cast)
    before = timezone.now()
    assert "回答を事務局に伝えました。" in answer(cast, task, says="address", address=NEW, remark="電話で聞きました")
    task.refresh_from_db()
    assert (task.says, task.value, task.remark) == ("address", NEW, "電話で聞きました")
    assert task.proposed_by == cast.capacities["chair"] and before <= task.proposed_at <= timezone.now()
    assert address(cast) == "box4@mail4.example"
    assert [event.verb for event in history.of(task)] == ["task.answered", "task.raised"]


def test_the_history_of_an_answer_names_no_address(cast: Cast) -> None:
    task = answered(cast)
    assert not [event for event in history.of(task) if NEW in str(event.detail)]


def test_a_chair_may_change_the_answer_until_staff_decide(cast: Cast) -> None:
    task = answered(cast)
    page = cast.client("chair").get(reverse("task_answer", args=[task.pk]))
    assert f'value="{NEW}"' in page.content.decode() and "回答を書き直す" in text_of(page)
    answer(cast, task, says="address", address="newer@mail.example")
    decide(cast, task)
    assert address(cast) == "newer@mail.example"
    assert "先に済んでいます" in answer(cast, task, says="unknown", remark="分かりません")
    task.refresh_from_db()
    assert task.value == "newer@mail.example"


def test_a_chair_sees_the_own_answer_and_never_the_address_that_failed(cast: Cast) -> None:
    task = answered(cast)
    for path in (reverse("task_answer", args=[task.pk]), reverse("tasks")):
        assert "box4@mail4.example" not in cast.client("chair").get(path).content.decode()


def test_what_another_district_answered_is_not_shown_after_the_pharmacy_moved(cast: Cast) -> None:
    task = answered(cast)
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(parent=cast.takaodai)
    path = reverse("task_answer", args=[task.pk])
    page = cast.client("other_chair").get(path).content.decode()
    assert NEW not in page and "髙栁" not in page
    assert cast.client("chair").get(path).status_code == 404


@pytest.mark.parametrize("who", ["other_chair", "pharmacy", "neighbour", "staff"])
def test_only_the_own_district_answers(cast: Cast, who: str) -> None:
    task = bad(cast)
    path = reverse("task_answer", args=[task.pk])
    assert cast.client(who).get(path).status_code == 404
    assert cast.client(who).post(path, {"says": "address", "address": NEW}).status_code == 404
    assert Task.objects.get().says == ""


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({}, "分かったこと：選んでください"),
        ({"says": "address"}, "この回答のときは、入力してください"),
        ({"says": "unknown"}, "この回答のときは、入力してください"),
        ({"says": "unknown", "remark": "\u200b"}, "この回答のときは、入力してください"),
        ({"says": "address", "address": "new mail.example"}, "改行や空白"),
        ({"says": "address", "address": "new＠mail.example"}, "半角の「new@mail.example」に直しました"),
        ({"says": "address", "address": "BOX4@mail4.example"}, "届かなかった宛先と同じです"),
        ({"says": "holder", "holder": "髙木 亮"}, "分かったこと"),
        ({"says": "closed", "value_on": "2999-01-01"}, "1年より先の日付です"),
    ],
)
def test_what_cannot_be_an_answer_is_refused_with_the_reason(cast: Cast, typed: dict[str, str], told: str) -> None:
    task = bad(cast)
    assert told in answer(cast, task, **typed)
    task.refresh_from_db()
    assert (task.says, task.proposed_at) == ("", None)


def test_the_same_fax_number_with_other_hyphens_is_no_new_one(cast: Cast) -> None:
    task = wrong_fax(cast)
    assert "届かなかった宛先と同じです" in answer(cast, task, says="address", address="０９２０００−０１９９")


def test_a_remark_with_a_password_is_refused_and_given_back_masked(cast: Cast) -> None:
    task = bad(cast)
    told = answer(cast, task, says="unknown", remark="電話で聞いたパスワードは Sakura2024 です")
    assert "パスワードやコードと思われるところだけを伏せて" in told
    assert "Sakura2024" not in told
    assert "電話で聞いたパスワードは ＊＊＊＊＊＊＊＊＊＊ です" in told
    task.refresh_from_db()
    assert (task.says, task.remark) == ("", "")


# Approving ------------------------------------------------------------------------------------------------------------


def test_an_approved_address_is_used_from_now_on_and_both_are_named(cast: Cast) -> None:
    task = answered(cast)
    assert "回答のとおりに直しました。" in decide(cast, task)
    task.refresh_from_db()
    assert address(cast) == NEW and task.answer == addresses.CORRECTED
    for verb in ("mailbox.changed", "task.closed"):
        event = history.of(task).get(verb=verb)
        assert event.account == cast.capacities["staff"].account
        assert event.detail["proposed_by"] == cast.capacities["chair"].account.pk
    assert history.of(task).get(verb="mailbox.changed").detail["changes"] == {"mailbox": ["box4@mail4.example", NEW]}


def test_after_an_address_was_approved_what_failed_may_be_sent_again(cast: Cast) -> None:
    task = answered(cast)
    path = reverse("task_decision", args=[task.pk])
    done = cast.client("staff").post(path, {"do": "approve", "seen": answers.sign(task)})
    assert done["Location"] == reverse("notices:task_notices", args=[task.pk])


def test_an_approved_fax_number_is_the_pharmacys(cast: Cast) -> None:
    task = wrong_fax(cast)
    answer(cast, task, says="address", address="092-000-0200")
    decide(cast, task)
    assert Organisation.objects.matching("092-000-0200").get() == cast.pharmacies[0]
    told = text_of(cast.client("staff").get(reverse("organisation", args=[cast.pharmacies[0].pk])))
    assert "FAX： 092-000-0199 → 092-000-0200" in told


def test_an_approved_chair_holds_the_office_and_is_written_to(cast: Cast) -> None:
    task = without_chair(cast)
    answer(cast, task, says="holder", holder="𠮷田 﨑子", email="yoshida@chair.example", since="2026-06-01")
    assert not cast.shirasagi.officers.filter(name="𠮷田 﨑子").exists()
    decide(cast, task)
    officer = cast.shirasagi.officers.get(name="𠮷田 﨑子")
    assert (officer.email, officer.since) == ("yoshida@chair.example", dt.date(2026, 6, 1))
    assert not Task.objects.still_open().exists()
    taken = history.of(officer).get(verb="office.taken")
    assert taken.detail["proposed_by"] == cast.capacities["chair"].account.pk


def test_without_a_day_the_next_holder_begins_today(cast: Cast) -> None:
    task = without_chair(cast)
    answer(cast, task, says="holder", holder="𠮷田 﨑子")
    decide(cast, task)
    assert cast.shirasagi.officers.get(name="𠮷田 﨑子").since == timezone.localdate()


def test_a_manager_is_named_without_an_address(cast: Cast) -> None:
    officer = cast.pharmacies[0].officers.create(office=Office.MANAGER, name="德丸 翔太")
    offices.leave(officer.pk, timezone.localdate() - DAY, actor(cast))
    task = Task.objects.get()
    page = cast.client("chair").get(reverse("task_answer", args=[task.pk]))
    assert "email" not in page.context["form"].fields and "新しい管理薬剤師が決まった" in text_of(page)
    answer(cast, task, says="holder", holder="髙木 亮")
    decide(cast, task)
    assert cast.pharmacies[0].officers.holding(timezone.localdate()).get().name == "髙木 亮"


def test_a_pharmacy_that_turns_out_to_have_closed_has_left_when_staff_approve(cast: Cast) -> None:
    task = bad(cast)
    answer(cast, task, says="closed", value_on="2026-03-31")
    decide(cast, task)
    assert Organisation.objects.get(pk=cast.pharmacies[0].pk).left_on == dt.date(2026, 3, 31)
    assert not Task.objects.still_open().exists()


def test_a_pharmacy_that_has_not_closed_stays(cast: Cast) -> None:
    path = reverse("organisation_closed", args=[cast.pharmacies[0].pk])
    cast.client("staff").post(path)
    task = Task.objects.get()
    answer(cast, task, says="open")
    assert "閉局していないことを確かめました" in decide(cast, task)
    assert Organisation.objects.get(pk=cast.pharmacies[0].pk).left_on is None


def test_unknown_cannot_be_approved(cast: Cast) -> None:
    task = bad(cast)
    answer(cast, task, says="unknown", remark="電話がつながりません")
    page = text_of(cast.client("staff").get(reverse("task", args=[task.pk])))
    assert "電話がつながりません" in page and "この内容で直す" not in page
    assert "名簿に入れる内容が決まりません" in decide(cast, task)
    assert Task.objects.still_open().exists()


def test_staff_approve_what_they_saw_and_nothing_else(cast: Cast) -> None:
    task = answered(cast)
    seen = answers.sign(task)
    answers.propose(task.pk, Answer(Task.Says.ADDRESS, "newer@mail.example"), chair_actor(cast))
    for do in ("approve", "return"):
        assert "回答が変わりました" in decide(cast, task, do, seen=seen, reason="もう一度")
    assert address(cast) == "box4@mail4.example" and Task.objects.get().state == "answered"


@pytest.mark.parametrize("do", ["approve", "return"])
def test_what_was_closed_meanwhile_is_not_decided_again(cast: Cast, do: str) -> None:
    task = answered(cast)
    addresses.keep(task.pk, actor(cast))
    assert "先に済んでいます" in decide(cast, task, do, reason="もう一度")
    assert address(cast) == "box4@mail4.example"


def test_an_answer_that_the_roster_does_not_take_leaves_all_as_it_was(cast: Cast) -> None:
    task = answered(cast)
    cast.pharmacies[0].mailboxes.create(address="NEW@mail.example")
    assert "もう登録されているアドレスです" in decide(cast, task)
    cast.pharmacies[0].mailboxes.all().delete()
    assert "もう登録されていません" in decide(cast, task)
    assert Task.objects.still_open().get().state == "answered"


def test_a_holder_who_overlaps_with_another_leaves_all_as_it_was(cast: Cast) -> None:
    task = without_chair(cast)
    answer(cast, task, says="holder", holder="𠮷田 﨑子", since="2020-01-01")
    assert "就任日よりあとに就任した人（髙栁 誠さん）がいます" in decide(cast, task)
    assert Task.objects.still_open().get() == task


# Sending back ---------------------------------------------------------------------------------------------------------


def test_what_is_sent_back_is_asked_again_with_the_reason(cast: Cast) -> None:
    task = answered(cast)
    assert "地区に差し戻しました。" in decide(cast, task, "return", reason="綴りをもう一度確かめてください")
    shown = text_of(cast.client("chair").get(reverse("task_answer", args=[task.pk])))
    assert "事務局から差し戻されました。" in shown and "綴りをもう一度確かめてください" in shown and NEW in shown
    assert "何も変えていません" in decide(cast, task)
    answer(cast, task, says="address", address="newer@mail.example")
    task.refresh_from_db()
    assert (task.state, task.returned_reason) == ("answered", "")


def test_nothing_is_sent_back_without_a_reason(cast: Cast) -> None:
    task = answered(cast)
    assert "差し戻す理由：入力してください" in decide(cast, task, "return", reason="")
    task.refresh_from_db()
    assert task.state == "answered"


@pytest.mark.parametrize("who", ["chair", "other_chair", "pharmacy"])
@pytest.mark.parametrize("do", ["approve", "return"])
def test_only_staff_decide(cast: Cast, who: str, do: str) -> None:
    task = answered(cast)
    form = {"do": do, "seen": answers.sign(task), "reason": "もう一度"}
    assert cast.client(who).post(reverse("task_decision", args=[task.pk]), form).status_code == 404
    assert Task.objects.get().state == "answered"
    assert Event.objects.filter(verb="access.refused").count() == 1


# Lists and counts -----------------------------------------------------------------------------------------------------


def test_staff_see_what_was_answered_first_and_may_choose_by_state_and_kind(cast: Cast) -> None:
    answered(cast, bad(cast, 1))
    bad(cast, 0)
    task = answered(cast, bad(cast, 2))
    answers.send_back(task.pk, answers.sign(task), "もう一度", actor(cast))
    without_chair(cast)
    staff = cast.client("staff")
    listed = rows(staff.get("/tasks/"))
    assert [(row[0], row[4]) for row in listed] == [
        ("すみれ調剤薬局", "地区から回答あり"),
        ("白鷺地区薬剤師会", "回答待ち"),
        ("白鷺中央薬局", "回答待ち"),
        ("薬局しらさぎの杜", "差し戻し"),
    ]
    for query, names in (
        ("state=answered", ["すみれ調剤薬局"]),
        ("state=waiting", ["白鷺地区薬剤師会", "白鷺中央薬局"]),
        ("state=returned", ["薬局しらさぎの杜"]),
        ("kind=vacant", ["白鷺地区薬剤師会"]),
    ):
        assert [row[0] for row in rows(staff.get(f"/tasks/?{query}"))] == names


def test_a_chair_sees_what_was_sent_back_first_and_what_staff_look_at_last(cast: Cast) -> None:
    answered(cast, bad(cast, 1))
    bad(cast, 0)
    task = answered(cast, bad(cast, 2))
    answers.send_back(task.pk, answers.sign(task), "もう一度", actor(cast))
    bad(cast, 4)
    chair = cast.client("chair")
    assert [(row[0], row[3]) for row in rows(chair.get("/tasks/"))] == [
        ("薬局しらさぎの杜", "差し戻し"),
        ("白鷺中央薬局", "回答待ち"),
        ("すみれ調剤薬局", "事務局で確認中"),
    ]
    assert "確かめていただきたいことが 2 件あります （うち差し戻し 1 件）" in text_of(chair.get("/district/"))
    assert '名簿の確認<span class="count">2<' in chair.get("/tasks/").content.decode()


def test_todays_work_tells_how_many_answers_wait(cast: Cast) -> None:
    bad(cast, 0)
    answered(cast, bad(cast, 1))
    page = text_of(cast.client("staff").get(reverse("notices:today")))
    assert "名簿の確認 2 件 回答・知らせ 1件" in page
    assert page.index("すみれ調剤薬局") < page.index("白鷺中央薬局")


def test_the_organisations_page_leads_to_the_answer(cast: Cast) -> None:
    task = answered(cast)
    for who, page in (("staff", "task"), ("chair", "task_answer")):
        shown = cast.client(who).get(reverse("organisation", args=[cast.pharmacies[0].pk])).content.decode()
        assert f'href="{reverse(page, args=[task.pk])}"' in shown


def test_a_task_that_is_taken_back_shows_its_answer_again(cast: Cast) -> None:
    task = answered(cast)
    decide(cast, task)
    addresses.reopen(task.pk, actor(cast))
    task.refresh_from_db()
    assert (task.state, task.value) == ("answered", NEW)


# What the database guards ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"says": "address"},
        {"proposed_at": "2026-06-01T00:00Z"},
        {"says": "address", "proposed_at": "2026-06-01T00:00Z"},
        {"returned_reason": "もう一度"},
        {"returned_at": "2026-06-01T00:00Z", "returned_reason": "もう一度"},
    ],
)
def test_the_database_keeps_no_answer_without_who_and_when(cast: Cast, wrong: dict[str, str]) -> None:
    task = bad(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(**wrong)


def test_a_second_complaint_about_the_address_leaves_the_answer(cast: Cast) -> None:
    task = answered(cast)
    addresses.report(cast.pharmacies[0], "email", "box4@mail4.example", REASON, suspend=True)
    task.refresh_from_db()
    assert task.state == "answered"


def test_nobody_answers_what_is_closed(cast: Cast) -> None:
    task = addresses.keep(bad(cast).pk, actor(cast))
    with pytest.raises(tasking.NotOpen):
        answered(cast, task)
