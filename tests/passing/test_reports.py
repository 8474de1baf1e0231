"""Reports of a notice that goes through the districts: whom it is for, and who waits for the letter of the district."""

import datetime as dt

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone

from members import history
from members.models import Organisation
from members.roster import editing
from members.wareki import fiscal_year
from notices.boards.reports import document, sheet
from notices.distribution import recipients
from notices.models import Release
from notices.models.receipt import Via
from notices.procedures import report
from notices.tracking import confirming
from tests.boards.reading import rows, text_of
from tests.boards.reading import sheet as listed
from tests.distribution.test_superseding import corrected
from tests.passing.conftest import Way
from tests.passing.test_following_up import released


def untold(release: Release, moment: dt.datetime | None = None) -> dict[int, int]:
    """What a report of the moment, else of now, says by district."""
    districts = report.of_notice(Release.objects.get(pk=release.pk), moment or timezone.now()).districts
    keys = dict(Organisation.objects.districts().values_list("short_name", "pk"))
    return {keys[one.name]: one.counts.untold for one in districts if one.counts.untold}


def untold_today(release: Release) -> dict[int, int]:
    """What the board of this moment says."""
    found: dict[int, int] = {}
    for parent in recipients.untold(release).values_list("parent", flat=True):
        found[parent] = found.get(parent, 0) + 1
    return found


@pytest.fixture
def partly(way: Way) -> Way:
    """白鷺 passed it on, and one of its three has confirmed; the three of 髙尾台 wait."""
    way.let_days_pass(5)
    way.release.refresh_from_db()
    letter = way.pass_on(number="白薬発第12号")
    confirming.confirm(letter.receipts.first().pk, actor=way.actor("staff"), via=Via.TELEPHONE)
    return way


def test_the_report_is_about_all_whom_the_notice_is_for_and_names_who_waits(partly: Way):
    found = report.of_notice(partly.release, timezone.now())
    assert (found.counts.concerned, found.counts.recipients, found.counts.untold) == (6, 3, 3)
    assert [(one.name, one.counts.concerned, one.counts.untold) for one in found.districts] == [
        ("白鷺", 3, 0),
        ("髙尾台", 3, 3),
    ]
    assert found.way[-1].document == "確認 1 / 6", "half is half of all"
    staff = partly.cast.client("staff")
    board = staff.get(reverse("notices:notice", args=[partly.release.notice_id])).context
    assert (board["concerned"], board["untold"]) == (found.counts.concerned, found.counts.untold)
    assert board["tally"].confirmed_rate == found.counts.confirmed_rate
    assert board["answer_days"] == found.days


def test_page_pdfs_and_files_say_the_same(partly: Way):
    staff, key = partly.cast.client("staff"), partly.release.notice_id
    page = text_of(staff.get(reverse("notices:notice_report", args=[key])))
    assert "対象薬局 6" in page and "地区の文書待ち 3 50.0% 髙尾台 3" in page
    found = report.of_notice(partly.release, timezone.now())
    for for_above in (False, True):
        pdf = pypdfium2.PdfDocument(document.notice_pdf(found, "", for_above=for_above))
        text = "".join(sheet.get_textpage().get_text_range() for sheet in pdf)
        assert "地区の文書待ち" in text and "髙尾台 3" in text and "文書待ち 3" in text
        assert "確認率＝確認÷（対象薬局－地区の文書を待つ薬局）" in text.replace("\r\n", "")
    whole, first, second, *_ = listed(staff.get(reverse("notices:notice_report_csv", args=[key])))
    assert [(row["薬局"], row["未確認"], row["地区の文書待ち"]) for row in (whole, first, second)] == [
        ("6", "2", "3"),
        ("3", "2", "0"),
        ("3", "0", "3"),
    ]
    year = staff.get(reverse("notices:year_report"))
    assert "6 うち地区待ち 3" in rows(year)[0]
    row, *sums = listed(staff.get(reverse("notices:year_report_csv")))
    assert {(each["薬局"], each["地区の文書待ち"]) for each in (row, *sums)} == {("6", "3")}


def test_what_goes_to_the_pharmacies_itself_keeps_the_list_and_the_digest_of_its_reports(partly: Way):
    direct = partly.cast.released("薬局に直接")
    assert sheet.UNTOLD not in sheet.of_notice(report.of_notice(direct, timezone.now())).heading
    assert sheet.UNTOLD in sheet.of_notice(report.of_notice(partly.release, timezone.now())).heading


def test_who_waited_at_a_moment_is_said_later_as_well_whatever_the_roster_says_by_then(partly: Way):
    release, cast = partly.release, partly.cast
    moment = timezone.now() - dt.timedelta(days=2)
    assert untold(release, moment) == {each.pk: 3 for each in cast.districts}, "no letter was out yet"
    now = timezone.now()
    proof = sheet.digest(sheet.of_notice(report.of_notice(release, now)))
    year = sheet.digest(sheet.of_year(report.of_year(fiscal_year(release.released_on), now)))

    def change(pharmacy: Organisation, **values: object) -> None:
        editing.change(pharmacy.pk, values, editing.state_of(pharmacy), cast.actor("staff"))

    moved, left, _ = cast.pharmacies[3:]
    change(moved, parent=cast.shirasagi)
    change(left, left_on=timezone.localdate())
    joined = Organisation.objects.create(kind="pharmacy", name="あとから来た薬局", parent=cast.takaodai)
    history.record("organisation.added", joined, organisation=joined, changes={})
    partly.pass_on("other_chair")
    assert untold(release) == untold_today(release) == {cast.shirasagi.pk: 1}
    assert untold(release, now) == {cast.takaodai.pk: 3}
    assert sheet.digest(sheet.of_notice(report.of_notice(release, now))) == proof
    assert sheet.digest(sheet.of_year(report.of_year(fiscal_year(release.released_on), now))) == year


def test_members_whom_staff_have_told_do_not_wait(way: Way):
    way.let_days_pass(8)
    way.step_in(way.cast.takaodai)
    way.release.refresh_from_db()
    assert untold(way.release) == untold_today(way.release) == {way.cast.shirasagi.pk: 3}
    before = timezone.now() - dt.timedelta(days=1)
    assert sum(untold(way.release, before).values()) == 6


@pytest.mark.parametrize("scope", ["districts", "tags"])
def test_it_is_for_whom_staff_chose(way: Way, scope: str):
    release = way.release
    Release.objects.filter(pk=release.pk).update(scope=scope)
    release.refresh_from_db()
    release.districts.add(way.cast.takaodai)
    release.tags.add(*way.cast.pharmacies[0].tags.all())
    found = untold(release)
    assert found == untold_today(release)
    assert sum(found.values()) == {"districts": 3, "tags": 2}[scope]


def test_of_a_correction_and_of_a_repeat_those_wait_whom_the_board_counts(partly: Way):
    again = released(partly.release, partly.cast)
    assert again.through_districts
    assert untold(again) == untold_today(again)
    year = report.of_year(fiscal_year(again.released_on), timezone.now())
    old, new = year.rows
    assert (old.counts.concerned, new.counts.concerned, year.sums[-1].counts.concerned) == (6, 6, 6)


def test_of_a_correction_those_wait_who_have_the_old_letter_or_none(partly: Way):
    new = corrected(partly.release, partly.cast)
    assert untold(new) == untold_today(new)
    assert sum(untold(new).values()) == 6
    old = report.of_notice(partly.release, timezone.now())
    page = text_of(partly.cast.client("staff").get(reverse("notices:notice_report", args=[partly.release.notice_id])))
    assert old.counts.untold == 3 and "地区から届かず 3" in page and "地区の文書待ち" not in page
