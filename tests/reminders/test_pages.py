"""The pages of reminders: the plan and its days, who would get what, stopping it, and reminding now."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members import workdays
from members.history import NOBODY
from members.models import Event, Mailbox
from notices.distribution.reminders import plans
from notices.models import Delivery, Receipt, Release, Reminder, ReminderPlan
from notices.models.receipt import Reach, Via
from notices.procedures import remind
from notices.templatetags.screen import clock, desk_day, weekday_date
from notices.tracking import helping
from notices.views import reminders
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.reminders.conftest import at, confirm, issued, sent

TODAY = timezone.localdate()
# A deadline at least two days ahead: something is still to come, also where a run goes past midnight.
SOON = workdays.on_or_after(workdays.on_or_after(TODAY) + dt.timedelta(days=2))


@pytest.fixture
def asking(cast: Cast) -> Release:
    return issued(cast, TODAY - dt.timedelta(days=20), deadline=SOON)


def page(client: Client, name: str, *keys: int, query: str = "") -> str:
    return text_of(client.get(reverse(f"notices:{name}", args=keys) + query))


def test_the_plan_shows_its_days_and_whom_it_leaves_out_and_is_changed_by_those_who_publish(cast: Cast, asking):
    helping.ask(cast.receipt(asking, cast.pharmacies[1]).pk, None, "画面が違います", actor=NOBODY, via=Via.PERSONAL)
    confirm(cast.receipt(asking, cast.pharmacies[0]))
    staff, where = cast.client("staff"), reverse("notices:release_reminders", args=[asking.pk])
    shown = page(staff, "release_reminders", asking.pk)
    assert "返事のない宛先 7 か所のうち、再通知できるのは 6 か所" in shown
    assert "「困っています」が開いている（人が答えます）：1 か所" in shown
    answer = staff.post(
        where, {"before": "５日、0", "after": "2", "hour": "10", "most": "3", "chairs_on": "3"}, follow=True
    )
    assert "再通知の予定を保存しました" in text_of(answer)
    assert plans.choice_of(plans.of(asking)) == plans.Choice((-5, 0, 2), 10, 3, 3, None)
    for wrong in ({"before": "三"}, {"before": "", "after": ""}, {"after": "500"}, {"most": "0"}):
        answer = staff.post(where, {"before": "5", "hour": "10", "most": "3"} | wrong)
        assert answer.status_code == 422, wrong
    cast.capacities["staff"].publishes = False
    cast.capacities["staff"].save()
    staff.post(where, {"before": "1", "hour": "10", "most": "1"})
    assert plans.of(asking).most == 3
    assert Event.objects.filter(verb="release.reminders_planned").count() == 1


def test_an_oshirase_and_a_draft_say_what_holds_for_them(cast: Cast):
    staff = cast.client("staff")
    assert "返事を求めないので" in page(staff, "release_reminders", issued(cast, TODAY, ask=Release.Ask.INFORM).pk)
    draft = cast.draft(deadline=SOON + dt.timedelta(days=30)).release
    assert "いつもの予定です" in page(staff, "release_reminders", draft.pk)
    staff.post(reverse("notices:release_reminders", args=[draft.pk]), {"before": "3", "hour": "9", "most": "2"})
    plans.begin(draft)  # the release takes the plan that was made for the draft
    assert plans.choice_of(plans.of(draft)).days == (-3,)
    Release.objects.filter(pk=draft.pk).update(deadline=None)
    plans.begin(Release.objects.get(pk=draft.pk))  # nothing counts from a deadline that is not there
    assert plans.choice_of(plans.of(draft)).days == (7, 14, 21)
    Release.objects.filter(pk=draft.pk).update(deadline=SOON + dt.timedelta(days=30))
    assert 'value="7、3、0"' in staff.get(reverse("notices:release_reminders", args=[draft.pk])).content.decode()
    plans.begin(Release.objects.get(pk=draft.pk))  # nor from the release what was chosen before there was one
    assert plans.choice_of(plans.of(draft)).days == (-7, -3, 0, 3, 7)


def test_the_preview_shows_the_very_mail_with_its_addresses_left_out(cast: Cast, asking):
    staff = cast.client("staff")
    confirm(cast.receipt(asking, cast.pharmacies[0]))
    query = f"?day={SOON.isoformat()}"
    shown = page(staff, "release_reminders_preview", asking.pk, query=query)
    assert "7 か所に 7 通" in shown
    assert cast.pharmacies[0].name not in shown
    assert "【再通知】【きょうが期限です】" in shown
    assert "/n/…" in shown
    receipt = cast.receipt(asking, cast.pharmacies[1])
    html = staff.get(reverse("notices:release_reminders_mail", args=[asking.pk, receipt.pk]) + query)
    assert "この通知を開く" in html.content.decode()
    assert "sandbox" in html["Content-Security-Policy"]
    rest = page(staff, "release_reminders_preview", asking.pk, query="?day=2026-11-23")
    assert "勤労感謝の日なので、誰にも再通知しません" in rest
    assert not Delivery.objects.filter(purpose="reminder").exists()


def test_headings_count_those_who_are_not_shown_too(cast: Cast, asking, monkeypatch):
    monkeypatch.setattr(reminders, "MOST", 3)
    Receipt.objects.filter(release=asking).update(reach="failed")
    assert "送らない先 8 か所" in page(cast.client("staff"), "release_reminders_preview", asking.pk)


def test_stopping_for_all_and_for_one_and_what_the_receipt_tells(cast: Cast, asking):
    staff = cast.client("staff")
    receipt = cast.receipt(asking, cast.pharmacies[1])
    remind.remind(at(SOON))
    sent()
    own = reverse("notices:receipt_reminders", args=[receipt.pk])
    assert "予定による再通知" in page(staff, "receipt", receipt.pk)
    staff.post(own, {"do": "stop"})
    staff.post(own, {"do": "stop"})
    assert "この宛先には再通知しません" in page(staff, "receipt", receipt.pk)
    staff.post(own, {"do": "resume"})
    assert "この宛先には再通知しません" not in page(staff, "receipt", receipt.pk)
    staff.post(reverse("notices:release_reminders_stop", args=[asking.pk]))
    assert "再通知を止めてあります" in page(staff, "release_reminders", asking.pk)
    assert "止めてあります" in page(staff, "release", asking.pk)
    staff.post(reverse("notices:release_reminders_resume", args=[asking.pk]))
    assert ReminderPlan.objects.get().stopped_at is None
    verbs = Event.objects.filter(verb__contains="reminders_").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "receipt.reminders_stopped", "receipt.reminders_resumed",
        "release.reminders_stopped", "release.reminders_resumed",
    ]  # fmt: skip
    board = page(staff, "notice", asking.notice_id)
    assert "いま再通知する" in board
    assert f"最後は {SOON.month}月{SOON.day}日" in board


def test_on_the_day_of_a_reminder_the_board_offers_one_only_while_somebody_had_none(cast: Cast, asking, monkeypatch):
    remind.remind(at(SOON))
    sent()
    monkeypatch.setattr(timezone, "now", lambda: at(SOON, 20))
    board = page(cast.client("staff"), "notice", asking.notice_id)
    assert "いま再通知する" not in board and "最後は きょう" in board
    Reminder.objects.filter(organisation=cast.pharmacies[3]).update(day=SOON - dt.timedelta(days=1))
    assert "いま再通知する" in page(cast.client("staff"), "notice", asking.notice_id)


def test_the_board_offers_no_reminder_of_what_nobody_got_yet(cast: Cast, asking):
    asking.receipts.update(reach=Reach.WAITING)
    assert "いま再通知する" not in page(cast.client("staff"), "notice", asking.notice_id)
    assert "返事のない宛先に再通知" not in page(cast.client("staff"), "notice_pharmacies", asking.notice_id)
    Receipt.objects.filter(pk=cast.receipt(asking, cast.pharmacies[3]).pk).update(reach=Reach.SENT)
    assert "いま再通知する" in page(cast.client("staff"), "notice", asking.notice_id)
    assert "返事のない宛先に再通知" in page(cast.client("staff"), "notice_pharmacies", asking.notice_id)


def test_where_only_those_are_left_whose_address_does_not_work_no_page_offers_a_reminder(cast: Cast, asking):
    last, staff = cast.receipt(asking, cast.pharmacies[3]), cast.client("staff")
    asking.receipts.exclude(pk=last.pk).update(reach=Reach.WAITING)
    pages = (("notice", asking.notice_id), ("notice_pharmacies", asking.notice_id), ("release_reminders", asking.pk))
    button = f'href="{reverse("notices:release_remind_now", args=[asking.pk])}"'

    def offered() -> list[bool]:
        return [button in staff.get(reverse(f"notices:{name}", args=[key])).content.decode() for name, key in pages]

    assert offered() == [True, True, True]
    assert "まだ送っているところ（送り終わると、届いた先を数えます）：7 か所" in page(staff, *pages[2])
    Mailbox.objects.filter(organisation=last.organisation).delete()
    assert offered() == [False, False, False]
    assert "いまの届け先には届かない（届け先を確かめてください）：1 か所" in page(staff, *pages[2])


def test_the_button_says_first_to_how_many_and_why_not_to_others(cast: Cast, asking, monkeypatch):
    where = reverse("notices:release_remind_now", args=[asking.pk])
    helping.ask(cast.receipt(asking, cast.pharmacies[1]).pk, None, "画面が違います", actor=NOBODY, via=Via.PERSONAL)
    workday = workdays.on_or_after(TODAY + dt.timedelta(days=1))
    sunday = workday + dt.timedelta(days=6 - workday.weekday())
    for day, given in ((sunday, False), (workday, True)):
        monkeypatch.setattr(timezone, "now", lambda day=day: at(day, 10))
        staff = cast.client("staff")
        shown = text_of(staff.get(where))
        if given:
            assert "返事のない 7 か所に、この通知を再通知します" in shown
            assert "「困っています」が開いている" in shown
            assert "7 か所に再通知する手配をしました" in text_of(staff.post(where, follow=True))
            assert Delivery.objects.filter(purpose="reminder").count() == 7
            assert "いま再通知できる宛先は、ありません" in text_of(staff.post(where, follow=True))
        else:
            assert "きょうは日曜日なので、再通知しません" in shown
            assert "何も送っていません" in text_of(staff.post(where, follow=True))


def test_who_looks_after_a_notice_reads_when_it_reminds_next_and_when_it_did_last(cast: Cast, asking):
    staff, chair = cast.client("staff"), cast.client("chair")
    own = cast.receipt(asking, cast.shirasagi).pk
    coming = plans.next_at(plans.of(asking), timezone.now())
    assert f"次の再通知は {weekday_date(coming)} {clock(coming)} の予定" in page(staff, "notice", asking.notice_id)
    today = page(staff, "today")
    assert f"{desk_day(coming)} {clock(coming)}" in today and "再通知（未確認" in today
    assert "に再通知" not in page(chair, "district_receipt", own)
    assert remind.remind(coming) > 0
    sent()
    assert f"{desk_day(coming)}に再通知" in page(chair, "district_receipt", own)


def test_who_stays_silent_after_two_reminders_is_counted_and_listed(cast: Cast, asking):
    staff = cast.client("staff")
    first = plans.next_at(plans.of(asking), timezone.now())
    remind.remind(first)
    sent()
    assert "再通知を2回しても" not in page(staff, "notice", asking.notice_id)
    second = plans.next_at(plans.of(asking), first + dt.timedelta(hours=1))
    remind.remind(second)
    sent()
    left = Receipt.objects.filter(release=asking).pharmacies().unconfirmed().count()
    assert f"再通知を2回しても返事のない薬局が {left} あります。" in page(staff, "notice", asking.notice_id)
    confirm(cast.receipt(asking, cast.pharmacies[0]))
    listed = page(staff, "notice_pharmacies", asking.notice_id, query="?answer=silent")
    assert [pharmacy.name in listed for pharmacy in cast.pharmacies] == [False, *[True] * (left - 1)]


def test_what_the_site_will_do_by_itself_is_told_of_notices_without_a_deadline_too(cast: Cast):
    issued(cast, TODAY - dt.timedelta(days=1))
    shown = page(cast.client("staff"), "today")
    assert "再通知（未確認" in shown and "これから来る期限や再通知はありません" not in shown


def test_what_nobody_answers_in_the_end_is_a_task_of_the_office(cast: Cast):
    over = issued(
        cast, TODAY - dt.timedelta(days=40), "再通知しても返事のない件", deadline=TODAY - dt.timedelta(days=12)
    )
    issued(cast, TODAY - dt.timedelta(days=20), "まだ再通知中の件", deadline=TODAY - dt.timedelta(days=5))
    staff = cast.client("staff")
    said = "再通知がすべて済んでも、返事のない薬局があります"
    assert page(staff, "today").count(said) == 1
    for pharmacy in cast.pharmacies:
        confirm(cast.receipt(over, pharmacy))
    assert said not in page(staff, "today")


def test_an_administrator_says_by_which_plan_new_notices_remind(cast: Cast, asking):
    admin, where = cast.client("administrator"), reverse("notices:usual_reminders")
    before = plans.chosen(asking)
    typed = {"deadline-before": "5、0", "deadline-after": "10", "deadline-hour": "11", "deadline-most": "2"}
    wrong = admin.post(where, {"kind": "deadline", **typed, "deadline-after": "あした"})
    assert wrong.status_code == 422 and "あした" in wrong.content.decode()
    assert "保存しました。" in text_of(admin.post(where, {"kind": "deadline", **typed}, follow=True))
    assert "変わったところはありません。" in text_of(admin.post(where, {"kind": "deadline", **typed}, follow=True))
    [event] = Event.objects.filter(verb="reminders.usual_changed")
    assert (event.capacity, event.detail["reminder_days"]) == (cast.capacities["administrator"], [-5, 0, 10])
    assert "いつもの再通知の予定を変更" in text_of(admin.get(reverse("history")))
    new, without = issued(cast, TODAY, deadline=SOON), issued(cast, TODAY)
    assert plans.chosen(new) == plans.Choice((-5, 0, 10), 11, 2, None, None)
    assert plans.chosen(without) == plans.usually(from_deadline=False) != plans.chosen(new)
    assert plans.chosen(asking) == before
    assert cast.client("staff").get(where).status_code == 404
