"""The preview: what a file would add, change, move and remove, what it may not, and why. Nothing is written."""

import datetime as dt

import pytest
from django.utils import timezone

from members.models import Organisation
from members.roster.loading import loads
from members.roster.loading.comparing import Kind
from members.roster.loading.sheets import NotReadable
from tests.cast import Cast
from tests.members.loading.conftest import HEADINGS, csv, plan_of, row, standing_rows
from tests.rows import changed, everything

NEW = row("4041234567", "駅前薬局", 電話="092-000-1234")


def refusals(*rows: list[str]) -> dict[str, str]:
    plan = plan_of(csv(HEADINGS, *rows))
    assert plan.is_empty
    return {one.where: "。".join(one.reasons) for one in plan.refused}


def test_a_file_that_says_what_the_roster_says_changes_nothing(cast: Cast):
    plan = plan_of(csv(HEADINGS, *standing_rows(cast)))
    assert plan.is_empty
    assert plan.counts["same"] == 6
    assert plan.absent == []


def test_a_preview_writes_nothing(cast: Cast):
    before = everything()
    plan_of(csv(HEADINGS, NEW, row(cast.pharmacies[0].code, "改名薬局")), removal="all")
    assert changed(before) == set()


def test_a_new_code_is_an_addition(cast: Cast):
    (change,) = plan_of(csv(HEADINGS, NEW)).changes
    assert (change.kind, change.where, change.organisation, change.before) == (Kind.ADDED, "2行目", None, {})
    assert change.after == {
        "code": "4041234567",
        "name": "駅前薬局",
        "district": cast.shirasagi.pk,
        "telephone": "092-000-1234",
    }


def test_a_change_is_told_field_by_field(cast: Cast):
    one = cast.pharmacies[0]
    (change,) = plan_of(csv(HEADINGS, row(one.code, "白鷺中央薬局 本店", FAX="092-000-9999"))).changes
    assert change.kind == Kind.CHANGED
    assert change.before == {"name": "白鷺中央薬局", "fax": ""}
    assert change.after == {"name": "白鷺中央薬局 本店", "fax": "092-000-9999"}


def test_another_district_is_a_move(cast: Cast):
    one = cast.pharmacies[0]
    (change,) = plan_of(csv(HEADINGS, row(one.code, one.name, "髙尾台地区薬剤師会"))).changes
    assert change.kind == Kind.MOVED
    assert change.before == {"district": cast.shirasagi.pk}
    assert change.after == {"district": cast.takaodai.pk}


def test_a_district_is_found_by_what_people_call_it(cast: Cast):
    one = cast.pharmacies[3]
    for written in ("髙尾台", "高尾台", "高尾台地区", "髙尾台地区薬剤師会", "高 尾 台"):
        assert plan_of(csv(HEADINGS, row(one.code, one.name, written))).is_empty


def test_an_unknown_district_is_refused_and_the_nearest_suggested(cast: Cast):
    assert refusals(row("4041234567", "駅前薬局", "白鷺台")) == {
        "2行目": "地区「白鷺台」は登録がありません。「白鷺」ではありませんか"
    }
    assert "先に地区を登録する" in refusals(row("4041234567", "駅前薬局", "宇宙"))["2行目"]


def test_the_same_pharmacy_twice_refuses_both_rows(cast: Cast):
    told = refusals(NEW, row("40-4123456-7", "駅前薬局（重複）"))
    assert set(told) == {"2行目", "3行目"}
    assert all("2行目、3行目" in reason for reason in told.values())


def test_a_row_is_refused_with_every_reason(cast: Cast):
    told = refusals(row("4.04E+09", "", 電話="12", メールアドレス="x"))
    for word in ("薬局コード", "薬局名", "電話", "メールアドレス"):
        assert word in told["2行目"]


def test_a_shared_address_is_accepted(cast: Cast):
    shared = {"メールアドレス": "honbu@chain.example"}
    plan = plan_of(csv(HEADINGS, row("4041234567", "一号店", **shared), row("4041234575", "二号店", **shared)))
    assert [change.after["mails"] for change in plan.changes] == [("honbu@chain.example",)] * 2


def test_columns_stand_in_any_order_and_under_other_names(cast: Cast):
    content = csv(
        ["ＴＥＬ", "支部名", "薬局名称", "備考", "保険薬局コード"],
        ["092-000-1234", "白鷺", "駅前薬局", "x", "4041234567"],
    )
    (change,) = plan_of(content).changes
    assert change.after["telephone"] == "092-000-1234"
    assert (change.name, change.code, change.district) == ("駅前薬局", "4041234567", cast.shirasagi.pk)


@pytest.mark.parametrize(
    ("headings", "problem"),
    [
        (["薬局名", "地区", "電話"], "「薬局コード」の列を選んでください"),
        (["薬局コード", "地区", "電話"], "「薬局名」の列を選んでください"),
        (["薬局コード", "薬局名", "薬局名称", "地区"], "「薬局名」の列を選んでください"),
    ],
)
def test_missing_and_doubled_columns_are_asked_for(cast: Cast, headings: list[str], problem: str):
    seen = loads.preview(csv(headings, headings), "roster.csv", today=timezone.localdate())
    assert seen.plan is None
    assert seen.problems == [problem + "。"]


def test_several_columns_of_addresses_add_up(cast: Cast):
    content = csv(
        [*HEADINGS, "メールアドレス2"], [*row("4041234567", "駅前薬局", メールアドレス="a@m.example"), "b@m.example"]
    )
    (change,) = plan_of(content).changes
    assert change.after["mails"] == ("a@m.example", "b@m.example")


def test_repeated_headings_totals_and_notes_are_passed_over_and_pointed_at(cast: Cast):
    plan = plan_of(csv(HEADINGS, NEW, HEADINGS, ["", "合計", "", "1"], ["※ 令和6年10月現在"], []))
    assert len(plan.changes) == 1
    assert plan.refused == []
    notes = "\n".join(plan.notes)
    assert "見出しが繰り返された行：3行目" in notes
    assert "合計の行：4行目" in notes
    assert "薬局ではない行（1つの欄だけに文字がある行）：5行目" in notes


def test_pharmacies_that_the_file_lacks_stay_unless_somebody_says_otherwise(cast: Cast):
    content = csv(HEADINGS, *standing_rows(cast)[:5])
    plan = plan_of(content)
    assert ([one.pk for one in plan.absent], plan.removed) == ([cast.pharmacies[5].pk], [])
    assert plan_of(content, removal="all").removed == plan.absent


def test_a_list_of_one_district_removes_nobody_elsewhere(cast: Cast):
    plan = plan_of(csv(HEADINGS, *standing_rows(cast)[:2]), removal="districts")
    assert [one.pk for one in plan.removed] == [cast.pharmacies[2].pk]


def test_nobody_leaves_as_long_as_a_row_is_refused(cast: Cast):
    plan = plan_of(csv(HEADINGS, *standing_rows(cast)[:4], row("x", "読めない薬局")), removal="all")
    assert len(plan.absent) == 2
    assert plan.removed == []


def test_a_refused_row_still_says_that_its_pharmacy_is_there(cast: Cast):
    rows = standing_rows(cast)
    rows[0][4] = "12"
    plan = plan_of(csv(HEADINGS, *rows))
    assert [one.where for one in plan.refused] == ["2行目"]
    assert plan.absent == []


def test_an_empty_file_removes_nobody(cast: Cast):
    with pytest.raises(NotReadable):
        plan_of(csv(HEADINGS), removal="all")


def test_half_of_the_roster_gone_needs_a_second_person(cast: Cast):
    rows = standing_rows(cast)
    assert not plan_of(csv(HEADINGS, *rows[:5]), removal="all").needs_second
    assert plan_of(csv(HEADINGS, *rows[:3]), removal="all").needs_second


def test_an_empty_cell_changes_nothing_unless_it_is_said_to_clear(cast: Cast):
    one = cast.pharmacies[0]
    content = csv(HEADINGS, row(one.code, one.name))
    assert plan_of(content).is_empty
    (change,) = plan_of(content, clears=True).changes
    assert change.before == {"telephone": one.telephone, "mails": ("box4@mail4.example",)}
    assert change.after == {"telephone": "", "mails": ()}


def test_another_way_to_write_a_number_is_no_change(cast: Cast):
    one = cast.pharmacies[0]
    assert plan_of(
        csv(HEADINGS, row(one.code, one.name, 電話="（092）０００－0004".replace("（", "(").replace("）", ")")))
    ).is_empty


def test_a_pharmacy_that_left_and_is_in_the_file_again_comes_back(cast: Cast):
    one = cast.pharmacies[0]
    Organisation.objects.filter(pk=one.pk).update(left_on=dt.date(2024, 3, 31))
    (change,) = plan_of(csv(HEADINGS, row(one.code, one.name))).changes
    assert change.kind == Kind.RETURNED
    assert change.after == {"left_on": None}


def test_a_day_of_leaving_in_the_file_is_a_leaving(cast: Cast):
    one = cast.pharmacies[0]
    headings = ["薬局コード", "薬局名", "退会日"]
    (change,) = plan_of(csv(headings, [one.code, one.name, "令和6年3月31日"])).changes
    assert (change.kind, change.after) == (Kind.LEFT, {"left_on": dt.date(2024, 3, 31)})
    plan = plan_of(csv(headings, [one.code, one.name, "令和99年3月31日"]))
    assert "先の日付" in plan.refused[0].reasons[0]


def test_a_pharmacy_without_a_code_is_known_by_name_and_telephone_never_by_name_alone(cast: Cast):
    one = cast.pharmacies[0]
    Organisation.objects.filter(pk=one.pk).update(code="")
    (change,) = plan_of(csv(HEADINGS, row("4041234567", one.name, 電話=one.telephone))).changes
    assert (change.organisation, change.after) == (one.pk, {"code": "4041234567"})
    (change,) = plan_of(csv(HEADINGS, row("4041234567", one.name, 電話="092-999-9999"))).changes
    assert change.kind == Kind.ADDED


def test_a_new_code_for_a_known_name_and_telephone_is_pointed_at(cast: Cast):
    one = cast.pharmacies[0]
    (change,) = plan_of(csv(HEADINGS, row("4041234567", one.name, 電話=one.telephone))).changes
    assert change.kind == Kind.ADDED
    assert one.code in change.remarks[-1]


def test_what_looks_like_a_formula_is_text(cast: Cast):
    content = csv(HEADINGS, row("4041234567", '"=HYPERLINK(""http://evil.example"",""薬局"")"'))
    (change,) = plan_of(content).changes
    assert change.name == '=HYPERLINK("http://evil.example","薬局")'


def test_two_rows_for_one_pharmacy_are_refused(cast: Cast):
    one = cast.pharmacies[0]
    Organisation.objects.filter(pk=one.pk).update(code="")
    both = [row(code, one.name, 電話=one.telephone) for code in ("4041234567", "4041234575")]
    plan = plan_of(csv(HEADINGS, *both))
    assert ["同じ薬局" in reason for refused in plan.refused for reason in refused.reasons] == [True]
    assert len(plan.changes) == 1


def test_half_of_a_district_gone_needs_a_second_person(cast: Cast):
    rows = standing_rows(cast)
    assert plan_of(csv(HEADINGS, *rows[2:]), removal="all").needs_second


def test_what_is_longer_than_the_roster_takes_is_refused_and_unknown_signs_pointed_at(cast: Cast):
    long, odd = row("4041234567", "長" * 301), row("4041234575", "駅前薬局", フリガナ="エキマエ\ue000")
    plan = plan_of(csv(HEADINGS, long, odd))
    assert any("300字まで" in reason for refused in plan.refused for reason in refused.reasons)
    assert any("外字" in remark for change in plan.changes for remark in change.remarks)


# Without a code -------------------------------------------------------------------------------------------------------


@pytest.fixture
def codeless(cast: Cast) -> Organisation:
    one = cast.pharmacies[0]
    Organisation.objects.filter(pk=one.pk).update(code="")
    return one


def test_a_pharmacy_without_a_code_is_found_by_name_and_district(cast: Cast, codeless: Organisation):
    (change,) = plan_of(csv(HEADINGS, row("", codeless.name, FAX="092-000-9999"))).changes
    assert (change.kind, change.organisation, change.after) == (Kind.CHANGED, codeless.pk, {"fax": "092-000-9999"})


def test_of_two_of_the_same_name_the_telephone_tells_which(cast: Cast, codeless: Organisation):
    twin = Organisation.objects.create(
        kind="pharmacy", parent=cast.shirasagi, name=codeless.name, telephone="092-000-7777"
    )
    (change,) = plan_of(csv(HEADINGS, row("", twin.name, 電話=twin.telephone, FAX="092-000-9999"))).changes
    assert change.organisation == twin.pk
    assert "2つ以上" in refusals(row("", twin.name))["2行目"]


def test_a_row_without_a_code_that_fits_nobody_is_refused_and_doubles_nobody(cast: Cast, codeless: Organisation):
    told = refusals(
        row("", "駅前薬局"),
        row("", codeless.name, "髙尾台"),
        row("", cast.pharmacies[1].name),
    )
    assert "薬局コードを入れる" in told["2行目"] and "薬局コードを入れる" in told["3行目"]
    assert f"コード {cast.pharmacies[1].code} です" in told["4行目"]


def test_the_same_pharmacy_without_a_code_twice_is_one_change_at_most(cast: Cast, codeless: Organisation):
    plan = plan_of(csv(HEADINGS, row("", codeless.name), row("", codeless.name)))
    assert plan.is_empty and [one.where for one in plan.refused] == ["3行目"]


def test_one_that_left_does_not_come_back_by_its_name_alone(cast: Cast, codeless: Organisation):
    Organisation.objects.filter(pk=codeless.pk).update(left_on=dt.date(2024, 3, 31))
    assert set(refusals(row("", codeless.name))) == {"2行目"}


# Addresses out of use -------------------------------------------------------------------------------------------------

WITH_STOPPED = ["薬局コード", "薬局名", "地区", "メールアドレス", "停止中のメールアドレス"]


def test_a_stopped_address_stays_stopped_and_becomes_no_new_one(cast: Cast, load_file):
    one = cast.pharmacies[0]
    one.mailboxes.create(address="old@shop.example", usable=False)
    cells = [one.code, one.name, "白鷺", one.mailboxes.first().address, "old@shop.example; other@shop.example"]
    plan = plan_of(csv(WITH_STOPPED, cells))
    assert plan.is_empty
    assert ("2行目", "停止中のメールアドレス other@shop.example は、名簿にないので登録しません") in plan.remarks
    load_file(csv(WITH_STOPPED, [*cells[:3], "new@shop.example", cells[4]]))
    assert dict(one.mailboxes.values_list("address", "usable")) == {"old@shop.example": False, "new@shop.example": True}
