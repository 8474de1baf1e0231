"""「FAXが戻った」: a FAX sent by hand that came back is 不達, a task about the number, and the other way."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from members import addresses, history
from members.models import Event, Organisation, Task
from members.models.organisation import Channel
from notices.boards.progress import totals
from notices.distribution import by_hand, fax_returned
from notices.models import Delivery, Release
from notices.models.receipt import Reach
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.distribution.paper import delivery_to, wants_fax
from tests.distribution.test_papers import Issue
from tests.members.test_tasks import actor


@pytest.fixture
def release(cast: Cast, issue: Issue, settings: Settings) -> Release:
    """One pharmacy by FAX, which nobody sends by itself."""
    settings.FAX_GATEWAY = ""
    wants_fax(cast.pharmacies[3])
    return issue()


@pytest.fixture
def fax(cast: Cast, release: Release) -> Delivery:
    """Its FAX, noted as sent."""
    by_hand.note_sent(release, actor(cast), None, Delivery.objects.latest("pk").pk)
    return delivery_to(release, cast.pharmacies[3])


def press(staff: Client, fax: Delivery, **typed: str) -> str:
    return text_of(staff.post(reverse("notices:fax_returned", args=[fax.pk]), typed, follow=True))


def test_a_fax_that_came_back_is_failed_with_the_reason(cast: Cast, release: Release, fax: Delivery) -> None:
    assert "FAX が戻ったことを記録しました。" in press(cast.client("staff"), fax, reason="busy")
    fax.refresh_from_db()
    receipt = cast.receipt(release, cast.pharmacies[3])
    assert (fax.state, receipt.reach) == (Delivery.State.FAILED, Reach.FAILED)
    assert receipt.reach_reason == fax.outcome == fax_returned.REASONS["busy"]
    assert totals(release).pharmacies.failed == 1
    [event] = history.of(fax)
    assert (event.verb, event.account) == ("delivery.fax_returned", cast.capacities["staff"].account)


def test_its_number_becomes_a_task_of_the_pharmacy(cast: Cast, fax: Delivery) -> None:
    press(cast.client("staff"), fax, reason="wrong")
    task = Task.objects.get()
    assert (task.organisation, task.channel, task.address) == (cast.pharmacies[3], Channel.FAX, fax.address)
    chair = text_of(cast.client("other_chair").get(reverse("task_answer", args=[task.pk])))
    assert "新しいFAX番号が分かった" in chair and fax.address in chair


def test_a_number_that_was_mended_before_becomes_no_task(cast: Cast, fax: Delivery) -> None:
    cast.pharmacies[3].fax = "092-999-0000"
    cast.pharmacies[3].save()
    press(cast.client("staff"), fax, reason="wrong")
    assert not Task.objects.exists()


def test_the_pharmacys_other_way_is_taken(cast: Cast, release: Release, fax: Delivery) -> None:
    Organisation.objects.filter(pk=cast.pharmacies[3].pk).update(fallback=Channel.EMAIL)
    press(cast.client("staff"), fax, reason="busy")
    receipt = cast.receipt(release, cast.pharmacies[3])
    assert receipt.deliveries.get(channel="email").after == fax
    assert receipt.reach == Reach.WAITING


def test_noting_it_again_changes_nothing(cast: Cast, fax: Delivery) -> None:
    staff = cast.client("staff")
    press(staff, fax, reason="busy")
    assert "何も変えていません。" in press(staff, fax, reason="wrong")
    fax.refresh_from_db()
    assert fax.outcome == fax_returned.REASONS["busy"]
    assert Event.objects.filter(verb="delivery.fax_returned").count() == 1
    with pytest.raises(fax_returned.NothingReturned):
        fax_returned.note(fax.pk, "busy", actor(cast))


def test_without_a_reason_nothing_is_noted(cast: Cast, fax: Delivery) -> None:
    answer = cast.client("staff").post(reverse("notices:fax_returned", args=[fax.pk]))
    assert answer.status_code == 422
    fax.refresh_from_db()
    assert fax.state == Delivery.State.OTHER


def test_the_button_stands_with_the_receipt_the_release_and_the_papers(
    cast: Cast, release: Release, fax: Delivery
) -> None:
    staff, way = cast.client("staff"), reverse("notices:fax_returned", args=[fax.pk])
    assert way in staff.get(reverse("notices:receipt", args=[fax.receipt_id])).content.decode()
    assert way in staff.get(f"{reverse('notices:release', args=[release.pk])}?state=other").content.decode()
    assert "送った FAX が戻ったときは" in text_of(staff.get(reverse("notices:release_papers", args=[release.pk])))


def test_mended_the_fax_is_sent_by_hand_again(cast: Cast, release: Release, fax: Delivery) -> None:
    press(cast.client("staff"), fax, reason="wrong")
    addresses.correct(Task.objects.get().pk, "092-999-0000", actor(cast))
    cast.client("staff").post(reverse("notices:receipt_repeat", args=[fax.receipt_id]), {"channel": "fax"})
    assert by_hand.left(release) == 1


def test_a_mail_does_not_come_back_as_a_fax(cast: Cast, release: Release) -> None:
    mail = delivery_to(release, cast.pharmacies[0])
    path = reverse("notices:fax_returned", args=[mail.pk])
    assert cast.client("staff").get(path).status_code == 404
    for who in ("chair", "pharmacy"):
        assert cast.client(who).post(path, {"reason": "busy"}).status_code == 404
