"""役員の交代: one follows the other, and who held which office when stays known."""

import datetime as dt

import pytest
from django.urls import reverse

from members import history
from members.models import Event, Officer
from members.models.officer import Office
from members.roster import offices
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.members.test_tasks import actor

SINCE = dt.date(2026, 6, 1)


def chair(cast: Cast, day: dt.date) -> str:
    return cast.shirasagi.officers.filter(office=Office.CHAIR).holding(day).get().name


def new(cast: Cast, **typed: str) -> str:
    form = {"office": "chair", "name": "𠮷田 﨑子", "email": "yoshida@chair.example", "since": "2026-06-01"} | typed
    answer = cast.client("staff").post(reverse("officer_new", args=[cast.shirasagi.pk]), form, follow=True)
    return text_of(answer)


def test_a_new_chair_ends_the_term_of_the_one_before_and_both_stay_known(cast: Cast) -> None:
    assert "𠮷田 﨑子さんを会長に登録しました" in new(cast)
    assert chair(cast, SINCE - dt.timedelta(days=1)) == "髙栁 誠"
    assert chair(cast, SINCE) == "𠮷田 﨑子"
    told = Event.objects.filter(organisation=cast.shirasagi).order_by("pk")
    assert [event.verb for event in told] == ["office.left", "office.taken"]


def test_the_history_names_the_person_by_reference(cast: Cast) -> None:
    new(cast)
    taken = Officer.objects.get(name="𠮷田 﨑子")
    [event] = history.of(taken).filter(verb="office.taken")
    assert event.organisation == cast.shirasagi and "𠮷田" not in str(event.detail)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"since": "2024-05-31"}, "この日よりあとに就任した人（髙栁 誠さん）"),
        ({"since": "2024-06-01"}, "この日よりあとに就任した人（髙栁 誠さん）"),
        ({"since": ""}, "必須"),
        ({"name": "\u200b"}, "目に見える文字がありません"),
        ({"email": "x@y\nBcc: z"}, "改行や空白"),
        ({"email": "yoshida＠chair.example"}, "半角"),
        ({"office": "manager"}, "選択"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(cast: Cast, typed: dict[str, str], told: str) -> None:
    before = list(Officer.objects.order_by("pk").values())
    assert told in new(cast, **typed)
    assert list(Officer.objects.order_by("pk").values()) == before


def test_a_second_person_in_the_secretariat_ends_nobodys_term(cast: Cast) -> None:
    new(cast, office="secretariat", email="")
    new(cast, office="secretariat", email="", name="別の人")
    assert cast.shirasagi.officers.filter(office="secretariat", until=None).count() == 2


def test_who_left_is_not_in_office_the_day_after(cast: Cast) -> None:
    officer = cast.shirasagi.officers.get()
    answer = cast.client("staff").post(reverse("officer", args=[officer.pk]), {"until": "2026-05-31"}, follow=True)
    assert "退任日を入れました" in text_of(answer)
    assert not cast.shirasagi.officers.holding(SINCE)
    assert cast.shirasagi.officers.holding(SINCE - dt.timedelta(days=1))


def test_nobody_leaves_before_the_term_began(cast: Cast) -> None:
    officer = cast.shirasagi.officers.get()
    answer = cast.client("staff").post(reverse("officer", args=[officer.pk]), {"until": "2024-05-31"})
    assert answer.status_code == 422 and "就任日より前" in text_of(answer)
    with pytest.raises(offices.BeforeTheTerm):
        offices.leave(officer.pk, dt.date(2024, 5, 31), actor(cast))
