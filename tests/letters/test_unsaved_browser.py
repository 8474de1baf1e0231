"""What is typed and not saved: leaving the page asks first, saving does not, and the PDF shows it as typed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from notices.models import Notice
from tests.cast import Cast
from tests.letters.browser import address
from tests.letters.test_bound_browser import signed_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft(cast: Cast) -> Notice:
    return cast.draft("在宅の届出について")


@pytest.fixture
def desk(cast: Cast, draft: Notice, live_server: LiveServer, new_context: Callable[..., BrowserContext]) -> Page:
    page = signed_in(cast, "staff", new_context(base_url=live_server.url), live_server)
    page.goto(address("compose", draft))
    return page


def asked(page: Page, answer: str) -> list[str]:
    """Which questions the page asks from now on, each answered by `accept` or `dismiss`."""
    kinds: list[str] = []

    def reply(dialog: Dialog) -> None:
        kinds.append(dialog.type)
        getattr(dialog, answer)()

    page.on("dialog", reply)
    return kinds


def test_whoever_leaves_what_is_typed_is_asked_and_may_stay(desk: Page, draft: Notice) -> None:
    kinds = asked(desk, "dismiss")
    desk.get_by_label("件名").fill("書きかけの件名")
    desk.get_by_role("link", name="発出", exact=True).click()
    expect(desk.get_by_label("件名")).to_have_value("書きかけの件名")
    assert kinds == ["beforeunload"]


def test_whoever_saves_is_not_asked(desk: Page, draft: Notice) -> None:
    kinds = asked(desk, "dismiss")
    desk.get_by_label("件名").fill("書き終えた件名")
    desk.get_by_role("button", name="下書きを保存").last.click()
    expect(desk.get_by_text("下書きを保存しました")).to_be_visible()
    desk.get_by_role("link", name="発出", exact=True).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("発出")
    assert kinds == []


def test_what_was_refused_is_still_unsaved(desk: Page, draft: Notice) -> None:
    kinds = asked(desk, "dismiss")
    desk.get_by_label("確認期限").fill("13月40日")
    desk.get_by_role("button", name="下書きを保存").last.click()
    expect(desk.get_by_text("まだ保存していません").first).to_be_visible()
    desk.get_by_role("link", name="発出", exact=True).click()
    expect(desk.get_by_label("確認期限")).to_have_value("13月40日")
    assert kinds == ["beforeunload"]


def test_the_pdf_opens_beside_the_page_as_typed_and_leaves_it_unsaved(desk: Page, draft: Notice) -> None:
    kinds = asked(desk, "dismiss")
    desk.get_by_label("件名").fill("書きかけの件名")
    with desk.context.expect_page() as beside:
        desk.get_by_role("button", name="PDF で見る").click()
    beside.value.wait_for_load_state()
    desk.get_by_role("link", name="発出", exact=True).click()
    expect(desk.get_by_label("件名")).to_have_value("書きかけの件名")
    assert kinds == ["beforeunload"]
    draft.refresh_from_db()
    assert draft.subject == "在宅の届出について"
