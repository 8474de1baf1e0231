"""仕上がり beside the form: the draft as a pharmacy, its mails and its FAX will show it, with what is typed so far."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from members.models import Event
from notices.letters import numbering
from notices.models import Delivery, Notice, Receipt, Release
from tests.cast import Cast
from tests.letters.browser import address, form, shown

SUBJECT = "在宅の届出の期限について"
COVERING = "三月末までにお出しください。"


def look(desk: Client, draft: Notice, key: str, **typed: object) -> str:
    sent = form(draft, look=key, subject=SUBJECT, covering_pharmacies=COVERING, **typed)
    return shown(desk.post(address("preview", draft), sent)).replace("<wbr>", "")


@pytest.mark.parametrize("key", ["phone", "mail"])
def test_what_is_typed_is_seen_as_its_readers_will_see_it(desk: Client, draft: Notice, key: str) -> None:
    expected = numbering.expected_for(draft, numbering.expected_day(draft))
    page = look(desk, draft, key)
    assert SUBJECT in page and COVERING in page and expected in page
    assert "○○薬局" in page


def test_looking_saves_and_sends_nothing(desk: Client, draft: Notice) -> None:
    events, subject, changed = Event.objects.count(), draft.subject, draft.changed_at
    for key in ("letter", "phone", "mail", "fax", "no such look"):
        look(desk, draft, key)
    draft.refresh_from_db()
    assert (Event.objects.count(), draft.subject, draft.changed_at) == (events, subject, changed)
    assert not Receipt.objects.exists() and not Delivery.objects.exists()


def test_both_audiences_of_the_mails_are_shown(desk: Client, draft: Notice) -> None:
    page = look(desk, draft, "mail", covering_chairs="会員にお知らせください。")
    assert "○○地区薬剤師会会長" in page and "会員にお知らせください。" in page


def test_a_pharmacy_is_asked_on_the_screen_only_what_the_draft_asks(desk: Client, draft: Notice) -> None:
    assert "確認しました" in look(desk, draft, "phone", ask="confirm")
    assert "押すボタンはありません" in look(desk, draft, "phone", ask="inform")


def test_the_fax_is_a_picture_of_the_sheet_and_of_the_pages_behind_it(desk: Client, draft: Notice) -> None:
    assert look(desk, draft, "fax").count("data:image/png") == 1
    # Four times what a sheet has room for goes to a page of its own.
    sent = form(draft, look="fax", covering_pharmacies="\n".join([COVERING * 8] * 12))
    assert shown(desk.post(address("preview", draft), sent)).count("data:image/png") == 2


def test_a_deadline_that_cannot_be_read_leaves_the_saved_one_in_view(desk: Client, draft: Notice) -> None:
    day = timezone.localdate() + dt.timedelta(days=9)
    Release.objects.filter(notice=draft).update(deadline=day)
    draft.refresh_from_db()
    assert f"{day.month}月{day.day}日" in look(desk, draft, "mail", deadline="そのうち")


@pytest.mark.django_db(transaction=True)
def test_the_screen_of_a_pharmacy_follows_what_is_typed(
    cast: Cast, draft: Notice, live_server: LiveServer, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context(base_url=live_server.url)
    session = cast.client("staff").cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(address("compose", draft))
    page.get_by_text("薬局の画面", exact=True).click()
    screen = page.frame_locator("iframe")
    expect(screen.get_by_role("heading", level=1)).to_have_text(draft.subject)
    page.get_by_label("件名").fill(SUBJECT)
    expect(screen.get_by_role("heading", level=1)).to_have_text(SUBJECT)
    page.get_by_label("件名").fill(f"再度、{SUBJECT}")
    page.get_by_text("メール", exact=True).click()  # at once: what was typed last is seen there
    expect(page.get_by_role("region", name="仕上がり").get_by_text(f"再度、{SUBJECT}").first).to_be_visible()
    expect(page.get_by_role("heading", name="地区会長あて")).to_be_visible()
    expect(page.get_by_label("件名")).to_have_value(f"再度、{SUBJECT}")
