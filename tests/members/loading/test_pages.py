"""名簿の取込 on the screen: from the file to the preview, into the roster, and back."""

import io
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import load_workbook

from members.models import Organisation, RosterLoad
from members.roster.loading.explaining import WRITTEN
from members.roster.loading.headings import LABELS
from tests.cast import Cast
from tests.members.loading.conftest import HEADINGS, csv, excel, plan_of, row, standing_rows
from tests.rows import changed, everything

NEW = row("4041234567", "駅前薬局", 電話="092-000-1234")


@pytest.fixture
def staff(cast: Cast) -> Client:
    return cast.client("staff")


def upload(client: Client, content: bytes, name: str = "名簿.csv"):
    return client.post(reverse("roster_loads"), {"file": SimpleUploadedFile(name, content)}, follow=True)


def agree(client: Client, load: RosterLoad, **more: str):
    columns = {f"column_{place}": field for place, field in load.columns.items()}
    form = {"do": "agree", "removal": "none", "clears": ""} | columns | more
    return client.post(reverse("roster_load", args=[load.pk]), form, follow=True)


def press(client: Client, load: RosterLoad, do: str, page=None):
    seen = page.context["plan"].digest if page else ""
    return client.post(reverse("roster_load", args=[load.pk]), {"do": do, "seen": seen}, follow=True)


def previewed(client: Client, content: bytes, **more: str):
    """The preview of a file, and its load."""
    upload(client, content)
    load = RosterLoad.objects.latest("pk")
    return agree(client, load, **more), load


def test_a_file_is_read_agreed_to_seen_applied_and_undone(staff: Client, cast: Cast):
    page = upload(staff, csv(HEADINGS, NEW))
    assert "列を確かめる" in page.content.decode()
    load = RosterLoad.objects.get()
    page = agree(staff, load)
    assert "駅前薬局" in page.content.decode()
    assert not Organisation.objects.filter(code="4041234567").exists()
    page = press(staff, load, "apply", page)
    assert "名簿を取り込みました（追加 1）" in page.content.decode()
    assert Organisation.objects.filter(code="4041234567").exists()
    page = press(staff, load, "undo")
    assert "取り込む前に戻しました" in page.content.decode()
    assert not Organisation.objects.filter(code="4041234567").exists()


def test_looking_at_a_preview_writes_nothing(staff: Client, cast: Cast):
    _, load = previewed(staff, csv(HEADINGS, NEW, row("1", "読めない薬局")))
    before = everything()
    for show in ("refused", "added", "changed", "moved", "returned", "left", "remarks", "absent", "nonsense"):
        assert staff.get(reverse("roster_load", args=[load.pk]), {"show": show, "q": "駅前"}).status_code == 200
    staff.get(reverse("roster_load_refused", args=[load.pk]))
    assert changed(before) == set()


def test_a_change_is_shown_field_by_field(staff: Client, cast: Cast):
    page, _ = previewed(staff, csv(HEADINGS, row(cast.pharmacies[0].code, "新しい名前", "髙尾台")))
    text = page.content.decode()
    assert "薬局名：<del>白鷺中央薬局</del> → <ins>新しい名前</ins>" in text
    assert "地区：<del>白鷺</del> → <ins>髙尾台</ins>" in text


def test_a_file_that_cannot_be_read_is_refused_in_words(staff: Client, cast: Cast):
    before = everything()
    page = staff.post(reverse("roster_loads"), {"file": SimpleUploadedFile("名簿.csv", b"")})
    assert page.status_code == 422
    assert "ファイルが空です" in page.content.decode()
    assert "名簿は何も変わっていません" in page.content.decode()
    assert changed(before) == set()


def test_headings_without_rows_are_told_of_on_the_page(staff: Client, cast: Cast):
    assert "薬局の行がありません" in upload(staff, csv(HEADINGS)).content.decode()
    page, _ = previewed(staff, csv(HEADINGS, ["", "合計", "", "1"]))
    assert "薬局の行がありません" in page.content.decode()


def test_columns_that_are_not_clear_are_asked_again_with_what_was_chosen(staff: Client, cast: Cast):
    upload(staff, csv(HEADINGS, NEW))
    load = RosterLoad.objects.get()
    page = agree(staff, load, column_1="", removal="all")
    assert page.status_code == 422
    assert "「薬局名」の列を選んでください" in page.content.decode()
    assert page.context["form"]["removal"].value() == "all"


def test_the_next_file_with_the_same_headings_goes_straight_to_its_preview(staff: Client, cast: Cast):
    previewed(staff, csv(HEADINGS, NEW))
    page = upload(staff, csv(HEADINGS, NEW, row("4041234575", "二号店")))
    assert "内容を確かめる" in page.content.decode()


def test_refused_rows_are_saved_as_excel(staff: Client, cast: Cast):
    _, load = previewed(staff, csv(HEADINGS, NEW, row("4.04E+09", "=読めない薬局")))
    answer = staff.get(reverse("roster_load_refused", args=[load.pk]))
    assert answer["Content-Disposition"].startswith("attachment;")
    sheet = load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert sheet[1][:2] == ["4.04E+09", "=読めない薬局"]


def test_what_changed_under_the_preview_is_looked_at_again(staff: Client, cast: Cast):
    page, load = previewed(staff, csv(HEADINGS, row(cast.pharmacies[0].code, "新しい名前")))
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(name="別の人が直した名前")
    answered = press(staff, load, "apply", page)
    assert "もう一度、内容を確かめてください" in answered.content.decode()
    assert Organisation.objects.get(pk=cast.pharmacies[0].pk).name == "別の人が直した名前"


def test_half_of_the_roster_leaves_by_two_people_on_the_page(staff: Client, cast: Cast):
    page, load = previewed(staff, csv(HEADINGS, *standing_rows(cast)[:3]), removal="all")
    answered = press(staff, load, "apply", page)
    text = answered.content.decode()
    assert "もう1人の確認が要ります" in text
    assert "この内容で取り込む" not in text
    other = cast.client("administrator")
    page = other.get(reverse("roster_load", args=[load.pk]))
    assert "髙﨑 美緒 さんが、もう1人の確認を求めています" in page.content.decode()
    press(other, load, "apply", page)
    assert Organisation.objects.pharmacies().current().count() == 3


def test_a_load_is_given_up_and_leaves_the_roster_alone(staff: Client, cast: Cast):
    _, load = previewed(staff, csv(HEADINGS, NEW))
    page = press(staff, load, "discard")
    assert "名簿は何も変わっていません" in page.content.decode()
    page = press(staff, load, "apply")
    assert "先に進めました（取りやめ）" in page.content.decode()


def test_what_was_built_upon_is_not_undone_and_says_why(staff: Client, cast: Cast):
    page, load = previewed(staff, csv(HEADINGS, NEW))
    press(staff, load, "apply", page)
    cast.receive(cast.released(), Organisation.objects.get(code="4041234567"), reach="other")
    answered = press(staff, load, "undo")
    assert "何も戻していません" in answered.content.decode()
    assert "駅前薬局" in answered.content.decode()


def test_the_organisations_page_tells_what_a_load_changed(staff: Client, cast: Cast):
    one = cast.pharmacies[0]
    page, load = previewed(staff, csv(HEADINGS, row(one.code, "新しい名前")))
    press(staff, load, "apply", page)
    text = staff.get(reverse("organisation", args=[one.pk])).content.decode()
    assert "名簿の取込（変更）" in text
    assert "<del>白鷺中央薬局</del> → <ins>新しい名前</ins>" in text


def test_whole_numbers_are_shown_without_a_decimal_point(staff: Client, cast: Cast):
    numbered = excel([[*HEADINGS, 3.0], [*row("なし", "駅前薬局"), 7.0]])
    page = upload(staff, numbered, "名簿.xlsx").content.decode()
    assert "I列　3<" in page and "例：7<" in page
    page = agree(staff, RosterLoad.objects.get()).content.decode()
    assert "7.0" not in page


SAME = "取り込むものはありません"


def test_a_file_that_changes_nothing_says_so_and_what_it_lacks(staff: Client, cast: Cast):
    page, _ = previewed(staff, csv(HEADINGS, *standing_rows(cast)[:4]))
    text = page.content.decode()
    assert SAME in text and "ファイルにない薬局が 2 ありますが、退会にしません" in text
    assert 'value="apply"' not in text


def test_a_file_of_refused_rows_does_not_claim_to_be_the_same(staff: Client, cast: Cast):
    page, _ = previewed(staff, csv(HEADINGS, row("1", "読めない薬局")), removal="all")
    text = page.content.decode()
    assert "取り込めない行が 1 行あります" in text and "いま取り込むものはありません" in text
    assert "いまの名簿と同じ" not in text and "ほかの行だけを取り込みます" not in text
    listed = staff.get(f"{page.request['PATH_INFO']}?show=absent").content.decode()
    assert "どれも退会にしません" in listed


def test_the_list_of_absent_ones_says_what_becomes_of_them(staff: Client, cast: Cast):
    page, _ = previewed(staff, csv(HEADINGS, *standing_rows(cast)[:5]), removal="all")
    assert "退会になるのは" in staff.get(f"{page.request['PATH_INFO']}?show=absent").content.decode()


# The explanation ------------------------------------------------------------------------------------------------------


def test_the_explanation_is_reached_from_the_loads_and_tells_of_every_column(staff: Client, cast: Cast):
    address = reverse("roster_load_help")
    assert f'href="{address}"' in staff.get(reverse("roster_loads")).content.decode()
    page = staff.get(address).content.decode()
    assert set(WRITTEN) == set(LABELS)
    assert all(label in page for label in LABELS.values())


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_sample_is_a_file_that_can_be_read_and_adds_no_invented_pharmacy(staff: Client, cast: Cast, kind: str):
    answer = staff.get(reverse("roster_load_help"), {"format": kind})
    assert quote("名簿の見本") in answer["Content-Disposition"]
    plan = plan_of(answer.getvalue(), f"名簿の見本.{kind}")
    assert plan.changes == [] and len(plan.refused) == 2
    assert all("地区「（地区の名前）」は登録がありません" in reason for row in plan.refused for reason in row.reasons)
