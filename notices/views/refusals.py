"""Answers to requests that cannot be taken at all."""

import errno
import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

from members.uploads.door import NameLeadsElsewhere


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; 413 for a form with more text, or more of everything, than the site takes."""
    if isinstance(exception, RequestDataTooBig):
        limits = {
            "together": settings.REQUEST_MAX_BYTES // 1024**2,
            "each": settings.UPLOAD_MAX_BYTES // 1024**2,
            "text": settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2,
        }
        return HttpResponse(render_to_string("413.html", limits), status=413)
    if isinstance(exception, NameLeadsElsewhere):
        return HttpResponse(render_to_string("400_name.html"), status=400)
    return defaults.bad_request(request, exception)


# Nothing more can be written: no room, no room for this account, no longer file, read only.
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
RETRY_SECONDS = 30


def server_error(request: HttpRequest) -> HttpResponse:
    """500; and 503 while nothing can be written: the database is locked or away, or the disk is full."""
    if _is_passing(sys.exc_info()[1]):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": RETRY_SECONDS})
    return defaults.server_error(request)


def _is_passing(fault: BaseException | None) -> bool:
    """Whether the same request may go well later, when somebody has made room or let go."""
    return isinstance(fault, (OperationalError, InterfaceError)) or getattr(fault, "errno", None) in NO_ROOM
