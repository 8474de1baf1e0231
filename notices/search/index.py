"""Keeping what is searched beside what it is made of: whoever changes a text calls `renew` in the same transaction.

Nothing here is the only copy of anything: `rebuild` makes all of it anew, `catch_up` what is missing.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from time import monotonic, sleep
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from notices.grams import STAFF, grams_of
from notices.models import Attachment, Entry, Notice, Packet, Passage, Reader, Release
from notices.search import papers, texts

Kind = Passage.Kind
# Of what a recipient gets, everybody reads these; and each audience what is written to it alone.
ON_PAPER = {Kind.LETTER, Kind.ATTACHMENT, Kind.FILE}
READ = {Reader.DISTRICT: {Kind.TO_CHAIRS}, Reader.PHARMACY: {Kind.TO_PHARMACIES, Kind.CHANGED, Kind.STEPS}}
AT_ONCE = 100


@transaction.atomic
def renew(notice_id: int) -> None:
    """Take over what a notice says now, also into what is found by letters that enclose it."""
    notice = Notice.objects.select_for_update(no_key=True).with_names().get(pk=notice_id)
    notice.passages.all().delete()
    Passage.objects.bulk_create(texts.of_notice(notice))
    _enter(notice)
    renew_entries(papers.above([notice_id]) - {notice_id})


@transaction.atomic
def renew_entries(notices: Collection[int]) -> None:
    """Take over passages that are there already into what these notices are found by."""
    held = Notice.objects.select_for_update(no_key=True).filter(pk__in=notices)
    for notice in held.with_names().order_by("pk"):
        _enter(notice)


@transaction.atomic
def renew_packet(packet: Packet) -> None:
    """Take over what a packet says now."""
    packet.passages.all().delete()
    passages = Passage.objects.bulk_create(texts.of_packet(packet))
    day = packet.oldest_on
    _write(passages, {"head": texts.head_of_packet(packet), "date": day}, packet=packet, reader=Reader.STAFF)


def rebuild() -> Iterator[int]:
    """Make everything anew, except what was taken out of files; tells how many notices and packets are done."""
    done = 0
    for notice in Notice.objects.order_by("pk").values_list("pk", flat=True):
        _in_turn(renew, notice)
        yield (done := done + 1)
    for packet in Packet.objects.order_by("pk"):
        _in_turn(renew_packet, packet)
        yield (done := done + 1)


def catch_up() -> bool:
    """Make what is missing of the oldest notices and packets that have nothing; whether there may be more."""
    notices = Notice.objects.filter(~Exists(Entry.objects.filter(notice=OuterRef("pk")))).order_by("pk")
    missing = list(notices.values_list("pk", flat=True)[:AT_ONCE])
    for notice in missing:
        _in_turn(renew, notice)
    packets = list(Packet.objects.filter(entry=None).order_by("pk")[: AT_ONCE - len(missing)])
    for packet in packets:
        _in_turn(renew_packet, packet)
    return len(missing) + len(packets) == AT_ONCE


def _in_turn(make: Callable[[Any], None], of: Any) -> None:
    """Make one of many, and leave the database to others as long as that took.

    On SQLite a writer waits by looking now and then whether the lock is free: of one that takes it again at once the
    others hardly see that it let go, and give up after 20 s.
    """
    began = monotonic()
    make(of)
    if connection.vendor == "sqlite":
        sleep(monotonic() - began)


def _enter(notice: Notice) -> None:
    release = Release.objects.filter(notice=notice).first()
    head = {
        "head": texts.head_of_notice(notice),
        "date": notice.date,
        "is_letter": release is not None and release.passes_on_id is not None,
    }
    own = list(notice.passages.all())
    there = [*own, *_below(notice)]
    # What districts pass on is found by itself; by each of their letters once more it would be hard to see.
    _write(own if head["is_letter"] else there, head, notice=notice, reader=Reader.STAFF)
    if notice.state != Notice.State.RELEASED:
        notice.entries.exclude(reader=Reader.STAFF).delete()
        return
    for reader, kinds in READ.items():
        kinds = ON_PAPER | (kinds if release and release.asks_set_up else kinds - {Kind.STEPS})
        _write([one for one in there if one.kind in kinds], head, notice=notice, reader=reader)


def _below(notice: Notice) -> Iterator[Passage]:
    """What is read besides: files, and the letters enclosed, without what was written about those."""
    attachments: list[Attachment] = list(papers.of(notice.pk, papers.below([notice.pk])))
    enclosed = {one.enclosed_id for one in attachments if one.enclosed_id} - {notice.pk}
    yield from Passage.objects.filter(notice__in=enclosed, kind__in=[Kind.LETTER, Kind.ATTACHMENT])
    yield from _of_files({one.file_id for one in attachments if one.file_id})


def _of_files(files: Iterable[int]) -> Iterable[Passage]:
    return Passage.objects.filter(file__in=files) if files else ()


def _write(passages: Collection[Passage], values: dict, **whose: object) -> None:
    """The entry of a reader, made or changed. Its grams go to the database in one statement and never come back."""
    grams = set().union(*(grams_of(passage.folded) for passage in passages))
    if "notice" in whose and whose["reader"] == Reader.STAFF:
        grams.add(STAFF)
    found = Entry.objects.filter(**whose)
    if not found.update(**values, grams=grams):
        Entry.objects.create(**whose, **values, grams=grams)
    entry = found.get()
    links = Entry.passages.through
    links.objects.filter(entry=entry).delete()
    links.objects.bulk_create(links(entry=entry, passage=passage) for passage in passages)
