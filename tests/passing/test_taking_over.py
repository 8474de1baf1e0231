"""再周知: what its recipients answer in the place of the earlier notice, and when they answer that one again.

However the two are corrected, withdrawn, stopped or made known once more, everybody who has not done what is asked is
asked by one of them.
"""

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import Event, Organisation
from notices import hops
from notices.boards import comparison, trends
from notices.distribution import by_hand, recipients, settling, steering, troubles, unreached
from notices.distribution.reminders import due
from notices.letters import correcting, following_up
from notices.letters.correcting import AlreadyFollowedUp
from notices.models import Delivery, Notice, Receipt, Release, Unreminded
from notices.models.receipt import Reach, Via
from notices.procedures import issue, resend, stop
from notices.procedures.refusals import RepeatedMeanwhile
from notices.tracking import confirming, helping, setup
from tests.boards.reading import text_of
from tests.boards.test_comparison import more
from tests.cast import Cast
from tests.distribution.test_superseding import corrected, withdrawn
from tests.passing.conftest import Way
from tests.passing.test_following_up import follow_up, old, released
from tests.reminders.conftest import sent

__all__ = ["old"]


def asked_by(pharmacy: Organisation) -> list[int]:
    """The releases that ask a pharmacy for something that it has not done."""
    receipts = Receipt.objects.unanswered().current().filter(organisation=pharmacy)
    return sorted(receipts.values_list("release", flat=True))


def arrived(notice: Release) -> Release:
    """The release as it stands once its mails were taken."""
    sent()
    Receipt.objects.filter(release=notice, reach=Reach.WAITING).update(reach=Reach.SENT)
    return Release.objects.get(pk=notice.pk)


def to_tagged(old: Release, cast: Cast, **plan: object) -> Release:
    """A 再周知 to the pharmacies with a tag: 白鷺中央薬局 and 髙﨑薬局."""
    draft = follow_up(old, cast, scope=Release.Scope.TAGS, **plan)
    draft.tags.set(cast.pharmacies[3].tags.all())
    return issue.release(cast.approved(draft.notice).pk, cast.actor("staff"))


def test_the_correction_of_a_repeat_asks_in_the_place_of_both_until_it_is_withdrawn(cast: Cast, old: Release):
    third = cast.pharmacies[3]
    again = arrived(released(old, cast))
    assert asked_by(third) == [again.pk]
    right = arrived(corrected(again, cast))
    assert asked_by(third) == [right.pk]
    withdrawn(right, cast)
    assert asked_by(third) == [old.pk]
    assert Release.objects.asking().filter(pk=old.pk).exists()
    assert following_up.draft_follow_up(old.notice_id, cast.actor("staff"))


def test_a_stopped_repeat_takes_nobodys_place(cast: Cast, old: Release):
    again = released(old, cast)
    steering.stop(again.pk, cast.actor("staff"))
    assert old.pk in asked_by(cast.pharmacies[3])
    assert Release.objects.asking().filter(pk=old.pk).exists()


def test_a_repeat_that_was_made_known_again_is_not_stopped_beneath_that(cast: Cast, old: Release):
    """Of three letters in a row the middle one is still being sent: stopped, it would have the first ask again."""
    third, staff = cast.pharmacies[3], cast.actor("staff")
    again = released(old, cast)
    last = released(again, cast)
    assert asked_by(third) == [last.pk]
    with pytest.raises(stop.MadeKnownAgain) as refused:
        stop.stop(again.pk, staff)
    assert refused.value.by == last.notice and last.notice.number_text in str(refused.value)
    again.refresh_from_db()
    assert (again.state, asked_by(third)) == (Release.State.SENDING, [last.pk])
    page = text_of(cast.client("staff").post(reverse("notices:release_stop", args=[again.pk]), follow=True))
    assert "何も変えていません。" in page and "この再周知の宛先には" in page
    stop.stop(last.pk, staff)
    stop.stop(again.pk, staff)
    assert old.pk in asked_by(third) and Release.objects.asking().filter(pk=old.pk).exists()


def test_what_was_done_of_a_repeat_counts_for_the_earlier_notice_once_that_is_stopped(cast: Cast, old: Release):
    """The fourth had confirmed the earlier one, the fifth had not and is asked by it."""
    again = released(old, cast)
    for pharmacy in cast.pharmacies[3:5]:
        setup.finish(cast.receipt(again, pharmacy).pk, actor=cast.actor("staff"), via=Via.PERSONAL)
    stop.stop(again.pk, cast.actor("staff"))
    fourth, fifth = (cast.receipt(old, pharmacy) for pharmacy in cast.pharmacies[3:5])
    assert (bool(fourth.finished_at), bool(fifth.finished_at)) == (True, False)
    assert (old.pk in asked_by(cast.pharmacies[3]), old.pk in asked_by(cast.pharmacies[4])) == (False, True)


def test_no_paper_of_the_first_is_sent_to_whoever_gets_the_repeat_until_that_is_withdrawn(cast: Cast, old: Release):
    """Nor to whoever has confirmed."""
    done, *_, noted, asked = cast.pharmacies
    for_hand = {"channel": "post", "state": "other", "settled_at": None}
    posted = Delivery.objects.filter(receipt__organisation__in=[done, noted, asked], release=old)
    posted.update(**for_hand)
    posted.filter(receipt__organisation=noted).update(settled_at=timezone.now(), outcome="11/20 郵送")
    Receipt.objects.filter(release=old, organisation__in=[done, noted, asked]).update(reach=Reach.OTHER)
    assert by_hand.left(old) == 1, "the first has confirmed it"
    again = released(old, cast)

    def advice(pharmacy: Organisation) -> str:
        return unreached.case(unreached.of(old).get(organisation=pharmacy)).advice

    assert (by_hand.left(old), by_hand.papers(old, None)) == (0, [])
    assert [(pile.post, pile.done) for pile in by_hand.piles(old)] == [(0, 1)]
    assert by_hand.note_sent(old, cast.actor("staff"), cast.takaodai, posted.last().pk) == 0
    assert advice(asked) == "再周知の通知を送ったので、この通知は送りません"
    assert advice(done) == "確認の返事があったので、送るものはありません"
    assert advice(noted) == "送ったことを記録しました"
    withdrawn(arrived(again), cast)
    assert (by_hand.left(old), advice(asked)) == (1, "公文書を郵送してください"), "it asks again itself"


def test_whoever_gets_the_next_repeat_is_not_asked_by_the_earlier_notice_beside_it(cast: Cast, old: Release):
    """The first asks less; the second, of the earlier notice too, is stopped."""
    third = cast.pharmacies[3]
    less = released(old, cast, ask=Release.Ask.CONFIRM)
    again = released(old, cast)
    assert asked_by(third) == [less.pk, again.pk]
    steering.stop(again.pk, cast.actor("staff"))
    last = released(old, cast)
    assert (cast.receipt(last, third).carried_from, old.pk in asked_by(third)) == (cast.receipt(old, third), False)


def test_a_repeat_of_what_was_corrected_meanwhile_stands_beside_the_correction(cast: Cast, old: Release):
    draft = follow_up(old, cast, scope=Release.Scope.ALL)
    right = arrived(corrected(old, cast))
    again = issue.release(cast.approved(draft.notice).pk, cast.actor("staff"))
    assert asked_by(cast.pharmacies[3]) == [again.pk]
    with pytest.raises(AlreadyFollowedUp):
        correcting.draft_correction(right.notice_id, cast.actor("staff"))


def test_a_repeat_that_asks_less_leaves_the_rest_to_the_earlier_notice(cast: Cast, old: Release):
    released(old, cast, ask=Release.Ask.CONFIRM)
    assert old.pk in asked_by(cast.pharmacies[3])
    assert Release.objects.asking().filter(pk=old.pk).exists()


def test_a_repeat_for_some_leaves_a_district_with_the_notice_for_its_others(way: Way):
    cast = way.cast
    to_tagged(way.release, cast)
    assert cast.pharmacies[4] in recipients.members(way.release, cast.takaodai)
    assert hops.is_due(way.receipt(cast.takaodai))
    assert way.pass_on("other_chair", deadline=None).receipts.filter(organisation=cast.pharmacies[4]).exists()


def test_a_district_that_passes_on_late_asks_nobody_whom_the_repeat_asks_until_that_is_withdrawn(way: Way):
    asked = way.cast.pharmacies[3]
    again = to_tagged(way.release, way.cast, through_districts=False)
    letter = way.pass_on("other_chair", deadline=None)
    assert asked_by(asked) == [again.pk]
    assert asked_by(way.cast.pharmacies[4]) == [letter.pk]
    assert way.cast.receipt(letter, asked).reach == Reach.STOPPED
    assert Release.objects.get(pk=letter.pk).is_repeated
    withdrawn(arrived(again), way.cast)
    assert asked_by(asked) == [letter.pk]
    last = way.pass_on()
    assert way.cast.receipt(last, way.cast.pharmacies[0]).reach == Reach.WAITING, "it goes out, as nothing asks instead"


def test_a_district_that_passed_on_neither_gets_the_correction_of_the_repeat(way: Way):
    cast = way.cast
    way.pass_on()
    again = released(way.release, cast)
    way.pass_on(release=again, deadline=None)
    right = corrected(arrived(again), cast)
    assert hops.is_due(way.receipt(cast.takaodai, right))
    assert way.pass_on("other_chair", release=right, deadline=None).receipts.count() == 3


def test_whoever_got_several_repeats_answers_the_last(cast: Cast, old: Release):
    to_tagged(old, cast)
    everybody = arrived(released(old, cast, scope=Release.Scope.ALL))
    assert asked_by(cast.pharmacies[3]) == [everybody.pk]
    undone = cast.receipt(everybody, cast.pharmacies[0])
    third = released(everybody, cast)
    assert asked_by(cast.pharmacies[0]) == [third.pk]
    last = cast.receipt(third, cast.pharmacies[0])
    assert last.carried_from == undone
    confirming.confirm(last.pk, actor=cast.actor("pharmacy"), via=Via.SIGNED_IN)
    last.refresh_from_db()
    assert last.finished_at, "it had finished the first, of the same steps"


def test_a_repeat_takes_over_what_was_taken_back_of_the_first_and_letters_that_a_district_skipped(
    cast: Cast, old: Release
):
    again = arrived(released(old, cast))
    setup.reopen(cast.receipt(old, cast.pharmacies[0]).pk, actor=cast.actor("pharmacy"), via=Via.SIGNED_IN)
    third = released(again, cast)
    assert asked_by(cast.pharmacies[0]) == [third.pk]


def test_a_district_that_skips_a_repeat_passes_on_the_next_in_the_place_of_the_first(way: Way):
    way.pass_on()
    again = arrived(released(way.release, way.cast))
    third = released(again, way.cast)
    letter = way.pass_on(release=third, deadline=None)
    assert asked_by(way.cast.pharmacies[1]) == [letter.pk]


def test_what_is_made_known_again_is_not_replaced_beneath_it(cast: Cast, old: Release):
    staff = cast.actor("staff")
    draft = correcting.draft_correction(old.notice_id, staff)
    Release.objects.filter(notice=draft).update(changed="期限を改めました。")
    again = released(old, cast)
    with pytest.raises(RepeatedMeanwhile):
        issue.release(cast.approved(draft, timezone.localdate()).pk, staff)
    for begin in (correcting.draft_correction, correcting.draft_withdrawal):
        with pytest.raises(AlreadyFollowedUp):
            begin(old.notice_id, staff)
    withdrawn(arrived(again), cast)
    issue.check(Release.objects.get(notice=draft), timezone.localdate())


def test_help_that_is_asked_for_and_reminders_that_are_stopped_of_the_first_count_for_the_repeat(
    cast: Cast, old: Release
):
    helped, stopped = cast.receipt(old, cast.pharmacies[3]), cast.receipt(old, cast.pharmacies[4])
    helping.ask(helped.pk, None, "番号が合わない", actor=cast.actor("other_pharmacy"), via=Via.SIGNED_IN)
    Unreminded.objects.create(receipt=stopped, stopped_by=cast.actor("staff").account)
    again = arrived(released(old, cast))
    left_out = {each.receipt.organisation: each.left_out for each in due.waiting(again, timezone.localdate())}
    assert (left_out[cast.pharmacies[3]], left_out[cast.pharmacies[4]]) == (due.HELP, due.STOPPED)
    assert cast.pharmacies[3] not in {
        each.organisation for members in due.members_left(again).values() for each in members
    }


def test_a_new_address_for_the_first_leads_to_the_repeat_and_its_board_has_nobody_called(cast: Cast, old: Release):
    again = arrived(released(old, cast))
    third = cast.pharmacies[3]
    delivery = resend.send(cast.receipt(old, third), third.mailboxes.get().address, actor=cast.actor("staff"))
    assert delivery.receipt == cast.receipt(again, third)
    board = text_of(cast.client("staff").get(reverse("notices:notice", args=[old.notice_id])))
    assert "会長に電話依頼" not in board


def test_nothing_more_of_the_first_is_sent_to_whoever_gets_the_repeat_even_once_that_is_withdrawn(
    cast: Cast, old: Release
):
    done, *_, asked = cast.pharmacies
    unsent = Delivery.objects.filter(receipt__organisation__in=[asked, done], release=old)
    unsent.update(state="waiting", settled_at=None)
    Release.objects.filter(pk=old.pk).update(state="paused", paused_reason="確かめています")
    again = released(Release.objects.get(pk=old.pk), cast)
    assert Event.objects.get(verb="release.repeated").detail == {"by": again.notice_id, "messages": 1}
    steering.resume(old.pk, cast.actor("staff"))
    ready = Delivery.objects.offered().ready().filter(release=old)
    assert [each.receipt.organisation for each in ready] == [done], "to others it goes on"
    troubles.fall_back(cast.receipt(old, asked))
    assert unsent.count() == 2
    board = reverse("notices:notice", args=[old.notice_id])
    assert "うち 1 薬局には、この通知をまだ送っていなかったので" in text_of(cast.client("staff").get(board))
    unsent.filter(state="waiting").update(state="sent", settled_at=timezone.now())
    settling.close_finished()
    withdrawn(arrived(again), cast)
    old.refresh_from_db()
    assert (old.state, cast.receipt(old, asked).reach) == ("sent", "stopped")
    shown = text_of(cast.client("staff").get(board))
    assert "ふたたびこの通知がお返事を求め" in shown and "中止した 1 薬局には、この通知を送っていません。" in shown
    left_out = {each.receipt.organisation: each.left_out for each in due.waiting(old, timezone.localdate())}
    assert (left_out[cast.pharmacies[3]], left_out[asked]) == ("", due.UNREACHED), "it is reminded of what it got"


def test_over_several_notices_whoever_is_asked_again_counts_once(cast: Cast, old: Release):
    """Four of six had confirmed; the other two and two that had not finished get the 再周知."""

    def rates() -> tuple:
        found, district = trends.of(Notice.objects.all()), cast.shirasagi
        here = next(each for each in found.districts if each.district_id == district.pk)
        mine = Receipt.objects.filter(organisation=district, release__superseded_by=None)
        asked = mine.exclude(release__ask=Release.Ask.INFORM).values_list("release", flat=True)
        year = comparison.together(comparison.of(asked, district), district)
        return found.whole.rate, here.rate, year.own.confirmed_rate

    more(cast, "遠賀薬剤師会", 12, old)
    before = rates()
    again = arrived(released(old, cast))
    shirasagi, whole = 2 / 3, 2 / 18
    assert before == (4 / 18, 1, 1)
    assert rates() == (whole, shirasagi, shirasagi), "two have to confirm anew, nobody stands there twice"
    withdrawn(again, cast)
    assert rates() == before
