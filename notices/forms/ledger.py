"""文書番号簿: which part of it is shown, and numbers that are entered by hand."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy

from members import tree, wareki
from members.forms.dates import TODAY, WarekiDateField
from notices import docnumber
from notices.letters import ledger, numbering
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

    told = forms.CharField(required=False, widget=forms.HiddenInput)
    number = forms.CharField(label="文書番号", max_length=100)
    use = forms.ChoiceField(label="どの番号か", choices=USES, widget=forms.RadioSelect(attrs={"class": "in-rows"}))
    dated = WarekiDateField(
        label="文書の日付",
        help_text=format_lazy("{}のように。欠番なら、その年度のどの日でもかまいません", TODAY),
    )
    words = forms.CharField(
        label="件名、または欠番の理由",
        max_length=200,
        help_text="件名は、外で出した文書のもの。欠番の理由は「決裁のあとで取りやめ」のように",
    )

    def __init__(self, *args: Any, line: DocumentNumber | None = None, **more: Any) -> None:
        """`line`: one that was entered before; its number stays.

        `told` is the number after which staff were told with which the series goes on.
        """
        super().__init__(*args, **more)
        if line:
            del self.fields["number"], self.fields["told"]
            self.fields["dated"].required = False  # the 年度 of a number left out is known
        else:
            self.expected = numbering.expected(tree.association(), timezone.localdate()).text
            self.fields["number"].help_text = f"「{self.expected}」のように。これが、いまの次の番号の見込みです"

    def _clean_number(self, typed: dict[str, Any]) -> None:
        """Once the day is known: the number in full."""
        day = typed.get("dated") or timezone.localdate()
        number = docnumber.parse_number(ledger.in_full(typed["number"], day))
        if number is None or number.serial is None:
            self.add_error("number", f"文書番号として読めません。「{self.expected}」のように入力してください")
            return
        typed["number"] = number.text

    def asks_first(self) -> bool:
        """Whether staff are to be told that the number leaves others out, before they enter it; then they are.

        For a form without errors, of a number that may be entered.
        """
        typed = self.cleaned_data
        goes_on = ledger.next_after(docnumber.parse_number(typed["number"]), typed["dated"])
        if not goes_on or typed["told"] == typed["number"]:
            return False
        self.data = self.data.copy()
        self.data["told"] = typed["number"]
        self.add_error(
            "number",
            f"まだ記入していません。{typed['number']}を記入すると、この年度の次の番号は{goes_on}になります。"
            "よければ、もう一度「記入する」を押してください",
        )
        return True

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("number"):
            self._clean_number(typed)
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
