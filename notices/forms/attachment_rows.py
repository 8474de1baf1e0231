"""別添・別紙・参考 of a received letter as rows of its form: what each is of what lies in the packet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.forms import BaseFormSet, formset_factory

from notices.intake.rest import REST


def shortened(text: str) -> str:
    """The beginning of a text, in one line."""
    line = " ".join(text.split())
    return f"{line[:40]}…" if len(line) > 40 else line


class WebAddressField(forms.URLField):
    """An address of the web: http or https, nothing else."""

    default_validators = [URLValidator(["http", "https"])]
    default_error_messages = {"invalid": "http:// か https:// で始まる URL を入れてください"}

    def __init__(self, **choices: Any) -> None:
        super().__init__(assume_scheme="https", **choices)


class ReceivedText(forms.CharField):
    """A text as it came. Browsers end each of its lines by CR LF; kept is LF."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class Row(forms.Form):
    """One row of several; a row emptied by the user is left out."""

    @property
    def is_blank(self) -> bool:
        return not any(self.cleaned_data.values())


@dataclass(frozen=True)
class Beside:
    """What lies in a packet and is no letter: the text of the rest, and files by their position with their names."""

    rest: str = ""
    files: Sequence[tuple[int, str]] = field(default_factory=list)

    @property
    def choices(self) -> list[tuple[str, str]]:
        rest = [(REST, f"残りの文章「{shortened(self.rest)}」")] if self.rest else []
        return [*rest, *((f"file-{position}", f"ファイル「{name}」") for position, name in self.files)]


def _what(value: int | str) -> int | str:
    return int(value) if str(value).isdecimal() else value


class AttachmentRow(Row):
    label = forms.CharField(label="区分", max_length=20, required=False)
    title = forms.CharField(label="題名", max_length=500, required=False)
    letter = forms.TypedChoiceField(label="中身", coerce=_what, empty_value=None, required=False)
    url = WebAddressField(label="URL", max_length=1000, required=False)
    text = ReceivedText(label="内容", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 6}))

    def __init__(self, *args: Any, letters: list[tuple[int, str]] = (), beside: Beside, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.beside, self.known = beside, self.initial
        self.fields["letter"].choices = [("", "なし（この受領文書の中にはない）"), *letters, *beside.choices]
        self.initial = self.known | {"letter": _chosen(self.known)}
        if not self.initial.get("text"):
            del self.fields["text"]

    @property
    def is_blank(self) -> bool:
        """Emptied with its text, it is gone, though the text was the rest of the packet."""
        values = dict(self.cleaned_data)
        if "text" in values and values["letter"] == REST:
            del values["letter"]
        return all(value in ("", None) for value in values.values())

    def read(self, before: dict[str, Any]) -> dict[str, Any]:
        """The attachment as it stands now, `before` being what stood there."""
        row = self.cleaned_data
        what = row["letter"]
        found = before | {"label": row["label"], "title": row["title"], "url": row["url"] or None}
        found |= {"letter": what if isinstance(what, int) else None, "text": ""}
        found.pop("file", None)
        if what == REST:
            found["text"] = row.get("text", self.beside.rest)
        elif isinstance(what, str):
            found["file"] = int(what.removeprefix("file-"))
        return found

    def clean(self) -> dict[str, Any]:
        if not self.is_blank and not self.cleaned_data.get("label"):
            self.add_error("label", "「別添1」「参考」などを入れてください")
        return self.cleaned_data


def _chosen(attachment: dict[str, Any]) -> int | str | None:
    """What of the packet an attachment is, as the form names it."""
    if attachment.get("file") is not None:
        return f"file-{attachment['file']}"
    return REST if attachment.get("text") else attachment.get("letter")


class _Attachments(BaseFormSet):
    def clean(self) -> None:
        """The rest lies in the packet once."""
        rows = [row for row in self if row.is_valid() and not row.is_blank and row.cleaned_data["letter"] == REST]
        for row in rows[1:]:
            row.add_error("letter", "残りの文章は、1 つの別添の中身にだけできます")


AttachmentRows = formset_factory(AttachmentRow, formset=_Attachments, extra=1)
