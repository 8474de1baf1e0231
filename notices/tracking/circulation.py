"""薬局内回覧: one page about a notice that goes round in a pharmacy, with a box for each colleague's seal."""

import datetime as dt
from collections.abc import Sequence

from django.template.loader import render_to_string

from notices import succession
from notices.models import Receipt, Relation
from notices.tracking.steps import work

# Boxes for seals: a large pharmacy has so many colleagues.
SEALS = 10
# So many steps have their place on the page, be their titles long.
STEPS = 20
# Letter sizes (points) of the subject, and of what has changed, by how many letters it has, so that the page stays one.
SIZES = ((40, 16), (80, 13), (160, 10), (300, 8))
CHANGED = ((130, 10), (220, 8), (320, 7), (450, 6))


def circulation_html(receipt: Receipt, now: dt.datetime) -> str:
    """The document for a pharmacy's receipt; whether and when it confirmed stands there, not who.

    Where another notice stands in its place, it says so first, and nothing of what was asked by when. A correction or
    a withdrawal says of which notice it is one, and what has changed or why.
    """
    release, notice = receipt.release, receipt.release.notice
    takes_back = succession.superseding(notice.pk)
    changed = "　".join(filter(None, map(str.strip, release.changed.splitlines()))) if takes_back else ""
    steps = work(receipt).items if receipt.asks_set_up else []
    context = {
        "receipt": receipt,
        "release": release,
        "notice": notice,
        "successor": succession.successor_of(receipt),
        "takes_back": takes_back,
        "withdraws": takes_back is not None and takes_back.kind == Relation.Kind.WITHDRAWS,
        "also": succession.also(takes_back) if takes_back else "",
        "changed": changed[: CHANGED[-1][0]],
        "changed_points": _points(changed, CHANGED),
        "changed_goes_on": len(changed) > CHANGED[-1][0],
        "points": _points(notice.subject, SIZES),
        "attachments": [f"{each.label}　{each.title}" for each in notice.attachments.all()],
        "steps": steps[:STEPS],
        "more_steps": max(0, len(steps) - STEPS),
        "seals": range(SEALS),
        "now": now,
    }
    return render_to_string("prints/circulation.html", context)


def _points(text: str, sizes: Sequence[tuple[int, int]]) -> int:
    return next((points for most, points in sizes if len(text) <= most), sizes[-1][1])
