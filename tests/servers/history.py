"""Emptying a test database although its history refuses to be emptied."""

from django.db import transaction
from django.db.backends.base.operations import BaseDatabaseOperations


def flush_with_history(operations: BaseDatabaseOperations, statements: list[str]) -> None:
    """Runs the statements that empty all tables, with the triggers that refuse it at rest meanwhile.

    Stands in for `BaseDatabaseOperations.execute_sql_flush` while tests run; the triggers are as before when it ends.
    On SQLite the others stay at work, since they empty what is searched along with its entries.
    """
    connection = operations.connection
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            triggers = []
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(%'")
            triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            cursor.execute(statement)
        for _, definition in triggers:
            cursor.execute(definition)
