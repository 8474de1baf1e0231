"""The developers' page of components, rendered by the same tags and templates as the real pages."""

import datetime as dt
import re
from pathlib import Path
from typing import NamedTuple

import django_tables2 as tables
from django import forms
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from notices.templatetags.badges import GROUPS
from notices.templatetags.screen import rate, status
from notices.views.doors import staff_only


class Stop(NamedTuple):
    """One stop of the sample chain."""

    date: dt.date
    organisation: str
    document: str
    gap_days: int | None
    passed: bool = True
    slow: bool = False


CHAIN = [
    Stop(dt.date(2024, 10, 7), "厚生労働省", "事務連絡", 1),
    Stop(dt.date(2024, 10, 8), "日本薬剤師会", "日薬業発第255号", 22, slow=True),
    Stop(dt.date(2024, 10, 30), "福岡県薬剤師会", "6福薬業発第337号", 8),
    Stop(dt.date(2024, 11, 7), "会員薬局", "確認 2,141 / 2,916", None, passed=False),
]
ROWS = [
    {"name": "髙尾台", "pharmacies": 97, "confirmed": 48, "state": "unconfirmed"},
    {"name": "月見坂", "pharmacies": 111, "confirmed": 58, "state": "accepted"},
    {"name": "濵﨑", "pharmacies": 121, "confirmed": 121, "state": "passed_on"},
]


class SampleForm(forms.Form):
    """One field of each kind."""

    subject = forms.CharField(label="件名")
    deadline = forms.CharField(label="確認期限", help_text="「令和6年11月29日」のように", required=False)
    honorific = forms.ChoiceField(label="敬称", choices=[("殿", "殿"), ("御中", "御中"), ("各位", "各位")])
    ask = forms.ChoiceField(
        label="お願いの種類",
        widget=forms.RadioSelect,
        choices=[("inform", "お知らせ"), ("confirm", "確認"), ("set_up", "確認＋設定")],
    )
    tags = forms.MultipleChoiceField(
        label="区分",
        widget=forms.CheckboxSelectMultiple,
        choices=[("a", "在宅対応"), ("b", "無菌調剤")],
        required=False,
    )
    body = forms.CharField(label="添え書き", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    file = forms.FileField(label="ファイル", required=False)
    help_to_district = forms.BooleanField(label="困っていることを地区にも知らせる", required=False)

    def clean_deadline(self) -> str:
        raise forms.ValidationError("11月は30日までです")


class SampleTable(tables.Table):
    """A row header, numbers, a rate, a badge, totals."""

    name = tables.Column("地区", attrs={"td": {"scope": "row"}}, footer="計")
    pharmacies = tables.Column("薬局", attrs={"cell": {"class": "num"}}, footer="329")
    confirmed = tables.Column("確認", attrs={"cell": {"class": "num"}}, footer="69.0%")
    state = tables.Column("会長の受領", orderable=False)

    class Meta:
        attrs = {"class": "ledger-dense"}
        order_by = "name"

    def render_confirmed(self, value: int, record: dict) -> str:
        return rate(value, record["pharmacies"])

    def render_state(self, value: str) -> SafeString:
        return status(value)


@staff_only
@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Every component in every state; for staff."""
    table = SampleTable(ROWS)
    tables.RequestConfig(request, paginate={"per_page": 2}).configure(table)
    icons = re.findall(r'id="i-([a-z]+)"', Path(finders.find("icons.svg")).read_text(encoding="utf-8"))
    form = SampleForm(
        {"deadline": "令和6年11月31日", "honorific": "殿", "ask": "confirm", "subject": "在宅の届出について"}
    )
    today = dt.date(2024, 11, 20)
    return render(
        request,
        "pages/style.html",
        {
            "groups": [
                # What two states share is shown once.
                (name, [key.rpartition(".")[::-2] for key in {badge: key for key, badge in group.items()}.values()])
                for name, group in GROUPS.items()
            ],
            "icons": icons,
            "stops": CHAIN,
            "table": table,
            "form": form,
            "empty": SampleTable([], empty_text="まだ発出した通知がありません。文書を受領すると、ここから作れます。"),
            "day": today,
            "deadlines": [today + dt.timedelta(days=days) for days in (9, 2, 0, -3)],
        },
    )
