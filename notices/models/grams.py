"""The column of n-grams, indexed by either database: GIN over bigint[] on PostgreSQL, FTS5 over words on SQLite."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql.compiler import SQLCompiler

from notices.grams import code

# The full-text table on SQLite, to which triggers move what is written into the column.
SQLITE_TABLE = "notices_entry_grams"
HOLDING = f"FROM {SQLITE_TABLE} WHERE {SQLITE_TABLE} MATCH %s"
CONTAINING = "FROM notices_entry WHERE grams @> %s::bigint[]"


class GramsField(models.Field):
    """A set of grams (str). It is written and searched by `hold`, and never read: it is as long as the text."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "bigint[]" if connection.vendor == "postgresql" else "text"

    def get_db_prep_value(
        self, value: Iterable[str], connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> list[int] | str:
        if connection.vendor == "postgresql":
            return sorted(map(code, value))
        return " ".join(sorted(value)) or " "  # an empty text is what the triggers leave behind


@GramsField.register_lookup
class Hold(models.Lookup):
    """Those that have every one of the given grams, of which there must be some."""

    lookup_name = "hold"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        return "%s", [value]

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} @> %s::bigint[]", [*params, list(map(code, self.rhs))]

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        key = compiler.quote_name_unless_alias(self.lhs.target.model._meta.pk.column)
        row = f"{compiler.quote_name_unless_alias(self.lhs.alias)}.{key}"
        return f"{row} IN (SELECT rowid {HOLDING})", [_all_of(self.rhs)]


def number_in_index(grams: Sequence[str]) -> int:
    """How many rows have every one of these grams. The index tells it: hardly a row is looked at."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"SELECT count(*) {HOLDING}", [_all_of(grams)])
        else:
            cursor.execute(f"SELECT count(*) {CONTAINING}", [list(map(code, grams))])
        return cursor.fetchone()[0]


def _all_of(grams: Iterable[str]) -> str:
    return " AND ".join(f'"{gram}"' for gram in grams)
