"""What guards every page: what logs may tell, whose forms are taken, whom a limit counts."""

import logging
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from members.models import SigninPass
from tests.cast import Cast
from tests.members.test_signin import printed_pass


def test_the_log_of_a_refused_sign_in_does_not_tell_the_address(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    [console] = [handler for handler in logging.getLogger().handlers if handler.name == "console"]
    monkeypatch.setattr(console, "stream", StringIO())
    address = printed_pass("staff@shuchi.example")
    assert Client(enforce_csrf_checks=True).post(address).status_code == 403
    assert SigninPass.objects.get().used_at is None
    logged = console.stream.getvalue()
    assert "Forbidden" in logged and "/signin/once/…" in logged
    assert address not in logged


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_that_another_site_sends_is_refused_though_its_token_fits(cast: Cast, site: str) -> None:
    client = Client(enforce_csrf_checks=True)
    form_token = str(client.get("/signin/").context["csrf_token"])
    form = {"csrfmiddlewaretoken": form_token, "email": "staff@shuchi.example"}
    refused = client.post("/signin/", form, headers={"Origin": "null", "Sec-Fetch-Site": site})
    assert refused.status_code == 403
    assert client.get("/signin/", headers={"Sec-Fetch-Site": site}).status_code == 200
    taken = client.post("/signin/", form, headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"})
    assert taken.status_code == 302


# Whom a limit counts, told by the site as it is set up for an address.
MANY_BEHIND_A_PROXY = """
import django
django.setup()
from allauth.account.adapter import get_adapter
from django.test import RequestFactory
request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": "198.51.100.9, 203.0.113.7"})
print(get_adapter(request).get_client_ip(request))
"""


@pytest.mark.parametrize(
    ("site", "counted"), [("https://shuchi.example", "203.0.113.7"), ("http://localhost:8000", "127.0.0.1")]
)
def test_limits_count_who_stands_before_the_proxy(site: str, counted: str, tmp_path: Path) -> None:
    environment = os.environ | {"SITE_URL": site, "SHUCHI_VAR": str(tmp_path)}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    environment["SECRET_KEY"] = "a key for this test only, of fifty letters and more, surely"
    command = [sys.executable, "-c", MANY_BEHIND_A_PROXY]
    told = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == counted
