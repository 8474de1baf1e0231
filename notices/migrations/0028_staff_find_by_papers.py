"""Staff find a notice by the letters enclosed in it, too: entries of before are made anew by the next sweep."""

from django.db import migrations


def forget(apps, schema_editor):
    Entry = apps.get_model("notices", "Entry")  # noqa: N806
    enclosing = apps.get_model("notices", "Attachment").objects.filter(enclosed__isnull=False).values("notice")
    Entry.objects.filter(notice__in=enclosing, is_letter=False).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0027_tops_of_packets"),
    ]

    operations = [
        migrations.RunPython(forget, migrations.RunPython.noop),
    ]
