"""ご案内: the pages between a personal sheet and the letter, for what a sheet has no room for.

Covering texts that are too long for it and the steps, with the names of what is enclosed. They are the same for
everybody of an audience, and laid out once. A reminder of many notices has a list of its own before them.
"""

from dataclasses import dataclass

import pypdfium2
from django.template.loader import render_to_string

from members import tree
from notices import pdf, sheet_code
from notices.checklist import chapters
from notices.distribution import contents
from notices.distribution.fitted import Fitted
from notices.distribution.reminders.letter import others as reminded_too
from notices.distribution.reminders.letter import urgency
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Audience

# Sizes in points in which a text can be read after a FAX.
READABLE = (11, 10, 9)


@dataclass(frozen=True)
class Guide:
    """A PDF of so many pages; `covers` where the covering text stands in it, `holds` says what does."""

    content: bytes
    pages: int
    covers: bool
    holds: str


@dataclass(frozen=True)
class Reminding:
    """What a reminder's sheet says in the place of the covering text.

    `behind` is a PDF of so many pages, which follows it where the other notices have no room on it; empty without.
    """

    covering: Fitted
    behind: bytes = b""
    pages: int = 0


class Guides:
    """The guides of one run, each made when the first sheet wants it."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, str], Guide | None] = {}
        self._reminding: dict[int, Reminding] = {}

    def of(self, release: Release, audience: str) -> Guide | None:
        """The guide of a release for an audience; None where its sheet says all. Raises pdf.RenderFailed."""
        key = release.pk, audience
        if key not in self._made:
            self._made[key] = _guide(release, audience)
        return self._made[key]

    def reminding(self, delivery: Delivery, room: float) -> Reminding:
        """What the sheet of a reminder says in so many mm of height. Raises pdf.RenderFailed."""
        self._reminding[delivery.pk] = _reminding(delivery, room)
        return self._reminding[delivery.pk]

    def behind(self, delivery: Delivery) -> tuple[bytes, int]:
        """The pages of its own that follow the sheet of a delivery which was laid out, and how many; none of most."""
        found = self._reminding.get(delivery.pk)
        return (found.behind, found.pages) if found else (b"", 0)


def _reminding(delivery: Delivery, room: float) -> Reminding:
    words, _ = urgency(delivery.receipt.release, delivery.reminder.day)
    if not (others := reminded_too(delivery)):
        return Reminding(Fitted.into(words, 180, room, READABLE))
    said = f"{words}。ほかに {len(others)} 件、前にお送りした通知のお返事をお待ちしています"
    named = f"{said}：{'、'.join(each.name for each in others)}"
    covering = Fitted.into(named, 180, room, READABLE)
    if covering.text == named:
        return Reminding(covering)
    codes = [(each, sheet_code.of(each.receipt.pk) if _is_pharmacy(each.receipt) else "") for each in others]
    context = {"office": tree.association(), "organisation": delivery.receipt.organisation, "others": codes}
    content = pdf.render(render_to_string("sheets/others.html", context))
    fitted = Fitted.into(f"{said}（次の紙に一覧）", 180, room, READABLE)
    return Reminding(fitted, content, len(pypdfium2.PdfDocument(content)))


def _is_pharmacy(receipt: Receipt) -> bool:
    return receipt.audience == Audience.PHARMACY


def covering_room(release: Release, context: dict[str, object]) -> float:
    """How many mm of height a sheet has for the covering text; `context` is that of `contents`."""
    # What a correction says about the earlier notice takes its room from the others.
    if context["before"]:
        return 12 * 0.45
    # A line each leaves the covering text the room to be read on a FAX.
    is_short = len(release.notice.subject) <= 30 and all(len(row.text) <= 24 for row in context["rows"])
    return 17 if is_short else 12 * 0.7


def _guide(release: Release, audience: str) -> Guide | None:
    said = contents.context(release, audience, Delivery.Purpose.NOTICE)
    is_pharmacy = audience == Audience.PHARMACY
    covering = said["covering"] if not _fits(release, said) else []
    steps = list(release.notice.steps.all()) if is_pharmacy else []
    if not covering and not steps:
        return None
    found = {"添え書き": covering, "手順": steps, "別添の一覧": said["attachments"]}
    holds = "・".join(name for name, what in found.items() if what)
    context = said | {
        "covering": covering,
        "chapters": list(chapters(steps)),
        "references": [step for step in steps if not step.ticked],
    }
    content = pdf.render(render_to_string("sheets/guide.html", context))
    return Guide(content, len(pypdfium2.PdfDocument(content)), bool(covering), holds)


def _fits(release: Release, said: dict[str, object]) -> bool:
    text = "　".join(said["covering"])
    return Fitted.into(text, 180, covering_room(release, said), READABLE).text == text
