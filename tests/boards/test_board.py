"""The board of a notice and its pharmacies, as staff see them and as they take them along."""

import datetime as dt
import re
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from members.history import NOBODY
from members.models import Organisation
from notices.boards.comparison import DAYS_TO_ANSWER
from notices.models import Receipt, Release, Step
from notices.models.receipt import Reach, Via
from notices.tracking import confirming, helping, setup
from tests.boards.reading import headings, rows, sheet, text_of, workbook
from tests.cast import Cast

SAID = {"actor": NOBODY, "via": Via.PERSONAL}


@pytest.fixture
def release(cast: Cast) -> Release:
    """Of six pharmacies one finished, one is on its way and stuck, one 対象外, one was not reached."""
    release = cast.released(ask=Release.Ask.SET_UP, deadline=timezone.localdate())
    for position, title in enumerate(["設定を開く", "権限を登録する"], start=1):
        Step.objects.create(notice=release.notice, position=position, title=title)
    first, second, third, fourth = (cast.receipt(release, each) for each in cast.pharmacies[:4])
    setup.finish(first.pk, **SAID)
    confirming.confirm(second.pk, **SAID)
    confirming.name(second.pk, "髙木 亮", **SAID)
    setup.tick(second.pk, release.notice.steps.first().pk, **SAID)
    helping.ask(second.pk, release.notice.steps.last().pk, "権限の区分が選べません", **SAID)
    setup.mark_not_applicable(third.pk, "訪問をしていない", **SAID)
    Receipt.objects.filter(pk=fourth.pk).update(reach=Reach.FAILED, reach_reason="受信箱がいっぱいです")
    return release


def board(cast: Cast, release: Release):
    return cast.client("staff").get(reverse("notices:notice", args=[release.notice_id]))


def pharmacies(cast: Cast, release: Release, query: str = ""):
    return cast.client("staff").get(reverse("notices:notice_pharmacies", args=[release.notice_id]) + query)


def names(cast: Cast, release: Release, query: str) -> list[str]:
    return [row[0] for row in rows(pharmacies(cast, release, query))]


def test_the_board_says_how_far_it_is_who_is_left_and_what_is_next(cast: Cast, release: Release):
    text = text_of(board(cast, release))
    assert "対象 6 薬局・2 地区" in text
    assert "送信済 5 83.3%" in text
    assert "確認 3 50.0%" in text
    assert "完了 1 20.0% 対象外 1 を除く 5 薬局のうち 困っている 1" in text
    assert "次の一手：未確認の 3 薬局に働きかける" in text, "it is the day of the deadline"
    assert "困っている 1 薬局の相談を見る" in text
    assert "届いていない 1 薬局に知らせる" in text
    assert "2 権限を登録する 補足を書く ：手順 2 1 1" in text


def test_the_districts_stand_from_the_lowest_rate_up_with_totals_below(cast: Cast, release: Release):
    assert [row[-1] for row in rows(board(cast, release))] == ["", ""], "nobody has had time to answer"
    told_on = timezone.localdate() - dt.timedelta(days=DAYS_TO_ANSWER)
    Release.objects.filter(pk=release.pk).update(released_on=told_on)
    for district in cast.districts:
        confirming.confirm(cast.receipt(release, district).pk, **SAID)
    page = board(cast, release)
    assert headings(page)[:7] == ["地区", "薬局", "会長の受領", "確認", "割合", "うち代理", "完了"]
    assert [(row[0], row[-1]) for row in rows(page)] == [("髙尾台", "会長に電話依頼 ：髙尾台"), ("白鷺", "")]
    assert f'href="{reverse("organisation", args=[cast.takaodai.pk])}"' in page.content.decode()
    foot = page.content.decode().rpartition("<tfoot>")[2]
    assert "全 2 地区" in foot and "50.0%" in foot and "2 / 2" in foot


def test_a_chair_who_has_not_confirmed_is_worth_a_call_however_well_the_district_does(cast: Cast, release: Release):
    told_on = timezone.localdate() - dt.timedelta(days=DAYS_TO_ANSWER)
    Release.objects.filter(pk=release.pk).update(released_on=told_on)
    assert ("白鷺", "会長に電話依頼 ：白鷺") in [(row[0], row[-1]) for row in rows(board(cast, release))]


def test_the_place_where_most_are_stuck_fills_its_bar(cast: Cast, release: Release):
    confirming.confirm(cast.receipt(release, cast.pharmacies[4]).pk, **SAID)
    html = board(cast, release).content.decode().partition('id="halts"')[2].partition("</table>")[0]
    assert re.findall(r'<rect class="(\w+)"[^>]*width="([\d.]+)%"', html) == [("read", "100.00"), ("late", "100.00")]


@pytest.mark.parametrize(
    ("ask", "shown", "hidden"),
    [
        (Release.Ask.INFORM, {"送信済", "送信待ち", "不達"}, {"確認", "完了", "未確認", "困っている", "対象外"}),
        (Release.Ask.CONFIRM, {"確認", "未確認", "困っている", "不達"}, {"完了", "対象外", "送信待ち"}),
        (Release.Ask.SET_UP, {"確認", "完了", "対象外", "未確認"}, {"送信待ち"}),
    ],
)
def test_the_board_follows_the_ask(cast: Cast, ask: Release.Ask, shown: set[str], hidden: set[str]):
    release = cast.released(ask=ask)
    found = set(headings(board(cast, release)))
    assert shown <= found
    assert not hidden & found
    assert ("設定手順のどこで" in text_of(board(cast, release))) == (ask == Release.Ask.SET_UP)


def test_the_board_shows_the_letter_what_belongs_to_it_and_what_happened_last(cast: Cast, release: Release):
    page = board(cast, release)
    text = text_of(page)
    assert "各地区薬剤師会会長 殿" in text
    assert "案内のページ" in text and 'href="https://portal.example/guide"' in page.content.decode()
    assert "すみれ調剤薬局 （白鷺） 「困っています」と相談" in text
    assert page.content.decode().count("<h1") == 1


def test_every_figure_leads_to_those_it_counts(cast: Cast, release: Release):
    step = release.notice.steps.last()
    assert names(cast, release, "?reach=failed") == ["髙﨑薬局"]
    assert names(cast, release, "?answer=unconfirmed") == ["髙﨑薬局", "ひばり薬局 髙尾台店", "濵薬局"]
    assert names(cast, release, "?answer=confirmed") == ["白鷺中央薬局", "すみれ調剤薬局", "薬局しらさぎの杜"]
    assert names(cast, release, "?answer=under_way") == ["すみれ調剤薬局"]
    assert names(cast, release, "?answer=finished") == ["白鷺中央薬局"]
    assert names(cast, release, "?answer=not_applicable") == ["薬局しらさぎの杜"]
    assert names(cast, release, "?answer=stuck") == ["すみれ調剤薬局"]
    assert names(cast, release, f"?place={step.position}") == ["すみれ調剤薬局"]
    assert names(cast, release, f"?district={cast.shirasagi.pk}") == [
        "白鷺中央薬局",
        "すみれ調剤薬局",
        "薬局しらさぎの杜",
    ]
    assert names(cast, release, f"?tag={cast.pharmacies[0].tags.get().pk}") == ["白鷺中央薬局", "髙﨑薬局"]


@pytest.mark.parametrize("typed", ["高崎", "髙﨑", "髙 﨑", "092-000-0007", "0000007"])
def test_a_pharmacy_is_found_by_what_people_type(cast: Cast, release: Release, typed: str):
    assert names(cast, release, f"?q={typed}") == ["髙﨑薬局"]


def test_filters_and_order_stay_in_the_address(cast: Cast, release: Release):
    html = pharmacies(cast, release, "?answer=unconfirmed&sort=-pharmacy").content.decode()
    assert 'href="?answer=unconfirmed&amp;sort=reach"' in html
    assert '<input type="hidden" name="sort" value="-pharmacy">' in html
    assert 'href="?answer=unconfirmed&amp;sort=-pharmacy&amp;format=csv"' in html


def test_a_filter_that_cannot_be_is_answered_in_words(cast: Cast, release: Release):
    page = pharmacies(cast, release, "?district=999999&answer=nonsense&sort=nonsense")
    assert page.status_code == 200
    assert "正しく選択してください" in text_of(page)


def test_where_nothing_is_asked_nobody_is_asked_about_answers(cast: Cast):
    page = pharmacies(cast, cast.released(ask=Release.Ask.INFORM))
    assert headings(page) == ["薬局", "地区", "送信", "電話"]
    assert 'name="answer"' not in page.content.decode()


def test_the_pharmacies_are_an_excel_file_too_in_the_order_of_the_page(cast: Cast, release: Release):
    heading, *lines = workbook(pharmacies(cast, release, f"?format=xlsx&sort=-pharmacy&district={cast.shirasagi.pk}"))
    shown = rows(pharmacies(cast, release, f"?sort=-pharmacy&district={cast.shirasagi.pk}"))
    assert [line[heading.index("薬局")] for line in lines] == [row[0] for row in shown]
    assert [line[heading.index("薬局コード")] for line in lines] == ["4040000002", "4040000000", "4040000001"]
    confirmed = {type(line[heading.index("確認")]) for line in lines}
    assert confirmed == {dt.datetime}


def test_the_file_holds_what_the_list_shows(cast: Cast, release: Release):
    page = pharmacies(cast, release, "?answer=stuck&format=csv")
    assert page.headers["Content-Type"] == "text/csv; charset=utf-8"
    [row] = sheet(page)
    assert (row["薬局"], row["送信"], row["確認の方法"], row["確認した人"], row["困っています"]) == (
        "すみれ調剤薬局",
        "送信済",
        "個人用URL",
        "髙木 亮",
        "はい",
    )
    assert row["確認"].startswith(f"{timezone.localdate():%Y-%m-%d} ")


def test_a_name_that_looks_like_a_formula_is_a_name_in_the_file(cast: Cast, release: Release):
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(name='=HYPERLINK("http://evil.example")')
    found = [row["薬局"] for row in sheet(pharmacies(cast, release, "?format=csv"))]
    assert found[0] == '\'=HYPERLINK("http://evil.example")'


def test_the_districts_file_holds_every_figure(cast: Cast, release: Release):
    page = cast.client("staff").get(reverse("notices:notice_districts_csv", args=[release.notice_id]))
    found = sheet(page)
    assert [(row["地区"], row["薬局"], row["確認"], row["完了率"]) for row in found] == [
        ("白鷺", "3", "3", "0.5"),
        ("髙尾台", "3", "0", "0.0"),
    ]
    for row in found:
        reaches = ("送信済", "送信待ち", "別経路", "不達", "中止")
        assert int(row["薬局"]) == sum(int(row[reach]) for reach in reaches)


def test_the_districts_are_an_excel_file_too(cast: Cast, release: Release):
    page = cast.client("staff").get(reverse("notices:notice_districts_xlsx", args=[release.notice_id]))
    number = quote(release.notice.number_text)
    assert page["Content-Disposition"] == (
        f'attachment; filename="notice-{release.notice_id}-districts_{timezone.localdate()}.xlsx"; '
        f"filename*=UTF-8''{number}_{quote('地区')}_{timezone.localdate()}.xlsx"
    )
    heading, *lines = workbook(page)
    found = [[line[heading.index(word)] for word in ("地区", "薬局", "確認", "完了率")] for line in lines]
    assert found == [["白鷺", 3, 3, 0.5], ["髙尾台", 3, 0, 0]]


def test_no_other_form_of_the_list_exists(cast: Cast, release: Release):
    assert pharmacies(cast, release, "?format=xml").status_code == 404


@pytest.mark.parametrize("who", ["chair", "pharmacy"])
def test_boards_are_for_staff(cast: Cast, release: Release, who: str):
    for name in ("notice", "notice_pharmacies", "notice_districts_csv", "notice_districts_xlsx"):
        page = cast.client(who).get(reverse(f"notices:{name}", args=[release.notice_id]))
        assert page.status_code == 404
