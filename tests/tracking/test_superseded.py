"""The pages of a notice that was corrected or withdrawn: they lead to the new one and take nothing any more."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.navigation import counts
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Via
from notices.personal import Scope
from notices.tracking import addresses, confirming, facts, helping, setup
from tests.cast import Cast
from tests.rows import changed, everything
from tests.tracking.conftest import BY_HAND, acting, add_steps, page, text, verbs

CHANGED = "期限を11月29日から12月13日に改めました。"


@pytest.fixture
def new(cast: Cast, guided: Release) -> Release:
    """The correction of the guided notice."""
    return superseding(cast, guided, "corrects")


def superseding(cast: Cast, old: Release, kind: str) -> Release:
    made = cast.released(f"（訂正）{old.notice.subject}", ask=old.ask, deadline=old.deadline, changed=CHANGED)
    cast.supersede(old, made, kind)
    return made


def own(release: Release, receipt: Receipt) -> Receipt:
    """The same organisation's receipt of another release."""
    return Receipt.objects.get(release=release, organisation=receipt.organisation)


def test_the_old_personal_page_leads_to_the_same_pharmacy_s_new_one(
    stranger: Client, receipt: Receipt, new: Release
) -> None:
    shown = text(stranger.get(page(receipt)))
    assert "この通知は訂正されました" in shown
    assert new.notice.number_text in shown
    assert CHANGED in shown
    assert page(own(new, receipt)) in shown
    assert "確認しました</button>" not in shown
    others = [page(other) for other in new.receipts.exclude(organisation=receipt.organisation)]
    assert not [address for address in others if address in shown]
    followed = stranger.get(page(own(new, receipt)))
    assert followed.status_code == 200
    assert receipt.organisation.name in text(followed)


def test_the_old_page_asks_for_the_new_one_until_that_is_confirmed(
    stranger: Client, receipt: Receipt, new: Release
) -> None:
    Receipt.objects.filter(pk=receipt.pk).update(confirmed_at=timezone.now(), confirmed_via=Via.PERSONAL)
    assert "新しい通知の確認は、別にお願いします。" in text(stranger.get(page(receipt)))
    confirming.confirm(own(new, receipt).pk, **BY_HAND)
    shown = text(stranger.get(page(receipt)))
    assert "新しい通知も確認済みです。" in shown and "別にお願い" not in shown


@pytest.mark.parametrize("scope", Scope)
def test_an_address_that_was_taken_back_is_not_handed_out_by_an_older_one(
    stranger: Client, guided: Release, new: Release, cast: Cast, scope: Scope
) -> None:
    door = {Scope.OWN: "personal", Scope.FORWARD: "forwarded"}[scope]
    older, newer = (cast.receipt(release, cast.shirasagi) for release in (guided, new))
    assert page(newer, door, scope=scope) in text(stranger.get(page(older, door, scope=scope)))
    addresses.revoke(newer.pk, actor=acting(cast, "staff"))
    shown = text(stranger.get(page(older, door, scope=scope)))
    assert new.notice.number_text in shown
    assert page(newer, door, scope=scope) not in shown


def test_confirming_a_page_that_was_opened_before_records_nothing_and_shows_the_new_one(
    receipt: Receipt, new: Release
) -> None:
    phone = Client()
    before = everything()
    answer = phone.post(page(receipt, "personal_confirm"))
    assert answer.status_code == 409
    assert "この通知は訂正され、新しい通知に代わりました。今の操作は記録していません。新しい通知を" in text(answer)
    assert "新しい通知を開く" in text(answer)
    assert "記録は残っています" not in text(answer)  # there is none
    assert page(own(new, receipt)) in text(answer)
    assert changed(before) == set()
    phone.post(page(own(new, receipt), "personal_confirm"))
    receipt.refresh_from_db()
    assert (receipt.confirmed_at, own(new, receipt).confirmed_via) == (None, Via.PERSONAL)


def test_what_was_confirmed_before_stays_and_counts_for_nothing_new(
    stranger: Client, receipt: Receipt, guided: Release, cast: Cast
) -> None:
    confirming.confirm(receipt.pk, **BY_HAND)
    new = superseding(cast, guided, "corrects")
    shown = text(stranger.get(page(receipt)))
    assert "確認済みです。記録は残っています。" in shown
    assert verbs(receipt) == ["receipt.confirmed"]
    assert own(new, receipt).confirmed_at is None
    assert "確認しました</button>" in text(stranger.get(page(own(new, receipt))))


@pytest.mark.parametrize("confirmed", [True, False])
def test_pressed_late_on_a_withdrawn_notice_it_says_withdrawn_and_what_is_kept(
    receipt: Receipt, guided: Release, cast: Cast, confirmed: bool
) -> None:
    if confirmed:
        confirming.confirm(receipt.pk, **BY_HAND)
    superseding(cast, guided, "withdraws")
    shown = text(Client().post(page(receipt, "personal_confirm")))
    assert "この通知は廃止されました。今の操作は記録していません。" in shown
    assert ("前に確認した記録は残っています。" in shown) == confirmed
    assert "廃止のお知らせを開く" in shown
    assert "新しい通知" not in shown


@pytest.mark.parametrize(
    ("change", "more"),
    [
        (confirming.confirm, ()),
        (setup.finish, ()),
        (setup.mark_not_applicable, ("訪問を行っていない",)),
        (setup.choose_device, ("ios",)),
        (setup.reopen, ()),
        (setup.mark_applicable, ()),
    ],
)
def test_nothing_more_is_declared_of_a_superseded_notice(receipt: Receipt, new: Release, change, more) -> None:
    Receipt.objects.filter(pk=receipt.pk).update(confirmed_at=new.released_at, confirmed_via=Via.PERSONAL)
    with pytest.raises(facts.Superseded):
        change(receipt.pk, *more, **BY_HAND)


def test_a_step_is_not_ticked_any_more(receipt: Receipt, guided: Release, cast: Cast) -> None:
    confirming.confirm(receipt.pk, **BY_HAND)
    superseding(cast, guided, "corrects")
    step = guided.notice.steps.first()
    with pytest.raises(facts.Superseded):
        setup.tick(receipt.pk, step.pk, **BY_HAND)
    answer = Client().post(
        page(receipt, "personal_steps"), {"step": step.pk, "done": "1"}, headers={"HX-Request": "true"}
    )
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (409, "true")


def test_forms_of_a_superseded_notice_lead_back_to_its_page(stranger: Client, receipt: Receipt, new: Release) -> None:
    for name in ("personal_steps", "personal_help", "personal_not_applicable"):
        answer = stranger.get(page(receipt, name))
        assert (answer.status_code, answer.headers["Location"]) == (302, page(receipt))


def test_a_question_written_before_a_correction_stands_at_it(receipt: Receipt, new: Release) -> None:
    """Its page opens then; sent once more, it is the same question."""
    step = receipt.release.notice.steps.first()
    mine, phone = own(new, receipt), Client()
    for _ in range(2):
        answer = phone.post(page(receipt, "personal_help"), {"step": step.pk, "note": "手順3が分からない"})
        assert answer.headers["Location"] == f"{page(mine)}#help"
    assert (helping.of(receipt), [asked.note for asked in helping.of(mine)]) == ([], ["手順3が分からない"])
    assert f"{receipt.release.notice.number_text}の手順 1「{step.title}」" in text(phone.get(page(mine)))


def test_a_question_written_before_is_about_the_same_step_of_the_newest_correction(
    cast: Cast, receipt: Receipt, new: Release
) -> None:
    newest = superseding(cast, new, "corrects")
    add_steps(newest.notice)
    asked = helping.ask(receipt.pk, receipt.release.notice.steps.first().pk, "分かりません", **BY_HAND)
    assert (asked.receipt, asked.step, asked.asked_step) == (
        own(newest, receipt),
        newest.notice.steps.first(),
        None,
    )


def test_where_the_new_page_cannot_be_opened_it_is_said_where_the_question_stands(
    receipt: Receipt, new: Release, cast: Cast
) -> None:
    """Its personal addresses were taken back: no older one leads there."""
    addresses.revoke(own(new, receipt).pk, actor=acting(cast, "staff"))
    answer = Client().post(page(receipt, "personal_help"), {"step": "", "note": "分かりません"})
    assert f"ご相談は、訂正後の通知（{new.notice.number_text}）で受け付けました。" in text(answer)
    assert helping.of(own(new, receipt))[0].note == "分かりません"


def test_a_question_on_a_withdrawn_notice_still_reaches_staff(cast: Cast, receipt: Receipt, guided: Release) -> None:
    superseding(cast, guided, "withdraws")
    answer = Client().post(page(receipt, "personal_help"), {"step": "", "note": "代わりはありますか"})
    assert answer.headers["Location"] == f"{page(receipt)}#help"
    assert helping.of(receipt)[0].note == "代わりはありますか"


def test_a_withdrawn_notice_says_so_to_those_who_were_not_told_without_a_link(
    cast: Cast, receipt: Receipt, guided: Release
) -> None:
    new = superseding(cast, guided, "withdraws")
    mine = own(new, receipt)
    Delivery.objects.filter(receipt=mine).delete()
    mine.delete()
    shown = text(cast.client("pharmacy").get(reverse("notices:own_receipt", args=[receipt.pk])))
    assert "この通知は廃止されました" in shown
    assert new.notice.number_text in shown
    assert "廃止のお知らせを開く" not in shown


def test_the_new_page_says_what_it_corrects_and_what_changed(stranger: Client, receipt: Receipt, new: Release) -> None:
    shown = text(stranger.get(page(own(new, receipt))))
    assert "次の通知を訂正したものです" in shown
    assert receipt.release.notice.number_text in shown
    assert CHANGED in shown
    assert "前の通知を確認済みでも、もう一度「確認しました」を押してください。" in shown
    Client().post(page(own(new, receipt), "personal_confirm"))
    assert "もう一度「確認しました」" not in text(stranger.get(page(own(new, receipt))))


def test_a_chair_is_asked_to_confirm_the_correction_too(stranger: Client, cast: Cast, new: Release) -> None:
    chair = cast.receipt(new, cast.shirasagi)
    assert "もう一度「受領を確認しました」を押してください。" in text(stranger.get(page(chair)))


@pytest.mark.parametrize("kind", ["corrects", "withdraws"])
def test_what_asks_nothing_asks_for_no_second_answer(
    stranger: Client, cast: Cast, receipt: Receipt, guided: Release, kind: str
) -> None:
    made = cast.released("お知らせ", ask=Release.Ask.INFORM, changed=CHANGED)
    cast.supersede(guided, made, kind)
    shown = text(stranger.get(page(own(made, receipt))))
    assert CHANGED in shown
    assert "もう一度" not in shown


def test_the_page_of_a_withdrawal_says_that_the_letter_before_the_correction_goes_too(
    stranger: Client, cast: Cast, receipt: Receipt, guided: Release, new: Release
) -> None:
    withdrawal = superseding(cast, new, "withdraws")
    told = f"訂正前の{guided.notice.number_text}"
    assert told in text(stranger.get(page(own(withdrawal, receipt))))
    desk = cast.client("staff")
    assert told in text(desk.get(reverse("notices:notice", args=[withdrawal.notice_id])))
    assert "この通知は廃止されました" in text(stranger.get(page(receipt))), "whoever has the first letter alone"


def test_after_confirming_the_covering_text_stands_as_the_association_s(stranger: Client, cast: Cast) -> None:
    mine = cast.receipt(cast.released(covering_pharmacies="「確認しました」を押してください。"), cast.pharmacies[0])
    Client().post(page(mine, "personal_confirm"))
    assert '薬剤師会からの添え書き</h2>\n<p class="prose">「確認しました」' in text(stranger.get(page(mine)))


def test_the_forwarded_page_leads_to_the_new_forwarded_page(
    stranger: Client, cast: Cast, guided: Release, new: Release
) -> None:
    chair = cast.receipt(guided, cast.shirasagi)
    shown = text(stranger.get(page(chair, "forwarded", scope=Scope.FORWARD)))
    assert page(cast.receipt(new, cast.shirasagi), "forwarded", scope=Scope.FORWARD) in shown
    assert page(cast.receipt(new, cast.shirasagi)) not in shown


def test_signed_in_the_old_page_leads_to_the_own_new_one(cast: Cast, receipt: Receipt, new: Release) -> None:
    shown = text(cast.client("pharmacy").get(reverse("notices:own_receipt", args=[receipt.pk])))
    assert reverse("notices:own_receipt", args=[own(new, receipt).pk]) in shown


def test_a_pharmacy_s_list_asks_for_the_new_one_only(cast: Cast, receipt: Receipt, new: Release) -> None:
    listed = cast.client("pharmacy").get(reverse("notices:own"))
    assert listed.context["unread"] == [own(new, receipt)]
    assert list(listed.context["settled"]) == [receipt]
    assert "訂正済" in text(listed)


def test_a_set_up_under_way_moves_to_what_is_over(cast: Cast, receipt: Receipt, guided: Release) -> None:
    confirming.confirm(receipt.pk, **BY_HAND)
    superseding(cast, guided, "withdraws")
    listed = cast.client("pharmacy").get(reverse("notices:own"))
    assert listed.context["under_way"] == []
    assert "廃止済" in text(listed)


# The chair ------------------------------------------------------------------------------------------------------------


def test_a_chair_is_led_to_the_new_notice_and_presses_nothing_on_the_old(
    cast: Cast, guided: Release, new: Release
) -> None:
    chair = cast.client("chair")
    old = cast.receipt(guided, cast.shirasagi)
    for name in ("district_receipt", "district_papers"):
        shown = text(chair.get(reverse(f"notices:{name}", args=[old.pk])))
        assert "この通知は訂正されました" in shown
        assert reverse("notices:district_receipt", args=[own(new, old).pk]) in shown
        assert reverse("notices:district_accept", args=[old.pk]) not in shown
    answer = chair.post(reverse("notices:district_accept", args=[old.pk]), follow=True)
    assert "今の操作は記録していません" in text(answer)
    old.refresh_from_db()
    assert old.confirmed_at is None


def test_a_chair_s_list_waits_for_the_new_one_only(cast: Cast, guided: Release, new: Release) -> None:
    listed = cast.client("chair").get(reverse("notices:district"))
    assert list(listed.context["pending"]) == [cast.receipt(new, cast.shirasagi)]
    assert counts(cast.capacities["chair"])["notices:district"] == 1
    assert "訂正済" in text(listed)
    assert f"→ {new.notice.number_text}" in text(listed)


def test_a_chair_s_list_counts_nobody_who_is_missing_from_a_superseded_notice(
    cast: Cast, guided: Release, new: Release
) -> None:
    for record, row in zip(*chair_s_rows(cast), strict=True):
        assert (row.get_cell("unconfirmed") == "") == (record.release == guided)


def chair_s_rows(cast: Cast) -> tuple[list[Receipt], list]:
    rows = list(cast.client("chair").get(reverse("notices:district")).context["table"].paginated_rows)
    return [row.record for row in rows], rows


def test_a_chair_s_personal_address_confirms_the_new_one_only(cast: Cast, guided: Release, new: Release) -> None:
    old = cast.receipt(guided, cast.shirasagi)
    answer = Client().post(page(old, "personal_confirm"))
    assert answer.status_code == 409
    assert page(own(new, old)) in text(answer)


# Staff ----------------------------------------------------------------------------------------------------------------


def test_a_new_address_of_the_old_notice_is_one_of_the_new(cast: Cast, receipt: Receipt, new: Release) -> None:
    desk = cast.client("staff")
    address = receipt.organisation.mailboxes.get().address
    answer = desk.post(reverse("notices:receipt_again", args=[receipt.pk]), {"address": address})
    assert answer.headers["Location"] == reverse("notices:receipt", args=[own(new, receipt).pk])
    assert Delivery.objects.get(purpose="again").receipt == own(new, receipt)


def test_staff_see_on_a_receipt_that_its_notice_is_superseded(cast: Cast, receipt: Receipt, new: Release) -> None:
    shown = text(cast.client("staff").get(reverse("notices:receipt", args=[receipt.pk])))
    assert "この通知は訂正されました" in shown
    assert reverse("notices:notice", args=[new.notice_id]) in shown


def test_an_answer_by_telephone_counts_for_the_new_one_only(cast: Cast, receipt: Receipt, new: Release) -> None:
    with pytest.raises(facts.Superseded):
        confirming.confirm(receipt.pk, actor=acting(cast, "staff"), via=Via.TELEPHONE)
