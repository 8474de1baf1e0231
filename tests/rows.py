"""What the database holds, for tests that say that something changes nothing."""

from django.db import connection


def everything() -> dict[str, list[str]]:
    """Every row of every table, by table."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return {table: _rows(cursor, table) for table in tables}


def _rows(cursor: object, table: str) -> list[str]:
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
    return sorted(map(repr, cursor.fetchall()))


def changed(before: dict[str, list[str]]) -> set[str]:
    """The tables whose rows are others than before."""
    now = everything()
    return {table for table in before | now if before.get(table) != now.get(table)}
