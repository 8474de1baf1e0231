"""Organisations, accounts, the roster, the history and its seals: all tables of this app."""

import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="名前")),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("association", "県薬剤師会"),
                            ("district", "地区薬剤師会"),
                            ("pharmacy", "薬局"),
                            ("issuer", "発出元"),
                        ],
                        max_length=12,
                        verbose_name="種類",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="members.organisation",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="Kept to the byte as it was typed.", max_length=300, verbose_name="名称"
                    ),
                ),
                ("short_name", models.CharField(blank=True, max_length=60, verbose_name="略称")),
                ("kana", models.CharField(blank=True, max_length=300, verbose_name="フリガナ")),
                ("search_key", models.CharField(blank=True, editable=False, max_length=900)),
                ("code", models.CharField(blank=True, max_length=10, verbose_name="薬局コード")),
                ("postal_code", models.CharField(blank=True, max_length=8, verbose_name="郵便番号")),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="住所")),
                ("telephone", models.CharField(blank=True, max_length=20, verbose_name="電話")),
                ("fax", models.CharField(blank=True, max_length=20, verbose_name="FAX")),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "メール"), ("fax", "FAX"), ("post", "郵送")],
                        default="email",
                        max_length=5,
                        verbose_name="届け方",
                    ),
                ),
                (
                    "fallback",
                    models.CharField(
                        blank=True,
                        choices=[("email", "メール"), ("fax", "FAX"), ("post", "郵送")],
                        help_text="Empty: at release whatever address there is; nothing by itself when a message fails later.",
                        max_length=5,
                        verbose_name="届かないときの届け方",
                    ),
                ),
                ("position", models.PositiveIntegerField(default=0, verbose_name="名簿の順")),
                ("joined_on", models.DateField(blank=True, null=True, verbose_name="入会日")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="退会日")),
                ("tags", models.ManyToManyField(blank=True, related_name="organisations", to="members.tag")),
            ],
            options={
                "ordering": ["position", "id"],
                "indexes": [models.Index(fields=["parent", "position"], name="organisation_roster")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["association", "issuer"]), ("parent", None)),
                            models.Q(("kind__in", ["district", "pharmacy"]), ("parent__isnull", False)),
                            _connector="OR",
                        ),
                        name="organisation_parent_fits_kind",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "association")), fields=("kind",), name="one_association"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("code", ""), _negated=True), fields=("code",), name="organisation_code_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "issuer")), fields=("name",), name="issuer_name_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("joined_on", None),
                            ("left_on", None),
                            ("left_on__gte", models.F("joined_on")),
                            _connector="OR",
                        ),
                        name="organisation_left_after_joined",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="mailboxes", to="members.organisation"
                    ),
                ),
                ("address", models.EmailField(max_length=254, verbose_name="メールアドレス")),
                ("usable", models.BooleanField(default=True, verbose_name="使える")),
            ],
            options={
                "verbose_name_plural": "mailboxes",
                "ordering": ["id"],
                "indexes": [models.Index(django.db.models.functions.text.Lower("address"), name="mailbox_by_address")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("organisation"),
                        django.db.models.functions.text.Lower("address"),
                        name="mailbox_once_per_organisation",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="メールアドレス")),
                ("name", models.CharField(blank=True, max_length=100, verbose_name="氏名")),
                ("is_active", models.BooleanField(default=True, verbose_name="有効")),
                ("joined_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("search_key", models.CharField(blank=True, editable=False, max_length=900)),
                (
                    "verified_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="アドレスを確かめた日時"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(django.db.models.functions.text.Lower("email"), name="account_email_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Capacity",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="capacities",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="capacities",
                        to="members.organisation",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("administrator", "管理者"),
                            ("staff", "事務局"),
                            ("chair", "地区会長"),
                            ("district_office", "地区事務局"),
                            ("pharmacy", "薬局"),
                        ],
                        max_length=16,
                        verbose_name="役割",
                    ),
                ),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("invited_as", models.CharField(blank=True, max_length=100, verbose_name="招待した氏名")),
                ("drafts", models.BooleanField(default=False, verbose_name="起案")),
                ("approves", models.BooleanField(default=False, verbose_name="決裁")),
                ("publishes", models.BooleanField(default=False, verbose_name="発出")),
            ],
            options={
                "verbose_name_plural": "capacities",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("account", "organisation", "role"),
                        name="capacity_once_while_current",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("role__in", ["administrator", "staff"]),
                            models.Q(("approves", False), ("drafts", False), ("publishes", False)),
                            _connector="OR",
                        ),
                        name="capacity_duties_of_staff",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SigninPass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signin_passes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "signin passes",
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("verb", models.CharField(max_length=40)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "capacity",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="members.capacity"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.organisation",
                    ),
                ),
                ("subject_kind", models.CharField(blank=True, max_length=20)),
                ("subject_id", models.BigIntegerField(null=True)),
                ("detail", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["subject_kind", "subject_id", "-id"], name="event_by_subject"),
                    models.Index(fields=["at", "id"], name="event_by_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RosterHeading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("heading", models.CharField(help_text="Folded as search keys are.", max_length=200, unique=True)),
                ("field", models.CharField(blank=True, max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="RosterLoad",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "確認待ち"),
                            ("applied", "取込済み"),
                            ("undone", "元に戻した"),
                            ("discarded", "取りやめ"),
                        ],
                        default="waiting",
                        max_length=9,
                        verbose_name="状態",
                    ),
                ),
                ("name", models.CharField(max_length=300, verbose_name="ファイル")),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.FileField(max_length=200, upload_to="rosters/%Y")),
                ("columns", models.JSONField(default=dict)),
                ("columns_agreed", models.BooleanField(default=False)),
                (
                    "removal",
                    models.CharField(
                        choices=[
                            ("none", "退会にしない"),
                            ("districts", "ファイルにある地区の薬局だけ、退会にする"),
                            ("all", "すべて退会にする"),
                        ],
                        default="none",
                        max_length=9,
                        verbose_name="ファイルにない薬局",
                    ),
                ),
                ("clears", models.BooleanField(default=False, verbose_name="空欄は消す")),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="読み込み")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "capacity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="members.capacity"
                    ),
                ),
                ("digest", models.CharField(blank=True, max_length=64)),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="取り込み")),
                (
                    "applied_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("counts", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="元に戻した日時")),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("applied_at", None), ("applied_by", None), ("state__in", ["waiting", "discarded"])
                            ),
                            models.Q(
                                ("applied_at__isnull", False),
                                ("applied_by__isnull", False),
                                ("state__in", ["applied", "undone"]),
                            ),
                            _connector="OR",
                        ),
                        name="load_applied_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "undone"), ("undone_at__isnull", False), ("undone_by__isnull", False)),
                            models.Q(
                                models.Q(("state", "undone"), _negated=True), ("undone_at", None), ("undone_by", None)
                            ),
                            _connector="OR",
                        ),
                        name="load_undone_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("applied_by", None),
                            ("asked_by", None),
                            models.Q(("applied_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="load_second_person_is_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RosterChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "load",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="members.rosterload",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="roster_changes",
                        to="members.organisation",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("added", "追加"),
                            ("changed", "変更"),
                            ("moved", "地区の移動"),
                            ("returned", "再入会"),
                            ("left", "退会"),
                        ],
                        max_length=8,
                    ),
                ),
                ("before", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("after", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ("beside", models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("load", "organisation"), name="change_once_per_load")],
            },
        ),
        migrations.CreateModel(
            name="Officer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="officers", to="members.organisation"
                    ),
                ),
                (
                    "office",
                    models.CharField(
                        choices=[
                            ("chair", "会長"),
                            ("executive", "常務理事"),
                            ("secretariat", "事務局"),
                            ("manager", "管理薬剤師"),
                        ],
                        max_length=12,
                        verbose_name="役職",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="氏名")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="メールアドレス")),
                ("since", models.DateField(blank=True, null=True, verbose_name="就任")),
                ("until", models.DateField(blank=True, null=True, verbose_name="退任")),
            ],
            options={
                "ordering": ["office", "-since", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("since", None), ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="officer_term_forward",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("day", models.DateField(unique=True)),
                ("first_id", models.BigIntegerField()),
                ("last_id", models.BigIntegerField()),
                ("count", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("fingerprints", models.BinaryField()),
                ("sealed_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["number"],
                "get_latest_by": "number",
            },
        ),
        migrations.CreateModel(
            name="SealMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mails", to="members.seal"
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("tried_at", models.DateTimeField(null=True)),
                ("mailed_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["seal", "id"],
                "constraints": [models.UniqueConstraint(fields=("seal", "account"), name="seal_mailed_once")],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="members.organisation"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bad_address", "届かない宛先"),
                            ("closed", "閉局・退会の知らせ"),
                            ("vacant", "役職の不在"),
                            ("changed", "登録の変更の知らせ"),
                        ],
                        default="bad_address",
                        max_length=12,
                        verbose_name="種類",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[("email", "メール"), ("fax", "FAX"), ("post", "郵送")],
                        max_length=5,
                        verbose_name="方法",
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=300, verbose_name="宛先")),
                (
                    "office",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("chair", "会長"),
                            ("executive", "常務理事"),
                            ("secretariat", "事務局"),
                            ("manager", "管理薬剤師"),
                        ],
                        max_length=12,
                        verbose_name="役職",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                ("suspends", models.BooleanField(default=False)),
                (
                    "mailbox",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="members.mailbox",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="members.officer",
                    ),
                ),
                ("message_key", models.UUIDField(blank=True, null=True)),
                ("raised_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="見つけた日時")),
                (
                    "says",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("address", "新しい宛先"),
                            ("holder", "新しい人"),
                            ("closed", "閉局・退会した"),
                            ("open", "閉局していない"),
                            ("changed", "登録が変わった"),
                            ("unknown", "分からない"),
                        ],
                        max_length=8,
                        verbose_name="回答",
                    ),
                ),
                ("value", models.CharField(blank=True, max_length=300, verbose_name="新しい内容")),
                ("value_email", models.CharField(blank=True, max_length=254, verbose_name="メールアドレス")),
                ("value_on", models.DateField(blank=True, null=True, verbose_name="日付")),
                ("remark", models.CharField(blank=True, max_length=300, verbose_name="メモ")),
                ("proposed_at", models.DateTimeField(blank=True, null=True, verbose_name="回答の日時")),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.capacity",
                    ),
                ),
                ("returned_at", models.DateTimeField(blank=True, null=True, verbose_name="差し戻しの日時")),
                (
                    "returned_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("returned_reason", models.CharField(blank=True, max_length=300, verbose_name="差し戻しの理由")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="済んだ日時")),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("answer", models.CharField(blank=True, max_length=300, verbose_name="どうしたか")),
            ],
            options={
                "ordering": ["raised_at", "id"],
                "indexes": [models.Index(fields=["message_key"], name="task_by_message")],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("organisation"),
                        models.F("kind"),
                        models.F("channel"),
                        django.db.models.functions.text.Lower("address"),
                        models.F("office"),
                        condition=models.Q(("closed_at", None)),
                        name="task_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "bad_address"),
                                ("office", ""),
                                models.Q(("channel", ""), _negated=True),
                                models.Q(("address", ""), _negated=True),
                            ),
                            models.Q(
                                ("address", ""), ("channel", ""), ("kind__in", ["closed", "changed"]), ("office", "")
                            ),
                            models.Q(
                                ("address", ""),
                                ("channel", ""),
                                ("kind", "vacant"),
                                models.Q(("office", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="task_place_fits_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("proposed_at", None), ("proposed_by", None), ("says", "")),
                            models.Q(
                                ("proposed_at__isnull", False),
                                ("proposed_by__isnull", False),
                                models.Q(("says", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="task_proposal_with_who_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("returned_at", None), ("returned_by", None), ("returned_reason", "")),
                            models.Q(
                                ("proposed_at__isnull", False),
                                ("returned_at__isnull", False),
                                ("returned_by__isnull", False),
                                models.Q(("returned_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="task_returned_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Trace",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="trace",
                        serialize=False,
                        to="members.event",
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("address", models.GenericIPAddressField(null=True)),
                ("user_agent", models.CharField(blank=True, max_length=300)),
            ],
        ),
    ]
