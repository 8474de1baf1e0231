"""Many new rows for one table at once: COPY on PostgreSQL, one prepared statement on SQLite.

For a nation's pharmacies, objects and a statement for every thousand of them take longer than all that they need to be
read and checked.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from operator import itemgetter
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

ENCODER = DjangoJSONEncoder(ensure_ascii=False)


def new_keys(model: type[models.Model], count: int) -> list[int]:
    """Keys that nobody else gets, for so many new rows. Call it in the transaction that inserts them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(sequence, [table, count])
            return [key for (key,) in cursor]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or [0])[0]
    return list(range(last + 1, last + 1 + count))


def insert(model: type[models.Model], rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows, each given by its columns; what a row does not name is the field's default.

    Raises IntegrityError where the database refuses one; then none is written.
    """
    waiting = iter(rows)
    if (first := next(waiting, None)) is None:
        return
    fields = [field for field in model._meta.concrete_fields if not field.primary_key or field.attname in first]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = _values(fields, chain([first], waiting))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = f'COPY "{model._meta.db_table}" ({columns}) FROM STDIN'
            with connection.wrap_database_errors, cursor.copy(statement) as copy:
                for row in values:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            cursor.executemany(f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks})', values)


def _values(fields: list[models.Field], rows: Iterable[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Each row as the columns want it."""
    defaults = {field.attname: field.get_default() for field in fields}
    in_json = [field.attname for field in fields if isinstance(field, models.JSONField)]
    defaults |= {name: ENCODER.encode(defaults[name]) for name in in_json}
    in_order = itemgetter(*defaults)
    for row in rows:
        given = defaults | row
        for name in in_json:
            if name in row:
                given[name] = ENCODER.encode(row[name])
        yield in_order(given)
