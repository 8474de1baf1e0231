"""起案用紙: the sheet on which a draft goes round for its approval, one page with boxes for the seals."""

import datetime as dt

from django.template.loader import render_to_string
from django.utils import timezone

from members import tree, wareki
from members.models import Officer
from members.models.officer import Office
from notices import pdf
from notices.models import Approval, Notice, Release

# The boxes from the highest to the lowest, and the office whose holder each names.
SEALS = (("会長", Office.CHAIR), ("常務理事", Office.EXECUTIVE), ("事務局長", Office.SECRETARIAT))
# Letter sizes (points) by how many letters there are: the boxes of the page stay as they are.
SIZES = ((60, 11), (140, 9.5), (300, 8), (700, 6.5))


def draft_sheet_pdf(notice: Notice, plan: Release, recipients: str, number: str, day: dt.date, gist: str = "") -> bytes:
    """The sheet; `number` and `day` are those of the letter, or to be expected. Raises pdf.RenderFailed."""
    return pdf.render(draft_sheet_html(notice, plan, recipients, number, day, gist))


def draft_sheet_html(notice: Notice, plan: Release, recipients: str, number: str, day: dt.date, gist: str = "") -> str:
    """The document from which it is made. `recipients` says in words how many there are.

    `gist` is for whoever decides on paper; once the draft was asked for, what was said then stands there.
    """
    approval = notice.approval if notice.approval and notice.approval.stands else None
    begun = approval.asked_at if approval else notice.created_at
    addressees = "、".join("　".join(filter(None, (name, notice.honorific))) for name in notice.addressees)
    ask = plan.get_ask_display() + (f"（期限 {wareki.long_date(plan.deadline)}）" if plan.deadline else "")
    rows = [
        ("件名", notice.subject, "subject"),
        ("宛先", f"{addressees}　{recipients}".strip(), "addressees"),
        ("別添", "、".join(f"{each.label} {each.title}" for each in notice.attachments.all()) or "なし", "enclosures"),
        ("お願い", "　".join(filter(None, (ask, plan.what))), "ask"),
        ("要旨", "　".join((approval.gist if approval else gist).split("\n")), "gist"),
    ]
    context = {
        "association": tree.association(),
        "subject": notice.subject,
        "begun": wareki.long_date(timezone.localdate(begun)),
        "decided": _decided(approval),
        "day": wareki.long_date(day),
        "number": number or "番号なし",
        "is_expected": not (approval and approval.is_given) and not notice.number_fixed,
        "drafter": notice.drafted_by or "",
        "seals": _seals(notice),
        "rows": [(label, text, css, _points(text)) for label, text, css in rows],
        "approval": approval if approval and approval.is_given else None,
    }
    return render_to_string("letters/draft_sheet.html", context)


def _decided(approval: Approval | None) -> str:
    if approval is None or not approval.is_given:
        return ""
    return wareki.long_date(approval.paper_on or timezone.localdate(approval.decided_at))


def _seals(notice: Notice) -> list[tuple[str, str]]:
    """What stands over each box, and whose it is as far as that is known."""
    holding = Officer.objects.filter(organisation=tree.association()).holding(timezone.localdate())
    names = {officer.office: officer.name for officer in holding}
    return [*((title, names.get(office, "")) for title, office in SEALS), ("担当", str(notice.drafted_by or ""))]


def _points(text: str) -> float:
    return next((points for most, points in SIZES if len(text) <= most), SIZES[-1][1])
