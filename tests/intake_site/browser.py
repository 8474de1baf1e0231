"""What the pages of packets show, and what the browser sends from their form."""

import re
from collections.abc import Iterator

from django.forms import BaseForm
from django.http import HttpResponse


def shown(page: HttpResponse) -> str:
    """What the page says, without tags."""
    text = re.sub(r"<script.*?</script>", "", page.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))


def parts_of(page: HttpResponse) -> Iterator[BaseForm]:
    form = page.context["page"].sheet.form
    yield from form.forms
    yield from (rows.management_form for rows in (form.issuers, form.attachments, form.references))


def typed(page: HttpResponse, **changes: str) -> dict[str, str]:
    """What a browser sends when the form of a packet's page is sent as it is, save for the changes."""
    fields = [(field.html_name, field.value()) for part in parts_of(page) for field in part]
    sent = {
        name: str(value).replace("\n", "\r\n") for name, value in fields if value is not None and value is not False
    }
    return sent | changes
