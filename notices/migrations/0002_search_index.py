"""The index of the grams, by which the archive is searched."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# PostgreSQL: each entry is sorted into the index when it is written (fastupdate off), so that no search has to look
# through what is not sorted in yet, and nobody waits while another's is. Statistics of so many grams tell the planner
# nothing, and take long to gather.
POSTGRESQL = [
    "CREATE INDEX notices_entry_grams ON notices_entry USING gin (grams) WITH (fastupdate = off)",
    "ALTER TABLE notices_entry ALTER COLUMN grams SET STATISTICS 0",
]
# SQLite: the words move on into a full-text table that keeps which entries have a gram and nothing of where
# (detail=none), so that the entries stay small: a search reads thousands of them. "ascii" takes every sign beyond ASCII
# for a letter, and splits at blanks.
SQLITE = [
    """CREATE VIRTUAL TABLE notices_entry_grams USING fts5(grams, tokenize='ascii', detail=none, columnsize=0)""",
    """CREATE TRIGGER notices_entry_grams_added AFTER INSERT ON notices_entry BEGIN
        INSERT INTO notices_entry_grams (rowid, grams) VALUES (new.id, new.grams);
        UPDATE notices_entry SET grams = '' WHERE id = new.id;
    END""",
    """CREATE TRIGGER notices_entry_grams_changed AFTER UPDATE OF grams ON notices_entry WHEN new.grams <> '' BEGIN
        UPDATE notices_entry_grams SET grams = new.grams WHERE rowid = new.id;
        UPDATE notices_entry SET grams = '' WHERE id = new.id;
    END""",
    """CREATE TRIGGER notices_entry_grams_removed AFTER DELETE ON notices_entry BEGIN
        DELETE FROM notices_entry_grams WHERE rowid = old.id;
    END""",
]


def make_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop_index(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX notices_entry_grams")
    else:
        for name in ("added", "removed", "changed"):
            schema_editor.execute(f"DROP TRIGGER notices_entry_grams_{name}")
        schema_editor.execute("DROP TABLE notices_entry_grams")


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_notices")]

    operations = [migrations.RunPython(make_index, drop_index)]
