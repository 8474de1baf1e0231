"""The database itself refuses to change, replace, empty or remove a line of the history or a seal."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = ("members_event", "members_seal")
POSTGRESQL = [
    """
    CREATE FUNCTION members_event_refuse() RETURNS trigger AS $$
    BEGIN
        RAISE EXCEPTION 'the history is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END
    $$ LANGUAGE plpgsql
    """,
    *(
        f"""
        CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION members_event_refuse()
        """
        for table in TABLES
    ),
    *(
        f"""
        CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION members_event_refuse()
        """
        for table in TABLES
    ),
]
UNDO_POSTGRESQL = [
    *(f"DROP TRIGGER {table}_{rule} ON {table}" for table in TABLES for rule in ("append_only", "never_emptied")),
    "DROP FUNCTION members_event_refuse()",
]
REFUSE = "BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END"
# REPLACE deletes what is in its way without asking the triggers on DELETE.
IN_THE_WAY = {
    "members_event": "NEW.id > 0 AND EXISTS (SELECT 1 FROM members_event WHERE id = NEW.id)",
    "members_seal": "EXISTS (SELECT 1 FROM members_seal WHERE number = NEW.number OR day = NEW.day)",
}
SQLITE = [
    *(
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} {REFUSE}"
        for table in TABLES
        for verb in ("update", "delete")
    ),
    *(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {it_is} {REFUSE}"
        for table, it_is in IN_THE_WAY.items()
    ),
]
UNDO_SQLITE = [f"DROP TRIGGER {table}_no_{verb}" for table in TABLES for verb in ("update", "delete", "replace")]


def refuse(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"postgresql": POSTGRESQL, "sqlite": SQLITE}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in {"postgresql": UNDO_POSTGRESQL, "sqlite": UNDO_SQLITE}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("members", "0001_people")]

    operations = [migrations.RunPython(refuse, allow)]
