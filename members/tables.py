"""The roster and the history as tables."""

from typing import Any

import django_tables2 as tables

from members.history import KINDS, VERBS
from members.models import Event, Organisation

DATE = {"cell": {"class": "number"}}


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
