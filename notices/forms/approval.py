"""決裁: asking for it, deciding, and recording a decision on paper."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from members.forms.dates import WarekiDateField
from members.forms.read_back import TakenForm
from members.forms.screened import MaskedBack, ScreenedField
from members.models import Account
from members.uploads import kinds
from members.wareki import long_date
from notices.filing import Upload
from notices.forms.enclosures import examined
from notices.intake import waiting
from notices.intake.arriving import Incoming, as_upload
from notices.intake.waiting import Waiting
from notices.letters import numbering
from notices.models import Notice

# Paper may have gone round before its draft was begun here, but not for longer.
LONGEST_BEFORE = dt.timedelta(days=31)


class ScreenedLines(ScreenedField):
    """Free text of several lines, each kept as ending by LF."""

    widget = forms.Textarea(attrs={"rows": 3})

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class DatedForm(MaskedBack):
    """With the letter's date, where it has none of its own."""

    day = WarekiDateField(label="発出日（文書の日付）", coming=True, help_text="番号は、この日の年度のものになります")

    def __init__(self, *args: Any, notice: Notice, **more: Any) -> None:
        super().__init__(*args, initial={"day": numbering.expected_day(notice)}, **more)
        self.own_date = notice.date if notice.number_fixed else None
        if self.own_date:
            del self.fields["day"]

    @property
    def chosen_day(self) -> dt.date:
        """The date of the letter; only of a valid form."""
        return self.own_date or self.cleaned_data["day"]


class AskForm(DatedForm):
    """「決裁に出す」."""

    gist = ScreenedLines(
        label="要旨（任意）", required=False, max_length=600, help_text="決裁する人に伝えること。起案用紙にも載ります"
    )

    def __init__(self, *args: Any, notice: Notice, **more: Any) -> None:
        super().__init__(*args, notice=notice, auto_id="ask_%s", **more)
        self.order_fields(["day", "gist"])
        if notice.approval:
            self.initial["gist"] = notice.approval.gist


class DecideForm(DatedForm):
    """「決裁する」."""

    sure = forms.BooleanField(
        label="文面・別添・宛先を確かめました。", error_messages={"required": "確かめたら、印を付けてください"}
    )

    def __init__(self, *args: Any, notice: Notice, **more: Any) -> None:
        super().__init__(*args, notice=notice, auto_id="decide_%s", **more)


class ReturnForm(MaskedBack):
    """「差し戻す」."""

    remark = ScreenedLines(
        label="差し戻しの理由",
        max_length=1000,
        help_text="どこを、どう直してほしいか",
        error_messages={"required": "どこを直してほしいかを書いてください"},
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, auto_id="return_%s", **more)


class PaperForm(TakenForm, DatedForm):
    """「紙の決裁を記録する」. A scan that was fine waits while something else is mended or read back."""

    paper_on = WarekiDateField(label="決裁日")
    names = ScreenedField(
        label="決裁した人", max_length=200, help_text="「会長 栁 武志、常務理事 濵﨑 航」のように", strip=True
    )
    scan = forms.FileField(label="決裁した起案用紙（PDF）", help_text="署名や印のある紙を読み取った PDF、20 MB まで")
    waiting = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, notice: Notice, waits: Waiting | None = None, **more: Any) -> None:
        """`waits` is the scan that was sent before."""
        super().__init__(*args, notice=notice, auto_id="paper_%s", **more)
        self.drafted_on = timezone.localdate(notice.created_at)
        self.order_fields(["day", "paper_on", "names", "scan"])
        if self.data.get("waiting") and not waits:
            lost = "預かっていたファイルは、もうありません。選び直してください"
            self.fields["scan"].error_messages["required"] = lost
        self._show(waits or Waiting())

    def clean_paper_on(self) -> dt.date:
        day = self.cleaned_data["paper_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("これから先の日です。決裁された日を入れてください")
        if day < self.drafted_on - LONGEST_BEFORE:
            begun = long_date(self.drafted_on)
            raise forms.ValidationError(f"下書きを始めた日（{begun}）より 1 か月以上前です。年と日を確かめてください")
        return day

    def clean_scan(self) -> Upload | None:
        chosen = self.cleaned_data["scan"] or next(map(as_upload, self.waits.placed([])), None)
        return examined(chosen, (kinds.PDF,))

    def wait(self, account: Account) -> None:
        """Let the scan wait, unless it is the scan that is refused."""
        upload = self.cleaned_data.get("scan")
        self._show(waiting.keep([Incoming(upload.name, upload.content)], {}, account) if upload else Waiting())

    def _show(self, waits: Waiting) -> None:
        self.waits = waits
        if self.is_bound:
            self.data = self.data.copy()
            self.data["waiting"] = waits.sign
        self.fields["scan"].required = not waits
        self["scan"].help_text = (
            f"「{waits.slots[0].name}」を預かっています。選び直さなくて構いません"
            if waits
            else self.fields["scan"].help_text
        )
