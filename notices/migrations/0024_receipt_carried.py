"""A 再周知 takes over whatever its recipient was asked before; the earlier receipt is looked up by its answers."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q


def tell(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The releases of which something was carried over."""
    carried = apps.get_model("notices", "Receipt").objects.filter(carried_from__isnull=False)
    releases = apps.get_model("notices", "Release").objects
    releases.filter(pk__in=carried.values("carried_from__release")).update(is_repeated=True)


class Migration(migrations.Migration):
    dependencies = [("notices", "0023_packets_closed")]

    operations = [
        migrations.AlterField(
            model_name="receipt",
            name="carried_from",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Of a 再周知: the receipt of the earlier notice, in whose place this one is asked.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="notices.receipt",
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="repeats",
            field=models.ForeignKey(
                blank=True,
                help_text="Of a 再周知: the release in whose place its recipients answer, which asks no more than this "
                "one.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="notices.release",
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="is_repeated",
            field=models.BooleanField(
                db_default=False,
                help_text="Some of its receipts go on in those of a 再周知; of another release no answer has to ask "
                "whether.",
                verbose_name="再周知された",
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                condition=Q(carried_from__isnull=False), fields=["carried_from"], name="receipt_carried"
            ),
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
