"""Mail of the embedded site: it goes nowhere, and is read on the outbox page."""

from collections.abc import Callable
from types import TracebackType

from notices.distribution.answers import ACCEPTED, WITHDRAWN, Answer
from notices.distribution.envelope import Envelope


class KeptChannel:
    """Takes every message. The delivery's row is what is kept: the page renders the mail from it."""

    def __enter__(self) -> "KeptChannel":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def send(
        self,
        envelope: Envelope,
        wanted: Callable[[], bool] | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Answer:
        return ACCEPTED if wanted is None or wanted() else WITHDRAWN
