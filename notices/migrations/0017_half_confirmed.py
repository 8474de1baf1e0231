from django.db import migrations, models

# Everything is counted once more: until then boards count from the receipts, as after any change.
EVERYTHING = """
    INSERT INTO notices_tocount (release_id, district_id) SELECT DISTINCT release_id, district_id FROM notices_receipt
"""


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0016_superseded_by"),
    ]

    operations = [
        migrations.AddField(
            model_name="kepttally",
            name="half_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(EVERYTHING, migrations.RunSQL.noop),
    ]
