"""Where a search hit leads behind a receipt's door."""

from django.urls import reverse

from notices.models import Passage
from notices.search.results import Hit


def place_url(hit: Hit, name: str, key: int, letter: str = "") -> str:
    """The address of the place behind a receipt's door: `name` and `key` as in `notices.views.entrance`.

    `letter` is the name of the page with the letter, where that is not the receipt's own.
    """
    attachment = hit.place.attachment
    if attachment is None:
        return reverse(f"notices:{letter or name}", args=[key])
    page = "file" if hit.place.kind == Passage.Kind.FILE else "attachment"
    return reverse(f"notices:{name}_{page}", args=[key, attachment.pk])
