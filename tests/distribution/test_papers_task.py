"""紙を送る: whoever is reached by paper only gets nothing until staff post it, so the task stays in their sight."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse
from pytest_django.fixtures import Settings

from members.history import NOBODY
from notices.distribution import by_hand
from notices.models import Release
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.distribution.paper import letter as letter
from tests.distribution.paper import release as release
from tests.distribution.paper import wants_fax

Issue = Callable[..., Release]


def read(cast: Cast, url: str) -> str:
    return text_of(cast.client("staff").get(url))


def papers(release: Release) -> str:
    return reverse("notices:release_papers", args=[release.pk])


def board(release: Release) -> str:
    return reverse("notices:notice", args=[release.notice_id])


def noted(release: Release) -> dt.datetime:
    """The moment at which all papers were noted as sent."""
    by_hand.note_sent(release, NOBODY, None, max(pile.newest for pile in by_hand.piles(release)))
    return by_hand.notes(release)[0].at


def test_papers_to_be_posted_are_a_task_of_today_until_they_are_noted(cast: Cast, release: Release) -> None:
    page = cast.client("staff").get("/today/")
    assert "郵送・FAX の 4 宛先 に、紙を送ってください（郵送 3、FAX 1）" in text_of(page)
    assert f'href="{papers(release)}"' in page.content.decode()
    assert "紙で送る通知" in text_of(page)

    at = noted(release)
    assert "紙を送ってください" not in read(cast, "/today/")
    by_hand.take_back(release, NOBODY, at)
    assert "郵送・FAX の 4 宛先 に、紙を送ってください" in read(cast, "/today/")


def test_the_board_names_the_papers_as_the_next_move_until_they_are_noted(cast: Cast, release: Release) -> None:
    page = cast.client("staff").get(board(release))
    assert "郵送・FAX の 4 宛先に紙を送る" in text_of(page)
    assert f'href="{papers(release)}"' in page.content.decode()

    noted(release)
    assert "紙を送る" not in read(cast, board(release))


@pytest.mark.parametrize("change", [{"state": Release.State.STOPPED}, {"superseded_by": "itself"}])
def test_a_release_that_goes_out_no_more_has_no_papers_to_post(
    cast: Cast, release: Release, change: dict[str, object]
) -> None:
    if "superseded_by" in change:
        change = {"superseded_by": cast.released("訂正")}
    Release.objects.filter(pk=release.pk).update(**change)
    assert by_hand.waiting(Release.objects.filter(pk=release.pk)) == []


def test_with_a_gateway_a_fax_goes_by_itself_and_is_no_task(cast: Cast, issue: Issue, settings: Settings) -> None:
    settings.FAX_GATEWAY = "{number}@fax.example"
    wants_fax(cast.pharmacies[3])
    issue()
    assert "紙を送ってください" not in read(cast, "/today/")
