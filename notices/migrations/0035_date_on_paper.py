"""The date that a pharmacy wrote on the sheet that came back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0034_chairs_words_wait"),
    ]

    operations = [
        migrations.AddField(
            model_name="onbehalf",
            name="written_on",
            field=models.DateField(blank=True, null=True, verbose_name="用紙の日付"),
        ),
        migrations.AddConstraint(
            model_name="onbehalf",
            constraint=models.CheckConstraint(
                condition=models.Q(("written_on", None), ("via__in", ["fax", "paper"]), _connector="OR"),
                name="on_behalf_dated_on_paper",
            ),
        ),
    ]
