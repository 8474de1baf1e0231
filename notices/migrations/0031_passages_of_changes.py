"""変わったところ of a correction is found by its own name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0030_packets_set_aside"),
    ]

    operations = [
        migrations.AlterField(
            model_name="passage",
            name="kind",
            field=models.CharField(
                choices=[
                    ("letter", "文面"),
                    ("attachment", "別添の本文"),
                    ("file", "ファイル"),
                    ("steps", "設定手順"),
                    ("to_chairs", "地区会長への添え書き"),
                    ("to_pharmacies", "薬局への添え書き"),
                    ("changed", "変わったところ"),
                    ("original", "原文"),
                ],
                max_length=13,
            ),
        ),
    ]
