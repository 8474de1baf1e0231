"""文書番号簿: which part of it is shown, and numbers that are entered by hand."""

from typing import Any

from django import forms
from django.utils import timezone

from members import wareki
from members.forms.dates import WarekiDateField
from notices import docnumber
from notices.letters import ledger
from notices.models import DocumentNumber


class LedgerForm(forms.Form):
    """The series and the 年度; what is not chosen is the usual series, and this 年度."""

    year = forms.TypedChoiceField(label="年度", coerce=int, required=False)
    series = forms.ChoiceField(label="系列", required=False)
    q = forms.CharField(label="番号・件名", required=False, max_length=100)

    def __init__(self, data: Any) -> None:
        super().__init__(data, initial={})
        all_series = ledger.series()
        self.fields["series"].choices = [(each, each) for each in all_series]
        asked = data.get("series", "")
        self.chosen_series = asked if asked in all_series else all_series[0]
        this_year = wareki.fiscal_year(timezone.localdate())
        years = sorted({this_year, *ledger.years(self.chosen_series)}, reverse=True)
        self.fields["year"].choices = [(year, wareki.fiscal_year_label(year)) for year in years]
        asked = data.get("year", "")
        self.chosen_year = int(asked) if asked.isdecimal() and int(asked) in years else this_year
        self.data = self.data.copy()
        self.data["series"], self.data["year"] = self.chosen_series, self.chosen_year
        self.searched = data.get("q", "").strip()[:100]


class NumberForm(forms.Form):
    """A number of which the site has no letter: what it was used for, or why it was left out."""

    OUTSIDE, VOID = "outside", "void"
    USES = ((OUTSIDE, "サイトの外で出した文書の番号"), (VOID, "欠番（使わなかった番号）"))

    number = forms.CharField(label="文書番号", max_length=100, help_text="「6福薬業発第338号」のように")
    use = forms.ChoiceField(label="どの番号か", choices=USES, widget=forms.RadioSelect(attrs={"class": "in-rows"}))
    dated = WarekiDateField(
        label="文書の日付",
        help_text="「令和6年10月30日」のように。欠番なら、その年度のどの日でもかまいません",
    )
    words = forms.CharField(
        label="件名、または欠番の理由",
        max_length=200,
        help_text="件名は、外で出した文書のもの。欠番の理由は「決裁のあとで取りやめ」のように",
    )

    def __init__(self, *args: Any, line: DocumentNumber | None = None, **more: Any) -> None:
        """`line`: one that was entered before; its number stays."""
        super().__init__(*args, **more)
        if line:
            del self.fields["number"]
            self.fields["dated"].required = False  # the 年度 of a number left out is known

    def clean_number(self) -> str:
        number = docnumber.parse_number(self.cleaned_data["number"])
        if number is None or number.serial is None:
            raise forms.ValidationError("文書番号として読めません。「6福薬業発第338号」のように入力してください")
        return number.text

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("use") == self.OUTSIDE and "dated" not in self.errors and not typed.get("dated"):
            self.add_error("dated", "文書の日付を入れてください")
        return typed

    @property
    def said(self) -> dict[str, Any]:
        """What the ledger keeps of it."""
        typed = self.cleaned_data
        words = {"subject": typed["words"]} if typed["use"] == self.OUTSIDE else {"void_reason": typed["words"]}
        return {"dated": typed["dated"], **words}


def initial(line: DocumentNumber) -> dict[str, Any]:
    """What the ledger has of a line, by the fields of the form."""
    use = NumberForm.VOID if line.void_reason else NumberForm.OUTSIDE
    return {"use": use, "dated": line.dated, "words": line.void_reason or line.subject}
