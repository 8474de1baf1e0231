"""Drafts of corrections and withdrawals: begun with what the old notice holds, one at a time."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from members.history import Actor
from members.models import Event, Tag
from notices import succession
from notices.letters import composing, correcting, sentences, stating
from notices.models import Notice, Relation, Release
from tests.boards.reading import text_of
from tests.tracking.conftest import guide


@pytest.fixture
def staff(cast) -> Actor:
    return Actor(cast.capacities["staff"].account, cast.capacities["staff"])


@pytest.fixture
def old(cast) -> Notice:
    release = guide(cast)
    release.scope = Release.Scope.TAGS
    release.attach_letter = True
    release.save()
    release.tags.set([Tag.objects.get(name="在宅対応")])
    return release.notice


def test_a_correction_begins_as_the_old_notice_with_its_number_and_date(cast, old, staff):
    new = correcting.draft_correction(old.pk, staff)
    assert (new.state, new.number_text, new.date, new.number_fixed) == (Notice.State.DRAFT, "", None, False)
    assert new.subject == f"（訂正）{old.subject}"
    greeting, matter, *rest = new.body.splitlines()
    assert greeting == old.body
    day = timezone.localdate()
    assert f"令和{day.year - 2018}年{day.month}月{day.day}日付け{old.number_text}「{old.subject}」により" in matter
    assert "訂正いたします" in matter
    assert rest == [sentences.CLOSING, stating.due(old.release.deadline)]
    assert (new.addressees, new.honorific) == (old.addressees, old.honorific)
    issuer = new.issuers.get()
    assert (issuer.organisation, issuer.title, issuer.name) == (cast.association, "常務理事", "濵﨑 航")


def test_a_correction_takes_over_enclosures_steps_request_and_recipients(old, staff):
    new = correcting.draft_correction(old.pk, staff)

    def papers(notice: Notice) -> list[tuple]:
        return list(notice.attachments.values_list("position", "label", "title", "enclosed", "file", "url", "text"))

    def steps(notice: Notice) -> list[tuple]:
        return list(notice.steps.values_list("position", "group", "device", "title", "hint", "holds_secret"))

    assert len(papers(old)) == 4
    assert papers(new) == papers(old)
    assert len(steps(old)) == 13
    assert steps(new) == steps(old)
    enclosed = new.relations.filter(kind=Relation.Kind.ENCLOSES)
    assert [each.target_id for each in enclosed] == [each.target_id for each in old.relations.filter(kind="encloses")]
    before, plan = old.release, new.release
    for name in (*correcting.KEPT, "deadline", "scope"):
        assert getattr(plan, name) == getattr(before, name), name
    assert list(plan.tags.all()) == list(before.tags.all())
    assert (plan.state, plan.changed) == (Release.State.PREPARED, "")


def test_a_deadline_that_is_over_is_not_taken_over(old, staff):
    Release.objects.filter(notice=old).update(
        released_on=timezone.localdate() - dt.timedelta(days=9), deadline=timezone.localdate() - dt.timedelta(days=1)
    )
    assert correcting.draft_correction(old.pk, staff).release.deadline is None


def test_who_signs_in_the_place_of_another_is_said_before_the_correction_goes_out(cast, old, staff):
    """Who signed the old letter may have left the office meanwhile."""
    new, who = correcting.draft_correction(old.pk, staff), cast.client("staff")
    page = reverse("notices:check", args=[new.pk])
    assert "発信者が元の通知と違います" not in text_of(who.get(page))
    old.issuers.update(organisation=cast.association, title="会長", name="別の人")
    now = " ".join([new.issuers.get().title, new.issuers.get().name])
    assert f"発信者が元の通知と違います（元は 会長 別の人、この文書は {now}）。" in text_of(who.get(page))


def test_a_withdrawal_asks_nothing_and_encloses_nothing(old, staff):
    new = correcting.draft_withdrawal(old.pk, staff)
    assert new.subject == f"「{old.subject}」の廃止について"
    assert old.number_text in new.body
    assert "廃止いたします" in new.body
    assert "先の文書は、今後は使用しないでください。" in new.body
    assert not new.attachments.exists()
    assert not new.steps.exists()
    plan = new.release
    assert (plan.ask, plan.deadline, plan.scope) == (Release.Ask.INFORM, None, Release.Scope.TAGS)
    assert plan.what == "前の通知を、今後は使用しない"
    assert plan.covering_pharmacies == ("地区薬剤師会会長あての文書の写しをお送りします。薬局の中で共有してください。")


def test_quotation_marks_within_a_quoted_subject_are_double_ones(cast, staff):
    release = cast.released("「院内処方機能」の追加について")
    withdrawal = correcting.draft_withdrawal(release.notice_id, staff)
    assert withdrawal.subject == "「『院内処方機能』の追加について」の廃止について"
    assert f"{release.notice.number_text}「『院内処方機能』の追加について」により" in withdrawal.body


def test_the_longest_subject_leaves_room_for_what_is_put_to_it(cast, staff):
    release = cast.released("長" * 500)
    correction = correcting.draft_correction(release.notice_id, staff)
    assert len(correction.subject) == 500
    composing.discard(correction.pk, staff)
    assert correcting.draft_withdrawal(release.notice_id, staff).subject.endswith("」の廃止について")


def test_a_letter_without_a_body_of_its_own_is_corrected_in_the_usual_phrases(cast, old, staff):
    Notice.objects.filter(pk=old.pk).update(body="", text="受領した文書の原文")
    first, matter, last, _ = correcting.draft_correction(old.pk, staff).body.splitlines()
    assert (first, last) == (sentences.OPENING, sentences.CLOSING)
    assert old.number_text in matter


def test_pressing_again_opens_the_draft_that_is_there(old, staff):
    first = correcting.draft_correction(old.pk, staff)
    with pytest.raises(composing.AlreadyADraft) as again:
        correcting.draft_correction(old.pk, staff)
    assert again.value.draft == first
    with pytest.raises(composing.AlreadyADraft) as other:
        correcting.draft_withdrawal(old.pk, staff)
    assert other.value.draft == first, "only one of them can go out"
    composing.discard(first.pk, staff)
    withdrawal = correcting.draft_withdrawal(old.pk, staff)
    with pytest.raises(composing.AlreadyADraft):
        correcting.draft_correction(old.pk, staff)
    composing.discard(withdrawal.pk, staff)
    assert correcting.draft_correction(old.pk, staff).pk not in (first.pk, withdrawal.pk)


def test_the_history_tells_what_a_draft_is_for(old, staff):
    new = correcting.draft_correction(old.pk, staff)
    event = Event.objects.get(verb="notice.drafted", subject_id=new.pk)
    assert (event.account, event.detail) == (staff.account, {"corrects": old.pk})


@pytest.mark.parametrize("state", [Notice.State.DRAFT, Notice.State.RECEIVED])
def test_only_what_was_released_is_corrected(cast, staff, state):
    notice = cast.draft()
    Notice.objects.filter(pk=notice.pk).update(state=state)
    with pytest.raises(correcting.NotReleased):
        correcting.draft_correction(notice.pk, staff)


# Chains ---------------------------------------------------------------------------------------------------------------


def corrected(cast, old: Notice, kind: str = "corrects", **choices) -> Notice:
    """A released notice that stands in the place of another."""
    new = cast.released(f"（訂正）{old.subject}", **choices)
    cast.supersede(old.release, new, kind)
    return new.notice


def test_what_was_corrected_is_corrected_no_more_but_its_newest_correction_is(cast, old, staff):
    first = corrected(cast, old)
    newest = corrected(cast, first)
    for press in (correcting.draft_correction, correcting.draft_withdrawal):
        for notice in (old, first):
            with pytest.raises(correcting.AlreadySuperseded) as refused:
                press(notice.pk, staff)
            assert refused.value.by.notice == newest
    again = correcting.draft_correction(newest.pk, staff)
    assert again.subject == f"（再訂正）{old.subject}"
    assert again.body.count("訂正いたします") == 1


def test_a_draft_supersedes_nothing_yet(old, staff):
    correcting.draft_correction(old.pk, staff)
    assert succession.successor(old.pk) is None


def test_a_withdrawal_is_corrected_but_not_withdrawn(cast, old, staff):
    withdrawal = corrected(cast, old, "withdraws")
    assert succession.successor(old.pk).withdraws
    with pytest.raises(correcting.CannotWithdraw):
        correcting.draft_withdrawal(withdrawal.pk, staff)
    assert correcting.draft_correction(withdrawal.pk, staff).relations.get(kind="corrects").target == withdrawal


def test_successors_of_many_are_found_together(cast, old, django_assert_num_queries):
    alone = cast.released("訂正のない通知").notice
    first = corrected(cast, old)
    newest = corrected(cast, first, "withdraws")
    with django_assert_num_queries(6):
        found = succession.successors([old.pk, first.pk, newest.pk, alone.pk])
    assert {key: each.notice for key, each in found.items()} == {old.pk: newest, first.pk: newest}
    assert {each.kind for each in found.values()} == {Relation.Kind.WITHDRAWS}
    assert succession.before(newest) == [first, old]


def test_what_withdraws_a_correction_names_what_that_had_corrected(cast, old, staff):
    """Whoever has the first letter alone must see that it is withdrawn, too."""
    first = corrected(cast, old)
    second = corrected(cast, first)
    day = timezone.localdate()
    dated = f"令和{day.year - 2018}年{day.month}月{day.day}日付け"
    body = correcting.draft_withdrawal(second.pk, staff).body
    earlier = f"{dated}{first.number_text}、{dated}{old.number_text}"
    assert f"{dated}{second.number_text}「{second.subject}」及び訂正前の{earlier}によりお知らせいたしましたが" in body
    assert succession.originals(second) == [first, old]


def test_a_correction_of_a_correction_names_both(cast, old, staff):
    first = corrected(cast, old)
    body = correcting.draft_correction(first.pk, staff).body
    assert f"「{first.subject}」及び訂正前の" in body and f"{old.number_text}によりお知らせ" in body


def test_what_corrects_a_withdrawal_had_no_original(cast, old, staff):
    withdrawal = corrected(cast, old, "withdraws")
    new = correcting.draft_correction(withdrawal.pk, staff)
    assert "訂正前の" not in new.body and succession.originals(withdrawal) == []
