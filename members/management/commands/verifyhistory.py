"""`manage.py verifyhistory [--seal SEAL …]`: whether anybody rewrote the history."""

import json
import re
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from members.history import VERBS
from members.models import Event
from members.seals.verifying import Fault, Kind, Report, verify

SEAL = re.compile(r"(\d{1,9})-([0-9a-f]{64})")
NAMED = 20  # events named one by one, of each kind
LATE_DAYS = 2


class Command(BaseCommand):
    help = "Recompute the seals over the history and tell what was changed since. Exit code 1 if anything was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--seal", action="append", default=[], metavar="SEAL", help="a seal out of a mail; may be given repeatedly"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *, seal: list[str], **options: Any) -> None:
        report = verify([parsed(text) for text in seal])
        if options["json"]:
            self.stdout.write(json.dumps(figures(report), ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(words(report, given=len(seal))))
        if report.faults:
            raise SystemExit(1)


def parsed(text: str) -> tuple[int, str]:
    """Number and digest of a seal, however a mail program broke its line."""
    if found := SEAL.fullmatch(re.sub(r"\s", "", text).lower()):
        return int(found[1]), found[2]
    raise CommandError(f"「{text}」は封ではありません。メールの「12-3fa9…」の 1 行を、終わりまで写してください。")


def figures(report: Report) -> dict[str, Any]:
    latest = report.latest
    return {
        "intact": not report.faults,
        "seals": report.seals,
        "events": report.events,
        "latest": {"seal": str(latest), "day": latest.day.isoformat()} if latest else None,
        "unsealed": report.unsealed,
        "faults": [asdict(fault) | {"day": fault.day.isoformat() if fault.day else None} for fault in report.faults],
    }


def words(report: Report, given: int) -> list[str]:
    lines = [line for fault in report.faults for line in _fault(fault)]
    if report.faults:
        lines.append(f"{len(report.faults)} か所が合いません。このデータベースの記録を、そのまま信じないでください。")
    else:
        lines.append(f"合っています：封 {report.seals:,} 号分、記録 {report.events:,} 件。")
        lines += [f"控えの封 {given} 号分も、この記録のものです。"] if given else []
    return [*lines, *_standing(report)]


def _standing(report: Report) -> list[str]:
    """How far the seals reach."""
    lines = []
    if report.latest is None:
        lines.append("封は、まだ 1 号もありません。")
    else:
        lines.append(f"最後の封：第{report.latest.number}号（{report.latest.day}）。")
        if (late := (timezone.localdate() - report.latest.day).days) > LATE_DAYS:
            lines.append(f"{late} 日前から封がされていません。ワーカーが動いているか、確かめてください。")
    if report.unsealed:
        since = timezone.localtime(report.since)
        lines.append(f"まだ封のない記録：{report.unsealed:,} 件（{since:%Y-%m-%d %H:%M} から）。")
    return lines


def _fault(fault: Fault) -> list[str]:
    if fault.kind == Kind.GIVEN:
        return [f"控えの封 第{fault.seal}号が、データベースの封と違います。封ごと書き換えられています。"]
    if fault.kind == Kind.MISSING:
        return [f"第{fault.seal}号の封がありません。消されています。"]
    lines = [f"{fault.day} の封（第{fault.seal}号）が、記録と合いません。"]
    if fault.kind == Kind.SEAL:
        return [*lines, "  封をしたあとの記録の違いは見つかりません。この封か、一つ前の封が書き換えられています。"]
    for what, events in (
        ("書き換えられた記録", fault.changed),
        ("消された記録", fault.removed),
        ("あとから加えられた記録", fault.added),
    ):
        if events:
            lines += [f"  {what}：{len(events):,} 件", *_named(events)]
    return lines


def _named(events: list[int]) -> list[str]:
    """Each event by its number, and by what it says now where it still is there."""
    found = Event.objects.in_bulk(events[:NAMED])
    lines = [f"    {key}{_told(found[key]) if key in found else ''}" for key in events[:NAMED]]
    return lines + (["    …"] if len(events) > NAMED else [])


def _told(event: Event) -> str:
    return f"　{timezone.localtime(event.at):%Y-%m-%d %H:%M}　{VERBS.get(event.verb, event.verb)}"
