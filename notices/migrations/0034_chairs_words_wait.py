"""A chair's words may wait for the next working day. Those that are there were sent in the moment they were made."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def sent_at_once(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("notices", "ChairMessage").objects.update(written_at=models.F("made_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0009_invitations_and_reports"),
        ("notices", "0033_mails_of_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="chairmessage",
            name="capacity",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="members.capacity",
            ),
        ),
        migrations.AddField(
            model_name="chairmessage",
            name="written_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="送信の手配"),
        ),
        migrations.AddField(
            model_name="chairmessage",
            name="ended",
            field=models.CharField(blank=True, max_length=200, verbose_name="送らなかった理由"),
        ),
        migrations.RunPython(sent_at_once, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="chairmessage", name="chair_writes_once_a_day"),
        migrations.AddConstraint(
            model_name="chairmessage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended", "")), fields=("receipt", "day"), name="chair_writes_once_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="chairmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("written_at", None), ("ended", ""), _connector="OR"), name="chair_wrote_or_not"
            ),
        ),
        migrations.AddConstraint(
            model_name="chairmessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("written_at__isnull", False), ("capacity__isnull", False), _connector="OR"),
                name="chair_waits_in_a_capacity",
            ),
        ),
    ]
