"""What staff note about papers that they send themselves."""

from django import forms

from notices.distribution import fax_returned

WORDS = {
    "busy": "話し中か、相手が出ない",
    "wrong": "番号が使われていないか、違う相手につながった",
    "other": "分からない",
}


class FaxReturnedForm(forms.Form):
    """Why a FAX did not go through."""

    reason = forms.ChoiceField(
        label="どうして戻りましたか",
        choices=[(reason, WORDS[reason]) for reason in fax_returned.REASONS],
        widget=forms.RadioSelect,
    )
