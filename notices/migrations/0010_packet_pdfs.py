"""How many pages of a packet's text are of each of its files."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0009_approval")]

    operations = [
        migrations.AddField("packetfile", "pages", models.PositiveIntegerField(default=1, verbose_name="ページ数")),
    ]
