"""The roster as a file: what its reader may see, as the page shows it, in columns that can be read back."""

import datetime as dt
from urllib.parse import quote

import pytest
from django.utils import timezone

from members.models import Mailbox, Officer, Organisation
from members.models.officer import Office
from members.roster.export import HEADING
from members.roster.loading import loads
from tests.boards.reading import rows, sheet, workbook
from tests.cast import Cast
from tests.tracking.conftest import queries


def table(cast: Cast, query: str = "", who: str = "staff") -> list[dict[str, object]]:
    """The Excel file's rows by heading."""
    heading, *lines = workbook(cast.client(who).get(f"/directory/?format=xlsx{query}"))
    return [dict(zip(heading, line, strict=True)) for line in lines]


def names(found: list[dict[str, object]]) -> list[object]:
    return [row["薬局名"] for row in found]


@pytest.fixture
def filled(cast: Cast) -> Organisation:
    """髙﨑薬局 with everything that the roster can say of a pharmacy."""
    pharmacy = cast.pharmacies[3]
    pharmacy.code, pharmacy.kana, pharmacy.postal_code = "0140012340", "タカサキヤッキョク", "812-0011"
    pharmacy.address, pharmacy.fax, pharmacy.joined_on = "福岡市博多区𠮷塚1-2-3", "092-000-9999", dt.date(2019, 4, 1)
    pharmacy.save()
    Mailbox.objects.create(organisation=pharmacy, address="second@takasaki.example")
    Mailbox.objects.create(organisation=pharmacy, address="old@takasaki.example", usable=False)
    for name, until in (("前任 太郎", dt.date(2024, 3, 31)), ("﨑村 𠮷子", None)):
        Officer.objects.create(organisation=pharmacy, office=Office.MANAGER, name=name, until=until)
    return pharmacy


def test_staff_save_everything_that_the_roster_says(cast: Cast, filled: Organisation):
    expected = {
        "薬局コード": "0140012340",
        "薬局名": "髙﨑薬局",
        "フリガナ": "タカサキヤッキョク",
        "地区コード": str(filled.parent_id),
        "地区": "髙尾台",
        "郵便番号": "812-0011",
        "住所": "福岡市博多区𠮷塚1-2-3",
        "電話": filled.telephone,
        "FAX": "092-000-9999",
        "メールアドレス": "box7@mail7.example; second@takasaki.example",
        "停止中のメールアドレス": "old@takasaki.example",
        "管理薬剤師": "﨑村 𠮷子",
        "届け方": "メール",
        "区分": "在宅対応",
        "入会日": dt.date(2019, 4, 1),
        "退会日": "",
    }
    [row] = [row for row in table(cast) if row["薬局名"] == "髙﨑薬局"]
    assert row == expected and list(row) == list(HEADING)
    [line] = [line for line in sheet(cast.client("staff").get("/directory/?format=csv")) if line["地区"] == "髙尾台"][
        :1
    ]
    assert line == expected | {"入会日": "2019-04-01"}


def test_a_district_stands_in_its_own_row_too(cast: Cast):
    row = table(cast, "&kind=district")[0]
    assert (row["薬局名"], row["地区コード"], row["地区"]) == (cast.shirasagi.name, str(cast.shirasagi.pk), "白鷺")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_site_reads_its_own_file_back_and_finds_nothing_to_change(cast: Cast, filled: Organisation, kind: str):
    without_code, left, like_formula = cast.pharmacies[:3]
    Organisation.objects.filter(pk=without_code.pk).update(code="")
    Organisation.objects.filter(pk=left.pk).update(code="", left_on=dt.date(2024, 3, 31))
    Organisation.objects.filter(pk=like_formula.pk).update(name="=薬局", telephone="")
    content = cast.client("staff").get(f"/directory/?left=on&format={kind}").getvalue()
    for clears in (False, True):
        plan = loads.preview(content, f"名簿.{kind}", clears=clears, today=timezone.localdate()).plan
        assert (plan.changes, plan.refused, plan.absent) == ([], [], [])
        assert plan.same == 6


def test_a_chair_saves_the_own_districts_pharmacies_without_their_mail_addresses(cast: Cast, filled: Organisation):
    found = table(cast, who="other_chair")
    assert sorted(names(found)) == sorted(pharmacy.name for pharmacy in cast.pharmacies[3:])
    assert list(found[0]) == [word for word in HEADING if "メールアドレス" not in word]
    assert names(table(cast, f"&district={cast.shirasagi.pk}&kind=district", "other_chair")) == names(found)
    for kind in ("csv", "xlsx"):
        saved = cast.client("other_chair").get(f"/directory/?format={kind}")
        assert ".example" not in str(workbook(saved) if kind == "xlsx" else sheet(saved))


@pytest.mark.parametrize(
    "query", ["", "&q=薬局 髙", "&sort=-name", "&sort=code", "&page=2", "&kind=district", "&q=ない"]
)
def test_the_file_holds_what_the_page_shows_in_its_order(cast: Cast, query: str):
    shown = [row[0] for row in rows(cast.client("staff").get(f"/directory/?{query}"))]
    assert names(table(cast, query)) == shown


def test_filters_apply_to_the_file(cast: Cast):
    tag = cast.pharmacies[0].tags.get()
    assert names(table(cast, f"&tag={tag.pk}&district={cast.takaodai.pk}")) == ["髙﨑薬局"]
    assert names(sheet(cast.client("staff").get(f"/directory/?format=csv&tag={tag.pk}"))) == [
        "白鷺中央薬局",
        "髙﨑薬局",
    ]


def test_the_whole_list_is_in_the_file_not_a_page_of_it(cast: Cast):
    more = [
        Organisation(kind="pharmacy", parent=cast.takaodai, name=f"薬局 {number}", position=100 + number).fold()
        for number in range(60)
    ]
    Organisation.objects.bulk_create(more)
    assert len(table(cast)) == 66


def test_names_that_look_like_formulas_are_names(cast: Cast):
    name = '=HYPERLINK("http://evil.example")'
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(name=name)
    assert names(table(cast))[0] == name, "a text of the Excel file"
    assert names(sheet(cast.client("staff").get("/directory/?format=csv")))[0] == f"'{name}"


@pytest.mark.parametrize(
    ("who", "query", "name"),
    [
        ("staff", "", "名簿_全地区"),
        ("staff", "&kind=issuer", "名簿_発出元"),
        ("staff", "&q=薬局", "名簿_全地区_絞り込み"),
        ("chair", "", "名簿_{}"),
        ("staff", "&district={}", "名簿_{}"),
    ],
)
def test_the_files_name_says_whose_list_it_is_and_whether_it_is_a_part(cast: Cast, who: str, query: str, name: str):
    answer = cast.client(who).get(f"/directory/?format=csv{query.format(cast.shirasagi.pk)}")
    assert quote(name.format(cast.shirasagi.name)) + "_20" in answer["Content-Disposition"]


def test_the_file_is_named_for_the_day_and_kept_by_no_cache(cast: Cast):
    answer = cast.client("staff").get("/directory/?format=xlsx")
    day = timezone.localdate().isoformat()
    assert answer["Content-Disposition"] == (
        f"attachment; filename=\"roster_{day}.xlsx\"; filename*=UTF-8''{quote('名簿_全地区')}_{day}.xlsx"
    )
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer["Cache-Control"] == "no-store"
    assert int(answer["Content-Length"]) == len(answer.getvalue())


def test_the_page_leads_to_both_files_with_its_filters(cast: Cast):
    for who in ("staff", "chair"):
        html = cast.client(who).get("/directory/?q=薬局&page=1").content.decode()
        for kind in ("xlsx", "csv"):
            assert f'href="?q={quote("薬局")}&amp;format={kind}"' in html


def test_an_unknown_kind_of_file_does_not_exist(cast: Cast):
    assert cast.client("staff").get("/directory/?format=pdf").status_code == 404


def test_the_roster_is_no_file_for_pharmacies(cast: Cast):
    assert cast.client("pharmacy").get("/directory/?format=csv").status_code == 404


def test_many_rows_take_no_more_queries_than_one(cast: Cast, filled: Organisation):
    staff = cast.client("staff")
    many = queries(lambda: staff.get("/directory/?format=csv").getvalue())
    Organisation.objects.pharmacies().exclude(pk=filled.pk).update(left_on=timezone.localdate())
    assert queries(lambda: staff.get("/directory/?format=csv").getvalue()) == many
