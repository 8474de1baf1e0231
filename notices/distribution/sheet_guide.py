"""ご案内: the pages between a personal sheet and the letter, for what a sheet has no room for.

Covering texts that are too long for it and the steps, with the names of what is enclosed. They are the same for
everybody of an audience, and laid out once.
"""

from dataclasses import dataclass

import pypdfium2
from django.template.loader import render_to_string

from notices import pdf
from notices.checklist import chapters
from notices.distribution import contents
from notices.distribution.fitted import Fitted
from notices.models import Delivery, Release
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


class Guides:
    """The guides of one run, each made when the first sheet wants it."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, str], Guide | None] = {}

    def of(self, release: Release, audience: str) -> Guide | None:
        """The guide of a release for an audience; None where its sheet says all. Raises pdf.RenderFailed."""
        key = release.pk, audience
        if key not in self._made:
            self._made[key] = _guide(release, audience)
        return self._made[key]


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
