"""The roster: found by what people type, and no more of it than concerns the reader."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import Officer, Organisation
from members.models.officer import Office
from members.models.organisation import Kind
from tests.boards.reading import rows, text_of
from tests.cast import Cast

ALL = ["白鷺中央薬局", "すみれ調剤薬局", "薬局しらさぎの杜", "髙﨑薬局", "ひばり薬局 髙尾台店", "濵薬局"]


def names(cast: Cast, query: str = "", who: str = "staff") -> list[str]:
    return [row[0] for row in rows(cast.client(who).get(f"/directory/{query}"))]


def test_staff_see_every_pharmacy_in_the_order_of_the_roster(cast: Cast):
    assert names(cast) == ALL


def test_a_chair_sees_the_own_district_only(cast: Cast):
    assert sorted(names(cast, who="chair")) == sorted(ALL[:3])
    assert sorted(names(cast, "?q=薬局", "other_chair")) == sorted(ALL[3:])
    assert names(cast, f"?district={cast.takaodai.pk}", "chair") == names(cast, who="chair")
    assert names(cast, "?kind=association", "chair") == names(cast, who="chair")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("高崎", ["髙﨑薬局"]),
        ("浜", ["濵薬局"]),
        ("しらさぎ", ["薬局しらさぎの杜"]),
        ("シラサギ", ["薬局しらさぎの杜"]),
        ("092-000-0004", ["白鷺中央薬局"]),
        ("0920000004", ["白鷺中央薬局"]),
        ("2-000-0004", ["白鷺中央薬局"]),
        ("ひばり 髙尾台", ["ひばり薬局 髙尾台店"]),
        ("ﾋﾊﾞﾘ", ["ひばり薬局 髙尾台店"]),
        ("０９２－０００－０００４", ["白鷺中央薬局"]),
        ("111-22", ["すみれ調剤薬局"]),
        ("11122", ["すみれ調剤薬局"]),
        ("092-111", ["すみれ調剤薬局"]),
        ("4040000003", ["髙﨑薬局"]),
        ("ない薬局", []),
    ],
)
def test_a_pharmacy_is_found_by_name_reading_code_telephone_and_fax(cast: Cast, typed: str, found: list[str]):
    cast.pharmacies[1].fax = "092-111-2222"
    cast.pharmacies[1].save()
    assert names(cast, f"?q={typed}") == found


@pytest.fixture
def told(cast: Cast) -> Organisation:
    """濵薬局 with a manager, one who left, and an address; its district has a chair."""
    one = cast.pharmacies[5]
    one.address = "福岡市𠮷塚１－２－３"
    one.save()
    Officer.objects.create(organisation=one, office=Office.MANAGER, name="栁瀬 﨑子", email="yanase@home.example")
    Officer.objects.create(organisation=one, office=Office.MANAGER, name="前任 太郎", until=dt.date(2024, 3, 31))
    return one


@pytest.mark.parametrize("typed", ["柳瀬崎子", "崎子", "吉塚1-2-3", "吉塚 栁瀬", "濵 柳瀬"])
def test_a_pharmacy_is_found_by_its_manager_and_address(cast: Cast, told: Organisation, typed: str):
    assert names(cast, f"?q={typed}") == names(cast, f"?q={typed}", "other_chair") == ["濵薬局"]
    assert names(cast, f"?q={typed}", "chair") == []


def test_a_district_is_found_by_its_chair_and_nobody_by_who_left(cast: Cast, told: Organisation):
    chair = cast.shirasagi.officers.get(office=Office.CHAIR)
    assert names(cast, f"?kind=district&q={chair.name}") == [cast.shirasagi.name]
    assert names(cast, "?q=前任") == []


@pytest.mark.parametrize("typed", ["yanase@home", "ＹＡＮＡＳＥ", "box9@"])
def test_mail_addresses_find_somebody_only_for_those_who_see_them(cast: Cast, told: Organisation, typed: str):
    assert names(cast, f"?q={typed}") == ["濵薬局"]
    assert names(cast, f"?q={typed}", "other_chair") == []


def test_the_number_of_hits_stands_above_the_table(cast: Cast):
    assert "全 6 件" in text_of(cast.client("staff").get("/directory/"))
    assert "条件に合うもの 1 件" in text_of(cast.client("staff").get("/directory/?q=濵"))


def test_the_roster_is_filtered_by_district_tag_and_kind(cast: Cast):
    assert names(cast, f"?district={cast.takaodai.pk}") == ALL[3:]
    assert names(cast, f"?tag={cast.pharmacies[0].tags.get().pk}") == ["白鷺中央薬局", "髙﨑薬局"]
    assert names(cast, "?kind=district") == ["白鷺地区薬剤師会", "髙尾台地区薬剤師会"]


def test_those_who_left_are_not_in_the_roster_and_still_have_a_page(cast: Cast):
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(left_on=dt.date(2024, 3, 31))
    assert names(cast) == ALL[1:]
    page = text_of(cast.client("staff").get(f"/directory/{cast.pharmacies[0].pk}/"))
    assert "令和6年3月31日 退会" in page


def test_those_who_left_are_found_when_they_are_asked_for(cast: Cast):
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(left_on=dt.date(2024, 3, 31))
    assert names(cast, "?left=on") == ["白鷺中央薬局 （退会）", *ALL[1:]]
    assert "白鷺中央薬局 （退会）" in names(cast, "?left=on&q=白鷺", "chair")
    assert "白鷺中央薬局 （退会）" not in names(cast, "?left=on", "other_chair")


def test_an_empty_roster_says_what_it_is_for(cast: Cast):
    Organisation.objects.filter(kind=Kind.PHARMACY).update(left_on=timezone.localdate())
    assert "会員薬局はまだ登録されていません。" in text_of(cast.client("staff").get("/directory/"))


def test_staff_see_how_an_organisation_is_reached_and_who_acts_for_it(cast: Cast):
    page = text_of(cast.client("staff").get(f"/directory/{cast.shirasagi.pk}/"))
    for shown in ("092-000-0002", "box2@mail2.example", "会長 髙栁 誠", "takayanagi@chair.example", "会員薬局 3"):
        assert shown in page


def test_a_chair_sees_telephone_and_tags_but_no_mail_addresses(cast: Cast):
    for organisation in (cast.pharmacies[0], cast.shirasagi):
        html = cast.client("chair").get(f"/directory/{organisation.pk}/").content.decode()
        assert organisation.telephone in html
        assert ".example" not in html.partition("<main")[2]
    assert "在宅対応" in text_of(cast.client("chair").get(f"/directory/{cast.pharmacies[0].pk}/"))


@pytest.mark.parametrize("index", [3, 4, 5])
def test_a_pharmacy_of_another_district_does_not_exist_for_a_chair(cast: Cast, index: int):
    assert cast.client("chair").get(f"/directory/{cast.pharmacies[index].pk}/").status_code == 404


def test_the_roster_is_not_for_pharmacies(cast: Cast):
    assert cast.client("pharmacy").get("/directory/").status_code == 404
    assert cast.client("pharmacy").get(f"/directory/{cast.pharmacies[0].pk}/").status_code == 404


def test_a_name_is_shown_as_it_was_typed(cast: Cast):
    typed = "𠮷﨑<script>alert(1)</script>薬局"
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(name=typed)
    page = cast.client("staff").get(f"/directory/{cast.pharmacies[0].pk}/")
    assert typed in text_of(page) or "𠮷﨑&lt;script&gt;alert(1)&lt;/script&gt;薬局" in page.content.decode()
    assert "<script>alert" not in page.content.decode()


def test_a_list_that_nothing_narrows_offers_nothing_to_clear(cast: Cast) -> None:
    client = cast.client("staff")
    assert "条件を消す" not in client.get("/directory/").content.decode()
    assert "条件を消す" in client.get("/directory/", {"left": "on"}).content.decode()


def test_who_takes_office_later_is_shown_and_can_be_corrected(cast: Cast):
    coming = timezone.localdate() + dt.timedelta(days=5)
    officer = Officer.objects.create(organisation=cast.shirasagi, office=Office.CHAIR, name="後任 会長", since=coming)
    page = cast.client("staff").get(reverse("organisation", args=[cast.shirasagi.pk]))
    assert "これから就任する人" in text_of(page) and "後任 会長" in text_of(page)
    assert reverse("officer_correct", args=[officer.pk]) in page.content.decode()
