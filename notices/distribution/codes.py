"""Sign-in code mails of the embedded site, which has no mail server: Django keeps them as files."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

# Between two messages of one file, as django.core.mail.backends.filebased writes it.
BETWEEN = re.compile(rb"^-{79}\s*$", re.MULTILINE)


@dataclass(frozen=True)
class CodeMail:
    """One mail as it was written to the folder."""

    at: datetime
    to: str
    subject: str
    text: str


def latest(most: int) -> list[CodeMail]:
    """The latest mails in the folder, the last first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime, reverse=True) if folder.is_dir() else []
    mails = [mail for file in files[:most] for mail in _mails(file.read_bytes())]
    return sorted(mails, key=lambda mail: mail.at, reverse=True)[:most]


def _mails(content: bytes) -> list[CodeMail]:
    parts = [part.strip() for part in BETWEEN.split(content)]
    messages = [email.message_from_bytes(part, policy=email.policy.default) for part in parts if part]
    return [_mail(message) for message in messages]


def _mail(message: EmailMessage) -> CodeMail:
    body = message.get_body(("plain",))
    return CodeMail(message["Date"].datetime, message["To"], message["Subject"], body.get_content() if body else "")
