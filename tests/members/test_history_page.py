"""記録: what happened, in words, the latest first."""

import datetime as dt

import pytest
from django.utils import timezone

from members import history
from members.history import NOBODY, Actor
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
    assert first[3].startswith("通知 ")


def test_the_history_is_filtered_by_what_happened_whose_it_is_and_when(cast: Cast, happened: None):
    assert [line[1] for line in lines(cast, "?verb=receipt.confirmed")] == ["確認"]
    assert [line[2] for line in lines(cast, "?q=高崎")] == ["髙﨑薬局"]
    assert [line[1] for line in lines(cast, "?day=2024-10-30")] == ["発出"]


def test_where_nothing_fits_the_page_says_so(cast: Cast):
    assert "条件に合う記録はありません。" in text_of(cast.client("staff").get("/history/?verb=packet.received"))


def test_looking_at_the_history_is_not_recorded(cast: Cast, happened: None):
    assert len(lines(cast)) == len(lines(cast))


@pytest.mark.parametrize("who", ["chair", "pharmacy"])
def test_the_history_is_for_staff(cast: Cast, who: str):
    assert cast.client(who).get("/history/").status_code == 404
