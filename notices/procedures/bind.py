"""綴じる: the packet of a release, promised with it and made by a worker, once for everybody.

Making it takes seconds, in which nobody who releases should have to wait; a row without a file is the promise. A worker
takes it for a while, so that one that died is followed by another, and whoever is ready first has made it.
"""

import datetime as dt
import logging

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from kombu.exceptions import OperationalError as BrokerAway

from members import history
from members.history import NOBODY, Actor
from notices.letters import binding, numbering
from notices.letters.letter import letter_pdf
from notices.letters.papers import Paper
from notices.models import BoundPacket, Notice, Release, StoredFile

logger = logging.getLogger(__name__)

TASK = "notices.tasks.bind_packets"


class NothingToBind(RuntimeError):
    """There is nothing but the letter, or no release."""


def promise(release: Release) -> None:
    """Have the packet of a release made, where there is more to it than the letter; in the release's transaction."""
    if binding.has_papers(release.notice):
        BoundPacket.objects.get_or_create(release=release)
        transaction.on_commit(_ring)


@transaction.atomic
def again(release: Release, actor: Actor) -> None:
    """Have it made where that was given up, or never promised. One that is made stays. Raises NothingToBind."""
    if not binding.has_papers(release.notice):
        raise NothingToBind(str(release))
    packet, _ = BoundPacket.objects.get_or_create(release=release)
    if packet.file_id is None:
        BoundPacket.objects.filter(pk=packet.pk).update(tries=0, taken_until=None)
        history.record("release.binding_asked", release, actor=actor)
        transaction.on_commit(_ring)


def bind_due() -> int:
    """Make what is promised; gives how many. Called by many at once, each packet is made by one of them."""
    return sum(_bind(packet) for packet in BoundPacket.objects.due().select_related("release__notice"))


def preview(notice: Notice) -> bytes:
    """The packet of a draft as it would be today. Raises one of binding.FAILURES."""
    day = numbering.expected_day(notice)
    return binding.bind(notice, letter_pdf(notice, number=numbering.expected_for(notice, day), date=day)).content


def _bind(packet: BoundPacket) -> bool:
    free = Q(taken_until=None) | Q(taken_until__lt=Now())
    until = Now() + dt.timedelta(seconds=settings.BINDING_LEASE_SECONDS)
    if not BoundPacket.objects.due().filter(free, pk=packet.pk).update(taken_until=until, tries=F("tries") + 1):
        return False
    release = packet.release
    try:
        made = binding.bind(release.notice, release.letter.read())
    except (*binding.FAILURES, OSError):
        logger.exception("The packet of release %s could not be bound; it is tried again, thrice at most.", release.pk)
        return False
    return _keep(packet, release, made)


@transaction.atomic
def _keep(packet: BoundPacket, release: Release, made: binding.Bound) -> bool:
    name = f"{release.notice.number_text or '通知'}_別添付き.pdf"
    file = StoredFile.objects.keep(made.content, name, "application/pdf")
    kept = BoundPacket.objects.filter(pk=packet.pk, file=None).update(
        file=file, pages=made.pages, left_out=[_told(paper) for paper in made.left_out], made_at=Now(), taken_until=None
    )
    if kept:
        history.record("release.bound", release, actor=NOBODY, pages=made.pages, sha256=file.sha256)
    return bool(kept)


def _told(paper: Paper) -> dict[str, str]:
    return {"label": paper.label, "title": paper.title, "reason": str(paper.reason)}


def _ring() -> None:
    try:
        current_app.send_task(TASK)
    except BrokerAway as error:
        logger.warning("Nobody heard the doorbell; the sweep will find the work: %s", error)
