"""What was typed is understood, but not to the letter: it is shown as it was taken, and holds once it is sent again."""

from typing import Any

from django import forms


class ReadBack(forms.ValidationError):
    """Says how something was taken. Nothing is saved yet, and nothing is wrong. `taken` is what it is taken for."""

    def __init__(self, message: Any, code: str | None = None, params: Any = None, *, taken: Any = None) -> None:
        super().__init__(message, code, params)
        self.taken = taken


class TakenForm(forms.Form):
    """A form that judges what is read back like what was typed in full.

    What it refuses anyway it refuses at once, and offers nobody. The rest is in `cleaned_data`, so that the page can
    show what will become of it, while the form still has to be sent again.
    """

    def add_error(self, field: str | None, error: Any) -> None:
        taken = error.taken if isinstance(error, ReadBack) else None
        if taken is None:
            super().add_error(field, error)
            return
        self.cleaned_data[field] = taken
        try:
            kept = getattr(self, f"clean_{field}", lambda: taken)()
        except forms.ValidationError as refusal:
            super().add_error(field, refusal)
        else:
            super().add_error(field, error)
            self.cleaned_data[field] = kept


class ReadBackField(forms.BoundField):
    """A field whose value may be read back, which a screen reader is not to call invalid."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        if only_reads_back(self):
            attrs.pop("aria-invalid", None)
        return attrs


def only_reads_back(asked: forms.BaseForm | forms.BoundField) -> bool:
    """Whether nothing keeps a form, or one of its fields, from being taken but what is read back."""
    found = asked.errors.as_data()
    errors = [error for each in found.values() for error in each] if isinstance(found, dict) else found
    return bool(errors) and all(isinstance(error, ReadBack) for error in errors)
