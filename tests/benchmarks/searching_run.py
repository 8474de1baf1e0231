"""Our search as a process of its own: `searching_run NOTICES PAGES ROUNDS`; builds an archive, measures, gives JSON."""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import django

LENGTH = 800  # characters a page
AT_ONCE = 500

# What is searched, by kind: words that stand in many notices, and in few.
WORDS = {
    "2 characters, common": ["訪問", "薬局", "申請"],
    "2 characters, rare": ["{drug:2}", "{other:2}", "航（"],
    "3 characters, common": ["届出書", "保健所", "安全性"],
    "3 characters, rare": ["{drug:3}", "{other:3}", "梅崎千"],
    "5 and more, common": ["訪問看護ステーション", "お願い申し上げます", "オンライン資格確認"],
    "5 and more, rare": ["{drug:9}", "梅﨑 千夏です", "実施率が７割を超え、避難所と"],
    "document number": ["{number}", "{wide number}", "{serial}号"],
    "two words": ["訪問 届出書", "備蓄 {drug:9}", "お願い申し上げます オンライン資格確認"],
}


def main(notices: int, pages: int, rounds: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    began = time.perf_counter()
    examples = build(notices, pages)
    figures: dict[str, Any] = {"build": time.perf_counter() - began}
    began = time.perf_counter()
    index(notices)
    figures["index"] = (time.perf_counter() - began) / notices
    settle()
    figures["size"] = sizes()
    figures["kinds"] = {
        kind: [measured(word.format_map(examples), rounds) for word in words] for kind, words in WORDS.items()
    }
    print(json.dumps(figures, ensure_ascii=False))  # noqa: T201


class Examples(dict):
    """What only the built archive knows: {drug:3}, {number} …"""


class Cut(str):
    """A word of which a format takes the first characters."""

    def __format__(self, length: str) -> str:
        return self[: int(length)] if length else str(self)


def build(count: int, pages: int) -> Examples:
    """Notices with a letter and a file of pages each, written as they stand after their texts were taken out."""
    from django.utils import timezone

    from members.models import Organisation
    from notices.models import Attachment, DocumentNumber, Notice, NoticeIssuer, Passage, StoredFile
    from notices.search import texts
    from tests.benchmarks.archive_text import Archive

    archive = Archive(seed=8)
    association = Organisation.objects.create(kind="association", name="架空県薬剤師会")
    serials: dict[int, int] = {}
    each = max(1, pages // count - 1)
    for start in range(0, count, AT_ONCE):
        rows, files, passages = [], [], []
        for number in range(start, min(count, start + AT_ONCE)):
            words, day = archive.subjects(), archive.day()
            rows.append(
                Notice(
                    state="received", subject=archive.title(words), body=archive.page(words, LENGTH), date=day
                ).fold()
            )
            files.append(
                StoredFile(
                    sha256=f"{number:064}",
                    name=f"{number}.pdf",
                    media_type="application/pdf",
                    size=1,
                    content=f"{number}",
                    text_read_at=timezone.now(),
                )
            )
            passages.append([archive.page(words, LENGTH) for _ in range(each)])
        Notice.objects.bulk_create(rows)
        StoredFile.objects.bulk_create(files)
        NoticeIssuer.objects.bulk_create(NoticeIssuer(notice=row, organisation=association) for row in rows)
        numbers = []
        for row in rows:
            year = (row.date - timedelta(days=90)).year
            serials[year] = serial = serials.get(year, 0) + 1
            text = f"{(year - 2018) % 30}架薬業発第{serial}号"
            numbers.append(
                DocumentNumber(
                    notice=row, issuer=association, text=text, series="架薬業発", fiscal_year=year, serial=serial
                )
            )
        DocumentNumber.objects.bulk_create(numbers)
        Attachment.objects.bulk_create(
            Attachment(notice=row, position=1, label="別添1", title="資料", file=file)
            for row, file in zip(rows, files, strict=True)
        )
        Passage.objects.bulk_create(
            passage
            for file, text in zip(files, passages, strict=True)
            for passage in texts.of_file(file.pk, text, numbered=True)
        )
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    last = numbers[len(numbers) // 2]
    return Examples(
        {
            "drug": Cut(archive.drugs[7]),
            "other": Cut(archive.drugs[8]),
            "number": last.text,
            "wide number": last.text.translate(wide).replace("第", " 第 "),
            "serial": last.serial,
        }
    )


def index(count: int) -> None:
    """As `manage.py reindex` does."""
    from notices.search.index import rebuild

    for done in rebuild():
        if done % 1000 == 0:
            print(f"{done} of {count}", file=sys.stderr, flush=True)  # noqa: T201


def settle() -> None:
    """As autovacuum would soon."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def sizes() -> dict[str, float]:
    """MB of the whole database, and of the index in it."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT pg_database_size(current_database()), pg_total_relation_size('notices_passage'), "
                "pg_total_relation_size('notices_entry'), pg_relation_size('notices_entry_grams')"
            )
            whole, passages, entries, grams = cursor.fetchone()
        else:
            cursor.execute("PRAGMA page_count")
            (whole,) = cursor.fetchone()
            cursor.execute("SELECT sum(length(block)) FROM notices_entry_grams_data")
            (grams,) = cursor.fetchone()
            whole, passages, entries = whole * 4096, 0, 0
    return {"database": whole / 1e6, "passages": passages / 1e6, "entries": entries / 1e6, "index": grams / 1e6}


def measured(typed: str, rounds: int) -> dict[str, Any]:
    """Seconds of our page of results with its count, and of a scan of all pages for the same words."""
    from notices.search.words import words_of

    forms = [word.forms[0] for word in words_of(typed)]
    ours, (count, exact) = timed(lambda: ours_finds(typed), rounds)
    scans = {name: timed(partial(scan, forms, way), max(1, rounds // 2)) for name, way in CONDITIONS.items()}
    by, (scanned, there) = min(scans.items(), key=lambda one: one[1][0])
    return {"typed": typed, "ours": ours, "scan": scanned, "by": by, "count": count, "exact": exact, "there": there}


def timed(work: Callable[[], Any], rounds: int) -> tuple[float, Any]:
    """The median of some runs, after one that nobody measures."""
    found, times = work(), []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times), found


def ours_finds(typed: str) -> tuple[int, bool]:
    from members.models import Capacity
    from notices.search.searching import Search, notices_for
    from notices.views.search import PER_PAGE

    search = Search(typed, notices_for(Capacity(role="staff")))
    search.page(1, PER_PAGE)
    return search.found.count, search.found.is_exact


# How either database looks for a word in a text, and what it is given.
CONDITIONS = {
    "strpos": ({"postgresql": "strpos(folded, %s) > 0", "sqlite": "instr(folded, %s) > 0"}, "{}"),
    "LIKE": ({"postgresql": "folded LIKE %s", "sqlite": "folded LIKE %s"}, "%{}%"),
}


def scan(forms: list[str], way: tuple[dict[str, str], str]) -> int:
    """How many notices hold each of the words on one of their pages, by one look at every page."""
    from django.db import connection

    holds, pattern = way[0][connection.vendor], way[1]
    each = " AND ".join([f"max(CASE WHEN {holds} THEN 1 ELSE 0 END) = 1"] * len(forms)) if len(forms) > 1 else "1 = 1"
    statement = (
        "SELECT count(*) FROM (SELECT coalesce(page.notice_id, paper.notice_id) AS notice FROM notices_passage page "
        "LEFT JOIN notices_attachment paper ON paper.file_id = page.file_id "
        f"WHERE {' OR '.join([holds] * len(forms))} GROUP BY 1 HAVING {each}) AS found"
    )
    given = [pattern.format(form) for form in forms]
    with connection.cursor() as cursor:
        cursor.execute(statement, given if len(forms) == 1 else given * 2)
        return cursor.fetchone()[0]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
