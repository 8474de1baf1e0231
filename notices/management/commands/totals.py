"""`manage.py totals [NUMBER]`: how far released notices have come, in figures."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any
from unicodedata import east_asian_width

from django.core.management.base import BaseCommand, CommandError

from members import wareki
from notices.boards import progress
from notices.distribution import sending
from notices.models import Delivery, Notice, Release
from notices.models.receipt import Audience

FIGURES = {
    "recipients": "宛先",
    "sent": "送信済",
    "waiting": "送信待ち",
    "other_channel": "別経路",
    "failed": "不達",
    "stopped": "中止",
    "confirmed": "確認",
    "finished": "完了",
    "not_applicable": "対象外",
}
CELL = 10


class Command(BaseCommand):
    help = "Print the totals of a released notice, or of all released notices, the latest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", nargs="?", metavar="NUMBER", help="document number, in any width and spacing")
        parser.add_argument("--year", help="the number's 年度 (2024, 令和6); without it the latest release counts")
        parser.add_argument("--json", action="store_true", help="print JSON instead of a table")

    def handle(self, *, number: str | None, year: str | None, **options: Any) -> None:
        if number is None:
            releases = Release.objects.released().own().select_related("notice").prefetch_related("notice__numbers")
            found = [figures(release) for release in releases]
        else:
            found = figures(released(number, year))
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))
        else:
            tables = [table(each) for each in (found if number is None else [found])]
            self.stdout.write("\n\n".join(tables) or "発出した通知はまだありません。")


def released(number: str, year: str | None) -> Release:
    """The release of the notice with that number, the latest where several 年度 have one.

    A district's letter may have the number, too; then the association's own notice counts.
    """
    fiscal_year = wareki.parse_fiscal_year(year) if year else None
    if year and fiscal_year is None:
        raise CommandError(f"「{year}」は年度として読めません。「2024」か「令和6」のように書いてください。")
    notices = Notice.objects.numbered(number, fiscal_year)
    there = Release.objects.released().filter(notice__in=notices).select_related("notice")
    if found := there.own().first() or there.first():
        return found
    if notices.exists():
        raise CommandError(f"{number}は、まだ発出していません。")
    raise CommandError(f"{number}という番号の通知はありません。")


def figures(release: Release) -> dict[str, Any]:
    """A release in figures: recipients apart from messages."""
    counted = progress.totals(release)
    return {
        "number": release.notice.number_text,
        "pharmacies": {name: getattr(counted.pharmacies, name) for name in FIGURES},
        "districts": {name: getattr(counted.districts, name) for name in FIGURES},
        "messages": sending.by_state(release),
    }


def table(found: dict[str, Any]) -> str:
    """The same as lines to read."""
    messages = found["messages"]
    states = Delivery.State
    return "\n".join(
        [
            found["number"] or "（番号なし）",
            line("", list(FIGURES.values())),
            line(Audience.PHARMACY.label, [f"{count:,}" for count in found["pharmacies"].values()]),
            line(Audience.DISTRICT.label, [f"{count:,}" for count in found["districts"].values()]),
            "通数　" + "、".join(f"{states(state).label} {count:,}" for state, count in messages.items()),
        ]
    )


def line(name: str, cells: Sequence[str]) -> str:
    """Cells at the right of columns that are equally wide on a terminal, where a Japanese character takes two."""
    return "".join(" " * (CELL - width(cell)) + cell for cell in [name, *cells])


def width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
