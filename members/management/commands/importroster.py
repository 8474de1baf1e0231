"""`manage.py importroster FILE`: what a roster's file would change; with --apply, change it."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from members import access, tree
from members.history import Actor
from members.models import Account, RosterChange, RosterLoad
from members.roster.loading import loads, refused, telling, workbook
from members.roster.loading.comparing import Plan
from members.roster.loading.loads import ColumnsUnclear, Preview, SecondPersonNeeded
from members.roster.loading.sheets import NotReadable

COUNTED = {kind.value: kind.label for kind in RosterChange.Kind} | {"same": "同じ"}
APPLIED = "取り込みました。"
LOOKED_AT = "何も変えていません（確認だけ）。取り込むには --apply --as を付けてください。"
SECOND = (
    "何も変えていません。名簿の半分以上が退会になります。画面（薬局・名簿の取込）で、2人で確かめて取り込んでください。"
)


class Command(BaseCommand):
    help = "Compare an Excel or CSV file with the roster; with --apply, write what it changes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--apply", action="store_true", help="write it, in one transaction")
        parser.add_argument("--as", dest="email", metavar="EMAIL", help="account of the staff, needed by --apply")
        parser.add_argument(
            "--removal", choices=RosterLoad.Removal.values, default="none", help="who leaves for being absent"
        )
        parser.add_argument("--clear", action="store_true", help="an empty cell empties the value")
        parser.add_argument("--refused", type=Path, help="write the refused rows into this Excel file")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *, file: Path, apply: bool, email: str | None, **options: Any) -> None:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"ファイルを開けませんでした：{error}") from error
        actor = _staff(email) if apply else None
        choices = {"removal": options["removal"], "clears": options["clear"], "today": timezone.localdate()}
        try:
            workbook.examine(content)
            if actor:
                load, seen = loads.apply_file(content, file.name, actor, **choices)
            else:
                load, seen = None, loads.preview(content, file.name, **choices)
        except (NotReadable, ColumnsUnclear) as error:
            raise CommandError(f"何も変えていません。{error}") from error
        except SecondPersonNeeded as error:
            raise CommandError(SECOND) from error
        if seen.plan is None:
            raise CommandError(f"何も変えていません。{' '.join(seen.problems)}")
        if options["refused"]:
            options["refused"].write_bytes(refused.workbook(seen.layout, seen.plan.refused))
        self.stdout.write(_as_json(file, seen, seen.plan, load) if options["json"] else _in_words(seen.plan, load))


def _staff(email: str | None) -> Actor:
    """Whoever acts. Raises CommandError for anybody but staff who may change the roster."""
    if not email:
        raise CommandError("--apply には、--as に事務局のアカウントのメールアドレスが要ります。")
    account = Account.objects.filter(email__iexact=email, is_active=True).first()
    capacities = account.capacities.current() if account else []
    capacity = next((one for one in capacities if access.can_edit_roster(one)), None)
    if capacity is None:
        raise CommandError(f"{email} は、名簿を直せる事務局のアカウントではありません。")
    return Actor(account, capacity)


def _as_json(file: Path, seen: Preview, plan: Plan, load: RosterLoad | None) -> str:
    columns = [
        {"column": one.letter, "heading": one.heading, "field": one.field or None} for one in seen.layout.columns
    ]
    found = {"file": file.name, "applied": load is not None, "load": load.pk if load else None, "columns": columns}
    return json.dumps(found | telling.told(plan, tree.Districts()), ensure_ascii=False, indent=1)


def _in_words(plan: Plan, load: RosterLoad | None) -> str:
    counts = plan.counts
    lines = [
        APPLIED if load else LOOKED_AT,
        "　".join(f"{label} {counts[key]:,}" for key, label in COUNTED.items()),
        f"ファイルにない薬局 {counts['absent']:,}　取り込めない行 {counts['refused']:,}",
        *[f"{one.where}：{'。'.join(one.reasons)}" for one in plan.refused],
        *[f"{where}：{line}" for where, line in telling.remarks(plan)],
        *plan.notes,
    ]
    return "\n".join(lines)
