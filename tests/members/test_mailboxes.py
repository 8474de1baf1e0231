"""メールアドレス of an organisation: several, each changed, rested and removed; what was sent stays as it was."""

import pytest
from django.urls import reverse

from members import addresses, history, mailboxes
from members.models import Event, Mailbox, Task
from notices.models import Delivery
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.members.test_tasks import actor, bad

NEW = "new@mail.example"


def first(cast: Cast) -> Mailbox:
    return cast.pharmacies[0].mailboxes.order_by("pk").first()


def press(cast: Cast, page: str, **typed: str) -> str:
    path = reverse(page, args=[first(cast).pk])
    return text_of(cast.client("staff").post(path, typed, follow=True))


def change(cast: Cast, address: str = NEW, seen: str = "box4@mail4.example") -> str:
    return press(cast, "mailbox", do="change", address=address, seen=seen)


def told(cast: Cast) -> str:
    return text_of(cast.client("staff").get(reverse("organisation", args=[cast.pharmacies[0].pk])))


def test_an_organisation_with_several_addresses_gets_the_mail_at_each(cast: Cast) -> None:
    addresses.add(cast.pharmacies[0].pk, NEW, actor(cast))
    page = cast.client("staff").get(reverse("organisation", args=[cast.pharmacies[0].pk])).content.decode()
    for mailbox in cast.pharmacies[0].mailboxes.all():
        assert mailbox.address in page and reverse("mailbox", args=[mailbox.pk]) in page
    assert "メールアドレス： なし → new@mail.example" in told(cast)


def test_a_changed_address_is_used_and_the_history_keeps_both(cast: Cast) -> None:
    assert "メールアドレスを直しました。" in change(cast)
    assert (first(cast).address, first(cast).usable) == (NEW, True)
    [event] = history.of(first(cast))
    assert (event.verb, event.account) == ("mailbox.changed", cast.capacities["staff"].account)
    assert event.detail == {"changes": {"mailbox": ["box4@mail4.example", NEW]}}
    assert "メールアドレス： box4@mail4.example → new@mail.example" in told(cast)


def test_what_was_sent_keeps_its_address(cast: Cast) -> None:
    cast.released()
    change(cast)
    press(cast, "mailbox_remove")
    assert Delivery.objects.get(receipt__organisation=cast.pharmacies[0]).address == "box4@mail4.example"


def test_an_address_rests_and_is_used_again(cast: Cast) -> None:
    assert "box4@mail4.example には、もう送りません。" in press(cast, "mailbox", do="stop")
    assert not first(cast).usable
    assert "使えるアドレスがありません" in told(cast)
    assert "また使います。" in press(cast, "mailbox", do="resume")
    assert first(cast).usable
    assert [event.verb for event in history.of(first(cast))] == ["mailbox.resumed", "mailbox.stopped"]
    assert "メールアドレスの使用を停止 box4@mail4.example" in told(cast)


def test_pressing_twice_is_recorded_once(cast: Cast) -> None:
    for _ in range(2):
        press(cast, "mailbox", do="stop")
    assert Event.objects.filter(verb="mailbox.stopped").count() == 1


def test_removing_asks_first_and_tells_what_stood_there(cast: Cast) -> None:
    key = first(cast).pk
    page = cast.client("staff").get(reverse("mailbox_remove", args=[key]))
    assert "消しますか" in text_of(page) and first(cast)
    assert "名簿から消しました。" in press(cast, "mailbox_remove")
    assert first(cast) is None
    assert Event.objects.get(verb="mailbox.removed").detail == {"changes": {"mailbox": ["box4@mail4.example", ""]}}
    assert "メールアドレス： box4@mail4.example → なし" in told(cast)


@pytest.mark.parametrize("address", ["new mail.example", "x@y\nBcc: z@y.example", "", "x" * 250 + "@y.example"])
def test_what_is_no_address_is_refused_and_stays_in_the_form(cast: Cast, address: str) -> None:
    typed = {"do": "change", "address": address, "seen": "box4@mail4.example"}
    answer = cast.client("staff").post(reverse("mailbox", args=[first(cast).pk]), typed)
    assert answer.status_code == 422
    assert first(cast).address == "box4@mail4.example"


def test_an_address_of_the_same_organisation_is_not_entered_twice(cast: Cast) -> None:
    addresses.add(cast.pharmacies[0].pk, NEW, actor(cast))
    assert "もう登録されているアドレスです" in change(cast, "NEW@mail.example")


def test_several_organisations_may_share_an_address(cast: Cast) -> None:
    change(cast, "box5@mail5.example")
    assert Mailbox.objects.filter(address="box5@mail5.example").count() == 2


def test_the_same_address_in_other_letters_is_a_change(cast: Cast) -> None:
    change(cast, "Box4@mail4.example")
    assert first(cast).address == "Box4@mail4.example"


def test_of_two_who_change_at_once_the_second_is_asked_to_look(cast: Cast) -> None:
    change(cast)
    assert "ほかの人がこのアドレスを直しました" in change(cast, "newer@mail.example")
    assert first(cast).address == NEW


def test_a_mailbox_that_is_gone_is_changed_by_nobody(cast: Cast) -> None:
    key = first(cast).pk
    mailboxes.remove(key, actor(cast))
    for act in (mailboxes.stop, mailboxes.resume, mailboxes.remove):
        with pytest.raises(mailboxes.ChangedMeanwhile):
            act(key, actor(cast))
    with pytest.raises(mailboxes.ChangedMeanwhile):
        mailboxes.change(key, NEW, "box4@mail4.example", actor(cast))


@pytest.mark.parametrize(
    ("form", "answer", "usable"),
    [
        ({"do": "change", "address": NEW, "seen": "box4@mail4.example"}, addresses.CORRECTED, True),
        ({"do": "stop"}, addresses.DROPPED, False),
        ({"do": "resume"}, addresses.KEPT, True),
    ],
)
def test_what_is_done_with_a_bad_address_here_settles_its_task(
    cast: Cast, form: dict[str, str], answer: str, usable: bool
) -> None:
    task = bad(cast)
    press(cast, "mailbox", **form)
    task.refresh_from_db()
    assert (task.answer, first(cast).usable) == (answer, usable)


def test_a_bad_address_that_is_removed_is_asked_for_no_more(cast: Cast) -> None:
    task = bad(cast)
    press(cast, "mailbox_remove")
    task.refresh_from_db()
    assert task.answer == mailboxes.REMOVED
    assert not Task.objects.still_open().exists()


@pytest.mark.parametrize("who", ["chair", "other_chair", "pharmacy"])
@pytest.mark.parametrize("page", ["mailbox", "mailbox_remove"])
def test_mailboxes_are_for_staff(cast: Cast, who: str, page: str) -> None:
    path = reverse(page, args=[first(cast).pk])
    assert cast.client(who).get(path).status_code == 404
    assert cast.client(who).post(path, {"do": "stop"}).status_code == 404
    assert first(cast).usable


@pytest.mark.parametrize(
    ("address", "meant"), [("a@gmial.com", "gmail.com"), ("a@docmo.ne.jp", "docomo.ne.jp"), ("a@gmail.com", "")]
)
def test_a_slip_in_a_providers_name_is_taken_and_pointed_at(cast: Cast, address: str, meant: str) -> None:
    said = change(cast, address)
    assert first(cast).address == address
    assert ("打ち間違いではありませんか" in said) == bool(meant) and meant in said
