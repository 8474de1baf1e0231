"""One letter of a packet while it is checked: what was read in words, the fields that mend it, and the open doubts."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.forms import BaseForm
from django.utils import timezone

from members import wareki
from notices import docnumber
from notices.forms.attachment_rows import Beside
from notices.forms.readings import ReadingForm
from notices.intake import archive, blanks, deadlines, fates, kept, original, paper, receipt_numbers, rest
from notices.intake.fates import Fate
from notices.intake.reading import mark_of
from notices.models import Notice, Packet
from notices.views.reading_rows import Doubt, Row, Rows, Value, Where, in_office

# What has a place of its own on the page, in the order of the page; doubts about anything else stand above.
SHOWN = (
    *("numbers", "date", "addressees", "honorific", "issuers", "subject", "kind", "deadline"),
    *("body", "items", "contact", "references", "attachments"),
)
# Without these no letter is registered.
REQUIRED = ("subject", "issuers")


def first_doubt(letter: kept.Letter) -> int | None:
    """The open warning that the page shows first."""
    places = {receipt_numbers.FIELD: -1} | {field: place for place, field in enumerate(SHOWN, start=1)}
    found = sorted(kept.doubts(letter), key=lambda doubt: places.get(doubt[1]["field"], 0))
    return found[0][0] if found else None


def form_of(packet: Packet, index: int, data: Mapping[str, str] | None = None) -> ReadingForm:
    """The form that corrects a letter, which offers for its attachments what lies in the packet."""
    files = paper.files_beside(paper.pages_of(packet), packet.kept)
    beside = Beside(rest.rest_of(packet.kept, packet.text), [(file.position, file.name) for file in files])
    return ReadingForm(packet.kept, index, data, beside)


class ReadingSheet:
    """The letter `index` of a packet with the form that corrects it, and where its values are shown."""

    def __init__(
        self, packet: Packet, index: int, form: ReadingForm | None = None, places: Mapping[str, Where] | None = None
    ) -> None:
        self.packet, self.index, self.places = packet, index, places or {}
        self.letter = packet.letters[index]
        self.form = form or form_of(packet, index)
        self.date = kept.date_of(self.letter)

    @cached_property
    def values(self) -> list[Value]:
        """The values above the issuers."""
        years = {docnumber.identity(text, self.date).fiscal_year for text in self.letter["numbers"]} - {None}
        year = "・".join(wareki.fiscal_year_label(year) for year in sorted(years))
        weekday = f"{wareki.WEEKDAYS[self.date.weekday()]}曜日" if self.date else ""
        return [
            self._value("numbers", raw=self._raw("numbers"), note=year),
            self._value("date", raw=self._raw("date"), note=weekday),
            self._value("addressees", beside=self.form.values["honorific"]),
        ]

    @cached_property
    def later(self) -> list[Value]:
        """The values below the issuers, the long ones folded."""
        body, items = self.letter["body"].splitlines(), self.letter["items"]
        asks = "・".join(self.letter.get("asks", ()))
        return [
            self._value("subject"),
            self._value("kind", note=f"文中の依頼：{asks}" if asks else ""),
            self._value("deadline", note=self._no_deadline()),
            self._value("body", summary=f"{len(body)} 段落　{body[0][:24]}…" if body else "なし"),
            self._value("items", summary=f"{len(items)} 行　{items[0][:24]}…" if items else "なし"),
            self._value("contact", summary=self.letter["contact"].replace("\n", "　") or "なし"),
        ]

    @cached_property
    def issuers(self) -> Rows:
        rows = [
            Row(
                form,
                "　".join(filter(None, (one["organisation"], one["title"], one["name"]))),
                note=in_office(one, self.date or timezone.localdate()),
            )
            for form, one in zip(self.form.issuers, self.letter["issuers"], strict=False)
        ]
        doubts = self._row_doubts("issuers", "organisation")
        return Rows("発出者", self.form.issuers, rows, doubts, self.places.get("issuers"))

    @cached_property
    def attachments(self) -> Rows:
        rows = [
            Row(
                form,
                one["title"],
                one["label"],
                self._what_it_is(one),
                one["url"] or "",
                where=self.places.get(f"attachments-{index}"),
                steps=len(self.packet.kept.get("steps", ())) if one["text"] else 0,
            )
            for index, (form, one) in enumerate(zip(self.form.attachments, self.letter["attachments"], strict=False))
        ]
        return Rows("別添・参考", self.form.attachments, rows, self._row_doubts("attachments", "title"))

    @cached_property
    def references(self) -> Rows:
        shown = zip(self.form.references, self.letter["references"], strict=False)
        rows = [self._reference(index, form, one) for index, (form, one) in enumerate(shown)]
        return Rows("関連", self.form.references, rows, self._row_doubts("references", "number"))

    def _reference(self, index: int, form: BaseForm, one: dict[str, Any]) -> Row:
        number, here = one["number"], self._in_packet(one)
        found = archive.cited(number, kept.date_of(one), self.letter) if number and not here else None
        told = (day(one["date"]), one["follows_up"] and "再周知の元", here)
        return Row(
            form,
            number or "番号のない通知",
            note="　".join(filter(None, told)),
            notice=found if isinstance(found, Notice) else None,
            where=self.places.get(f"references-{index}"),
            unlinked=found.value if isinstance(found, archive.Unknown) else "",
            candidates=archive.candidates(number, self.letter) if found == archive.Unknown.NO_YEAR else [],
        )

    @property
    def general_doubts(self) -> list[Doubt]:
        """Doubts about nothing that has a field of its own."""
        others = {warning["field"] for warning in self.letter["warnings"]} - {*SHOWN, receipt_numbers.FIELD}
        return [*self._doubts({receipt_numbers.FIELD}, "receipt-number"), *self._doubts(others, "id_subject")]

    @cached_property
    def known_as(self) -> Notice | None:
        """The notice in the archive that has this letter's number already."""
        return archive.archived(self.letter)

    @property
    def is_known_letter(self) -> bool:
        """Whether registering will link the letter to that notice; otherwise the number stands in the way."""
        known = self.packet.kept
        return archive.may_be_linked(self.known_as, known, self.index, archive.new_tops(known))

    def _no_deadline(self) -> str:
        if self.letter["deadline"] or self._doubts({"deadline"}, ""):
            return ""
        words = deadlines.words(self.letter)
        return f"「{words}」とあります。" if words else "期限の言葉は見つかりませんでした。"

    def _what_it_is(self, attachment: dict[str, Any]) -> str:
        if attachment["letter"] is not None and self.packet.letters[attachment["letter"]].get("left_out"):
            return f"文書{mark_of(attachment['letter'])}は除いたので、中身がありません"
        if attachment["letter"] is not None:
            return f"→ {self._linked(attachment['letter'])}と結び付けました"
        if (position := attachment.get("file")) is not None:
            names = {file.position: file.name for file in self.packet.packet_files.all()}
            return f"→ ファイル「{names.get(position, '')}」"
        if attachment["text"]:
            return f"→ 残りの文章（{len(attachment['text']):,} 字）"
        return "" if attachment["url"] or attachment["label"].startswith("参考") else "中身は、この受領文書にありません"

    def _linked(self, index: int) -> str:
        pages = fates.fate(self.packet.kept, index) == Fate.PAGES
        return f"文書{mark_of(index)}{f'：{blanks.named(self.packet.letters[index])}' if pages else ''}"

    def _in_packet(self, reference: dict[str, Any]) -> str:
        """Which other letter of the packet a reference means."""
        other = kept.referred(self.packet.kept, self.index, reference)
        return "" if other is None else f"→ 文書{mark_of(other)}のことです"

    def _value(self, name: str, **more: Any) -> Value:
        field = self.form.values[name]
        return Value(field, self._doubts({name}, field.id_for_label), where=self.places.get(name), **more)

    def _raw(self, name: str) -> str:
        return original.raw(self.packet.text, self.letter, name)

    def _row_doubts(self, name: str, first: str) -> list[Doubt]:
        return self._doubts({name}, getattr(self.form, name).forms[0][first].id_for_label)

    def _doubts(self, fields: set[str], fix: str) -> list[Doubt]:
        return [
            self._doubt(index, warning, fix)
            for index, warning in kept.doubts(self.letter)
            if warning["field"] in fields
        ]

    def _doubt(self, index: int, warning: dict[str, Any], fix: str) -> Doubt:
        doubt = Doubt(index, warning["raw"], warning["message"], fix, self._may_stand(warning["field"]))
        if warning["field"] != "deadline" or self.letter["deadline"]:
            return doubt
        coming = kept.coming_deadline(self.letter, index)
        return replace(doubt, stands="期限は入れない", coming=wareki.long_date(coming) if coming else "")

    def _may_stand(self, field: str) -> bool:
        return field not in REQUIRED or bool(self.letter[field])


def day(written: str | None) -> str:
    """The long form of a date that is kept as 2024-10-30."""
    return wareki.long_date(kept.date_of({"date": written})) if written else ""
