"""定型文を直す."""

from typing import Any

from django import forms

from notices.forms.letters import LinesField
from notices.letters import sentences
from notices.letters.sentences import NotASentence, Usual


class SentenceForm(forms.Form):
    """One usual sentence, with what may stand in it."""

    text = LinesField(label="文", required=False, max_length=sentences.MOST, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, usual: Usual, **kwargs: Any) -> None:
        super().__init__(*args, initial={"text": sentences.texts([usual.key])[usual.key]}, **kwargs)
        self.usual = usual
        self.fields["text"].help_text = (
            "{ } で囲んだところは、文書ごとに入れかわります" if usual.places else "このままの文が入ります"
        )

    def clean_text(self) -> str:
        try:
            return sentences.checked(self.usual.key, self.cleaned_data["text"])
        except NotASentence as error:
            raise forms.ValidationError(str(error)) from error
