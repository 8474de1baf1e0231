"""Accounts as a table."""

import django_tables2 as tables
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from members.models import Account, Capacity
from members.tables.roster import DATE


class AccountTable(tables.Table):
    """Accounts with what they act for."""

    name = tables.Column(
        "氏名",
        empty_values=(),
        order_by=("name", "email", "pk"),
        linkify=("account", {"pk": tables.A("pk")}),
        attrs={"td": {"scope": "row"}},
    )
    email = tables.Column("アドレス", order_by=("email", "pk"), attrs={"td": {"class": "wide"}})
    standing = tables.Column("立場", orderable=False, empty_values=(), attrs={"td": {"class": "wide"}})
    state = tables.TemplateColumn(
        "{% load screen %}{% if not record.is_active %}{% status 'disabled' %}"
        "{% elif not record.verified_at and record != request.user %}"
        "<span class='soft'>コードでのサインインがまだです</span>{% else %}使える{% endif %}",
        verbose_name="状態",
        order_by=("is_active", "verified_at", "pk"),
    )
    joined_at = tables.TemplateColumn(
        "{% load screen %}{{ value|short }}", verbose_name="登録", order_by=("joined_at", "pk"), attrs=DATE
    )

    class Meta:
        model = Account
        fields: tuple[str, ...] = ()
        attrs = {"class": "ledger-dense", "label": "アカウント"}
        default = "–"
        order_by = "name"
        empty_text = "条件に合うアカウントはありません。言葉を短くするか、条件を消すと見つかることがあります。"

    def render_name(self, record: Account) -> str:
        return str(record)

    def render_standing(self, value: list[Capacity]) -> SafeString:
        told = [f"{one.organisation.label}（{one.get_role_display()}）" for one in value]
        return format_html_join(mark_safe("<br>"), "{}", ([words] for words in told)) or mark_safe("なし")
