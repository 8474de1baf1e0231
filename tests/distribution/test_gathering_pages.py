"""まとめて送る on the pages: chosen with the draft, seen and given up where the release goes out."""

import pytest
from django.test import Client
from django.urls import reverse

from members import history
from notices.distribution import gathering, message, outbox
from notices.models import Delivery, Release
from notices.templatetags.screen import desk_time
from tests.cast import Cast
from tests.distribution.conftest import FailingSink
from tests.distribution.deliveries import Issue, State, first, let_time_pass, states
from tests.letters.browser import form

Gathers = Release.Gathers


@pytest.fixture
def staff(cast: Cast) -> Client:
    return cast.client("staff")


def released(issue: Issue, serial: int, gathers: str = Gathers.DAILY) -> Release:
    return issue(f"案内{serial}", serial, ask=Release.Ask.INFORM, deadline=None, gathers=gathers)


def page(staff: Client, name: str, key: int) -> str:
    return staff.get(reverse(f"notices:{name}", args=[key])).content.decode()


def test_the_release_says_when_its_mail_goes_and_shows_it(cast: Cast, issue: Issue, staff: Client) -> None:
    one, two = released(issue, 401), released(issue, 402)
    told = page(staff, "release", one.pk)
    waiting = gathering.first_of(one)
    assert f"まとめて送る：次は {desk_time(waiting.due_at)}" in told
    assert reverse("notices:outbox_message", args=[waiting.pk]) in told
    shown = page(staff, "outbox_message", waiting.pk)
    assert "お知らせ 2 件の 1 通です" in shown
    assert "案内401" in shown and "案内402" in shown
    assert "から　　最終更新" not in told, "nothing is late"
    board = page(staff, "notice", one.notice_id)
    assert "まとめて送るのを待つ：残り" in board and "送信は裏で続いています" not in board
    assert states(two) == {State.WAITING}
    assert not Delivery.objects.exclude(gathered_in=None).exists()  # looking records nothing


def test_sent_now_it_waits_no_more_and_the_history_says_who(
    cast: Cast, issue: Issue, staff: Client, sink: FailingSink
) -> None:
    release = released(issue, 401)
    answer = staff.post(reverse("notices:release_now", args=[release.pk]), follow=True).content.decode()
    assert "まとめずに、いま送ります" in answer
    event = history.of(release).get(verb="release.ungathered")
    assert (event.account, event.detail) == (cast.capacities["staff"].account, {"messages": 8})
    outbox.send_due()
    assert states(release) == {State.SENT}
    again = staff.post(reverse("notices:release_now", args=[release.pk]), follow=True).content.decode()
    assert "何も変えていません" in again


def test_the_outbox_shows_a_gathered_mail_as_one_under_each_of_its_notices(
    cast: Cast, issue: Issue, staff: Client, sink: FailingSink
) -> None:
    one, two = released(issue, 401), released(issue, 402)
    let_time_pass()
    outbox.send_due()
    shown = [page(staff, "outbox_message", first(release).pk) for release in (one, two)]
    for each in shown:
        assert "お知らせ 2 件をまとめた 1 通です" in each
        assert f"&lt;{first(two).message_key.hex}@shuchi.example&gt;" in each
    assert "通知（まとめて）" in staff.get(reverse("notices:outbox")).content.decode()


def test_a_gathered_mail_proposes_to_a_chair_one_way_to_the_members_for_each_notice(cast: Cast, issue: Issue) -> None:
    direct, through = released(issue, 1), released(issue, 2)
    Release.objects.filter(pk=through.pk).update(through_districts=True)
    deliveries = [
        Delivery.objects.select_related("receipt__organisation", "receipt__release__notice").get(
            receipt__release=release, receipt__organisation=cast.shirasagi
        )
        for release in (direct, through)
    ]
    for chosen, links in ((deliveries, 1), (deliveries[1:] * 2, 0)):
        wordings = [message.Wording(each.receipt.release, "district", each.purpose) for each in chosen]
        parts = [message.personal_parts(each) for each in chosen]
        mail = message.GatheredWording(wordings, parts).mail(chosen[0])
        for part in (mail.body, mail.alternatives[0].content):
            assert part.count("この通知の「会員に送る」から") == len(chosen) - links
            assert ("転送用のリンク" in part) == bool(links)


def test_a_draft_says_how_it_will_go_out_and_only_an_inform_may_be_gathered(cast: Cast, staff: Client) -> None:
    draft = cast.draft("図書の案内")
    there = reverse("notices:compose", args=[draft.pk])
    refused = staff.post(there, form(draft, ask="confirm", gathers="daily")).content.decode()
    assert "返事をお願いする通知は、まとめて送れません" in refused
    staff.post(there, form(draft, ask="inform", gathers="weekly"))
    plan = Release.objects.get(notice=draft)
    assert (plan.ask, plan.gathers) == (Release.Ask.INFORM, Gathers.WEEKLY)
    assert "1週1通にまとめる" in page(staff, "check", draft.pk)
