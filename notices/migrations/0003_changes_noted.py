"""The database notes which districts' tallies have to be counted anew."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Whoever changes a receipt or a question, and however many at once: the database itself notes what has to be counted.
# Table, trigger, the receipts of changed rows (PostgreSQL) and of one (SQLite), and the verbs; no receipt is deleted.
NOTED = [
    ("notices_receipt", "notices_to_count_receipts", "changed", "{row}.id", ["INSERT", "UPDATE"]),
    (
        "notices_helprequest",
        "notices_to_count_questions",
        "notices_receipt WHERE id IN (SELECT receipt_id FROM changed)",
        "{row}.receipt_id",
        ["INSERT", "UPDATE", "DELETE"],
    ),
]
# One statement notes each district once. Nobody looks whether a line is there already: who counts may be about to
# delete it, without having seen this change.
POSTGRESQL_FUNCTION = """
    CREATE FUNCTION {trigger}() RETURNS trigger AS $$
    BEGIN
        INSERT INTO notices_tocount (release_id, district_id) SELECT DISTINCT release_id, district_id FROM {source};
        RETURN NULL;
    END
    $$ LANGUAGE plpgsql
"""
POSTGRESQL_TRIGGER = """
    CREATE TRIGGER {trigger}_{verb} AFTER {verb} ON {table} REFERENCING {row} TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION {trigger}()
"""
# SQLite lets one writer in at a time: a line that is there is read after this change.
SQLITE_TRIGGER = """
    CREATE TRIGGER {trigger}_{verb} AFTER {verb} ON {table} BEGIN
        INSERT INTO notices_tocount (release_id, district_id)
        SELECT release_id, district_id FROM notices_receipt receipt WHERE id = {key} AND NOT EXISTS (
            SELECT 1 FROM notices_tocount there
            WHERE there.release_id = receipt.release_id AND there.district_id = receipt.district_id
        );
    END
"""


def note_changes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, trigger, source, key, verbs in NOTED:
        if postgresql:
            schema_editor.execute(POSTGRESQL_FUNCTION.format(trigger=trigger, source=source))
        for verb in verbs:
            row = "OLD" if verb == "DELETE" else "NEW"
            statement = POSTGRESQL_TRIGGER if postgresql else SQLITE_TRIGGER
            made = {"trigger": trigger, "verb": verb, "table": table, "row": row, "key": key.format(row=row)}
            schema_editor.execute(statement.format(**made))


def stop_noting(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    postgresql = schema_editor.connection.vendor == "postgresql"
    for table, trigger, *_, verbs in NOTED:
        for verb in verbs:
            schema_editor.execute(f"DROP TRIGGER {trigger}_{verb}" + (f" ON {table}" if postgresql else ""))
        if postgresql:
            schema_editor.execute(f"DROP FUNCTION {trigger}()")


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_search_index")]

    operations = [migrations.RunPython(note_changes, stop_noting)]
