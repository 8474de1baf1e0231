"""会員への連絡: a chair's own words to those who have not answered, each by a message of its own, once a day."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from members import history, workdays
from members.history import NOBODY
from members.models.organisation import Channel
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
DEADLINE = dt.date(2026, 11, 30)
WORDS = "木曜の例会で配ります。\nその前に確認をお願いします。"


@pytest.fixture
def asking(cast: Cast) -> Release:
    """白鷺 has three pharmacies; one of 髙尾台 has not answered either."""
    return issued(cast, MONDAY, deadline=DEADLINE)


def write(cast: Cast, release: Release, day: dt.date = WEDNESDAY, text: str = WORDS) -> int:
    own = cast.receipt(release, cast.shirasagi)
    return write_to_members.write(own.pk, text, cast.actor("chair"), at(day, 10))


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
    assert [each.left_out for each in waiting] == ["unreached"] * 6
    sent()
    waiting = due.look(Receipt.objects.filter(release=asking).pharmacies(), DEADLINE, 1)
    assert [each.left_out for each in waiting] == ["", "", "", "most", "most", "most"]
    first = ChairMessage.objects.first()
    for wrong in ({"text": WORDS}, {"text": "", "day": DEADLINE}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ChairMessage.objects.create(**{"receipt": first.receipt, "day": first.day, "by": first.by} | wrong)


def test_nothing_is_sent_of_what_may_not_be(cast: Cast, asking: Release):
    for text, refusal in (
        ("  \n ", NoWords),
        ("あ" * 501, NoWords),
        ("パスワードは Sakura2026 です", HoldsSecret),
    ):
        with pytest.raises(refusal):
            write(cast, asking, text=text)
    with pytest.raises(CannotWrite, match="日曜日"):
        write(cast, asking, MONDAY - dt.timedelta(days=1))
    inform = issued(cast, MONDAY, "お知らせ", ask=Release.Ask.INFORM)
    with pytest.raises(CannotWrite, match="お知らせ"):
        write(cast, inform)
    Release.objects.filter(pk=asking.pk).update(state=Release.State.STOPPED)
    with pytest.raises(CannotWrite, match="止めている"):
        write(cast, asking)
    assert not ChairMessage.objects.exists() and not Mention.objects.exists()


def test_the_chair_sees_the_mail_and_who_is_to_be_called_before_it_goes(cast: Cast, asking: Release, monkeypatch):
    day = workdays.on_or_after(timezone.localdate())
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
    assert f"{fax.organisation.telephone} FAX・郵送で届けています" in shown
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
    assert "何も送っていません。" in text_of(chair.post(where, {"text": WORDS, "do": "send"}, follow=True))
    assert [each.receipt.organisation for each in written()] == [cast.pharmacies[2]]
    outbox_page = cast.client("staff").get(reverse("notices:outbox_message", args=[written()[0].pk]))
    assert "その前に確認をお願いします。" in text_of(outbox_page)
    for each in cast.pharmacies[:3]:
        confirm(cast.receipt(asking, each))
    ChairMessage.objects.update(day=MONDAY)
    assert "みな返事を済ませています。" in text_of(chair.get(where))
    assert where not in chair.get(desk).content.decode()
