"""What staff do on a site, in a process of its own that has the site's environment.

    python -m tests.servers.staff ACT [ARGUMENTS]       does one thing and prints what came of it as JSON
    python -m tests.servers.staff                       does what stands in each line of its input, in the same way

Acts:
    enrol DISTRICTS PHARMACIES          a roster, every organisation with one mail address
    draft SUBJECT [LETTERS [DISTRICTS]] to everybody or to the first districts, its covering texts so long; approved
    release NOTICE                      発出; `race NOTICE TIMES` does it so many times at once
    correct NOTICE                      訂正の発出
    schedule NOTICE SECONDS             発出の予約, in so many seconds from now
    resume RELEASE                      続きから送る
    ring TIMES                          the doorbell of the outbox
    totals NUMBER                       as manage.py totals has them
    work                                a worker's loop until nothing is left to do now
"""

import datetime as dt
import io
import json
import os
import sys
import threading
import time
import traceback
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


def draft(subject: str, letters: str = "0", districts: str = "0") -> dict[str, Any]:
    from members import tree
    from notices.letters import composing
    from notices.models import Release

    notice = composing.draft_own(subject, _staff())
    if int(letters):
        sentence = "このたびの改正により、届出の様式と提出の期限が変わります。お手元の手引きと合わせてお読みください。"
        lines = [sentence] * -(-int(letters) // len(sentence))
        notice.release.covering_pharmacies = notice.release.covering_chairs = "\n".join(lines)[: int(letters)]
        notice.release.save()
    if int(districts):
        Release.objects.filter(notice=notice).update(scope=Release.Scope.DISTRICTS)
        notice.release.districts.set(tree.districts()[: int(districts)])
    _approve(notice.pk)
    return {"notice": notice.pk, "release": notice.release.pk}


def release(notice: str) -> dict[str, Any]:
    from notices.procedures import issue

    made = issue.release(int(notice), _staff())
    return {"release": made.pk, "notice": int(notice), "at": time.time()}


def race(notice: str, times: str) -> dict[str, Any]:
    """So many releases of one notice at the same moment, each by a connection of its own."""
    from django.db import connection

    from notices.procedures import issue

    actor, together, results = _staff(), threading.Barrier(int(times)), []

    def release_once() -> None:
        together.wait()
        try:
            issue.release(int(notice), actor)
            results.append("released")
        except issue.AlreadyReleased:
            results.append("already released")
        except Exception as error:
            results.append(repr(error))
        finally:
            connection.close()

    racers = [threading.Thread(target=release_once) for _ in range(int(times))]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    return {"results": results}


def correct(notice: str) -> dict[str, Any]:
    from notices.letters import correcting
    from notices.models import Release

    draft = correcting.draft_correction(int(notice), _staff())
    Release.objects.filter(notice=draft).update(changed="提出の期限を改めました。")
    _approve(draft.pk)
    return release(str(draft.pk))


def schedule(notice: str, seconds: str) -> dict[str, Any]:
    from django.utils import timezone

    from notices.procedures import schedule

    when = timezone.now() + dt.timedelta(seconds=float(seconds))
    schedule.schedule(int(notice), when, _staff(), on_another_day=True)
    return {"at": when.timestamp()}


def resume(release: str) -> dict[str, Any]:
    from notices.distribution import steering

    return {"state": steering.resume(int(release), _staff()).state}


def ring(times: str) -> dict[str, Any]:
    from config.celery import app
    from notices.distribution import outbox

    for _ in range(int(times)):
        app.send_task(outbox.TASK)
    return {"rung": int(times)}


def totals(number: str) -> dict[str, Any]:
    from django.core.management import call_command

    printed = io.StringIO()
    call_command("totals", number, json=True, stdout=printed)
    return json.loads(printed.getvalue())


def work() -> dict[str, Any]:
    """Sends what is due, as a worker's task does, without Celery around it."""
    from notices.distribution import outbox

    began, used, sent = time.perf_counter(), time.process_time(), 0
    while done := outbox.send_due():
        sent += done
    return {"sent": sent, "seconds": time.perf_counter() - began, "cpu_seconds": time.process_time() - used}


def _approve(notice: int) -> None:
    """Staff ask, the administrator approves, as for any draft."""
    from django.utils import timezone

    from notices.procedures import approve

    today = timezone.localdate()
    asked = approve.ask(notice, today, _staff())
    approve.approve(asked.pk, today, _staff("admin@shuchi.example"))


def _staff(email: str = "staff@shuchi.example") -> Any:
    from members.history import Actor
    from members.models import Capacity

    capacity = Capacity.objects.get(account__email=email)
    return Actor(capacity.account, capacity)


ACTS: dict[str, Callable[..., dict[str, Any]]] = {
    act.__name__: act for act in (enrol, draft, release, race, correct, schedule, resume, ring, totals, work)
}


def serve() -> None:
    """Answers each line, a list of an act and its arguments, with what came of it or with its complaint."""
    from django.db import close_old_connections

    for line in sys.stdin:
        close_old_connections()
        act, *arguments = json.loads(line)
        try:
            answer = ACTS[act](*arguments)
        except Exception as error:
            answer = {"complaint": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()}
        print(json.dumps(answer), flush=True)  # noqa: T201


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    if len(sys.argv) == 1:
        serve()
    else:
        print(json.dumps(ACTS[sys.argv[1]](*sys.argv[2:])))  # noqa: T201
