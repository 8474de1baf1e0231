"""The clock of the system, on one screen.

The database is the queue: Celery only rings. Every task below may be lost, repeated or run twice at once without
harm, because the work it looks for is a row that is claimed before it is done.
"""

import logging
import os
from threading import Event, Thread
from typing import Any

from celery import Celery, bootsteps

logger = logging.getLogger(__name__)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("shuchi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["notices"])

app.conf.beat_schedule = {
    # Finds what the doorbell missed: due, retried and forgotten deliveries.
    # One that nobody took before the next is due is forgotten, so that they never pile up.
    "send-due-deliveries": {
        "task": "notices.tasks.send_due_deliveries",
        "schedule": 15.0,
        "options": {"expires": 15.0},
    },
}


class Sweep(bootsteps.StartStopStep):
    """The worker's own look for due work, which needs no broker: while that is away, nobody hears a bell."""

    requires = {"celery.worker.components:Pool"}
    seconds = 15.0

    def __init__(self, parent: Any, **options: Any) -> None:
        self._ended = Event()
        self._thread = Thread(target=self._run, name="sweep", daemon=True)

    def start(self, parent: Any) -> None:
        self._thread.start()

    def stop(self, parent: Any) -> None:
        """Ends after the run that is under way; what a longer one leaves is found again when its lease is over."""
        self._ended.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        from django.db import connection

        from notices.tasks import send_due_deliveries

        while not self._ended.wait(self.seconds):
            try:
                send_due_deliveries()
            except Exception:
                logger.exception("This sweep failed; the next one follows.")
            finally:
                connection.close()


app.steps["worker"].add(Sweep)
