"""One state, one word, one look; dates, rates and bars are said in one way."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template import Context, Template

from notices.models import Delivery, Notice, Packet, Release
from notices.models.receipt import Reach
from notices.templatetags import screen
from notices.templatetags.badges import BADGES

STATIC = settings.BASE_DIR / "static"


def render(template: str, **context: object) -> str:
    return Template("{% load screen %}" + template).render(Context(context))


@pytest.mark.parametrize(
    ("states", "of"),
    [(Reach, ""), (Delivery.State, ""), (Notice.State, ""), (Packet.State, ""), (Release.State, "release")],
)
def test_every_state_has_a_badge_that_says_its_word(states, of: str):
    for state in states:
        assert f"</svg>{state.label}</span>" in screen.status(state.value, of=of)


def test_a_state_without_a_badge_is_an_error():
    with pytest.raises(KeyError):
        screen.status("read")


def test_every_badge_has_an_icon_of_the_sprite_and_a_colour_of_the_style_sheet():
    icons = set(re.findall(r'id="i-([a-z]+)"', (STATIC / "icons.svg").read_text()))
    tones = set(re.findall(r"^\.status-([a-z]+) \{", (STATIC / "site.css").read_text(), re.MULTILINE))
    assert {badge.icon for badge in BADGES.values()} <= icons
    assert {badge.tone for badge in BADGES.values()} - {""} <= tones


def test_dates_are_said_in_the_era_and_times_in_tokyo():
    day = dt.date(2024, 10, 30)
    late = dt.datetime(2024, 10, 30, 15, 5, tzinfo=dt.UTC)
    template = "{{ day|wareki }} {{ day|wareki_weekday }} {{ day|short }} {{ day|weekday_date }} {{ day|desk_day }}"
    assert render(template, day=day) == "令和6年10月30日 令和6年10月30日（水） R6.10.30 10月30日（水） R6.10.30（水）"
    assert render("{{ at|desk_time }} {{ at|short }} {{ at|clock }}", at=late) == "R6.10.31（木）0:05 R6.10.31 0:05"
    assert render("{{ none|wareki }}{{ none|desk_time }}{{ none|short }}", none=None) == "–––"


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (2141, 2916, "73.4%"),
        (0.714, None, "71.4%"),
        ((1413, 2756), None, "51.3%"),
        (1, 16, "6.3%"),
        (2916, 2916, "100.0%"),
        (2915, 2916, "99.9%"),
        (0.9997, None, "99.9%"),
        (3, 2900, "0.1%"),
        (1, 2900, "0.1%未満"),
        (0.0003, None, "0.1%未満"),
        (0, 2916, "0.0%"),
        (0, 0, "–"),
        (None, 5, "–"),
    ],
)
def test_a_rate_never_rounds_away_what_is_missing(part: object, whole: int | None, said: str):
    assert screen.rate(part, whole) == said


def test_counts_have_thousands_and_none_is_a_dash_where_it_should_be():
    assert render("{{ n|count }} {{ zero|count }} {{ zero|count_or_dash }}", n=2916, zero=0) == "2,916 0 –"


@pytest.mark.parametrize(
    ("deadline", "words", "pressing"),
    [
        (dt.date(2024, 11, 29), "あと 9 日", False),
        (dt.date(2024, 11, 22), "あと 2 日", True),
        (dt.date(2024, 11, 20), "今日まで", True),
        (dt.date(2024, 11, 17), "期限を 3 日すぎています", True),
        (dt.datetime(2024, 11, 20, 15, 0, tzinfo=dt.UTC), "あと 1 日", True),
    ],
)
def test_the_days_left_are_counted_to_the_end_of_the_day(deadline: dt.date, words: str, pressing: bool):
    said = screen.days_left(deadline, today=dt.date(2024, 11, 20))
    assert re.sub("<.*?>", "", said) == words
    assert ("days-late" in said) == pressing


def test_no_deadline_says_nothing():
    assert screen.days_left(None) == ""


def test_a_bar_shows_confirmed_and_finished_and_says_them():
    bar = render("{% bar read=2141 done=1413 of=2916 %}")
    assert re.findall(r'class="(\w+)" x="([\d.]+%)" width="([\d.]+%)"', bar) == [
        ("read", "0.00%", "73.42%"),
        ("edge", "0.00%", "48.46%"),
        ("done", "0.00%", "48.46%"),
    ]
    assert 'aria-label="確認 73.4%、完了 48.5%"' in bar


def test_a_bar_of_nobody_is_empty():
    assert "<rect" not in render("{% bar read=0 done=0 of=0 %}")


def test_the_parts_of_a_stacked_bar_fill_it():
    bar = render('{% stacked_bar of=2916 label="計" read=2152 seen=467 fail=11 other=286 late=0 %}')
    parts = re.findall(r'class="(\w+)" x="([\d.]+)%" width="([\d.]+)%"', bar)
    assert [name for name, _, _ in parts] == ["read", "seen", "fail", "other"]
    assert sum(float(width) for _, _, width in parts) == pytest.approx(100, abs=0.05)
    assert float(parts[-1][1]) + float(parts[-1][2]) == pytest.approx(100, abs=0.05)


def test_the_chain_tells_dates_days_and_the_longest_hop():
    stops = [
        SimpleNamespace(date=dt.date(2024, 10, 8), organisation="日本薬剤師会", document="日薬業発第255号",
                        gap_days=22, passed=True, slow=True),
        SimpleNamespace(date=None, organisation="福岡県薬剤師会", document="", gap_days=None, passed=False, slow=False),
    ]  # fmt: skip
    chain = render("{% chain stops %}", stops=stops)
    assert 'class="past slow"' in chain
    assert "10/8 <small>火</small>" in chain
    assert "22日" in chain
    assert "まだ" in chain
    assert chain.count("日</span>") == 1


def test_a_message_sets_what_happened_in_bold_and_nothing_free():
    assert screen.lead("受領しました。<b>次へ") == "<b>受領しました。</b>&lt;b&gt;次へ"
