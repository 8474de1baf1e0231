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
app.autodiscover_tasks(["members", "notices"])

# Settings cannot be read here, since they are loaded together with this module.
SWEEP_SECONDS = float(os.environ.get("SENDING_SWEEP_SECONDS") or 15)
BINDING_SECONDS = 15.0
BOUNCES_SECONDS = 60.0
REMINDERS_SECONDS = 60.0
TALLIES_SECONDS = 5.0
VACANCIES_SECONDS = 3600.0
SEAL_SECONDS = 600.0
CLEAR_SECONDS = 3600.0

app.conf.beat_schedule = {
    # Finds what the doorbell missed: due, retried and forgotten deliveries.
    # One that nobody took before the next is due is forgotten, so that they never pile up.
    "send-due-deliveries": {
        "task": "notices.tasks.send_due_deliveries",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    # Releases what staff have scheduled, at most so many seconds late.
    "release-due-schedules": {
        "task": "notices.tasks.release_due_schedules",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    # Writes the day's reminders once their hour has come; they go out like any message.
    "remind-due": {
        "task": "notices.tasks.remind_due",
        "schedule": REMINDERS_SECONDS,
        "options": {"expires": REMINDERS_SECONDS},
    },
    # Binds what was released with its enclosures; the release rings, this finds what nobody heard.
    "bind-packets": {
        "task": "notices.tasks.bind_packets",
        "schedule": BINDING_SECONDS,
        "options": {"expires": BINDING_SECONDS},
    },
    # Reads what came back to BOUNCE_MAILDIR and BOUNCE_IMAP_URL.
    "read-bounces": {
        "task": "notices.tasks.read_bounces",
        "schedule": BOUNCES_SECONDS,
        "options": {"expires": BOUNCES_SECONDS},
    },
    # Keeps what boards would otherwise count at each look.
    "settle-tallies": {
        "task": "notices.tasks.settle_tallies",
        "schedule": TALLIES_SECONDS,
        "options": {"expires": TALLIES_SECONDS},
    },
    # Takes the text out of files that were attached, and finds what has to be searched and is not there.
    "index-due": {
        "task": "notices.tasks.index_due",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    },
    # Terms end at midnight: at most an hour later the office without a holder is a task.
    "sweep-vacancies": {
        "task": "members.tasks.sweep_vacancies",
        "schedule": VACANCIES_SECONDS,
        "options": {"expires": VACANCIES_SECONDS},
    },
    # Seals the day that ended, once, soon after midnight or whenever a worker is there again; mails the seals.
    "seal-history": {
        "task": "members.tasks.seal_history",
        "schedule": SEAL_SECONDS,
        "options": {"expires": SEAL_SECONDS},
    },
    # Deletes what is kept for a time only.
    "clear-expired-traces": {
        "task": "members.tasks.clear_expired",
        "schedule": CLEAR_SECONDS,
        "options": {"expires": CLEAR_SECONDS},
    },
    "clear-expired-names": {
        "task": "notices.tasks.clear_expired",
        "schedule": CLEAR_SECONDS,
        "options": {"expires": CLEAR_SECONDS},
    },
}


class Sweep(bootsteps.StartStopStep):
    """The worker's own look for due work, which needs no broker: while that is away, nobody hears a bell.

    Each task has a thread of its own, so that a slow mail server holds up no scheduled release.
    """

    requires = {"celery.worker.components:Pool"}
    tasks = {
        "notices.tasks.send_due_deliveries": SWEEP_SECONDS,
        "notices.tasks.release_due_schedules": SWEEP_SECONDS,
        "notices.tasks.remind_due": REMINDERS_SECONDS,
        "notices.tasks.bind_packets": BINDING_SECONDS,
        "notices.tasks.read_bounces": BOUNCES_SECONDS,
        "notices.tasks.settle_tallies": TALLIES_SECONDS,
        "notices.tasks.index_due": SWEEP_SECONDS,
        "members.tasks.sweep_vacancies": VACANCIES_SECONDS,
        "members.tasks.seal_history": SEAL_SECONDS,
        "members.tasks.clear_expired": CLEAR_SECONDS,
        "notices.tasks.clear_expired": CLEAR_SECONDS,
    }

    def __init__(self, parent: Any, **options: Any) -> None:
        self._ended = Event()
        self._threads = [Thread(target=self._run, args=[task], name=task, daemon=True) for task in self.tasks]

    def start(self, parent: Any) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self, parent: Any) -> None:
        """Ends after the run that is under way; what a longer one leaves is found again when its lease is over."""
        self._ended.set()
        for thread in self._threads:
            thread.join(timeout=5)

    def _run(self, task: str) -> None:
        from django.db import connection

        pause = 0.0  # a worker that has just come looks at once
        while not self._ended.wait(pause):
            pause = self.tasks[task]
            try:
                app.tasks[task]()
            except Exception:
                logger.exception("This sweep failed; the next one follows.")
            finally:
                connection.close()


app.steps["worker"].add(Sweep)
