"""The roster, its tasks and the history as tables."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from members.history import KINDS, VERBS
from members.models import Event, Organisation, Task
from members.models.organisation import Channel

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

    def render_tags(self, record: Organisation) -> str:
        return "、".join(tag.name for tag in record.tags.all()) or "–"


class TaskTable(tables.Table):
    """Addresses that do not work, for staff with the address and the way to mend it, for a chair with what to ask."""

    organisation = tables.Column(
        "薬局・団体", order_by=("organisation__kana", "pk"), attrs={"td": {"scope": "row", "class": "wide"}}
    )
    district = tables.Column(
        "地区",
        accessor="organisation__parent__label",
        order_by=("organisation__parent__position", "organisation__position", "pk"),
    )
    telephone = tables.Column("電話", accessor="organisation__telephone", orderable=False, attrs=DATE)
    reason = tables.Column("理由", order_by=("reason", "pk"))
    raised_at = tables.TemplateColumn(
        "{% load screen %}{{ value|desk_day }}", verbose_name="いつから", order_by=("raised_at", "pk"), attrs=DATE
    )
    ask = tables.Column("お願い", empty_values=(), orderable=False)
    closed_at = tables.TemplateColumn(
        "{% load screen %}{{ value|desk_day }}　{{ record.closed_by|default:'' }}<br>{{ record.answer }}",
        verbose_name="どうしたか",
        order_by=("closed_at", "pk"),
    )
    move = tables.Column(ACTION, empty_values=(), orderable=False, attrs={"cell": {"class": "act"}})

    class Meta:
        model = Task
        fields: tuple[str, ...] = ()
        attrs = {"label": "届かない宛先"}
        default = "–"
        order_by = "-raised_at"
        empty_text = "条件に合うものはありません。言葉を短くするか、条件を消すと見つかることがあります。"

    def __init__(self, *args: Any, whole: bool, closed: bool, **more: Any) -> None:
        """`whole`: for staff, who see addresses; `closed`: those that are done with."""
        hidden = ["ask"] if whole else ["district", "move"]
        super().__init__(*args, exclude=hidden if closed else [*hidden, "closed_at"], **more)
        self.whole = whole

    def render_organisation(self, record: Task) -> SafeString:
        href = reverse("organisation", args=[record.organisation_id])
        return format_html('<a href="{}"><b>{}</b></a>', href, record.organisation.name)

    def render_telephone(self, value: str) -> SafeString:
        return format_html('<a class="keep" href="tel:{0}">{0}</a>', value)

    def render_reason(self, value: str, record: Task) -> SafeString:
        if not self.whole:
            return format_html("{}", value)
        return format_html('{}<span class="soft address d-block">{}</span>', value, record.address)

    def render_ask(self, record: Task) -> str:
        what = "FAX番号" if record.channel == Channel.FAX else "メールアドレス"
        return f"いま使える{what}を聞き、県薬剤師会の事務局に知らせてください"

    def render_move(self, record: Task) -> SafeString:
        return format_html(
            '<a class="btn btn-sm btn-outline" href="{}">{}<span class="visually-hidden">：{}</span></a>',
            reverse("task", args=[record.pk]),
            "開く" if record.closed_at else "アドレスを直す",
            record.organisation.name,
        )


class HistoryTable(tables.Table):
    """Events: when, what, whose business, by whom and in which capacity."""

    at = tables.TemplateColumn(
        "{% load screen %}{{ value|short }}　{{ value|clock }}",
        verbose_name="日時",
        order_by=("at", "pk"),
        attrs={"td": {"scope": "row", "class": "keep"}},
    )
    verb = tables.Column("できごと", order_by=("verb", "pk"))
    organisation = tables.Column("団体・薬局", accessor="organisation__name", order_by=("organisation__name", "pk"))
    subject = tables.Column("対象", empty_values=(), order_by=("subject_kind", "subject_id", "pk"))
    account = tables.Column("だれが", default="サインインなし", order_by=("account__name", "account__email", "pk"))
    capacity = tables.Column("立場", order_by=("capacity__role", "pk"))

    class Meta:
        model = Event
        fields: tuple[str, ...] = ()
        attrs = {"class": "ledger-dense", "label": "記録"}
        default = "–"
        order_by = "-at"
        empty_text = "条件に合う記録はありません。"

    def render_verb(self, value: str) -> str:
        return VERBS.get(value, value)

    def render_subject(self, record: Event) -> str:
        if not record.subject_kind:
            return "–"
        return f"{KINDS.get(record.subject_kind, record.subject_kind)} {record.subject_id}"
