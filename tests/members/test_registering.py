"""名簿に登録する: a new pharmacy, district or issuer, and what is said where one like it is there already."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse

from members import history
from members.models import Event, Organisation, Tag
from members.models.organisation import Kind
from members.roster import registering
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.members.test_tasks import actor


def page(kind: str = "pharmacy") -> str:
    return reverse("organisation_new", args=[kind])


def register(cast: Cast, kind: str = "pharmacy", **typed: object) -> str:
    known = {"name": "あおば薬局", "parent": cast.shirasagi.pk, "channel": "email"}
    form = {name: value for name, value in (known | typed).items() if value != ""}
    return text_of(cast.client("staff").post(page(kind), form, follow=True))


def added(name: str = "あおば薬局") -> Organisation | None:
    return Organisation.objects.filter(name=name).first()


def test_a_new_pharmacy_stands_in_its_district_and_is_found(cast: Cast) -> None:
    tag = Tag.objects.get()
    typed = {"kana": "アオバヤッキョク", "code": "40-4-1234560", "telephone": "０９２ー１２３ー４５６７"}
    said = register(cast, tags=tag.pk, **typed)
    assert "あおば薬局を名簿に登録しました。 続けて、メールアドレスと管理薬剤師を加えてください。" in said
    assert "検証番号" not in said
    pharmacy = added()
    assert (pharmacy.kind, pharmacy.parent, pharmacy.code) == ("pharmacy", cast.shirasagi, "4041234560")
    assert pharmacy.telephone == "092-123-4567" and list(pharmacy.tags.all()) == [tag]
    assert Organisation.objects.matching("ｱｵﾊﾞ").get() == pharmacy
    assert cast.client("chair").get(reverse("organisation", args=[pharmacy.pk])).status_code == 200
    assert cast.client("other_chair").get(reverse("organisation", args=[pharmacy.pk])).status_code == 404


def test_it_stands_last_in_the_order_of_the_roster(cast: Cast) -> None:
    register(cast)
    assert Organisation.objects.pharmacies().last() == added()


def test_the_history_tells_who_registered_it_with_which_values(cast: Cast) -> None:
    register(cast, telephone="092-123-4567")
    [event] = history.of(added())
    assert (event.verb, event.account) == ("organisation.added", cast.capacities["staff"].account)
    assert event.detail["changes"]["telephone"] == ["", "092-123-4567"]
    assert "kana" not in event.detail["changes"]
    told = text_of(cast.client("staff").get(reverse("organisation", args=[added().pk])))
    assert "団体・薬局を登録" in told and "名称： なし → あおば薬局" in told


def test_a_new_district_stands_under_the_association(cast: Cast) -> None:
    assert "会長を加えてください" in register(cast, "district", name="青葉地区薬剤師会", short_name="青葉")
    district = added("青葉地区薬剤師会")
    assert (district.kind, district.parent, district.label) == ("district", cast.association, "青葉")


def test_a_new_issuer_stands_outside(cast: Cast) -> None:
    register(cast, "issuer", name="厚生労働省")
    assert (added("厚生労働省").kind, added("厚生労働省").parent) == ("issuer", None)


def test_the_same_issuer_is_not_registered_twice(cast: Cast) -> None:
    for _ in range(2):
        said = register(cast, "issuer", name="厚生労働省")
    assert "同じ名前の発出元が、もう登録されています" in said
    assert Organisation.objects.filter(kind=Kind.ISSUER).count() == 1


def test_from_a_districts_page_its_district_is_chosen_already(cast: Cast) -> None:
    staff = cast.client("staff")
    way = f"{page()}?district={cast.takaodai.pk}"
    assert way in staff.get(reverse("organisation", args=[cast.takaodai.pk])).content.decode()
    assert staff.get(way).context["form"]["parent"].value() == cast.takaodai.pk
    assert staff.get(f"{page()}?district=x").status_code == 200


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": "\u200b"}, "目に見える文字がありません"),
        ({"name": ""}, "名称：入力してください"),
        ({"parent": ""}, "地区：選んでください"),
        ({"code": "4.01E+09"}, "Excel"),
        ({"telephone": "12345"}, "市外局番から"),
        ({"parent": "0"}, "地区："),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(cast: Cast, typed: dict[str, str], told: str) -> None:
    before = Organisation.objects.count()
    assert told in register(cast, **typed)
    assert Organisation.objects.count() == before


def test_a_code_of_another_pharmacy_is_refused_and_names_it(cast: Cast) -> None:
    assert "白鷺中央薬局に登録されています" in register(cast, code=cast.pharmacies[0].code)
    values = {"name": "あおば薬局", "code": cast.pharmacies[0].code, "parent": cast.shirasagi}
    with pytest.raises(registering.CodeTaken):
        registering.add(Kind.PHARMACY, values, [], actor(cast))
    assert added() is None


def test_a_code_whose_check_digit_is_wrong_is_taken_with_a_warning(cast: Cast) -> None:
    assert "検証番号が合いません" in register(cast, code="4041234567")
    assert added().code == "4041234567"


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "高崎薬局"},
        {"name": "髙﨑　薬局"},
        {"telephone": "0920000007"},
        {"fax": "092-000-0007"},
    ],
)
def test_one_of_the_same_name_or_number_is_shown_and_a_second_press_registers(
    cast: Cast, typed: dict[str, str]
) -> None:
    name = typed.get("name", "あおば薬局")
    form = {"name": name, "parent": cast.shirasagi.pk, "channel": "email"} | typed
    staff = cast.client("staff")
    first = staff.post(page(), form)
    assert first.status_code == 422
    assert "同じ名前か、同じ番号の薬局があります。" in text_of(first) and "まだ登録していません。" in text_of(first)
    assert reverse("organisation", args=[cast.pharmacies[3].pk]) in first.content.decode()
    assert added(name) is None
    staff.post(page(), form | {"namesakes": first.context["form"]["namesakes"].value()})
    assert added(name).parent == cast.shirasagi


def test_one_that_came_after_the_first_press_is_shown_as_well(cast: Cast) -> None:
    form = {"name": "髙﨑薬局", "parent": cast.shirasagi.pk, "channel": "email"}
    first = cast.client("staff").post(page(), form)
    register(cast, name="高崎薬局", namesakes=str(cast.pharmacies[3].pk))
    again = cast.client("staff").post(page(), form | {"namesakes": first.context["form"]["namesakes"].value()})
    assert again.status_code == 422
    assert reverse("organisation", args=[added("高崎薬局").pk]) in again.content.decode()


def test_pressing_twice_registers_once(cast: Cast) -> None:
    for _ in range(2):
        said = register(cast)
    assert "同じ名前か、同じ番号の薬局があります。" in said
    assert Organisation.objects.filter(name="あおば薬局").count() == 1


@pytest.mark.django_db(transaction=True)
def test_pressing_many_times_at_once_registers_once(cast: Cast) -> None:
    values = {"name": "あおば薬局", "parent": cast.shirasagi}

    def press(number: int) -> int:
        try:
            registering.add(Kind.PHARMACY, values, [], actor(cast))
        except registering.Namesakes:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(5) as people:
        assert sum(people.map(press, range(10))) == 1


def test_one_that_left_is_shown_with_the_day(cast: Cast) -> None:
    Organisation.objects.filter(pk=cast.pharmacies[3].pk).update(left_on="2024-03-31")
    assert "令和6年3月31日 退会" in register(cast, name="髙﨑薬局")


def test_a_part_of_a_name_or_number_is_no_namesake(cast: Cast) -> None:
    assert "名簿に登録しました" in register(cast, name="髙﨑", telephone="092-000-9999")


@pytest.mark.parametrize("who", ["chair", "pharmacy"])
def test_only_staff_register(cast: Cast, who: str) -> None:
    for kind in ("pharmacy", "district", "issuer"):
        assert cast.client(who).get(page(kind)).status_code == 404
        assert cast.client(who).post(page(kind), {"name": "あおば薬局"}).status_code == 404
    assert added() is None
    assert Event.objects.filter(verb="access.refused").count() == 3


def test_there_is_one_association(cast: Cast) -> None:
    for kind in ("association", "x"):
        assert cast.client("staff").get(page(kind)).status_code == 404
