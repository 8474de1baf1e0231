"""Where a line of attachments may lead."""

import pytest

from notices.views.links import web_link


def test_a_web_address_opens_and_names_its_machine():
    link = web_link("参考", "案内", "https://portal.example/guide?id=1")
    assert (link.url, link.about, link.leaves) == ("https://portal.example/guide?id=1", "portal.example", True)


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "ftp://portal.example/", "http://[x", "https://"])
def test_anything_else_leads_nowhere(url: str):
    assert (web_link("参考", "案内", url).url, web_link("参考", "案内", url).leaves) == ("", False)
