"""What was read from a packet: plain values, each with the place in the original text where it stands.

A value that the text does not state is None, "" or an empty list; nothing is guessed. A place is `(start, end)`,
counted in characters of the text that was read, as Python slices it.
"""

import datetime
from dataclasses import dataclass, field

from notices.docnumber import DocumentNumber

Span = tuple[int, int]
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def mark_of(index: int) -> str:
    """How the screen names a letter of the packet: ① for the first, whose index is 0."""
    return CIRCLED[index] if index < len(CIRCLED) else f"（{index + 1}）"


def letters_named(indexes: list[int]) -> str:
    """②・③: the first three of several letters, for sentences."""
    return "・".join(map(mark_of, indexes[:3])) + ("など" if len(indexes) > 3 else "")


@dataclass(frozen=True)
class Warning:
    """What a person must look at: the field, the text as it stands, and why, in Japanese."""

    field: str
    raw: str
    message: str

    def as_json(self) -> dict:
        return {"field": self.field, "raw": self.raw, "message": self.message}


@dataclass(frozen=True)
class ReadIssuer:
    """Who signed: the organisation as the letter writes it, with title and name of the signatory."""

    organisation: str
    title: str | None = None
    name: str | None = None

    def as_json(self) -> dict:
        return {"organisation": self.organisation, "title": self.title, "name": self.name}


@dataclass
class ReadAttachment:
    """別添・別紙・参考 as the letter lists it; `letter` is the index of the letter of the packet that it is."""

    label: str
    title: str | None = None
    letter: int | None = None
    url: str | None = None
    span: Span | None = None

    def as_json(self) -> dict:
        return {"label": self.label, "title": self.title, "letter": self.letter, "url": self.url}


@dataclass(frozen=True)
class ReadReference:
    """An earlier notice that the letter cites. `follows_up` where the letter says that it makes it known again."""

    number: str | None
    date: datetime.date | None
    span: Span
    follows_up: bool = False

    def as_json(self) -> dict:
        return {"number": self.number, "date": self.date and self.date.isoformat()}


@dataclass
class ReadLetter:
    """One letter of a packet.

    `body` holds the running paragraphs before 記, one a line; `items` the lines under 記 that are not attachments;
    `text` the letter as it stands in the original, at `span`. `spans` says where each field was read. `blank` are the
    numbers of its pages where these have no text.
    """

    numbers: list[DocumentNumber] = field(default_factory=list)
    date: datetime.date | None = None
    issuers: list[ReadIssuer] = field(default_factory=list)
    addressees: list[str] = field(default_factory=list)
    honorific: str = ""
    subject: str | None = None
    kind: str = "その他"
    attachments: list[ReadAttachment] = field(default_factory=list)
    references: list[ReadReference] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    deadline: datetime.date | None = None
    asks: list[str] = field(default_factory=list)
    body: str = ""
    items: list[str] = field(default_factory=list)
    closing: str = ""
    contact: str = ""
    text: str = ""
    span: Span = (0, 0)
    spans: dict[str, list[Span]] = field(default_factory=dict)
    warnings: list[Warning] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)

    def as_json(self) -> dict:
        return {
            "numbers": [number.text for number in self.numbers],
            "date": self.date and self.date.isoformat(),
            "issuers": [issuer.as_json() for issuer in self.issuers],
            "addressees": self.addressees,
            "honorific": self.honorific,
            "subject": self.subject,
            "kind": self.kind,
            "attachments": [attachment.as_json() for attachment in self.attachments],
            "references": [reference.as_json() for reference in self.references],
            "urls": self.urls,
            "deadline": self.deadline and self.deadline.isoformat(),
            "asks": self.asks,
            "warnings": [warning.as_json() for warning in self.warnings],
        }


@dataclass
class Step:
    """One step of the set-up that the packet asks for; `group` is PC, その他, 端末 or 参照.

    `hint` is what the guide says below it, a line each.
    """

    group: str
    title: str
    holds_secret: bool
    span: Span
    hint: str = ""

    def as_json(self) -> dict:
        return {"group": self.group, "title": self.title, "holds_secret": self.holds_secret}


@dataclass
class Reading:
    """A whole packet.

    `chain` lists (enclosed, enclosing) letter indexes, the innermost first. `steps` come from `remainder`, the parts of
    the text that belong to no letter (guides, forms, tables).
    """

    text: str
    letters: list[ReadLetter] = field(default_factory=list)
    chain: list[tuple[int, int]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    remainder: list[Span] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)

    def as_json(self) -> dict:
        """The form that `manage.py readpacket` prints."""
        return {
            "letters": [letter.as_json() for letter in self.letters],
            "chain": [list(pair) for pair in self.chain],
            "steps": [step.as_json() for step in self.steps],
            "warnings": [warning.as_json() for warning in self.warnings],
        }
