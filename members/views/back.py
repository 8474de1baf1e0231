"""The way back to where somebody came from."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def came_from(request: HttpRequest) -> str:
    """The page to return to (`next` in the address), empty where none was given or it is not one of this site."""
    page = request.GET.get("next", "")
    return page if page.startswith("/") and url_has_allowed_host_and_scheme(page, None) else ""
