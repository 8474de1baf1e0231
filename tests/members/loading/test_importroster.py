"""`manage.py importroster`: the same preview and the same application from the command line."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from python_calamine import load_workbook

from members.models import Event, Organisation, RosterLoad
from tests.cast import Cast
from tests.members.loading.conftest import HEADINGS, csv, row, standing_rows
from tests.rows import changed, everything

NEW = row("4041234567", "駅前薬局", 電話="092-000-1234")


@pytest.fixture
def file(tmp_path: Path, cast: Cast) -> Path:
    """The roster as it is, a new pharmacy, a changed one, one that moved, one absent, and a row that is refused."""
    rows = standing_rows(cast)
    rows[0][1] = "白鷺中央薬局 本店"
    rows[1][3] = "髙尾台"
    path = tmp_path / "名簿.csv"
    path.write_bytes(csv(HEADINGS, *rows[:5], NEW, row("4.04E+09", "丸められた薬局")))
    return path


def run(*arguments: Any) -> str:
    out = StringIO()
    call_command("importroster", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_without_apply_it_only_tells(file: Path, cast: Cast):
    before = everything()
    found = json.loads(run(file, "--json"))
    assert changed(before) == set()
    assert (found["applied"], found["load"]) == (False, None)
    assert [(one["row"], one["code"], one["district"]) for one in found["added"]] == [(7, "4041234567", "白鷺")]
    assert found["changed"][0]["fields"] == {"name": ["白鷺中央薬局", "白鷺中央薬局 本店"]}
    assert found["moved"][0]["fields"] == {"district": ["白鷺", "髙尾台"]}
    assert [one["name"] for one in found["absent"]] == ["濵薬局"]
    assert found["removed"] == []
    assert [(one["row"], one["code"]) for one in found["refused"]] == [(8, "")]
    assert found["columns"][0] == {"column": "A", "heading": "薬局コード", "field": "code"}


def test_with_apply_it_changes_the_roster_in_somebodys_name(file: Path, cast: Cast):
    found = json.loads(run(file, "--apply", "--as", "staff@shuchi.example", "--json"))
    load = RosterLoad.objects.get()
    assert (found["applied"], found["load"], load.state) == (True, load.pk, "applied")
    assert Organisation.objects.get(code="4041234567").name == "駅前薬局"
    assert Event.objects.get(verb="roster.applied").account == cast.capacities["staff"].account
    assert json.loads(run(file, "--json"))["counts"]["same"] == 6


def test_it_says_in_words_what_it_did(file: Path, cast: Cast):
    assert "追加 1　変更 1　地区の移動 1" in run(file)
    assert "取り込みました" in run(file, "--apply", "--as", "staff@shuchi.example")


@pytest.mark.parametrize("email", ["chair@shuchi.example", "nobody@shuchi.example"])
def test_only_staff_may_apply(file: Path, cast: Cast, email: str):
    before = everything()
    with pytest.raises(CommandError, match="事務局のアカウントではありません"):
        run(file, "--apply", "--as", email)
    with pytest.raises(CommandError, match="--as"):
        run(file, "--apply")
    assert changed(before) == set()


def test_half_of_the_roster_leaves_only_on_the_site(tmp_path: Path, cast: Cast):
    path = tmp_path / "roster.csv"
    path.write_bytes(csv(HEADINGS, *standing_rows(cast)[:3]))
    before = everything()
    with pytest.raises(CommandError, match="2人で"):
        run(path, "--apply", "--as", "staff@shuchi.example", "--removal", "all")
    assert changed(before) == set()


def test_refused_rows_go_into_a_file_that_can_be_mended_and_read_again(file: Path, tmp_path: Path, cast: Cast):
    refused = tmp_path / "refused.xlsx"
    run(file, "--refused", refused)
    headings, cells = load_workbook(refused).get_sheet_by_index(0).to_python()
    assert headings[:2] == HEADINGS[:2]
    assert cells[:2] == ["4.04E+09", "丸められた薬局"]
    assert "8行目" in cells[-1]
    found = json.loads(run(refused, "--json"))
    assert [one["row"] for one in found["refused"]] == [2]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "空です"), (b"a,b\n", "見出し"), ("薬局名,地区,電話\n駅前薬局,白鷺,\n".encode(), "「薬局コード」の列")],
)
def test_what_cannot_be_read_is_refused_in_words(tmp_path: Path, cast: Cast, content: bytes, words: str):
    path = tmp_path / "roster.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=words):
        run(path, "--json")
    with pytest.raises(CommandError, match="開けません"):
        run(tmp_path / "absent.csv")
