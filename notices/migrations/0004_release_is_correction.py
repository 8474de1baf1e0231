"""A release says whether it is a correction: thousands who confirm on one morning need not ask."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def mark(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    releases = apps.get_model("notices", "Release").objects.filter(released_at__isnull=False)
    corrections = apps.get_model("notices", "Relation").objects.filter(kind="corrects", target__isnull=False)
    releases.filter(notice__in=corrections.values("source")).update(is_correction=True)


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_changes_noted")]

    operations = [
        migrations.AddField(
            model_name="release",
            name="is_correction",
            field=models.BooleanField(
                db_default=False,
                help_text="It went out as a correction; of another release no answer has to ask what was answered before it.",
                verbose_name="訂正として発出",
            ),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
