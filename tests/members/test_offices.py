"""役員の交代: one follows the other, and who held which office when stays known."""

import datetime as dt
import json

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members import addresses, history
from members.models import Event, Officer
from members.models.officer import Office
from members.roster import offices
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.members.second_factors import type_mailed_code
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
    assert [event.verb for event in told] == ["office.left", "office.taken", "capacity.ended"]


def test_the_history_names_the_person_by_reference(cast: Cast) -> None:
    new(cast)
    taken = Officer.objects.get(name="𠮷田 﨑子")
    [event] = history.of(taken).filter(verb="office.taken")
    assert event.organisation == cast.shirasagi and "𠮷田" not in str(event.detail)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"since": "2024-05-31"}, "この日か、それよりあとに就任する人（髙栁 誠さん）"),
        ({"since": "2024-06-01"}, "この日か、それよりあとに就任する人（髙栁 誠さん）"),
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


# Correcting -----------------------------------------------------------------------------------------------------------


def correct(cast: Cast, officer: Officer, **typed: str) -> str:
    path = reverse("officer_correct", args=[officer.pk])
    form = cast.client("staff").get(path).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields if name != "seen"}
    shown["seen"] = json.dumps(form["seen"].initial)
    return text_of(cast.client("staff").post(path, shown | typed, follow=True))


def test_a_misspelt_name_is_corrected_and_the_history_keeps_neither(cast: Cast) -> None:
    officer = cast.shirasagi.officers.get()
    assert "髙柳 誠さんの登録を訂正しました。" in correct(cast, officer, name="髙柳 誠", email="makoto@chair.example")
    officer.refresh_from_db()
    assert (officer.name, officer.email) == ("髙柳 誠", "makoto@chair.example")
    [event] = history.of(officer)
    assert event.account == cast.capacities["staff"].account
    assert (event.detail["changes"], event.detail["fields"]) == ({}, ["name", "email"])
    told = text_of(cast.client("staff").get(reverse("organisation", args=[cast.shirasagi.pk])))
    assert "役員の登録を訂正" in told and "氏名： 訂正" in told


def test_days_are_corrected(cast: Cast) -> None:
    officer = cast.shirasagi.officers.get()
    correct(cast, officer, since="2024-05-26", until="2030-05-25")
    officer.refresh_from_db()
    assert (officer.since, officer.until) == (dt.date(2024, 5, 26), dt.date(2030, 5, 25))
    told = text_of(cast.client("staff").get(reverse("organisation", args=[cast.shirasagi.pk])))
    assert "就任： R6.6.1 → R6.5.26" in told and "退任： なし → R12.5.25" in told


def test_correcting_nothing_records_nothing(cast: Cast) -> None:
    officer = cast.shirasagi.officers.get()
    assert "何も変えていません" in correct(cast, officer)
    assert not history.of(officer).exists()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"until": "2024-05-31"}, "就任日より前"),
        ({"name": "\u200b"}, "目に見える文字がありません"),
        ({"email": "x@y\nBcc: z"}, "改行や空白"),
        ({"since": "令和8年2月29日"}, "日付"),
    ],
)
def test_what_cannot_be_corrected_is_refused_with_the_reason(cast: Cast, typed: dict[str, str], told: str) -> None:
    officer = cast.shirasagi.officers.get()
    assert told in correct(cast, officer, **typed)
    assert not history.of(officer).exists()


def test_a_term_does_not_reach_into_that_of_another(cast: Cast) -> None:
    first = cast.shirasagi.officers.get()
    new(cast)
    assert "𠮷田 﨑子さんの任期と重なります" in correct(cast, first, until="")
    first.refresh_from_db()
    assert first.until == dt.date(2026, 5, 31)


def test_a_name_is_corrected_though_terms_overlap_already(cast: Cast) -> None:
    first = cast.shirasagi.officers.get()
    cast.shirasagi.officers.create(office=Office.CHAIR, name="𠮷田 﨑子", since=SINCE)
    correct(cast, first, name="髙柳 誠")
    first.refresh_from_db()
    assert first.name == "髙柳 誠"


def test_of_two_who_correct_at_once_the_second_is_asked_to_look(cast: Cast) -> None:
    officer = cast.shirasagi.officers.get()
    seen = {"name": "髙栁 誠"}
    offices.correct(officer.pk, {"name": "髙柳 誠"}, seen, actor(cast))
    with pytest.raises(offices.CorrectedMeanwhile):
        offices.correct(officer.pk, {"name": "高柳 誠"}, seen, actor(cast))
    assert "ほかの人がこの役員の登録を直しました" in correct(cast, officer, seen=json.dumps(seen))


def test_a_corrected_address_of_a_chair_is_asked_for_no_more(cast: Cast) -> None:
    task = addresses.report(cast.shirasagi, "email", "takayanagi@chair.example", "宛先がありません", suspend=True)
    correct(cast, cast.shirasagi.officers.get(), email="makoto@chair.example")
    task.refresh_from_db()
    assert task.closed_at


def test_only_staff_correct(cast: Cast) -> None:
    path = reverse("officer_correct", args=[cast.shirasagi.officers.get().pk])
    for who in ("chair", "other_chair", "pharmacy"):
        assert cast.client(who).get(path).status_code == 404
        assert cast.client(who).post(path, {"name": "別の人"}).status_code == 404


# Signing in as the chair ----------------------------------------------------------------------------------------------


def chairs(cast: Cast) -> dict[str, tuple[dt.date, dt.date | None]]:
    """Who signs in as the district's chair from when to when (the first day without)."""
    found = cast.shirasagi.capacities.filter(role="chair").select_related("account")
    return {
        one.account.email: (
            timezone.localdate(one.since),
            timezone.localdate(one.ended_at) if one.ended_at else None,
        )
        for one in found
    }


def test_the_form_says_what_becomes_of_signing_in(cast: Cast) -> None:
    page = text_of(cast.client("staff").get(reverse("officer_new", args=[cast.shirasagi.pk])))
    assert "この人がサインインできるようにする" in page
    assert "前の会長は、就任日から、地区会長としてはサインインできなくなります" in page
    officer = cast.shirasagi.officers.get()
    page = text_of(cast.client("staff").get(reverse("officer", args=[officer.pk])))
    assert "退任日の翌日から、地区会長としてはサインインできなくなります" in page


def test_a_new_chair_signs_in_from_the_first_day_and_the_one_before_until_then(cast: Cast) -> None:
    today = timezone.localdate()
    since = today + dt.timedelta(days=9)
    told = new(cast, since=since.isoformat(), signs_in="on")
    assert "yoshida@chair.example を招待しました" in told
    begun = timezone.localdate(cast.capacities["chair"].since)
    assert chairs(cast) == {"chair@shuchi.example": (begun, since), "yoshida@chair.example": (since, None)}
    assert cast.client("chair").get(reverse("notices:district")).status_code == 200
    assert "から使えます" in mail.outbox[0].body


def test_a_chair_in_office_already_signs_in_at_once_and_the_one_before_no_more(cast: Cast) -> None:
    new(cast, since=timezone.localdate().isoformat(), signs_in="on")
    assert cast.client("chair").get(reverse("notices:district")).status_code == 404
    client = Client()
    type_mailed_code(client, "yoshida@chair.example")
    assert client.get(reverse("notices:district")).status_code == 200


def test_without_the_tick_nobody_new_signs_in(cast: Cast) -> None:
    new(cast, since=timezone.localdate().isoformat())
    assert list(chairs(cast)) == ["chair@shuchi.example"] and mail.outbox == []


def test_a_chair_who_is_elected_again_goes_on_signing_in(cast: Cast) -> None:
    elected = {"name": "髙栁 誠", "email": "chair@shuchi.example", "since": timezone.localdate().isoformat()}
    told = new(cast, **elected, signs_in="on")
    assert "すでに白鷺の会長としてサインインできます" in told
    assert cast.client("chair").get(reverse("notices:district")).status_code == 200


def test_an_address_of_somebody_elses_account_is_asked_about_before_anything_is_changed(cast: Cast) -> None:
    typed = {"email": "pharmacy@shuchi.example", "since": timezone.localdate().isoformat(), "signs_in": "on"}
    told = new(cast, **typed)
    assert "さん（白鷺中央薬局・薬局）のアカウントです" in told and "まだ何も変えていません" in told
    assert not Officer.objects.filter(name="𠮷田 﨑子").exists()
    new(cast, **typed, same_person=cast.capacities["pharmacy"].account_id)
    assert "pharmacy@shuchi.example" in chairs(cast)


def test_who_leaves_signs_in_on_the_last_day_and_not_after(cast: Cast) -> None:
    officer = cast.shirasagi.officers.get()
    last = timezone.localdate()
    cast.client("staff").post(reverse("officer", args=[officer.pk]), {"until": last.isoformat()})
    assert chairs(cast)["chair@shuchi.example"][1] == last + dt.timedelta(days=1)
    assert cast.client("chair").get(reverse("notices:district")).status_code == 200


@pytest.mark.parametrize(
    ("typed", "told"),
    [({"office": "secretariat"}, "会長だけです"), ({"email": ""}, "メールアドレスが要ります")],
)
def test_signing_in_is_for_a_chair_with_an_address(cast: Cast, typed: dict[str, str], told: str) -> None:
    assert told in new(cast, signs_in="on", **typed)
    assert not Officer.objects.filter(name="𠮷田 﨑子").exists()


def test_a_term_that_is_ended_by_a_correction_ends_the_chairs_sign_in(cast: Cast) -> None:
    officer = cast.shirasagi.officers.get()
    Officer.objects.filter(pk=officer.pk).update(email="chair@shuchi.example")
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    correct(cast, officer, until=str(yesterday))
    assert not cast.capacities["chair"].__class__.objects.current().filter(pk=cast.capacities["chair"].pk).exists()
    correct(cast, officer, until="")
    assert cast.capacities["chair"].__class__.objects.current().filter(pk=cast.capacities["chair"].pk).exists()


def test_a_full_width_address_is_suggested_in_half_width_and_then_taken(cast: Cast) -> None:
    officer = cast.shirasagi.officers.get()
    path = reverse("officer_correct", args=[officer.pk])
    form = cast.client("staff").get(path).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields if name != "seen"}
    shown |= {"seen": json.dumps(form["seen"].initial), "email": "ｔ＠ｍａｉｌ．ｅｘａｍｐｌｅ"}
    assert cast.client("staff").post(path, shown).context["form"]["email"].value() == "t@mail.example"


def test_a_term_does_not_end_after_the_next_one_began(cast: Cast) -> None:
    officer = cast.shirasagi.officers.get()
    tomorrow, later = (timezone.localdate() + dt.timedelta(days=days) for days in (1, 30))
    offices.take(cast.shirasagi.pk, Office.CHAIR, "後任 会長", "", tomorrow, actor(cast))
    path = reverse("officer", args=[officer.pk])
    told = text_of(cast.client("staff").post(path, {"until": str(later)}))
    assert "後任 会長さんの任期と重なります。まだ何も変えていません。" in told
    officer.refresh_from_db()
    assert officer.until == timezone.localdate()


def test_a_day_that_cannot_be_meant_is_refused(cast: Cast) -> None:
    typed = {"office": "chair", "name": "後任 会長", "since": "0001-01-01"}
    told = text_of(cast.client("staff").post(reverse("officer_new", args=[cast.shirasagi.pk]), typed))
    assert "1900年より前の日付です" in told
