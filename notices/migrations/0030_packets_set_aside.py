"""A packet that was never registered may be set aside, and the same files taken in anew."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def reopen(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Before this, every packet had a content of its own, and waited until it was registered."""
    for packet in apps.get_model("notices", "Packet").objects.filter(state="set_aside"):
        packet.state, packet.set_aside_because, packet.fingerprint = "doubtful", "", f"set aside {packet.pk}"
        packet.save(update_fields=["state", "set_aside_because", "fingerprint"])


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0029_gathered_mails"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="packet",
            name="packet_registered_once_registered",
        ),
        migrations.AddField(
            model_name="packet",
            name="set_aside_because",
            field=models.CharField(blank=True, max_length=200, verbose_name="取りやめた理由"),
        ),
        migrations.AlterField(
            model_name="packet",
            name="fingerprint",
            field=models.CharField(max_length=64, verbose_name="照合値"),
        ),
        migrations.AlterField(
            model_name="packet",
            name="state",
            field=models.CharField(
                choices=[
                    ("doubtful", "要確認"),
                    ("registered", "登録済"),
                    ("filed", "伝えない"),
                    ("double", "重複"),
                    ("set_aside", "取りやめ"),
                ],
                default="doubtful",
                max_length=12,
                verbose_name="状態",
            ),
        ),
        # Taken back between the constraints of both: the new ones are gone then, the old ones are still to come.
        migrations.RunPython(migrations.RunPython.noop, reopen),
        migrations.AddConstraint(
            model_name="packet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("registered_at__isnull", False), ("state__in", ["registered", "filed"])),
                    models.Q(("registered_at__isnull", True), ("state__in", ["doubtful", "double", "set_aside"])),
                    _connector="OR",
                ),
                name="packet_registered_once_registered",
            ),
        ),
        migrations.AddConstraint(
            model_name="packet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "set_aside"), models.Q(("set_aside_because", ""), _negated=True)),
                    models.Q(models.Q(("state", "set_aside"), _negated=True), ("set_aside_because", "")),
                    _connector="OR",
                ),
                name="packet_set_aside_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="packet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "set_aside"), _negated=True),
                fields=("fingerprint",),
                name="packet_once_a_content",
            ),
        ),
    ]
