"""What guards every page: what logs may tell, whose forms are taken, whom a limit counts."""

import logging
from io import StringIO

import pytest
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
