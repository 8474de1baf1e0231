"""Reports as lists to save, and 照合値: the digest by which what was printed is matched with its list.

The digest is a SHA-256 over the list's heading and rows as a CSV holds them, without the column that shows it.
"""

import datetime as dt
import hashlib
import io
from collections.abc import Collection, Sequence
from dataclasses import astuple
from itertools import zip_longest

from django.utils import timezone

from members import sheets
from members.sheets import Cell, Kind, Sheet
from notices.boards.reports.counts import Counts, Days, Sending
from notices.boards.reports.figures import Figures
from notices.boards.reports.year import YearFigures, YearRow
from notices.models import Release

DIGEST = "照合値"
# Behind the others, and only where a notice went through districts: 照合値 of all other reports stay what they were.
UNTOLD = "地区の文書待ち"
COUNTS = (
    "薬局", "確認", "確認（うち代理）", "確認率", "完了", "完了（うち代理）", "対象外", "対象外（うち代理）", "完了率",
    "未確認", "期限後の確認", "期限を過ぎて未確認",
)  # fmt: skip
NOTICE_HEADING = (
    "文書番号", "時点", "区分", "名", *COUNTS, "送信済", "送信待ち", "別経路", "不達", "中止", "4分の1の日数",
    "半数の日数", "4分の3の日数", "困っています", "会長の受領", "会員への周知", "日付", "次までの日数",
)  # fmt: skip
YEAR_HEADING = ("年度", "時点", "区分", "文書番号", "件名", "発出日", "お願い", "期限", "状態", "通知", *COUNTS)
# Sixteen hexadecimal digits are enough to tell reports apart, and short enough to be compared by eye.
SHOWN = 16


def of_notice(figures: Figures) -> Sheet:
    """全体, 地区, 日 (the curve) and 道のり (the chain), one below the other, told apart by 区分."""
    lead = [figures.notice.number_text, stamp(figures.moment)]
    rows = [[*lead, *row] for row in _notice_rows(figures)]
    width = len(NOTICE_HEADING)
    rows = [[*row, *([None] * (width - len(row)))] for row in rows]
    heading = NOTICE_HEADING
    if figures.release.through_districts:
        heading = (*heading, UNTOLD)
        waiting = [figures.counts.untold, *(one.counts.untold for one in figures.districts)]
        rows = [[*row, number] for row, number in zip_longest(rows, waiting)]
    name = f"{figures.notice.number_text or figures.notice.subject[:30]}_周知状況"
    return _with_digest(name, f"notice-{figures.notice.pk}-report", heading, rows)


def of_year(figures: YearFigures) -> Sheet:
    """通知 by the day of their release, then 計."""
    lead = [figures.label, stamp(figures.moment)]
    rows = [[*lead, *_year_row(row)] for row in figures.rows]
    for each in figures.sums:
        rows.append([*lead, "計", "", "", None, each.label, None, "", each.notices, *_counts(each.counts, each.asks)])
    heading = YEAR_HEADING
    if any(row.release.through_districts for row in figures.rows):
        heading = (*heading, UNTOLD)
        waiting = [each.counts.untold for each in (*figures.rows, *figures.sums)]
        rows = [[*row, number] for row, number in zip(rows, waiting, strict=True)]
    return _with_digest(f"{figures.label}_周知状況", f"year-{figures.year}-report", heading, rows)


def digest(sheet: Sheet) -> str:
    """照合値 of a report's list, as it is shown: A1B2-C3D4-E5F6-A7B8."""
    return next(iter(sheet.rows))[-1] if sheet.rows else hashed(sheet.heading[:-1], [])


def hashed(heading: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """照合値 of any list."""
    file = io.BytesIO()
    sheets.write(Sheet("", "", heading, rows), Kind.CSV, file)
    shown = hashlib.sha256(file.getvalue()).hexdigest()[:SHOWN].upper()
    return "-".join(shown[place : place + 4] for place in range(0, SHOWN, 4))


def stamp(moment: dt.datetime) -> str:
    """The moment to the last digit, in Tokyo, as programs write it: by it the same report is had again."""
    return timezone.localtime(moment).isoformat()


def _with_digest(name: str, plain: str, heading: tuple[str, ...], rows: list[list[Cell]]) -> Sheet:
    proof = hashed(heading, rows)
    return Sheet(name, plain, (*heading, DIGEST), [[*row, proof] for row in rows])


def _notice_rows(figures: Figures) -> list[list[Cell]]:
    ask = figures.release.ask
    chairs = f"{figures.accepted} / {figures.chairs}", f"{figures.passed_on} / {figures.chairs}"
    found = [["全体", "全体", *_measures(figures.counts, figures.sending, figures.days, ask), figures.asking, *chairs]]
    for one in figures.districts:
        measures = _measures(one.counts, one.sending, one.days, ask)
        found.append(["地区", one.name, *measures, None, one.accepted_at, one.passed_on_at])
    everybody = figures.counts.recipients
    for day in figures.curve if figures.release.asks_confirmation else []:
        rate = day.confirmed / everybody if everybody else None
        numbers = [everybody, day.confirmed, None, rate, day.finished, None, day.not_applicable]
        found.append(["日", day.day.isoformat(), *numbers])
    place = NOTICE_HEADING.index("日付") - 2
    for stop in figures.way:
        row: list[Cell] = ["道のり", stop.organisation]
        found.append([*row, *([None] * (place - len(row))), stop.date, stop.gap_days])
    return found


def _measures(counted: Counts, sending: Sending, days: Days, ask: str) -> list[Cell]:
    return [*_counts(counted, [ask]), *astuple(sending), *(_days(value) for value in astuple(days))]


def _days(value: float | None) -> str:
    """A number of days as text, since a file shows a broken number as a rate."""
    return "" if value is None else f"{value:.1f}"


def _counts(counted: Counts, asks: Collection[str]) -> list[Cell]:
    """The columns of COUNTS; what nobody was asked for is left empty, since no answer to it is missing."""
    confirmed = [counted.confirmed, counted.confirmed_on_behalf, counted.confirmed_rate]
    set_up = [
        counted.finished, counted.finished_on_behalf, counted.not_applicable, counted.not_applicable_on_behalf,
        counted.finished_rate,
    ]  # fmt: skip
    left = [counted.unconfirmed, counted.late, counted.overdue]
    if not set(asks) & {Release.Ask.CONFIRM, Release.Ask.SET_UP}:
        confirmed, left = [None] * len(confirmed), [None] * len(left)
    if Release.Ask.SET_UP not in asks:
        set_up = [None] * len(set_up)
    return [counted.concerned, *confirmed, *set_up, *left]


def _year_row(row: YearRow) -> list[Cell]:
    release = row.release
    head = [release.notice.number_text, release.notice.subject, release.released_on, release.get_ask_display()]
    return ["通知", *head, release.deadline, row.by.state if row.by else "", 1, *_counts(row.counts, [release.ask])]
