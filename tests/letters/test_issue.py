"""Release: once and whole. Number, date, letter and recipients are fixed, or nothing has happened."""

import datetime as dt
import hashlib
import threading

import pytest
from django.db import connection, connections
from django.utils import timezone

from members.history import Actor
from members.models import Event, Organisation, Tag
from notices import pdf
from notices.letters import addressing, numbering
from notices.models import Delivery, DocumentNumber, Notice, Receipt, Release, StoredFile
from notices.models.receipt import Reach
from notices.procedures import approve, issue, refusals


@pytest.fixture
def staff(cast) -> Actor:
    return Actor(cast.capacities["staff"].account, cast.capacities["staff"])


@pytest.fixture
def draft(cast) -> Notice:
    return cast.approved(cast.draft(deadline=timezone.localdate()))


def test_a_release_fixes_number_date_letter_and_recipients(cast, draft, staff):
    release = issue.release(draft.pk, staff)
    today = timezone.localdate()
    draft.refresh_from_db()
    assert (draft.state, draft.date) == (Notice.State.RELEASED, today)
    assert draft.numbers.get().serial == 1
    assert (release.state, release.released_on, release.released_by) == ("sending", today, staff.account)
    content = release.letter.read()
    assert content.startswith(b"%PDF-")
    assert release.letter.sha256 == hashlib.sha256(content).hexdigest()
    assert Receipt.objects.filter(release=release).count() == 8
    assert Delivery.objects.filter(receipt__release=release, state="waiting").count() == 8
    event = Event.objects.get(verb="notice.released")
    assert (event.subject_id, event.account) == (draft.pk, staff.account)
    assert event.detail == {"number": draft.number_text, "letter": release.letter.sha256, "recipients": 8}


def test_every_recipient_is_counted_once_in_one_reach(cast, draft, staff):
    cast.pharmacies[0].mailboxes.all().delete()
    cast.pharmacies[1].mailboxes.all().delete()
    Organisation.objects.filter(pk=cast.pharmacies[1].pk).update(fax="092-000-0900")
    receipts = Receipt.objects.filter(release=issue.release(draft.pk, staff))
    by_reach = {reach: receipts.filter(reach=reach).count() for reach in Reach}
    assert by_reach == {Reach.SENT: 0, Reach.WAITING: 6, Reach.OTHER: 1, Reach.FAILED: 1, Reach.STOPPED: 0}
    assert sum(by_reach.values()) == receipts.count()


def test_the_letter_of_a_packet_keeps_its_number_and_date(cast, staff):
    draft = cast.draft()
    DocumentNumber.objects.create(
        notice=draft, issuer=cast.association, text="6福薬業発第337号", series="福薬業発", fiscal_year=2024, serial=337
    )
    Notice.objects.filter(pk=draft.pk).update(number_fixed=True, date=dt.date(2024, 10, 30))
    cast.approved(draft)
    release = issue.release(draft.pk, staff)
    draft.refresh_from_db()
    assert (draft.date, draft.number_text) == (dt.date(2024, 10, 30), "6福薬業発第337号")
    assert release.released_on == timezone.localdate()


def test_a_second_press_shows_the_firsts_result(cast, draft, staff):
    first = issue.release(draft.pk, staff)
    with pytest.raises(issue.AlreadyReleased) as second:
        issue.release(draft.pk, staff)
    assert second.value.release == first
    assert Event.objects.filter(verb="notice.released").count() == 1
    assert Receipt.objects.count() == 8


def test_a_received_letter_is_not_released(cast, staff):
    received = Notice.objects.create(state=Notice.State.RECEIVED, subject="届いた文書")
    with pytest.raises(issue.NotIssued):
        issue.release(received.pk, staff)


def unchanged(draft: Notice) -> bool:
    draft.refresh_from_db()
    untouched = (draft.state, draft.release.state) == ("draft", "prepared")
    return untouched and not Receipt.objects.exists() and not Event.objects.filter(verb="notice.released").exists()


def test_releasing_to_nobody_is_refused(cast, staff):
    draft = cast.draft()
    tag = Tag.objects.create(name="無菌調剤")
    cast.pharmacies[0].tags.add(tag)
    addressing.address(draft.pk, staff, scope="tags", districts=[], tags=[tag])
    cast.approved(draft)
    cast.pharmacies[0].tags.clear()
    with pytest.raises(issue.NobodyToReach):
        issue.release(draft.pk, staff)
    assert unchanged(draft)


def test_a_deadline_before_the_release_is_refused(cast, staff):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    draft = cast.draft(deadline=yesterday)
    with pytest.raises(issue.DeadlineBeforeRelease) as refused:
        issue.release(draft.pk, staff)
    assert refused.value.deadline == yesterday
    assert unchanged(draft)


def test_set_up_without_steps_is_refused(cast, staff):
    draft = cast.draft(ask=Release.Ask.SET_UP)
    draft.steps.create(position=1, group="reference", title="案内のページ")
    for refused in (lambda: issue.release(draft.pk, staff), lambda: cast.approved(draft)):
        with pytest.raises(issue.NothingToSetUp):
            refused()
    draft.steps.create(position=2, title="ログインする")
    cast.approved(draft)
    assert issue.release(draft.pk, staff).state == Release.State.SENDING


def test_a_number_of_another_year_is_not_approved(cast):
    draft = cast.draft()
    DocumentNumber.objects.create(
        notice=draft, issuer=cast.association, text="1福薬業発第5号", series="福薬業発", fiscal_year=2019, serial=5
    )
    with pytest.raises(numbering.NumberOfAnotherYear):
        cast.approved(draft)
    assert draft.approval is None


def test_without_its_pdf_nothing_is_released(cast, draft, staff, settings):
    settings.PDF_WRITING_BYTES = 1024**2
    with pytest.raises(pdf.RenderFailed):
        issue.release(draft.pk, staff)
    assert unchanged(draft)


def test_what_changes_afterwards_leaves_the_released_letter_as_it_is(cast, draft, staff):
    release = issue.release(draft.pk, staff)
    fixed = release.letter.read()
    cast.association.name = "一般社団法人ほかの薬剤師会"
    cast.association.save()
    assert StoredFile.objects.get(pk=release.letter_id).read() == fixed


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_pdf(cast, staff, monkeypatch):
    """The PDF, which may take long, is made once, while no transaction holds a lock."""
    render, held = pdf.render, []

    def watched(html: str) -> bytes:
        held.append(connection.in_atomic_block)
        return render(html)

    monkeypatch.setattr(pdf, "render", watched)
    issue.release(cast.approved(cast.draft()).pk, staff)
    assert held == [False]


@pytest.mark.django_db(transaction=True)
def test_a_letter_whose_approval_is_taken_back_while_its_pdf_is_made_stays(cast, staff, monkeypatch):
    draft = cast.approved(cast.draft())
    render = pdf.render

    def overtaken(html: str) -> bytes:
        approve.reopen(draft.pk, staff)
        return render(html)

    monkeypatch.setattr(pdf, "render", overtaken)
    with pytest.raises(refusals.NotApproved):
        issue.release(draft.pk, staff)
    assert unchanged(draft)


@pytest.mark.django_db(transaction=True)
def test_two_browsers_at_once_make_one_release(cast, staff):
    draft = cast.approved(cast.draft())
    together = threading.Barrier(4)
    outcomes: list[str] = []

    def press() -> None:
        together.wait()
        try:
            issue.release(draft.pk, staff)
            outcomes.append("released")
        except issue.AlreadyReleased:
            outcomes.append("shown the first")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["released"] + ["shown the first"] * 3
    assert Receipt.objects.count() == 8
    assert DocumentNumber.objects.count() == 1
    connection.close()
