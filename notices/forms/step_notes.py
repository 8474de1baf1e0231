"""A note beside a step."""

from typing import Any

from django import forms

from members.forms.screened import MaskedBack, ScreenedField
from notices.tracking import step_notes


class StepNoteForm(MaskedBack):
    text = ScreenedField(
        label="補足",
        max_length=step_notes.MOST,
        strip=True,
        help_text=f"{step_notes.MOST} 字まで。この手順が出るすべての薬局の画面に出ます。"
        "薬局名や、パスワードやコードは書かないでください。",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "補足を書いてください。消すときは「補足を消す」を押してください。"},
    )
    answer = forms.BooleanField(required=False)

    def __init__(self, *args: Any, waiting: int, **more: Any) -> None:
        """`waiting`: how many wait for an answer about the step."""
        super().__init__(*args, **more)
        if waiting:
            self.fields["answer"].label = f"回答を待っている {waiting:,} 件の相談にも、この文で回答する"
        else:
            del self.fields["answer"]
