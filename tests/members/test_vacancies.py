"""役職の不在: an office of one person without a holder is a task, until somebody takes it."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from config.celery import Sweep, app
from members import history, tasking
from members.models import Event, Officer, Organisation, Task
from members.models.officer import Office
from members.roster import offices, vacancies
from members.tasks import sweep_vacancies
from tests.boards.reading import rows, text_of
from tests.cast import Cast
from tests.members.test_tasks import actor

DAY = dt.timedelta(days=1)


def today() -> dt.date:
    return timezone.localdate()


def manager(cast: Cast, **term: dt.date) -> Officer:
    return cast.pharmacies[0].officers.create(office=Office.MANAGER, name="德丸 翔太", **term)


def vacancy(organisation: Organisation) -> Task | None:
    return organisation.tasks.still_open().filter(kind=Task.Kind.VACANT).first()


def test_a_chair_who_left_leaves_a_task_and_the_next_one_closes_it(cast: Cast) -> None:
    offices.leave(cast.shirasagi.officers.get().pk, today() - DAY, actor(cast))
    task = vacancy(cast.shirasagi)
    assert (task.title, task.reason) == ("会長の不在", "任期が終わり、次の会長の登録がありません")
    offices.take(cast.shirasagi.pk, Office.CHAIR, "𠮷田 﨑子", "", today(), actor(cast))
    task.refresh_from_db()
    assert (task.closed_by, task.answer) == (cast.capacities["staff"].account, vacancies.FILLED)
    assert [event.verb for event in history.of(task)] == ["task.closed", "task.raised"]


def test_a_chair_is_in_office_until_the_end_of_the_last_day(cast: Cast) -> None:
    offices.leave(cast.shirasagi.officers.get().pk, today(), actor(cast))
    assert vacancy(cast.shirasagi) is None
    vacancies.sweep(today() + DAY)
    assert vacancy(cast.shirasagi)


def test_who_will_take_the_office_on_a_later_day_leaves_nothing_to_ask(cast: Cast) -> None:
    offices.take(cast.shirasagi.pk, Office.CHAIR, "𠮷田 﨑子", "", today() + 30 * DAY, actor(cast))
    officer = cast.shirasagi.officers.get(name="髙栁 誠")
    offices.leave(officer.pk, today() - DAY, actor(cast))
    assert vacancy(cast.shirasagi) is None


def test_a_district_without_a_chair_is_asked_for_one(cast: Cast) -> None:
    vacancies.sweep()
    assert vacancy(cast.takaodai).reason == "会長の登録がありません"
    assert vacancy(cast.shirasagi) is None


def test_a_roster_without_managers_asks_nothing_of_pharmacies(cast: Cast) -> None:
    vacancies.sweep()
    assert not Task.objects.filter(organisation__kind="pharmacy").exists()


def test_a_manager_who_was_registered_and_left_is_missed(cast: Cast) -> None:
    offices.leave(manager(cast).pk, today() - DAY, actor(cast))
    assert vacancy(cast.pharmacies[0]).title == "管理薬剤師の不在"


def test_the_office_of_several_is_never_vacant(cast: Cast) -> None:
    officer = cast.association.officers.get()
    offices.leave(officer.pk, today() - DAY, actor(cast))
    assert not Task.objects.exists()


def test_sweeping_again_asks_once(cast: Cast) -> None:
    manager(cast, until=today() - DAY)
    for _ in range(3):
        sweep_vacancies()
    assert Task.objects.filter(organisation=cast.pharmacies[0]).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_that_sweep_at_once_one_asks(cast: Cast) -> None:
    manager(cast, until=today() - DAY)

    def sweep(number: int) -> None:
        try:
            vacancies.sweep()
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as workers:
        list(workers.map(sweep, range(10)))
    assert Task.objects.filter(organisation=cast.pharmacies[0]).count() == 1
    assert Event.objects.filter(verb="task.raised").count() == Task.objects.count() == 2


def test_the_clock_and_each_worker_sweep(cast: Cast) -> None:
    assert sweep_vacancies.name in Sweep.tasks
    assert sweep_vacancies.name in {entry["task"] for entry in app.conf.beat_schedule.values()}


def test_the_sweep_closes_what_was_filled_elsewhere_and_who_has_left(cast: Cast) -> None:
    manager(cast, until=today() - DAY)
    vacancies.sweep()
    cast.takaodai.officers.create(office=Office.CHAIR, name="𠮷田 進")
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(left_on=today())
    vacancies.sweep()
    assert {task.organisation: task.answer for task in Task.objects.all()} == {
        cast.takaodai: vacancies.FILLED,
        cast.pharmacies[0]: tasking.LEFT,
    }
    vacancies.sweep()
    assert not Task.objects.still_open().exists()


def test_who_has_left_is_asked_for_no_manager(cast: Cast) -> None:
    officer = manager(cast)
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(left_on=today())
    offices.leave(officer.pk, today() - DAY, actor(cast))
    assert vacancy(cast.pharmacies[0]) is None


def test_a_day_that_was_wrong_is_corrected_and_the_task_with_it(cast: Cast) -> None:
    officer = manager(cast)
    offices.leave(officer.pk, today() - DAY, actor(cast))
    officer.refresh_from_db()
    seen = {"until": offices.told(officer.until)}
    offices.correct(officer.pk, {"until": None}, seen, actor(cast))
    assert vacancy(cast.pharmacies[0]) is None


def test_the_database_keeps_one_open_task_an_office(cast: Cast) -> None:
    task = Task(
        organisation=cast.shirasagi, kind=Task.Kind.VACANT, office=Office.CHAIR, reason="会長の登録がありません"
    )
    tasking.open_(task)
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.create(organisation=cast.shirasagi, kind=Task.Kind.VACANT, office=Office.CHAIR, reason="もう一度")


def test_the_database_keeps_no_task_without_its_place(cast: Cast) -> None:
    for wrong in ({"kind": "vacant"}, {"kind": "closed", "office": "chair"}, {"kind": "bad_address"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Task.objects.create(organisation=cast.shirasagi, reason="理由", **wrong)


def test_staff_see_who_held_the_office_before_and_where_to_register_the_next(cast: Cast) -> None:
    offices.leave(cast.shirasagi.officers.get().pk, today() - DAY, actor(cast))
    staff = cast.client("staff")
    [row] = rows(staff.get(reverse("tasks")))
    assert row[3] == "会長の不在 任期が終わり、次の会長の登録がありません"
    page = staff.get(reverse("task", args=[vacancy(cast.shirasagi).pk]))
    assert "前任 髙栁 誠 さん" in text_of(page)
    assert reverse("officer_new", args=[cast.shirasagi.pk]) in page.content.decode()
    assert "会長の不在" in text_of(staff.get(reverse("notices:today")))
