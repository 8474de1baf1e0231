"""A question that goes on at a correction keeps which step it was about.

An empty column is added to the table as it is, which on SQLite leaves the triggers by which questions are counted.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0031_passages_of_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="helprequest",
            name="asked_step",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The step of the notice before, which the correction has no more.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="notices.step",
            ),
        ),
    ]
