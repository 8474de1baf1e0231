"""django-post-office with the same messages, as a program of its own virtual environment (.venv-bench).

    python postoffice_run.py WAY DATABASE_URL SMTP_PORT FOLDER

Queues the messages of FOLDER (*.eml: their text, HTML, sender, recipient and subject), then sends them by one WAY:
"recorded", one after the other over one connection, each one's outcome and log written before the next is sent
(`Email.dispatch`); or "batches", as its command `send_queued_mail` with one process does, everything as it comes: five
connections at once, and what became of a hundred messages written after the last of them. Prints JSON.
"""

import email
import email.policy
import json
import logging
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.conf import settings

BATCH = 500


def configure(database_url: str, smtp_port: int) -> None:
    database = urlsplit(database_url)
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": database.path[1:],
                "USER": database.username,
                "HOST": database.hostname,
                "PORT": database.port,
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        EMAIL_BACKEND="post_office.EmailBackend",
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=smtp_port,
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        USE_TZ=True,
    )
    django.setup()


def queue(folder: Path) -> int:
    from post_office import mail

    waiting = []
    for path in sorted(folder.glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        waiting.append(
            {
                "sender": str(message["From"]),
                "recipients": [message["To"].addresses[0].addr_spec],
                "subject": str(message["Subject"]),
                "message": message.get_body(("plain",)).get_content(),
                "html_message": message.get_body(("html",)).get_content(),
            }
        )
    for start in range(0, len(waiting), BATCH):
        mail.send_many(waiting[start : start + BATCH])
    return len(waiting)


def send_recorded() -> None:
    from post_office import mail

    while batch := list(mail.get_queued()):
        for message in batch:
            message.dispatch(disconnect_after_delivery=False)


def send_in_batches() -> None:
    from django.core.management import call_command

    with tempfile.TemporaryDirectory() as locks:
        call_command("send_queued_mail", lockfile=f"{locks}/post_office")


WAYS = {"recorded": send_recorded, "batches": send_in_batches}


def main(way: str, database_url: str, smtp_port: str, folder: str) -> None:
    configure(database_url, int(smtp_port))
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    queued = queue(Path(folder))
    logging.disable(logging.INFO)
    began = time.perf_counter()
    WAYS[way]()
    print(json.dumps({"sent": queued, "seconds": time.perf_counter() - began}))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
