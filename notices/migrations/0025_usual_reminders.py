import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notices", "0024_receipt_carried"),
    ]

    operations = [
        migrations.CreateModel(
            name="UsualPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_deadline", models.BooleanField(unique=True, verbose_name="期限から数える")),
                ("days", models.JSONField(verbose_name="日")),
                (
                    "hour",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(23)], verbose_name="時刻"
                    ),
                ),
                ("most", models.PositiveSmallIntegerField(verbose_name="1か所あたり多くて")),
                ("chairs_on", models.SmallIntegerField(blank=True, null=True, verbose_name="地区会長に知らせる日")),
                ("staff_on", models.SmallIntegerField(blank=True, null=True, verbose_name="事務局の仕事にする日")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("hour__lte", 23)), name="usual_hour_of_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("most__gte", 1), ("most__lte", 20)), name="usual_most_sensible"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("chairs_on", None),
                                models.Q(("chairs_on__gte", -90), ("chairs_on__lte", 120)),
                                _connector="OR",
                            ),
                            models.Q(
                                ("staff_on", None),
                                models.Q(("staff_on__gte", -90), ("staff_on__lte", 120)),
                                _connector="OR",
                            ),
                        ),
                        name="usual_told_in_time",
                    ),
                ],
            },
        ),
    ]
