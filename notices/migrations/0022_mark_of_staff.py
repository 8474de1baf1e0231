"""Staff's entries of notices get a gram of their own, by which the index alone counts what they find."""

from django.db import migrations

from notices.grams import STAFF, code

STAFFS = "reader = 'staff' AND notice_id IS NOT NULL"
POSTGRESQL = (
    f"UPDATE notices_entry SET grams = array_append(grams, {code(STAFF)}) WHERE {STAFFS}",
    f"UPDATE notices_entry SET grams = array_remove(grams, {code(STAFF)}) WHERE {STAFFS}",
)
# The full-text table keeps what its triggers gave it.
ROWS = f"WHERE rowid IN (SELECT id FROM notices_entry WHERE {STAFFS})"
SQLITE = (
    f"UPDATE notices_entry_grams SET grams = grams || ' {STAFF}' {ROWS}",
    f"UPDATE notices_entry_grams SET grams = replace(grams, ' {STAFF}', '') {ROWS}",
)


def mark(apps, schema_editor):
    schema_editor.execute((POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)[0])


def unmark(apps, schema_editor):
    schema_editor.execute((POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE)[1])


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0021_attachment_file_name"),
    ]

    operations = [
        migrations.RunPython(mark, unmark),
    ]
