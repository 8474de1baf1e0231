"""代理: what is recorded for a pharmacy, what of it stands, and how it is undone."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from members.history import Actor
from members.models import Event
from notices.models import HelpRequest, OnBehalf, Receipt, Release, Step
from notices.models.receipt import Via
from notices.tracking import confirming, helping, on_behalf, setup
from notices.tracking.diary import lines
from notices.tracking.facts import HoldsSecret, NothingAsked, Superseded
from notices.tracking.on_behalf import NotTheAuthor, Overtaken, Said, TooLate, What
from tests.cast import Cast
from tests.tracking.conftest import BY_HAND, acting, verbs

UNDO = settings.ON_BEHALF_UNDO_MINUTES


@pytest.fixture
def chair(cast: Cast) -> Actor:
    return acting(cast, "chair")


@pytest.fixture
def staff(cast: Cast) -> Actor:
    return acting(cast, "staff")


def said(what: What, **more: Any) -> Said:
    return Said(what, Via.TELEPHONE, "梅﨑 千夏", **more)


def record(receipt: Receipt, what: What, actor: Actor, **more: Any) -> OnBehalf:
    if what == What.NOT_APPLICABLE:
        more = {"reason": "訪問を行っていない"} | more
    made = on_behalf.record(receipt.pk, said(what, **more), actor=actor)
    receipt.refresh_from_db()
    assert made is not None
    return made


def passed(made: OnBehalf, minutes: int) -> None:
    """So many minutes have passed since it was recorded."""
    OnBehalf.objects.filter(pk=made.pk).update(at=made.at - dt.timedelta(minutes=minutes))


def state(receipt: Receipt) -> tuple[str, str, str, str]:
    receipt.refresh_from_db()
    return (
        receipt.confirmed_via,
        receipt.finished_via,
        receipt.not_applicable_via,
        receipt.not_applicable_reason,
    )


# Recording ------------------------------------------------------------------------------------------------------------


def test_a_confirmation_is_the_pharmacys_own_and_says_how_and_by_whom(receipt: Receipt, chair: Actor) -> None:
    made = record(receipt, What.CONFIRMED, chair, remark="夕方にもう一度見るとのこと")
    assert (receipt.confirmed_via, receipt.confirmed_by) == (Via.TELEPHONE, chair.account)
    assert (made.person, made.remark, made.by, made.capacity) == (
        "梅﨑 千夏",
        "夕方にもう一度見るとのこと",
        chair.account,
        chair.capacity,
    )
    assert made.confirms and receipt.confirmed_name == ""
    assert verbs(receipt) == ["receipt.confirmed"]


@pytest.mark.parametrize("via", [Via.TELEPHONE, Via.FAX, Via.PAPER])
def test_each_channel_is_kept(receipt: Receipt, staff: Actor, via: Via) -> None:
    on_behalf.record(receipt.pk, Said(What.CONFIRMED, via, "梅﨑 千夏"), actor=staff)
    assert state(receipt)[0] == via
    assert OnBehalf.objects.get().via == via


@pytest.mark.parametrize("what", [What.FINISHED, What.NOT_APPLICABLE])
def test_finished_and_not_applicable_imply_confirmed(receipt: Receipt, chair: Actor, what: What) -> None:
    made = record(receipt, what, chair)
    assert made.confirms
    assert receipt.confirmed_via == getattr(receipt, f"{what}_via") == Via.TELEPHONE
    assert verbs(receipt) == ["receipt.confirmed", f"receipt.{what}"]


def test_what_the_pharmacy_pressed_itself_stays_and_only_the_rest_is_made(confirmed: Receipt, chair: Actor) -> None:
    first = confirmed.confirmed_at
    made = record(confirmed, What.FINISHED, chair)
    assert not made.confirms
    assert (confirmed.confirmed_at, confirmed.confirmed_via) == (first, Via.PERSONAL)


@pytest.mark.parametrize("what", list(What))
def test_what_is_declared_already_is_not_recorded_again(
    receipt: Receipt, chair: Actor, staff: Actor, what: What
) -> None:
    record(receipt, what, chair)
    before = state(receipt), verbs(receipt)
    assert on_behalf.record(receipt.pk, said(what, reason="ほかの理由"), actor=staff) is None
    assert (state(receipt), verbs(receipt)) == before
    assert OnBehalf.objects.count() == 1


def test_a_question_is_the_pharmacys_own_and_confirms_nothing(
    receipt: Receipt, steps: list[Step], chair: Actor
) -> None:
    made = record(receipt, What.HELP, chair, step_id=steps[4].pk, note="権限区分が選べません")
    asked = HelpRequest.objects.get()
    assert (made.help_request, asked.step, asked.note) == (asked, steps[4], "権限区分が選べません")
    assert receipt.confirmed_at is None
    assert verbs(receipt) == ["help.asked"]


def test_no_free_text_holds_a_secret(receipt: Receipt, chair: Actor) -> None:
    secret = "パスワードは abcd1234 です"
    for one in (
        Said(What.CONFIRMED, Via.FAX, secret),
        said(What.CONFIRMED, remark=secret),
        said(What.NOT_APPLICABLE, reason=secret),
        said(What.HELP, note=secret),
    ):
        with pytest.raises(HoldsSecret):
            on_behalf.record(receipt.pk, one, actor=chair)
    assert verbs(receipt) == [] and not OnBehalf.objects.exists() and not HelpRequest.objects.exists()


def test_where_the_pharmacy_itself_would_be_refused_so_is_its_voice(
    cast: Cast, confirmed: Receipt, chair: Actor
) -> None:
    informed = cast.receipt(cast.released(ask=Release.Ask.INFORM), cast.pharmacies[0])
    unasked = cast.receipt(cast.released(), cast.pharmacies[0])
    for what in (What.CONFIRMED, What.HELP):
        with pytest.raises(NothingAsked):
            on_behalf.record(informed.pk, said(what), actor=chair)
    with pytest.raises(setup.NothingToSetUp):
        on_behalf.record(unasked.pk, said(What.FINISHED), actor=chair)
    setup.finish(confirmed.pk, **BY_HAND)
    with pytest.raises(setup.MarkedFinished):
        on_behalf.record(confirmed.pk, said(What.NOT_APPLICABLE, reason="訪問なし"), actor=chair)
    assert not OnBehalf.objects.exists()


def test_of_a_superseded_notice_nothing_is_recorded_or_undone(cast: Cast, receipt: Receipt, chair: Actor) -> None:
    made = record(receipt, What.CONFIRMED, chair)
    new = cast.released("（訂正）", ask=Release.Ask.SET_UP)
    cast.supersede(receipt.release, new)
    for what in (What.CONFIRMED, What.FINISHED):
        with pytest.raises(Superseded, match="前に確認した記録は残っています"):
            on_behalf.record(receipt.pk, said(what), actor=chair)
    with pytest.raises(Superseded):
        on_behalf.undo(made.pk, actor=chair)
    assert state(receipt)[0] == Via.TELEPHONE


# Undoing --------------------------------------------------------------------------------------------------------------


def test_its_author_undoes_a_confirmation_and_both_stay_in_the_history(receipt: Receipt, chair: Actor) -> None:
    made = record(receipt, What.CONFIRMED, chair)
    assert on_behalf.undo(made.pk, actor=chair)
    made.refresh_from_db()
    assert made.undone_at and made.undone_by == chair.account
    assert state(receipt) == ("", "", "", "")
    assert verbs(receipt) == ["receipt.confirmed", "receipt.unconfirmed"]


@pytest.mark.parametrize("what", [What.FINISHED, What.NOT_APPLICABLE])
def test_undoing_takes_back_everything_that_it_made(receipt: Receipt, chair: Actor, what: What) -> None:
    on_behalf.undo(record(receipt, what, chair).pk, actor=chair)
    assert state(receipt) == ("", "", "", "")


@pytest.mark.parametrize("what", [What.FINISHED, What.NOT_APPLICABLE])
def test_undoing_leaves_what_was_confirmed_before(confirmed: Receipt, chair: Actor, what: What) -> None:
    on_behalf.undo(record(confirmed, what, chair).pk, actor=chair)
    assert state(confirmed) == (Via.PERSONAL, "", "", "")


def test_a_question_that_is_undone_is_gone_with_its_words(receipt: Receipt, steps: list[Step], chair: Actor) -> None:
    made = record(receipt, What.HELP, chair, step_id=steps[4].pk, note="よその薬局の相談")
    on_behalf.undo(made.pk, actor=chair)
    assert not HelpRequest.objects.exists()
    assert verbs(receipt) == ["help.asked", "help.withdrawn"]
    assert Event.objects.get(verb="help.withdrawn").detail["step"] == 5


def test_undoing_twice_does_nothing_twice(receipt: Receipt, chair: Actor) -> None:
    made = record(receipt, What.CONFIRMED, chair)
    assert on_behalf.undo(made.pk, actor=chair)
    assert not on_behalf.undo(made.pk, actor=chair)
    assert verbs(receipt) == ["receipt.confirmed", "receipt.unconfirmed"]


def test_what_was_undone_can_be_recorded_anew(receipt: Receipt, chair: Actor) -> None:
    on_behalf.undo(record(receipt, What.CONFIRMED, chair).pk, actor=chair)
    assert record(receipt, What.CONFIRMED, chair).confirms
    assert receipt.confirmed_via == Via.TELEPHONE


def test_its_author_may_undo_for_half_an_hour_and_staff_later(receipt: Receipt, chair: Actor, staff: Actor) -> None:
    assert UNDO == 30
    made = record(receipt, What.CONFIRMED, chair)
    passed(made, UNDO - 1)
    with transaction.atomic():
        assert on_behalf.undo(made.pk, actor=chair)
        transaction.set_rollback(True)
    passed(made, UNDO)
    with pytest.raises(TooLate, match="30 分を過ぎた"):
        on_behalf.undo(made.pk, actor=chair)
    assert state(receipt)[0] == Via.TELEPHONE
    assert on_behalf.undo(made.pk, actor=staff)
    made.refresh_from_db()
    assert (state(receipt)[0], made.undone_by) == ("", staff.account)


def test_how_long_its_author_may_undo_is_a_setting(receipt: Receipt, chair: Actor, settings: Any) -> None:
    settings.ON_BEHALF_UNDO_MINUTES = 5
    made = record(receipt, What.CONFIRMED, chair)
    passed(made, 5)
    with pytest.raises(TooLate, match="5 分を過ぎた"):
        on_behalf.undo(made.pk, actor=chair)


def test_a_chair_does_not_undo_what_staff_recorded(receipt: Receipt, chair: Actor, staff: Actor) -> None:
    made = record(receipt, What.CONFIRMED, staff)
    with pytest.raises(NotTheAuthor):
        on_behalf.undo(made.pk, actor=chair)
    assert state(receipt)[0] == Via.TELEPHONE


def tick(receipt: Receipt) -> None:
    setup.tick(receipt.pk, receipt.release.notice.steps.first().pk, **BY_HAND)


DECLARED = {
    "完了": lambda receipt: setup.finish(receipt.pk, **BY_HAND),
    "対象外": lambda receipt: setup.mark_not_applicable(receipt.pk, "訪問なし", **BY_HAND),
    "設定手順": tick,
    "使う端末": lambda receipt: setup.choose_device(receipt.pk, "ios", **BY_HAND),
    "お名前": lambda receipt: confirming.name(receipt.pk, "宮﨑 悠", **BY_HAND),
    "困っています": lambda receipt: helping.ask(receipt.pk, None, "進めません", **BY_HAND),
}


@pytest.mark.parametrize("word", DECLARED)
def test_a_confirmation_on_which_the_pharmacy_went_on_stays(receipt: Receipt, chair: Actor, word: str) -> None:
    made = record(receipt, What.CONFIRMED, chair)
    DECLARED[word](receipt)
    before = state(receipt)
    with pytest.raises(Overtaken, match=f"薬局の「{word}」が記録されている"):
        on_behalf.undo(made.pk, actor=chair)
    made.refresh_from_db()
    assert (state(receipt), made.undone_at) == (before, None)


def test_a_finish_that_brought_the_confirmation_stays_once_the_pharmacy_ticked(receipt: Receipt, chair: Actor) -> None:
    made = record(receipt, What.FINISHED, chair)
    tick(receipt)
    with pytest.raises(Overtaken, match="設定手順"):
        on_behalf.undo(made.pk, actor=chair)
    assert state(receipt)[:2] == (Via.TELEPHONE, Via.TELEPHONE)


def test_a_finish_is_undone_below_a_tick_where_the_pharmacy_had_confirmed(confirmed: Receipt, chair: Actor) -> None:
    made = record(confirmed, What.FINISHED, chair)
    tick(confirmed)
    on_behalf.undo(made.pk, actor=chair)
    assert state(confirmed) == (Via.PERSONAL, "", "", "")
    assert confirmed.ticks.count() == 1


def test_a_finish_that_the_pharmacy_took_back_itself_is_not_undone_again(confirmed: Receipt, chair: Actor) -> None:
    made = record(confirmed, What.FINISHED, chair)
    setup.reopen(confirmed.pk, **BY_HAND)
    with pytest.raises(Overtaken, match="もう取り消されている"):
        on_behalf.undo(made.pk, actor=chair)


def finish_itself(receipt: Receipt, chair: Actor) -> None:
    setup.finish(receipt.pk, **BY_HAND)


def finish_by_telephone(receipt: Receipt, chair: Actor) -> None:
    record(receipt, What.FINISHED, chair)


@pytest.mark.parametrize("again", [finish_itself, finish_by_telephone])
def test_another_finish_in_its_place_is_not_taken_back(
    confirmed: Receipt, chair: Actor, again: Callable[[Receipt, Actor], None]
) -> None:
    made = record(confirmed, What.FINISHED, chair)
    setup.reopen(confirmed.pk, **BY_HAND)
    again(confirmed, chair)
    before = state(confirmed)
    with pytest.raises(Overtaken, match="あらためて記録されている"):
        on_behalf.undo(made.pk, actor=chair)
    assert state(confirmed) == before


def test_a_question_that_was_answered_or_settled_stays(receipt: Receipt, chair: Actor, staff: Actor) -> None:
    answered = record(receipt, What.HELP, chair, note="進めません")
    settled = record(receipt, What.HELP, chair, note="開けません")
    helping.answer(answered.help_request_id, "手順 3 を先に", actor=staff)
    helping.close(settled.help_request_id, **BY_HAND)
    with pytest.raises(Overtaken, match="もう回答している"):
        on_behalf.undo(answered.pk, actor=chair)
    with pytest.raises(Overtaken, match="もう解決済になっている"):
        on_behalf.undo(settled.pk, actor=chair)
    assert HelpRequest.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_many_at_once_record_once_and_undo_once(cast: Cast, chair: Actor) -> None:
    receipt = cast.receipt(cast.released(ask=Release.Ask.SET_UP), cast.pharmacies[0])
    recorded = at_once(lambda: on_behalf.record(receipt.pk, said(What.FINISHED), actor=chair))
    assert [made for made in recorded if made] == [OnBehalf.objects.get()]
    undone = at_once(lambda: on_behalf.undo(OnBehalf.objects.get().pk, actor=chair))
    assert sorted(undone) == [False] * 5 + [True]
    assert verbs(receipt) == ["receipt.confirmed", "receipt.finished", "receipt.reopened", "receipt.unconfirmed"]


def at_once(press: Callable[[], object]) -> list[object]:
    """What six who press at the same time get."""
    got: list[object] = []

    def run() -> None:
        try:
            got.append(press())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got


# In words, and in the database ----------------------------------------------------------------------------------------


def told(receipt: Receipt, cast: Cast, who: str) -> list[tuple[str, str, str]]:
    events = Event.objects.filter(subject_kind="receipt", subject_id=receipt.pk).order_by("pk")
    return [(line.words, line.detail, line.who) for line in lines(events, cast.capacities[who])]


def test_the_history_tells_both_in_words(receipt: Receipt, chair: Actor, staff: Actor, cast: Cast) -> None:
    made = record(receipt, What.FINISHED, chair)
    on_behalf.undo(made.pk, actor=staff)
    assert told(receipt, cast, "staff") == [
        ("確認", "", "髙栁 誠　代理（電話）"),
        ("完了", "", "髙栁 誠　代理（電話）"),
        ("完了を取り消し", "代理（電話）の取り消し", "髙﨑 美緒（サインイン）"),
        ("確認を取り消し", "代理（電話）の取り消し", "髙﨑 美緒（サインイン）"),
    ]
    assert told(receipt, cast, "pharmacy") == [
        ("確認", "", "白鷺地区薬剤師会　代理（電話）"),
        ("完了", "", "白鷺地区薬剤師会　代理（電話）"),
        ("完了を取り消し", "代理（電話）の取り消し", "公益社団法人福岡県薬剤師会"),
        ("確認を取り消し", "代理（電話）の取り消し", "公益社団法人福岡県薬剤師会"),
    ]


def test_the_history_keeps_neither_the_name_nor_the_remark(receipt: Receipt, chair: Actor) -> None:
    made = record(receipt, What.HELP, chair, remark="折り返しの電話を希望", note="進めません")
    on_behalf.undo(made.pk, actor=chair)
    kept = str(list(Event.objects.values_list("detail", flat=True)))
    assert not [word for word in ("梅﨑", "折り返し", "進めません") if word in kept]


@pytest.mark.parametrize(
    "wrong",
    [
        {"via": Via.PERSONAL},
        {"person": ""},
        {"confirms": False},
        {"what": What.HELP},
        {"what": What.HELP, "confirms": False},
        {"undone_at": dt.datetime(2024, 11, 18, tzinfo=dt.UTC)},
    ],
)
def test_the_database_refuses_a_record_that_contradicts_itself(
    receipt: Receipt, chair: Actor, wrong: dict[str, Any]
) -> None:
    made = record(receipt, What.CONFIRMED, chair)
    with pytest.raises(IntegrityError), transaction.atomic():
        OnBehalf.objects.filter(pk=made.pk).update(**wrong)


def test_a_receipt_is_confirmed_by_one_record_only(receipt: Receipt, chair: Actor) -> None:
    made = record(receipt, What.CONFIRMED, chair)
    made.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)
