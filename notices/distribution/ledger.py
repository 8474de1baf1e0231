"""The one statement that sending runs once a message: it records that the last was taken and asks about the next.

Written as SQL, since it costs more than all the rest of a message. PostgreSQL plans it once (psycopg prepares it, where
the connection's `prepare_threshold` allows it), and SQLite runs the same words.
"""

from dataclasses import dataclass

import psycopg
from django.db import connection

from notices.models import Delivery

SENT_AND_NEXT = """
UPDATE notices_delivery
SET state = 'sent', claim = NULL, leased_until = NULL, settled_at = {now}, outcome = '', reply = '', unsure = FALSE
WHERE id = %s AND attempt = %s AND state = 'sending'
RETURNING EXISTS (
    SELECT 1
    FROM notices_delivery AS next
    JOIN notices_receipt ON notices_receipt.id = next.receipt_id
    JOIN notices_release ON notices_release.id = notices_receipt.release_id
    WHERE next.id = %s AND next.attempt = %s AND next.state = 'sending'
      AND (notices_release.state = 'sending' OR next.purpose = 'again' AND NOT EXISTS (
          SELECT 1
          FROM notices_relation
          JOIN notices_notice ON notices_notice.id = notices_relation.source_id
          WHERE notices_relation.target_id = notices_release.notice_id AND notices_notice.state = 'released'
            AND notices_relation.kind IN ('corrects', 'withdraws')
      ))
)
"""
NOW = {"postgresql": "STATEMENT_TIMESTAMP()", "sqlite": "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW')"}


@dataclass(frozen=True)
class Turn:
    """What one statement told: whether the last message was still ours to settle, and the next still is to be sent."""

    settled: bool
    next_offered: bool


def sent(last: Delivery, following: Delivery | None) -> Turn:
    """Record that the server took `last`, durably, and look whether `following` is still claimed by us and offered."""
    asked = following or last
    rows = _run(SENT_AND_NEXT.format(now=NOW[connection.vendor]), (last.pk, last.attempt, asked.pk, asked.attempt))
    if not rows:
        return Turn(settled=False, next_offered=False)
    return Turn(settled=True, next_offered=bool(rows[0][0]) and following is not None)


def _run(sql: str, values: tuple[int, ...]) -> list[tuple]:
    connection.ensure_connection()
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()
    # Django's own cursors put values into the text, so that PostgreSQL would parse and plan it for each message.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(sql, values, prepare=True)
        return cursor.fetchall()
