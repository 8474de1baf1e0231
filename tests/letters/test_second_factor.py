"""A release, its schedule and sending again to all ask for the second factor again; nothing typed is lost."""

import pytest
from django.test import Client
from django.urls import reverse

from notices.models import Notice, Release
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.members.second_factors import SECRET, code_of, give_app, let_pass

TOMORROW = {"sure": "on", "day": "令和99年1月2日", "clock": "9:00"}


@pytest.fixture
def client(cast: Cast) -> Client:
    """A member of the staff who showed an app a while ago."""
    client = cast.client("staff")
    give_app(cast.capacities["staff"].account)
    let_pass(client, minutes=16)
    return client


def test_a_release_waits_for_the_second_factor_and_then_for_the_button(cast: Cast, client: Client) -> None:
    draft = cast.approved(cast.draft())
    address = reverse("notices:check", args=[draft.pk])
    asked = client.post(address, {"sure": "on"})
    assert asked.url == f"/account/prove/?next={address}"
    back = client.post(asked.url, {"code": code_of(SECRET)})
    assert back.url == address
    page = client.get(back.url)
    assert "まだ何も決裁・発出・送信していません" in text_of(page)
    assert page.context["form"]["sure"].value()
    draft.refresh_from_db()
    assert draft.state == Notice.State.DRAFT
    client.post(address, {"sure": "on"})
    draft.refresh_from_db()
    assert draft.state == Notice.State.RELEASED


def test_a_schedule_is_given_back_as_it_was_typed(cast: Cast, client: Client) -> None:
    draft = cast.approved(cast.draft())
    address = reverse("notices:schedule", args=[draft.pk])
    asked = client.post(address, TOMORROW)
    page = client.get(client.post(asked.url, {"code": code_of(SECRET)}).url)
    assert page.context["schedule_form"]["day"].value() == "令和99年1月2日"
    assert Release.objects.get().scheduled_at is None


@pytest.mark.parametrize("name", ["release_again", "release_stopped"])
def test_sending_again_to_all_asks_and_leads_back_to_its_page(cast: Cast, client: Client, name: str) -> None:
    release = cast.released()
    address = reverse(f"notices:{name}", args=[release.pk])
    asked = client.post(address)
    assert asked.url == f"/account/prove/?next={address}"
    assert "まだ何も決裁・発出・送信していません" in text_of(
        client.get(client.post(asked.url, {"code": code_of(SECRET)}).url)
    )


def test_within_a_quarter_of_an_hour_nothing_is_asked(cast: Cast) -> None:
    client, draft = cast.client("staff"), cast.approved(cast.draft())
    let_pass(client, minutes=14)
    client.post(reverse("notices:check", args=[draft.pk]), {"sure": "on"})
    draft.refresh_from_db()
    assert draft.state == Notice.State.RELEASED


def test_how_long_is_a_setting(cast: Cast, settings: object) -> None:
    settings.SECOND_FACTOR_MINUTES = 5
    client, draft = cast.client("staff"), cast.draft()
    let_pass(client, minutes=6)
    assert client.post(reverse("notices:check", args=[draft.pk]), {"sure": "on"}).url.startswith("/account/prove/")


def test_by_a_pass_that_was_used_long_ago_one_is_told_how_to_go_on(cast: Cast) -> None:
    client, draft = cast.client("staff"), cast.draft()
    let_pass(client, minutes=16)
    asked = client.post(reverse("notices:check", args=[draft.pk]), {"sure": "on"}, follow=True)
    assert "認証アプリを用意する" in text_of(asked) and "新しいサインイン用アドレス" in text_of(asked)
    draft.refresh_from_db()
    assert draft.state == Notice.State.DRAFT


def test_pausing_is_never_held_up(cast: Cast, client: Client) -> None:
    release = cast.released()
    Release.objects.update(state=Release.State.SENDING)
    client.post(reverse("notices:release_pause", args=[release.pk]))
    release.refresh_from_db()
    assert release.state == Release.State.PAUSED
