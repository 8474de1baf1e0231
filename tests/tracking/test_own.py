"""A signed-in pharmacy: what is still to do first, the same pages as behind a personal address, its history."""

import datetime as dt

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import Event
from notices.models import Receipt, Relation, Release
from notices.models.receipt import Via
from notices.search import index
from notices.templatetags.screen import weekday_date
from notices.tracking import addresses, confirming, setup
from tests.cast import Cast
from tests.tracking.conftest import BY_HAND, acting, queries, text, verbs

OWN = "/own/"


def test_what_is_to_do_comes_first_by_deadline(guided: Release, cast: Cast) -> None:
    soon = timezone.localdate() + dt.timedelta(days=2)
    cast.released("急ぐ通知", deadline=soon)
    cast.released("期限のない通知")
    done = cast.receipt(cast.released("済んだ通知"), cast.pharmacies[0])
    confirming.confirm(done.pk, **BY_HAND)
    cast.released("知らせるだけの通知", ask=Release.Ask.INFORM)
    setup.finish(cast.receipt(cast.released("設定済の通知", ask=Release.Ask.SET_UP), cast.pharmacies[0]).pk, **BY_HAND)
    started = cast.receipt(cast.released("途中の通知", ask=Release.Ask.SET_UP), cast.pharmacies[0])
    confirming.confirm(started.pk, **BY_HAND)
    shown = text(cast.client("pharmacy").get(OWN))
    order = ["まだ確認していない", "急ぐ通知", guided.notice.subject, "期限のない通知"]
    order += ["設定の途中", "途中の通知", "期限をカレンダーに入れる", "探す", "済んだ通知・お知らせ"]
    assert [shown.index(word) for word in order] == sorted(shown.index(word) for word in order)
    for word in ("設定済の通知", "知らせるだけの通知", "<b>3&nbsp;件</b>"):
        assert word in shown
    there = reverse("notices:organisation_notices", args=[cast.pharmacies[0].pk])
    rows = [row.record for row in cast.client("staff").get(there).context["table"].rows]
    own = cast.client("pharmacy").get(OWN).context
    assert rows == [*own["unread"], *own["under_way"], *own["settled"]], "whoever looks after it has the same order"


def test_a_withdrawal_stands_above_all_until_it_has_been_there_for_long(guided: Release, cast: Cast) -> None:
    """Nobody answers it, and opening it is recorded nowhere; afterwards it keeps its mark."""
    old = cast.released("先の通知")
    withdrawal = cast.released("「先の通知」の廃止について", ask=Release.Ask.INFORM)
    cast.supersede(old, withdrawal, Relation.Kind.WITHDRAWS)
    pharmacy = cast.client("pharmacy")
    shown = text(pharmacy.get(OWN))
    order = ["廃止のお知らせが", "廃止</span>", "の廃止について", "まだ確認していない", guided.notice.subject]
    order += ["済んだ通知・お知らせ", "廃止済"]
    assert [shown.index(word) for word in order] == sorted(shown.index(word) for word in order)
    own = pharmacy.get(OWN).context
    there = reverse("notices:organisation_notices", args=[cast.pharmacies[0].pk])
    rows = [row.record for row in cast.client("staff").get(there).context["table"].rows]
    assert rows == [*own["calling_off"], *own["unread"], *own["settled"]]
    Release.objects.filter(pk=withdrawal.pk).update(released_at=timezone.now() - dt.timedelta(days=22))
    over = text(pharmacy.get(OWN))
    assert "廃止のお知らせが" not in over
    assert over.index("済んだ通知・お知らせ") < over.index("廃止</span>") < over.index("の廃止について")


def test_with_nothing_left_the_page_says_where_the_next_one_comes(cast: Cast) -> None:
    shown = text(cast.client("pharmacy").get(OWN))
    assert "通知はまだありません" in shown
    assert cast.pharmacies[0].mailboxes.get().address in shown
    confirming.confirm(cast.receipt(cast.released(), cast.pharmacies[0]).pk, **BY_HAND)
    shown = text(cast.client("pharmacy").get(OWN))
    assert "すべて確認済みです" in shown and reverse("registration") in shown


def test_what_is_finished_says_when_it_was_confirmed_and_when_finished(guided: Release, cast: Cast) -> None:
    receipt = cast.receipt(guided, cast.pharmacies[0])
    setup.finish(receipt.pk, **BY_HAND)
    confirmed = timezone.now() - dt.timedelta(days=2)
    Receipt.objects.filter(pk=receipt.pk).update(confirmed_at=confirmed)
    shown = text(cast.client("pharmacy").get(OWN))
    assert f"{weekday_date(confirmed)}確認" in shown and f"{weekday_date(timezone.now())}完了" in shown


def test_search_finds_by_subject_and_number_whatever_the_width(guided: Release, cast: Cast) -> None:
    other = cast.released("無菌調剤室の共同利用について")
    index.catch_up()
    client = cast.client("pharmacy")
    number = other.notice.numbers.get().serial
    for query in ("無菌", "６福薬業発第" + str(number), str(number)):
        shown = text(client.get(OWN, {"q": query}))
        assert other.notice.subject in shown and guided.notice.subject not in shown
    assert "見つかりません" in text(client.get(OWN, {"q": "ない言葉"}))


def test_the_list_takes_the_same_queries_for_one_and_three_notices(cast: Cast) -> None:
    client = cast.client("pharmacy")
    counts = []
    for number in (1, 2):
        for _ in range(number):
            cast.released()
            confirming.confirm(cast.receipt(cast.released(), cast.pharmacies[0]).pk, **BY_HAND)
            started = cast.receipt(cast.released(ask=Release.Ask.SET_UP), cast.pharmacies[0])
            confirming.confirm(started.pk, **BY_HAND)
        counts.append((queries(lambda: client.get(OWN)), queries(lambda: client.get(reverse("notices:own_history")))))
    assert counts[0] == counts[1]


def test_signed_in_the_same_pages_keep_who_confirmed(receipt: Receipt, cast: Cast) -> None:
    client = cast.client("pharmacy")
    account = cast.capacities["pharmacy"].account
    address = reverse("notices:own_receipt", args=[receipt.pk])
    assert "確認しました" in text(client.get(address))
    client.post(address + "confirm/")
    receipt.refresh_from_db()
    assert (receipt.confirmed_via, receipt.confirmed_by) == (Via.SIGNED_IN, account)
    assert 'value="德丸 翔太"' in text(client.get(address)), "the own name is offered"
    event = Event.objects.get(verb="receipt.confirmed")
    assert (event.account, event.capacity) == (account, cast.capacities["pharmacy"])


def test_the_finished_page_leads_to_what_else_is_unread(receipt: Receipt, cast: Cast) -> None:
    cast.released("まだの通知")
    client = cast.client("pharmacy")
    address = reverse("notices:own_receipt", args=[receipt.pk])
    client.post(address + "finish/")
    assert "まだの通知" in text(client.get(address))


def test_another_pharmacys_pages_do_not_exist_and_a_post_to_them_is_recorded(guided: Release, cast: Cast) -> None:
    theirs = cast.receipt(guided, cast.pharmacies[1])
    client = cast.client("pharmacy")
    address = reverse("notices:own_receipt", args=[theirs.pk])
    assert client.get(address).status_code == 404
    assert not Event.objects.filter(verb="access.refused").exists()
    assert client.post(address + "confirm/").status_code == 404
    assert verbs(theirs) == []
    event = Event.objects.get(verb="access.refused")
    assert event.account == cast.capacities["pharmacy"].account


def test_own_pages_are_for_pharmacies_signed_in(receipt: Receipt, cast: Cast, client: Client) -> None:
    for address in (OWN, reverse("notices:own_history"), reverse("notices:own_receipt", args=[receipt.pk])):
        assert client.get(address)["Location"].startswith(reverse("account_login"))
        assert cast.client("staff").get(address).status_code == 404
        assert cast.client("chair").get(address).status_code == 404


def test_the_history_tells_what_was_done_and_names_only_own_people(receipt: Receipt, cast: Cast) -> None:
    own = acting(cast, "pharmacy")
    confirming.confirm(receipt.pk, actor=own, via=Via.SIGNED_IN)
    addresses.revoke(receipt.pk, actor=acting(cast, "staff"))
    confirming.confirm(cast.receipt(receipt.release, cast.pharmacies[1]).pk, **BY_HAND)
    shown = text(cast.client("pharmacy").get(reverse("notices:own_history")))
    assert "確認" in shown and "德丸 翔太" in shown and "個人用URLを無効化" in shown
    assert "髙﨑 美緒" not in shown and "福岡県薬剤師会" in shown
    assert shown.count(receipt.release.notice.subject) == 2


def test_an_empty_history_says_what_will_stand_there(cast: Cast) -> None:
    assert "まだ記録はありません" in text(cast.client("pharmacy").get(reverse("notices:own_history")))


def test_each_notice_shows_its_number_and_a_deadline_of_next_year_its_year(guided: Release, cast: Cast) -> None:
    next_year = timezone.localdate().year + 1
    Release.objects.filter(pk=guided.pk).update(deadline=dt.date(next_year, 1, 15))
    receipt = cast.receipt(guided, cast.pharmacies[0])
    words = (guided.notice.number_text, f"令和{next_year - 2018}年1月15日（")
    shown = text(cast.client("pharmacy").get(OWN))
    assert all(word in shown for word in words)
    assert words[1] in text(cast.client("pharmacy").get(reverse("notices:own_receipt", args=[receipt.pk])))
    confirming.confirm(receipt.pk, **BY_HAND)
    shown = text(cast.client("pharmacy").get(OWN))
    assert all(word in shown for word in (*words, "1 件</span></h2>")), "while it is under way"
