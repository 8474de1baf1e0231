"""The figures of a report as of a moment, and that they are the same whenever they are asked for."""

import datetime as dt
import io
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.utils import timezone

from members import sheets
from members.sheets import Kind
from members.wareki import fiscal_year
from notices.boards import progress
from notices.boards.reports import certificate, figures, sheet
from notices.boards.reports.counts import Counts, Days, Sending
from notices.boards.reports.figures import Figures
from notices.distribution import fax_returned
from notices.distribution.bounces import settling
from notices.distribution.bounces.failure import Failure
from notices.distribution.bounces.failure import Kind as Says
from notices.distribution.bounces.reading import Bounce
from notices.models import Delivery, OnBehalf, Release
from notices.models.receipt import Via
from notices.procedures import report as reporting
from notices.tracking import confirming, helping, on_behalf, setup
from tests.boards.reports.conftest import SAID, Week
from tests.cast import Cast
from tests.district_letters import letter, to_districts


def csv_of(list_of_figures: sheets.Sheet) -> bytes:
    file = io.BytesIO()
    sheets.write(list_of_figures, Kind.CSV, file)
    return file.getvalue()


def test_the_figures_of_a_notice_are_those_of_the_moment(week: Week):
    found = reporting.of_notice(week.release, week.day(4))
    assert found.counts == Counts(
        recipients=6,
        confirmed=3,
        confirmed_on_behalf=1,
        finished=1,
        not_applicable=1,
        not_applicable_on_behalf=1,
        late=1,
        overdue=3,
    )
    assert (found.counts.confirmed_rate, found.counts.finished_rate) == (0.5, 0.2)
    assert found.sending == Sending(sent=6)
    assert found.days == Days(2.0, 3.0, None)
    assert (found.accepted, found.passed_on, found.asking) == (1, 1, 1)
    first, second = found.districts
    assert (first.name, first.counts.confirmed, first.passed_on_at) == ("白鷺", 3, week.day(0.5))
    assert (second.name, second.counts.recipients, second.accepted_at) == ("髙尾台", 3, None)
    assert [day.confirmed for day in found.curve] == [0, 1, 2, 3, 3]
    assert [day.finished for day in found.curve] == [0, 1, 1, 1, 1]
    assert [stop.document for stop in found.way][-2:] == ["受領 1 / 2", "確認 3 / 6"]
    assert found.way[-1].date == timezone.localdate(week.day(3))
    assert reporting.of_notice(week.release, week.day(1.5)).counts.confirmed == 1
    with pytest.raises(figures.NotReleasedYet):
        reporting.of_notice(week.release, week.day(-1))


def test_a_report_of_now_says_what_the_board_says(week: Week):
    found, tally = reporting.of_notice(week.release, timezone.now()).counts, progress.totals(week.release).pharmacies
    for name in ("recipients", "confirmed", "finished", "not_applicable", "not_applicable_on_behalf", "unconfirmed"):
        assert getattr(found, name) == getattr(tally, name)
    assert found.confirmed_on_behalf == tally.on_behalf


def test_a_report_of_an_earlier_moment_stays_the_same_to_the_byte(week: Week):
    release, moment = week.release, week.day(4)
    fax = week.receipt(5).deliveries.get()
    Delivery.objects.filter(pk=fax.pk).update(channel="fax", state=Delivery.State.OTHER, settled_at=None)
    of_year = fiscal_year(release.released_on)

    def reports() -> tuple[Figures, bytes, bytes, list[str]]:
        return (
            reporting.of_notice(Release.objects.get(pk=release.pk), moment),
            csv_of(sheet.of_notice(reporting.of_notice(release, moment))),
            csv_of(sheet.of_year(reporting.of_year(of_year, moment))),
            [certificate.digest(certificate.of_receipt(week.receipt(number), moment)) for number in range(6)],
        )

    before = reports()
    assert before[0].sending == Sending(sent=5, other=1)

    # 完了 is taken back and declared anew, 対象外 on behalf undone with its confirmation, one more answers.
    setup.reopen(week.receipt(0).pk, **SAID)
    setup.mark_not_applicable(week.receipt(0).pk, "端末を使わない", **SAID)
    setup.mark_applicable(week.receipt(0).pk, **SAID)
    setup.finish(week.receipt(0).pk, **SAID)
    on_behalf.undo(OnBehalf.objects.get().pk, actor=week.cast.actor("staff"))
    confirming.confirm(week.receipt(3).pk, **SAID)
    setup.reopen(week.cast.receipt(release, week.cast.shirasagi).pk, actor=week.cast.actor("chair"), via=Via.SIGNED_IN)
    helping.close(week.receipt(2).help_requests.get().pk, **SAID)
    # A mail comes back, and a FAX.
    mail = week.receipt(4).deliveries.get()
    failure = Failure(mail.address, Says.PERMANENT, True, "5.1.1", "550 5.1.1 No such user")
    host = urlsplit(settings.SITE_URL).hostname
    settling.apply(Bounce(Says.PERMANENT, (failure,), message_ids=((mail.message_key.hex, host),)))
    fax_returned.note(fax.pk, "busy", week.cast.actor("staff"))

    now = reporting.of_notice(Release.objects.get(pk=release.pk), timezone.now())
    assert (now.counts.confirmed, now.counts.not_applicable, now.passed_on, now.asking) == (3, 0, 0, 0)
    assert now.sending.failed == 2
    after = reports()
    assert after[0] == before[0]
    assert after[1] == before[1]
    assert after[2] == before[2]
    assert after[3] == before[3]
    assert sheet.digest(sheet.of_notice(after[0])) == sheet.digest(sheet.of_notice(before[0]))
    assert sheet.digest(sheet.of_notice(after[0])) != sheet.digest(sheet.of_notice(now))


def test_where_districts_pass_it_on_a_report_counts_who_had_it_by_its_moment(cast: Cast):
    release = to_districts(cast, "地区を通す通知")
    now, today = timezone.now(), timezone.localdate()
    begun, between = now - dt.timedelta(days=5), now - dt.timedelta(days=2)
    dated = {"released_on": timezone.localdate(begun), "released_at": begun}
    Release.objects.filter(pk=release.pk).update(**dated, deadline=today + dt.timedelta(days=5))
    Delivery.objects.filter(release=release).update(made_at=begun, settled_at=begun)
    release.refresh_from_db()

    def told(moment: dt.datetime) -> tuple[Counts, str]:
        found = reporting.of_notice(release, moment)
        [row] = reporting.of_year(fiscal_year(release.released_on), moment).rows
        assert row.counts == found.counts
        return found.counts, sheet.digest(sheet.of_notice(found))

    earlier = told(between)
    out = letter(cast, release, cast.shirasagi, "白鷺地区の文書")
    added = cast.receive(release, cast.pharmacies[-1])  # staff step in
    entries = certificate.of_year(added.organisation, fiscal_year(release.released_on), between).entries
    assert (told(between), entries) == (earlier, [])
    assert told(timezone.now())[0].recipients == 4
    # The deadline of the letter counts for those who have the letter.
    Release.objects.filter(pk=out.pk).update(**dated, deadline=today - dt.timedelta(days=1))
    counted, _ = told(timezone.now())
    assert (counted.recipients, counted.overdue) == (4, 3)
