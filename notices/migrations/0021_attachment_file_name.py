"""An attachment has the name of its file: the same bytes may have come first under another one.

What is attached already goes on with the name of the stored file: an approval that stands counts every field that says
something, and must not lapse by this.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0020_issuing")]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="file_name",
            field=models.CharField(
                blank=True,
                help_text="Under which the file came here; empty: that of the file.",
                max_length=300,
                verbose_name="ファイル名",
            ),
        ),
    ]
