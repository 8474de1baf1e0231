import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0003_tasks"),
        ("notices", "0003_delivery_faults"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OnBehalf",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("confirmed", "確認"),
                            ("finished", "完了"),
                            ("not_applicable", "対象外"),
                            ("help", "困っています"),
                        ],
                        max_length=14,
                        verbose_name="内容",
                    ),
                ),
                (
                    "via",
                    models.CharField(
                        choices=[
                            ("signed_in", "サインイン"),
                            ("personal", "個人用URL"),
                            ("telephone", "代理（電話）"),
                            ("fax", "代理（FAX）"),
                            ("paper", "代理（紙）"),
                        ],
                        max_length=9,
                        verbose_name="方法",
                    ),
                ),
                ("person", models.CharField(max_length=100, verbose_name="答えた方")),
                ("remark", models.CharField(blank=True, max_length=500, verbose_name="備考")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="日時")),
                ("confirms", models.BooleanField()),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="取り消し")),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "capacity",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.capacity",
                    ),
                ),
                (
                    "help_request",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="on_behalf",
                        to="notices.helprequest",
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="on_behalf", to="notices.receipt"
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "on behalf",
                "ordering": ["-at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("via__in", ("telephone", "fax", "paper"))), name="on_behalf_via_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person", ""), _negated=True), name="on_behalf_answered_by_somebody"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirms", True), ("what", "confirmed")),
                            ("what__in", ["finished", "not_applicable"]),
                            models.Q(("confirms", False), ("what", "help")),
                            _connector="OR",
                        ),
                        name="on_behalf_made_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("help_request__isnull", False), ("undone_at", None), ("what", "help")),
                            models.Q(
                                ("help_request", None),
                                models.Q(
                                    models.Q(("what", "help"), _negated=True),
                                    ("undone_at__isnull", False),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="on_behalf_asks_while_it_stands",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at", None), ("undone_by", None)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="on_behalf_undone_by_somebody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("confirms", True), ("undone_at", None)),
                        fields=("receipt",),
                        name="on_behalf_confirms_once",
                    ),
                ],
            },
        ),
    ]
