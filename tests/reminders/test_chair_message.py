"""会員への連絡: a chair's own words to those who have not answered, each by a message of its own, once a day."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from members import history, wareki, workdays
from members.history import NOBODY
from members.models import Capacity
from members.models.organisation import Channel
from notices import tasks
from notices.boards.progress import totals
from notices.distribution import message, outbox
from notices.distribution.reminders import due
from notices.models import ChairMessage, Delivery, Mention, Receipt, Release, Reminder
from notices.models.receipt import Reach, Via
from notices.procedures import remind, write_to_members
from notices.procedures.write_to_members import CannotWrite, NoWords
from notices.tracking import helping
from notices.tracking.facts import HoldsSecret
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.distribution.conftest import sink as sink
from tests.distribution.deliveries import reconciles
from tests.reminders.conftest import at, confirm, issued, sent

MONDAY = dt.date(2026, 11, 2)
WEDNESDAY = dt.date(2026, 11, 4)
SUNDAY = dt.date(2026, 11, 22)
TUESDAY = dt.date(2026, 11, 24)  # the Monday before it is a 祝日
DEADLINE = dt.date(2026, 11, 30)
WORDS = "木曜の例会で配ります。\nその前に確認をお願いします。"


@pytest.fixture
def asking(cast: Cast) -> Release:
    """白鷺 has three pharmacies; one of 髙尾台 has not answered either."""
    return issued(cast, MONDAY, deadline=DEADLINE)


def write(cast: Cast, release: Release, day: dt.date = WEDNESDAY, text: str = WORDS) -> int:
    own = cast.receipt(release, cast.shirasagi)
    return write_to_members.write(own.pk, text, cast.actor("chair"), at(day, 10))


def planned(cast: Cast, release: Release, day: dt.date = SUNDAY, hour: int = 15) -> ChairMessage:
    own = cast.receipt(release, cast.shirasagi)
    return write_to_members.plan(own.pk, WORDS, cast.actor("chair"), at(day, hour))


def written() -> list[Delivery]:
    found = Delivery.objects.filter(purpose="reminder", reminder__message__isnull=False)
    return list(found.select_related("receipt__organisation", "receipt__release", "reminder__message").order_by("pk"))


def test_each_member_who_has_not_answered_gets_a_mail_of_its_own_with_these_words(cast: Cast, asking: Release, sink):
    confirm(cast.receipt(asking, cast.pharmacies[0]))
    assert write(cast, asking) == 2
    assert [each.receipt.organisation for each in written()] == cast.pharmacies[1:3]
    mails = [message.build(each) for each in written()]
    for mail, delivery in zip(mails, written(), strict=True):
        assert mail.to == [delivery.address]
        assert mail.subject.startswith(f"【{cast.shirasagi.name}からの連絡】在宅患者の残薬調整について")
        assert mail.from_email.startswith(f'"{cast.shirasagi.name}"')
        assert WORDS in mail.body and "期限まで あと 26 日" in mail.body
        assert "その前に確認をお願いします。" in mail.alternatives[0].content
    addresses = [line.strip() for mail in mails for line in mail.body.splitlines() if "/n/" in line]
    assert len(set(addresses)) == 2
    assert cast.client("staff").get(addresses[0]).status_code == 200
    [event] = history.of(asking).filter(verb="release.members_written")
    assert (event.capacity, event.organisation) == (cast.capacities["chair"], cast.shirasagi)
    assert event.detail == {"message": ChairMessage.objects.get().pk, "recipients": 2}
    Reminder.objects.update(day=timezone.localdate())
    confirm(cast.receipt(asking, cast.pharmacies[1]))
    outbox.send_due()
    assert [mail.recipients for mail in sink.mails] == [(written()[1].address,)]  # who answered meanwhile gets none
    assert reconciles(Release.objects.get(pk=asking.pk))
    assert totals(asking).pharmacies.sent == totals(asking).pharmacies.recipients == 6


def test_once_a_day_for_a_notice_and_nobody_twice_on_a_day(cast: Cast, asking: Release):
    other = issued(cast, MONDAY, "ほかの通知", deadline=DEADLINE)
    assert write(cast, asking) == 3
    for release, words in ((asking, "きょうはもう連絡しました"), (other, "いま連絡できる会員は、いません")):
        with pytest.raises(CannotWrite, match=words):
            write(cast, release)
    sent()
    assert write(cast, other, WEDNESDAY + dt.timedelta(days=1)) == 3
    sent()
    # A plan's reminder and such words never come on one day, and the words use up none of the plan's.
    day = dt.date(2026, 11, 24)  # a week before the deadline, on the day after a 祝日
    assert write(cast, asking, day) == 3
    assert remind.remind(at(day, 11)) == 8 - 3
    waiting = due.look(Receipt.objects.filter(release=asking).pharmacies(), DEADLINE, 1)
    assert [each.left_out for each in waiting] == ["under_way"] * 6
    sent()
    waiting = due.look(Receipt.objects.filter(release=asking).pharmacies(), DEADLINE, 1)
    assert [each.left_out for each in waiting] == ["", "", "", "most", "most", "most"]
    first = ChairMessage.objects.first()
    same = {"receipt": first.receipt, "day": first.day, "by": first.by, "capacity": first.capacity}
    for wrong in ({"text": WORDS}, {"text": "", "day": DEADLINE}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ChairMessage.objects.create(**{**same, **wrong})


def test_nothing_is_sent_of_what_may_not_be(cast: Cast, asking: Release):
    for text, refusal in (
        ("  \n ", NoWords),
        ("あ" * 501, NoWords),
        ("パスワードは Sakura2026 です", HoldsSecret),
    ):
        with pytest.raises(refusal):
            write(cast, asking, text=text)
    with pytest.raises(CannotWrite, match="日曜日"):
        write(cast, asking, SUNDAY)
    inform = issued(cast, MONDAY, "お知らせ", ask=Release.Ask.INFORM)
    with pytest.raises(CannotWrite, match="お知らせ"):
        write(cast, inform)
    Release.objects.filter(pk=asking.pk).update(state=Release.State.STOPPED)
    with pytest.raises(CannotWrite, match="止めている"):
        write(cast, asking)
    assert not ChairMessage.objects.exists() and not Mention.objects.exists()


def test_the_chair_sees_the_mail_and_who_is_to_be_called_before_it_goes(cast: Cast, asking: Release, monkeypatch):
    day = workdays.on_or_after(timezone.localdate() + dt.timedelta(days=1))
    asked, fax, _ = (cast.receipt(asking, each) for each in cast.pharmacies[:3])
    helping.ask(asked.pk, None, "画面が違います", actor=NOBODY, via=Via.PERSONAL)
    fax.organisation.channel, fax.organisation.fax = Channel.FAX, "092-111-2222"
    fax.organisation.save()
    Receipt.objects.filter(pk=fax.pk).update(reach=Reach.OTHER)
    Release.objects.filter(pk=asking.pk).update(help_to_district=False)
    where = reverse("notices:district_message", args=[cast.receipt(asking, cast.shirasagi).pk])
    monkeypatch.setattr(timezone, "now", lambda: at(day, 10))
    chair = cast.client("chair")
    desk = reverse("notices:district_receipt", args=[cast.receipt(asking, cast.shirasagi).pk])
    assert where in chair.get(desk).content.decode()
    shown = text_of(chair.get(where))
    assert "届く薬局 1 か所を見る 薬局しらさぎの杜" in shown
    assert f"{fax.organisation.telephone} FAX・郵送で届ける薬局なので、メールは送れません" in shown
    assert f"{asked.organisation.name} 県薬剤師会が連絡しています" in shown
    assert "困って" not in shown  # the release does not tell the district
    preview = text_of(chair.post(where, {"text": WORDS, "do": "preview"}))
    assert "まだ送っていません。" in preview and "/n/…" in preview and "木曜の例会で配ります。" in preview
    assert ".example" not in preview.replace("testserver.example", "")
    refused = chair.post(where, {"text": "暗証番号は 4711 です", "do": "send"})
    assert refused.status_code == 422 and "4711" not in refused.content.decode()
    assert not Delivery.objects.filter(purpose="reminder").exists()
    done = text_of(chair.post(where, {"text": WORDS, "do": "send"}, follow=True))
    assert "1 薬局に連絡する手配をしました。" in done
    assert "きょうはもう連絡しました" in done and "1 薬局へ 送信済 0 / 1" in done
    again = chair.post(where, {"text": WORDS, "do": "send"})
    assert again.status_code == 409 and "何も送っていません。" in text_of(again)
    assert "木曜の例会で配ります。" in again.context["form"]["text"].value(), "what was typed stays"
    assert [each.receipt.organisation for each in written()] == [cast.pharmacies[2]]
    outbox_page = cast.client("staff").get(reverse("notices:outbox_message", args=[written()[0].pk]))
    assert "その前に確認をお願いします。" in text_of(outbox_page)
    for each in cast.pharmacies[:3]:
        confirm(cast.receipt(asking, each))
    ChairMessage.objects.update(day=MONDAY)
    assert "みな返事を済ませています。" in text_of(chair.get(where))
    assert where not in chair.get(desk).content.decode()


# What waits for the next working day ----------------------------------------------------------------------------------


def test_words_of_a_day_of_rest_go_out_on_the_next_working_day_to_whoever_has_not_answered(cast: Cast, asking: Release):
    message = planned(cast, asking)
    assert message.day == TUESDAY and not written()
    assert write_to_members.write_due(at(SUNDAY, 23)) == write_to_members.write_due(at(TUESDAY, 8, 59)) == 0
    confirm(cast.receipt(asking, cast.pharmacies[0]))
    assert write_to_members.write_due(at(TUESDAY, 9)) == 1
    assert [each.receipt.organisation for each in written()] == cast.pharmacies[1:3]
    assert WORDS in message_of(written()[0]) and "期限まで あと 6 日" in message_of(written()[0])
    assert write_to_members.write_due(at(TUESDAY, 9, 1)) == 0 and len(written()) == 2
    verbs = ("release.members_planned", "release.members_written")
    events = {event.verb: event for event in history.of(asking).filter(verb__in=verbs)}
    assert {event.capacity for event in events.values()} == {cast.capacities["chair"]}
    assert events[verbs[0]].detail["day"] == "2026-11-24" and events[verbs[1]].detail["recipients"] == 2


def message_of(delivery: Delivery) -> str:
    return message.build(delivery).body


def test_who_gets_a_chairs_words_gets_no_other_reminder_that_day(cast: Cast, asking: Release):
    planned(cast, asking)
    write_to_members.write_due(at(TUESDAY, 9))
    assert remind.remind(at(TUESDAY, 9)) == 8 - 3


def test_words_that_wait_may_be_taken_back_and_written_anew(cast: Cast, asking: Release):
    own = cast.receipt(asking, cast.shirasagi)
    planned(cast, asking)
    with pytest.raises(CannotWrite, match="11月24日（火）に送る連絡が、もう書いてあります"):
        planned(cast, asking)
    assert write_to_members.take_back(own.pk, cast.actor("chair"))
    assert not write_to_members.take_back(own.pk, cast.actor("chair"))
    again = planned(cast, asking)
    assert write_to_members.write_due(at(TUESDAY, 9)) == 1
    assert {each.reminder.message for each in written()} == {again}
    assert not write_to_members.take_back(own.pk, cast.actor("chair")), "it is on its way"


def test_what_stands_in_the_way_of_waiting_words_may_pass_until_the_day_is_over(cast: Cast, asking: Release):
    message = planned(cast, asking)
    Release.objects.filter(pk=asking.pk).update(state=Release.State.PAUSED)
    assert write_to_members.write_due(at(TUESDAY, 9)) == 0
    Release.objects.filter(pk=asking.pk).update(state=Release.State.SENT)
    assert write_to_members.write_due(at(TUESDAY, 16)) == 1
    sent()
    late = planned(cast, asking, dt.date(2026, 11, 28))
    assert late.day == DEADLINE
    assert write_to_members.write_due(at(DEADLINE + dt.timedelta(days=1), 9)) == 0
    late.refresh_from_db()
    message.refresh_from_db()
    assert (message.ended, late.ended) == ("", write_to_members.DAY_OVER)


def test_words_wait_for_those_whom_nothing_may_reach_in_that_minute(cast: Cast, asking: Release):
    """Everybody asked for help, say, which the association settles before noon."""
    message, members = planned(cast, asking), [cast.receipt(asking, each) for each in cast.pharmacies[:3]]
    asked = [helping.ask(each.pk, None, "", actor=NOBODY, via=Via.PERSONAL) for each in members]
    assert write_to_members.write_due(at(TUESDAY, 9)) == 0
    message.refresh_from_db()
    assert message.ended == ""
    helping.close(asked[0].pk, actor=NOBODY, via=Via.PERSONAL)
    assert write_to_members.write_due(at(TUESDAY, 12)) == 1
    assert [each.receipt.organisation for each in written()] == [cast.pharmacies[0]]


def test_the_hour_that_is_told_lies_within_the_hours_of_sending(cast: Cast, asking: Release, settings):
    settings.SENDING_HOURS = (dt.time(9, 30), dt.time(18))
    assert write_to_members.hour(asking) == 10
    settings.SENDING_HOURS = (dt.time(6), dt.time(8))
    assert write_to_members.hour(asking) == 6


def test_the_workers_beat_ends_what_was_not_sent_on_its_day(cast: Cast, asking: Release):
    message = planned(cast, asking, dt.date(2020, 11, 22))
    tasks.remind_due()
    message.refresh_from_db()
    assert message.ended == write_to_members.DAY_OVER


def test_words_of_somebody_who_is_no_chair_any_more_are_not_sent(cast: Cast, asking: Release):
    message = planned(cast, asking)
    Capacity.objects.filter(pk=message.capacity_id).update(ended_at=at(MONDAY, 9))
    assert write_to_members.write_due(at(TUESDAY, 9)) == 0
    message.refresh_from_db()
    assert message.ended == write_to_members.NO_LONGER_CHAIR and not written()


def test_where_everybody_has_answered_meanwhile_nothing_is_sent(cast: Cast, asking: Release):
    message = planned(cast, asking)
    for each in cast.pharmacies[:3]:
        confirm(cast.receipt(asking, each))
    assert write_to_members.write_due(at(TUESDAY, 9)) == 0
    message.refresh_from_db()
    assert message.ended == write_to_members.NOBODY_LEFT


def test_outside_of_the_hours_of_sending_words_wait_for_them(cast: Cast, asking: Release, settings):
    settings.SENDING_HOURS = (dt.time(8), dt.time(18))
    assert planned(cast, asking, WEDNESDAY, 7).day == WEDNESDAY
    own = cast.receipt(asking, cast.shirasagi)
    write_to_members.take_back(own.pk, cast.actor("chair"))
    assert planned(cast, asking, WEDNESDAY, 20).day == WEDNESDAY + dt.timedelta(days=1)


def test_on_a_day_of_rest_the_chair_writes_it_sees_the_day_and_may_take_it_back(
    cast: Cast, asking: Release, monkeypatch
):
    today = timezone.localdate()
    sunday = today + dt.timedelta(days=13 - today.weekday())
    monkeypatch.setattr(timezone, "now", lambda: at(sunday, 10))
    day = wareki.day_with_weekday(workdays.on_or_after(sunday))
    own, chair = cast.receipt(asking, cast.shirasagi), cast.client("chair")
    where = reverse("notices:district_message", args=[own.pk])
    told = f"日曜日なので、いまは送れません。 書いておくと、{day} 9 時に送ります。"
    assert told.replace("日曜日", workdays.why_not(sunday)) in text_of(chair.get(where))
    shown = text_of(chair.post(where, {"text": WORDS, "do": "preview"}))
    assert f"{day} 9 時に、このメールを送ります。" in shown and "木曜の例会で配ります。" in shown
    done = text_of(chair.post(where, {"text": WORDS, "do": "plan"}, follow=True))
    assert f"{day}に送る手配をしました。" in done and "取りやめる" in done and "木曜の例会で配ります。" in done
    desk = chair.get(reverse("notices:district_receipt", args=[own.pk]))
    assert f"返事のない会員に連絡（{day}に送ります）" in text_of(desk)
    stopped = text_of(chair.post(where, {"do": "take_back"}, follow=True))
    assert "連絡を取りやめました。" in stopped and "送る前にメールを見る" in stopped
    assert write_to_members.TAKEN_BACK in stopped
    assert cast.client("other_chair").post(where, {"do": "take_back"}).status_code == 404
