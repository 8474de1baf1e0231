"""The boards of a notice that went through the districts: everything once, by district, with the days of each hop."""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from members.wareki import fiscal_year
from notices.boards import chain, course, halts, passing, progress, today
from notices.models import Receipt, Release, StepTick
from notices.models.receipt import Reach, Via
from notices.procedures import report as reporting
from notices.tracking import confirming, setup
from tests.boards.reading import text_of
from tests.passing.conftest import Way

SAID = {"via": Via.TELEPHONE}


@pytest.fixture
def partly(way: Way) -> Way:
    """白鷺 passed it on eight days later, and one of its pharmacies finished; staff told the members of 髙尾台."""
    way.let_days_pass(8)
    way.pass_on(number="白薬発第12号")
    way.step_in(way.cast.takaodai)
    by = {"actor": way.actor("staff"), "via": Via.TELEPHONE}
    own = Receipt.objects.get(release__passes_on=way.release, organisation=way.cast.pharmacies[0])
    setup.finish(own.pk, **by)
    confirming.confirm(way.receipt(way.cast.pharmacies[3]).pk, **by)
    way.release.refresh_from_db()
    return way


def test_a_report_counts_what_the_board_counts(partly: Way):
    now = timezone.now()
    (row,) = reporting.of_year(fiscal_year(partly.release.released_on), now).rows
    assert row.release == partly.release
    report = reporting.of_notice(partly.release, now)
    assert course.of_now(partly.release, report.counts.recipients, now) == report.course
    for found in (reporting.of_notice(partly.release, now).counts, row.counts):
        assert (found.recipients, found.confirmed, found.finished) == (6, 2, 1)


def reconciles(tally: progress.Tally) -> bool:
    return tally.recipients == sum((tally.sent, tally.waiting, tally.other_channel, tally.failed, tally.stopped))


def test_own_receipts_and_those_of_the_letters_are_added_up(partly: Way):
    totals = progress.totals(partly.release)
    assert (totals.pharmacies.recipients, totals.pharmacies.confirmed, totals.pharmacies.finished) == (6, 2, 1)
    assert (totals.districts.recipients, totals.districts.finished) == (2, 1)
    assert reconciles(totals.pharmacies)
    assert totals.pharmacies.waiting == Receipt.objects.filter(audience="pharmacy", reach=Reach.WAITING).count() == 6
    rows = progress.by_district(partly.release)
    assert [(row.tally.recipients, row.tally.confirmed) for row in rows] == [(3, 1), (3, 1)]
    assert all(reconciles(row.tally) for row in rows)
    for district, row in zip(partly.cast.districts, rows, strict=True):
        assert progress.of_district(partly.release, district) == row.tally
    letter = Release.objects.get(passes_on=partly.release)
    by_release = progress.by_release([partly.release.pk, letter.pk])
    assert by_release[partly.release.pk] == progress.totals(partly.release).pharmacies
    assert by_release[letter.pk] == progress.sent_by(letter).pharmacies


def test_each_hop_tells_its_days_in_its_district_and_in_the_chain(partly: Way):
    shirasagi, takaodai = (each.pk for each in partly.cast.districts)
    found = passing.by_district(partly.release, timezone.now())
    letter = Release.objects.get(passes_on=partly.release)
    assert (found[shirasagi].letter, found[shirasagi].days, found[shirasagi].told) == (letter.notice_id, 8, False)
    assert (found[takaodai].letter, found[takaodai].told, found[takaodai].held_up) == (None, True, False)
    stops = {stop.organisation: stop for stop in chain.stops(partly.release.notice)}
    assert stops["福岡県薬剤師会"].gap_days == 8
    assert stops["地区薬剤師会"].document == "会員に発出 1 / 2"
    assert stops["会員薬局"].document == "確認 2 / 6"
    assert [stop.organisation for stop in chain.letters(letter.notice)] == [
        "福岡県薬剤師会",
        partly.cast.shirasagi.name,
    ]


def test_the_steps_of_all_letters_are_one_list(partly: Way):
    receipt = Receipt.objects.get(release__passes_on=partly.release, organisation=partly.cast.pharmacies[1])
    by = {"actor": partly.actor("staff"), "via": Via.TELEPHONE}
    confirming.confirm(receipt.pk, **by)
    first, second = [step for step in receipt.release.notice.steps.all() if step.group == "pc"][:2]
    setup.tick(receipt.pk, first.pk, **by)
    assert StepTick.objects.count() == 1
    titles = {halt.title: halt.receipts for halt in halts.of(partly.release)}
    assert titles == {"まだ始めていない": 1, second.title: 1}


def test_totals_on_the_command_line_hold_the_letters(partly: Way, capsys: pytest.CaptureFixture[str]):
    call_command("totals", partly.release.notice.number_text, "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["pharmacies"]["recipients"] == 6
    assert sum(found["messages"].values()) == 8
    call_command("totals", "--json")
    assert len(json.loads(capsys.readouterr().out)) == 1, "a letter counts with the notice that it passes on"
    call_command("totals", "白薬発第12号", "--json")
    assert json.loads(capsys.readouterr().out)["pharmacies"]["recipients"] == 3


def test_right_after_the_release_staff_wait_for_the_districts(way: Way):
    board = reverse("notices:notice", args=[way.release.notice_id])
    page = text_of(way.cast.client("staff").get(board))
    assert "対象 6 薬局・2 地区 （うち 6 薬局は地区の文書待ち）" in page
    assert "次の一手：2 地区の文書を待つ" in page
    assert "6 薬局には、地区が会員に送ると届きます。" in page
    assert "することはありません" not in page


def test_half_of_the_pharmacies_is_half_of_all_that_it_concerns(way: Way):
    letter = way.pass_on()
    two = [receipt.pk for receipt in letter.receipts.all()[:2]]
    Receipt.objects.filter(pk__in=two).update(confirmed_at=timezone.now(), confirmed_via=Via.TELEPHONE)
    page = way.cast.client("staff").get(reverse("notices:notice", args=[way.release.notice_id]))
    *_, pharmacies = page.context["stops"]
    assert (pharmacies.document, page.context["summary"].days) == ("確認 2 / 6", None)
    assert page.context["answer_days"].quarter is not None
    assert page.context["answer_days"].half is None
    assert page.context["other_moves"][-1][0].heading == "1 地区の文書を待つ"


def test_what_is_held_up_stands_on_the_board_and_on_todays_page(way: Way):
    staff = way.cast.client("staff")
    board = reverse("notices:notice", args=[way.release.notice_id])
    assert "滞り" not in text_of(staff.get(board))
    way.let_days_pass(8)
    assert "地区の文書を待っている 6 薬局 があります。" in text_of(staff.get(board)), "nobody is told that all have it"
    assert "すべての薬局へ送りました" not in text_of(staff.get(board))
    way.pass_on("other_chair")
    [late] = today.held_up(timezone.now())
    assert (late.release, late.districts, late.days) == (way.release, [way.cast.shirasagi.label], 8)
    page = text_of(staff.get(board))
    assert "滞っている 1 地区に働きかける" in page
    assert "滞り 8日 県から送る" in page
    page = text_of(staff.get(reverse("notices:today")))
    assert "地区で滞っている通知" in page
    assert way.cast.shirasagi.label in page


def test_the_board_of_the_notice_names_its_letters_once(partly: Way):
    staff = partly.cast.client("staff")
    page = staff.get(reverse("notices:notice", args=[partly.release.notice_id]))
    letter = Release.objects.get(passes_on=partly.release)
    assert page.content.decode().count(reverse("notices:notice", args=[letter.notice_id])) == 1
    assert "県から直接" in text_of(page)
    own = staff.get(reverse("notices:notice", args=[letter.notice_id]))
    assert own.context["tally"].recipients == 3
    assert "対象 3 薬局 " in text_of(own) and "0 地区" not in text_of(own)
    assert "宛先 地区を選ぶ：白鷺 " in text_of(own)
    listed = staff.get(reverse("notices:notices"))
    assert letter.notice_id not in [row.record.pk for row in listed.context["table"].rows]
    found = [one.notice.pk for one in staff.get("/notices/?q=白薬発").context["shown"]]
    assert found == [letter.notice_id]
    found = [one.notice.pk for one in staff.get(f"/notices/?q={letter.notice.subject}").context["shown"]]
    assert found == [partly.release.notice_id, letter.notice_id], "the notice before the letters that pass it on"


def test_until_a_district_has_passed_it_on_its_list_says_so_and_the_releases_count_districts(way: Way):
    district = text_of(way.cast.client("chair").get(reverse("notices:district")))
    assert "まだ伝えていません" in district
    releases = text_of(way.cast.client("staff").get(reverse("notices:releases")))
    assert f"{Receipt.objects.districts().filter(release=way.release).count()} 地区" in releases
    way.pass_on(number="白薬発第12号")
    assert "まだ伝えていません" not in text_of(way.cast.client("chair").get(reverse("notices:district")))
