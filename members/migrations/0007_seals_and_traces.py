"""Seals and traces; and the database refuses what it did not refuse yet: emptying, replacing, changing a seal."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


TABLES = ("members_event", "members_seal")
POSTGRESQL = [
    """
    CREATE TRIGGER members_seal_append_only BEFORE UPDATE OR DELETE ON members_seal
    FOR EACH ROW EXECUTE FUNCTION members_event_refuse()
    """,
    *(
        f"""
        CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION members_event_refuse()
        """
        for table in TABLES
    ),
]
REFUSE = "BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END"
SQLITE = [
    f"CREATE TRIGGER members_seal_no_update BEFORE UPDATE ON members_seal {REFUSE}",
    f"CREATE TRIGGER members_seal_no_delete BEFORE DELETE ON members_seal {REFUSE}",
    # REPLACE deletes what is in its way without asking the triggers on DELETE.
    f"""
    CREATE TRIGGER members_event_no_replace BEFORE INSERT ON members_event
    WHEN NEW.id > 0 AND EXISTS (SELECT 1 FROM members_event WHERE id = NEW.id) {REFUSE}
    """,
    f"""
    CREATE TRIGGER members_seal_no_replace BEFORE INSERT ON members_seal
    WHEN EXISTS (SELECT 1 FROM members_seal WHERE number = NEW.number OR day = NEW.day) {REFUSE}
    """,
]
UNDO_POSTGRESQL = [
    "DROP TRIGGER members_seal_append_only ON members_seal",
    *(f"DROP TRIGGER {table}_never_emptied ON {table}" for table in TABLES),
]
UNDO_SQLITE = [
    "DROP TRIGGER members_seal_no_update",
    "DROP TRIGGER members_seal_no_delete",
    "DROP TRIGGER members_event_no_replace",
    "DROP TRIGGER members_seal_no_replace",
]


def run(schema_editor, postgresql: list[str], sqlite: list[str]) -> None:
    statements = {"postgresql": postgresql, "sqlite": sqlite}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0006_task_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("day", models.DateField(unique=True)),
                ("first_id", models.BigIntegerField()),
                ("last_id", models.BigIntegerField()),
                ("count", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("fingerprints", models.BinaryField()),
                ("sealed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["number"],
                "get_latest_by": "number",
            },
        ),
        migrations.CreateModel(
            name="Trace",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="trace",
                        serialize=False,
                        to="members.event",
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("address", models.GenericIPAddressField(null=True)),
                ("user_agent", models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="SealMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("tried_at", models.DateTimeField(null=True)),
                ("mailed_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mails", to="members.seal"
                    ),
                ),
            ],
            options={
                "ordering": ["seal", "id"],
                "constraints": [models.UniqueConstraint(fields=("seal", "account"), name="seal_mailed_once")],
            },
        ),
        migrations.RunPython(
            lambda apps, schema_editor: run(schema_editor, POSTGRESQL, SQLITE),
            lambda apps, schema_editor: run(schema_editor, UNDO_POSTGRESQL, UNDO_SQLITE),
        ),
    ]
