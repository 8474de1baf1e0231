"""Reading a site's database from outside, without the site's code."""

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

Row = dict[str, Any]


class Database:
    """The database that DATABASE_URL names, or the embedded one in the site's folder."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.path = folder / "shuchi.sqlite3"

    @property
    def is_postgresql(self) -> bool:
        return bool(self.url)

    def rows(self, statement: str, **values: Any) -> list[Row]:
        """What the statement finds; :names in it are replaced by values. Waits while the database is away."""
        deadline = time.monotonic() + 60
        while True:
            try:
                with self._connection() as connection:
                    return [dict(row) for row in self._execute(connection, statement, values).fetchall()]
            except (psycopg.OperationalError, sqlite3.OperationalError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def change(self, statement: str, **values: Any) -> None:
        """Changes data behind the site's back."""
        with self._connection() as connection:
            self._execute(connection, statement, values)

    def value(self, statement: str, **values: Any) -> Any:
        """The one value that the statement finds."""
        [row] = self.rows(statement, **values)
        [value] = row.values()
        return value

    def writable(self) -> bool:
        """Whether one can write: on SQLite nobody can while another holds the lock."""
        if self.is_postgresql:
            return True
        with contextlib.closing(sqlite3.connect(self.path, timeout=1, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return False
            connection.execute("ROLLBACK")
            return True

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """SQLite only: nobody else writes meanwhile."""
        connection = sqlite3.connect(self.path, isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")
        connection.close()

    def complaints(self) -> list[str]:
        """What the database says about its own state; SQLite tells, PostgreSQL recovers or does not start."""
        if self.is_postgresql:
            return []
        found = [row["integrity_check"] for row in self.rows("PRAGMA integrity_check")]
        return [] if found == ["ok"] else found

    @contextlib.contextmanager
    def _connection(self) -> Iterator[Any]:
        if self.is_postgresql:
            with psycopg.connect(self.url, row_factory=dict_row) as connection:
                yield connection
            return
        connection = sqlite3.connect(self.path, timeout=30)
        connection.row_factory = sqlite3.Row
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def _execute(self, connection: Any, statement: str, values: dict[str, Any]) -> Any:
        if self.is_postgresql:
            for name in values:
                statement = statement.replace(f":{name}", f"%({name})s")
        return connection.execute(statement, values)
