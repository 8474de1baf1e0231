"""地区から会員へ: a district passes a notice on by a letter of its own, once and whole."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from members.models import Event, Organisation
from notices import hops
from notices.distribution import recipients
from notices.letters import numbering, passing_on
from notices.letters.letter import letter_of
from notices.models import Delivery, DocumentNumber, Notice, Receipt, Release
from notices.models.receipt import Via
from notices.procedures import issue, pass_on
from notices.tracking import confirming, setup
from notices.tracking.facts import ByLetter, LetterIsOut
from tests.cast import Cast
from tests.passing.conftest import Way, plan
from tests.tracking.conftest import add_steps


def test_a_release_through_districts_has_the_districts_alone_as_recipients(cast: Cast):
    draft = cast.draft(**plan())
    add_steps(draft)
    assert recipients.count(draft.release) == 8, "who decides is told how many it reaches in the end"
    assert recipients.in_words(draft.release) == "2 地区（地区を通して 6 薬局）"
    release = issue.release(cast.approved(draft).pk, cast.actor("staff"))
    assert set(release.receipts.values_list("organisation", flat=True)) == {each.pk for each in cast.districts}
    assert Delivery.objects.filter(release=release).count() == 2


def test_a_district_without_anybody_to_tell_gets_nothing(way: Way):
    Organisation.objects.filter(parent=way.cast.takaodai).update(parent=way.cast.shirasagi)
    plan = Release(notice=Notice(), through_districts=True)
    assert list(recipients.chosen(plan)[1]) == [way.cast.shirasagi]


def test_passing_on_makes_a_letter_of_the_district_for_its_members(way: Way):
    letter = way.pass_on(number="白薬発第12号")
    notice, district = letter.notice, way.cast.shirasagi
    assert [issuer.organisation for issuer in notice.issuers.all()] == [district]
    assert (notice.state, notice.number_text, notice.date) == ("released", "白薬発第12号", timezone.localdate())
    assert [(each.kind, each.target) for each in notice.relations.all()] == [("encloses", way.release.notice)]
    assert notice.attachments.get().enclosed == way.release.notice
    titles = [step.title for step in way.release.notice.steps.all()]
    assert [step.title for step in notice.steps.all()] == titles != []
    assert (letter.ask, letter.deadline, letter.who) == (way.release.ask, way.release.deadline, way.release.who)
    assert (letter.passes_on, letter.passed_on_by, letter.state) == (way.release, district, "sending")
    assert letter.letter.read().startswith(b"%PDF-")
    members = [each for each in way.cast.pharmacies if each.parent == district]
    assert {receipt.organisation for receipt in letter.receipts.all()} == set(members)
    assert Delivery.objects.filter(release=letter, state="waiting").count() == 3


def test_what_is_previewed_is_the_letter_that_goes_out(way: Way):
    covering = way.covering(number="白薬発第12号")
    sketch = passing_on.sketch(way.release.notice, way.cast.shirasagi, covering)
    letter = way.pass_on(number="白薬発第12号")
    assert letter_of(Notice.objects.get(pk=letter.notice_id)) == sketch
    assert sketch.senders[0][0] == way.cast.shirasagi.name
    assert sketch.addressees == ["会員薬局　各位"]


def test_it_counts_as_received_and_made_known(way: Way):
    way.pass_on()
    own = way.receipt(way.cast.shirasagi)
    assert (own.confirmed_via, own.finished_via) == (Via.SIGNED_IN, Via.SIGNED_IN)
    assert own.finished_by == way.cast.capacities["chair"].account
    event = Event.objects.get(verb="release.passed_on")
    assert (event.subject_id, event.organisation) == (way.release.pk, way.cast.shirasagi)
    assert event.detail["recipients"] == 3


def test_it_takes_no_number_of_the_association(way: Way):
    before = list(DocumentNumber.objects.filter(issuer=way.cast.association))
    assert way.pass_on(number="第1号").notice.numbers.get().issuer == way.cast.shirasagi
    assert way.pass_on("other_chair").notice.number_text == ""
    assert list(DocumentNumber.objects.filter(issuer=way.cast.association)) == before


def test_a_district_counts_its_own_numbers_and_gives_none_twice(way: Way):
    district, day = way.cast.shirasagi, dt.date(2026, 11, 28)
    letter, other = (Notice.objects.create(state="draft", subject=subject) for subject in ("一通目", "二通目"))
    assert numbering.next_of_district(district, day) == ""
    assert numbering.give_of_district(letter, district, "８白薬発 第１２号", day).text == "8白薬発第12号"
    assert numbering.next_of_district(district, day) == "8白薬発第13号"
    assert numbering.next_of_district(district, dt.date(2027, 4, 1)) == "9白薬発第1号", "anew in each 年度"
    assert numbering.next_of_district(way.cast.takaodai, day) == "", "nobody learns another district's numbers"
    numbering.give_of_district(letter, district, "白鷺 No.3", day)
    for text in ("白薬発第12号", "白鷺 no.3"):
        with pytest.raises(numbering.NumberTaken) as taken, transaction.atomic():
            numbering.give_of_district(other, district, text, day)
        assert taken.value.line.notice == letter
    with pytest.raises(numbering.NumberOfAnotherYear):
        numbering.give_of_district(other, district, "7白薬発第14号", day)
    assert numbering.give_of_district(other, way.cast.takaodai, "白薬発第12号", day).serial == 12


def test_the_database_wants_an_approval_of_the_associations_release_and_none_of_a_districts(way: Way):
    letter = way.pass_on()
    assert (letter.approval, letter.unapproved) == (None, Release.Unapproved.DISTRICT)
    associations, districts = Release.objects.filter(pk=way.release.pk), Release.objects.filter(pk=letter.pk)
    for rows, change in (
        (associations, {"approval": None, "unapproved": "district"}),
        (districts, {"unapproved": "before"}),
        (districts, {"approval": way.cast.approval_of(letter.notice)}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


def test_a_second_press_shows_the_firsts_letter(way: Way):
    first = way.pass_on()
    with pytest.raises(pass_on.AlreadyPassedOn) as second:
        way.pass_on(text="もう一度")
    assert second.value.release == first
    assert Release.objects.filter(passes_on=way.release).count() == 1
    assert Receipt.objects.whole(way.release).pharmacies().count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_chairs_and_staff_who_press_at_once_one_tells_the_members(way: Way):
    way.let_days_pass(8)
    results: list[object] = []

    def press(tell: Callable[[], object]) -> None:
        try:
            results.append(tell())
        except pass_on.CannotPassOn as refusal:
            results.append(refusal)
        finally:
            connections.close_all()

    ways = [way.pass_on, way.pass_on, lambda: way.step_in(way.cast.shirasagi)]
    people = [threading.Thread(target=press, args=[tell]) for tell in ways]
    for one in people:
        one.start()
    for one in people:
        one.join()
    refused = [one for one in results if isinstance(one, pass_on.AlreadyPassedOn | pass_on.AlreadyTold)]
    assert (len(results), len(refused)) == (3, 2)
    assert Receipt.objects.whole(way.release).pharmacies().count() == 3
    assert Delivery.objects.filter(receipt__in=Receipt.objects.whole(way.release).pharmacies()).count() == 3


def test_the_database_refuses_a_second_letter_of_a_district(way: Way):
    letter = way.pass_on()
    again = Notice.objects.create(state="draft", subject="二通目")
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(notice=again, passes_on=way.release, passed_on_by=letter.passed_on_by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(notice=again, passes_on=way.release)


def test_of_what_fails_nothing_is_left(way: Way, monkeypatch: pytest.MonkeyPatch):
    def break_down(*args: object) -> int:
        raise OSError("the database is away")

    monkeypatch.setattr(recipients, "write", break_down)
    with pytest.raises(OSError, match="away"):
        way.pass_on()
    assert not Release.objects.filter(passes_on=way.release).exists()
    assert way.receipt(way.cast.shirasagi).confirmed_at is None


def test_the_deadline_is_not_later_than_the_associations(way: Way):
    for deadline in (way.release.deadline + dt.timedelta(days=1), timezone.localdate() - dt.timedelta(days=1)):
        with pytest.raises(pass_on.LaterThanAsked):
            way.pass_on(deadline=deadline)
    earlier = way.release.deadline - dt.timedelta(days=3)
    assert way.pass_on(deadline=earlier).deadline == earlier


def test_a_notice_that_goes_to_the_pharmacies_itself_is_not_passed_on(way: Way):
    direct = way.cast.released("直接届く通知")
    with pytest.raises(pass_on.NotThroughDistricts):
        way.pass_on(release=direct, deadline=None)


def test_a_pharmacy_that_moved_gets_it_once(way: Way):
    way.pass_on()
    moved = way.cast.pharmacies[0]
    Organisation.objects.filter(pk=moved.pk).update(parent=way.cast.takaodai)
    letter = way.pass_on("other_chair")
    assert letter.receipts.count() == 3
    assert Receipt.objects.whole(way.release).filter(organisation=moved).count() == 1


def test_made_known_is_not_declared_without_the_letter_and_not_taken_back_after_it(way: Way):
    own = way.receipt(way.cast.shirasagi)
    said = {"actor": way.actor("chair"), "via": Via.SIGNED_IN}
    with pytest.raises(ByLetter):
        confirming.pass_on(own.pk, **said)
    assert hops.is_due(own)
    way.pass_on()
    assert not hops.is_due(own)
    with pytest.raises(LetterIsOut):
        setup.reopen(own.pk, **said)
    assert way.receipt(way.cast.shirasagi).finished_at is not None
