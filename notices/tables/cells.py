"""Cells that several tables share."""

import datetime as dt

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from notices.boards import standing
from notices.boards.progress import Tally
from notices.models import Receipt, Release
from notices.succession import Successor
from notices.templatetags.screen import bar, status

NUMBER = {"cell": {"class": "num"}}
DATE = {"cell": {"class": "number"}}
BAR = {"cell": {"class": "col-bar"}}
ROW_NAME = {"td": {"scope": "row", "class": "wide"}}


def hidden(heading: str) -> SafeString:
    """A heading that is read aloud and not shown."""
    return mark_safe(f'<span class="visually-hidden">{heading}</span>')


class ActionColumn(tables.Column):
    """The button of a row, under a heading that is read aloud only."""

    def __init__(self) -> None:
        super().__init__(hidden("操作"), empty_values=(), orderable=False, attrs={"cell": {"class": "act"}})


def answers_bar(tally: Tally) -> SafeString:
    """Confirmed, and finished in front of it."""
    return render_to_string("parts/bar.html", bar(tally.confirmed, tally.finished, tally.recipients))


def sent_bar(tally: Tally) -> SafeString:
    """How many were sent to, where nothing else is asked."""
    label = f"送信済 {tally.sent:,} / {tally.recipients:,}"
    return render_to_string("parts/bar.html", bar(tally.sent, 0, tally.recipients, label))


def answered(receipt: Receipt, release: Release, today: dt.date) -> SafeString:
    """What the recipient of a receipt of `standing.with_answer` answered; 代理 and how, where somebody else did."""
    badge = status(standing.answer(receipt, release, today, asked_again=receipt.asked_again))
    how = standing.on_behalf(receipt)
    return format_html('{} <span class="small keep">{}</span>', badge, how) if how else badge


def superseded(by: Successor | None) -> SafeString | str:
    """訂正済, 廃止済 or 再周知済, where something stands in the place of the notice."""
    return status(by.badge) if by else ""


def directed(fields: list[str], is_descending: bool) -> list[str]:
    """Names of fields to order by, all up or all down."""
    return [f"-{each}" for each in fields] if is_descending else fields
