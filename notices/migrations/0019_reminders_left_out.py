"""Reminders know what was left out of them, and plans from what their days are counted."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def tell(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    plans = apps.get_model("notices", "ReminderPlan").objects
    plans.filter(release__deadline=None).update(from_deadline=False)


class Migration(migrations.Migration):
    dependencies = [("notices", "0018_chair_messages")]

    operations = [
        migrations.AddField(
            model_name="mention",
            name="dropped_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="reminderplan",
            name="from_deadline",
            field=models.BooleanField(default=True, verbose_name="期限から数える"),
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
