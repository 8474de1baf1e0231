"""Files that are too large are left out in the browser, by name, before anything is sent; the others stay chosen."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from pytest_django.live_server_helper import LiveServer

from tests.cast import Cast
from tests.letters.test_bound_browser import signed_in
from tests.written_pdf import written

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_too_large_is_named_and_the_rest_stays_chosen(
    cast: Cast, live_server: LiveServer, new_context: Callable[..., BrowserContext], tmp_path: Path, settings
):
    settings.UPLOAD_MAX_BYTES, settings.REQUEST_MAX_BYTES = 1024**2, 2 * 1024**2
    sizes = {"small.pdf": 1000, "large.pdf": 1024**2 + 1, "a.pdf": 900_000, "b.pdf": 900_000, "c.pdf": 900_000}
    for name, size in sizes.items():
        (tmp_path / name).write_bytes(written().ljust(size, b"%"))
    desk = signed_in(cast, "staff", new_context(base_url=live_server.url), live_server)
    desk.goto("/packets/new/")
    chosen = desk.locator("input[type=file]")
    told = desk.get_by_text("「large.pdf」「c.pdf」は大きすぎるため、選んだものから外しました。")
    chosen.set_input_files([tmp_path / "small.pdf"])
    expect(told).to_be_hidden()
    chosen.set_input_files([tmp_path / name for name in sizes])
    expect(told).to_be_visible()
    expect(desk.get_by_text("ファイルは 1 つ 1 MB、合わせて 2 MB までです。")).to_be_visible()
    assert chosen.evaluate("input => [...input.files].map((file) => file.name)") == ["small.pdf", "a.pdf", "b.pdf"]
    assert desk.locator("input[name=too_large]").input_value() == "large.pdf\nc.pdf"
    assert desk.locator("[data-chosen] li").all_inner_texts() == ["small.pdf", "a.pdf", "b.pdf"], "in their order"
    chosen.set_input_files([tmp_path / "small.pdf"])
    assert desk.locator("input[name=too_large]").input_value() == "", "what is chosen now counts"
