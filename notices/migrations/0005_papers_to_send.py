"""Papers that wait to be sent are found by an index: the first page asks for them each time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0004_release_is_correction"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("settled_at", None), ("state", "other")),
                fields=["release"],
                name="delivery_on_paper",
            ),
        ),
    ]
