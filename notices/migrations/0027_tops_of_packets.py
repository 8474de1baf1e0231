"""A packet may hold letters that have nothing to do with each other: members are told of each top letter, or are not."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def place(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Each letter beneath the top letter of its chain; those of packets of which members are not told are filed."""
    notices = apps.get_model("notices", "Notice").objects.filter(packet__isnull=False)
    packets = apps.get_model("notices", "Packet").objects.filter(registered_at__isnull=False)
    for packet in packets.only("reading", "corrected").iterator(chunk_size=100):
        known = packet.corrected or packet.reading
        outer_of = dict(map(tuple, known["chain"]))
        chains: dict[int, list[int]] = {}
        for order in range(len(known["letters"])):
            chains.setdefault(top_of(outer_of, order), []).append(order)
        for top, chain in chains.items():
            within = notices.filter(packet=packet, packet_order__in=chain)
            within.exclude(packet_order=top).update(packet_under=top)
            dates = filter(None, (known["letters"][order]["date"] for order in chain))
            within.filter(packet_order=top).update(packet_oldest_on=min(dates, default=None))
    notices.filter(packet__state="filed", packet_under=None).update(filed=True)


def top_of(outer_of: dict[int, int], order: int) -> int:
    """The letter that no other encloses; nothing runs in a circle."""
    while order in outer_of:
        order = outer_of[order]
    return order


class Migration(migrations.Migration):
    dependencies = [("notices", "0026_receipt_failed")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="packet_under",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="notice",
            name="packet_oldest_on",
            field=models.DateField(blank=True, null=True, verbose_name="最初の文書の日付"),
        ),
        migrations.AddField(
            model_name="notice",
            name="filed",
            field=models.BooleanField(default=False, verbose_name="会員へは伝えない"),
        ),
        migrations.AddField(
            model_name="notice",
            name="filed_because",
            field=models.CharField(blank=True, max_length=200, verbose_name="伝えない理由"),
        ),
        migrations.RunPython(place, migrations.RunPython.noop),
    ]
