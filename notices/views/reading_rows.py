"""What the page of a packet shows of one letter: a value, or a row of issuers, enclosures, references, with doubts."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.forms import BaseForm, BaseFormSet, BoundField

from members.names import search_key
from notices.intake import archive
from notices.models import Notice


@dataclass(frozen=True)
class Doubt:
    """One open warning; `fix` is the id of the input to mend. An empty value that is required may not stand.

    `stands` says what whoever lets it stand decides; `coming` is the day that may be taken instead.
    """

    index: int
    raw: str
    message: str
    fix: str
    may_stand: bool
    stands: str = "このままで正しい"
    coming: str = ""


@dataclass(frozen=True)
class Where:
    """Where the page shows how a value is written: the id of the place, and the words of the link to it."""

    anchor: str
    label: str


@dataclass(frozen=True)
class Value:
    """One value that was read: the field, how the original has it, what is doubtful about it.

    With a `summary` the field is folded behind it until it is wanted.
    """

    field: BoundField
    doubts: list[Doubt]
    raw: str = ""
    note: str = ""
    beside: BoundField | None = None
    summary: str = ""
    where: Where | None = None

    @property
    def is_open(self) -> bool:
        typed = self.field.form.is_bound and self.field.name in self.field.form.changed_data
        return bool(self.field.errors or self.doubts or typed)


@dataclass(frozen=True)
class Row:
    """One issuer, attachment or reference: what was read in words, folded over the form that mends it.

    `steps` are those of the set-up that were read in an attachment; `unlinked` says why a reference leads nowhere, and
    `candidates` to what it may lead.
    """

    form: BaseForm
    title: str = ""
    label: str = ""
    note: str = ""
    url: str = ""
    notice: Notice | None = None
    where: Where | None = None
    steps: int = 0
    unlinked: str = ""
    candidates: Sequence[Notice] = ()

    @property
    def is_open(self) -> bool:
        """Whether something was typed in it that is not saved, or is to be mended."""
        return _holds_typed(self.form)

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or self.url


@dataclass(frozen=True)
class Rows:
    """The issuers, attachments or references of a letter, and a row to add one."""

    label: str
    formset: BaseFormSet
    rows: list[Row]
    doubts: list[Doubt]
    where: Where | None = None

    @property
    def new(self) -> BaseForm:
        return self.formset.forms[-1]

    @property
    def new_is_open(self) -> bool:
        return _holds_typed(self.new)


def _holds_typed(form: BaseForm) -> bool:
    """Whether a form was sent with something that is not saved: the page shows it, rather than to fold it away."""
    return form.is_bound and bool(form.errors or form.has_changed())


def in_office(issuer: Mapping[str, str], on: dt.date) -> str:
    """What the roster says of who signed on that day; nothing where it knows no officers of the organisation."""
    if not issuer["name"]:
        return ""
    officers = archive.officers_of(issuer["organisation"])
    same = [one for one in officers if search_key(one.name) == search_key(issuer["name"])]
    if not same:
        return "役員名簿にない名前です" if officers else ""
    if not officers.holding(on).filter(pk__in=[one.pk for one in same]).exists():
        return "役員名簿では、この日の役員ではありません"
    if issuer["name"] in {one.name for one in same}:
        return "役員名簿と一致"
    return f"役員名簿では「{same[0].name}」（原文のまま残します）"
