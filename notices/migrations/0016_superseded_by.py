"""A release knows by which it was superseded: each answer asked the relations of its notice."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q


def tell(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The latest correction or withdrawal of each notice; the letters that pass it on have the same."""
    releases = apps.get_model("notices", "Release").objects
    out = apps.get_model("notices", "Relation").objects.filter(
        kind__in=["corrects", "withdraws"], source__state="released", target__release__released_at__isnull=False
    )
    for relation in out.order_by("source__release__released_at", "source").select_related("source__release"):
        old = releases.get(notice=relation.target_id)
        releases.filter(Q(pk=old.pk) | Q(passes_on=old)).update(superseded_by=relation.source.release)


class Migration(migrations.Migration):
    # PostgreSQL changes no table of which rows are waiting to be checked: the constraint comes with its column.
    dependencies = [("notices", "0015_entry_is_letter")]

    operations = [
        migrations.AddField(
            model_name="release",
            name="superseded_by",
            field=models.ForeignKey(
                blank=True,
                help_text="The correction or withdrawal that went out next; "
                "of a district's letter that of what it passes on.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="notices.release",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.CheckConstraint(
                condition=Q(superseded_by=None) | ~Q(state="prepared"), name="release_superseded_once_released"
            ),
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
