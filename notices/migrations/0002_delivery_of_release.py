import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """Each delivery learns its receipt's release; what a worker holds is claimed anew, since claims get names."""
    deliveries = apps.get_model("notices", "Delivery").objects.all()
    receipt = apps.get_model("notices", "Receipt").objects.filter(pk=OuterRef("receipt"))
    deliveries.update(release_id=Subquery(receipt.values("release_id")[:1]))
    deliveries.filter(state="sending").update(state="waiting", leased_until=None)


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_notices")]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="release",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deliveries",
                to="notices.release",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
