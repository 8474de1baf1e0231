"""Whatever is done to the history past the site is found, and told in words."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from members.models import Event, Seal
from members.seals import sealing
from members.seals.verifying import Fault, Kind, verify
from tests.cast import Cast
from tests.members.seals.conftest import DAY, FIRST, happens
from tests.members.seals.tampering import as_json, edit, insert, remove, reseal, unseal


def verifyhistory(*arguments: str) -> tuple[int, str]:
    """Exit code, and what it says."""
    out = StringIO()
    try:
        call_command("verifyhistory", *arguments, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_a_history_as_it_was_sealed_is_told_to_be_whole(days: list[list[int]], cast: Cast):
    happens(cast, times=2)
    code, said = verifyhistory("--seal", str(Seal.objects.first()))
    assert code == 0
    assert "合っています：封 3 号分、記録 9 件。" in said
    assert "控えの封 1 号分も、この記録のものです。" in said
    assert "最後の封：第3号（2026-11-03）。" in said
    assert "まだ封のない記録：2 件" in said


def test_without_any_seal_that_is_said(cast: Cast):
    code, said = verifyhistory()
    assert code == 0 and "封は、まだ 1 号もありません。" in said


@pytest.mark.parametrize(
    "change",
    [
        {"verb": "receipt.finished"},
        {"at": "2026-10-30 05:05:00+00:00"},
        {"account_id": None},
        {"capacity_id": None},
        {"organisation_id": None},
        {"subject_kind": "receipt"},
        {"subject_id": 4711},
        {"detail": as_json(changes={"name": ["髙", "髙"]})},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_event_that_was_changed_is_named_with_its_day(middle: Event, change: dict[str, object]):
    edit(middle.pk, **change)
    assert verify().faults == [Fault(Kind.EVENTS, 2, FIRST + DAY, changed=[middle.pk])]
    code, said = verifyhistory()
    assert code == 1
    assert "2026-11-02 の封（第2号）が、記録と合いません。" in said
    assert "書き換えられた記録：1 件" in said and str(middle.pk) in said


def test_an_event_that_was_removed_is_named(middle: Event):
    remove(middle.pk)
    assert verify().faults == [Fault(Kind.EVENTS, 2, FIRST + DAY, removed=[middle.pk])]
    code, said = verifyhistory()
    assert code == 1 and "消された記録：1 件" in said


def test_an_event_that_was_put_in_afterwards_is_named(middle: Event):
    remove(middle.pk)
    reseal(1, 2, 3)
    insert(middle.pk, like=middle.pk - 1)
    assert verify().faults == [Fault(Kind.EVENTS, 2, FIRST + DAY, added=[middle.pk])]
    code, said = verifyhistory()
    assert code == 1 and "あとから加えられた記録：1 件" in said


@pytest.mark.parametrize("place", [0, -7])
def test_an_event_below_the_first_is_found(days: list[list[int]], place: int):
    insert(place, like=days[0][0])
    assert verify().faults == [Fault(Kind.EVENTS, 1, FIRST, added=[place])]


def test_a_day_that_was_sealed_anew_breaks_the_chain(middle: Event):
    edit(middle.pk, verb="receipt.finished")
    reseal(2)
    assert verify().faults == [Fault(Kind.SEAL, 3, FIRST + 2 * DAY)]
    code, said = verifyhistory()
    assert code == 1 and "この封か、一つ前の封が書き換えられています" in said


def test_a_whole_chain_that_was_sealed_anew_is_exposed_by_a_seal_kept_elsewhere(middle: Event):
    mailed = {seal.number: str(seal) for seal in Seal.objects.all()}
    edit(middle.pk, verb="receipt.finished")
    reseal(1, 2, 3)
    assert verifyhistory()[0] == 0
    assert verifyhistory("--seal", mailed[1])[0] == 0, "what lies before was not touched"
    for number in (2, 3):
        code, said = verifyhistory("--seal", mailed[number])
        assert code == 1 and f"控えの封 第{number}号が、データベースの封と違います" in said


@pytest.mark.parametrize("number", [1, 2])
def test_a_seal_that_was_removed_is_missed_and_its_events_are_still_compared(days: list[list[int]], number: int):
    unseal(number)
    edit(days[2][0], verb="receipt.finished")
    assert verify().faults == [
        Fault(Kind.MISSING, number),
        Fault(Kind.EVENTS, 3, FIRST + 2 * DAY, changed=[days[2][0]]),
    ]
    code, said = verifyhistory()
    assert code == 1 and f"第{number}号の封がありません" in said


def test_the_last_seals_that_were_removed_are_exposed_by_a_seal_kept_elsewhere(days: list[list[int]]):
    kept = str(Seal.objects.latest())
    unseal(3)
    assert "まだ封のない記録：3 件" in verifyhistory()[1]
    assert verifyhistory("--seal", kept)[0] == 1


def test_the_same_is_printed_as_json(middle: Event):
    edit(middle.pk, verb="receipt.finished")
    code, said = verifyhistory("--json", "--seal", f"9-{'0' * 64}")
    found = json.loads(said)
    assert code == 1 and found["intact"] is False and (found["seals"], found["events"]) == (3, 9)
    assert found["latest"] == {"seal": str(Seal.objects.latest()), "day": "2026-11-03"}
    first, second = found["faults"]
    assert (first["kind"], first["seal"], first["day"], first["changed"]) == ("events", 2, "2026-11-02", [middle.pk])
    assert (second["kind"], second["seal"]) == ("given", 9)


def test_a_seal_is_understood_as_a_mail_program_broke_it(days: list[list[int]]):
    kept = str(Seal.objects.first())
    assert verifyhistory("--seal", f" {kept[:40]}\n{kept[40:].upper()} ")[0] == 0


@pytest.mark.parametrize("text", ["", "12", "3fa9", f"1-{'0' * 63}"])
def test_what_is_no_seal_is_refused_with_the_reason(days: list[list[int]], text: str):
    with pytest.raises(CommandError, match="封ではありません"):
        verifyhistory("--seal", text)


def test_seals_that_stopped_are_noticed(cast: Cast):
    sealing.seal(timezone.localdate() - 5 * DAY)
    assert "5 日前から封がされていません" in verifyhistory()[1]
    sealing.seal_yesterday()
    assert "封がされていません" not in verifyhistory()[1]
