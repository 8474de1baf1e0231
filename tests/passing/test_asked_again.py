"""再周知 on the pages: what of the earlier notice is still said to whom."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from members import history
from notices.boards import call_list, desk
from notices.distribution import claims, message
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Via
from notices.procedures import issue, repeat
from notices.tracking import setup
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.distribution.test_superseding import withdrawn
from tests.passing.conftest import Way
from tests.passing.test_following_up import follow_up, old, released

__all__ = ["old"]

# What takes the place of a notice.
REPLACING = ("correct", "withdraw")


def test_a_chair_calls_nobody_for_the_earlier_notice_who_is_asked_by_the_later(way: Way):
    """It is for some of the members: the others are called as before."""
    letter = way.pass_on()
    draft = follow_up(way.release, way.cast, scope=Release.Scope.TAGS, through_districts=False)
    draft.tags.set(way.cast.pharmacies[0].tags.all())
    issue.release(way.cast.approved(draft.notice).pk, way.cast.actor("staff"))
    others = [way.cast.receipt(letter, each) for each in way.cast.pharmacies[1:3]]
    own, chair = way.receipt(way.cast.shirasagi), way.cast.client("chair")
    page = reverse("notices:district_receipt", args=[own.pk])
    shown = chair.get(page)
    assert shown.context["tabs"][0].number == 2
    assert [row.pharmacy for row in shown.context["rows"]] == others
    everybody = chair.get(page, {"show": "all"})
    assert (text_of(everybody).count("再周知済"), everybody.content.decode().count("formaction")) == (1, 2)
    listed = chair.get(page, {"show": "all", "format": "csv"}).getvalue().decode()
    assert listed.count("再周知済") == 1 and listed.count("未確認") == 2
    found = desk.pharmacies(way.release, way.cast.shirasagi, desk.Show.ALL, timezone.localdate())
    paper = call_list.call_list_html(own, found, desk.Show.ALL, timezone.now(), {})
    assert "「再周知済」の薬局には、この通知では電話しません。" in paper
    assert paper.count("□ 不在") == 2


def test_a_chair_asked_again_calls_members_by_the_list_of_the_later_notice_alone(cast: Cast, old: Release):
    again, own = released(old, cast), cast.receipt(old, cast.shirasagi)
    found = desk.pharmacies(old, cast.shirasagi, desk.Show.ALL, timezone.localdate())
    paper = call_list.call_list_html(own, found, desk.Show.ALL, timezone.now(), {})
    assert "この通知は再周知されました。電話しないでください。" in paper
    assert again.notice.number_text in paper and "□" not in paper


def test_what_was_only_made_known_before_is_named_where_an_answer_is_asked_for(cast: Cast):
    """Of an お知らせ there was nothing to answer: nobody reads which answer is enough."""
    old = cast.released(ask=Release.Ask.INFORM)
    Receipt.objects.filter(release=old).update(reach="failed")
    receipt = cast.receipt(released(old, cast, ask=Release.Ask.CONFIRM), cast.pharmacies[3])
    page = text_of(cast.client("other_pharmacy").get(reverse("notices:own_receipt", args=[receipt.pk])))
    assert old.notice.number_text in page
    mail = message.build(receipt.deliveries.get())
    for words in (page, mail.body):
        assert "の再周知です。" in words
        assert "お返事は、この通知だけで足ります。" not in words


@pytest.mark.parametrize("as_chair", [False, True])
def test_whoever_confirmed_the_earlier_notice_reads_that_the_later_asks_again(cast: Cast, as_chair: bool):
    old = cast.released(ask=Release.Ask.CONFIRM)
    office, button = (cast.shirasagi, "受領を確認しました") if as_chair else (cast.pharmacies[0], "確認しました")
    receipt = cast.receipt(released(old, cast, ask=Release.Ask.CONFIRM), office)
    asked = f"前の通知を確認済みでも、もう一度「{button}」を押してください。"
    mail = message.build(receipt.deliveries.get())
    assert asked in mail.body and asked in mail.alternatives[0].content
    if not as_chair:
        assert asked in text_of(cast.client("pharmacy").get(reverse("notices:own_receipt", args=[receipt.pk])))


def test_the_earlier_notice_is_not_sent_again_to_whoever_got_the_later(cast: Cast):
    """Two were not reached; one of them is among the tagged ones, whom the 再周知 is for."""
    old = cast.released()
    asked, other = cast.receipt(old, cast.pharmacies[0]), cast.receipt(old, cast.pharmacies[1])
    failed = Receipt.objects.filter(pk__in=[asked.pk, other.pk])
    Delivery.objects.filter(receipt__in=failed).update(state="failed")
    failed.update(reach="failed", reach_reason="宛先不明")
    draft = follow_up(old, cast, scope=Release.Scope.TAGS)
    draft.tags.set(cast.pharmacies[0].tags.all())
    issue.release(cast.approved(draft.notice).pk, cast.actor("staff"))
    staff = cast.client("staff")
    asks = text_of(staff.get(reverse("notices:release_again", args=[old.pk])))
    assert "1 か所に、同じ通知をもう一度送ります" in asks
    assert "ほかに 1 か所 は、再周知の通知に答えるので、この通知を送りません。" in asks
    page = reverse("notices:release", args=[old.pk])
    needs_a_look, words = text_of(staff.get(page)), "再周知の通知を送ったので、この通知は送りません"
    assert words not in needs_a_look and "不達のうち 1 か所 は、確認済か再周知済です" in needs_a_look
    assert text_of(staff.get(f"{page}?state=failed")).count(words) == 1
    with pytest.raises(repeat.AskedAgain):
        repeat.send_again(asked.pk, cast.actor("staff"))
    assert repeat.send_again_to_failed(old.pk, cast.actor("staff")) == 1
    assert [each.receipt for each in Delivery.objects.filter(purpose="repeat")] == [other]


def test_what_was_finished_of_the_later_counts_for_the_earlier_once_that_is_withdrawn(cast: Cast, old: Release):
    """For the fourth, who had confirmed the earlier; the fifth had not, and is asked to."""
    again = released(old, cast)
    for pharmacy in cast.pharmacies[3:5]:
        setup.finish(cast.receipt(again, pharmacy).pk, actor=cast.actor("staff"), via=Via.PERSONAL)
    Receipt.objects.filter(release=again).update(reach="sent")
    withdrawn(again, cast)
    fourth, fifth = (cast.receipt(old, pharmacy) for pharmacy in cast.pharmacies[3:5])
    assert (bool(fourth.finished_at), fourth.finished_via, fifth.finished_at) == (True, Via.PERSONAL, None)
    event = history.of(fourth).get(verb="receipt.finished")
    assert (event.account, event.detail["carried_from"]) == (None, cast.receipt(again, cast.pharmacies[3]).pk)


def test_what_was_put_off_at_that_moment_is_not_tried_again_beside_the_later_notice(cast: Cast, old: Release):
    """A worker had the message in hand when the 再周知 went out, and the server would not have it yet."""
    asked, done = (cast.receipt(old, pharmacy) for pharmacy in (cast.pharmacies[3], cast.pharmacies[0]))
    messages = Delivery.objects.filter(receipt__in=[asked, done])
    later = timezone.now() + dt.timedelta(minutes=5)
    messages.update(state="sending", claim=uuid.uuid4(), leased_until=later, settled_at=None)
    released(old, cast)
    messages.update(state="waiting", claim=None, leased_until=None, deferrals=1)
    claims.stop_leftovers()
    assert (cast.receipt(old, cast.pharmacies[3]).reach, asked.deliveries.get().state) == ("stopped", "stopped")
    assert done.deliveries.get().state == "waiting"


def test_of_what_a_dead_worker_had_in_hand_it_stays_known_that_it_may_have_been_sent(cast: Cast, old: Release):
    message = Delivery.objects.filter(receipt=cast.receipt(old, cast.pharmacies[3]))
    past = timezone.now() - dt.timedelta(minutes=5)
    message.update(state="sending", claim=uuid.uuid4(), leased_until=past, settled_at=None)
    released(old, cast)
    claims.recover()
    claims.stop_leftovers()
    assert message.values_list("state", "unsure").get() == ("stopped", True)


def test_what_would_be_refused_of_a_notice_made_known_again_is_not_offered(cast: Cast, old: Release):
    draft = follow_up(old, cast, scope=Release.Scope.TAGS)
    draft.tags.set(cast.pharmacies[0].tags.all())
    staff, offers = cast.client("staff"), [reverse(f"notices:{verb}", args=[old.notice_id]) for verb in REPLACING]
    pages = [reverse("notices:notice", args=[old.notice_id]), reverse("notices:release", args=[old.pk])]

    def offered() -> set[bool]:
        return {f'action="{offer}"' in staff.get(page).content.decode() for page in pages for offer in offers}

    assert offered() == {True}
    issue.release(cast.approved(draft.notice).pk, cast.actor("staff"))
    assert offered() == {False}
    assert reverse("notices:follow_up", args=[old.notice_id]) in staff.get(pages[0]).content.decode(), "to the others"
