"""No log tells a token, whoever writes it and however it came there."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from config.logs import WithoutTokens, hide_tokens_of, without_tokens
from notices.models import Receipt
from tests.cast import Cast
from tests.tracking.conftest import token

TOKEN = "4f2-pXkQ9_AbCdEfGhIjKlMnOp-r"


@pytest.mark.parametrize(
    "text",
    [
        f"Not Found: /n/{TOKEN}/",
        f"Not Found: /f/{TOKEN}/files/3/",
        f'"GET /n/{TOKEN}/help/ HTTP/1.1" 200',
        f"Invalid HTTP request line: 'GET /n/{TOKEN}/。 HTTP/1.1'",
        f"Reverse for 'personal' with arguments '('{TOKEN}',)' not found.",
        f"https://shuchi.example/n/{TOKEN}",
        "Internal Server Error: /signin/once/Vq3x-abc_def/",
    ],
)
def test_a_token_is_hidden_wherever_it_stands(text: str):
    told = without_tokens(text)
    assert "…" in told and TOKEN not in told and "Vq3x" not in told


@pytest.mark.parametrize(
    "text",
    [
        "Not Found: /notices/12/",
        "Not Found: /own/12/help/",
        "message 0f2a1b3c-4d5e-4f60-8a9b-0c1d2e3f4a5b",
        "2024-10-30 14:05",
    ],
)
def test_what_is_no_token_stays(text: str):
    assert without_tokens(text) == text


@pytest.fixture
def receipt(cast: Cast) -> Receipt:
    return cast.receipt(cast.released(), cast.pharmacies[0])


@pytest.fixture
def console() -> Iterator[io.StringIO]:
    """What the site's own handler writes."""
    ours = next(one for one in logging.getLogger().handlers if any(isinstance(f, WithoutTokens) for f in one.filters))
    written = io.StringIO()
    before = ours.setStream(written)
    yield written
    ours.setStream(before)


def test_the_sites_own_log_names_no_token_of_what_it_refused(receipt: Receipt, console: io.StringIO):
    client, careful = Client(), Client(enforce_csrf_checks=True)
    address = reverse("notices:personal", args=[token(receipt)])
    assert client.get(f"/f/{token(receipt)}/").status_code == 404
    assert client.post(f"{address}name/", {"name": "あ" * 101}).status_code in (409, 422)
    assert client.post(f"{address}help/close/", {"help": "0"}).status_code == 404
    assert careful.post(f"{address}confirm/").status_code == 403
    told = console.getvalue()
    assert told.count("…") >= 3
    assert token(receipt) not in told


def test_an_error_that_names_a_token_is_told_without_it(receipt: Receipt, console: io.StringIO):
    try:
        reverse("notices:no_such_page", args=[token(receipt)])
    except NoReverseMatch:
        logging.getLogger("django.request").exception("Internal Server Error: /n/%s/", token(receipt))
    assert "NoReverseMatch" in console.getvalue()
    assert token(receipt) not in console.getvalue()


def test_a_logger_with_handlers_of_its_own_can_be_made_to_hide_them():
    written, logger = io.StringIO(), logging.Logger("web server")
    logger.addHandler(logging.StreamHandler(written))
    hide_tokens_of(logger)
    logger.warning("Invalid request from ip=%s: '/n/%s/。'", "192.0.2.1", TOKEN)
    assert written.getvalue() == "Invalid request from ip=192.0.2.1: '/n/…/。'\n"
