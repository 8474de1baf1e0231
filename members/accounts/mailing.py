"""A mail about somebody's account, to one address alone."""

import smtplib

from django.core.mail import EmailMessage


class NotSent(Exception):
    """The mail server did not take it. What the mail tells of is so all the same."""


def send(address: str, subject: str, body: str) -> None:
    """Mail it. Raises NotSent."""
    headers = {"Auto-Submitted": "auto-generated"}  # RFC 3834 section 5
    try:
        EmailMessage(subject, body, to=[address], headers=headers).send()
    except (OSError, smtplib.SMTPException) as fault:
        raise NotSent(str(fault)) from fault
