"""What must never be false of a release and its letter, and one identity of a number with a 枝番."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q

from notices import docnumber


def keep_branches(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The series of a number given here lacked its 枝番. Where a packet brought the same number, both rows stay."""
    numbers = apps.get_model("notices", "DocumentNumber").objects
    for row in numbers.filter(fiscal_year__isnull=False, serial__isnull=False):
        number = docnumber.parse_number(row.text)
        if number is None or row.series == number.line or row.series != number.series:
            continue
        same = {"issuer": row.issuer_id, "fiscal_year": row.fiscal_year, "serial": row.serial}
        if not numbers.filter(series=number.line, **same).exists():
            numbers.filter(pk=row.pk).update(series=number.line)


class Migration(migrations.Migration):
    dependencies = [("notices", "0019_reminders_left_out")]

    operations = [
        migrations.RemoveConstraint(model_name="release", name="release_fixed_once_released"),
        migrations.RemoveConstraint(model_name="release", name="release_scheduled_while_prepared"),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=Q(packet=None, packet_order=None) | Q(packet__isnull=False, packet_order__isnull=False),
                name="notice_has_its_place_in_a_packet",
            ),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.UniqueConstraint(
                fields=["source"],
                condition=Q(kind__in=["corrects", "withdraws"]),
                name="relation_supersedes_one_notice",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=Q(state="prepared", released_at=None, released_on=None, released_by=None, letter=None)
                | (
                    ~Q(state="prepared")
                    & Q(released_at__isnull=False, released_on__isnull=False, letter__isnull=False)
                    & (Q(released_by__isnull=False) | ~Q(unapproved=""))
                ),
                name="release_fixed_once_released",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=Q(approval=None) | Q(unapproved=""), name="release_approved_has_no_reason_why_not"
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=Q(scheduled_at=None)
                | Q(state="prepared", scheduled_by__isnull=False, scheduled_as__isnull=False),
                name="release_scheduled_while_prepared",
            ),
        ),
        migrations.RunPython(keep_branches, migrations.RunPython.noop),
    ]
