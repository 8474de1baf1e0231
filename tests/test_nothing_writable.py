"""Where nothing can be written, what is sent in is refused in words, nothing is half kept, and pages still read."""

import resource
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory

from members.history import NOBODY
from notices import personal
from notices.letters import composing
from notices.models import Notice, Receipt
from notices.views.refusals import server_error
from tests.cast import Cast
from tests.letters.browser import PDF, address, form
from tests.rows import changed, everything
from tests.test_bad_input import says


@contextmanager
def locked() -> Iterator[None]:
    """Somebody else holds the database; our own connection does not wait for long."""
    where = connection.get_connection_params()
    if connection.vendor == "sqlite":
        other = sqlite3.connect(where["database"], isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        ours = "PRAGMA busy_timeout = 50"
    else:
        other = psycopg.connect(**{key: where[key] for key in ("host", "port", "dbname", "user") if key in where})
        other.execute("LOCK TABLE notices_receipt IN SHARE MODE")
        ours = "SET lock_timeout = 50"
    with connection.cursor() as cursor:
        cursor.execute(ours)
    try:
        yield
    finally:
        other.rollback()
        other.close()


@contextmanager
def full() -> Iterator[None]:
    """No file of this process may grow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def unfortunate(client: Client) -> Client:
    """A browser that is shown the error's page."""
    client.raise_request_exception = False
    return client


@pytest.mark.django_db(transaction=True)
def test_while_the_database_is_locked_an_answer_is_refused_in_words_and_pages_still_read(cast: Cast) -> None:
    delivery = cast.released("届出の様式の変更について").deliveries.filter(receipt__audience="pharmacy").first()
    page = personal.address_with(personal.token_of(delivery)).removeprefix(settings.SITE_URL)
    client, button = unfortunate(Client()), f"{page}confirm/"
    before = everything()
    with locked():
        answer = client.post(button)
        assert answer.status_code == 503 and int(answer["Retry-After"]) > 0
        assert "いまは記録できません" in says(answer) and "もう一度" in says(answer)
        assert client.get(page).status_code == 200
    assert changed(before) == set()
    assert client.post(button).status_code == 302
    assert Receipt.objects.get(deliveries=delivery).confirmed_at


@pytest.mark.django_db(transaction=True)
def test_on_a_full_disk_an_upload_is_refused_in_words_and_pages_still_read(cast: Cast) -> None:
    desk, draft = unfortunate(cast.client("staff")), composing.draft_own("在宅患者の残薬調整について", NOBODY)
    before, page = everything(), address("compose", draft)
    with full():
        answer = desk.post(page, enclosing(draft))
        assert answer.status_code == 503
        assert "いまは記録できません" in says(answer) and "空き" in says(answer)
        assert desk.get(page).status_code == 200
    assert changed(before) <= {"notices_notice"}  # the page saves what was typed before it takes the file
    assert desk.post(page, enclosing(draft)).status_code == 302
    assert draft.attachments.get().file.read() == PDF


def enclosing(draft: Notice) -> dict[str, object]:
    file = SimpleUploadedFile("操作方法.pdf", PDF)
    return form(draft, do="add", **{"added-label": "別添", "added-title": "", "added-file": file})


def test_any_other_fault_of_ours_is_not_told_as_one_that_passes(rf: RequestFactory) -> None:
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        answer = server_error(rf.get("/"))
    assert answer.status_code == 500 and "Retry-After" not in answer
