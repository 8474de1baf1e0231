"""Who is reminded of what: only who is asked, was reached and has not answered, and never on a day of rest."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from members import addresses
from members.history import NOBODY
from members.models import Organisation
from members.models.organisation import Channel
from notices.distribution.reminders import days, due, plans
from notices.models import Delivery, HelpRequest, Mention, Receipt, Release
from notices.models.receipt import Reach, Via
from notices.procedures import remind
from notices.tracking import helping, setup
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.district_letters import letter, to_districts
from tests.reminders.conftest import at, confirm, issued, replan, sent

MONDAY = dt.date(2026, 11, 2)
DEADLINE = dt.date(2026, 11, 30)  # a Monday, too


def asking(cast: Cast, **more: object) -> Release:
    return issued(cast, MONDAY, deadline=DEADLINE, **more)


def due_names(moment: dt.datetime) -> list[str]:
    return sorted(digest.recipient.organisation.name for digest in due.due(moment))


def everybody(cast: Cast) -> list[str]:
    return sorted(each.name for each in [*cast.districts, *cast.pharmacies])


# The days -------------------------------------------------------------------------------------------------------------


def test_the_usual_plan_comes_with_the_release_and_moves_to_working_days(cast: Cast):
    release = asking(cast)
    found = days.planned(release, plans.choice_of(plans.of(release)).days)
    assert [(each.day.isoformat(), each.offset) for each in found] == [
        ("2026-11-24", -7),  # the 23rd is 勤労感謝の日
        ("2026-11-27", -3),
        ("2026-11-30", 0),
        ("2026-12-03", 3),
        ("2026-12-07", 7),
    ]
    assert found[0].moved_from == "11月23日は勤労感謝の日"


def test_days_that_fall_together_are_one_and_none_is_before_the_release(cast: Cast):
    release = issued(cast, dt.date(2026, 12, 24), deadline=dt.date(2026, 12, 30))
    found = days.planned(release, (-7, -3, 0, 1, 3, 7))
    assert [(each.day.isoformat(), each.offset) for each in found] == [
        ("2026-12-28", -3),  # the 27th is a Sunday; the 23rd was before the release
        ("2027-01-04", 3),  # as are 30 and 31 December and 2 January
        ("2027-01-06", 7),
    ]


def test_without_a_deadline_days_are_counted_from_the_release_and_an_oshirase_has_none(cast: Cast):
    release = issued(cast, MONDAY)
    assert [each.day.day for each in days.planned(release, (7, 14, 21))] == [9, 16, 24]
    assert plans.of(issued(cast, MONDAY, ask=Release.Ask.INFORM)) is None
    with pytest.raises(plans.CannotPlan):
        plans.change(issued(cast, MONDAY, ask=Release.Ask.INFORM).pk, plans.usual(release), NOBODY)


def test_it_is_due_on_its_day_from_its_hour_on_within_the_hours_of_sending(cast: Cast, settings):
    asking(cast)
    assert due_names(at(DEADLINE, 8, 59)) == []
    assert due_names(at(DEADLINE, 9)) == everybody(cast)
    assert due_names(at(DEADLINE, 23)) == everybody(cast)
    assert due_names(at(dt.date(2026, 11, 23))) == []  # 祝日
    assert due_names(at(dt.date(2026, 11, 25))) == []  # no day of the plan
    settings.SENDING_HOURS = (dt.time(10), dt.time(18))
    assert [due_names(at(DEADLINE, hour)) == [] for hour in (9, 10, 18)] == [True, False, True]


def test_a_plan_that_cannot_be_counted_stops_no_other(cast: Cast, caplog, settings):
    asking(cast)
    far = asking(cast, subject="年を誤った通知")
    Release.objects.filter(pk=far.pk).update(deadline=dt.date.max)
    assert due_names(at(DEADLINE)) == everybody(cast)
    assert cast.client("staff").get(reverse("notices:release_reminders", args=[far.pk])).status_code == 200
    # Its last days fall into months of rest.
    settings.CLOSED_DAYS = (((12, 2), (3, 1)),)
    assert due_names(at(DEADLINE)) == []
    assert "cannot be counted" in caplog.text


# The recipients -------------------------------------------------------------------------------------------------------


def test_each_who_must_not_be_reminded_is_left_out_with_the_reason(cast: Cast):
    release = asking(cast)
    confirmed, asks, failed, waits, stopped, gone = (cast.receipt(release, each) for each in cast.pharmacies)
    confirm(confirmed)
    helping.ask(asks.pk, None, "画面が違います", actor=NOBODY, via=Via.PERSONAL)
    Delivery.objects.filter(receipt=failed).update(state="failed")
    Receipt.objects.filter(pk=failed.pk).update(reach=Reach.FAILED)
    Delivery.objects.create(receipt=waits, purpose="again", channel="email", address="x@mail.example")
    plans.stop_for(stopped, cast.actor("staff"))
    Organisation.objects.filter(pk=gone.organisation_id).update(left_on=MONDAY)
    Receipt.objects.districts().filter(release=release, organisation=cast.takaodai).update(reach=Reach.OTHER)
    reasons = {each.receipt.organisation_id: each.left_out for each in due.waiting(release, DEADLINE)}
    assert confirmed.organisation_id not in reasons
    assert [reasons[each.organisation_id] for each in (asks, failed, waits, stopped, gone)] == [
        due.HELP, due.UNREACHED, due.UNDER_WAY, due.STOPPED, due.LEFT,
    ]  # fmt: skip
    assert reasons[cast.takaodai.pk] == due.BY_HAND
    assert due_names(at(DEADLINE)) == [cast.shirasagi.name]
    HelpRequest.objects.update(closed_at=timezone.now())
    assert asks.organisation.name in due_names(at(DEADLINE))
    plans.resume_for(stopped, cast.actor("staff"))
    assert stopped.organisation.name in due_names(at(DEADLINE))


def test_who_has_confirmed_is_reminded_of_the_set_up_until_it_is_finished_or_does_not_apply(cast: Cast):
    release = asking(cast, ask=Release.Ask.SET_UP)
    first, second, third, *_ = (cast.receipt(release, each) for each in cast.pharmacies)
    for receipt in (first, second, third):
        confirm(receipt)
    setup.finish(first.pk, actor=NOBODY, via=Via.PERSONAL)
    setup.mark_not_applicable(second.pk, "端末を使わない", actor=NOBODY, via=Via.PERSONAL)
    left = due_names(at(DEADLINE))
    assert first.organisation.name not in left
    assert second.organisation.name not in left
    assert third.organisation.name in left


def test_an_address_that_reaches_nobody_is_not_written_to_again(cast: Cast):
    release = asking(cast)
    pharmacy = cast.pharmacies[0]
    mailbox = pharmacy.mailboxes.get()
    addresses.report(pharmacy, "email", mailbox.address, "受信箱がいっぱいです", suspend=False)
    assert pharmacy.name not in due_names(at(DEADLINE))
    pharmacy.mailboxes.create(address="second@mail.example")
    remind.remind(at(DEADLINE))
    receipt = cast.receipt(release, pharmacy)
    assert [each.address for each in receipt.deliveries.filter(purpose="reminder")] == ["second@mail.example"]


def test_nobody_is_reminded_while_a_release_rests_or_after_something_superseded_it(cast: Cast):
    release = asking(cast)
    for state in (Release.State.PAUSED, Release.State.STOPPED):
        Release.objects.filter(pk=release.pk).update(state=state)
        assert due_names(at(DEADLINE)) == []
    Release.objects.filter(pk=release.pk).update(state=Release.State.SENT)
    plans.stop(release.pk, cast.actor("staff"))
    assert due_names(at(DEADLINE)) == []
    plans.resume(release.pk, cast.actor("staff"))
    assert due_names(at(DEADLINE)) == everybody(cast)
    correction = issued(cast, MONDAY, "訂正", plan=False)
    cast.supersede(release, correction)
    assert due_names(at(DEADLINE)) == []
    with pytest.raises(plans.CannotPlan):
        plans.resume(release.pk, cast.actor("staff"))


def test_members_of_a_district_that_passed_it_on_are_reminded_by_the_associations_plan(cast: Cast):
    release = to_districts(cast, "地区を通す通知")
    Release.objects.filter(pk=release.pk).update(released_on=MONDAY, deadline=DEADLINE)
    plans.begin(Release.objects.get(pk=release.pk))
    assert due_names(at(DEADLINE)) == sorted(each.name for each in cast.districts)
    out = letter(cast, release, cast.shirasagi, "白鷺地区の文書")
    Release.objects.filter(pk=out.pk).update(released_on=MONDAY, deadline=DEADLINE - dt.timedelta(days=3))
    own = release.receipts.get(organisation=cast.shirasagi)
    Receipt.objects.filter(pk=own.pk).update(
        confirmed_at=timezone.now(), confirmed_via="signed_in", finished_at=timezone.now(), finished_via="signed_in"
    )
    expected = sorted([*(each.name for each in cast.pharmacies[:3]), cast.takaodai.name])
    assert due_names(at(DEADLINE - dt.timedelta(days=3))) == expected
    with pytest.raises(plans.CannotPlan):
        plans.change(out.pk, plans.usual(release), cast.actor("staff"))


def test_who_is_left_out_is_not_loaded_again_each_minute(cast: Cast, django_assert_max_num_queries):
    release = asking(cast)
    replan(release, -3, 0, most=1)
    remind.remind(at(DEADLINE - dt.timedelta(days=3)))
    sent()
    with django_assert_max_num_queries(6) as asked:  # without the ways and the tasks of those that were found
        assert remind.remind(at(DEADLINE)) == 0
    assert not [each for each in asked if "members_mailbox" in each["sql"].partition("WHERE")[0]]


def test_a_chair_reminded_of_another_notice_on_the_day_of_the_list_gets_it_on_the_next(cast: Cast):
    release, other = asking(cast), issued(cast, MONDAY, "他の件", plan=False)
    day = DEADLINE + dt.timedelta(days=8)
    assert remind.remind_now(other.pk, cast.actor("staff"), at(day, 8)) == 8
    sent()
    found = [remind.remind(at(day + dt.timedelta(days=ahead))) for ahead in range(10) if not sent()]
    assert found == [0, 2, *[0] * 8]
    assert Mention.objects.filter(what="members", receipt__release=release).count() == 2


def test_no_list_goes_out_on_the_day_of_the_release(cast: Cast):
    release = issued(cast, MONDAY)
    replan(release, 7, chairs_on=0)
    assert due_names(at(MONDAY)) == []
    assert due_names(at(MONDAY + dt.timedelta(days=2))) == sorted(each.name for each in cast.districts)


def test_a_chair_whom_no_mail_reaches_gets_no_list_and_is_to_be_called(cast: Cast, monkeypatch):
    release, day = asking(cast), DEADLINE + dt.timedelta(days=8)
    shirasagi = cast.receipt(release, cast.shirasagi)
    Organisation.objects.filter(pk=cast.shirasagi.pk).update(channel=Channel.FAX, fax="092-000-0201")
    assert due.to_call(day - dt.timedelta(days=1)) == []
    assert remind.remind(at(day)) == 1
    sent()
    assert Mention.objects.get(what="members").receipt.organisation == cast.takaodai
    assert due.to_call(day) == [shirasagi]
    monkeypatch.setattr(timezone, "now", lambda: at(day, 10))
    page = text_of(cast.client("staff").get(reverse("notices:today")))
    assert "会長に電話依頼 ：白鷺地区薬剤師会" in page and "：髙尾台地区薬剤師会" not in page
    assert due.to_call(day + dt.timedelta(days=7)) == []
    for pharmacy in cast.pharmacies[:3]:
        confirm(cast.receipt(release, pharmacy))
    assert due.to_call(day) == []


def test_whom_to_call_is_asked_once_however_many_plans_list_members(cast: Cast, django_assert_num_queries):
    Organisation.objects.filter(pk=cast.shirasagi.pk).update(channel=Channel.FAX, fax="092-000-0201")
    day = DEADLINE + dt.timedelta(days=8)
    for number in range(1, 4):
        release = asking(cast, subject=f"通知{number}")
        with django_assert_num_queries(11):
            called = due.to_call(day)
            assert [receipt.release.notice.number_text for receipt in called][-1] == release.notice.number_text
        assert len(called) == number
    for pharmacy in cast.pharmacies[:3]:
        confirm(cast.receipt(release, pharmacy))
    assert {receipt.release for receipt in due.to_call(day)} == {each.release for each in called} - {release}
