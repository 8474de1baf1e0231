"""A reminder that is written and not yet sent: whatever calls it off until then is heard."""

import datetime as dt

import pytest
from django.utils import timezone

from members.history import NOBODY
from members.models import Organisation
from notices.distribution import claims, outbox, superseding
from notices.distribution.reminders import plans
from notices.models import Delivery, Mention, Receipt, Relation, Release, Reminder
from notices.models.receipt import Via
from notices.procedures import remind
from notices.tracking import helping
from tests.cast import Cast
from tests.distribution.conftest import sink as sink
from tests.reminders.conftest import at, confirm, issued, mail_of

MONDAY = dt.date(2026, 11, 2)
DEADLINE = dt.date(2026, 11, 30)


def two_written_today(cast: Cast) -> tuple[Release, Release]:
    """Two releases of which everybody is reminded in one message on this day, whatever day it is."""
    first = issued(cast, MONDAY, "先の期限の通知", deadline=DEADLINE)
    other = issued(cast, MONDAY, "あとの期限の通知", deadline=DEADLINE + dt.timedelta(days=3))
    assert remind.remind(at(DEADLINE)) == 8
    Reminder.objects.update(day=timezone.localdate())
    return first, other


def address(organisation: Organisation) -> str:
    return organisation.mailboxes.get().address


def test_a_written_reminder_can_still_be_stopped_for_one_and_for_all(cast: Cast, sink):
    first, other = two_written_today(cast)
    plans.stop(other.pk, cast.actor("staff"))
    stopped, asks, gone, *rest = cast.pharmacies
    plans.stop_for(cast.receipt(first, stopped), cast.actor("staff"))
    helping.ask(cast.receipt(first, asks).pk, None, "画面が違います", actor=NOBODY, via=Via.PERSONAL)
    Organisation.objects.filter(pk=gone.pk).update(left_on=MONDAY)
    outbox.send_due()
    to = {mail.recipients[0] for mail in sink.mails}
    assert len(to) == 5
    assert to >= {address(each) for each in rest}
    assert set(Delivery.objects.filter(purpose="reminder").values_list("state", flat=True)) == {"sent", "stopped"}
    # All of them are asked about the other no more: nothing is left once the first is stopped, too.
    Delivery.objects.filter(purpose="reminder").update(state="waiting", settled_at=None)
    Release.objects.update(state=Release.State.SENDING)
    plans.stop(first.pk, cast.actor("staff"))
    outbox.send_due()
    assert len(sink.mails) == 5


def test_what_was_answered_meanwhile_is_left_out_of_the_message_and_of_its_page(cast: Cast, sink):
    first, other = two_written_today(cast)
    answered, both = cast.pharmacies[:2]
    confirm(cast.receipt(first, answered))
    own, second = (Reminder.objects.get(organisation=each) for each in (answered, both))
    outbox.send_due()
    assert len(sink.mails) == 8
    [sent] = [each for each in sink.mails if each.recipients[0] == address(answered)]
    assert mail_of(own).subject.startswith("【再通知】【期限まで あと")
    for words in (sent.text("plain"), mail_of(own).body):
        assert first.notice.subject not in words
        assert other.notice.subject in words
    # Dropped after it was sent, it stays on the page.
    before = mail_of(second).body
    assert first.notice.subject in before
    Mention.objects.filter(reminder=second, receipt__release=first).update(dropped_at=timezone.now())
    assert mail_of(second).body == before


@pytest.mark.parametrize("superseded", [0, 1])
def test_what_is_superseded_takes_no_other_notice_with_it(cast: Cast, sink, superseded: int):
    releases = two_written_today(cast)
    old, left = releases[superseded], releases[1 - superseded]
    cast.supersede(old, issued(cast, MONDAY, "訂正", plan=False))
    superseding.stop(Release.objects.get(pk=old.pk))
    outbox.send_due()
    assert len(sink.mails) == 8
    for mail in sink.mails:
        words = mail.text("plain")
        assert (old.notice.subject in words, left.notice.subject in words) == (False, True)


def test_what_a_worker_has_claimed_is_asked_about_once_more(cast: Cast, sink, monkeypatch):
    first, other = two_written_today(cast)
    taken = claims.claim

    def claim(most: int) -> list[Delivery]:
        """All are taken, then the one is withdrawn and everybody confirms the other."""
        claimed = taken(most)
        if claimed:
            cast.supersede(other, issued(cast, MONDAY, "廃止", plan=False), Relation.Kind.WITHDRAWS)
            for receipt in Receipt.objects.filter(release=first).unanswered():
                confirm(receipt)
        return claimed

    monkeypatch.setattr(claims, "claim", claim)
    outbox.send_due()
    assert sink.mails == []
    assert set(Delivery.objects.filter(purpose="reminder").values_list("state", flat=True)) == {"stopped"}
