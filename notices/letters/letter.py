"""The letter itself: what stands on the sheet, in its order, for pages, previews and the PDF.

The form is that of official Japanese letters: number and date at the right, addressee at the left, issuer at the
right, subject, body, 記 with the enclosures, 以上, contact at the foot.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string

from members import wareki
from members.numerals import squeeze
from notices import pdf
from notices.letters.flowed import flowed
from notices.letters.phrases import balanced_lines
from notices.models import Attachment, Notice

_REMARK = re.compile(r"（[^（）]{1,8}）$")
# That a received letter has no seal on it: （公印省略）.
_NO_SEAL = re.compile(r"[（(〔](?:公印|職印|会長印|官印|押印|印影?|契印)(?:・契印)?は?(?:省略|略)(?:します)?[）)〕]")


@dataclass(frozen=True)
class Enclosure:
    """One line below 記: 【別添1】 with its title, or 【参考：title】 with its address below.

    `tail` is a short remark in brackets at the end of the title, which stays in one piece.
    """

    head: str
    title: str = ""
    tail: str = ""
    url: str = ""

    @classmethod
    def of(cls, label: str, title: str) -> "Enclosure":
        """What is enclosed by its label and title, whose last remark stays in one piece."""
        remark = _REMARK.search(title)
        return cls(label, title[: remark.start()] if remark else title, remark[0] if remark else "")


@dataclass(frozen=True)
class Letter:
    """What stands on the sheet, each list in its order. `original` is the text of a letter kept only as such.

    Its enclosures stand above 以上, unless `lists_below`.
    """

    numbers: list[str]
    date: str
    addressees: list[str]
    senders: list[list[str]]
    subject: list[str]
    paragraphs: list[str]
    items: list[str]
    enclosures: list[Enclosure]
    contact: list[str]
    original: str = ""
    heads_record: bool = True
    is_closed: bool = True
    lists_below: bool = False

    @property
    def has_record(self) -> bool:
        """Whether the letter has a part that the association's own letters put below 記."""
        return bool(self.items or self.enclosures)

    @property
    def title(self) -> str:
        return "".join(self.subject)


def letter_of(notice: Notice, *, number: str = "", date: dt.date | None = None) -> Letter:
    """The letter of a notice; `number` and `date` stand in for those that a draft does not have yet."""
    numbers = [found.text for found in notice.numbers.all()]
    if not numbers or (number and not notice.number_fixed):
        numbers = [number or notice.number_text]
    day, attachments = notice.date or date, list(notice.attachments.all())
    return Letter(
        numbers=[text for text in numbers if text],
        date=wareki.long_date(day) if day else "",
        addressees=["　".join(filter(None, (name, notice.honorific))) for name in notice.addressees],
        senders=_senders(notice),
        subject=balanced_lines(notice.subject),
        paragraphs=lines(notice.body),
        items=lines(notice.items),
        enclosures=[_enclosure(each) for each in attachments if each.title or not each.is_empty],
        contact=lines(notice.contact),
        original="" if notice.body else flowed(notice.text),
        heads_record=_stands(notice, "記"),
        is_closed=_stands(notice, "以上"),
        lists_below=_lists_below(notice.text, attachments),
    )


def _senders(notice: Notice) -> list[list[str]]:
    """Who signed, and below the last of them what the letter says of its seal."""
    senders = [
        [issuer.organisation.name, "　".join(filter(None, (issuer.title, issuer.name)))]
        for issuer in notice.issuers.all()
    ]
    written, subject = ("".join(text.split()) for text in (notice.text, notice.subject))
    head = written.partition(subject)[0] if subject else ""  # below it others may be quoted
    no_seal = _NO_SEAL.search(head) if notice.body else None
    if senders and no_seal:
        senders[-1].append(no_seal[0])
    return senders


def _stands(notice: Notice, word: str) -> bool:
    """Whether the word stands alone on a line: always in our own form, in a received letter where it was written."""
    if notice.state != Notice.State.RECEIVED or not notice.text:
        return True
    return any("".join(line.split()) == word for line in notice.text.splitlines())


def _lists_below(text: str, attachments: Sequence[Attachment]) -> bool:
    """Whether a letter came with its list of enclosures below 以上, as many offices write it."""
    lines = list(map(squeeze, text.splitlines()))
    first = next((squeeze(each.title) for each in attachments if each.title), "")
    return bool(first) and "以上" in lines and first in "".join(lines[lines.index("以上") :])


def letter_html(notice: Notice, *, number: str = "", date: dt.date | None = None) -> str:
    """The whole document from which the PDF is made; one of a draft says so, its number and date are expected ones."""
    is_draft = notice.state == Notice.State.DRAFT and bool(number or date)
    return sheet_html(letter_of(notice, number=number, date=date), is_draft=is_draft)


def sheet_html(letter: Letter, *, is_draft: bool = False) -> str:
    """The document of what stands on a sheet."""
    return render_to_string("letters/letter_pdf.html", {"letter": letter, "is_draft": is_draft})


def letter_pdf(notice: Notice, *, number: str = "", date: dt.date | None = None) -> bytes:
    """The letter as PDF. Raises pdf.RenderFailed or pdf.RenderTimedOut."""
    return pdf.render(letter_html(notice, number=number, date=date))


def _enclosure(attachment: Attachment) -> Enclosure:
    label, title = attachment.label, attachment.title
    if attachment.url:
        return Enclosure("：".join(filter(None, (label, title))), url=attachment.url)
    return Enclosure.of(label, title)


def lines(text: str) -> list[str]:
    """The lines of a text as they stand on the sheet, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]
