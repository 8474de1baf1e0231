"""Taking a packet in: pasted text, or one or several files. Its receipt number, then and later."""

from typing import Any

from django import forms
from django.conf import settings

from members.uploads.names import clean_name
from notices.intake import receipt_numbers
from notices.intake.arriving import PASTED, Incoming, LeftOut, NotTakenIn, check_size
from notices.intake.deciding import LONGEST_NOTE
from notices.intake.fates import REASONS, Reason
from notices.intake.waiting import Slot, Waiting


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Files in the order in which they were chosen; each may be empty, for the refusal to say so itself."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(SeveralFilesField, self).clean(one, initial) for one in data or []]


class ReceiptNumberField(forms.CharField):
    """A receipt number in any width."""

    def __init__(self, **choices: Any) -> None:
        super().__init__(label="収受番号", max_length=20, **choices)

    def validate(self, value: str) -> None:
        super().validate(value)
        if receipt_numbers.is_too_long(value):
            raise forms.ValidationError(f"年度の後の番号は {receipt_numbers.MOST_DIGITS} けたまでです")


class ReceiptNumberForm(forms.Form):
    """The receipt number that a packet was meant to have."""

    receipt_number = ReceiptNumberField(
        help_text="文書に押した収受番号のとおりに",
        error_messages={"required": "収受番号を入れてください"},
    )


class TopForm(forms.Form):
    """Which of several top letters of a packet is meant, and why members are not told of it."""

    do = forms.CharField(required=False)
    top = forms.IntegerField(min_value=0, max_value=999, required=False)
    because = forms.CharField(
        max_length=200, required=False, error_messages={"max_length": "理由は 200 字までにしてください"}
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("do") == "file" and typed.get("top") is not None and not self.errors and not typed["because"]:
            raise forms.ValidationError("会員へ伝えない理由を入れてください")
        if typed.get("do") == "set_aside" and not self.errors and not typed["because"]:
            raise forms.ValidationError("受領を取りやめる理由を入れてください")
        return typed


class FateForm(forms.Form):
    """What becomes of a 文書 of a packet: why it is left out, or where (0-1, 0-new) it is an attachment."""

    reason = forms.ChoiceField(choices=[(str(reason), word) for reason, word in REASONS.items()], required=False)
    note = forms.CharField(
        max_length=LONGEST_NOTE, required=False, error_messages={"max_length": "理由は 200 字までにしてください"}
    )
    place = forms.RegexField(r"^[0-9]{1,3}-(?:[0-9]{1,3}|new)$", required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("reason") == Reason.OTHER and not typed.get("note") and not self.errors:
            raise forms.ValidationError("「その他」のときは、理由を入れてください")
        return typed

    def says(self, name: str | None) -> bool:
        """Whether a field was filled in; where none is asked for, always."""
        return name is None or bool(self.cleaned_data[name])

    @property
    def outer_and_row(self) -> tuple[int, int | None]:
        outer, _, row = self.cleaned_data["place"].partition("-")
        return int(outer), None if row == "new" else int(row)


class PacketForm(forms.Form):
    """The text or the files, those that wait among them, and the receipt number."""

    text = forms.CharField(
        label="文章を貼り付ける",
        help_text="頭の文書番号から、別添の終わりまで。順序は届いたとおりに",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    files = SeveralFilesField(
        label="ファイル",
        required=False,
        allow_empty_file=True,
        widget=SeveralFilesInput(attrs={"accept": ".pdf,application/pdf,.txt,text/plain", "multiple": True}),
    )
    too_large = forms.CharField(required=False, widget=forms.HiddenInput)
    without = forms.BooleanField(label="選び直さず、預かっているファイルだけを受領する", required=False)
    receipt_number = ReceiptNumberField(required=False)

    def __init__(self, *args: Any, next_number: str, waiting: Waiting, **kwargs: Any) -> None:
        """`waiting` are files that were sent before, together with one that was refused.

        Once cleaned, `placed` are the files sent now and before, in their order, and the places that are still free:
        of those that were refused, and of those (`too_large`, a name a line) that the browser never sent.
        """
        super().__init__(*args, **kwargs)
        self.waiting = waiting
        self.placed: list[Incoming | Slot] = []
        limit = settings.PACKET_MAX_BYTES // 1024 // 1024
        self.fields["files"].help_text = (
            f"文章の代わりに。PDF（1 つ {settings.UPLOAD_MAX_BYTES // 1024**2} MB まで）か"
            f"テキスト（.txt、全部で {limit} MB まで）。いくつか選ぶと、その順で 1 つの受領文書にします。"
            "別々の文書がまじっていても、それぞれの通知にできます"
        )
        self.fields["files"].widget.attrs |= {
            "data-most-each": settings.UPLOAD_MAX_BYTES,
            "data-most-together": settings.REQUEST_MAX_BYTES,
        }
        self.fields["receipt_number"].label = "収受番号（任意）"
        self.fields["receipt_number"].help_text = f"空のままなら、次の番号「{next_number}」を付けます"

    def clean_files(self) -> list[Any]:
        try:
            check_size([(file.name, file.size) for file in self.cleaned_data["files"]])
        except NotTakenIn as error:
            raise forms.ValidationError(str(error)) from error
        return self.cleaned_data["files"]

    def _never_sent(self) -> list[Slot]:
        """The places of files that the browser has left out, but for what was chosen anew under such a name."""
        there = {clean_name(file.name) for file in self.placed}
        names = dict.fromkeys(map(clean_name, self.cleaned_data.get("too_large", "").splitlines()))
        each, together = settings.UPLOAD_MAX_BYTES // 1024**2, settings.REQUEST_MAX_BYTES // 1024**2
        why = f"大きすぎます。1 つ {each} MB、合わせて {together} MB までです"
        return [Slot(name, why=why) for name in names if name not in there]

    def clean(self) -> dict[str, Any]:
        pasted, files = self.cleaned_data.get("text", "").strip(), self.cleaned_data.get("files", [])
        self.placed = self.waiting.placed([Incoming(file.name, file.read()) for file in files])
        self.placed += self._never_sent()
        if self.data.get("waiting") and not self.waiting:
            self.add_error("files", "預かっていたファイルは、もうありません。すべて選び直してください")
        if pasted and (files or self.waiting):
            raise forms.ValidationError("文章とファイルの両方があります。どちらか一方にしてください。")
        if not pasted and not files and self.left_out and not self.waiting and not self.errors:
            self.add_error("files", f"{'、'.join(file.told for file in self.left_out)}のほかに、ファイルがありません")
        elif not pasted and not files and not self.waiting and not self.errors:
            raise forms.ValidationError("文章もファイルもありません。文章を貼り付けるか、ファイルを選んでください。")
        if self.waiting and "files" in self.cleaned_data:
            self._check_waiting(sum(file.size for file in files))
        return self.cleaned_data

    def _check_waiting(self, size: int) -> None:
        """`size` is that of the files chosen now, in bytes."""
        free = [each for each in self.placed if isinstance(each, Slot)]
        if free and not self.cleaned_data.get("without"):
            names = "".join(f"「{slot.name}」" for slot in free)
            self.add_error("files", f"{names}を選び直してください。なしで受領するときは、印を付けてください")
        elif self.waiting.size + size > settings.REQUEST_MAX_BYTES:
            most = settings.REQUEST_MAX_BYTES // 1024**2
            self.add_error("files", f"預かっているファイルと合わせて {most} MB までです。分けて受領してください")

    @property
    def is_pasted(self) -> bool:
        """Whether a text was sent, and no files."""
        return bool(self.cleaned_data.get("text", "").strip())

    @property
    def left_out(self) -> list[LeftOut]:
        """The files that were chosen and are not taken in with the others."""
        return [place.left_out for place in self.placed if isinstance(place, Slot)]

    def incoming(self) -> list[Incoming]:
        """What was sent in, now and before, as files in their order."""
        files = [file for file in self.placed if isinstance(file, Incoming)]
        return files or [Incoming(PASTED, self.cleaned_data["text"].encode())]

    def wait(self, waiting: Waiting) -> None:
        """The page shows what waits now, and asks anew whether to go without the rest."""
        self.waiting = waiting
        self.data = self.data.copy()
        self.data.pop("without", None)
