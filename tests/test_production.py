"""A site set up for production passes every check that Django has for that."""

import os
import subprocess
import sys
from pathlib import Path

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
