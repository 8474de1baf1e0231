"""Document numbers: one above the highest known, never one twice, each 年度 from 1."""

import datetime as dt
import threading

import pytest
from django.db import connection, connections, transaction

from members.history import NOBODY
from notices.letters import composing, numbering
from notices.models import DocumentNumber, Notice, Packet, Relation

AUTUMN = dt.date(2024, 10, 30)


@pytest.fixture
def draft(cast):
    return composing.draft_own("在宅患者の残薬調整について", NOBODY)


def number_of(association, text: str, series: str, year: int, serial: int) -> Notice:
    notice = Notice.objects.create(state=Notice.State.RECEIVED, subject=f"{text}の文書", date=dt.date(year, 10, 1))
    DocumentNumber.objects.create(
        notice=notice, issuer=association, text=text, series=series, fiscal_year=year, serial=serial
    )
    return notice


def test_the_first_letter_of_a_year_is_number_one(cast):
    assert numbering.expected(cast.association, AUTUMN).text == "6福薬業発第1号"


def test_the_next_number_is_one_above_the_highest_known(cast):
    number_of(cast.association, "6福薬業発第303号", "福薬業発", 2024, 303)
    number_of(cast.association, "6福薬業発第337号", "福薬業発", 2024, 337)
    assert numbering.expected(cast.association, AUTUMN).text == "6福薬業発第338号"


def test_a_packet_that_waits_to_be_registered_counts(cast):
    serials = {"福岡県薬剤師会": 337, "日本薬剤師会": 900}
    letters = [
        {"numbers": [f"6福薬業発第{serial}号"], "issuers": [{"organisation": name}]} for name, serial in serials.items()
    ]
    Packet.objects.create(fingerprint="a", receipt_number="1", text="…", reading={"letters": letters})
    assert numbering.expected(cast.association, AUTUMN).text == "6福薬業発第338号"


def test_a_number_that_a_letter_cites_counts(cast, draft):
    Relation.objects.create(source=draft, kind="cites", cited_number="6福薬業発第303号")
    Relation.objects.create(source=draft, kind="cites", cited_number="5福薬業発第800号")
    assert numbering.expected(cast.association, AUTUMN).text == "6福薬業発第304号"


def test_a_misprint_does_not_move_the_series(cast, draft):
    """What others cite does not count, nor what no number comes after; what lies far ahead is asked about."""
    number_of(cast.association, "6福薬業発第9999999号", "福薬業発", 2024, 9_999_999)
    number_of(cast.association, "6福薬業発第303号", "福薬業発", 2024, 303)
    others = Notice.objects.create(state=Notice.State.RECEIVED, subject="日本薬剤師会の文書")
    Relation.objects.create(source=others, kind="cites", cited_number="6福薬業発第3060号")
    Relation.objects.create(source=draft, kind="cites", cited_number="6福薬業発第9999999号")
    assert numbering.expected(cast.association, AUTUMN).text == "6福薬業発第304号"
    assert not numbering.leaps(draft, AUTUMN)
    Relation.objects.create(source=draft, kind="cites", cited_number="6福薬業発第330号")
    assert numbering.expected(cast.association, AUTUMN).text == "6福薬業発第331号"
    assert numbering.leaps(draft, AUTUMN)


def test_a_series_begins_again_on_the_first_of_april(cast):
    number_of(cast.association, "6福薬業発第337号", "福薬業発", 2024, 337)
    assert numbering.expected(cast.association, dt.date(2025, 3, 31)).text == "6福薬業発第338号"
    assert numbering.expected(cast.association, dt.date(2025, 4, 1)).text == "7福薬業発第1号"


def test_the_series_is_the_setting_or_the_one_in_use(cast, settings):
    number_of(cast.association, "6県薬発第12号", "県薬発", 2024, 12)
    assert numbering.expected(cast.association, AUTUMN).text == "6県薬発第13号"
    settings.NOTICE_SERIES = "福薬発"
    assert numbering.expected(cast.association, AUTUMN).text == "6福薬発第1号"


def test_a_number_typed_by_hand_is_kept_whatever_the_next_one_is(cast, draft):
    numbering.claim(draft, cast.association, "６福薬業発第５００号", AUTUMN)
    assert draft.number_text == "6福薬業発第500号"
    with transaction.atomic():
        assert numbering.reserve(draft, AUTUMN, NOBODY).serial == 500


def test_a_number_already_used_is_refused_and_shows_the_first(cast, draft):
    first = number_of(cast.association, "6福薬業発第303号", "福薬業発", 2024, 303)
    with pytest.raises(numbering.NumberTaken) as taken:
        numbering.claim(draft, cast.association, "6 福薬業発第 3 0 3 号", AUTUMN)
    assert taken.value.line.notice == first
    assert draft.number_text == ""


def test_the_same_serial_of_another_year_is_free(cast, draft):
    number_of(cast.association, "5福薬業発第303号", "福薬業発", 2023, 303)
    assert numbering.claim(draft, cast.association, "6福薬業発第303号", AUTUMN).fiscal_year == 2024


@pytest.mark.parametrize("text", ["福薬業発第号", "三百三十七", "昭和35年法律第145号"])
def test_what_is_no_number_is_refused(cast, draft, text):
    with pytest.raises(numbering.NotANumber):
        numbering.claim(draft, cast.association, text, AUTUMN)


def test_a_number_of_another_year_is_refused(cast, draft):
    with pytest.raises(numbering.NumberOfAnotherYear):
        numbering.claim(draft, cast.association, "7福薬業発第1号", AUTUMN)


def test_a_letter_of_a_packet_without_a_number_gets_none(cast, draft):
    draft.number_fixed = True
    with transaction.atomic():
        assert numbering.reserve(draft, AUTUMN, NOBODY) is None


@pytest.mark.django_db(transaction=True)
def test_approvals_at_the_same_time_get_different_numbers(cast):
    drafts = [composing.draft_own(f"同時の決裁 {index}", NOBODY) for index in range(6)]
    together = threading.Barrier(len(drafts))

    def reserve(draft: Notice) -> None:
        together.wait()
        try:
            with transaction.atomic():
                numbering.reserve(draft, AUTUMN, NOBODY)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=reserve, args=[draft]) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(DocumentNumber.objects.values_list("serial", flat=True)) == [1, 2, 3, 4, 5, 6]
    connection.close()
