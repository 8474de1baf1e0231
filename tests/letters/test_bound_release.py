"""The packet of a release is promised with it, made once by a worker, and the same for everybody."""

import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.history import NOBODY
from members.models import Event
from notices.models import BoundPacket, Notice, Release, StoredFile
from notices.models.bound import MOST_TRIES
from notices.procedures import bind, issue
from tests.cast import Cast
from tests.letters.browser import address, shown
from tests.written_pdf import written


@pytest.fixture
def released(draft: Notice, cast: Cast) -> Release:
    """With one enclosure; released, not bound yet."""
    file = StoredFile.objects.keep(written(text="Guide", pages=2), "guide.pdf", "application/pdf")
    draft.attachments.create(position=1, label="別添1", title="手引き", file=file)
    return issue.release(cast.approved(draft).pk, cast.actor("staff"))


def served(answer) -> bytes:
    return b"".join(answer.streaming_content)


def own_page(cast: Cast, release: Release, name: str = "own_receipt") -> str:
    return reverse(f"notices:{name}", args=[cast.receipt(release, cast.pharmacies[0]).pk])


def test_a_release_with_enclosures_promises_its_packet_and_a_worker_makes_it(released: Release):
    assert released.bound.file is None
    assert bind.bind_due() == 1
    packet = BoundPacket.objects.get(release=released)
    assert packet.pages == 3 and packet.made_at and packet.left_out == []
    assert packet.file.sha256 == hashlib.sha256(packet.file.read()).hexdigest()
    event = Event.objects.get(verb="release.bound")
    assert (event.subject_id, event.detail["sha256"]) == (released.pk, packet.file.sha256)


def test_a_letter_alone_promises_none(draft: Notice, cast: Cast):
    draft.attachments.create(position=1, label="参考", title="案内", url="https://portal.example/")
    issue.release(cast.approved(draft).pk, cast.actor("staff"))
    assert not BoundPacket.objects.exists()


def test_what_is_made_is_not_made_again(released: Release):
    bind.bind_due()
    before = BoundPacket.objects.get().file_id
    assert bind.bind_due() == 0
    bind.again(released, NOBODY)
    assert BoundPacket.objects.get().file_id == before


def test_a_packet_that_another_worker_has_in_hand_is_left_alone_until_its_time_is_over(released: Release):
    taken = BoundPacket.objects.filter(release=released)
    taken.update(taken_until=timezone.now() + timedelta(minutes=5), tries=1)
    assert bind.bind_due() == 0
    taken.update(taken_until=timezone.now() - timedelta(seconds=1))
    assert bind.bind_due() == 1


def test_a_packet_that_cannot_be_made_is_given_up_after_some_tries_and_made_when_asked_for(
    desk: Client, released: Release
):
    good = released.letter_id
    broken = StoredFile.objects.keep(b"%PDF-1.7 broken", "letter.pdf", "application/pdf")
    Release.objects.filter(pk=released.pk).update(letter=broken)
    for _ in range(MOST_TRIES + 1):
        BoundPacket.objects.update(taken_until=None)
        assert bind.bind_due() == 0
    assert BoundPacket.objects.get().is_given_up
    page = shown(desk.get(reverse("notices:release", args=[released.pk])))
    assert "まとめた PDF を作れませんでした" in page and "もう一度作る" in page
    Release.objects.filter(pk=released.pk).update(letter=good)
    desk.post(reverse("notices:bind_again", args=[released.notice_id]))
    assert bind.bind_due() == 1


def test_a_release_from_before_gets_its_packet_when_it_is_asked_for(desk: Client, released: Release):
    BoundPacket.objects.all().delete()
    page = shown(desk.get(reverse("notices:notice", args=[released.notice_id])))
    assert "まとめた PDF を作る" in page
    desk.post(reverse("notices:bind_again", args=[released.notice_id]))
    assert bind.bind_due() == 1


def test_everybody_gets_the_same_bytes(desk: Client, cast: Cast, released: Release):
    bind.bind_due()
    kept = BoundPacket.objects.get().file.read()
    assert served(desk.get(reverse("notices:bound_pdf", args=[released.notice_id]))) == kept
    pharmacy = cast.client("pharmacy")
    assert served(pharmacy.get(own_page(cast, released, "own_receipt_bound"))) == kept
    chair = reverse("notices:district_receipt_bound", args=[cast.receipt(released, cast.shirasagi).pk])
    assert served(cast.client("chair").get(chair)) == kept


def test_a_pharmacys_page_leads_to_it_once_it_is_made(cast: Cast, released: Release):
    pharmacy = cast.client("pharmacy")
    assert "まとめたPDF" not in shown(pharmacy.get(own_page(cast, released)))
    assert pharmacy.get(own_page(cast, released, "own_receipt_bound")).status_code == 404
    bind.bind_due()
    page = shown(pharmacy.get(own_page(cast, released)))
    assert page.count("通知と別添をまとめたPDF") == 1 and "3 ページ" in page
    assert own_page(cast, released, "own_receipt_bound") in page


def test_staff_see_that_it_is_being_made_then_what_is_not_in_it(desk: Client, released: Release):
    form = StoredFile.objects.keep(b"PK form", "様式.xlsx", "application/vnd.ms-excel")
    released.notice.attachments.create(position=2, label="別添2", title="様式", file=form)
    page = reverse("notices:release", args=[released.pk])
    assert "まとめた PDF を作っています" in shown(desk.get(page))
    bind.bind_due()
    text = shown(desk.get(page))
    assert "4 ページ" in text and "綴じていないもの 1 件" in text
    assert "別添2　様式：PDF ではないファイル" in text


def test_a_draft_is_bound_anew_each_time_it_is_looked_at_and_keeps_nothing(desk: Client, draft: Notice):
    draft.attachments.create(position=1, label="別添1", title="要領", text="一、次のとおり")
    assert "別添と綴じて見る" in shown(desk.get(address("compose", draft)))
    first = desk.get(address("bound_pdf", draft)).content
    draft.attachments.create(position=2, label="別添2", title="要領の続き", text="二、次のとおり")
    second = desk.get(address("bound_pdf", draft)).content
    assert first.startswith(b"%PDF-") and second.startswith(b"%PDF-") and first != second
    assert not BoundPacket.objects.exists() and not StoredFile.objects.exists()


def test_the_database_keeps_a_packet_whole_or_promised(released: Release):
    for half in ({"pages": 3}, {"made_at": timezone.now()}, {"file": released.letter, "made_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BoundPacket.objects.filter(release=released).update(**half)
