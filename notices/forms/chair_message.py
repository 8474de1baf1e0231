"""会員への連絡: what a chair writes to the members who have not answered."""

from django import forms

from members.forms.screened import MaskedBack, ScreenedField
from notices.procedures import write_to_members

USUAL = "お手数ですが、下の通知をご確認のうえ、画面の案内に沿ってお返事をお願いします。"


class ChairMessageForm(MaskedBack):
    text = ScreenedField(
        label="会員への連絡",
        max_length=write_to_members.MOST,
        strip=True,
        initial=USUAL,
        help_text=f"{write_to_members.MOST} 字まで。宛名、通知の件名と期限、その薬局だけのリンクは、自動で入ります。"
        "薬局名や、パスワードやコードは書かないでください。",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "会員に伝えることを書いてください。"},
    )

    def clean_text(self) -> str:
        return self.cleaned_data["text"].replace("\r\n", "\n")
