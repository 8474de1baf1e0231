"""Packets, notices, releases, receipts, deliveries and what follows: all tables of this app."""

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import django.utils.timezone
import notices.models.grams
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("members", "0002_history_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Allowance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("domain", models.CharField(blank=True, max_length=255)),
                ("minute", models.DateTimeField()),
                ("taken", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("domain", "minute"), name="allowance_once_a_minute")],
            },
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64, unique=True, verbose_name="照合値")),
                ("name", models.CharField(max_length=300, verbose_name="ファイル名")),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveBigIntegerField(help_text="Bytes.", verbose_name="大きさ")),
                ("content", models.FileField(max_length=200, upload_to="")),
                ("kept_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("acts", models.BooleanField(default=False, verbose_name="開くと動くしかけがある")),
                ("holds_files", models.BooleanField(default=False, verbose_name="ファイルを含む")),
                (
                    "safe_copy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="originals",
                        to="notices.storedfile",
                        verbose_name="しかけを除いた写し",
                    ),
                ),
                ("may_be_bound", models.BooleanField(default=True, verbose_name="ほかの文書と綴じてよい")),
                (
                    "text_read_at",
                    models.DateTimeField(
                        blank=True, help_text="When its text was taken out to be searched.", null=True
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acts", False), ("holds_files", False), ("safe_copy", None)),
                            models.Q(
                                models.Q(("acts", False), ("holds_files", False), _negated=True),
                                ("safe_copy__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="file_quarantined_with_its_copy",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("safe_copy", models.F("id")), _negated=True),
                        name="file_is_not_its_own_copy",
                    ),
                ],
            },
        ),
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
        migrations.CreateModel(
            name="Sentence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40, unique=True, verbose_name="定型文")),
                ("text", models.TextField(blank=True, verbose_name="文")),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["key"],
            },
        ),
        migrations.CreateModel(
            name="Packet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("fingerprint", models.CharField(max_length=64, verbose_name="照合値")),
                ("receipt_number", models.CharField(max_length=20, unique=True, verbose_name="収受番号")),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="受領日時")),
                (
                    "received_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("text", models.TextField(verbose_name="本文")),
                ("reading", models.JSONField()),
                ("corrected", models.JSONField(null=True)),
                ("oldest_on", models.DateField(null=True, verbose_name="最初の文書の日付")),
                ("search_key", models.TextField(blank=True, editable=False)),
                (
                    "state",
                    models.CharField(
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
                ("registered_at", models.DateTimeField(null=True)),
                ("set_aside_because", models.CharField(blank=True, max_length=200, verbose_name="取りやめた理由")),
            ],
            options={
                "ordering": ["-received_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("registered_at__isnull", False), ("state__in", ["registered", "filed"])),
                            models.Q(
                                ("registered_at__isnull", True), ("state__in", ["doubtful", "double", "set_aside"])
                            ),
                            _connector="OR",
                        ),
                        name="packet_registered_once_registered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "set_aside"), models.Q(("set_aside_because", ""), _negated=True)),
                            models.Q(models.Q(("state", "set_aside"), _negated=True), ("set_aside_because", "")),
                            _connector="OR",
                        ),
                        name="packet_set_aside_for_a_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "set_aside"), _negated=True),
                        fields=("fingerprint",),
                        name="packet_once_a_content",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PacketFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "packet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="packet_files", to="notices.packet"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="notices.storedfile"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200, verbose_name="ファイル名")),
                ("pages", models.PositiveIntegerField(default=1, verbose_name="ページ数")),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("packet", "position"), name="packet_file_position_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("received", "受領"), ("draft", "下書き"), ("released", "発出済")],
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("kind", models.CharField(default="通知", max_length=10, verbose_name="種別")),
                ("date", models.DateField(blank=True, null=True, verbose_name="日付")),
                ("addressees", models.JSONField(blank=True, default=list, verbose_name="宛先")),
                ("honorific", models.CharField(blank=True, max_length=10, verbose_name="敬称")),
                ("subject", models.CharField(max_length=500, verbose_name="件名")),
                ("search_key", models.CharField(blank=True, editable=False, max_length=1000)),
                ("body", models.TextField(blank=True, verbose_name="本文")),
                ("items", models.TextField(blank=True, verbose_name="記書き")),
                ("contact", models.TextField(blank=True, verbose_name="問い合わせ先")),
                ("text", models.TextField(blank=True, verbose_name="原文")),
                (
                    "packet",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="notices.packet",
                    ),
                ),
                ("packet_order", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("packet_under", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("packet_oldest_on", models.DateField(blank=True, null=True, verbose_name="最初の文書の日付")),
                ("filed", models.BooleanField(default=False, verbose_name="会員へは伝えない")),
                ("filed_because", models.CharField(blank=True, max_length=200, verbose_name="伝えない理由")),
                (
                    "number_fixed",
                    models.BooleanField(
                        default=False,
                        help_text="Number and date come from the letter itself and are kept whenever it is released.",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("changed_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "ordering": ["-date", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("packet", "packet_order"), name="notice_once_per_packet_letter"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "released"), _negated=True), ("date__isnull", False), _connector="OR"
                        ),
                        name="notice_released_has_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("packet", None), ("packet_order", None)),
                            models.Q(("packet__isnull", False), ("packet_order__isnull", False)),
                            _connector="OR",
                        ),
                        name="notice_has_its_place_in_a_packet",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("subject", ""), _negated=True), name="notice_has_subject"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeIssuer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="issuers", to="notices.notice"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="issued", to="members.organisation"
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=100, verbose_name="役職")),
                ("name", models.CharField(blank=True, max_length=100, verbose_name="氏名")),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "position"), name="notice_issuer_position_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "notice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="numbers",
                        to="notices.notice",
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="numbers", to="members.organisation"
                    ),
                ),
                ("text", models.CharField(max_length=100, verbose_name="文書番号")),
                ("series", models.CharField(blank=True, max_length=80)),
                ("fiscal_year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="年度")),
                ("serial", models.PositiveIntegerField(blank=True, null=True)),
                ("subject", models.CharField(blank=True, max_length=300, verbose_name="件名")),
                ("dated", models.DateField(blank=True, null=True, verbose_name="日付")),
                ("void_reason", models.CharField(blank=True, max_length=200, verbose_name="欠番の理由")),
                ("reserved_at", models.DateTimeField(blank=True, null=True, verbose_name="決裁で確定した日時")),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("fiscal_year__isnull", False), ("serial__isnull", False)),
                        fields=("issuer", "series", "fiscal_year", "serial"),
                        name="document_number_once_a_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("notice__isnull", False), ("subject", ""), ("void_reason", "")),
                            models.Q(
                                ("fiscal_year__isnull", False),
                                ("notice", None),
                                ("serial__isnull", False),
                                ("subject", ""),
                                models.Q(("void_reason", ""), _negated=True),
                            ),
                            models.Q(
                                ("fiscal_year__isnull", False),
                                ("notice", None),
                                ("serial__isnull", False),
                                ("void_reason", ""),
                                models.Q(("subject", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="document_number_of_a_notice_or_explained",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="relations", to="notices.notice"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("encloses", "別添として送付"),
                            ("follows_up", "再周知"),
                            ("corrects", "訂正"),
                            ("withdraws", "廃止"),
                            ("cites", "参照"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="related_from",
                        to="notices.notice",
                    ),
                ),
                ("cited_number", models.CharField(blank=True, max_length=100)),
                ("cited_date", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "kind", "target"), name="relation_once"),
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("target")), _negated=True), name="relation_not_to_itself"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["corrects", "withdraws"])),
                        fields=("source",),
                        name="relation_supersedes_one_notice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("target__isnull", False),
                            models.Q(("cited_number", ""), _negated=True),
                            ("cited_date__isnull", False),
                            _connector="OR",
                        ),
                        name="relation_names_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "cites"), ("kind", "follows_up"), ("target__isnull", False), _connector="OR"
                        ),
                        name="relation_acts_on_a_known_notice",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="approvals", to="notices.notice"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "決裁待ち"),
                            ("approved", "決裁済"),
                            ("returned", "差し戻し"),
                            ("taken_back", "取り下げ"),
                            ("lapsed", "直すため取り消し"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("fingerprint", models.CharField(max_length=64, verbose_name="照合値")),
                ("version", models.JSONField(default=dict, verbose_name="内容")),
                ("day", models.DateField(verbose_name="発出日")),
                ("dates_letter", models.BooleanField(default=False)),
                ("gist", models.TextField(blank=True, verbose_name="要旨")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="依頼日時")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "asked_as",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.capacity",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="決裁日時")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_as",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.capacity",
                    ),
                ),
                ("remark", models.TextField(blank=True, verbose_name="差し戻しの理由")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="取り消した日時")),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("paper_on", models.DateField(blank=True, null=True, verbose_name="紙の決裁日")),
                ("paper_by", models.CharField(blank=True, max_length=200, verbose_name="紙で決裁した人")),
                (
                    "scan",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notices.storedfile",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["asked", "approved"])),
                        fields=("notice",),
                        name="approval_one_stands_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None), ("decided_by", None), ("state__in", ["asked", "taken_back"])
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("state__in", ["approved", "returned", "lapsed"]),
                            ),
                            _connector="OR",
                        ),
                        name="approval_decided_with_who_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "returned"), models.Q(("remark", ""), _negated=True)),
                            models.Q(models.Q(("state", "returned"), _negated=True), ("remark", "")),
                            _connector="OR",
                        ),
                        name="approval_returned_with_remark",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_by__isnull", False),
                                ("state__in", ["taken_back", "lapsed"]),
                            ),
                            models.Q(
                                ("ended_at", None), ("ended_by", None), ("state__in", ["asked", "approved", "returned"])
                            ),
                            _connector="OR",
                        ),
                        name="approval_ended_with_who_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("paper_by", ""), ("paper_on", None), ("scan", None)),
                            models.Q(
                                ("paper_on__isnull", False),
                                ("scan__isnull", False),
                                ("state__in", ["approved", "lapsed"]),
                                models.Q(("paper_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="approval_on_paper_with_day_names_and_scan",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attachments", to="notices.notice"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("label", models.CharField(max_length=20, verbose_name="区分")),
                ("title", models.CharField(max_length=500, verbose_name="題名")),
                (
                    "enclosed",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="enclosed_as",
                        to="notices.notice",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notices.storedfile",
                    ),
                ),
                (
                    "file_name",
                    models.CharField(
                        blank=True,
                        help_text="Under which the file came here; empty: that of the file.",
                        max_length=300,
                        verbose_name="ファイル名",
                    ),
                ),
                ("url", models.URLField(blank=True, max_length=1000, verbose_name="URL")),
                ("text", models.TextField(blank=True, verbose_name="内容")),
                (
                    "from_steps",
                    models.BooleanField(
                        default=False,
                        help_text="The site makes its file out of the steps at the release.",
                        verbose_name="設定手順から作る",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "position"), name="attachment_position_once"),
                    models.CheckConstraint(
                        condition=models.Q(("enclosed", None), ("file", None), _connector="OR"),
                        name="attachment_letter_or_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("from_steps", False), models.Q(("enclosed", None), ("url", "")), _connector="OR"
                        ),
                        name="attachment_from_steps_is_a_file",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("from_steps", True)),
                        fields=("notice",),
                        name="attachment_from_steps_once_a_notice",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "notice",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="release", to="notices.notice"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepared", "準備中"),
                            ("sending", "発出中"),
                            ("paused", "一時停止"),
                            ("stopped", "中止"),
                            ("sent", "発出済"),
                        ],
                        default="prepared",
                        max_length=8,
                        verbose_name="状態",
                    ),
                ),
                (
                    "ask",
                    models.CharField(
                        choices=[("inform", "お知らせ"), ("confirm", "確認"), ("set_up", "確認＋設定")],
                        default="confirm",
                        max_length=8,
                        verbose_name="お願いの種類",
                    ),
                ),
                (
                    "gathers",
                    models.CharField(
                        choices=[("now", "すぐ送る"), ("daily", "1日1通にまとめる"), ("weekly", "1週1通にまとめる")],
                        default="now",
                        help_text="Whether its mails wait for the others of the day or the week; only an お知らせ may.",
                        max_length=6,
                        verbose_name="送り方",
                    ),
                ),
                ("who", models.CharField(blank=True, max_length=100, verbose_name="誰が")),
                ("what", models.CharField(blank=True, max_length=200, verbose_name="何を")),
                (
                    "deadline",
                    models.DateField(
                        blank=True, help_text="Ends at the end of that day in Tokyo.", null=True, verbose_name="期限"
                    ),
                ),
                ("covering_chairs", models.TextField(blank=True, verbose_name="地区会長への添え書き")),
                ("covering_pharmacies", models.TextField(blank=True, verbose_name="薬局への添え書き")),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("all", "会員薬局すべて"),
                            ("districts", "地区を選ぶ"),
                            ("tags", "区分で選ぶ"),
                            ("open", "前の通知がまだの薬局"),
                        ],
                        default="all",
                        max_length=10,
                        verbose_name="宛先",
                    ),
                ),
                (
                    "through_districts",
                    models.BooleanField(
                        default=False,
                        help_text="Its recipients are the districts alone, each of which passes it on by a letter of its own.",
                        verbose_name="地区を通して届ける",
                    ),
                ),
                (
                    "passes_on",
                    models.ForeignKey(
                        blank=True,
                        help_text="The association's release.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passed_on",
                        to="notices.release",
                    ),
                ),
                (
                    "passed_on_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.organisation",
                        verbose_name="発出した地区",
                    ),
                ),
                (
                    "superseded_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="The correction or withdrawal that went out next; of a district's letter that of what it passes on.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notices.release",
                    ),
                ),
                (
                    "repeats",
                    models.ForeignKey(
                        blank=True,
                        help_text="Of a 再周知: the release in whose place its recipients answer, which asks no more than this one.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notices.release",
                    ),
                ),
                (
                    "is_repeated",
                    models.BooleanField(
                        db_default=False,
                        help_text="Some of its receipts go on in those of a 再周知; of another release no answer has to ask whether.",
                        verbose_name="再周知された",
                    ),
                ),
                (
                    "help_to_district",
                    models.BooleanField(default=True, verbose_name="困っていることを地区にも知らせる"),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notices.storedfile",
                    ),
                ),
                ("released_at", models.DateTimeField(blank=True, null=True, verbose_name="発出日時")),
                ("released_on", models.DateField(blank=True, null=True, verbose_name="発出日")),
                (
                    "released_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("paused_reason", models.CharField(blank=True, max_length=200, verbose_name="一時停止の理由")),
                (
                    "paused_reply",
                    models.CharField(
                        blank=True, help_text="The answer that several addresses got in a row.", max_length=300
                    ),
                ),
                (
                    "blamed_reply",
                    models.CharField(
                        blank=True,
                        help_text="An answer that staff blame on the addresses, however often it comes.",
                        max_length=300,
                    ),
                ),
                ("attach_letter", models.BooleanField(default=False, verbose_name="公文書（PDF）をメールに付ける")),
                (
                    "changed",
                    models.TextField(
                        blank=True, help_text="For those who have the corrected notice.", verbose_name="変わったところ"
                    ),
                ),
                (
                    "approval",
                    models.OneToOneField(
                        blank=True,
                        help_text="By which it went out.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="release",
                        to="notices.approval",
                    ),
                ),
                (
                    "unapproved",
                    models.CharField(
                        blank=True,
                        choices=[("before", "決裁を記録する前の発出"), ("district", "地区が会員に送った文書")],
                        max_length=8,
                        verbose_name="決裁の記録がない理由",
                    ),
                ),
                ("scheduled_at", models.DateTimeField(blank=True, null=True, verbose_name="発出の予約")),
                (
                    "scheduled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "scheduled_as",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.capacity",
                    ),
                ),
                (
                    "schedule_failed",
                    models.CharField(blank=True, max_length=300, verbose_name="予約どおりに発出できなかった理由"),
                ),
                ("districts", models.ManyToManyField(blank=True, related_name="+", to="members.organisation")),
                ("tags", models.ManyToManyField(blank=True, related_name="+", to="members.tag")),
            ],
            options={
                "ordering": ["-released_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("scheduled_at__isnull", False)),
                        fields=["scheduled_at"],
                        name="release_scheduled",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("letter", None),
                                ("released_at", None),
                                ("released_by", None),
                                ("released_on", None),
                                ("state", "prepared"),
                            ),
                            models.Q(
                                models.Q(("state", "prepared"), _negated=True),
                                ("letter__isnull", False),
                                ("released_at__isnull", False),
                                ("released_on__isnull", False),
                                models.Q(
                                    ("released_by__isnull", False),
                                    models.Q(("unapproved", ""), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="release_fixed_once_released",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "prepared"),
                            ("approval__isnull", False),
                            models.Q(("unapproved", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="release_approved_or_says_why_not",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("approval", None), ("unapproved", ""), _connector="OR"),
                        name="release_approved_has_no_reason_why_not",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deadline", None),
                            ("released_on", None),
                            ("deadline__gte", models.F("released_on")),
                            _connector="OR",
                        ),
                        name="release_deadline_not_before_release",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("superseded_by", None), models.Q(("state", "prepared"), _negated=True), _connector="OR"
                        ),
                        name="release_superseded_once_released",
                    ),
                    models.UniqueConstraint(
                        fields=("passes_on", "passed_on_by"), name="release_passed_on_once_by_a_district"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("passed_on_by", None),
                                ("passes_on", None),
                                models.Q(("unapproved", "district"), _negated=True),
                            ),
                            models.Q(
                                ("approval", None),
                                ("passed_on_by__isnull", False),
                                ("passes_on__isnull", False),
                                ("through_districts", False),
                                ("unapproved", "district"),
                            ),
                            _connector="OR",
                        ),
                        name="release_passed_on_by_a_district",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ask", "inform"), _negated=True), ("deadline", None), _connector="OR"
                        ),
                        name="release_inform_no_deadline",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gathers", "now"), ("ask", "inform"), _connector="OR"),
                        name="release_gathers_what_asks_nothing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scheduled_at", None),
                            models.Q(
                                ("scheduled_as__isnull", False), ("scheduled_by__isnull", False), ("state", "prepared")
                            ),
                            _connector="OR",
                        ),
                        name="release_scheduled_while_prepared",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BoundPacket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "release",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="bound", to="notices.release"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notices.storedfile",
                    ),
                ),
                ("pages", models.PositiveIntegerField(blank=True, null=True, verbose_name="ページ数")),
                ("left_out", models.JSONField(blank=True, default=list, verbose_name="綴じていないもの")),
                ("made_at", models.DateTimeField(blank=True, null=True)),
                ("taken_until", models.DateTimeField(blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("file", None), ("made_at", None), ("pages", None)),
                            models.Q(("file__isnull", False), ("made_at__isnull", False), ("pages__isnull", False)),
                            _connector="OR",
                        ),
                        name="bound_packet_whole_or_promised",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pages", None), ("pages__gt", 0), _connector="OR"),
                        name="bound_packet_has_pages",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="notices.notice"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "group",
                    models.CharField(
                        choices=[("pc", "PC"), ("other", "その他"), ("device", "端末"), ("reference", "参照")],
                        default="pc",
                        max_length=10,
                        verbose_name="区分",
                    ),
                ),
                (
                    "device",
                    models.CharField(
                        blank=True,
                        choices=[("android", "Android"), ("ios", "iOS"), ("windows", "Windows")],
                        max_length=8,
                        verbose_name="端末の種類",
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="手順")),
                ("hint", models.CharField(blank=True, max_length=300, verbose_name="補足")),
                ("holds_secret", models.BooleanField(default=False, verbose_name="秘密を扱う")),
                (
                    "picture",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notices.storedfile",
                    ),
                ),
                ("picture_alt", models.CharField(blank=True, max_length=200, verbose_name="画像の説明")),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "position"), name="step_position_once"),
                    models.CheckConstraint(
                        condition=models.Q(("device", ""), ("group", "device"), _connector="OR"),
                        name="step_device_only_on_devices",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("picture", None), models.Q(("picture_alt", ""), _negated=True), _connector="OR"
                        ),
                        name="step_picture_is_described",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "release",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="notices.release",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="members.organisation",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="members.organisation"
                    ),
                ),
                ("audience", models.CharField(choices=[("district", "地区"), ("pharmacy", "薬局")], max_length=8)),
                (
                    "reach",
                    models.CharField(
                        choices=[
                            ("sent", "送信済"),
                            ("waiting", "送信待ち"),
                            ("other", "別経路"),
                            ("failed", "不達"),
                            ("stopped", "中止"),
                        ],
                        max_length=7,
                        verbose_name="送信",
                    ),
                ),
                ("reach_reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="確認")),
                (
                    "confirmed_via",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("signed_in", "サインイン"),
                            ("personal", "個人用URL"),
                            ("telephone", "代理（電話）"),
                            ("fax", "代理（FAX）"),
                            ("paper", "代理（紙）"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("confirmed_name", models.CharField(blank=True, max_length=100, verbose_name="確認した人")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="完了")),
                (
                    "finished_via",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("signed_in", "サインイン"),
                            ("personal", "個人用URL"),
                            ("telephone", "代理（電話）"),
                            ("fax", "代理（FAX）"),
                            ("paper", "代理（紙）"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "finished_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("not_applicable_at", models.DateTimeField(blank=True, null=True, verbose_name="対象外")),
                (
                    "not_applicable_via",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("signed_in", "サインイン"),
                            ("personal", "個人用URL"),
                            ("telephone", "代理（電話）"),
                            ("fax", "代理（FAX）"),
                            ("paper", "代理（紙）"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "not_applicable_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("not_applicable_reason", models.CharField(blank=True, max_length=200, verbose_name="対象外の理由")),
                (
                    "device",
                    models.CharField(
                        blank=True,
                        choices=[("android", "Android"), ("ios", "iOS"), ("windows", "Windows")],
                        max_length=8,
                        verbose_name="使う端末",
                    ),
                ),
                (
                    "carried_from",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Of a 再周知: the receipt of the earlier notice, in whose place this one is asked.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notices.receipt",
                    ),
                ),
                ("address_version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["release", "audience", "district", "reach"], name="receipt_board"),
                    models.Index(fields=["organisation", "-release"], name="receipt_of_organisation"),
                    models.Index(condition=models.Q(("reach", "waiting")), fields=["release"], name="receipt_waiting"),
                    models.Index(condition=models.Q(("reach", "failed")), fields=["release"], name="receipt_failed"),
                    models.Index(
                        condition=models.Q(("carried_from__isnull", False)),
                        fields=["carried_from"],
                        name="receipt_carried",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("release", "organisation"), name="receipt_once_per_recipient"),
                    models.CheckConstraint(
                        condition=models.Q(("reach__in", ["sent", "waiting", "other", "failed", "stopped"])),
                        name="receipt_reach_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("audience__in", ["district", "pharmacy"])), name="receipt_audience_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("audience", "pharmacy"), ("organisation", models.F("district")), _connector="OR"
                        ),
                        name="receipt_district_is_its_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_via", "")),
                            models.Q(("confirmed_at__isnull", False), models.Q(("confirmed_via", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="receipt_confirmed_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at", None), ("finished_via", "")),
                            models.Q(("finished_at__isnull", False), models.Q(("finished_via", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="receipt_finished_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("not_applicable_at", None), ("not_applicable_via", "")),
                            models.Q(
                                ("not_applicable_at__isnull", False),
                                models.Q(("not_applicable_via", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="receipt_not_applicable_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("finished_at", None), ("confirmed_at__isnull", False), _connector="OR"),
                        name="receipt_finished_implies_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("not_applicable_at", None), ("confirmed_at__isnull", False), _connector="OR"
                        ),
                        name="receipt_not_applicable_implies_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("finished_at", None), ("not_applicable_at", None), _connector="OR"),
                        name="receipt_finished_or_not_applicable",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("not_applicable_at", None), ("not_applicable_reason", "")),
                            models.Q(
                                ("not_applicable_at__isnull", False),
                                models.Q(("not_applicable_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="receipt_not_applicable_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("confirmed_name", ""), ("confirmed_at__isnull", False), _connector="OR"),
                        name="receipt_named_once_confirmed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepTick",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ticks", to="notices.receipt"
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ticks", to="notices.step"
                    ),
                ),
                (
                    "device",
                    models.CharField(
                        blank=True,
                        choices=[("android", "Android"), ("ios", "iOS"), ("windows", "Windows")],
                        max_length=8,
                    ),
                ),
                ("ticked_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    ),
                ),
                (
                    "ticked_by",
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
                "ordering": ["ticked_at"],
                "constraints": [models.UniqueConstraint(fields=("receipt", "step", "device"), name="tick_once")],
            },
        ),
        migrations.CreateModel(
            name="HelpRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="help_requests", to="notices.receipt"
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="help_requests",
                        to="notices.step",
                    ),
                ),
                (
                    "asked_step",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="The step of the notice before, which the correction has no more.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notices.step",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="困っていること")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                ("answer", models.TextField(blank=True, verbose_name="回答")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
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
            ],
            options={
                "ordering": ["asked_at"],
                "indexes": [
                    models.Index(condition=models.Q(("closed_at", None)), fields=["receipt"], name="help_open")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None)),
                            models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="help_answered_when",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReminderPlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "release",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reminder_plan", to="notices.release"
                    ),
                ),
                ("from_deadline", models.BooleanField(default=True, verbose_name="期限から数える")),
                (
                    "hour",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(23)], verbose_name="時刻"
                    ),
                ),
                ("most", models.PositiveSmallIntegerField(verbose_name="1か所あたり多くて")),
                ("chairs_on", models.SmallIntegerField(blank=True, null=True, verbose_name="地区会長に知らせる日")),
                ("staff_on", models.SmallIntegerField(blank=True, null=True, verbose_name="事務局の仕事にする日")),
                ("stopped_at", models.DateTimeField(blank=True, null=True, verbose_name="止めた日時")),
                (
                    "stopped_by",
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
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("hour__lte", 23)), name="reminders_hour_of_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("most__gte", 1), ("most__lte", 20)), name="reminders_most_sensible"
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
                        name="reminders_told_in_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stopped_at", None), ("stopped_by", None)),
                            models.Q(("stopped_at__isnull", False), ("stopped_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="reminders_stopped_by_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReminderDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="days", to="notices.reminderplan"
                    ),
                ),
                ("offset", models.SmallIntegerField(verbose_name="日")),
            ],
            options={
                "ordering": ["offset"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "offset"), name="reminder_day_once"),
                    models.CheckConstraint(
                        condition=models.Q(("offset__gte", -90), ("offset__lte", 120)), name="reminder_day_in_time"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unreminded",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "receipt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="unreminded", to="notices.receipt"
                    ),
                ),
                ("stopped_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "stopped_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ChairMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "receipt",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chair_messages",
                        to="notices.receipt",
                    ),
                ),
                ("day", models.DateField(verbose_name="日")),
                ("text", models.TextField(verbose_name="文")),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "capacity",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.capacity",
                    ),
                ),
                ("written_at", models.DateTimeField(blank=True, null=True, verbose_name="送信の手配")),
                ("ended", models.CharField(blank=True, max_length=200, verbose_name="送らなかった理由")),
            ],
            options={
                "ordering": ["day"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended", "")), fields=("receipt", "day"), name="chair_writes_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="chair_writes_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("written_at", None), ("ended", ""), _connector="OR"),
                        name="chair_wrote_or_not",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("written_at__isnull", False), ("capacity__isnull", False), _connector="OR"),
                        name="chair_waits_in_a_capacity",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "organisation",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="members.organisation",
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="notices.receipt"
                    ),
                ),
                ("day", models.DateField(verbose_name="日")),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="notices.chairmessage",
                    ),
                ),
            ],
            options={
                "ordering": ["day", "id"],
                "constraints": [models.UniqueConstraint(fields=("organisation", "day"), name="reminder_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Mention",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reminder",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mentions",
                        to="notices.reminder",
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mentions",
                        to="notices.receipt",
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[("answer", "返事のお願い"), ("members", "未回答の会員の一覧")],
                        default="answer",
                        max_length=7,
                    ),
                ),
                ("offset", models.SmallIntegerField(blank=True, null=True)),
                ("place", models.PositiveSmallIntegerField(default=0)),
                ("dropped_at", models.DateTimeField(blank=True, null=True)),
                ("members", models.ManyToManyField(blank=True, related_name="+", to="notices.receipt")),
            ],
            options={
                "ordering": ["reminder", "place"],
                "indexes": [models.Index(fields=["receipt"], name="mention_of_receipt")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("offset__isnull", False)),
                        fields=("receipt", "what", "offset"),
                        name="mention_once_a_plan_day",
                    ),
                    models.UniqueConstraint(fields=("reminder", "receipt", "what"), name="mention_once_in_a_reminder"),
                    models.CheckConstraint(
                        condition=models.Q(("what__in", ["answer", "members"])), name="mention_what_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="notices.receipt"
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The receipt's; fixed with it.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="notices.release",
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
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
                (
                    "reminder",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="What a message reminds of; its receipt is the most urgent of these.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="notices.reminder",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "メール"), ("fax", "FAX"), ("post", "郵送")],
                        max_length=5,
                        verbose_name="方法",
                    ),
                ),
                ("address", models.CharField(max_length=300, verbose_name="宛先")),
                ("message_key", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "送信待ち"),
                            ("sending", "送信中"),
                            ("sent", "送信済"),
                            ("other", "別経路"),
                            ("failed", "不達"),
                            ("stopped", "中止"),
                        ],
                        default="waiting",
                        max_length=7,
                        verbose_name="状態",
                    ),
                ),
                ("unsure", models.BooleanField(default=False)),
                ("attempt", models.PositiveIntegerField(default=0)),
                ("deferrals", models.PositiveSmallIntegerField(default=0, verbose_name="再送の回数")),
                ("crashes", models.PositiveSmallIntegerField(default=0)),
                (
                    "after",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notices.delivery",
                    ),
                ),
                (
                    "gathered_in",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="notices.delivery",
                    ),
                ),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "due_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="次の送信"),
                ),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("claim", models.UUIDField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="結果の日時")),
                ("bounced_at", models.DateTimeField(blank=True, null=True, verbose_name="戻った日時")),
                ("outcome", models.CharField(blank=True, max_length=300, verbose_name="結果")),
                ("reply", models.CharField(blank=True, max_length=300, verbose_name="サーバーの答え")),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["release", "purpose", "due_at", "id"],
                        name="delivery_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("purpose__in", ("again", "answer")), ("state", "waiting")),
                        fields=["due_at"],
                        name="delivery_awaited",
                    ),
                    models.Index(
                        condition=models.Q(("purpose", "reminder"), ("state", "waiting")),
                        fields=["due_at"],
                        name="delivery_reminding",
                    ),
                    models.Index(
                        condition=models.Q(("state", "sending")), fields=["leased_until"], name="delivery_sending"
                    ),
                    models.Index(
                        condition=models.Q(("gathered_in__isnull", False)),
                        fields=["gathered_in"],
                        name="delivery_gathered",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("purpose", "notice")),
                        fields=("receipt", "channel", "address"),
                        name="delivery_once_per_address",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("purpose", "repeat"), ("state__in", ["waiting", "sending"])),
                        fields=("receipt", "channel", "address"),
                        name="delivery_repeated_once_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("purpose", "answer"), ("state__in", ["waiting", "sending"])),
                        fields=("receipt", "channel", "address"),
                        name="delivery_answers_once_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("purpose", "reminder")),
                        fields=("reminder", "channel", "address"),
                        name="delivery_reminds_an_address_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(models.Q(("purpose", "reminder"), _negated=True), ("reminder", None)),
                            models.Q(
                                ("purpose", "reminder"),
                                ("reminder__isnull", False),
                                models.Q(("state", "other"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="delivery_reminds_of_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("gathered_in", None),
                            models.Q(("channel", "email"), ("purpose", "notice")),
                            _connector="OR",
                        ),
                        name="delivery_gathers_mails_of_notices",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claim__isnull", False), ("leased_until__isnull", False), ("state", "sending")),
                            models.Q(
                                models.Q(("state", "sending"), _negated=True), ("claim", None), ("leased_until", None)
                            ),
                            _connector="OR",
                        ),
                        name="delivery_leased_while_sending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["sent", "failed", "stopped"]), _negated=True),
                            ("settled_at__isnull", False),
                            _connector="OR",
                        ),
                        name="delivery_settled_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OnBehalf",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="on_behalf", to="notices.receipt"
                    ),
                ),
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
                ("written_on", models.DateField(blank=True, null=True, verbose_name="用紙の日付")),
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
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="日時")),
                ("confirms", models.BooleanField()),
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
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="取り消し")),
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
                "indexes": [models.Index(fields=["by", "-at"], name="on_behalf_by")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("via__in", ("telephone", "fax", "paper"))), name="on_behalf_via_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person", ""), _negated=True), name="on_behalf_answered_by_somebody"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("written_on", None), ("via__in", ["fax", "paper"]), _connector="OR"),
                        name="on_behalf_dated_on_paper",
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
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("letter", "文面"),
                            ("attachment", "別添の本文"),
                            ("file", "ファイル"),
                            ("steps", "設定手順"),
                            ("to_chairs", "地区会長への添え書き"),
                            ("to_pharmacies", "薬局への添え書き"),
                            ("changed", "変わったところ"),
                            ("original", "原文"),
                        ],
                        max_length=13,
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="notices.notice",
                    ),
                ),
                (
                    "attachment",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="notices.attachment",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="notices.storedfile",
                    ),
                ),
                (
                    "packet",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passages",
                        to="notices.packet",
                    ),
                ),
                ("page", models.PositiveSmallIntegerField(help_text="Of a file that has pages, from 1.", null=True)),
                ("text", models.TextField()),
                ("folded", models.TextField(help_text="The text as notices.folding makes it.")),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("file__isnull", False), ("kind", "file"), ("notice", None), ("packet", None)),
                            models.Q(("file", None), ("kind", "original"), ("notice", None), ("packet__isnull", False)),
                            models.Q(
                                models.Q(("kind__in", ["file", "original"]), _negated=True),
                                ("file", None),
                                ("notice__isnull", False),
                                ("packet", None),
                            ),
                            _connector="OR",
                        ),
                        name="passage_stands_in_one_place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("attachment__isnull", False), ("kind", "attachment")),
                            models.Q(models.Q(("kind", "attachment"), _negated=True), ("attachment", None)),
                            _connector="OR",
                        ),
                        name="passage_of_an_attachment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "notice",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="notices.notice",
                    ),
                ),
                (
                    "packet",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entry",
                        to="notices.packet",
                    ),
                ),
                (
                    "reader",
                    models.CharField(
                        choices=[("staff", "事務局"), ("district", "地区"), ("pharmacy", "薬局")], max_length=8
                    ),
                ),
                ("date", models.DateField(null=True)),
                ("head", models.TextField()),
                ("is_letter", models.BooleanField(db_default=False, verbose_name="地区の文書")),
                ("grams", notices.models.grams.GramsField()),
                ("passages", models.ManyToManyField(related_name="entries", to="notices.passage")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("notice", "reader"), name="entry_once_per_reader"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("notice__isnull", False), ("packet", None)),
                            models.Q(("notice", None), ("packet__isnull", False), ("reader", "staff")),
                            _connector="OR",
                        ),
                        name="entry_of_notice_or_packet",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StepNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="note", to="notices.step"
                    ),
                ),
                ("text", models.TextField(verbose_name="補足")),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="日時")),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["step"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="step_note_says_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "release",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="notices.release",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.organisation",
                    ),
                ),
                ("recipients", models.PositiveIntegerField()),
                ("sent", models.PositiveIntegerField()),
                ("waiting", models.PositiveIntegerField()),
                ("other_channel", models.PositiveIntegerField()),
                ("failed", models.PositiveIntegerField()),
                ("stopped", models.PositiveIntegerField()),
                ("confirmed", models.PositiveIntegerField()),
                ("finished", models.PositiveIntegerField()),
                ("not_applicable", models.PositiveIntegerField()),
                ("needs_help", models.PositiveIntegerField()),
                ("on_behalf", models.PositiveIntegerField()),
                ("finished_on_behalf", models.PositiveIntegerField()),
                ("not_applicable_on_behalf", models.PositiveIntegerField()),
                ("half_at", models.DateTimeField(null=True)),
                ("chair_receipt", models.BigIntegerField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("passed_on_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("release", "district"), name="tally_once_per_district"),
                    models.UniqueConstraint(
                        condition=models.Q(("district", None)), fields=("release",), name="tally_once_of_the_whole"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "recipients",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("sent"), "+", models.F("waiting")
                                            ),
                                            "+",
                                            models.F("other_channel"),
                                        ),
                                        "+",
                                        models.F("failed"),
                                    ),
                                    "+",
                                    models.F("stopped"),
                                ),
                            )
                        ),
                        name="tally_adds_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ToCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "release",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="notices.release",
                    ),
                ),
                (
                    "district",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="members.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["release", "district"], name="to_count_of_release")],
            },
        ),
        migrations.AddField(
            model_name="packet",
            name="files",
            field=models.ManyToManyField(related_name="packets", through="notices.PacketFile", to="notices.storedfile"),
        ),
        migrations.AddField(
            model_name="packet",
            name="doubles",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="doubled_by", to="notices.notice"
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
