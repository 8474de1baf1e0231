"""What somebody can do to the history who has the database itself, with its triggers at rest."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.utils import CursorWrapper

from members.models import Seal
from members.seals.digests import sum_of


@contextmanager
def past_the_site() -> Iterator[CursorWrapper]:
    """The database's own language, and no trigger that refuses anything."""
    with connection.cursor() as cursor:
        triggers: list[tuple[str, str]] = []
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield cursor
        for _, definition in triggers:
            cursor.execute(definition)
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = DEFAULT")


def edit(event_id: int, **values: object) -> None:
    with past_the_site() as cursor:
        for column, value in values.items():
            cursor.execute(f"UPDATE members_event SET {column} = %s WHERE id = %s", [value, event_id])


def remove(event_id: int) -> None:
    with past_the_site() as cursor:
        cursor.execute("DELETE FROM members_event WHERE id = %s", [event_id])


def insert(event_id: int, like: int) -> None:
    """A line that never happened, in every other column as an existing one."""
    rest = "at, verb, account_id, capacity_id, organisation_id, subject_kind, subject_id, detail"
    with past_the_site() as cursor:
        cursor.execute(
            f"INSERT INTO members_event (id, {rest}) SELECT %s, {rest} FROM members_event WHERE id = %s",
            [event_id, like],
        )


def reseal(*numbers: int) -> None:
    """These seals made anew over what is there now, each on the digest that the seal before has by then."""
    for number in numbers:
        seal = Seal.objects.get(pk=number)
        before = Seal.objects.filter(pk=number - 1).values_list("digest", flat=True).first() or ""
        found = sum_of(seal, before)
        with past_the_site() as cursor:
            cursor.execute(
                "UPDATE members_seal SET digest = %s, count = %s, fingerprints = %s WHERE number = %s",
                [found.digest, found.count, found.fingerprints, number],
            )


def unseal(number: int) -> None:
    with past_the_site() as cursor:
        cursor.execute("DELETE FROM members_sealmail WHERE seal_id = %s", [number])
        cursor.execute("DELETE FROM members_seal WHERE number = %s", [number])


def as_json(**detail: object) -> str:
    return json.dumps(detail)
