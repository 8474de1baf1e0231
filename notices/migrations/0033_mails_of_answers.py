"""A pharmacy is told by mail that its question was answered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0032_question_asked_step"),
    ]

    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("notice", "通知"),
                    ("repeat", "再送"),
                    ("again", "個人用URLの再送"),
                    ("answer", "相談への回答"),
                    ("reminder", "再通知"),
                ],
                default="notice",
                max_length=8,
            ),
        ),
        migrations.RemoveIndex(
            model_name="delivery",
            name="delivery_asked_for",
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("purpose__in", ("again", "answer")), ("state", "waiting")),
                fields=["due_at"],
                name="delivery_awaited",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("purpose", "answer"), ("state__in", ["waiting", "sending"])),
                fields=("receipt", "channel", "address"),
                name="delivery_answers_once_at_a_time",
            ),
        ),
    ]
