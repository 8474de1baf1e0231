"""What Celery rings for. Each task is thin and may be lost, repeated or run twice at once without harm."""

from celery import shared_task

from notices import tallies
from notices.distribution import outbox
from notices.distribution.bounces import sources
from notices.intake import pictures, waiting
from notices.procedures import bind, remind, schedule, write_to_members
from notices.search import files, index
from notices.tracking import names


@shared_task(name=outbox.TASK)
def send_due_deliveries() -> None:
    """Works off due deliveries, and rings again where there may be more."""
    if outbox.send_due():
        outbox.ring()


@shared_task(name="notices.tasks.release_due_schedules")
def release_due_schedules() -> None:
    """Releases what is scheduled for now."""
    schedule.release_due()


@shared_task(name="notices.tasks.remind_due")
def remind_due() -> None:
    """Writes the reminders that are due, chairs' own words before others: nobody gets both on one day."""
    write_to_members.write_due()
    remind.remind()


@shared_task(name=bind.TASK)
def bind_packets() -> None:
    """Binds the letters that were released with their enclosures."""
    bind.bind_due()


@shared_task(name="notices.tasks.read_bounces")
def read_bounces() -> None:
    """Reads what mail servers sent back."""
    sources.read_all()


@shared_task(name="notices.tasks.clear_expired")
def clear_expired() -> None:
    """Empties names, and removes pictures of pages and files that wait, that were kept long enough."""
    names.clear()
    pictures.clear()
    waiting.clear()


@shared_task(name="notices.tasks.index_due")
def index_due() -> None:
    """Makes what is searched of notices and packets that cannot be found yet, and takes the text out of files."""
    while index.catch_up():
        pass
    while files.read_due():
        pass


@shared_task(name="notices.tasks.settle_tallies")
def settle_tallies() -> None:
    """Counts and keeps what has changed of receipts."""
    while tallies.settle():
        pass
