"""Packets are closed when members are not told of them, or when they double what arrived before."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def reopen(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Before this, a packet was registered or it was not."""
    packets = apps.get_model("notices", "Packet").objects
    for closed, opened in (("filed", "registered"), ("double", "doubtful")):
        packets.filter(state=closed).update(state=opened)


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0022_mark_of_staff"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="packet",
            name="packet_registered_once_registered",
        ),
        migrations.AddField(
            model_name="packet",
            name="doubles",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="doubled_by", to="notices.notice"
            ),
        ),
        migrations.AlterField(
            model_name="packet",
            name="state",
            field=models.CharField(
                choices=[("doubtful", "要確認"), ("registered", "登録済"), ("filed", "伝えない"), ("double", "重複")],
                default="doubtful",
                max_length=12,
                verbose_name="状態",
            ),
        ),
        # Taken back between the constraints of both: the new ones are gone then, the old one is still to come.
        migrations.RunPython(migrations.RunPython.noop, reopen),
        migrations.AddConstraint(
            model_name="packet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("registered_at__isnull", False), ("state__in", ["registered", "filed"])),
                    models.Q(("registered_at__isnull", True), ("state__in", ["doubtful", "double"])),
                    _connector="OR",
                ),
                name="packet_registered_once_registered",
            ),
        ),
        migrations.AddConstraint(
            model_name="packet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("doubles__isnull", False), ("state", "double")),
                    models.Q(models.Q(("state", "double"), _negated=True), ("doubles__isnull", True)),
                    _connector="OR",
                ),
                name="packet_double_of_a_notice",
            ),
        ),
    ]
