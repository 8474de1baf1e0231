"""A correction or a withdrawal of a notice that went through districts: their letters stand and fall with it."""

import datetime as dt
import email
import email.policy

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members import wareki
from members.models import Organisation
from notices import hops, personal, succession
from notices.boards import passing
from notices.distribution import message, steering
from notices.letters import correcting
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Via
from notices.procedures import repeat
from notices.tracking import confirming
from notices.tracking.facts import Superseded
from tests.boards.reading import text_of
from tests.distribution.test_superseding import WAS_WRONG, corrected, withdrawn
from tests.passing.conftest import Way


@pytest.fixture
def letter(way: Way) -> Release:
    """The letter of 白鷺: one of its three messages was sent, two are still to go."""
    letter = way.pass_on()
    first = letter.receipts.get(organisation=way.cast.pharmacies[0])
    Delivery.objects.filter(receipt=first).update(state="sent", settled_at=letter.released_at)
    Receipt.objects.filter(pk=first.pk).update(reach="sent")
    return letter


def states(release: Release) -> list[str]:
    return sorted(Delivery.objects.filter(release=release).values_list("state", flat=True))


def test_the_unsent_messages_of_the_letters_stop(way: Way, letter: Release):
    corrected(way.release, way.cast)
    assert states(letter) == ["sent", "stopped", "stopped"]
    assert states(way.release) == ["stopped", "stopped"]
    letter.refresh_from_db()
    assert letter.state == "stopped"
    with pytest.raises(steering.NotInThisState):
        steering.resume(letter.pk, way.actor("chair"))
    with pytest.raises(repeat.Superseded):
        repeat.send_to_stopped(letter.pk, way.actor("staff"))


def test_what_superseded_a_release_is_kept_with_it_and_with_its_letters(way: Way, letter: Release):
    second = corrected(way.release, way.cast)
    third = withdrawn(second, way.cast)
    kept = {way.release.pk: second.pk, letter.pk: second.pk, second.pk: third.pk, third.pk: None}
    assert dict(Release.objects.values_list("pk", "superseded_by")) == kept


def test_where_the_correction_fails_the_letters_go_on(way: Way, letter: Release):
    from notices.procedures import issue
    from notices.procedures.refusals import NothingSaid

    draft = correcting.draft_correction(way.release.notice_id, way.actor("staff"))
    with pytest.raises(NothingSaid):
        issue.release(draft.pk, way.actor("staff"))
    letter.refresh_from_db()
    assert (letter.state, states(letter)) == ("sending", ["sent", "waiting", "waiting"])


def test_before_its_release_a_correction_counts_the_districts_and_the_pharmacies_behind_them(way: Way):
    way.let_days_pass(8)
    way.step_in(way.cast.takaodai)
    draft = correcting.draft_correction(way.release.notice_id, way.actor("staff"))
    staff = way.cast.client("staff")
    page = text_of(staff.get(reverse("notices:recipients", args=[draft.pk])))
    assert "県からは 2 地区 と、前の通知を県から直接送った 3 薬局 だけに送ります。" in page
    assert "6 / 6 薬局" in page
    assert "1 つも選ばれていません" not in page
    page = text_of(staff.get(reverse("notices:check", args=[draft.pk])))
    assert "6 薬局（メール 6、" in page and "2 地区（メール 2、" in page


def test_who_was_told_by_the_association_itself_gets_the_correction_from_it(way: Way, letter: Release):
    way.let_days_pass(8)
    way.step_in(way.cast.takaodai)
    new = corrected(Release.objects.get(pk=way.release.pk), way.cast)
    told = new.receipts.pharmacies()
    assert {receipt.organisation.parent for receipt in told} == {way.cast.takaodai}
    assert told.count() == 3


def test_a_correction_reaches_every_member_that_moved_meanwhile(way: Way):
    """Staff told the members of 白鷺, 髙尾台 passed it on; then a pharmacy of each moved to the other district."""
    cast = way.cast
    way.let_days_pass(8)
    way.step_in(cast.shirasagi)
    way.pass_on("other_chair", deadline=None)
    for moved, goal in ((cast.pharmacies[0], cast.takaodai), (cast.pharmacies[3], cast.shirasagi)):
        Organisation.objects.filter(pk=moved.pk).update(parent=goal)
    new = corrected(Release.objects.get(pk=way.release.pk), cast)
    due = hops.waiting(Receipt.objects.filter(release=new))
    assert {receipt.organisation for receipt in due} == set(cast.districts)
    assert not any(hop.told for hop in passing.by_district(new, timezone.now()).values())
    for who in ("chair", "other_chair"):
        way.pass_on(who, release=new, deadline=None)
    told = Receipt.objects.whole(new).pharmacies().values_list("organisation", flat=True)
    assert sorted(told) == sorted(each.pk for each in cast.pharmacies), "each of them once"
    assert not hops.waiting(Receipt.objects.filter(release=new)).exists()


def test_a_correction_goes_through_the_districts_again_and_says_what_has_changed(way: Way, letter: Release):
    new, old = corrected(way.release, way.cast), way.release.notice.number_text
    assert new.through_districts
    assert set(new.receipts.values_list("organisation", flat=True)) == {each.pk for each in way.cast.districts}
    compose = reverse("notices:district_compose", args=[way.receipt(way.cast.shirasagi, new).pk])
    usual = way.cast.client("chair").get(compose).context["form"].initial["text"]
    assert f"{old}「{way.release.notice.subject}」に代えて" in usual
    assert f"\n{WAS_WRONG}\n" in usual
    second = way.pass_on(release=new)
    assert second.receipts.count() == 3
    own = second.receipts.get(organisation=way.cast.capacities["pharmacy"].organisation)
    delivery = own.deliveries.get()
    mail = message.build(delivery)
    assert mail.subject.startswith("【訂正】")
    staff, pharmacy = way.cast.client("staff"), way.cast.client("pharmacy")
    told = {
        "mail": mail.body,
        "mail in HTML": mail.alternatives[0].content,
        "personal page": text_of(Client().get(reverse("notices:personal", args=[personal.token_of(delivery)]))),
        "own page": text_of(pharmacy.get(reverse("notices:own_receipt", args=[own.pk]))),
        "board": text_of(staff.get(reverse("notices:notice", args=[second.notice_id]))),
    }
    for where, text in told.items():
        assert old in text and WAS_WRONG in text, where
    assert "もう一度「確認しました」を押してください" in told["own page"]


def test_the_districts_own_deadline_is_proposed_again_unless_the_corrections_is_earlier(way: Way, letter: Release):
    new, own = corrected(way.release, way.cast), timezone.localdate() + dt.timedelta(days=10)
    compose = reverse("notices:district_compose", args=[way.receipt(way.cast.shirasagi, new).pk])

    def proposed(districts: dt.date, corrections: dt.date | None) -> tuple[dt.date, bool]:
        Release.objects.filter(pk=letter.pk).update(deadline=districts)
        Release.objects.filter(pk=new.pk).update(deadline=corrections)
        page = way.cast.client("chair").get(compose)
        told = "前の文書で会員に示した期限を入れてあります。" in text_of(page)
        return page.context["form"].initial["deadline"], told

    asked, later, earlier = way.release.deadline, own + dt.timedelta(days=30), own - dt.timedelta(days=1)
    assert proposed(own, asked) == (own, True)
    assert proposed(own, None) == (own, True)
    assert proposed(own, earlier) == (earlier, False)
    assert proposed(asked, later) == (later, False), "the old letter had no deadline of its own"


def test_the_text_of_a_correction_names_the_districts_letter_before_and_keeps_its_deadline(way: Way):
    day, today = timezone.localdate() + dt.timedelta(days=10), timezone.localdate()
    way.pass_on(number="白薬発第12号", deadline=day)
    new = corrected(way.release, way.cast)
    own, chair = way.receipt(way.cast.shirasagi, new), way.cast.client("chair")
    compose = reverse("notices:district_compose", args=[own.pk])
    initial = chair.get(compose).context["form"].initial
    assert f"{wareki.long_date(today)}付け白薬発第12号でお送りした" in initial["text"]
    assert f"{way.release.notice.number_text}「{way.release.notice.subject}」に代えて" in initial["text"]
    kept = f"本会の会員の確認期限は、先にお知らせした{wareki.day_with_weekday(day)}のままです。"
    assert kept in initial["text"] and initial["deadline"] == day
    typed = {"text": initial["text"], "number": "", "date": "", "deadline": str(day + dt.timedelta(days=1))}
    typed["sure"] = "on"
    refused = chair.post(compose, typed)
    assert refused.status_code == 422 and f"文面に「{kept}」とあります" in text_of(refused)
    assert not Release.objects.filter(passes_on=new).exists()
    chair.post(compose, typed | {"text": initial["text"].replace(kept, "")})
    assert Release.objects.get(passes_on=new).deadline == day + dt.timedelta(days=1)


def test_the_text_of_a_correction_without_a_letter_before_names_the_notice_alone(way: Way):
    new = corrected(way.release, way.cast)
    compose = reverse("notices:district_compose", args=[way.receipt(way.cast.shirasagi, new).pk])
    text = way.cast.client("chair").get(compose).context["form"].initial["text"]
    assert "でお送りした" not in text and "のままです" not in text
    assert f"{way.release.notice.number_text}「{way.release.notice.subject}」に代えて" in text


def test_a_withdrawal_goes_straight_to_those_who_have_it(way: Way, letter: Release):
    new = withdrawn(way.release, way.cast)
    assert not new.through_districts
    assert [each.organisation for each in new.receipts.pharmacies()] == [way.cast.pharmacies[0]]


def test_a_chair_who_never_passed_on_what_is_withdrawn_has_nobody_to_tell(way: Way, letter: Release):
    """白鷺 has passed it on, 髙尾台 has not: nobody there has the old letter."""
    Delivery.objects.filter(release=way.release).update(state="sent", settled_at=timezone.now())
    new = withdrawn(way.release, way.cast)
    words, sent = "廃止する通知は、貴会から会員に送られていません", message.Wordings()
    for who, is_heard in (("chair", True), ("other_chair", False)):
        own = way.receipt(way.cast.capacities[who].organisation, new)
        delivery = own.deliveries.get()
        mail = message.build(delivery)
        filled = email.message_from_bytes(sent.envelope(delivery).content, policy=email.policy.default)
        texts = [mail.body, mail.alternatives[0].content]
        texts += [filled.get_body((kind,)).get_content() for kind in ("plain", "html")]
        for text in texts:
            assert "先の文書が届いている会員薬局には" in text
            assert (words in text) is not is_heard
            assert ("「会員に周知しました」を押してください" in text) is is_heard
            assert ("会員薬局への周知" in text) is is_heard
        personal_page = text_of(Client().get(reverse("notices:personal", args=[personal.token_of(delivery)])))
        assert ("会員薬局へのお知らせはいりません" in personal_page) is not is_heard
        confirming.confirm(own.pk, actor=way.actor(who), via=Via.SIGNED_IN)
        page = text_of(way.cast.client(who).get(reverse("notices:district_receipt", args=[own.pk])))
        assert ("会員に知らせたら、「会員に周知しました」を押してください" in page) is is_heard
        assert ("会員薬局へのお知らせはいりません" in page) is not is_heard


def test_the_letters_pages_say_that_what_they_enclose_was_corrected(way: Way, letter: Release):
    own = letter.receipts.get(organisation=way.cast.capacities["pharmacy"].organisation)
    new = corrected(way.release, way.cast)
    assert succession.successor(letter.notice_id).notice == new.notice
    pharmacy = way.cast.client("pharmacy")
    there = reverse("notices:own_receipt", args=[own.pk])
    page = text_of(pharmacy.get(there))
    assert "この文書の別添1（県の通知）は訂正されました。" in page
    assert "次の通知が代わりに出ています。" in page and new.notice.number_text in page and WAS_WRONG in page
    assert "新しい通知は、地区薬剤師会から届きます。確認は、届いた通知でお願いします。" in page
    with pytest.raises(Superseded):
        confirming.confirm(own.pk, actor=way.actor("pharmacy"), via=Via.SIGNED_IN)
    way.pass_on(release=new)
    page = pharmacy.get(there)
    fresh = Receipt.objects.get(release__passes_on=new, organisation=own.organisation)
    assert reverse("notices:own_receipt", args=[fresh.pk]) in page.content.decode()
    board = text_of(way.cast.client("staff").get(reverse("notices:notice", args=[letter.notice_id])))
    assert "この文書の別添1（県の通知）は訂正されました。 代わりに、次の通知をご覧ください。" in board
    assert "訂正を出す" not in board


def test_a_withdrawn_notice_is_marked_wherever_it_is_shown(way: Way, letter: Release):
    own = letter.receipts.get(organisation=way.cast.capacities["pharmacy"].organisation)
    confirming.confirm(own.pk, actor=way.actor("pharmacy"), via=Via.SIGNED_IN)
    withdrawn(way.release, way.cast)
    pages = {
        "pharmacy": [reverse("notices:own"), reverse("notices:own_receipt", args=[own.pk])],
        "chair": [
            reverse("notices:district"),
            reverse("notices:district_receipt", args=[way.receipt(way.cast.shirasagi).pk]),
        ],
        "staff": [
            reverse("notices:notices"),
            reverse("notices:notice", args=[way.release.notice_id]),
            reverse("notices:notice", args=[letter.notice_id]),
            reverse("notices:releases"),
            reverse("notices:release", args=[letter.pk]),
            reverse("notices:receipt", args=[own.pk]),
            reverse("notices:organisation_notices", args=[own.organisation_id]),
        ],
    }
    for who, addresses in pages.items():
        for address in addresses:
            assert "廃止" in text_of(way.cast.client(who).get(address)), address
    page = way.cast.client("staff").get(reverse("notices:notice", args=[way.release.notice_id]))
    assert "確認の様子" not in text_of(page)
    takaodai = next(row for row in page.context["table"].rows if row.record.name == way.cast.takaodai.label)
    assert [takaodai.get_cell(name) for name in ("accepted_at", "hop")] == ["–", "–"], "nothing is awaited"


def test_of_a_superseded_notice_no_district_is_held_up(way: Way):
    from notices.boards import today

    way.let_days_pass(30)
    assert len(today.held_up(timezone.now())[0].districts) == 2
    corrected(Release.objects.get(pk=way.release.pk), way.cast)
    assert today.held_up(timezone.now()) == []
