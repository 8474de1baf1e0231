"""Entries know by themselves which of them are districts' letters: asking their releases made each search slower."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TRIGGERS = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'notices_entry'"


class AddField(migrations.AddField):
    """Keeps the triggers by which SQLite indexes the grams: Django makes the table anew, without them."""

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *states: Any) -> None:
        kept = []
        if schema_editor.connection.vendor == "sqlite":
            with schema_editor.connection.cursor() as cursor:
                kept = cursor.execute(TRIGGERS).fetchall()
        super().database_forwards(app_label, schema_editor, *states)
        for (trigger,) in kept:
            schema_editor.execute(trigger)


def tell(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    letters = apps.get_model("notices", "Release").objects.filter(passes_on__isnull=False)
    apps.get_model("notices", "Entry").objects.filter(notice__in=letters.values("notice")).update(is_letter=True)


class Migration(migrations.Migration):
    dependencies = [("notices", "0014_reminders")]

    operations = [
        AddField(model_name="entry", name="is_letter", field=models.BooleanField("地区の文書", db_default=False)),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
