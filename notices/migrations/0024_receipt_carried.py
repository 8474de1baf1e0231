"""A 再周知 takes over whatever its recipient was asked before; the earlier receipt is looked up by each answer."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


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
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(
                condition=Q(carried_from__isnull=False), fields=["carried_from"], name="receipt_carried"
            ),
        ),
    ]
