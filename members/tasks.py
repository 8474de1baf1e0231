"""What Celery rings for. Each task is thin and may be lost, repeated or run twice at once without harm."""

from celery import shared_task

from members import expiry
from members.roster import vacancies
from members.seals import mailing, sealing


@shared_task(name="members.tasks.seal_history")
def seal_history() -> None:
    """Seals the day that ended, and mails what is still to be mailed."""
    sealing.seal_yesterday()
    mailing.mail_out()


@shared_task(name="members.tasks.clear_expired")
def clear_expired() -> None:
    """Empties what is kept for a time only."""
    expiry.clear()


@shared_task(name="members.tasks.sweep_vacancies")
def sweep_vacancies() -> None:
    """Raises offices that nobody holds since a term ended."""
    vacancies.sweep()
