"""What staff do on a site, each in a process of its own that has the site's environment.

    python -m tests.servers.staff enrol DISTRICTS PHARMACIES     a roster, every organisation with one mail address
    python -m tests.servers.staff draft SUBJECT [LETTERS]        a draft to everybody, its covering texts so long
    python -m tests.servers.staff release NOTICE                 発出
    python -m tests.servers.staff resume RELEASE                 続きから送る
    python -m tests.servers.staff work                           a worker's loop until nothing is left to do now

Each prints what came of it as JSON.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from random import Random
from typing import Any

import django


def enrol(districts: str, pharmacies: str) -> dict[str, Any]:
    from django.utils import timezone

    from members.models import Mailbox, Organisation
    from notices.demonstration import roster

    roster.make(int(districts), int(pharmacies), Random(1), timezone.localdate())
    Mailbox.objects.filter(address__startswith="kanri-").delete()
    without = Organisation.objects.pharmacies().filter(mailboxes=None)
    Mailbox.objects.bulk_create(Mailbox(organisation=each, address=f"mail{each.pk}@bin.example") for each in without)
    Organisation.objects.pharmacies().update(channel="email")
    return {"mailboxes": Mailbox.objects.count()}


def draft(subject: str, letters: str = "0") -> dict[str, Any]:
    from notices.letters import composing

    notice = composing.draft_own(subject, _staff())
    if int(letters):
        sentence = "このたびの改正により、届出の様式と提出の期限が変わります。お手元の手引きと合わせてお読みください。"
        lines = [sentence] * -(-int(letters) // len(sentence))
        notice.release.covering_pharmacies = notice.release.covering_chairs = "\n".join(lines)[: int(letters)]
        notice.release.save()
    return {"notice": notice.pk, "release": notice.release.pk}


def release(notice: str) -> dict[str, Any]:
    from notices.procedures import issue

    made = issue.release(int(notice), _staff())
    return {"release": made.pk}


def resume(release: str) -> dict[str, Any]:
    from notices.distribution import steering

    return {"state": steering.resume(int(release), _staff()).state}


def work() -> dict[str, Any]:
    """Sends what is due, as a worker's task does, without Celery around it."""
    from notices.distribution import outbox

    began, used, sent = time.perf_counter(), time.process_time(), 0
    while done := outbox.send_due(200):
        sent += done
    return {"sent": sent, "seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - used}


def _staff() -> Any:
    from members.history import Actor
    from members.models import Capacity

    capacity = Capacity.objects.get(account__email="staff@shuchi.example")
    return Actor(capacity.account, capacity)


ACTS: dict[str, Callable[..., dict[str, Any]]] = {act.__name__: act for act in (enrol, draft, release, resume, work)}

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    print(json.dumps(ACTS[sys.argv[1]](*sys.argv[2:])))  # noqa: T201
