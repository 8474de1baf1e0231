"""How forms look: all are rendered by the templates in templates/forms/ and templates/django/forms/."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Labels with 必須, help and errors above the field, Bootstrap's classes on every input, no code per form."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
