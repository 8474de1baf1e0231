"""Deadlines as calendar files: whole days with an alarm the morning before, and nothing that opens without sign-in."""

import datetime as dt

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event

from notices.models import Release
from notices.tracking import confirming
from tests.cast import Cast
from tests.tracking.conftest import BY_HAND, text

SOON, LATER = (timezone.localdate() + dt.timedelta(days=days) for days in (5, 9))


def events(answer) -> list[Event]:
    """What a calendar program finds in the file."""
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = answer.content.split(b"\r\n")
    assert lines.pop() == b"" and max(map(len, lines)) <= 75  # RFC 5545, section 3.1
    return Calendar.from_ical(answer.content).events


def subjects(client: Client, name: str) -> list[str]:
    return [str(each["SUMMARY"]) for each in events(client.get(reverse(f"notices:{name}")))]


def test_a_pharmacy_and_its_chair_save_the_deadlines_of_what_is_open(cast: Cast) -> None:
    pharmacy, chair = cast.client("pharmacy"), cast.client("chair")
    for client, place in ((pharmacy, "own"), (chair, "district")):
        assert client.get(reverse(f"notices:{place}_calendar"))["Location"] == reverse(f"notices:{place}")
        assert "カレンダー" not in text(client.get(reverse(f"notices:{place}")))
    what = {"what": "届出様式を確かめ、\nファイルに綴じる; 別記, 参照", "who": "管理薬剤師"}
    set_up = cast.released("後の通知", deadline=LATER, ask=Release.Ask.SET_UP, **what)
    first = cast.released("先の通知", deadline=SOON)
    cast.released("期限のない通知")
    cast.released("知らせるだけの通知", ask=Release.Ask.INFORM)
    done = cast.released("済んだ通知", deadline=SOON)
    old, new = cast.released("訂正された通知", deadline=SOON), cast.released("訂正")
    cast.supersede(old, new)
    confirming.confirm(cast.receipt(done, cast.pharmacies[0]).pk, **BY_HAND)
    confirming.confirm(cast.receipt(set_up, cast.pharmacies[0]).pk, **BY_HAND)  # and not finished
    confirming.confirm(cast.receipt(done, cast.shirasagi).pk, **BY_HAND)  # its members have not
    named = [f"【期限】{each.notice.subject}（{each.notice.number_text}）" for each in (first, done, set_up)]
    assert subjects(pharmacy, "own_calendar") == [named[0], named[2]]
    assert subjects(chair, "district_calendar") == named
    for client, place in ((pharmacy, "own"), (chair, "district")):
        assert reverse(f"notices:{place}_calendar") in text(client.get(reverse(f"notices:{place}")))
    receipt = cast.receipt(set_up, cast.pharmacies[0])
    page = reverse("notices:own_receipt", args=[receipt.pk])
    saved = [pharmacy.get(reverse("notices:own_receipt_calendar", args=[receipt.pk])) for _ in range(2)]
    assert saved[0].content == saved[1].content
    [event] = events(saved[0])
    assert event.start == LATER and event.end == LATER + dt.timedelta(days=1)
    assert not isinstance(event.start, dt.datetime)
    assert event["UID"] == f"receipt-{receipt.pk}@localhost"
    assert event["URL"] == f"http://localhost:8000{page}"
    assert what["what"] in event["DESCRIPTION"] and "管理薬剤師" in event["DESCRIPTION"]
    assert [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")] == [dt.timedelta(hours=-15)]
    for answer in (*saved, chair.get(reverse("notices:district_calendar"))):
        held = answer.content.replace(b"\r\n ", b"").decode()
        for hidden in ("/n/", "@mail", cast.pharmacies[0].name, cast.pharmacies[1].name, "德丸"):
            assert hidden not in held
    assert reverse("notices:own_receipt_calendar", args=[receipt.pk]) in text(pharmacy.get(page))
    own = cast.receipt(set_up, cast.shirasagi).pk
    assert len(events(chair.get(reverse("notices:district_receipt_calendar", args=[own])))) == 1
    for who, name, key in (("neighbour", "own", receipt.pk), ("other_chair", "district", own)):
        assert cast.client(who).get(reverse(f"notices:{name}_receipt_calendar", args=[key])).status_code == 404
    without = cast.receipt(new, cast.pharmacies[0]).pk
    assert pharmacy.get(reverse("notices:own_receipt_calendar", args=[without])).status_code == 404
