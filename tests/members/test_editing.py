"""登録の内容を直す: staff change what the roster says; what it said before stays in the history."""

import pytest
from django.http import HttpResponse
from django.urls import reverse

from members import history
from members.models import Organisation, Tag
from members.roster import editing
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.members.test_tasks import actor


def page(organisation: Organisation) -> str:
    return reverse("organisation_edit", args=[organisation.pk])


def typed(cast: Cast, organisation: Organisation, **changes: object) -> dict[str, object]:
    """What the browser sends when only `changes` were typed."""
    form = cast.client("staff").get(page(organisation)).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (shown | changes).items() if value is not None}


def test_a_change_is_seen_in_the_roster_and_told_in_the_history(cast: Cast) -> None:
    pharmacy, desk = cast.pharmacies[3], cast.client("staff")
    form = typed(
        cast, pharmacy, name="髙﨑𠮷薬局", telephone="０９２ー１２３ー４５６７", postal_code="８１０ー０００１"
    )
    said = text_of(desk.post(page(pharmacy), form, follow=True))
    assert "髙﨑𠮷薬局の登録を直しました（名称、郵便番号、電話）" in said
    pharmacy.refresh_from_db()
    assert (pharmacy.name, pharmacy.telephone, pharmacy.postal_code) == ("髙﨑𠮷薬局", "092-123-4567", "810-0001")
    assert Organisation.objects.matching("高崎吉").get() == pharmacy
    [event] = history.of(pharmacy).filter(verb="organisation.changed")
    assert event.account == cast.capacities["staff"].account
    assert event.detail["changes"]["name"] == ["髙﨑薬局", "髙﨑𠮷薬局"]


def test_tags_are_changed_and_told_by_their_names(cast: Cast) -> None:
    pharmacy = cast.pharmacies[0]
    night = Tag.objects.create(name="夜間対応")
    cast.client("staff").post(page(pharmacy), typed(cast, pharmacy, tags=[night.pk]))
    assert [tag.name for tag in pharmacy.tags.all()] == ["夜間対応"]
    [event] = history.of(pharmacy).filter(verb="organisation.changed")
    assert event.detail["changes"] == {"tags": ["在宅対応", "夜間対応"]}


def test_saving_what_is_there_changes_and_records_nothing(cast: Cast) -> None:
    pharmacy = cast.pharmacies[0]
    said = text_of(cast.client("staff").post(page(pharmacy), typed(cast, pharmacy), follow=True))
    assert "何も変えていません" in said
    assert not history.of(pharmacy).filter(verb="organisation.changed").exists()


def test_the_day_of_joining_stands_in_the_form_as_browsers_take_it(cast: Cast) -> None:
    pharmacy = cast.pharmacies[0]
    Organisation.objects.filter(pk=pharmacy.pk).update(joined_on="2024-06-01")
    assert 'value="2024-06-01"' in cast.client("staff").get(page(pharmacy)).content.decode()


def test_of_two_who_change_at_once_the_second_is_asked_to_look(cast: Cast) -> None:
    pharmacy, desk = cast.pharmacies[0], cast.client("staff")
    first, second = typed(cast, pharmacy, fax="0920000001"), typed(cast, pharmacy, kana="シラサギ")
    desk.post(page(pharmacy), first)
    answer = desk.post(page(pharmacy), second)
    assert answer.status_code == 422
    assert "ほかの人が登録を直しました" in text_of(answer) and 'value="シラサギ"' in answer.content.decode()
    pharmacy.refresh_from_db()
    assert (pharmacy.fax, pharmacy.kana) == ("0920000001", "")


def save(cast: Cast, organisation: Organisation, **changes: object) -> HttpResponse:
    return cast.client("staff").post(page(organisation), typed(cast, organisation, **changes), follow=True)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "\u200b\u200d", "目に見える文字がありません"),
        ("name", "", "必須"),
        ("code", "4.01E+09", "Excel"),
        ("telephone", "12345", "市外局番から"),
        ("fax", "２５時", "市外局番から"),
        ("postal_code", "81000", "7けた"),
        ("joined_on", "令和8年2月29日", "日付"),
        ("fallback", "email", "届け方と同じです"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason_and_kept_on_the_page(
    cast: Cast, field: str, value: str, told: str
) -> None:
    pharmacy = cast.pharmacies[0]
    before = editing.state_of(pharmacy)
    answer = cast.client("staff").post(page(pharmacy), typed(cast, pharmacy, **{field: value}))
    assert answer.status_code == 422 and told in text_of(answer)
    assert editing.state_of(Organisation.objects.get(pk=pharmacy.pk)) == before


def test_a_code_of_another_pharmacy_is_refused_and_names_it(cast: Cast) -> None:
    first, second = cast.pharmacies[:2]
    answer = cast.client("staff").post(page(first), typed(cast, first, code=second.code))
    assert answer.status_code == 422 and f"{second.name}に登録されています" in text_of(answer)


def test_a_code_whose_check_digit_is_wrong_is_taken_with_a_warning(cast: Cast) -> None:
    pharmacy = cast.pharmacies[0]
    said = text_of(cast.client("staff").post(page(pharmacy), typed(cast, pharmacy, code="40-4-1234567"), follow=True))
    pharmacy.refresh_from_db()
    assert pharmacy.code == "4041234567" and "検証番号が合いません" in said


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"channel": "fax", "fax": ""}, "FAX番号の登録がありません"),
        ({"channel": "post", "address": ""}, "住所の登録がありません"),
        ({"fallback": "fax", "fax": ""}, "FAX番号の登録がありません"),
    ],
)
def test_a_way_without_its_number_or_address_is_taken_with_a_warning(
    cast: Cast, changed: dict[str, str], told: str
) -> None:
    assert told in text_of(save(cast, cast.pharmacies[0], **changed))


def test_an_own_way_that_leads_nowhere_is_seen_on_the_page(cast: Cast) -> None:
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(channel="fax", fax="")
    page = text_of(cast.client("staff").get(reverse("organisation", args=[cast.pharmacies[0].pk])))
    assert "FAX番号の登録がありません" in page


def test_a_reading_is_kept_in_full_width(cast: Cast) -> None:
    save(cast, cast.pharmacies[0], kana="ｼﾗｻｷﾞﾁｭｳｵｳ")
    cast.pharmacies[0].refresh_from_db()
    assert cast.pharmacies[0].kana == "シラサギチュウオウ"


@pytest.mark.parametrize("kind", ["association", "district"])
def test_every_kind_of_organisation_can_be_changed(cast: Cast, kind: str) -> None:
    organisation = Organisation.objects.filter(kind=kind).first()
    cast.client("staff").post(page(organisation), typed(cast, organisation, short_name="短い名"))
    organisation.refresh_from_db()
    assert organisation.label == "短い名"


def test_an_issuer_can_be_changed(cast: Cast) -> None:
    issuer = Organisation.objects.create(kind="issuer", name="厚生労働省")
    cast.client("staff").post(page(issuer), typed(cast, issuer, short_name="厚労省"))
    issuer.refresh_from_db()
    assert issuer.label == "厚労省"


def test_what_is_stale_is_refused_by_the_rule_itself(cast: Cast) -> None:
    pharmacy = cast.pharmacies[0]
    with pytest.raises(editing.ChangedMeanwhile):
        editing.change(pharmacy.pk, {"name": "別の薬局"}, "what was long ago", actor(cast))


def test_the_page_of_an_organisation_tells_staff_what_was_changed_and_nobody_else(cast: Cast) -> None:
    pharmacy, desk = cast.pharmacies[0], cast.client("staff")
    desk.post(page(pharmacy), typed(cast, pharmacy, channel="fax", fax="092-000-0001"))
    own_page = reverse("organisation", args=[pharmacy.pk])
    told = text_of(desk.get(own_page))
    assert "登録の記録" in told and "名簿の内容を変更" in told and str(cast.capacities["staff"].account) in told
    assert "届け方： メール → FAX" in told and "FAX： なし → 092-000-0001" in told
    assert "登録の記録" not in text_of(cast.client("chair").get(own_page))


# Leaving and moving ---------------------------------------------------------------------------------------------------


def test_a_pharmacy_that_left_is_no_recipient_any_more_until_the_day_is_taken_out_again(cast: Cast) -> None:
    pharmacy, desk = cast.pharmacies[0], cast.client("staff")
    desk.post(page(pharmacy), typed(cast, pharmacy, left_on="2024-06-01"))
    assert pharmacy not in Organisation.objects.current()
    assert "令和6年6月1日 退会" in text_of(desk.get(reverse("organisation", args=[pharmacy.pk])))
    desk.post(page(pharmacy), typed(cast, pharmacy, left_on=""))
    assert pharmacy in Organisation.objects.current()


@pytest.mark.parametrize(("left_on", "told"), [("2999-01-01", "先の日付"), ("2024-05-31", "入会日より前")])
def test_nobody_leaves_in_the_future_or_before_joining(cast: Cast, left_on: str, told: str) -> None:
    pharmacy = cast.pharmacies[0]
    Organisation.objects.filter(pk=pharmacy.pk).update(joined_on="2024-06-01")
    answer = cast.client("staff").post(page(pharmacy), typed(cast, pharmacy, left_on=left_on))
    assert answer.status_code == 422 and told in text_of(answer)


def test_a_pharmacy_that_moved_is_seen_by_its_new_chair_only_and_its_old_receipts_stay(cast: Cast) -> None:
    pharmacy, release = cast.pharmacies[0], cast.released()
    own_page = reverse("organisation", args=[pharmacy.pk])
    assert cast.client("other_chair").get(own_page).status_code == 404
    said = text_of(
        cast.client("staff").post(page(pharmacy), typed(cast, pharmacy, parent=cast.takaodai.pk), follow=True)
    )
    assert "地区" in said
    assert cast.client("chair").get(own_page).status_code == 404
    assert cast.client("other_chair").get(own_page).status_code == 200
    assert cast.receipt(release, pharmacy).district == cast.shirasagi
    [event] = history.of(pharmacy).filter(verb="organisation.changed")
    assert event.detail["changes"] == {"parent": ["白鷺地区薬剤師会", "髙尾台地区薬剤師会"]}


def test_a_pharmacy_cannot_be_moved_under_another_pharmacy(cast: Cast) -> None:
    first, second = cast.pharmacies[:2]
    answer = cast.client("staff").post(page(first), typed(cast, first, parent=second.pk))
    assert answer.status_code == 422


@pytest.mark.parametrize("day", ["0008-04-01", "1500-01-01"])
def test_a_day_that_cannot_be_meant_is_refused(cast: Cast, day: str):
    one = cast.pharmacies[0]
    client = cast.client("staff")
    form = client.get(reverse("organisation_edit", args=[one.pk])).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"joined_on": day}
    answer = client.post(reverse("organisation_edit", args=[one.pk]), typed)
    assert "1900年より前の日付です" in answer.content.decode()
