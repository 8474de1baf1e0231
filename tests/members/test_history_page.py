"""記録: what happened, in words, the latest first."""

import datetime as dt

import pytest
from django.utils import timezone

from members import history
from members.history import NOBODY, VERBS, Actor
from tests.boards.reading import rows, text_of
from tests.cast import Cast


@pytest.fixture
def happened(cast: Cast) -> None:
    staff = cast.capacities["staff"]
    with history.dated(timezone.make_aware(dt.datetime(2024, 10, 30, 14, 5))):
        history.record("notice.released", cast.draft(), actor=Actor(staff.account, staff))
    history.record("receipt.confirmed", actor=NOBODY, organisation=cast.pharmacies[3], via="personal")


def lines(cast: Cast, query: str = "") -> list[list[str]]:
    return rows(cast.client("staff").get(f"/history/{query}"))


def test_the_latest_comes_first_with_who_and_in_which_capacity(cast: Cast, happened: None):
    latest, first = lines(cast)
    assert latest[1:] == ["確認", "髙﨑薬局", "–", "サインインなし", "–"]
    assert first[0] == "R6.10.30 14:05"
    assert (first[1], first[4], first[5]) == ("発出", "髙﨑 美緒", "公益社団法人福岡県薬剤師会（事務局）")
    assert first[3] == "通知 在宅患者の残薬調整について"


def test_an_event_names_whom_or_what_it_is_about(cast: Cast):
    release, shirasagi, chair = cast.released(), cast.shirasagi, cast.capacities["chair"]
    receipt = cast.receipt(release, shirasagi)
    abouts = {
        "account.disabled": (chair.account, f"アカウント {chair.account}"),
        "capacity.ended": (chair, f"立場 {chair.account}（地区会長）"),
        "release.paused": (release, f"発出 {release.notice}"),
        "receipt.confirmed": (receipt, f"受領状況 {release.notice}"),
        "delivery.bounced": (receipt.deliveries.get(), f"配信 {receipt.deliveries.get()} {release.notice}"),
        "office.taken": (shirasagi.officers.first(), f"役員 {shirasagi.officers.first()}"),
    }
    for verb, (subject, _) in abouts.items():
        history.record(verb, subject)
    assert {line[1]: line[3] for line in lines(cast)} == {VERBS[verb]: words for verb, (_, words) in abouts.items()}


def test_of_a_row_that_is_gone_the_event_tells_what_it_knows(cast: Cast):
    mailbox = cast.shirasagi.mailboxes.first()
    history.record("mailbox.removed", mailbox, address=mailbox.address)
    history.record("officer.corrected", officer := cast.shirasagi.officers.first())
    mailbox.delete(), officer.delete()
    assert [line[3] for line in lines(cast)] == ["役員", f"メールアドレス {mailbox.address}"]


def test_what_one_act_did_many_times_over_is_one_line_that_unfolds(cast: Cast):
    staff = cast.capacities["staff"]
    for pharmacy in cast.pharmacies:
        history.record("organisation.changed", pharmacy, actor=Actor(staff.account, staff), organisation=pharmacy)
    history.record("organisation.changed", cast.shirasagi, organisation=cast.shirasagi)
    by_nobody, by_staff = lines(cast)
    assert (by_nobody[1], by_nobody[2]) == ("名簿の内容を変更", cast.shirasagi.name)
    assert (by_staff[1], by_staff[2]) == ("名簿の内容を変更 6 件", cast.pharmacies[-1].name)
    assert "ほか 5 件" in by_staff[3] and all(pharmacy.name in by_staff[3] for pharmacy in cast.pharmacies[:-1])


def test_what_happened_again_later_is_a_line_of_its_own(cast: Cast):
    for minute in range(5):
        with history.dated(timezone.make_aware(dt.datetime(2024, 10, 30, 14, minute))):
            history.record("receipt.confirmed", organisation=cast.pharmacies[minute])
    assert len(lines(cast)) == 5


def test_the_history_is_filtered_by_what_happened_whose_it_is_and_when(cast: Cast, happened: None):
    assert [line[1] for line in lines(cast, "?verb=receipt.confirmed")] == ["確認"]
    assert [line[2] for line in lines(cast, "?q=高崎")] == ["髙﨑薬局"]


@pytest.mark.parametrize("day", ["2024-10-30", "2024/10/30", "R6.10.30", "令和6年10月30日", "Ｒ６．１０．３０"])
def test_the_day_is_typed_in_any_form_in_which_the_office_writes_days(cast: Cast, happened: None, day: str):
    assert [line[1] for line in lines(cast, f"?day={day}")] == ["発出"]


def test_a_day_that_no_calendar_has_is_refused_with_the_reason(cast: Cast, happened: None):
    assert "11月は30日までです" in text_of(cast.client("staff").get("/history/?day=令和6年11月31日"))


def test_where_nothing_fits_the_page_says_so(cast: Cast):
    assert "条件に合う記録はありません。" in text_of(cast.client("staff").get("/history/?verb=packet.received"))


def test_looking_at_the_history_is_not_recorded(cast: Cast, happened: None):
    assert len(lines(cast)) == len(lines(cast))


@pytest.mark.parametrize("who", ["chair", "pharmacy"])
def test_the_history_is_for_staff(cast: Cast, who: str):
    assert cast.client(who).get("/history/").status_code == 404
