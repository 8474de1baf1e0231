"""A district chair's morning, on a phone: from the sign-in to the list that is taken along to the telephone."""

import datetime as dt
import re

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from members import signin, workdays
from members.models import Event
from notices.models import Delivery, OnBehalf, Receipt, Release
from notices.models.receipt import Reach, Via
from tests.cast import Cast
from tests.passing.conftest import written
from tests.reminders.conftest import at, issued

SUBJECT = "年末年始の連絡体制について"
WORDS = "木曜の例会でお話しします。その前に確認をお願いします。"


@pytest.mark.django_db(transaction=True)
def test_a_chair_looks_after_the_members_before_the_first_patient(
    cast: Cast, phone: Page, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
):
    now = at(workdays.on_or_after(timezone.localdate() + dt.timedelta(days=1)), 10)
    monkeypatch.setattr(timezone, "now", lambda: now)
    through, asking = written(cast).release, issued(cast, timezone.localdate(), SUBJECT)
    first, second, third = (cast.receipt(asking, each) for each in cast.pharmacies[:3])
    Receipt.objects.filter(pk=second.pk).update(reach=Reach.FAILED, reach_reason="宛先が不明です")

    # Signed in, the chair sees what waits, and confirms that it has come.
    token = signin.make_pass(cast.capacities["chair"].account)
    phone.goto(live_server.url + reverse("signin_pass", args=[token]))
    phone.get_by_role("button", name="サインインする").tap()
    expect(phone.get_by_text("まだ会員に送っていない通知が 1 件あります。")).to_be_visible()
    expect(phone.get_by_text("ほかに、まだ受領を確認していない通知が 1 件あります。")).to_be_visible()
    phone.get_by_role("button", name=re.compile(f"受領を確認しました.*{SUBJECT}")).tap()
    expect(phone.get_by_text("受領を確認しました。県薬剤師会に伝わりました。")).to_be_visible()

    # What goes through the district is passed on by a letter of its own.
    phone.goto(live_server.url + reverse("notices:district"))
    phone.get_by_role("link", name=re.compile("会員に送る")).first.tap()
    phone.get_by_role("checkbox", name="送ると取り消せないこと").check()
    phone.get_by_role("button", name="会員の 3 薬局に送る").tap()
    expect(phone.get_by_role("heading", name=re.compile("^会員への文書"))).to_be_visible()
    letter = Release.objects.get(passes_on=through)
    assert Delivery.objects.filter(release=letter).count() == 3

    # Of the other, whom no mail reached is to be called. One tap notes the call, one the answer.
    phone.goto(live_server.url + reverse("notices:district_receipt", args=[cast.receipt(asking, cast.shirasagi).pk]))
    rows = phone.locator(".call .who strong")
    expect(rows).to_have_text([second.organisation.name])
    phone.get_by_role("button", name=re.compile(f"電話済.*{second.organisation.name}")).tap()
    row = phone.locator(".call").filter(has_text=second.organisation.name)
    expect(row.locator(".state")).to_contain_text("電話済")
    assert Event.objects.filter(verb="receipt.called", subject_id=second.pk).count() == 1
    phone.get_by_role("link", name=re.compile("^未確認")).tap()
    expect(rows).to_have_text([each.organisation.name for each in (first, third, second)])
    phone.get_by_role("button", name=re.compile(f"代理確認.*{first.organisation.name}")).tap()
    # The row stays where it is with what was recorded, so that the next one is the next to be called.
    done = phone.locator(".call-told")
    expect(done.get_by_role("button", name="取り消す", exact=True)).to_be_visible()
    expect(done.locator(".told")).to_be_focused()
    expect(rows).to_have_text([each.organisation.name for each in (first, third, second)])
    expect(phone.get_by_role("link", name=re.compile("^未確認"))).to_have_text("未確認 2")
    phone.reload()
    expect(rows).to_have_text([each.organisation.name for each in (third, second)])
    assert OnBehalf.objects.get(receipt=first).via == Via.TELEPHONE

    # To those whom mail reaches the chair writes, having seen the mail.
    phone.get_by_role("link", name="返事のない会員に連絡").tap()
    phone.get_by_label("会員への連絡").fill(WORDS)
    phone.get_by_role("button", name="送る前にメールを見る").tap()
    expect(phone.locator(".mail-text")).to_contain_text(WORDS)
    phone.get_by_role("button", name="1 薬局に送る").tap()
    expect(phone.get_by_text("1 薬局に連絡する手配をしました。")).to_be_visible()
    assert Delivery.objects.get(purpose="reminder").receipt == third

    # The list for the telephone has those who are missing, in the same order: who was called stands last.
    phone.get_by_role("link", name="通知の画面に戻る").tap()
    phone.get_by_role("link", name=re.compile("^未確認")).tap()
    expect(rows).to_have_text([each.organisation.name for each in (third, second)])
    printed = phone.get_by_role("link", name="電話連絡表（PDF）").get_attribute("href")
    answer = phone.context.request.get(live_server.url + printed)
    assert answer.headers["content-type"] == "application/pdf"
    (sheet,) = (page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.body()))
    assert 0 < sheet.index(third.organisation.name) < sheet.index(second.organisation.name)
    assert first.organisation.name not in sheet


@pytest.mark.django_db(transaction=True)
def test_a_press_that_did_not_arrive_says_so_and_one_after_the_session_leads_to_the_sign_in(
    cast: Cast, phone: Page, live_server: LiveServer
):
    release = cast.released()
    token = signin.make_pass(cast.capacities["chair"].account)
    phone.goto(live_server.url + reverse("signin_pass", args=[token]))
    phone.get_by_role("button", name="サインインする").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("通知")
    desk = reverse("notices:district_receipt", args=[cast.receipt(release, cast.shirasagi).pk])
    phone.goto(f"{live_server.url}{desk}?show=unconfirmed")
    phone.context.set_offline(True)
    row = phone.locator(".call").first
    row.get_by_role("button", name=re.compile("^電話済")).tap()
    expect(row.get_by_text("記録できませんでした。")).to_be_visible()
    assert phone.locator(".unsent:visible").count() == 1
    phone.context.set_offline(False)
    phone.context.clear_cookies()
    row.get_by_role("button", name=re.compile("^電話済")).tap()
    phone.wait_for_url(re.compile(r"/signin/\?next=/district/"))
    assert not Event.objects.filter(verb="receipt.called").exists()
