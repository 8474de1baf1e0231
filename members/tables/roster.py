"""The roster and its tasks as tables."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from members.models import Organisation, Task

DATE = {"cell": {"class": "number"}}
ACTION = mark_safe('<span class="visually-hidden">操作</span>')


class DirectoryTable(tables.Table):
    """Organisations with how they are reached."""

    name = tables.Column(
        "名称",
        order_by=("kana", "name", "pk"),
        linkify=("organisation", {"pk": tables.A("pk")}),
        attrs={"td": {"scope": "row", "class": "wide"}},
    )
    district = tables.Column("地区", accessor="parent__label", order_by=("parent__position", "position", "pk"))
    telephone = tables.Column("電話", attrs=DATE, order_by=("telephone", "pk"))
    fax = tables.Column("FAX", attrs=DATE, order_by=("fax", "pk"))
    channel = tables.Column("届け方", order_by=("channel", "pk"))
    code = tables.Column("薬局コード", attrs=DATE, order_by=("code", "pk"))
    tags = tables.Column("区分", orderable=False, empty_values=(), attrs={"td": {"class": "wide"}})

    class Meta:
        model = Organisation
        fields: tuple[str, ...] = ()
        attrs = {"class": "ledger-dense", "label": "薬局・名簿"}
        default = "–"
        order_by = "district"
        empty_text = "条件に合う薬局はありません。言葉を短くするか、条件を消すと見つかることがあります。"

    def __init__(self, *args: Any, whole: bool, **more: Any) -> None:
        """`whole`: the roster of everybody; one district's needs no column for the district."""
        super().__init__(*args, exclude=() if whole else ("district",), order_by=None if whole else "name", **more)

    def render_name(self, value: str, record: Organisation) -> SafeString:
        left = mark_safe('<span class="soft small">（退会）</span>') if record.left_on else ""
        return format_html("{}{}", value, left)

    def render_tags(self, record: Organisation) -> str:
        return "、".join(tag.name for tag in record.tags.all()) or "–"


class TaskTable(tables.Table):
    """What is to be found out: for staff with the address and what to do next, for a chair with the way to answer."""

    organisation = tables.Column(
        "薬局・団体", order_by=("organisation__kana", "pk"), attrs={"td": {"scope": "row", "class": "wide"}}
    )
    district = tables.Column(
        "地区",
        accessor="organisation__parent__label",
        order_by=("organisation__parent__position", "organisation__position", "pk"),
    )
    telephone = tables.Column("電話", accessor="organisation__telephone", orderable=False, attrs=DATE)
    reason = tables.Column("何を確かめるか", order_by=("kind", "office", "reason", "pk"))
    state = tables.TemplateColumn(
        '{% include "members/task_state.html" %}', verbose_name="状態", order_by=("turn", "-raised_at", "-pk")
    )
    raised_at = tables.TemplateColumn(
        "{% load screen %}{{ value|short }}", verbose_name="いつから", order_by=("raised_at", "pk"), attrs=DATE
    )
    closed_at = tables.TemplateColumn(
        "{% load screen %}{{ value|short }}　{{ record.closed_by|default:'' }}<br>{{ record.answer }}",
        verbose_name="どうしたか",
        order_by=("closed_at", "pk"),
    )
    move = tables.TemplateColumn(
        '{% include "members/task_move.html" %}',
        verbose_name=ACTION,
        orderable=False,
        attrs={"cell": {"class": "act"}},
    )

    class Meta:
        model = Task
        fields: tuple[str, ...] = ()
        attrs = {"label": "名簿の確認"}
        default = "–"
        empty_text = "条件に合うものはありません。言葉を短くするか、条件を消すと見つかることがあります。"

    def __init__(self, *args: Any, whole: bool, closed: bool, **more: Any) -> None:
        """`whole`: for staff, who see addresses; `closed`: those that are done with."""
        hidden = ["state" if closed else "closed_at", *([] if whole else ["district"])]
        first = "-closed_at" if closed else "state" if whole else "-state"
        super().__init__(*args, exclude=hidden, order_by=first, **more)
        self.whole = whole

    def render_organisation(self, record: Task) -> SafeString:
        """To the roster; for a chair to the answer, whose button is off the side of a phone."""
        href = reverse("organisation", args=[record.organisation_id])
        if not self.whole:
            href = reverse("task_answer", args=[record.pk])
        return format_html('<a href="{}"><b>{}</b></a>', href, record.organisation.name)

    def render_telephone(self, value: str) -> SafeString:
        return format_html('<a class="keep" href="tel:{0}">{0}</a>', value)

    def render_reason(self, value: str, record: Task) -> SafeString:
        """What it is, and why; to staff with the address."""
        told = format_html("<b>{}</b><br>{}", record.title, value)
        if not self.whole or not record.address:
            return told
        return format_html('{}<span class="soft address d-block">{}</span>', told, record.address)
