"""The parts of `bin/bench boards`, each a process of its own on a site's database: `boards_run ACT …`; gives JSON."""

import datetime as dt
import http.cookiejar
import json
import multiprocessing
import os
import random
import statistics
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

import django

# How many of a hundred pharmacies have confirmed and finished, by the age of the release: the latest ones are open.
SPREAD = 7919
ROUNDS = 15
SECONDS = 6.0
# One statement a release, so that its receipts lie together as they do after a release.
RECEIPTS = """
    INSERT INTO notices_receipt (
        release_id, organisation_id, district_id, audience, reach, reach_reason, confirmed_at, confirmed_via,
        confirmed_name, finished_at, finished_via, not_applicable_via, not_applicable_reason, device, address_version
    )
    SELECT %s, org.id, CASE WHEN org.kind = 'pharmacy' THEN org.parent_id ELSE org.id END, org.kind, 'sent', '',
        CASE WHEN (org.id * 7919 + %s) %% 100 < %s THEN %s ELSE NULL END,
        CASE WHEN (org.id * 7919 + %s) %% 100 < %s THEN 'personal' ELSE '' END, '',
        CASE WHEN (org.id * 7919 + %s) %% 100 < %s THEN %s ELSE NULL END,
        CASE WHEN (org.id * 7919 + %s) %% 100 < %s THEN 'personal' ELSE '' END, '', '', '', 1
    FROM members_organisation org WHERE org.kind IN ('district', 'pharmacy') ORDER BY org.position, org.id
"""

# An index from which the facts of a board can be counted without its receipts; the site itself has none such.
YARDSTICK = """
    CREATE INDEX bench_covering
    ON notices_receipt (release_id, audience, district_id, reach, confirmed_at, finished_at)
"""


# The archive ----------------------------------------------------------------------------------------------------------


def build(districts: int, pharmacies: int, releases: int) -> dict[str, Any]:
    from notices import tallies
    from notices.models import Receipt

    began = time.perf_counter()
    association = _roster(districts, pharmacies)
    for serial in range(1, releases + 1):
        _release(association, serial, releases)
    _analyse()
    built = time.perf_counter()
    while tallies.settle():
        pass
    _analyse()
    count = Receipt.objects.count()
    return {"receipts": count, "seconds": built - began, "counted": time.perf_counter() - built}


def _roster(districts: int, pharmacies: int) -> Any:
    from members.models import Account, Capacity, Organisation

    association = Organisation.objects.create(kind="association", name="架空県薬剤師会")
    account = Account.objects.create_account("staff@bench.example")
    Capacity.objects.create(account=account, organisation=association, role="staff", drafts=True, publishes=True)
    Organisation.objects.bulk_create(
        Organisation(kind="district", parent=association, name=f"第{n}地区薬剤師会", position=n).fold()
        for n in range(districts)
    )
    keys = list(Organisation.objects.districts().values_list("pk", flat=True))
    Organisation.objects.bulk_create(
        (
            Organisation(
                kind="pharmacy",
                parent_id=keys[n * districts // pharmacies],
                name=f"見本薬局{n}号店",
                code=f"404{n:07}",
                telephone="092-000-0000",
                position=n,
            ).fold()
            for n in range(pharmacies)
        ),
        batch_size=2000,
    )
    return association


def _release(association: Any, serial: int, releases: int) -> None:
    from django.db import connection, transaction
    from django.utils import timezone

    from notices.models import DocumentNumber, Notice, NoticeIssuer, Release, StoredFile

    moment = timezone.now() - dt.timedelta(hours=17 * (releases - serial) + 1)
    open_for = releases - serial
    confirmed, finished = (99, 96) if open_for > 60 else (40 + open_for % 50, 20 + open_for % 20)
    with transaction.atomic():
        notice = Notice.objects.create(state="released", subject=f"見本の通知 その{serial}", date=moment.date())
        NoticeIssuer.objects.create(notice=notice, organisation=association)
        year = 2018 + serial // 500
        DocumentNumber.objects.create(
            notice=notice,
            issuer=association,
            text=f"架薬業発第{serial}号",
            series="架薬業発",
            fiscal_year=year,
            serial=serial,
        )
        letter = StoredFile.objects.first() or StoredFile.objects.keep(b"%PDF-1.7", "letter.pdf", "application/pdf")
        told = {"state": "sent", "released_at": moment, "released_on": moment.date(), "letter": letter}
        release = Release.objects.create(notice=notice, ask="set_up", unapproved="before", **told)
        with connection.cursor() as cursor:
            spread = [serial * SPREAD]
            answers = [*spread, confirmed, moment, *spread, confirmed, *spread, finished, moment, *spread, finished]
            cursor.execute(RECEIPTS, [release.pk, *answers])


def _analyse() -> None:
    """As autovacuum would soon; an index-only scan needs the pages marked, too."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


# Reading --------------------------------------------------------------------------------------------------------------


def read() -> dict[str, Any]:
    from django.db import connection

    from notices.models import Release

    latest = list(Release.objects.order_by("-pk")[:50])
    rng = random.Random(3)
    with connection.cursor() as cursor:
        cursor.execute(YARDSTICK)
        _analyse()
        figures = {"board": _compared(_board, _aggregate, [rng.choice(latest) for _ in range(ROUNDS)])}
        cursor.execute("DROP INDEX bench_covering")
    figures["fifty"] = _compared(_fifty_with_rates, _fifty, [None] * ROUNDS)
    figures["missing"] = _compared(
        _missing, _missing_by_index, [_in_a_district(rng.choice(latest)) for _ in latest[:ROUNDS]]
    )
    return figures


def _compared(ours: Callable, other: Callable, given: list[Any]) -> tuple[float, float]:
    """The medians of both, in turns, after one that nobody measures."""
    times: dict[Callable, list[float]] = {ours: [], other: []}
    for work in (ours, other):
        work(given[0])
    for one in given:
        for work, found in times.items():
            began = time.perf_counter()
            work(one)
            found.append(time.perf_counter() - began)
    return statistics.median(times[ours]), statistics.median(times[other])


def _board(release: Any) -> Any:
    from notices.boards import progress

    return progress.by_district(release)


def _aggregate(release: Any) -> Any:
    """The facts of the same board, by YARDSTICK."""
    from django.db.models import Count, Q

    from notices.models import Receipt

    facts = {
        "sent": Q(reach="sent"),
        "confirmed": Q(confirmed_at__isnull=False),
        "finished": Q(finished_at__isnull=False),
    }
    counts = {name: Count("release", filter=fact) for name, fact in facts.items()}
    receipts = Receipt.objects.pharmacies().filter(release=release).order_by()
    return list(receipts.values_list("district").annotate(recipients=Count("*"), **counts))


def _notices() -> Any:
    from notices.models import Notice

    return Notice.objects.all().with_names().select_related("release").prefetch_related("approvals")[:50]


def _fifty(_: None) -> Any:
    return list(_notices())


def _fifty_with_rates(_: None) -> Any:
    from notices.boards import progress

    found = list(_notices())
    return found, progress.by_release(notice.release.pk for notice in found)


def _missing(given: tuple[Any, Any]) -> Any:
    from notices.boards import desk

    release, district = given
    return list(desk.pharmacies(release, district, desk.Show.UNCONFIRMED, dt.date.today())[:100])


def _missing_by_index(given: tuple[Any, Any]) -> Any:
    from notices.models import Receipt

    release, district = given
    receipts = Receipt.objects.pharmacies().filter(release=release, district=district, confirmed_at=None)
    return list(receipts.order_by()[:100])


def _in_a_district(release: Any) -> tuple[Any, Any]:
    from members.models import Organisation

    districts = Organisation.objects.districts().order_by("pk")
    return release, districts[release.pk % districts.count()]


# Answering ------------------------------------------------------------------------------------------------------------


def confirm(processes: int) -> dict[str, float]:
    """Answers a second of so many processes on one notice, a fresh one each time, in turns."""
    from notices.models import Receipt, Release

    releases = list(Release.objects.order_by("-pk")[:8])
    found: dict[str, list[float]] = {"ours": [], "raw": []}
    for turn, release in enumerate(releases):
        name = ("ours", "raw")[turn % 2]
        keys = list(Receipt.objects.pharmacies().filter(release=release).values_list("pk", "organisation"))
        Receipt.objects.filter(release=release).update(
            confirmed_at=None, confirmed_via="", finished_at=None, finished_via=""
        )
        found[name].append(_rate(name, [keys[start::processes] for start in range(processes)]))
    return {name: statistics.mean(rates) for name, rates in found.items()}


def _rate(name: str, shares: list[list[tuple[int, int]]]) -> float:
    from django.db import connections

    connections.close_all()
    with multiprocessing.get_context("fork").Pool(len(shares)) as pool:
        done = pool.map(_answer, [(name, share, time.time() + 1) for share in shares], chunksize=1)
    return sum(count for count, _ in done) / max(seconds for _, seconds in done)


def _answer(given: tuple[str, list[tuple[int, int]], float]) -> tuple[int, float]:
    name, keys, start = given
    work = {"ours": _confirm, "raw": _update_and_insert}[name]
    time.sleep(max(0.0, start - time.time()))
    began, count = time.perf_counter(), 0
    for key in keys:
        work(*key)
        count += 1
        if time.perf_counter() - began > SECONDS:
            break
    return count, time.perf_counter() - began


def _confirm(key: int, _: int) -> None:
    from members.history import NOBODY
    from notices.models.receipt import Via
    from notices.tracking import confirming

    confirming.confirm(key, actor=NOBODY, via=Via.PERSONAL)


def _update_and_insert(key: int, organisation: int) -> None:
    """The same UPDATE and INSERT of whoever knows beforehand what to write."""
    from django.db import transaction
    from django.utils import timezone

    from members.models import Event
    from notices.models import Receipt

    now = timezone.now()
    with transaction.atomic():
        unconfirmed = Receipt.objects.filter(pk=key, confirmed_at=None)
        unconfirmed.update(confirmed_at=now, confirmed_via="personal", confirmed_by=None)
        Event.objects.create(
            at=now,
            verb="receipt.confirmed",
            organisation_id=organisation,
            subject_kind="receipt",
            subject_id=key,
            detail={"via": "personal"},
        )


# Pages ----------------------------------------------------------------------------------------------------------------


def pages(base: str, signin: str) -> dict[str, float]:
    """Seconds of whole pages of the running site, signed in, and of one that asks nothing of the database."""
    from notices.models import Release

    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    form = browser.open(signin).read().decode()
    token = form.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    browser.open(urllib.request.Request(signin, urllib.parse.urlencode({"csrfmiddlewaretoken": token}).encode()))
    latest = Release.objects.order_by("-pk").first()
    addresses = {
        "static": f"{base}/static/site.css",
        "board of a notice": f"{base}/notices/{latest.notice_id}/",
        "all notices": f"{base}/notices/",
        "pharmacies of a notice": f"{base}/notices/{latest.notice_id}/pharmacies/?answer=unconfirmed",
        "today": f"{base}/",
    }
    return {name: _opened(browser, address) for name, address in addresses.items()}


def _opened(browser: urllib.request.OpenerDirector, address: str) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        browser.open(address).read()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


ACTS = {"build": build, "read": read, "confirm": confirm, "pages": pages}


def main(act: str, *given: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    print(json.dumps(ACTS[act](*(int(one) if one.isdecimal() else one for one in given))))  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
