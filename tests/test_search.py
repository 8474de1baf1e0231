"""Searching: whatever is typed into a search box gets an answer."""

import pytest

from tests.cast import Cast


@pytest.mark.parametrize("typed", ["a%00b", "%00", "a+" * 1500])
@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("staff", "/search/"),
        ("staff", "/notices/"),
        ("staff", "/packets/"),
        ("staff", "/directory/"),
        ("staff", "/history/"),
        ("pharmacy", "/own/"),
    ],
)
def test_odd_and_endless_words_are_answered(cast: Cast, who: str, page: str, typed: str) -> None:
    cast.released()
    assert cast.client(who).get(f"{page}?q={typed}").status_code == 200
