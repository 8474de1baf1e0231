"""Reports as PDF: 発出文書の周知状況報告書, for the board of directors or for the association above, and 実施証明."""

import datetime as dt

from django.template.loader import render_to_string

from members import tree
from notices import pdf
from notices.boards.reports import certificate, charts, figures, sheet
from notices.boards.reports.certificate import Certificate
from notices.boards.reports.figures import Figures
from notices.boards.reports.year import YearFigures

# A list of more names than this is no appendix any more; the page of the board has it.
MOST_NAMES = 400


def notice_pdf(found: Figures, prepared_by: str, *, for_above: bool) -> bytes:
    """The report of one notice; `for_above` leaves out the names of pharmacies. Raises pdf.RenderFailed."""
    return pdf.render(notice_html(found, prepared_by, for_above=for_above))


def notice_html(found: Figures, prepared_by: str, *, for_above: bool) -> str:
    """The document from which it is made."""
    left = [] if for_above or found.counts.unconfirmed > MOST_NAMES else figures.unconfirmed(found)
    context = {
        "figures": found,
        "release": found.release,
        "notice": found.notice,
        "bars": charts.bars(found) if found.release.asks_confirmation else None,
        "curve": charts.curve(found.course),
        "left": left,
        "digest": sheet.digest(sheet.of_notice(found)),
    }
    return render_to_string("reports/notice_pdf.html", context | _head(found.moment, prepared_by, for_above))


def year_pdf(found: YearFigures, prepared_by: str, *, for_above: bool) -> bytes:
    """The report of a 年度. Raises pdf.RenderFailed."""
    context = {"figures": found, "digest": sheet.digest(sheet.of_year(found))}
    return pdf.render(render_to_string("reports/year_pdf.html", context | _head(found.moment, prepared_by, for_above)))


def certificate_pdf(found: Certificate) -> bytes:
    """実施証明 of one pharmacy. Raises pdf.RenderFailed."""
    return pdf.render(certificate_html(found))


def certificate_html(found: Certificate) -> str:
    """The document from which it is made."""
    context = {"certificate": found, "digest": certificate.digest(found)}
    return render_to_string("reports/certificate_pdf.html", context | _head(found.moment, "", False))


def _head(moment: dt.datetime, prepared_by: str, for_above: bool) -> dict[str, object]:
    return {
        "association": tree.association(),
        "moment": moment,
        "stamp": sheet.stamp(moment),
        "prepared_by": prepared_by,
        "for_above": for_above,
    }
