"""文書番号簿 as a list, and as a file."""

from collections.abc import Iterator

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from members import wareki
from members.sheets import Cell, Sheet
from notices.letters.ledger import Entry, Use
from notices.search.words import Word, words_of
from notices.tables.cells import DATE, superseded
from notices.templatetags.badges import BADGES
from notices.templatetags.screen import short, status

KEPT, WIDE = {"td": {"scope": "row", "class": "keep"}}, {"td": {"class": "wide"}}
HEADING = ("文書番号", "日付", "件名", "状態", "欠番の理由")


class LedgerTable(tables.Table):
    """Numbers, the highest first. A hole is one row, however many numbers it has."""

    number = tables.Column(
        "文書番号", accessor="text", orderable=False, attrs={"td": {"class": "keep", "scope": "row"}}
    )
    date = tables.Column("日付", orderable=False, attrs=DATE)
    subject = tables.Column("件名", orderable=False, empty_values=(), attrs=WIDE)
    use = tables.Column("状態", orderable=False)

    class Meta:
        attrs = {"class": "ledger-dense", "label": "文書番号簿"}
        default = "–"
        empty_text = "この年度の番号は、まだありません。通知を決裁すると、ここに並びます。"

    def render_number(self, record: Entry) -> str:
        return shown(record)

    def render_date(self, record: Entry) -> str:
        return short(record.date)

    def render_subject(self, record: Entry) -> SafeString | str:
        if record.use is Use.MISSING:
            return "サイトに記録がありません。外で使った番号や欠番は、手で記入できます。"
        if record.notice:
            return format_html(
                '<a href="{}">{}</a>', reverse("notices:notice", args=[record.notice.pk]), record.subject
            )
        there = reverse("notices:ledger_line", args=[record.line.pk])
        return format_html('{} <a class="small keep only-screen" href="{}">直す</a>', record.subject, there)

    def render_use(self, record: Entry) -> SafeString:
        if record.notice is None:
            return status(record.use.value, of="number")
        badge = status(record.use.value, of="approval" if record.use in (Use.ASKED, Use.APPROVED) else "")
        return format_html("{} {}", badge, superseded(record.by))


def shown(entry: Entry) -> str:
    """The number, or the first and the last of a hole."""
    if entry.serial == entry.last:
        return entry.text
    return f"{entry.text} 〜 第{entry.last}号（{entry.last - entry.serial + 1:,} 件）"


def narrowed(entries: list[Entry], searched: str) -> list[Entry]:
    """Those that hold each word in number or subject, in any writing; a hole that holds a searched number, too."""
    words = words_of(searched)
    return [entry for entry in entries if all(_holds(entry, word) for word in words)]


def _holds(entry: Entry, word: Word) -> bool:
    serials = [form.removeprefix("第").removesuffix("号") for form in word.forms]
    if numbers := [int(digits) for digits in serials if digits.isdecimal()]:
        return any(entry.serial <= number <= entry.last for number in numbers) or word.stands_in(entry.subject)
    return word.stands_in(entry.text, entry.subject)


def series_and_year(series: str, fiscal_year: int) -> str:
    """福薬業発　令和6年度"""
    return f"{series}　{wareki.fiscal_year_label(fiscal_year)}"


def sheet(series: str, fiscal_year: int, entries: list[Entry]) -> Sheet:
    """The ledger as a file."""
    label = wareki.fiscal_year_label(fiscal_year)
    return Sheet(f"文書番号簿_{series}_{label}", f"numbers-{fiscal_year}", HEADING, _rows(entries))


WORDS = {
    Use.RELEASED: "発出済",
    Use.RECEIVED: "受領",
    Use.DRAFT: "下書き",
    Use.ASKED: "決裁待ち",
    Use.APPROVED: "決裁済",
    Use.OUTSIDE: "サイト外",
    Use.VOID: "欠番",
    Use.MISSING: "記録なし",
}


def _rows(entries: list[Entry]) -> Iterator[list[Cell]]:
    for entry in entries:
        is_void = entry.use is Use.VOID
        subject, reason = ("", entry.subject) if is_void else (entry.subject, "")
        state = "・".join(filter(None, [WORDS[entry.use], entry.by and BADGES[entry.by.badge].word]))
        yield [shown(entry), entry.date, subject, state, reason]
