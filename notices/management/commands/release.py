"""`manage.py release NUMBER --as EMAIL`: release a composed notice as the web does."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from members import access, tree
from members.history import Actor
from members.models import Account, Organisation
from members.numerals import squeeze
from notices.boards import progress
from notices.distribution import sending
from notices.models import Notice, Release
from notices.procedures import issue, refusals


class Command(BaseCommand):
    help = "Release a draft, by its document number or (#12) by the number in the address of its page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", nargs="?", metavar="NUMBER", help="document number, or #ID of the draft")
        parser.add_argument("--draft", metavar="ID", help="the draft that has no number yet, by its id")
        parser.add_argument("--as", dest="email", metavar="EMAIL", required=True, help="account of the staff")
        parser.add_argument("--districts", nargs="+", default=[], help="only these: names, codes or ids")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(
        self, *, number: str | None, draft: str | None, email: str, districts: list[str], **options: Any
    ) -> None:
        if (number is None) == (draft is None):
            raise CommandError("文書番号か --draft の、どちらか 1 つを書いてください。")
        actor = staff(email)
        only = [district for name in districts for district in named(name)]
        notice = numbered(number) if draft is None else by_id(draft)
        try:
            release, already = issue.release(notice.pk, actor, only), False
        except issue.AlreadyReleased as earlier:
            release, already = earlier.release, True
        except issue.REFUSALS as refusal:
            raise CommandError(f"発出していません。{refusals.words(refusal)}") from refusal
        except OperationalError as fault:
            raise CommandError(f"発出していません。データベースに書き込めませんでした（{fault}）。") from fault
        self._tell(release, already, options["json"])

    def _tell(self, release: Release, already: bool, as_json: bool) -> None:
        found = figures(release)
        if as_json:
            self.stdout.write(json.dumps(found | {"already": already}, ensure_ascii=False, indent=1))
            return
        name = found["number"] or release.notice.subject
        done = "すでに発出されています。二重には送っていません" if already else "発出しました"
        recipients = found["recipients"]
        self.stdout.write(
            f"{name}：{done}（{recipients['pharmacies']:,} 薬局・{recipients['districts']:,} 地区、"
            f"{sum(found['messages'].values()):,} 通）。"
        )


def figures(release: Release) -> dict[str, Any]:
    """What was released, to how many, in how many messages."""
    counted = progress.totals(release)
    return {
        "number": release.notice.number_text,
        "release": release.pk,
        "state": str(release.state),
        "recipients": {"pharmacies": counted.pharmacies.recipients, "districts": counted.districts.recipients},
        "messages": sending.by_state(release),
    }


def staff(email: str) -> Actor:
    """The account in the first of its capacities that may release."""
    account = Account.objects.filter(email__iexact=email.strip()).first()
    if account is None:
        raise CommandError(f"{email} というアカウントはありません。")
    if not account.is_active:
        raise CommandError(f"{email} のアカウントは止められています。")
    current = list(account.capacities.current())
    if not any(map(access.is_staff, current)):
        raise CommandError(f"{email} は事務局のアカウントではないため、発出できません。")
    capacity = next(filter(access.can_publish, current), None)
    if capacity is None:
        raise CommandError(f"{email} は発出の担当ではないため、発出できません。")
    return Actor(account, capacity)


def named(names: str) -> Sequence[Organisation]:
    """The districts of one argument, which may hold several, divided by commas."""
    found = {name: tree.district_named(name) for name in squeeze(names).replace("、", ",").split(",") if name}
    if unknown := [name for name, district in found.items() if district is None]:
        known = "、".join(f"{each.label}（{each.pk}）" for each in tree.districts().current())
        raise CommandError(f"発出していません。「{'」「'.join(unknown)}」という地区はありません。ある地区：{known}")
    return list(found.values())


def numbered(number: str) -> Notice:
    """The draft of that number, else what was released under it; a number that is none is a draft's id."""
    found = Notice.objects.numbered(number)
    by_number = found.filter(state=Notice.State.DRAFT).order_by("-pk").first()
    if notice := by_number or found.order_by("-release__released_at", "-pk").first():
        return notice
    return by_id(number)


def by_id(text: str) -> Notice:
    """The notice whose page has that number in its address."""
    digits = squeeze(text).removeprefix("#")
    if digits.isascii() and digits.isdigit() and (notice := Notice.objects.filter(pk=int(digits[:18])).first()):
        return notice
    raise CommandError(f"{text}という下書きはありません。" + waiting())


def waiting() -> str:
    """The drafts there are, to choose from."""
    drafts = Notice.objects.filter(state=Notice.State.DRAFT).prefetch_related("numbers").order_by("pk")
    return "".join(f"\n  #{draft.pk}　{draft}" for draft in drafts[:10])
