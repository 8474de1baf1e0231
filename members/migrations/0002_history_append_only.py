"""The database itself refuses to change or remove a line of the history."""

from django.db import migrations

POSTGRESQL = [
    """
    CREATE FUNCTION members_event_refuse() RETURNS trigger AS $$
    BEGIN
        RAISE EXCEPTION 'the history is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END
    $$ LANGUAGE plpgsql
    """,
    """
    CREATE TRIGGER members_event_append_only BEFORE UPDATE OR DELETE ON members_event
    FOR EACH ROW EXECUTE FUNCTION members_event_refuse()
    """,
]
SQLITE = [
    """
    CREATE TRIGGER members_event_no_update BEFORE UPDATE ON members_event
    BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END
    """,
    """
    CREATE TRIGGER members_event_no_delete BEFORE DELETE ON members_event
    BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END
    """,
]
UNDO_POSTGRESQL = ["DROP TRIGGER members_event_append_only ON members_event", "DROP FUNCTION members_event_refuse()"]
UNDO_SQLITE = ["DROP TRIGGER members_event_no_update", "DROP TRIGGER members_event_no_delete"]


def run(schema_editor, postgresql: list[str], sqlite: list[str]) -> None:
    statements = {"postgresql": postgresql, "sqlite": sqlite}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("members", "0001_people")]

    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: run(schema_editor, POSTGRESQL, SQLITE),
            lambda apps, schema_editor: run(schema_editor, UNDO_POSTGRESQL, UNDO_SQLITE),
        )
    ]
