"""A pharmacy that moved: its earlier notices' state stays with the old district, how it is reached goes with it."""

import pytest
from django.urls import reverse

from members.models import Officer, Organisation
from members.models.officer import Office
from notices.models import Receipt, Release
from tests.boards.reading import sheet, text_of
from tests.cast import Cast

NEW_NUMBER, NEW_MANAGER = "093-555-0001", "新任 管理"


@pytest.fixture
def moved(cast: Cast) -> Receipt:
    release: Release = cast.released()
    pharmacy = cast.pharmacies[0]
    Organisation.objects.filter(pk=pharmacy.pk).update(parent=cast.takaodai, telephone=NEW_NUMBER)
    Officer.objects.create(organisation=pharmacy, office=Office.MANAGER, name=NEW_MANAGER)
    return cast.receipt(release, pharmacy)


def test_the_old_district_reads_the_state_and_not_how_it_is_reached(cast: Cast, moved: Receipt) -> None:
    own = cast.receipt(moved.release, cast.shirasagi)
    address = reverse("notices:district_receipt", args=[own.pk])
    shown = text_of(cast.client("chair").get(address, {"show": "all"}))
    assert "いまは、この地区の薬局ではありません" in shown
    saved = sheet(cast.client("chair").get(address, {"show": "all", "format": "csv"}))
    [row] = [row for row in saved if row["薬局"] == moved.organisation.name]
    assert (row["状況"], row["電話"], row["FAX"], row["管理薬剤師"]) == ("未確認", "", "", "")
    for private in (NEW_NUMBER, NEW_MANAGER):
        assert private not in shown


def test_the_new_district_answers_for_it_and_the_old_one_does_not(cast: Cast, moved: Receipt) -> None:
    address = reverse("notices:on_behalf", args=[moved.pk])
    typed = {"what": "confirmed", "via": "telephone", "person": "髙木"}
    assert cast.client("chair").post(address, typed).status_code == 404
    moved.refresh_from_db()
    assert moved.confirmed_at is None
    assert NEW_MANAGER in text_of(cast.client("other_chair").get(address))
    assert cast.client("other_chair").post(address, typed).status_code == 302
    moved.refresh_from_db()
    assert moved.confirmed_at is not None
