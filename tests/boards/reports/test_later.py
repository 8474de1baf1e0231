"""What was corrected, withdrawn or made known again, in the reports: as it was at their moment."""

import datetime as dt

import pytest
from django.utils import timezone

from members import history
from members.wareki import fiscal_year
from notices import succession
from notices.boards.reports import document, sheet
from notices.boards.reports.year import YearFigures
from notices.distribution import steering
from notices.models import Delivery, Receipt, Relation, Release
from notices.procedures import carry_over
from notices.procedures import report as reporting
from tests.cast import Cast

NOW = timezone.now()


def ago(days: float) -> dt.datetime:
    return NOW - dt.timedelta(days=days)


def out(cast: Cast, days: float, subject: str) -> Release:
    """A notice that went out so many days ago."""
    release = cast.released(subject)
    at = ago(days)
    Release.objects.filter(pk=release.pk).update(released_at=at, released_on=timezone.localdate(NOW))
    Delivery.objects.filter(release=release).update(made_at=at)
    return Release.objects.get(pk=release.pk)


@pytest.fixture
def again(cast: Cast) -> Release:
    """Five days ago a notice whose first pharmacy confirmed; two days ago its 再周知 to the other five."""
    old = out(cast, 5, "先の通知")
    first = Receipt.objects.filter(release=old, organisation=cast.pharmacies[0])
    first.update(confirmed_at=ago(4), confirmed_via="personal")
    new = out(cast, 2, "先の通知（再周知）")
    new.deliveries.filter(receipt__organisation=cast.pharmacies[0]).delete()
    new.receipts.filter(organisation=cast.pharmacies[0]).delete()
    Relation.objects.create(source=new.notice, kind=Relation.Kind.FOLLOWS_UP, target=old.notice)
    carry_over.carry_over(new, new.receipts.all(), cast.actor("staff"))
    return Release.objects.get(pk=new.pk)


def report(moment: dt.datetime) -> YearFigures:
    return reporting.of_year(fiscal_year(timezone.localdate(NOW)), moment)


def said(moment: dt.datetime) -> tuple:
    """状態 of each row, and the sum of all: notices, pharmacies, confirmed."""
    found = report(moment)
    total = found.sums[-1]
    states = [row.by.state if row.by else "" for row in found.rows]
    return states, total.notices, total.counts.recipients, total.counts.confirmed


def test_whoever_was_asked_again_counts_once_as_long_as_the_repeat_stands(cast: Cast, again: Release):
    before, since, late = ([""], 1, 6, 1), (["再周知済", ""], 2, 6, 1), ago(0.5)
    assert [said(ago(3)), said(ago(1))] == [before, since]
    with history.dated(ago(0.9)):
        Release.objects.filter(pk=again.pk).update(state="sending")
        steering.stop(again.pk, cast.actor("staff"))
    assert said(late) == (["", ""], 2, 11, 1), "a stopped one takes nobody's place"
    cast.supersede(again, out(cast, 0.1, "廃止"), Relation.Kind.WITHDRAWS)
    assert said(NOW) == (["", "廃止済", ""], 2, 12, 1)
    assert [said(ago(3)), said(ago(1)), said(late)[1:]] == [before, since, (2, 11, 1)], "as it was then"


def test_the_reports_say_what_stood_in_the_place_of_a_notice(cast: Cast, again: Release):
    old = again.repeats
    found = reporting.of_notice(old, ago(1))
    words = f"{again.notice.number_text} で再周知しました。5 薬局は、この通知ではなく、再周知で答えます。"
    assert words in document.notice_html(found, "", for_above=True)
    assert reporting.of_notice(old, ago(3)).by is None
    listed = sheet.of_year(report(ago(1)))
    assert [row[listed.heading.index("状態")] for row in listed.rows][:2] == ["再周知済", ""]
    cast.supersede(old, out(cast, 0.2, "訂正"))
    assert "により訂正されました。" in document.notice_html(reporting.of_notice(old, NOW), "", for_above=True)


def test_a_correction_that_was_withdrawn_is_said_alike_on_every_page(cast: Cast):
    """Of the moment before, the report says what was true then."""
    old = out(cast, 5, "先の通知")
    corrected = out(cast, 3, "（訂正）先の通知")
    cast.supersede(old, corrected)
    cast.supersede(corrected, out(cast, 1, "廃止について"), Relation.Kind.WITHDRAWS)
    states = {at: [row.by.state if row.by else "" for row in report(at).rows] for at in (ago(2), NOW)}
    assert states == {ago(2): ["訂正済", ""], NOW: ["廃止済", "廃止済", ""]}
    assert succession.successor(old.notice_id).state == "廃止済"
    assert "により廃止されました。" in document.notice_html(reporting.of_notice(old, NOW), "", for_above=True)


def test_what_was_withdrawn_stays_so_when_its_withdrawal_is_corrected(cast: Cast):
    old, withdrawal = out(cast, 5, "先の通知"), out(cast, 3, "廃止について")
    cast.supersede(old, withdrawal, Relation.Kind.WITHDRAWS)
    cast.supersede(withdrawal, out(cast, 1, "（訂正）廃止について"))
    assert [succession.successor(each.notice_id).state for each in (old, withdrawal)] == ["廃止済", "訂正済"]
    assert [row.by.state if row.by else "" for row in report(NOW).rows] == ["廃止済", "訂正済", ""]
