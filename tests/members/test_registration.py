"""登録の内容: a pharmacy sees what the roster says of it and tells what is wrong; staff put it right."""

from django.urls import reverse

from members.models import Event, Task
from tests.boards.reading import text_of
from tests.cast import Cast

TOLD = "電話が 092-555-0000 に変わりました"


def tell(cast: Cast, what: str = TOLD) -> str:
    return text_of(cast.client("pharmacy").post(reverse("registration"), {"what": what}, follow=True))


def told() -> Task:
    return Task.objects.get(kind=Task.Kind.CHANGED)


def test_a_pharmacy_sees_its_own_registration_and_no_others(cast: Cast) -> None:
    own, other = cast.pharmacies[0], cast.pharmacies[1]
    page = text_of(cast.client("pharmacy").get(reverse("registration")))
    assert own.name in page and own.mailboxes.get().address in page and own.parent.name in page
    assert other.name not in page and other.mailboxes.get().address not in page


def test_what_it_tells_waits_for_staff_who_put_it_right(cast: Cast) -> None:
    assert "事務局に知らせました" in tell(cast)
    listed = text_of(cast.client("staff").get(reverse("tasks")))
    assert "白鷺中央薬局" in listed and "登録の変更の知らせ" in listed
    page = text_of(cast.client("staff").get(reverse("task", args=[told().pk])))
    assert TOLD in page and "この内容で直す" not in page and "差し戻す" not in page
    cast.client("staff").post(reverse("task", args=[told().pk]), {"do": "settle"})
    assert told().closed_by == cast.capacities["staff"].account
    assert "確かめています" not in text_of(cast.client("pharmacy").get(reverse("registration")))


def test_telling_again_replaces_what_was_told(cast: Cast) -> None:
    tell(cast)
    assert TOLD in text_of(cast.client("pharmacy").get(reverse("registration")))
    tell(cast, "FAXはやめました")
    assert told().remark == "FAXはやめました"
    assert list(Event.objects.filter(subject_id=told().pk).values_list("verb", flat=True).order_by("pk")) == [
        "task.raised",
        "task.answered",
    ]


def test_a_chair_does_not_read_what_a_pharmacy_tells_staff(cast: Cast) -> None:
    tell(cast)
    assert "登録の変更" not in text_of(cast.client("chair").get(reverse("tasks")))
    assert cast.client("chair").get(reverse("task_answer", args=[told().pk])).status_code == 404


def test_secrets_are_refused_and_nothing_is_kept(cast: Cast) -> None:
    assert "パスワード" in tell(cast, "パスワード: himitsu1234")
    assert not Task.objects.filter(kind=Task.Kind.CHANGED).exists()


def test_an_approval_that_is_no_proposal_of_the_roster_is_refused(cast: Cast) -> None:
    tell(cast)
    form = {"do": "approve", "seen": told().proposed_at.isoformat()}
    page = text_of(cast.client("staff").post(reverse("task_decision", args=[told().pk]), form, follow=True))
    assert "何も変えていません" in page and told().closed_at is None
