"""What waits for staff this morning."""

import datetime as dt

import pytest
from django.utils import timezone

from members.history import NOBODY, Actor
from notices.boards import days_taken, today
from notices.models import Notice, Packet, Receipt, Relation, Release
from notices.models.receipt import Reach, Via
from notices.procedures import approve
from notices.tracking import confirming, helping
from tests.cast import Cast

DAY = dt.date(2024, 11, 20)


def packet(name: str, oldest_on: dt.date | None = None) -> Packet:
    return Packet.objects.create(
        fingerprint=name, receipt_number=name, text="写し", reading={"letters": []}, oldest_on=oldest_on
    )


def received(packet: Packet) -> Notice:
    return Notice.objects.create(
        state=Notice.State.RECEIVED,
        subject="届出様式について",
        packet=packet,
        packet_order=0,
        packet_oldest_on=packet.oldest_on,
    )


def test_packets_wait_oldest_first_until_their_notice_is_released(cast: Cast):
    packet("1", DAY - dt.timedelta(days=1))
    enclosed, own = packet("2", DAY - dt.timedelta(days=19)), packet("3", DAY - dt.timedelta(days=8))
    draft = cast.draft("周知のお願い")
    Relation.objects.create(source=draft, kind="encloses", target=received(enclosed))
    other = cast.draft("再度のお知らせ")
    Notice.objects.filter(pk=other.pk).update(packet=own, packet_order=0, packet_oldest_on=own.oldest_on)
    waiting = today.packets(DAY)
    assert [(each.packet.receipt_number, each.days) for each in waiting] == [("2", 19), ("3", 8), ("1", 1)]
    assert [each.draft for each in waiting] == [draft, other, None]
    Notice.objects.filter(pk__in=[draft.pk, other.pk]).update(state=Notice.State.RELEASED, date=DAY)
    assert [each.packet.receipt_number for each in today.packets(DAY)] == ["1"]


def test_a_packet_whose_letters_have_no_date_waits_without_days(cast: Cast):
    packet("1")
    assert [each.days for each in today.packets(DAY)] == [None]


@pytest.mark.parametrize(("days", "is_shown"), [(14, True), (15, False), (0, True), (-30, True), (-31, False)])
def test_a_deadline_counts_as_near_from_two_weeks_before_to_a_month_after(cast: Cast, days: int, is_shown: bool):
    release = cast.released()
    Release.objects.filter(pk=release.pk).update(
        released_on=DAY - dt.timedelta(days=60), deadline=DAY + dt.timedelta(days=days)
    )
    assert [each.release for each in today.near_deadlines(DAY)] == ([release] if is_shown else [])


def test_a_notice_that_nearly_all_confirmed_is_no_longer_short(cast: Cast):
    release = cast.released(deadline=timezone.localdate())
    Receipt.objects.filter(release=release).update(confirmed_at=timezone.now(), confirmed_via=Via.SIGNED_IN)
    assert today.near_deadlines(timezone.localdate()) == []


def test_the_next_deadlines_come_in_order(cast: Cast):
    day = timezone.localdate()
    later, sooner = (cast.released(deadline=day + dt.timedelta(days=days)) for days in (9, 2))
    cast.draft(deadline=day + dt.timedelta(days=1))
    assert [*today.coming_deadlines(day, 5)] == [sooner, later]
    assert [*today.coming_deadlines(day, 1)] == [sooner]


def test_releases_are_under_way_while_they_send_or_stand_still(cast: Cast):
    going, paused, sent = cast.released(), cast.released(), cast.released()
    Release.objects.filter(pk=going.pk).update(state=Release.State.SENDING)
    Release.objects.filter(pk=paused.pk).update(state=Release.State.PAUSED)
    Receipt.objects.filter(release=going, organisation=cast.pharmacies[0]).update(reach=Reach.WAITING)
    found = {each.release: each.tally.sent for each in today.sending()}
    assert found == {going: 5, paused: 6}
    assert sent not in found


def test_who_was_not_reached_is_shown_until_it_confirms(cast: Cast):
    release = cast.released()
    Receipt.objects.filter(release=release, organisation__in=cast.pharmacies[:2]).update(reach=Reach.FAILED)
    assert [each.organisation for each in today.unreached(timezone.now())] == cast.pharmacies[:2]
    confirming.confirm(cast.receipt(release, cast.pharmacies[0]).pk, actor=NOBODY, via=Via.SIGNED_IN)
    assert [each.organisation for each in today.unreached(timezone.now())] == [cast.pharmacies[1]]


def test_questions_wait_until_somebody_answers(cast: Cast):
    release = cast.released()
    first, second = (
        helping.ask(cast.receipt(release, pharmacy).pk, None, "選べません", actor=NOBODY, via=Via.PERSONAL)
        for pharmacy in cast.pharmacies[:2]
    )
    assert [*today.questions()] == [first, second]
    helping.answer(first.pk, "管理者で開き直してください", actor=Actor(cast.capacities["staff"].account))
    assert [*today.questions()] == [second]


def test_drafts_wait_the_latest_change_first_behind_what_waits_for_its_approval(cast: Cast):
    first, second, asked = cast.draft("一つ目"), cast.draft("二つ目"), cast.draft("決裁待ち")
    approve.ask(asked.pk, timezone.localdate(), cast.actor("staff"))
    first.save()
    assert [*today.drafts()] == [asked, first, second]


def test_a_release_that_was_stopped_halfway_is_named_until_something_replaces_it(cast: Cast):
    release, whole = cast.released(), cast.released("みなに届いた通知")
    Release.objects.filter(pk__in=[release.pk, whole.pk]).update(state=Release.State.STOPPED)
    Receipt.objects.filter(release=release, organisation__in=cast.pharmacies[:2]).update(reach=Reach.STOPPED)
    [found] = today.stopped(timezone.now())
    assert (found.release, found.tally.stopped) == (release, 2)
    cast.supersede(release, cast.released("前の通知の訂正について"))
    assert today.stopped(timezone.now()) == []


def told(cast: Cast, name: str, after: int, on: dt.date) -> tuple[Notice, Notice]:
    """A letter that came with a packet, and the association's that enclosed it so many days after its first letter."""
    top = received(packet(name, on - dt.timedelta(days=after)))
    release = cast.released(f"周知のお願い {name}")
    Release.objects.filter(pk=release.pk).update(released_on=on)
    Relation.objects.create(source=release.notice, kind="encloses", target=top)
    return top, release.notice


def test_a_year_says_how_many_days_its_documents_took_in_the_middle(cast: Cast):
    assert days_taken.medians().get(2024) is None
    for name, days in [("1", 3), ("2", 12), ("3", 40)]:
        told(cast, name, days, DAY)
    told(cast, "4", 21, dt.date(2024, 3, 31))
    told(cast, "5", 22, dt.date(2024, 3, 31))
    received(packet("6", DAY - dt.timedelta(days=99)))
    assert days_taken.medians().get(2024) == 12
    assert days_taken.medians().get(2023) == 21.5


def test_a_document_that_members_are_told_of_again_took_no_longer(cast: Cast):
    top, _ = told(cast, "1", 3, DAY)
    again = cast.released("再度のお知らせ")
    Release.objects.filter(pk=again.pk).update(released_on=DAY + dt.timedelta(days=30))
    Relation.objects.create(source=again.notice, kind="encloses", target=top)
    assert days_taken.medians().get(2024) == 3


def test_a_letter_of_the_associations_that_came_as_a_packet_counts_by_itself(cast: Cast):
    own, release = packet("1", DAY - dt.timedelta(days=8)), cast.released()
    Release.objects.filter(pk=release.pk).update(released_on=DAY)
    notices = Notice.objects.filter(pk=release.notice_id)
    notices.update(date=DAY, packet=own, packet_order=0, packet_oldest_on=own.oldest_on)
    assert days_taken.medians().get(2024) == 8
    notices.update(packet_oldest_on=DAY)
    assert days_taken.medians().get(2024) is None, "nothing came from above"
