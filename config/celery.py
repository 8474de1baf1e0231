"""The clock of the system, on one screen.

The database is the queue: Celery only rings. Every task below may be lost, repeated or run twice at once without
harm, because the work it looks for is a row that is claimed before it is done.
"""

import os

from celery import Celery

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
