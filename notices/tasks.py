"""What Celery rings for. Each task is thin and may be lost, repeated or run twice at once without harm."""

from celery import shared_task

from notices.distribution import outbox

# Messages worked off by one run, so that a worker is never lost in one release; the next run follows at once.
AT_ONCE = 200


@shared_task(name=outbox.TASK)
def send_due_deliveries() -> None:
    """Works off due deliveries, and rings again where there are more."""
    if outbox.send_due(AT_ONCE) == AT_ONCE:
        outbox.ring()
