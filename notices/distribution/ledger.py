"""The one statement that sending runs once a message: it records that the last was taken and asks about the next.

Written as SQL, since it costs more than all the rest of a message. PostgreSQL prepares it once a connection and works
it off, to the disk, while the worker already makes and announces the next message; SQLite runs the same words at once.
"""

from dataclasses import dataclass
from weakref import WeakSet

import psycopg
from django.db import connection
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus

from notices.models import Delivery

SENT_AND_NEXT = """
UPDATE notices_delivery
SET state = 'sent', claim = NULL, leased_until = NULL, settled_at = {now}, outcome = '', reply = '', unsure = FALSE
WHERE id = {0} AND attempt = {1} AND state = 'sending'
RETURNING EXISTS (
    SELECT 1
    FROM notices_delivery AS next
    JOIN notices_release ON notices_release.id = next.release_id
    WHERE next.id = {2} AND next.attempt = {3} AND next.state = 'sending'
      AND (notices_release.state = 'sending' OR next.purpose = 'answer' OR next.purpose = 'again' AND NOT EXISTS (
        SELECT 1
        FROM notices_relation
        JOIN notices_notice ON notices_notice.id = notices_relation.source_id
        WHERE notices_relation.target_id = notices_release.notice_id
          AND notices_relation.kind IN ('corrects', 'withdraws') AND notices_notice.state = 'released'
      ))
)
"""
ON_POSTGRESQL = SENT_AND_NEXT.format("$1", "$2", "$3", "$4", now="STATEMENT_TIMESTAMP()").encode()
ON_SQLITE = SENT_AND_NEXT.format("%s", "%s", "%s", "%s", now="STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW')")
NAME = b"sent_and_next"

_prepared_on: WeakSet[psycopg.Connection] = WeakSet()


@dataclass(frozen=True)
class Turn:
    """What one statement told: whether the last message was still ours to settle, and the next still is to be sent."""

    settled: bool
    next_offered: bool


class Sent:
    """The server took `last`: this is being recorded. Until `turn` nothing else may ask the database."""

    def __init__(self, last: Delivery, following: Delivery | None) -> None:
        self._asks = following is not None
        asked = following or last
        self._values = (last.pk, last.attempt, asked.pk, asked.attempt)
        self._under_way: psycopg.Connection | None = None
        self._turn: Turn | None = None
        connection.ensure_connection()
        if connection.vendor == "postgresql":
            self._under_way = connection.connection
            _send(self._under_way, self._values)
        else:  # now, not at `turn`: while the next server answer is awaited, a worker's end must not leave this unsure
            self._turn = self._as_turn(self._recorded_at_once())

    def turn(self) -> Turn:
        """Durably recorded. Raises what the database says; called again, it records anew."""
        if self._turn is None:
            under_way, self._under_way = self._under_way, None
            self._turn = self._as_turn(_receive(under_way) if under_way else self._recorded_at_once())
        return self._turn

    def _as_turn(self, told: bool | None) -> Turn:
        return Turn(settled=told is not None, next_offered=bool(told) and self._asks)

    def _recorded_at_once(self) -> bool | None:
        connection.ensure_connection()
        if connection.vendor == "postgresql":
            _send(connection.connection, self._values)
            return _receive(connection.connection)
        with connection.cursor() as cursor:
            cursor.execute(ON_SQLITE, self._values)
            rows = cursor.fetchall()
        return bool(rows[0][0]) if rows else None


def _send(postgresql: psycopg.Connection, values: tuple[int, ...]) -> None:
    with connection.wrap_database_errors:
        if postgresql not in _prepared_on:
            _check(postgresql, postgresql.pgconn.prepare(NAME, ON_POSTGRESQL))
            _prepared_on.add(postgresql)
        postgresql.pgconn.send_query_prepared(NAME, [str(value).encode() for value in values])
        postgresql.pgconn.flush()


def _receive(postgresql: psycopg.Connection) -> bool | None:
    """The one value that was returned; None where no row was."""
    with connection.wrap_database_errors:
        told = None
        while result := postgresql.pgconn.get_result():
            _check(postgresql, result)
            if result.ntuples:
                told = result.get_value(0, 0) == b"t"
        return told


def _check(postgresql: psycopg.Connection, result: psycopg.pq.abc.PGresult) -> None:
    if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
        raise error_from_result(result)
