"""再周知: for those who have not done what was asked, and beginning where each of them has got to."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import Event
from notices import sheet_code
from notices.boards import today
from notices.distribution import recipients
from notices.letters import addressing, composing, enclosures, following_up, stating, wording
from notices.letters.composing import AlreadyADraft
from notices.letters.correcting import NotReleased
from notices.models import Delivery, Notice, Receipt, Relation, Release, Step
from notices.models.receipt import Via
from notices.procedures import issue, resend, schedule
from notices.procedures.refusals import AlreadySuperseded, OutsideThePlan
from notices.tracking import carried, confirming, setup
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.distribution.test_superseding import corrected
from tests.passing.conftest import Way, written
from tests.tracking.conftest import guide


@pytest.fixture
def old(cast: Cast) -> Release:
    """Six pharmacies: one finished, one 対象外, one confirmed with a step done, one confirmed, two did nothing."""
    release = guide(cast)
    first, second, third, fourth, *_ = (cast.receipt(release, each) for each in cast.pharmacies)
    by = {"actor": Way(cast, release).actor("staff"), "via": Via.PERSONAL}
    setup.finish(first.pk, **by)
    setup.mark_not_applicable(second.pk, "訪問を行っていない", **by)
    confirming.confirm(third.pk, **by)
    setup.tick(third.pk, step_of(release.notice).pk, **by)
    confirming.confirm(fourth.pk, **by)
    return release


def step_of(notice: Notice) -> Step:
    """The first step to tick, the same in both notices."""
    return notice.steps.filter(group=Step.Group.PC).first()


def follow_up(old: Release, cast: Cast, **plan: object) -> Release:
    """The draft's plan, changed as staff change it."""
    draft = following_up.draft_follow_up(old.notice_id, Way(cast, old).actor("staff"))
    Release.objects.filter(notice=draft).update(**plan)
    return Release.objects.get(notice=draft)


def released(old: Release, cast: Cast, **plan: object) -> Release:
    draft = follow_up(old, cast, **plan)
    return issue.release(cast.approved(draft.notice).pk, cast.actor("staff"))


def names(release: Release) -> list[str]:
    return list(recipients.chosen(release)[0].values_list("name", flat=True))


def test_it_is_proposed_to_those_alone_who_have_not_done_what_was_asked(cast: Cast, old: Release):
    plan = follow_up(old, cast)
    assert names(plan) == [each.name for each in cast.pharmacies[2:]]
    assert list(recipients.chosen(plan)[1]) == cast.districts
    setup.finish(cast.receipt(old, cast.pharmacies[2]).pk, actor=Way(cast, old).actor("staff"), via=Via.PERSONAL)
    assert names(plan) == [each.name for each in cast.pharmacies[3:]], "it is decided at the release"


def test_where_nothing_is_set_up_confirming_is_enough(cast: Cast):
    old = cast.released(ask=Release.Ask.CONFIRM)
    confirming.confirm(cast.receipt(old, cast.pharmacies[0]).pk, actor=Way(cast, old).actor("staff"), via=Via.PERSONAL)
    assert names(follow_up(old, cast)) == [each.name for each in cast.pharmacies[1:]]


def test_the_draft_asks_the_same_with_the_same_papers_and_no_deadline(cast: Cast, old: Release):
    Release.objects.filter(pk=old.pk).update(deadline=timezone.localdate())
    plan = follow_up(Release.objects.get(pk=old.pk), cast)
    new = plan.notice
    assert new.subject == f"{old.notice.subject}（再周知）"
    assert f"{old.notice.number_text}「{old.notice.subject}」（" in new.body
    assert [(each.kind, each.target_id) for each in new.relations.exclude(kind="encloses")] == [
        ("follows_up", old.notice_id)
    ]
    assert [step.title for step in new.steps.all()] == [step.title for step in old.notice.steps.all()]
    assert (plan.ask, plan.deadline, plan.scope) == (old.ask, None, "open")
    with pytest.raises(AlreadyADraft):
        following_up.draft_follow_up(old.notice_id, Way(cast, old).actor("staff"))


@pytest.mark.parametrize(("days", "is_kept"), [(9, True), (1, True), (0, False), (-1, False)])
def test_a_deadline_that_is_still_to_come_is_kept(cast: Cast, days: int, is_kept: bool):
    """The letter names it; one that is over is not asked for again."""
    old, today = cast.released(), timezone.localdate()
    deadline = today + dt.timedelta(days=days)
    Release.objects.filter(pk=old.pk).update(released_on=today - dt.timedelta(days=9), deadline=deadline)
    plan = follow_up(old, cast)
    assert plan.deadline == (deadline if is_kept else None)
    assert stating.says_due(plan.notice.body, deadline) == is_kept


def test_the_earlier_letter_is_enclosed_as_it_went_out(cast: Cast, old: Release):
    """Behind what it enclosed, whose numbers stay; the letter names it by its own, which follows."""
    before = list(old.notice.attachments.values_list("label", "title"))
    draft = follow_up(old, cast).notice
    *papers, letter = draft.attachments.all()
    assert sorted((each.label, each.title) for each in [*papers, letter] if each.file != old.letter) == sorted(before)
    enclosed = next(each for each in [*papers, letter] if each.file == old.letter)
    assert enclosed.title == f"{old.notice.number_text}　{old.notice.subject}"
    assert enclosed.label.startswith("別添")
    assert f"「{old.notice.subject}」（{enclosed.label}）によりお知らせいたしましたが、" in draft.body
    first = draft.attachments.filter(label="別添1").get()
    enclosures.remove(draft.pk, first.pk)
    draft.refresh_from_db()
    enclosed.refresh_from_db()
    assert f"（{enclosed.label}）によりお知らせいたしましたが、" in draft.body


@pytest.mark.parametrize(
    ("ask", "open_"),
    [
        ("inform", "まだお届けできていない薬局"),
        ("confirm", "まだご確認がお済みでない薬局"),
        ("set_up", "まだご確認または設定がお済みでない薬局"),
    ],
)
def test_the_letter_says_what_is_open_of_what_was_asked(cast: Cast, ask: str, open_: str):
    draft = following_up.draft_follow_up(cast.released(ask=ask).notice_id, cast.actor("staff"))
    assert f"{open_}がありますので、改めてお知らせいたします。" in draft.body


def test_the_chair_reads_which_members_get_a_copy(cast: Cast):
    old = cast.released(covering_chairs=wording.for_chairs())
    plan = follow_up(old, cast)
    assert "まだお済みでない会員薬局には、この文書の写し" in plan.covering_chairs
    wider = {"scope": Release.Scope.ALL, "districts": [], "tags": []}
    addressing.address(plan.notice_id, cast.actor("staff"), **wider)
    plan.refresh_from_db()
    assert plan.covering_chairs == wording.for_chairs()


def test_whoever_got_it_answers_it_in_the_place_of_the_earlier_one(cast: Cast, old: Release):
    """The earlier page is read, and leads on; who did not get it answers as before."""
    Release.objects.filter(pk=old.pk).update(deadline=timezone.localdate())
    new = released(Release.objects.get(pk=old.pk), cast)
    earlier, receipt = (cast.receipt(each, cast.pharmacies[3]) for each in (old, new))
    pharmacy = cast.client("other_pharmacy")
    own = pharmacy.get(reverse("notices:own"))
    assert earlier not in [*own.context["unread"], *own.context["under_way"]]
    assert [(each, each.successor.badge) for each in own.context["settled"]] == [(earlier, "followed_up")]
    page = reverse("notices:own_receipt", args=[earlier.pk])
    shown = pharmacy.get(page)
    assert "お返事は、次の通知だけで足ります。" in text_of(shown)
    assert "設定が完了しました" not in text_of(shown)
    assert reverse("notices:own_receipt", args=[receipt.pk]) in shown.content.decode()
    again = pharmacy.get(reverse("notices:own_receipt", args=[receipt.pk]))
    assert page in again.content.decode(), "its text and papers are read there"
    late = pharmacy.post(reverse("notices:own_receipt_finish", args=[earlier.pk]))
    assert (late.status_code, "お返事は、再周知の通知にお願いします。" in text_of(late)) == (409, True)
    assert not old.receipts.unanswered().filter(organisation__in=cast.pharmacies[2:]).exists(), "nobody is reminded"
    resend.ask("", receipt.organisation.mailboxes.get().address)
    assert [each.receipt for each in Delivery.objects.filter(purpose=Delivery.Purpose.AGAIN)] == [receipt]
    Relation.objects.create(source=cast.released().notice, kind="withdraws", target=new.notice)
    Release.objects.filter(pk=new.pk).update(superseded_by=Release.objects.latest("pk"))
    assert old.receipts.unanswered().filter(pk=earlier.pk).exists(), "unless the later one was withdrawn"


def test_about_the_earlier_one_staff_are_not_urged_any_more(cast: Cast, old: Release):
    Release.objects.filter(pk=old.pk).update(deadline=timezone.localdate())
    day, old = timezone.localdate(), Release.objects.get(pk=old.pk)
    assert [each.release for each in today.near_deadlines(day)] == [old]
    new = released(old, cast)
    assert not today.near_deadlines(day)
    assert not today.coming_deadlines(day, 5)
    staff = cast.client("staff")
    board = staff.get(reverse("notices:notice", args=[old.notice_id]))
    assert "まだの薬局に再周知しました。" in text_of(board)
    assert "再周知する" not in text_of(board)
    assert "再周知済" in text_of(staff.get(reverse("notices:notices")))
    assert "薬局に働きかける" not in text_of(board)
    listed = staff.get(reverse("notices:notice_pharmacies", args=[old.notice_id]))
    assert text_of(listed).count("再周知済") == 4
    assert "代理で記録" in text_of(listed), "for whoever did not get it"
    second = staff.post(reverse("notices:follow_up", args=[old.notice_id]), follow=True)
    assert second.redirect_chain[-1][0] == reverse("notices:notice", args=[new.notice_id])
    sheet = staff.get(reverse("notices:replies"), {"code": sheet_code.of(cast.receipt(old, cast.pharmacies[2]).pk)})
    assert sheet_code.of(cast.receipt(new, cast.pharmacies[2]).pk) in text_of(sheet)
    chair = cast.client("chair")
    listed = chair.get(reverse("notices:district_receipt", args=[cast.receipt(old, cast.shirasagi).pk]))
    assert [tab.word for tab in listed.context["tabs"]] == ["すべて"]
    assert "再周知済" in text_of(chair.get(reverse("notices:district")))


def test_steps_that_were_done_are_done_already_and_nobody_has_confirmed(cast: Cast, old: Release):
    new = released(old, cast)
    assert not new.receipts.confirmed().exists()
    third = cast.receipt(new, cast.pharmacies[2])
    [tick] = third.ticks.all()
    [before] = cast.receipt(old, cast.pharmacies[2]).ticks.all()
    assert (tick.step.title, tick.ticked_at, tick.via) == (before.step.title, before.ticked_at, before.via)
    assert carried.of(third).steps == 1
    assert not cast.receipt(new, cast.pharmacies[3]).ticks.exists()
    event = Event.objects.get(verb="release.carried_over")
    assert event.detail == {"recipients": new.receipts.count()}


def test_what_was_finished_counts_once_the_new_one_is_confirmed_and_says_so(cast: Cast, old: Release):
    new = released(old, cast, scope="all")
    pharmacy = cast.client("pharmacy")
    first = cast.receipt(new, cast.pharmacies[0])
    page = reverse("notices:own_receipt", args=[first.pk])
    assert "「確認しました」を押すと、この答えを引き継ぎます。" in text_of(pharmacy.get(page))
    after = pharmacy.post(reverse("notices:own_receipt_confirm", args=[first.pk]), follow=True)
    first.refresh_from_db()
    assert first.confirmed_at is not None
    assert first.finished_at is not None
    assert f"前の通知（{old.notice.number_text}）で「完了」と答えています。この答えを引き継いでいます。" in text_of(
        after
    )
    second = cast.receipt(new, cast.pharmacies[1])
    confirming.confirm(second.pk, actor=Way(cast, new).actor("staff"), via=Via.PERSONAL)
    second.refresh_from_db()
    assert second.not_applicable_reason == "訪問を行っていない"


def test_of_changed_steps_what_was_finished_is_not_taken_for_done(cast: Cast, old: Release):
    plan = follow_up(old, cast, scope="all")
    step = step_of(plan.notice)
    Step.objects.filter(pk=step.pk).update(title="別の手順")
    new = issue.release(cast.approved(plan.notice).pk, cast.actor("staff"))
    first = confirming.confirm(
        cast.receipt(new, cast.pharmacies[0]).pk, actor=Way(cast, new).actor("staff"), via=Via.PERSONAL
    )
    assert first.finished_at is None
    assert not cast.receipt(new, cast.pharmacies[2]).ticks.exists()


def test_only_what_the_association_released_and_still_stands_is_made_known_again(cast: Cast, old: Release):
    with pytest.raises(NotReleased):
        following_up.draft_follow_up(cast.draft().pk, Way(cast, old).actor("staff"))
    new = corrected(old, cast)
    staff = cast.client("staff")
    page = staff.post(reverse("notices:follow_up", args=[old.notice_id]), follow=True)
    assert page.redirect_chain[-1][0] == reverse("notices:notice", args=[new.notice_id])


def test_of_what_was_corrected_meanwhile_it_does_not_go_out(cast: Cast, old: Release):
    """Neither by hand nor at its time. For some districts only it does not go out at all: it is for pharmacies."""
    draft = cast.approved(follow_up(old, cast).notice)
    staff = cast.actor("staff")
    with pytest.raises(OutsideThePlan):
        issue.release(draft.pk, staff, [cast.shirasagi])
    plan = schedule.schedule(draft.pk, timezone.now() + dt.timedelta(seconds=90), staff)
    cast.supersede(old, cast.released())
    with pytest.raises(AlreadySuperseded):
        issue.check(plan, timezone.localdate())
    Release.objects.filter(pk=plan.pk).update(scheduled_at=timezone.now() - dt.timedelta(minutes=1))
    assert schedule.release_due() == 0
    plan.refresh_from_db()
    assert (plan.state, plan.scope, plan.scheduled_at) == ("prepared", "open", None)
    assert "訂正されています" in plan.schedule_failed


def test_what_was_corrected_meanwhile_is_told_before_anybody_approves(cast: Cast, old: Release):
    """For whom is open nobody can even ask for its approval; for others it is looked at once more."""
    plan = follow_up(old, cast)
    new = cast.released()
    cast.supersede(old, new)
    staff, check = cast.client("staff"), reverse("notices:check", args=[plan.notice_id])
    assert "このままでは決裁できません" in text_of(staff.get(check))
    staff.post(reverse("notices:approval_ask", args=[plan.notice_id]), {"day": timezone.localdate()})
    assert not plan.notice.approvals.exists()
    Release.objects.filter(pk=plan.pk).update(scope="all")
    assert f"再周知の元の通知は、すでに {new.notice.number_text} で訂正されています。" in text_of(staff.get(check))


def test_the_page_of_recipients_offers_it_first(cast: Cast, old: Release):
    staff = cast.client("staff")
    page = staff.post(reverse("notices:follow_up", args=[old.notice_id]), follow=True)
    assert "再周知の下書きを作りました。" in text_of(page)
    draft = Notice.objects.get(state="draft")
    assert "再周知の下書き" in text_of(staff.get(reverse("notices:notice", args=[old.notice_id])))
    page = staff.get(reverse("notices:recipients", args=[draft.pk]))
    assert "「前の通知がまだの薬局」は、完了または対象外と答えていない薬局です。" in text_of(page)
    assert page.context["overview"].pharmacies.total == 4
    assert "「前の通知がまだの薬局」と「区分で選ぶ」では、地区は選べません。" in text_of(page)
    check = reverse("notices:check", args=[draft.pk])
    for shown in (page, staff.get(reverse("notices:compose", args=[draft.pk])), staff.get(check)):
        assert reverse("notices:notice", args=[old.notice_id]) in shown.content.decode(), "the earlier one is named"
    written = {"subject": draft.subject, "body": draft.body}
    sketch = staff.post(reverse("notices:preview", args=[draft.pk]), written)
    assert f"{old.notice.number_text}</a> の再周知です。" in sketch.content.decode()
    instead = "前の通知ではなく、この通知に答えます。"
    assert instead in text_of(staff.get(check))
    Release.objects.filter(notice=draft).update(ask=Release.Ask.CONFIRM)
    assert instead not in text_of(staff.get(check)), "it asks less"
    other = staff.get(reverse("notices:recipients", args=[cast.draft("ほかの通知").pk]))
    assert "前の通知がまだの薬局" not in text_of(other)


def test_through_districts_it_reaches_those_who_never_got_the_earlier_one_too(way: Way):
    """白鷺 passed it on and one member finished; 髙尾台 never did."""
    letter = way.pass_on()
    first = letter.receipts.get(organisation=way.cast.pharmacies[0])
    second = letter.receipts.get(organisation=way.cast.pharmacies[1])
    setup.finish(first.pk, actor=way.actor("staff"), via=Via.PERSONAL)
    confirming.confirm(second.pk, actor=way.actor("staff"), via=Via.PERSONAL)
    setup.tick(second.pk, step_of(letter.notice).pk, actor=way.actor("staff"), via=Via.PERSONAL)
    again = released(way.release, way.cast)
    assert again.through_districts
    assert set(again.receipts.values_list("organisation", flat=True)) == {each.pk for each in way.cast.districts}
    new = way.pass_on(release=again, deadline=None)
    assert set(new.receipts.values_list("organisation", flat=True)) == {each.pk for each in way.cast.pharmacies[1:3]}
    carried_over = Receipt.objects.get(release=new, organisation=way.cast.pharmacies[1])
    assert carried_over.carried_from == second
    assert carried_over.ticks.count() == 1
    assert way.pass_on("other_chair", release=again, deadline=None).receipts.count() == 3


def test_where_staff_step_in_they_carry_over_for_those_whom_they_tell(way: Way):
    """Two steps of the notice have the same title; a member told before works on the later notice."""
    again = written(way.cast)
    Relation.objects.create(source=again.release.notice, kind="follows_up", target=way.release.notice)
    for each in (way, again):
        each.let_days_pass(8)
        each.step_in(way.cast.shirasagi)
        step = step_of(each.release.notice)
        Step.objects.create(notice=step.notice, position=20, group=step.group, title=step.title)
    way.step_in(way.cast.takaodai)
    told, to_tell = way.cast.pharmacies[0], way.cast.pharmacies[3]
    for release, pharmacy in ((again.release, told), (way.release, to_tell)):
        receipt = way.cast.receipt(release, pharmacy)
        by = {"actor": way.actor("staff"), "via": Via.PERSONAL}
        confirming.confirm(receipt.pk, **by)
        for step in release.notice.steps.filter(title=step_of(release.notice).title):
            setup.tick(receipt.pk, step.pk, **by)
    assert again.step_in(way.cast.takaodai) == 3
    receipts = [way.cast.receipt(again.release, pharmacy) for pharmacy in (told, to_tell)]
    assert [bool(each.carried_from) for each in receipts] == [True, True]
    assert [sorted(each.ticks.values_list("step__position", flat=True)) for each in receipts] == [[1, 20], [1, 20]]


def test_a_number_that_the_letter_cites_is_not_related_twice(cast: Cast, old: Release):
    plan = follow_up(old, cast)
    letter = {
        "number": "",
        "signatory": ("常務理事", "濵﨑 航"),
        "body": plan.notice.body + "\n改めて。",
    }
    composing.change(plan.notice_id, Way(cast, old).actor("staff"), letter=letter, plan={})
    assert not plan.notice.relations.filter(kind="cites").exists()


def test_the_draft_says_how_many_wait_for_their_districts_letter_of_the_earlier_one(way: Way):
    way.pass_on()
    draft = following_up.draft_follow_up(way.release.notice_id, way.actor("staff"))
    for page in ("compose", "check"):
        shown = text_of(way.cast.client("staff").get(reverse(f"notices:{page}", args=[draft.pk])))
        assert "前の通知が地区からまだ届いていない薬局が 3 あります。" in shown, page
    way.pass_on("other_chair")
    shown = text_of(way.cast.client("staff").get(reverse("notices:compose", args=[draft.pk])))
    assert "届いていない薬局が" not in shown
