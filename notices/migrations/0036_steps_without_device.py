"""A step that is done without any device."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0035_date_on_paper"),
    ]

    operations = [
        migrations.AlterField(
            model_name="step",
            name="group",
            field=models.CharField(
                choices=[("pc", "PC"), ("other", "その他"), ("device", "端末"), ("reference", "参照")],
                default="pc",
                max_length=10,
                verbose_name="区分",
            ),
        ),
    ]
