"""What a pharmacy tells of its registration."""

from django import forms

from members.forms.answers import NO_SECRETS
from members.forms.screened import MaskedBack, ScreenedField
from members.models import Task


class ReportForm(MaskedBack):
    """「登録の変更を知らせる」, in the pharmacy's own words."""

    what = ScreenedField(
        label="変わったこと・違っていること",
        max_length=Task._meta.get_field("remark").max_length,
        help_text=f"新しい内容を書いてください。閉局や移転の予定も、日付を添えて知らせられます。{NO_SECRETS}",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
