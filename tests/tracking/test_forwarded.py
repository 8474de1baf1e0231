"""The 転送用 address: letter and attachments, no names, no buttons."""

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from notices.models import Receipt, Release
from notices.personal import Scope
from tests.cast import Cast
from tests.tracking.conftest import page, text, token


@pytest.fixture
def chairs(guided: Release, cast: Cast) -> Receipt:
    return cast.receipt(guided, cast.shirasagi)


def test_it_shows_letter_and_attachments(chairs: Receipt, client: Client) -> None:
    shown = text(client.get(page(chairs, "forwarded", scope=Scope.FORWARD)))
    for word in ("平素より本会会務に", "別添1", "操作方法", "portal.example"):
        assert word in shown
    first = chairs.release.notice.attachments.get(label="別添1")
    assert first.title in text(client.get(page(chairs, "forwarded_attachment", first.pk, scope=Scope.FORWARD)))
    assert client.get(page(chairs, "forwarded_letter", scope=Scope.FORWARD)).status_code == 200


def test_it_names_no_recipient_and_has_no_button(chairs: Receipt, client: Client) -> None:
    first = chairs.release.notice.attachments.get(label="別添1")
    for address in (
        page(chairs, "forwarded", scope=Scope.FORWARD),
        page(chairs, "forwarded_attachment", first.pk, scope=Scope.FORWARD),
    ):
        shown = text(client.get(address))
        assert "白鷺" not in shown and "髙栁" not in shown
        assert "<button" not in shown and "<form" not in shown
        assert "会員への周知をお願いいたします" not in shown


def test_it_opens_no_personal_page_and_the_other_way_round(chairs: Receipt, client: Client) -> None:
    assert client.get(reverse("notices:personal", args=[token(chairs, Scope.FORWARD)])).status_code == 404
    assert client.get(reverse("notices:forwarded", args=[token(chairs)])).status_code == 404


def test_there_is_nothing_to_press_behind_it(chairs: Receipt, client: Client) -> None:
    with pytest.raises(NoReverseMatch):
        reverse("notices:forwarded_confirm", args=[token(chairs, Scope.FORWARD)])
    assert client.post(page(chairs, "forwarded", scope=Scope.FORWARD)).status_code == 405
