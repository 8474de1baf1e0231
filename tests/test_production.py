"""A site set up for production passes every check that Django has for that."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

PRODUCTION = {
    "SITE_URL": "https://shuchi.example",
    "SECRET_KEY": "".join(chr(ord("!") + number) for number in range(80)),
    "DATABASE_URL": "postgres://shuchi:secret@db.example/shuchi",
    "REDIS_URL": "redis://redis.example:6379/0",
    "EMAIL_URL": "smtp+tls://shuchi:secret@mail.example:587",
    "BOUNCE_ADDRESS": "bounce@shuchi.example",
    "DJANGO_SETTINGS_MODULE": "config.settings",
}


def managed(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", *arguments]
    environment = os.environ | PRODUCTION | {"SHUCHI_VAR": str(tmp_path)}
    del environment["DJANGO_ALLOW_ASYNC_UNSAFE"]  # of the tests' own
    return subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)


def test_a_production_site_passes_all_checks(tmp_path: Path) -> None:
    done = managed(tmp_path, "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


# The doors as they are with an https address, told by the site in a process of its own.
DOORS = """
import json, re, django
django.setup()
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
client = Client(enforce_csrf_checks=True, headers={"host": "shuchi.example"})
behind = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}

def told(answer):
    cookies = {name: cookie.OutputString() for name, cookie in answer.cookies.items()}
    return {"status": answer.status_code, "headers": dict(answer.headers), "cookies": cookies}

def ask(path, **headers):
    return told(client.get(path, headers=behind | headers))

page = client.get("/signin/", headers=behind)
form_token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]
form = {"email": "nobody@shuchi.example", "csrfmiddlewaretoken": form_token}

def send(**headers):
    return told(client.post("/signin/", form, headers=behind | headers))

print(json.dumps({
    "plain": told(client.get("/signin/")),
    "page": told(page),
    "lost": ask("/nowhere/"),
    "closed": ask("/n/unknown/"),
    "forged": ask("/signin/", host="evil.example"),
    "local": ask("/signin/", host="localhost"),
    "forwarded": ask("/signin/", **{"X-Forwarded-Host": "evil.example"}),
    "strange form": send(Origin="https://evil.example"),
    "strange page": send(Origin="null", **{"Sec-Fetch-Site": "cross-site"}),
    "unnamed": send(),
    "own form": send(Origin="null", **{"Sec-Fetch-Site": "same-origin"}),
}))
"""


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    folder = tmp_path_factory.mktemp("production")
    environment = os.environ | PRODUCTION | {"SHUCHI_VAR": str(folder), "DATABASE_URL": ""}
    environment |= {"REDIS_URL": f"unix://{settings.VAR_DIR}/redis.sock", "EMAIL_URL": ""}
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(command, env=environment, check=True)
    command = [sys.executable, "-c", DOORS]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_whoever_comes_by_http_is_led_to_https(doors: dict[str, dict]) -> None:
    assert (doors["plain"]["status"], doors["plain"]["headers"]["Location"]) == (301, "https://shuchi.example/signin/")


@pytest.mark.parametrize("place", ["page", "lost", "closed", "forged"])
def test_every_answer_binds_to_https_and_is_framed_by_nobody(doors: dict[str, dict], place: str) -> None:
    headers = doors[place]["headers"]
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy and "default-src 'self'" in policy and "unsafe" not in policy
    assert "no-store" in headers["Cache-Control"]


def test_cookies_are_bound_to_this_host_and_to_https(doors: dict[str, dict]) -> None:
    assert set(doors["page"]["cookies"]) == {"__Host-csrf"}
    assert set(doors["own form"]["cookies"]) == {"__Host-session"}
    for cookie in (*doors["page"]["cookies"].values(), *doors["own form"]["cookies"].values()):
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


def test_no_other_host_is_answered_for(doors: dict[str, dict]) -> None:
    assert [doors[place]["status"] for place in ("forged", "local")] == [400, 400]
    assert doors["forwarded"]["status"] == 200 and "evil" not in str(doors["forwarded"])


def test_forms_are_taken_from_the_sites_own_pages_only(doors: dict[str, dict]) -> None:
    refused = [doors[kind]["status"] for kind in ("strange form", "strange page", "unnamed")]
    assert refused == [403, 403, 403]
    assert doors["own form"]["status"] == 302
