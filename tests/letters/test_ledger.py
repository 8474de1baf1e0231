"""文書番号簿: every number of the association once, with what it is of; no hole goes unseen."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.history import Actor
from members.models import Event
from notices import docnumber
from notices.letters import composing, ledger, numbering
from notices.letters.ledger import Use
from notices.models import DocumentNumber, Notice, Relation
from notices.search import index as search
from tests.boards.reading import rows, sheet, text_of
from tests.cast import Cast

DAY = dt.date(2026, 10, 1)
YEAR = 2026


@pytest.fixture
def staff(cast: Cast) -> Actor:
    return Actor(cast.capacities["staff"].account, cast.capacities["staff"])


def numbered(cast: Cast, serial: int, year: int = YEAR) -> Notice:
    notice = cast.draft(f"第{serial}号の件")
    text = f"{year - 2018}福薬業発第{serial}号"
    DocumentNumber.objects.create(
        notice=notice, issuer=cast.association, text=text, series="福薬業発", fiscal_year=year, serial=serial
    )
    return notice


def told(found: list[ledger.Entry]) -> list[tuple[Use, int, int]]:
    return [(entry.use, entry.serial, entry.last) for entry in found]


def test_every_number_stands_in_it_once_and_holes_are_seen(cast: Cast, staff: Actor) -> None:
    numbered(cast, 4)
    numbered(cast, 7)
    ledger.enter("8福薬業発第5号", staff, dated=DAY, subject="委嘱状")
    ledger.enter("8福薬業発第9号", staff, dated=DAY, void_reason="決裁のあとで取りやめ")
    assert told(ledger.entries("福薬業発", YEAR)) == [
        (Use.VOID, 9, 9),
        (Use.MISSING, 8, 8),
        (Use.DRAFT, 7, 7),
        (Use.MISSING, 6, 6),
        (Use.OUTSIDE, 5, 5),
        (Use.DRAFT, 4, 4),
        (Use.MISSING, 1, 3),
    ]


def test_a_branch_number_is_one_letter_by_whatever_way_it_comes(cast: Cast, staff: Actor) -> None:
    """第12号の2 is another letter than 第12号, and is in the ledger once."""
    drafts = [composing.draft_own(subject, staff) for subject in ("残薬調整について", "その追補")]
    numbering.claim(drafts[0], cast.association, "福薬業発第12号", DAY)
    number = numbering.claim(drafts[1], cast.association, "福薬業発第12号の2", DAY)
    known = docnumber.identity("8福薬業発第12号の2", DAY)
    assert (number.series, number.fiscal_year, number.serial) == (known.series, known.fiscal_year, known.serial)
    with pytest.raises(numbering.NumberTaken):
        ledger.enter("8福薬業発第12号の2", staff, dated=DAY, subject="同じ番号")
    assert told(ledger.entries(known.series, YEAR)) == [(Use.DRAFT, 12, 12)], "no hole below it"


@pytest.mark.parametrize("said", [{"subject": "委嘱状"}, {"void_reason": "書き損じ"}])
def test_a_number_without_a_letter_here_is_not_given_again(cast: Cast, staff: Actor, said: dict[str, str]) -> None:
    line = ledger.enter("８福薬業発第３３８号", staff, dated=DAY, **said)
    assert numbering.expected(cast.association, DAY).serial == 339
    with transaction.atomic(), pytest.raises(numbering.NumberTaken) as taken:
        numbering.claim(cast.draft(), cast.association, "8福薬業発第338号", DAY)
    assert taken.value.line == line
    with pytest.raises(numbering.NumberTaken):
        ledger.enter("福薬業発第338号", staff, dated=DAY, subject="ほかの文書")


def test_a_number_of_another_year_is_refused(cast: Cast, staff: Actor) -> None:
    with pytest.raises(numbering.NumberOfAnotherYear):
        ledger.enter("7福薬業発第12号", staff, dated=DAY, subject="委嘱状")
    ledger.enter("7福薬業発第12号", staff, dated=dt.date(2026, 3, 31), subject="委嘱状")
    ledger.enter("8福薬業発第12号", staff, dated=dt.date(2026, 4, 1), subject="委嘱状")
    assert [len(ledger.entries("福薬業発", year)) for year in (2025, 2026)] == [2, 2]


def test_a_letter_that_arrives_later_takes_its_line(cast: Cast, staff: Actor) -> None:
    line = ledger.enter("8福薬業発第5号", staff, dated=DAY, subject="委嘱状")
    notice = cast.draft()
    DocumentNumber.objects.give(
        notice, cast.association, text="8福薬業発第5号", series="福薬業発", fiscal_year=YEAR, serial=5
    )
    line.refresh_from_db()
    assert (line.notice, line.subject, line.dated) == (notice, "", None)


@pytest.mark.parametrize("said", [{}, {"subject": "委嘱状", "void_reason": "書き損じ"}])
def test_the_database_keeps_no_number_without_a_reason_or_with_two(cast: Cast, said: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentNumber.objects.create(
            issuer=cast.association, text="8福薬業発第5号", series="福薬業発", fiscal_year=YEAR, serial=5, **said
        )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(serials=st.sets(st.integers(1, 40)))
def test_the_ledger_has_each_number_up_to_the_highest_exactly_once(cast: Cast, serials: set[int]) -> None:
    with transaction.atomic():
        for serial in serials:
            numbered(cast, serial)
        found = ledger.entries("福薬業発", YEAR)
        transaction.set_rollback(True)
    listed = [number for entry in found for number in range(entry.last, entry.serial - 1, -1)]
    assert listed == list(range(max(serials, default=0), 0, -1))
    assert {entry.serial for entry in found if entry.use is Use.DRAFT} == serials


# Pages ----------------------------------------------------------------------------------------------------------------


def test_staff_enter_correct_and_take_back_a_line(cast: Cast) -> None:
    client = cast.client("staff")
    typed = {"number": "８福薬業発第１号", "use": "outside", "dated": "令和8年10月1日", "words": "委嘱状"}
    shown = client.post(reverse("notices:ledger_new"), typed, follow=True)
    assert "8福薬業発第1号を文書番号簿に記入しました" in text_of(shown)
    assert rows(shown)[0][:3] == ["8福薬業発第1号", "R8.10.1", "委嘱状 直す"]
    line = DocumentNumber.objects.get(notice=None)
    typed = {"use": "void", "dated": "", "words": "委嘱を取りやめた"}
    shown = client.post(reverse("notices:ledger_line", args=[line.pk]), typed, follow=True)
    assert "欠番" in rows(shown)[0][3]
    shown = client.post(reverse("notices:ledger_remove", args=[line.pk]), follow=True)
    assert "この年度の番号は、まだありません" in text_of(shown)
    assert list(Event.objects.filter(verb__startswith="number.").order_by("pk").values_list("verb", flat=True)) == [
        "number.entered",
        "number.corrected",
        "number.removed",
    ]


def test_who_enters_a_number_that_moves_the_series_is_told_before(cast: Cast, staff: Actor) -> None:
    numbered(cast, 4)
    client, there = cast.client("staff"), reverse("notices:ledger_new")
    typed = {"number": "第四百号", "use": "outside", "dated": "令和8年10月1日", "words": "委嘱状"}
    answer = client.post(there, typed)
    assert "この年度の次の番号は8福薬業発第401号になります" in text_of(answer)
    assert not DocumentNumber.objects.filter(notice=None).exists()
    assert "Told" not in text_of(answer)
    told = answer.context["form"]["told"].value()
    assert "8福薬業発第400号を文書番号簿に記入しました" in text_of(
        client.post(there, typed | {"told": told}, follow=True)
    )
    assert numbering.expected(cast.association, DAY).serial == 401
    for other in ({"number": "8福薬業発第3号"}, {"number": "8福薬業発第401号"}, {"number": "8福薬総発第90号"}):
        assert "記入しました" in text_of(client.post(there, typed | other, follow=True)), other


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"number": "7福薬業発第400号"}, "令和8年度の番号ではない"),
        ({"dated": "令和7年10月1日"}, "令和7年度の番号ではない"),
        ({"words": ""}, "件名、または欠番の理由"),
    ],
)
def test_what_can_never_be_right_is_refused_before_anything_is_asked(
    cast: Cast, wrong: dict[str, str], said: str
) -> None:
    typed = {"number": "8福薬業発第400号", "use": "outside", "dated": "令和8年10月1日", "words": "委嘱状"}
    page = text_of(cast.client("staff").post(reverse("notices:ledger_new"), typed | wrong))
    assert said in page and "直していただきたい" in page
    assert "よければ、もう一度" not in page
    assert not DocumentNumber.objects.filter(notice=None).exists()


def test_a_number_that_is_taken_is_refused_before_anything_is_asked(cast: Cast) -> None:
    numbered(cast, 4)
    taken = numbered(cast, 9, YEAR - 1)
    typed = {"number": "7福薬業発第9号", "use": "outside", "dated": "令和7年10月1日", "words": "委嘱状"}
    page = text_of(cast.client("staff").post(reverse("notices:ledger_new"), typed))
    assert "すでに使われています" in page and taken.subject in page and "よければ" not in page


@pytest.mark.parametrize(
    "text", ["福薬業発第三百三十九号", "八福薬業発第三百三十九号", "第三百三十九号", "8福薬業発第339号"]
)
def test_a_number_of_the_usual_series_is_kept_with_its_year(cast: Cast, staff: Actor, text: str) -> None:
    line = ledger.enter(text, staff, dated=DAY, subject="委嘱状")
    assert (line.text, line.series, line.fiscal_year) == ("8福薬業発第339号", "福薬業発", YEAR)
    branch = ledger.enter("福薬業発第339号の2", staff, dated=DAY, subject="追補")
    assert (branch.text, branch.series) == ("8福薬業発第339号の2", "福薬業発の2")


@pytest.mark.parametrize("pressed", ["correct", "remove"])
def test_a_line_that_a_letter_has_taken_in_this_moment_is_left_alone(
    cast: Cast, staff: Actor, monkeypatch: pytest.MonkeyPatch, pressed: str
) -> None:
    line = ledger.enter("8福薬業発第3号", staff, dated=DAY, subject="委嘱状")
    notice, press = cast.draft("委嘱状"), getattr(ledger, pressed)

    def a_moment_later(*args: object, **said: object) -> None:
        DocumentNumber.objects.filter(pk=line.pk).update(notice=notice, subject="", dated=None)
        press(*args, **said)

    monkeypatch.setattr(ledger, pressed, a_moment_later)
    name = {"correct": "notices:ledger_line", "remove": "notices:ledger_remove"}[pressed]
    typed = {"use": "void", "dated": "", "words": "取りやめた"}
    shown = cast.client("staff").post(reverse(name, args=[line.pk]), typed, follow=True)
    assert "8福薬業発第3号の記入は変えていません。" in text_of(shown)
    assert DocumentNumber.objects.get(pk=line.pk).notice == notice


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"number": "事務連絡"}, "文書番号として読めません"),
        ({"number": "7福薬業発第3号"}, "日付を確かめてください"),
        ({"number": "8福薬業発第4号"}, "すでに使われています"),
        ({"dated": "令和8年2月30日"}, "2月"),
        ({"dated": ""}, "必須"),
        ({"words": ""}, "必須"),
    ],
)
def test_what_cannot_stand_in_the_ledger_is_refused(cast: Cast, typed: dict[str, str], words: str) -> None:
    numbered(cast, 4)
    usual = {"number": "8福薬業発第3号", "use": "outside", "dated": "R8.10.1", "words": "委嘱状"}
    shown = text_of(cast.client("staff").post(reverse("notices:ledger_new"), usual | typed))
    assert words in shown or "入力してください" in shown
    assert not DocumentNumber.objects.filter(notice=None).exists()


def test_the_ledger_is_searched_in_any_width_and_saved(cast: Cast, staff: Actor) -> None:
    numbered(cast, 4)
    ledger.enter("8福薬業発第12号", staff, dated=DAY, subject="髙木氏の委嘱状")
    client = cast.client("staff")

    def found(searched: str) -> list[str]:
        shown = client.get(reverse("notices:ledger"), {"year": YEAR, "q": searched})
        return [row[0].split()[0] for row in rows(shown)]

    assert found("第１２号") == found("高木") == found("８福薬業発第12号") == ["8福薬業発第12号"]
    assert found("6") == ["8福薬業発第5号"], "a hole is found by each of its numbers"
    saved = sheet(client.get(reverse("notices:ledger"), {"year": YEAR, "format": "csv"}))
    assert [line["状態"] for line in saved] == ["サイト外", "記録なし", "下書き", "記録なし"]


def test_numbers_entered_by_hand_are_found_from_every_page_in_every_writing(cast: Cast, staff: Actor) -> None:
    ledger.enter("8福薬業発第337号", staff, dated=DAY, subject="髙木氏の委嘱状")
    ledger.enter("8福薬業発第12号", staff, dated=DAY, void_reason="決裁のあとで取りやめ")
    client = cast.client("staff")
    for written in ("８福薬業発第３３７号", "337号", "三百三十七号", "8-337", "福薬業発337", "高木 委嘱状", "10月1日"):
        page = client.get(reverse("notices:search"), {"q": written})
        assert [line.text for line, _ in page.context["numbers"]] == ["8福薬業発第337号"], written
        assert "サイト外" in text_of(page)
        archive = text_of(client.get(reverse("notices:notices"), {"q": written}))
        assert "文書番号簿に記入した番号にも 1 件あります" in archive, written
    [(line, there)] = client.get(reverse("notices:search"), {"q": "取りやめ"}).context["numbers"]
    assert line.text in text_of(client.get(there))
    assert "文書番号簿に記入した番号" not in text_of(client.get(reverse("notices:search"), {"q": "・"}))
    assert "髙木氏" in text_of(client.get(reverse("notices:ledger"), {"year": YEAR, "q": "三百三十七号"}))


def test_wherever_a_notice_is_listed_what_stands_in_its_place_is_told(cast: Cast) -> None:
    """In the ledger and its file, in what a search finds, and among what another notice cites."""
    old, new, citing = (cast.released(f"{each}についての通知") for each in ("古い件", "新しい件", "別の件"))
    Relation.objects.create(source=citing.notice, kind="cites", target=old.notice)
    cast.supersede(old, new)
    search.renew(old.notice_id)
    client = cast.client("staff")
    in_ledger = client.get(reverse("notices:ledger"), {"year": 2024})
    assert text_of(in_ledger).count("訂正済") == 1
    saved = sheet(client.get(reverse("notices:ledger"), {"year": 2024, "format": "csv"}))
    assert [line["状態"] for line in saved] == ["発出済", "発出済", "発出済・訂正済", "記録なし"]
    assert "訂正済" in text_of(client.get(reverse("notices:search"), {"q": "古い件"}))
    assert "訂正済" in text_of(client.get(reverse("notices:notice", args=[citing.notice_id])))


def test_a_draft_that_is_given_up_leaves_a_hole_that_is_seen(cast: Cast, staff: Actor) -> None:
    numbered(cast, 1)
    given_up = numbered(cast, 2)
    numbered(cast, 3)
    composing.discard(given_up.pk, staff)
    assert told(ledger.entries("福薬業発", YEAR))[1] == (Use.MISSING, 2, 2)
