"""設定手順 of a draft, as staff enter them: a line a step, then what belongs to each."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from members import history
from members.history import Actor
from members.secrets import handles_secret, is_masked, mask_secrets
from notices.letters.composing import locked_draft
from notices.models import Notice, Packet, Step, StoredFile
from notices.search import index as search

GROUPS = tuple(Step.Group.values)
# As a packet's reading names them.
GROUP_NAMED = {group.label: group.value for group in Step.Group}
# Steps of a draft, and characters of a step or its hint.
MOST, LONGEST = 100, 300
_ASIDE = 10_000
# 1. ② ・ and 手順１, STEP 2, 【ステップ3】: the site numbers steps itself. 「手順１を」 is part of a sentence.
_COUNT = r"(?:[0-9０-９]{1,2}|[①-⑳])"
_NUMBERED = re.compile(
    rf"^\s*(?:[(（]?[0-9０-９]{{1,2}}[.．、)）]|[①-⑳]|[・●○-]"
    rf"|[【［\[(（＜<〔《]?(?:手順|操作|ステップ|(?:STEP|ＳＴＥＰ))\s*[.．:：-]?\s*{_COUNT}(?![0-9０-９]|[のをにはがでとへも])"
    r"[】］\])）＞>〕》]?\s*[.．:：、]?)\s*",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?://[!-~]+")


@dataclass
class StepLine:
    """One step as entered: `id` of the row it changes, None for a new one."""

    title: str
    group: str = Step.Group.PC
    hint: str = ""
    device: str = ""
    holds_secret: bool = False
    id: int | None = None
    picture: StoredFile | None = None
    picture_alt: str = ""


def read_lines(text: str, group: str) -> list[StepLine]:
    """A step a line, 「手順｜補足」 with a hint; numbers in front are dropped, steps that name a secret are marked."""
    found = []
    for line in text.splitlines():
        title, _, hint = without_number(line).strip().partition("｜" if "｜" in line else "|")
        if title.strip():
            secret = handles_secret(line) and group != Step.Group.REFERENCE
            found.append(StepLine(title.strip(), group, hint.strip(), holds_secret=secret))
    return found


def suggested(packet: Packet) -> list[StepLine]:
    """The steps that were read in the guides of a packet, to be looked through by staff."""
    return [_suggested(step) for step in packet.kept["steps"][:MOST]]


def without_number(title: str) -> str:
    """The words of a step without the number that its guide gives it."""
    return _NUMBERED.sub("", title)


def masked(notice: Notice) -> list[Step]:
    """The steps in which something was taken for a secret and masked, on its way out of the packet."""
    return [step for step in notice.steps.all() if is_masked(step.title) or is_masked(step.hint)]


def _suggested(step: dict[str, Any]) -> StepLine:
    """An address to which a step leads is its hint, before what the guide says below the step."""
    title, hint = mask_secrets(without_number(step["title"])), mask_secrets(step.get("hint", ""))
    if (address := ADDRESS.search(title)) and len(address[0]) <= LONGEST:
        title, hint = title[: address.start()].strip(" 　:：") or address[0], f"{address[0]}\n{hint}"
    ticked = GROUP_NAMED[step["group"]] != Step.Group.REFERENCE
    secret = step["holds_secret"] or (ticked and handles_secret(hint))
    return StepLine(title[:LONGEST], GROUP_NAMED[step["group"]], _in_one_line(hint), holds_secret=secret)


def _in_one_line(hint: str) -> str:
    """As many of the lines as a hint holds."""
    kept = ""
    for line in filter(None, (line.strip(" 　⇒→") for line in hint.splitlines())):
        longer = f"{kept}　{line}".strip()
        if len(longer) > LONGEST:
            return kept or f"{line[: LONGEST - 1]}…"
        kept = longer
    return kept


@transaction.atomic
def arrange(notice_id: int, lines: Iterable[StepLine], actor: Actor) -> Notice:
    """Make the draft's steps these, in this order within each group: PC, その他, 端末, 参照.

    Rows that are not named any more are removed. Raises composing.NotADraft.
    """
    notice = locked_draft(notice_id)
    ordered = sorted(lines, key=lambda line: GROUPS.index(line.group))
    rows = {step.pk: step for step in notice.steps.all()}
    kept = {line.id for line in ordered if line.id in rows}
    before = [_content(step) for step in rows.values()]
    notice.steps.exclude(pk__in=kept).delete()
    for place, pk in enumerate(kept):
        notice.steps.filter(pk=pk).update(position=_ASIDE + place)
    for position, line in enumerate(ordered, start=1):
        step = rows[line.id] if line.id in kept else Step(notice=notice)
        step.position, step.title, step.hint, step.group = position, line.title, line.hint, line.group
        step.device = line.device if line.group == Step.Group.DEVICE else ""
        step.holds_secret = line.holds_secret
        step.picture, step.picture_alt = line.picture, line.picture_alt if line.picture else ""
        step.save()
    if before != [_content(step) for step in notice.steps.all()]:
        search.renew(notice.pk)
        history.record("notice.changed", notice, actor=actor, fields=["steps"])
    return notice


def _content(step: Step) -> tuple:
    return step.group, step.device, step.title, step.hint, step.holds_secret, step.picture_id, step.picture_alt
