"""What was typed is understood, but not to the letter: it is shown as it was taken, and holds once it is sent again."""

from typing import Any

from django import forms


class ReadBack(forms.ValidationError):
    """Says how something was taken. Nothing is saved yet, and nothing is wrong."""


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
