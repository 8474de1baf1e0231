"""受付コード: names one receipt, is read from a FAX and typed by hand, and notices what was mistyped."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from notices import sheet_code
from notices.sheet_code import ALPHABET, MOST, Mistyped

IDS = st.integers(0, MOST - 1)


def bare(code: str) -> str:
    return code.replace("-", "")


@given(IDS)
def test_a_code_names_the_receipt_that_it_was_made_of(number: int) -> None:
    code = sheet_code.of(number)
    assert sheet_code.receipt_id(code) == number
    assert len(code) == 9 and code[4] == "-" and set(bare(code)) <= set(ALPHABET)


@given(IDS)
def test_one_wrong_letter_or_two_that_changed_places_are_noticed(number: int) -> None:
    code = bare(sheet_code.of(number))
    wrong = [code[:at] + other + code[at + 1 :] for at in range(8) for other in ALPHABET if other != code[at]]
    wrong += [code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(7) if code[at] != code[at + 1]]
    wrong += [code[:at] + code[at + 1 :] for at in range(8)] + [code[:at] + "7" + code[at:] for at in range(9)]
    for typed in wrong:
        with pytest.raises(Mistyped):
            sheet_code.receipt_id(typed)


def test_width_case_spaces_hyphens_and_look_alikes_do_not_count(settings: Settings) -> None:
    settings.SECRET_KEY = "a key of this test"
    number = next(n for n in range(10_000) if {"2", "5", "8"} <= set(sheet_code.of(n)))
    code = sheet_code.of(number)
    wide = "".join(chr(ord(char) + 0xFEE0) for char in code)
    forms = [
        code.lower(),
        bare(code),
        f" {code} \n",
        "　".join(bare(code)),
        wide,
        wide.lower(),
        code.replace("-", "ー"),
    ]
    forms += [code.replace("-", dash) for dash in "‐–—−－ｰ・ "]
    forms += [code.replace("2", "Z").replace("5", "s").replace("8", "Ｂ")]
    assert {sheet_code.receipt_id(form) for form in forms} == {number}


@pytest.mark.parametrize("typed", ["", " ", "-", "あいうえおかきく", "٣" * 8, "7" * 9, "A" * 10_000, "\x00" * 8])
def test_what_cannot_be_a_code_is_mistyped(typed: str) -> None:
    with pytest.raises(Mistyped):
        sheet_code.receipt_id(typed)


def test_neighbours_look_nothing_alike_and_no_two_are_the_same() -> None:
    codes = [bare(sheet_code.of(number)) for number in range(1, 3001)]
    assert len(set(codes)) == 3000
    alike = [sum(a == b for a, b in zip(*pair, strict=True)) for pair in itertools.pairwise(codes)]
    assert max(alike) <= 5 and sum(alike) / len(alike) < 1


def test_another_key_gives_other_codes(settings: Settings) -> None:
    settings.SECRET_KEY = "one"
    first = sheet_code.of(42)
    settings.SECRET_KEY = "two"
    assert sheet_code.of(42) != first


def test_there_are_codes_for_all_receipts_of_centuries() -> None:
    assert MOST > 500 * 62_800 * 100
    with pytest.raises(OverflowError):
        sheet_code.of(MOST)
