"""Several people who do something at the same moment."""

import threading
from collections.abc import Callable

from django.db import connection, connections

from notices.letters import composing
from notices.procedures import refusals


def together(*acts: Callable[[], object]) -> list[object]:
    """What came of all of them, done at the same moment by a connection each."""
    barrier, outcomes = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            barrier.wait()
            outcomes.append(act())
        except (refusals.CannotRelease, composing.NotADraft) as refusal:
            outcomes.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection.close()
    return outcomes
