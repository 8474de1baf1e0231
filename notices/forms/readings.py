"""What was read from a letter, as a form in which staff correct it."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BaseFormSet, BoundField, formset_factory

from members import wareki
from members.forms.dates import WarekiDateField
from members.forms.read_back import only_reads_back
from members.numerals import squeeze
from notices import docnumber
from notices.forms.attachment_rows import AttachmentRows, Beside, Row, shortened
from notices.intake import blanks, kept, lengths
from notices.intake.kept import Kept, Letter
from notices.intake.reading import mark_of
from notices.intake.subject import NOTE

KINDS = ["通知", "事務連絡", "依頼", "照会", "回答", "その他"]
LABELS_OF_ROWS = {"issuers": "発出者", "attachments": "別添・参考", "references": "関連"}
DAYS = ("date", "deadline")


class LinesField(forms.CharField):
    """Several values, one a line."""

    def __init__(self, *, rows: int = 1, **choices: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **choices)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        return [line.strip() for line in super().to_python(value).splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != (initial or [])


class NumberField(forms.CharField):
    """A document number in its canonical form; one of an unknown form stays as it was typed."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        number = docnumber.parse_number(text)
        return number.text if number else text


def _noted(line: str) -> str:
    """事 務 連 絡 without its spaces; any other line as it was typed."""
    return NOTE if squeeze(line) == NOTE else line


class NumbersField(LinesField):
    """Document numbers, one a line and each once: joint letters have several."""

    def to_python(self, value: Any) -> list[str]:
        lines = super().to_python(value)
        canonical = (number.text if (number := docnumber.parse_number(line)) else _noted(line) for line in lines)
        return list(dict.fromkeys(canonical))

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if not all(map(lengths.number_fits, value)):
            most = f"{lengths.LONGEST_NUMBER} 字（記号は {lengths.LONGEST_SERIES} 字）"
            raise forms.ValidationError(f"長すぎる番号があります。1 つ {most}までです")


class LetterForm(forms.Form):
    """The single values of a letter."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    numbers = NumbersField(label="文書番号", required=False)
    date = WarekiDateField(label="日付", required=False, help_text="")
    kind = forms.ChoiceField(label="種別", choices=[(kind, kind) for kind in KINDS])
    addressees = LinesField(label="宛先", required=False)
    honorific = forms.CharField(label="敬称", max_length=10, required=False)
    subject = forms.CharField(
        label="件名",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "件名を入れてください"},
    )
    deadline = WarekiDateField(label="期限", required=False, coming=True, help_text="文書に書いてあるときに入れます")
    body = LinesField(label="本文", required=False, rows=8, help_text="1 行に 1 段落")
    items = LinesField(label="記書き", required=False, rows=3, help_text="「記」の下の、別添のほかの行")
    contact = LinesField(label="問い合わせ先", required=False, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.initial["kind"]:
            proposed = ("", f"番号と件名から決める（いまは「{kept.kind_of(self.initial)}」）")
            self.fields["kind"].choices, self.fields["kind"].required = [proposed, *self.fields["kind"].choices], False
        for name in ("numbers", "addressees", "body"):
            self.fields[name].widget.attrs["rows"] = max(
                self.fields[name].widget.attrs["rows"], len(self.initial.get(name) or [])
            )

    def clean(self) -> dict[str, Any]:
        """事務連絡 typed in the place of the number is the kind."""
        typed = super().clean()
        if NOTE in typed.get("numbers", []):
            typed["numbers"].remove(NOTE)
            typed["kind"] = typed.get("kind") if "kind" in self.changed_data else NOTE
        return typed

    def clean_subject(self) -> str:
        return re.sub(r"\s*\n\s*", "", self.cleaned_data["subject"])


class IssuerRow(Row):
    organisation = forms.CharField(label="団体・部署", max_length=300, required=False)
    title = forms.CharField(label="役職", max_length=100, required=False)
    name = forms.CharField(label="氏名", max_length=100, required=False)

    def clean(self) -> dict[str, Any]:
        if not self.is_blank and not self.cleaned_data.get("organisation"):
            self.add_error("organisation", "団体の名前を入れてください")
        return self.cleaned_data


class ReferenceRow(Row):
    number = NumberField(label="文書番号", max_length=100, required=False)
    date = WarekiDateField(label="日付", required=False, help_text="")
    follows_up = forms.BooleanField(label="これの再周知", required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("follows_up") and not self.errors and not data.get("number") and not data.get("date"):
            self.add_error("number", "番号か日付を入れてください")
        return data


IssuerRows = formset_factory(IssuerRow, extra=1)
ReferenceRows = formset_factory(ReferenceRow, extra=1)


class ReadingForm:
    """One letter of a packet in a form: its values, and rows of issuers, attachments and references.

    `letter()` is the letter as it stands once the form is valid.
    """

    def __init__(
        self, known: Kept, index: int, data: Mapping[str, str] | None = None, beside: Beside | None = None
    ) -> None:
        """`beside` is what the packet holds besides letters."""
        self.read = known["letters"][index]
        others = [
            (number, f"文書{mark_of(number)} {_called(letter)}")
            for number, letter in enumerate(known["letters"])
            if number != index and not letter.get("left_out")
        ]
        self.values = LetterForm(data, initial=self._initial())
        self.issuers = IssuerRows(data, prefix="issuers", initial=self.read["issuers"])
        self.attachments = AttachmentRows(
            data,
            prefix="attachments",
            initial=self.read["attachments"],
            form_kwargs={"letters": others, "beside": beside or Beside()},
        )
        references = [row | {"date": kept.date_of(row)} for row in self.read["references"]]
        self.references = ReferenceRows(data, prefix="references", initial=references)

    def _initial(self) -> dict[str, Any]:
        lines = {"body": self.read["body"].splitlines(), "contact": self.read["contact"].splitlines()}
        days = {"date": kept.date_of(self.read), "deadline": kept.deadline_of(self.read)}
        return self.read | lines | days | {"seen": kept.state_of(self.read)}

    def show_deadline(self, day: dt.date) -> None:
        """The page shows this day in the field of the deadline."""
        self.values.data = self.values.data.copy()
        self.values.data["deadline"] = wareki.long_date(day)

    @property
    def is_whole(self) -> bool:
        """Whether all of the page was sent: it holds rows of each kind, if only the blank one."""
        return all(rows.forms for rows in (self.issuers, self.attachments, self.references))

    @property
    def forms(self) -> list[forms.BaseForm]:
        return [self.values, *self.issuers, *self.attachments, *self.references]

    def is_valid(self) -> bool:
        """Every part is asked, so that all errors show at once."""
        sound = [part.is_valid() for part in (self.values, self.issuers, self.attachments, self.references)]
        return all(sound)

    @property
    def errors(self) -> list[tuple[BoundField, str]]:
        """What must be mended, field by field."""
        return [
            (form[name], error)
            for form in self.forms
            for name, found in form.errors.items()
            if name in form.fields
            for error in found
        ]

    @property
    def only_reads_back(self) -> bool:
        """Whether nothing is wrong, and only shown as it was read."""
        refused = [form for form in self.forms if form.errors]
        return bool(refused) and all(map(only_reads_back, refused))

    @property
    def seen(self) -> str:
        """The state of the letter when its form was opened."""
        return self.values.cleaned_data["seen"]

    def show_meanwhile(self, now: Letter) -> None:
        """Tell what is otherwise by now. The next press has seen it, unless rows do not stand where they stood."""
        differs = kept.changed_fields(self.letter(), now) & (LABELS_OF_ROWS.keys() | self.values.fields.keys())
        told = "、".join(self._told(name, now) for name in [*self.values.fields, *LABELS_OF_ROWS] if name in differs)
        state = kept.state_of(now)
        if kept.same_rows(self.seen, state):
            self.values.data = self.values.data.copy()
            self.values.data["seen"] = state
            next_step = "よければ、もう一度押してください。あなたの内容に替わります。"
        else:
            next_step = (
                "行が入れ替わったため、この画面からは保存できません。内容を控えて、この文書を開き直してください。"
            )
        self.values.add_error(
            None, f"まだ保存していません。開いたあとに、ほかの人がこの文書を直しました。違うところ：{told}。{next_step}"
        )

    def _told(self, name: str, now: Letter) -> str:
        if name in LABELS_OF_ROWS:
            return LABELS_OF_ROWS[name]
        value = self.values[name].field.prepare_value(kept.date_of({"date": now[name]}) if name in DAYS else now[name])
        return f"{self.values[name].label}（いまは「{shortened(value or '')}」）"

    def letter(self) -> Letter:
        """The letter with what was typed; what the form does not show stays."""
        values = self.values.cleaned_data
        return self.read | {
            "numbers": values["numbers"],
            "date": _iso(values["date"]),
            "kind": values["kind"],
            "addressees": values["addressees"],
            "honorific": values["honorific"],
            "subject": values["subject"],
            "deadline": _iso(values["deadline"]),
            "body": "\n".join(values["body"]),
            "items": values["items"],
            "contact": "\n".join(values["contact"]),
            "issuers": [before | _or_none(row, "title", "name") for row, before in _filled(self.issuers, {})],
            "attachments": [
                row.read(row.known or {"text": "", "span": None}) for row in self.attachments if not row.is_blank
            ],
            "references": [
                before | _or_none(row, "number") | {"date": _iso(row["date"])}
                for row, before in _filled(self.references, {"span": None})
            ],
        }


def _called(letter: Letter) -> str:
    if letter.get("blank") and not letter["subject"]:
        return blanks.named(letter)
    return f"{kept.issuer_label(letter)}　{kept.number_label(letter)}"


def _filled(rows: BaseFormSet, new: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """What stands in the rows that are not blank, each beside what stood there before (`new` for an added row)."""
    return [(row.cleaned_data, row.initial or new) for row in rows if not row.is_blank]


def _or_none(row: dict[str, Any], *names: str) -> dict[str, Any]:
    """The row with None for what is empty under these names."""
    return row | {name: row[name] or None for name in names}


def _iso(day: dt.date | None) -> str | None:
    return day and day.isoformat()
