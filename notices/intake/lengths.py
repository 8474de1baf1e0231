"""How long the values of a letter may be: what the fields of the archive hold."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from members.models import Organisation
from notices import docnumber
from notices.intake.kept import Letter
from notices.models import Attachment, DocumentNumber, Notice, NoticeIssuer, Relation


def longest(model: type[Model], field: str) -> int:
    """The most characters that the field holds."""
    return model._meta.get_field(field).max_length


LONGEST_NUMBER, LONGEST_SERIES = longest(DocumentNumber, "text"), longest(DocumentNumber, "series")


@dataclass(frozen=True)
class Limit:
    """One kind of value: its name on the screen, the most characters of one, where a letter has them."""

    label: str
    most: int
    values: Callable[[Letter], Iterable[str | None]]


def _each(rows: str, name: str) -> Callable[[Letter], list[Any]]:
    return lambda letter: [row[name] for row in letter[rows]]


LIMITS = (
    Limit("件名", longest(Notice, "subject"), lambda letter: [letter["subject"]]),
    Limit("敬称", longest(Notice, "honorific"), lambda letter: [letter["honorific"]]),
    Limit("文書番号", LONGEST_NUMBER, lambda letter: letter["numbers"]),
    Limit("文書番号の記号", LONGEST_SERIES, lambda letter: map(_series, letter["numbers"])),
    Limit("発出者の団体名", longest(Organisation, "name"), _each("issuers", "organisation")),
    Limit("発出者の役職", longest(NoticeIssuer, "title"), _each("issuers", "title")),
    Limit("発出者の氏名", longest(NoticeIssuer, "name"), _each("issuers", "name")),
    Limit("別添・参考の区分", longest(Attachment, "label"), _each("attachments", "label")),
    Limit("別添・参考の題名", longest(Attachment, "title"), _each("attachments", "title")),
    Limit("別添・参考のアドレス", longest(Attachment, "url"), _each("attachments", "url")),
    Limit("関連の文書番号", longest(Relation, "cited_number"), _each("references", "number")),
)


def too_long(letter: Letter) -> str | None:
    """What of the letter the archive cannot hold, in a sentence with what to do; None where it holds all."""
    for limit in LIMITS:
        length = max((len(value or "") for value in limit.values(letter)), default=0)
        if length > limit.most:
            return f"{limit.label}が長すぎます（{length:,} 字）。{limit.most:,} 字までに短くしてから登録してください。"
    return None


def number_fits(text: str) -> bool:
    """Whether the ledger can hold the document number."""
    return len(text) <= LONGEST_NUMBER and len(_series(text)) <= LONGEST_SERIES


def _series(text: str) -> str:
    """What stands in the ledger as the series (docnumber.identity); a number of unknown form is cut there."""
    number = docnumber.parse_number(text)
    return number.line if number else ""
