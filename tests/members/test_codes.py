"""保険薬局コード: every written form, and what is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members import codes

digits = st.text("0123456789", min_size=10, max_size=10)
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@given(digits, st.sampled_from(["", "-", " ", "　", "－", ",", "・"]), st.booleans(), st.integers(1, 9))
def test_a_code_is_read_in_any_width_and_with_anything_between_its_digits(
    code: str, between: str, wide: bool, at: int
) -> None:
    written = f"{code[:at]}{between}{code[at:]}"
    assert codes.read(written.translate(FULL_WIDTH) if wide else written) == code


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("4.01E+09", "Excel"),
        ("141234567", "先頭の 0"),
        ("40,1047,8", "7けた"),
        ("1234567", "7けた"),
        ("40412345678", "11けた"),
        ("4041234²67", "数字ではない"),
        ("薬局4041234567", "数字ではない"),
        ("", "10けた"),
    ],
)
def test_what_is_no_code_is_refused_with_a_hint(text: str, told: str) -> None:
    with pytest.raises(codes.NotACode, match=told):
        codes.read(text)


@given(digits)
def test_of_ten_last_digits_exactly_one_fits(code: str) -> None:
    assert [codes.check_digit_fits(code[:9] + last) for last in "0123456789"].count(True) == 1


@pytest.mark.parametrize(
    ("code", "fits"), [("0000000018", True), ("4000000018", False), ("1300000018", True), ("1300000019", False)]
)
def test_the_check_digit_is_over_all_ten_and_around_tokyo_over_the_last_seven(code: str, fits: bool) -> None:
    assert codes.check_digit_fits(code) is fits
