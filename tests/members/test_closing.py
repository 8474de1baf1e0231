"""閉局した: a pharmacy that has closed is told by its district or by staff, and has left when staff say so."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from members import addresses, history, tasking
from members.models import Event, Organisation, Task
from members.roster import closing
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.members.test_tasks import actor, bad


def report(cast: Cast, who: str = "chair", number: int = 0, **typed: str) -> str:
    path = reverse("organisation_closed", args=[cast.pharmacies[number].pk])
    return text_of(cast.client(who).post(path, typed, follow=True))


def approve(cast: Cast, who: str = "staff") -> str:
    task = Task.objects.get(kind=Task.Kind.CLOSED)
    path = reverse("task_decision", args=[task.pk])
    form = {"do": "approve", "seen": task.proposed_at.isoformat()}
    return text_of(cast.client(who).post(path, form, follow=True))


def left_on(cast: Cast, number: int = 0) -> dt.date | None:
    return Organisation.objects.get(pk=cast.pharmacies[number].pk).left_on


def test_a_chair_tells_that_a_pharmacy_closed_and_it_has_left_when_staff_approve(cast: Cast) -> None:
    said = report(cast, value_on="2026-03-31", remark="院長先生から聞きました")
    assert "閉局したことを事務局に伝えました。" in said and "事務局で確認中" in said
    assert left_on(cast) is None
    assert "退会を登録しました" in approve(cast)
    assert left_on(cast) == dt.date(2026, 3, 31)
    [changed] = Event.objects.filter(verb="organisation.changed")
    assert changed.account == cast.capacities["staff"].account
    assert changed.detail == {
        "changes": {"left_on": ["", "2026-03-31"]},
        "proposed_by": cast.capacities["chair"].account.pk,
    }


def test_the_organisations_page_tells_who_proposed_and_who_approved(cast: Cast) -> None:
    report(cast)
    approve(cast)
    told = text_of(cast.client("staff").get(reverse("organisation", args=[cast.pharmacies[0].pk])))
    assert "名簿の内容を変更 髙﨑 美緒（髙栁 誠の回答による）" in told


def test_without_a_day_the_pharmacy_left_today(cast: Cast) -> None:
    report(cast)
    approve(cast)
    assert left_on(cast) == timezone.localdate()


def test_a_pharmacy_that_will_close_is_a_recipient_until_the_day(cast: Cast) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert "閉局したことを事務局に伝えました" in report(cast, value_on=tomorrow.isoformat())
    task = Task.objects.get(kind=Task.Kind.CLOSED)
    assert "閉局の日がまだ来ていません" in text_of(cast.client("staff").get(reverse("task", args=[task.pk])))
    assert "その日になったら" in approve(cast) and left_on(cast) is None
    Task.objects.update(value_on=timezone.localdate())  # the day has come
    assert "退会を登録しました" in approve(cast)


def test_staff_may_tell_it_as_well_and_a_second_press_registers_it(cast: Cast) -> None:
    said = report(cast, "staff", remark="電話で聞いた")
    assert "まだ退会にはしていません" in said and left_on(cast) is None
    approve(cast)
    assert left_on(cast) == timezone.localdate()


def test_staff_who_are_sure_register_it_at_once(cast: Cast) -> None:
    assert "閉局・退会にする" in text_of(
        cast.client("staff").get(reverse("organisation", args=[cast.pharmacies[0].pk]))
    )
    said = report(cast, "staff", value_on="2026-03-31", do="register")
    assert "を退会にしました" in said and "令和8年3月31日 退会" in said
    assert left_on(cast) == dt.date(2026, 3, 31)
    assert "の回答による" not in said
    assert Task.objects.get().answer == closing.REGISTERED


def test_a_chair_registers_nothing_by_the_same_press(cast: Cast) -> None:
    said = report(cast, value_on="2026-03-31", do="register")
    assert "閉局したことを事務局に伝えました。" in said and left_on(cast) is None


def test_telling_it_again_changes_the_one_task_that_is_open(cast: Cast) -> None:
    report(cast, "staff", value_on="2026-03-31")
    report(cast, value_on="2026-04-30")
    task = Task.objects.get()
    assert (task.value_on, task.proposed_by) == (dt.date(2026, 4, 30), cast.capacities["chair"])
    assert [event.verb for event in history.of(task)] == ["task.answered", "task.raised"]


@pytest.mark.parametrize(
    ("day", "told"), [("2999-01-01", "1年より先の日付"), ("2024-05-31", "入会日より前"), ("令和8年2月29日", "日付")]
)
def test_a_day_that_cannot_be_is_refused_with_the_reason(cast: Cast, day: str, told: str) -> None:
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(joined_on="2024-06-01")
    assert told in report(cast, value_on=day)
    assert not Task.objects.exists()


def test_a_day_before_the_joining_is_refused_when_the_roster_changed_meanwhile(cast: Cast) -> None:
    report(cast, value_on="2024-05-31")
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(joined_on="2024-06-01")
    assert "名簿の入会日より前です" in approve(cast)
    assert left_on(cast) is None and Task.objects.still_open().exists()


def test_of_who_has_left_nothing_is_to_be_found_out_any_more(cast: Cast) -> None:
    other = bad(cast)
    report(cast)
    approve(cast)
    other.refresh_from_db()
    assert other.answer == tasking.LEFT
    assert not Task.objects.still_open().exists()


def test_who_has_left_cannot_be_told_to_have_closed(cast: Cast) -> None:
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(left_on="2024-03-31")
    assert "退会は、もう登録されています" in report(cast)
    page = cast.client("chair").get(reverse("organisation", args=[cast.pharmacies[0].pk]))
    assert "閉局したと知らせる" not in text_of(page)
    with pytest.raises(closing.AlreadyLeft):
        closing.report(cast.pharmacies[0].pk, None, "", actor(cast))


def test_staff_say_that_it_has_not_closed_and_nothing_is_changed(cast: Cast) -> None:
    report(cast)
    task = Task.objects.get()
    said = cast.client("staff").post(reverse("task", args=[task.pk]), {"do": "dismiss"}, follow=True)
    assert "閉局していないことにしました" in text_of(said)
    assert left_on(cast) is None and not Task.objects.still_open().exists()


def test_what_is_done_with_an_address_is_not_done_with_a_closing(cast: Cast) -> None:
    report(cast)
    task = Task.objects.get()
    for do in ("correct", "keep", "drop", "reopen"):
        cast.client("staff").post(reverse("task", args=[task.pk]), {"do": do, "address": "new@mail.example"})
    assert Task.objects.still_open().get() == task
    assert cast.pharmacies[0].mailboxes.get().address == "box4@mail4.example"


def test_a_pharmacy_that_came_back_is_written_to_again(cast: Cast) -> None:
    report(cast)
    approve(cast)
    path = reverse("organisation_edit", args=[cast.pharmacies[0].pk])
    staff = cast.client("staff")
    form = staff.get(path).context["form"]
    typed = {name: form[name].value() for name in form.fields} | {"left_on": ""}
    staff.post(path, {name: value for name, value in typed.items() if value is not None})
    assert left_on(cast) is None
    assert cast.pharmacies[0] in Organisation.objects.current()


def test_only_the_own_district_and_staff_can_tell_it(cast: Cast) -> None:
    path = reverse("organisation_closed", args=[cast.pharmacies[0].pk])
    for who in ("other_chair", "pharmacy", "neighbour"):
        assert cast.client(who).post(path).status_code == 404
    assert not Task.objects.exists()
    assert Event.objects.filter(verb="access.refused").count() == 3


def test_a_district_does_not_close(cast: Cast) -> None:
    path = reverse("organisation_closed", args=[cast.shirasagi.pk])
    assert cast.client("chair").get(path).status_code == 404
    task = addresses.report(cast.shirasagi, "email", "box2@mail2.example", "宛先がありません", suspend=True)
    page = text_of(cast.client("chair").get(reverse("task_answer", args=[task.pk])))
    assert "閉局・退会していた" not in page
