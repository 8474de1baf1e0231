"""Work that is done once the answer is on its way: then nobody learns anything from how long the answer took."""

import logging
from collections.abc import Callable
from contextvars import copy_context

from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)


def afterwards(request: HttpRequest, work: Callable[[], object]) -> None:
    """Do the work when the server has sent the answer. Nobody hears of its failure but the log."""
    context = copy_context()  # whoever acts, and whence the request comes
    request.afterwards.append(lambda: context.run(work))


def answers_first(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The middleware that does it: the server closes the answer after its last byte (PEP 3333)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.afterwards = []
        response = answer(request)
        if request.afterwards:
            response.close = _then(request.afterwards, response.close)
        return response

    return middleware


def _then(works: list[Callable[[], object]], close: Callable[[], None]) -> Callable[[], None]:
    def closed() -> None:
        for work in works:
            try:
                work()
            except Exception:
                logger.exception("What was to follow an answer failed.")
        close()

    return closed
