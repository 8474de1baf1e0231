"""What has changed since the last version: part by part, line by line, with what was taken out and what put in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.letters.differences import ALIKE, LONGEST, Difference, Kind, differences
from notices.letters.version import Version

WORDS = st.text(alphabet="薬局の通知15日までにabアイウ。、", min_size=1, max_size=30)
VERSIONS = st.dictionaries(st.sampled_from(["件名", "本文", "宛先"]), st.lists(WORDS, min_size=1, max_size=5))


def lines(difference: Difference, kind: Kind) -> list[str]:
    """The changed lines as they were (OUT), or as they are (IN)."""
    told = ["".join(text for of, text in line if of in (Kind.SAME, kind)) for line in difference.lines]
    return [line for line in told if line]


def test_a_changed_day_is_shown_within_its_line() -> None:
    before = {"件名": ["開局予定について"], "本文": ["標記について、12月15日までに回答してください。", "以上です。"]}
    after = before | {"本文": ["標記について、12月22日までに回答してください。", "以上です。"]}
    (found,) = differences(before, after)
    same, out, put_in = Kind.SAME, Kind.OUT, Kind.IN
    assert found.part == "本文"
    assert found.lines == [
        [(same, "標記について、12月"), (out, "15日"), (put_in, "22日"), (same, "までに回答してください。")]
    ]


@pytest.mark.parametrize(
    ("was", "now", "taken_out", "put_in"),
    [
        ("参照するのは4.3〜4.5です。", "参照するのは4.3〜5.1です。", ["4.5"], ["5.1"]),
        ("参照するのは4.3です。", "参照するのは4.5です。", ["4.3"], ["4.5"]),
        ("6福薬業発第343号のとおり", "6福薬業発第344号のとおり", ["343号"], ["344号"]),
        ("手数料は1,250円です。", "手数料は1,500円です。", ["1,250"], ["1,500"]),
        ("版数はV１．２です。", "版数はV１．３です。", ["１．２"], ["１．３"]),
        ("受付は9:00からです。", "受付は9:30からです。", ["9:00"], ["9:30"]),
    ],
)
def test_a_number_is_compared_as_one(was: str, now: str, taken_out: list[str], put_in: list[str]) -> None:
    ((line,),) = [each.lines for each in differences({"本文": [was]}, {"本文": [now]})]
    assert [text for kind, text in line if kind == Kind.OUT] == taken_out
    assert [text for kind, text in line if kind == Kind.IN] == put_in


def test_another_line_stands_below_the_one_whose_place_it_has() -> None:
    (found,) = differences({"件名": ["開局予定について"]}, {"件名": ["HPKIカード"]})
    assert found.lines == [[(Kind.OUT, "開局予定について")], [(Kind.IN, "HPKIカード")]]
    assert 0 < ALIKE < 1


def test_parts_that_came_or_went_are_told_whole() -> None:
    found = differences({"要旨": ["例年どおり"]}, {"何を": ["回答する"]})
    assert [(each.part, each.lines) for each in found] == [
        ("何を", [[(Kind.IN, "回答する")]]),
        ("要旨", [[(Kind.OUT, "例年どおり")]]),
    ]


def test_a_very_long_line_is_not_compared_piece_by_piece() -> None:
    long = "薬局" * LONGEST
    (found,) = differences({"本文": [long]}, {"本文": [long + "。"]})
    assert [[kind for kind, _ in line] for line in found.lines] == [[Kind.OUT], [Kind.IN]]


@given(VERSIONS, VERSIONS)
def test_nothing_is_left_out_and_nothing_made_up(before: Version, after: Version) -> None:
    found = {each.part: each for each in differences(before, after)}
    for part in before | after:
        old, new = before.get(part, []), after.get(part, [])
        if part not in found:
            assert old == new
            continue
        out, put_in = lines(found[part], Kind.OUT), lines(found[part], Kind.IN)
        assert subsequence(out, old) and subsequence(put_in, new)
        assert len(old) - len(out) == len(new) - len(put_in), "the lines that stayed are the same on both sides"


def subsequence(some: list[str], of: list[str]) -> bool:
    left = iter(of)
    return all(line in left for line in some)
