"""Enclosures of a letter that is composed: one more, and what one that is there already holds."""

from collections.abc import Collection
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from members.uploads import kinds
from members.uploads.kinds import Kind
from members.uploads.refusals import UnusableFile
from notices import filing
from notices.filing import Upload
from notices.forms.attachment_rows import WebAddressField
from notices.letters import enclosures

ATTACHABLE = (kinds.PDF, kinds.WORD, kinds.EXCEL, kinds.POWERPOINT, kinds.ZIP)


class ContentForm(forms.Form):
    """What an enclosure holds: a file or an address."""

    file = forms.FileField(label="ファイル", required=False, help_text="PDF・Word・Excel・PowerPoint・ZIP、20 MB まで")
    url = WebAddressField(label="URL", help_text="ファイルの代わりに", required=False, max_length=1000)

    def clean_file(self) -> Upload | None:
        return examined(self.cleaned_data["file"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and bool(cleaned.get("file")) == bool(cleaned.get("url")):
            raise forms.ValidationError("ファイルか URL の、どちらか 1 つを選んでください")
        return cleaned


class EnclosureForm(ContentForm):
    """One more enclosure."""

    label = forms.ChoiceField(label="区分", choices=[(label, label) for label in enclosures.LABELS])
    title = forms.CharField(
        label="題名", required=False, max_length=300, help_text="ファイルは、空のままならファイル名になります"
    )
    field_order = ["label", "title", "file", "url"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        file, url = cleaned.get("file"), cleaned.get("url")
        if not cleaned.get("title"):
            if url:
                self.add_error("title", "URL の題名を入力してください")
            elif file:
                cleaned["title"] = PurePath(file.name).stem[:300]
        return cleaned


def examined(file: UploadedFile | None, allowed: Collection[Kind] = ATTACHABLE) -> Upload | None:
    """The upload, looked into. Raises ValidationError with the reason in Japanese."""
    try:
        return filing.examined(file, allowed) if file else None
    except UnusableFile as error:
        raise forms.ValidationError(str(error)) from error
