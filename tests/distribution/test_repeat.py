"""Sending again: to the addresses of this moment, once however often it is pressed, and never after a correction."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Count
from django.utils import timezone
from django.utils.http import urlencode

from members import addresses, history
from members.models import Event, Mailbox, Organisation, Task
from notices.distribution import outbox, reach, recipients, settling, steering, unreached
from notices.models import Delivery, Receipt, Relation, Release
from notices.models.receipt import Reach
from notices.procedures import repeat
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.distribution.conftest import acting
from tests.distribution.deliveries import Issue, reconciles
from tests.distribution.test_troubles import over

REASON = "宛先のメールアドレスが存在しません"
State = Delivery.State
Purpose = Delivery.Purpose


@pytest.fixture(autouse=True)
def no_gateway(settings) -> None:
    """FAX is sent by hand unless a test brings a gateway."""
    settings.FAX_GATEWAY = ""


def with_failures(cast: Cast, *numbers: int, reason: str = REASON) -> Release:
    """A release whose mail to some pharmacies was refused."""
    release = cast.released()
    for number in numbers:
        receipt = cast.receipt(release, cast.pharmacies[number])
        receipt.deliveries.update(state=State.FAILED, settled_at=timezone.now(), outcome=reason)
        reach.renew(receipt)
    return release


def failure(cast: Cast, **more: object) -> Receipt:
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(**more)
    return cast.receipt(with_failures(cast, 0), cast.pharmacies[0])


def repeats(release: Release) -> list[tuple[str, str, str]]:
    found = Delivery.objects.filter(receipt__release=release, purpose=Purpose.REPEAT)
    return [(delivery.channel, delivery.address, delivery.state) for delivery in found]


# One ------------------------------------------------------------------------------------------------------------------


def test_it_goes_to_the_addresses_of_this_moment(cast: Cast):
    receipt = failure(cast)
    mailboxes = cast.pharmacies[0].mailboxes
    mailboxes.update(usable=False)
    for address in ("new@mail.example", "second@mail.example"):
        mailboxes.create(address=address)
    assert repeat.send_again(receipt.pk, acting(cast)) == 2
    assert repeats(receipt.release) == [
        ("email", "new@mail.example", State.WAITING),
        ("email", "second@mail.example", State.WAITING),
    ]
    receipt.refresh_from_db()
    assert (receipt.reach, receipt.reach_reason) == (Reach.WAITING, "")
    assert reconciles(receipt.release)


def test_a_release_that_was_through_is_under_way_again_until_it_is_through(cast: Cast):
    receipt = failure(cast)
    repeat.send_again(receipt.pk, acting(cast))
    assert Release.objects.get(pk=receipt.release_id).state == Release.State.SENDING
    settling.close_finished()
    assert Release.objects.get(pk=receipt.release_id).state == Release.State.SENDING
    Delivery.objects.filter(purpose=Purpose.REPEAT).update(state=State.SENT, settled_at=timezone.now())
    reach.renew(receipt)
    settling.close_finished()
    assert Release.objects.get(pk=receipt.release_id).state == Release.State.SENT


def test_of_a_paused_release_it_waits_with_the_others(cast: Cast):
    receipt = failure(cast)
    Release.objects.filter(pk=receipt.release_id).update(state=Release.State.PAUSED)
    repeat.send_again(receipt.pk, acting(cast))
    assert Release.objects.get(pk=receipt.release_id).state == Release.State.PAUSED
    assert not Delivery.objects.ready().offered().exists()


def test_it_is_recorded_who_sent_again_and_how_much(cast: Cast):
    receipt = failure(cast)
    repeat.send_again(receipt.pk, acting(cast))
    [event] = history.of(receipt).filter(verb="delivery.repeated")
    assert (event.account, event.detail) == (cast.capacities["staff"].account, {"messages": 1})


def test_pressed_twice_it_goes_once(cast: Cast):
    receipt = failure(cast)
    repeat.send_again(receipt.pk, acting(cast))
    with pytest.raises(repeat.NothingToRepeat):
        repeat.send_again(receipt.pk, acting(cast))
    assert len(repeats(receipt.release)) == 1


def test_what_fails_again_can_be_sent_again(cast: Cast):
    receipt = failure(cast)
    for _ in range(2):
        repeat.send_again(receipt.pk, acting(cast))
        Delivery.objects.filter(receipt=receipt).update(state=State.FAILED, settled_at=timezone.now())
        reach.renew(receipt)
    assert len(repeats(receipt.release)) == 2


def test_who_was_reached_gets_nothing_more(cast: Cast):
    receipt = cast.receipt(cast.released(), cast.pharmacies[0])
    with pytest.raises(repeat.NothingToRepeat):
        repeat.send_again(receipt.pk, acting(cast))


def test_without_a_usable_address_it_is_refused_and_nothing_changes(cast: Cast):
    receipt = failure(cast)
    cast.pharmacies[0].mailboxes.update(usable=False)
    with pytest.raises(repeat.NoAddress, match="使えるメール・FAXの宛先がありません"):
        repeat.send_again(receipt.pk, acting(cast))
    assert Release.objects.get(pk=receipt.release_id).state == Release.State.SENT
    assert repeats(receipt.release) == []


@pytest.mark.parametrize(
    ("end", "refusal", "words"),
    [
        ("stopped", repeat.Stopped, "中止されています"),
        ("corrects", repeat.Superseded, "前の通知の訂正について"),
        ("withdraws", repeat.Superseded, "訂正または廃止されています"),
    ],
)
def test_nothing_of_a_release_that_is_over_goes_out_again(
    cast: Cast, end: str, refusal: type[repeat.CannotRepeat], words: str
):
    receipt = failure(cast)
    over(receipt.release, cast, end)
    for press in (
        lambda: repeat.send_again(receipt.pk, acting(cast)),
        lambda: repeat.send_again(receipt.pk, acting(cast), "post"),
        lambda: repeat.send_again_to_failed(receipt.release_id, acting(cast)),
    ):
        with pytest.raises(refusal, match=words):
            press()
    assert repeats(receipt.release) == []


def test_a_district_is_written_to_at_its_chairs_address_of_this_moment(cast: Cast):
    receipt = cast.receipt(cast.released(), cast.shirasagi)
    receipt.deliveries.update(state=State.FAILED, settled_at=timezone.now(), outcome=REASON)
    reach.renew(receipt)
    cast.shirasagi.officers.update(email="new-chair@chair.example")
    repeat.send_again(receipt.pk, acting(cast))
    assert repeats(receipt.release) == [("email", "new-chair@chair.example", State.WAITING)]


# Another way ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("gateway", "state"), [("", State.OTHER), ("{number}@fax.example", State.WAITING)])
def test_it_may_go_by_fax(cast: Cast, settings, gateway: str, state: str):
    settings.FAX_GATEWAY = gateway
    receipt = failure(cast, fax="092-000-0199")
    repeat.send_again(receipt.pk, acting(cast), "fax")
    assert repeats(receipt.release) == [("fax", "092-000-0199", state)]


def test_marked_for_the_post_it_is_for_somebodys_hands_once(cast: Cast):
    receipt = failure(cast, address="福岡市中央区架空町1-2")
    repeat.send_again(receipt.pk, acting(cast), "post")
    with pytest.raises(repeat.NothingToRepeat):
        repeat.send_again(receipt.pk, acting(cast), "post")
    assert repeats(receipt.release) == [("post", "福岡市中央区架空町1-2", State.OTHER)]
    receipt.refresh_from_db()
    assert receipt.reach == Reach.OTHER
    assert Release.objects.get(pk=receipt.release_id).state == Release.State.SENT


def test_a_way_that_the_roster_does_not_have_is_refused(cast: Cast):
    with pytest.raises(repeat.NoAddress, match="FAXの宛先がありません"):
        repeat.send_again(failure(cast).pk, acting(cast), "fax")


# All ------------------------------------------------------------------------------------------------------------------


def test_to_all_that_failed_goes_what_can_go(cast: Cast):
    release = with_failures(cast, 0, 1, 4)
    cast.pharmacies[1].mailboxes.update(usable=False)
    before = repeat.plan(release)
    assert [receipt.organisation for receipt, _ in before.reached] == [cast.pharmacies[0], cast.pharmacies[4]]
    assert [receipt.organisation for receipt in before.left_out] == [cast.pharmacies[1]]
    assert repeat.send_again_to_failed(release.pk, acting(cast)) == 2
    assert len(repeats(release)) == 2
    assert reconciles(release)
    [event] = history.of(release).filter(verb="delivery.repeated")
    assert event.detail == {"recipients": 2, "messages": 2}
    with pytest.raises(repeat.NoAddress):
        repeat.send_again_to_failed(release.pk, acting(cast))


def test_where_nobody_failed_nothing_is_sent(cast: Cast):
    with pytest.raises(repeat.NothingToRepeat):
        repeat.send_again_to_failed(cast.released().pk, acting(cast))


@pytest.mark.django_db(transaction=True)
def test_pressed_fifty_times_at_once_it_goes_once_to_each(cast: Cast):
    release = with_failures(cast, 0, 1, 4)
    actor, one = acting(cast), cast.receipt(release, cast.pharmacies[0]).pk

    def press(number: int) -> int:
        try:
            if number % 2:
                return repeat.send_again(one, actor)
            return repeat.send_again_to_failed(release.pk, actor)
        except repeat.NothingToRepeat:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as people:
        assert sum(people.map(press, range(50))) == 3
    counted = Delivery.objects.filter(purpose=Purpose.REPEAT).values("receipt").annotate(number=Count("pk"))
    assert [row["number"] for row in counted] == [1, 1, 1]


# All whom a stop by hand left out -------------------------------------------------------------------------------------


def stopped_after(issue: Issue, cast: Cast, messages: int) -> Release:
    """A release that staff stopped after so many messages."""
    release = issue()
    outbox.send_due(messages)
    steering.stop(release.pk, acting(cast))
    return release


def test_whom_a_stop_by_hand_left_out_gets_it_after_all_and_nobody_twice(cast: Cast, issue: Issue, settings):
    settings.EMAIL_URL = ""
    release = stopped_after(issue, cast, 3)
    assert repeat.send_to_stopped(release.pk, acting(cast)) == 5
    release.refresh_from_db()
    assert release.state == Release.State.SENDING
    assert reconciles(release)
    [event] = history.of(release).filter(verb="delivery.repeated")
    assert event.detail == {"recipients": 5, "messages": 5}
    with pytest.raises(repeat.NothingToRepeat):
        repeat.send_to_stopped(release.pk, acting(cast))
    outbox.send_due(100)
    settling.close_finished()
    release.refresh_from_db()
    assert release.state == Release.State.SENT
    sent = Delivery.objects.filter(receipt__release=release, state=State.SENT)
    assert sorted(sent.values_list("receipt", flat=True)) == sorted(release.receipts.values_list("pk", flat=True))
    assert set(release.receipts.values_list("reach", flat=True)) == {Reach.SENT}


def test_who_has_no_way_any_more_stays_out_and_can_be_written_to_later(cast: Cast, issue: Issue, settings):
    settings.EMAIL_URL = ""
    release = stopped_after(issue, cast, 0)
    cast.pharmacies[0].mailboxes.update(usable=False)
    assert repeat.send_to_stopped(release.pk, acting(cast)) == 7
    receipt = cast.receipt(release, cast.pharmacies[0])
    assert receipt.reach == Reach.STOPPED
    left_out = unreached.of(release).get(pk=receipt.pk)
    assert unreached.case(left_out).move.value == "アドレスを入れる"
    cast.pharmacies[0].mailboxes.update(usable=True)
    left_out = unreached.of(release).get(pk=receipt.pk)
    assert unreached.case(left_out).move.value == "もう一度送る"
    assert repeat.send_again(receipt.pk, acting(cast)) == 1
    assert reconciles(release)


def test_where_nobody_has_a_way_any_more_the_release_stays_stopped(cast: Cast, issue: Issue):
    release = stopped_after(issue, cast, 0)
    Mailbox.objects.update(usable=False)
    release.receipts.filter(audience="district").update(reach=Reach.SENT)
    with pytest.raises(repeat.NoAddress):
        repeat.send_to_stopped(release.pk, acting(cast))
    release.refresh_from_db()
    assert release.state == Release.State.STOPPED


@pytest.mark.parametrize("end", ["corrects", "withdraws"])
def test_what_was_stopped_by_a_correction_or_a_withdrawal_stays_so(cast: Cast, issue: Issue, end: str):
    release = stopped_after(issue, cast, 0)
    over(release, cast, end)
    with pytest.raises(repeat.Superseded):
        repeat.send_to_stopped(release.pk, acting(cast))
    assert repeats(release) == []
    shown = page(cast, f"/releases/{release.pk}/")
    assert "中止した宛先に送る" not in shown
    assert "この発出からは、もう送れません。" in page(cast, f"/releases/{release.pk}/stopped/")


def test_the_page_of_a_release_stopped_by_hand_lists_who_was_left_out_and_sends_to_them(cast: Cast, issue: Issue):
    release = stopped_after(issue, cast, 0)
    shown = page(cast, f"/releases/{release.pk}/")
    assert "中止した 6 薬局と 2 地区には、この通知は届いていません。" in shown
    assert "不達と中止" in shown
    assert "すみれ調剤薬局" in shown
    asked = page(cast, f"/releases/{release.pk}/stopped/")
    assert "8 か所に、中止したこの通知を送ります（メール 8 通）。" in asked
    assert repeats(release) == []
    said = page(cast, f"/releases/{release.pk}/stopped/", sure="on")
    assert "中止した 8 か所に送る手配をしました。" in said
    assert len(repeats(release)) == 8


def test_stopping_a_correction_says_that_the_old_letter_stays_with_them(cast: Cast, issue: Issue):
    release = issue()
    words = "まだ送っていない宛先には、訂正が伝わりません。"
    assert words not in page(cast, f"/releases/{release.pk}/stop/")
    old = cast.released("前の通知").notice
    Relation.objects.create(source=release.notice, kind="corrects", target=old)
    assert words in page(cast, f"/releases/{release.pk}/stop/")


# What a row proposes --------------------------------------------------------------------------------------------------


def proposed(release: Release) -> dict[str, str]:
    """Recipient → what its button says."""
    return {receipt.organisation.name: unreached.case(receipt).move.value for receipt in unreached.of(release)}


def raise_task(receipt: Receipt, reason: str = REASON) -> Task:
    delivery = receipt.deliveries.get()
    return addresses.report(receipt.organisation, "email", delivery.address, reason, suspend=True)


@pytest.mark.parametrize(
    ("reason", "more", "has_task", "move"),
    [
        (REASON, {}, True, "アドレスを直す"),
        ("受信箱がいっぱいです", {}, False, "もう一度送る"),
        ("相手のサーバーが受け取りを断りました", {"fax": "092-000-0199", "address": "福岡市"}, False, "FAXで送る"),
        ("相手のサーバーが受け取りを断りました", {"address": "福岡市"}, False, "郵送にする"),
        ("相手のサーバーが受け取りを断りました", {}, False, "電話する"),
        ("相手のサーバーが受け取りを断りました", {"telephone": ""}, False, "アドレスを入れる"),
    ],
)
def test_a_row_proposes_what_helps(cast: Cast, reason: str, more: dict[str, str], has_task: bool, move: str):
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(**more)
    release = with_failures(cast, 0, reason=reason)
    if has_task:
        raise_task(cast.receipt(release, cast.pharmacies[0]), reason)
    assert proposed(release) == {"白鷺中央薬局": move}


def test_a_row_whose_address_is_being_asked_for_sends_by_fax_meanwhile(cast: Cast):
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(fax="092-000-0199")
    receipt = failure(cast)
    raise_task(receipt)
    shown = page(cast, f"/releases/{receipt.release_id}/")
    assert "急ぐときは FAX 092-000-0199 へ送れます" in shown and "アドレスを直す" in shown and "FAXで送る" in shown
    page(cast, f"/receipts/{receipt.pk}/repeat/", channel="fax")
    assert receipt.deliveries.filter(channel="fax", address="092-000-0199").exists()


def test_a_row_whose_address_was_mended_proposes_to_send_there(cast: Cast):
    receipt = failure(cast)
    addresses.correct(raise_task(receipt).pk, "new@mail.example", acting(cast))
    assert proposed(receipt.release) == {"白鷺中央薬局": "もう一度送る"}


def test_a_row_without_any_address_proposes_to_enter_one(cast: Cast):
    receipt = failure(cast)
    receipt.deliveries.all().delete()
    cast.pharmacies[0].mailboxes.all().delete()
    Receipt.objects.filter(pk=receipt.pk).update(reach_reason=recipients.NO_ADDRESS)
    assert proposed(receipt.release) == {"白鷺中央薬局": "アドレスを入れる"}


def test_of_a_release_that_is_over_a_row_proposes_the_telephone(cast: Cast):
    receipt = failure(cast)
    over(receipt.release, cast, "corrects")
    release = Release.objects.get(pk=receipt.release_id)
    assert not unreached.goes_out(release)
    assert unreached.case(unreached.of(release).get(), goes_out=False).move.value == "電話する"


def test_an_address_entered_leads_back_to_the_list_which_then_sends_there(cast: Cast):
    receipt = failure(cast)
    receipt.deliveries.all().delete()
    cast.pharmacies[0].mailboxes.all().delete()
    Receipt.objects.filter(pk=receipt.pk).update(reach_reason=recipients.NO_ADDRESS)
    staff, listed = cast.client("staff"), f"/releases/{receipt.release_id}/"
    enter = f"/directory/{receipt.organisation_id}/mailboxes/?{urlencode({'next': listed})}"
    assert f'href="{enter}"' in staff.get(listed).content.decode()
    answer = staff.post(enter, {"address": "new@mail.example"}, follow=True)
    assert answer.redirect_chain == [(listed, 302)]
    assert "名簿にメールの別の届け先があります。そこへ送れます もう一度送る" in text_of(answer)


# Pages ----------------------------------------------------------------------------------------------------------------


def page(cast: Cast, path: str, **form: str) -> str:
    """What staff see there, or after sending the form."""
    client = cast.client("staff")
    return text_of(client.post(path, form, follow=True) if form else client.get(path))


def test_the_list_sends_again_and_comes_back_to_where_it_was(cast: Cast):
    receipt = failure(cast)
    listed = f"/releases/{receipt.release_id}/"
    assert "電話 092-000-0004 で" in page(cast, listed)
    answer = cast.client("staff").post(
        f"/receipts/{receipt.pk}/repeat/", {"channel": "", "query": "state=failed&sort=-state"}
    )
    assert answer["Location"] == f"{listed}?state=failed&sort=-state"
    again = page(cast, f"/receipts/{receipt.pk}/repeat/", channel="", query="")
    assert "送っていません。 白鷺中央薬局：いまは「送信待ち」です。" in again
    assert len(repeats(receipt.release)) == 1


def test_a_row_goes_over_to_the_post(cast: Cast):
    receipt = failure(cast, address="福岡市中央区架空町1-2")
    assert "郵送にする" in page(cast, f"/releases/{receipt.release_id}/")
    said = page(cast, f"/receipts/{receipt.pk}/repeat/", channel="post")
    assert "白鷺中央薬局を「郵送で送る」に移しました。 まだ何も送っていません。 郵送・FAX の紙 から印刷して送り" in said


def test_before_all_are_sent_to_again_it_is_said_to_how_many_and_to_whom_not(cast: Cast):
    release = with_failures(cast, 0, 1, 4)
    cast.pharmacies[1].mailboxes.update(usable=False)
    assert "届かなかった全員にもう一度送る" in page(cast, f"/releases/{release.pk}/")
    asked = page(cast, f"/releases/{release.pk}/again/")
    assert "2 か所に、同じ通知をもう一度送ります（メール 2 通）。" in asked
    assert "送ったメールは取り消せません。" in asked
    assert "送らない先 1 か所" in asked
    assert "すみれ調剤薬局 白鷺 宛先のメールアドレスが存在しません 092-000-0005" in asked
    assert repeats(release) == []
    assert "2 か所に、もう一度送る手配をしました。" in page(cast, f"/releases/{release.pk}/again/", sure="on")
    assert len(repeats(release)) == 2


@pytest.mark.parametrize("end", ["stopped", "corrects"])
def test_a_release_that_is_over_offers_no_way_to_send_again(cast: Cast, end: str):
    release = with_failures(cast, 0)
    over(release, cast, end)
    assert "もう一度送る" not in page(cast, f"/releases/{release.pk}/")
    assert "この発出からは、もう送れません。" in page(cast, f"/releases/{release.pk}/again/")
    assert "何も送っていません。" in page(cast, f"/releases/{release.pk}/again/", sure="on")


def test_what_failed_at_an_address_is_offered_once_it_is_mended(cast: Cast):
    receipt = failure(cast)
    cast.released("ほかの通知")
    task = raise_task(receipt)
    offered = page(cast, f"/tasks/{task.pk}/", do="correct", address="new@mail.example")
    assert "この 1 件を送る" in offered
    assert "この宛先に送り直す通知はありません。" in page(cast, f"/tasks/{task.pk}/notices/", sure="on")
    assert repeats(receipt.release) == [("email", "new@mail.example", State.WAITING)]


@pytest.mark.parametrize("who", ["chair", "pharmacy"])
def test_only_staff_send_again(cast: Cast, who: str):
    receipt = failure(cast)
    task = raise_task(receipt)
    for path in (
        f"/receipts/{receipt.pk}/repeat/",
        f"/releases/{receipt.release_id}/again/",
        f"/tasks/{task.pk}/notices/",
    ):
        assert cast.client(who).post(path).status_code == 404
    assert repeats(receipt.release) == []
    assert Event.objects.filter(verb="access.refused").count() == 3
