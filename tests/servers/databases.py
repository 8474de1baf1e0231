"""Databases for sites, on the PostgreSQL on which the tests run."""

from collections.abc import Mapping
from uuid import uuid4

import psycopg


class Databases:
    """Makes databases on the server that these settings of Django's name; each is known by its DATABASE_URL."""

    def __init__(self, database: Mapping[str, str], url: str) -> None:
        self._access = {key.lower(): database[key] or None for key in ("HOST", "PORT", "USER", "PASSWORD")}
        self._server, _, _ = url.rpartition("/")
        self._urls: list[str] = []

    def make(self, like: str = "") -> str:
        """A new database: empty, or a copy of another that nobody uses at the moment."""
        name = f"site_{uuid4().hex}"
        self._run(f"CREATE DATABASE {name}" + (f" TEMPLATE {like.rpartition('/')[2]}" if like else ""))
        self._urls.append(f"{self._server}/{name}")
        return self._urls[-1]

    def drop(self, url: str) -> None:
        self._run(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")
        self._urls.remove(url)

    def drop_all(self) -> None:
        for url in [*self._urls]:
            self.drop(url)

    def _run(self, statement: str) -> None:
        with psycopg.connect(**self._access, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)
