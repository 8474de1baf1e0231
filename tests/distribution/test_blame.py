"""Whose fault it is: what our own side does wrong blames no address, and an odd answer ends no run."""

from pathlib import Path

import pytest

from members.models import Organisation, Task
from notices.distribution import answers, claims, outbox, reach, recipients, settling, steering
from notices.distribution.answers import Answer, ServerRefuses, Verdict
from notices.models import Delivery, Release
from tests.cast import Cast
from tests.distribution.conftest import FailingSink, acting
from tests.distribution.deliveries import ADDRESS, Issue, State, first, let_time_pass, reconciles, states

POLICY = "550 5.7.1 rejected by the recipient's policy"


@pytest.mark.parametrize(
    "reply", ["No such user here (said 192.5.7.10)", "unknown user; relay 4.5.7.2", "4.7.1 unknown"]
)
def test_numbers_that_look_like_a_policy_are_none(reply: str) -> None:
    assert answers.refused(550, reply).verdict is Verdict.REFUSED


def test_a_code_of_a_policy_is_one_wherever_it_stands() -> None:
    with pytest.raises(ServerRefuses):
        answers.refused(550, "Message rejected, 5.7.26 (unauthenticated)")


def test_an_answer_of_any_length_and_with_any_bytes_is_kept(cast: Cast, issue: Issue) -> None:
    release = issue()
    for delivery, reply in zip(claims.claim(2), [b"5.1.1 no \0 such user", b"5.1.1 " + b"sorry " * 200], strict=True):
        settling.settle(delivery, answers.refused(550, reply))
    assert Delivery.objects.filter(release=release, state=State.FAILED).count() == 2


def test_the_same_refusal_in_many_words_pauses_too(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    release = issue()
    sink.refuse("550 5.4.6 " + "routing loop detected " * 15)
    outbox.send_due()
    release.refresh_from_db()
    assert (release.state, states(release)) == (Release.State.PAUSED, {State.WAITING})


def test_one_address_that_is_refused_by_policy_keeps_the_others_from_nothing(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    release = issue()
    sink.refuse(POLICY, ADDRESS)
    outbox.send_due()
    steering.resume(release.pk, acting(cast))
    Delivery.objects.filter(state=State.WAITING).exclude(address=ADDRESS).update(due_at=first(release).made_at)
    outbox.send_due()
    assert len(sink.mails) == 7
    let_time_pass()
    outbox.send_due()
    release.refresh_from_db()
    assert release.state == Release.State.PAUSED
    steering.resume(release.pk, acting(cast), blame=True)
    let_time_pass()
    outbox.send_due()
    assert first(release).state == State.FAILED
    release.refresh_from_db()
    assert release.state == Release.State.SENT


def test_a_link_asked_again_that_is_refused_by_policy_holds_up_nobody(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    over = issue()
    outbox.send_due()
    sink.refuse(POLICY, ADDRESS)
    asked = recipients.again(over.receipts.get(organisation=cast.pharmacies[0]), ADDRESS)
    other = issue(serial=338)
    Delivery.objects.filter(release=other, address=ADDRESS).delete()
    outbox.send_due()
    assert Delivery.objects.filter(release=other, state=State.SENT).count() == 7
    asked.refresh_from_db()
    assert (asked.state, asked.deferrals) == (State.WAITING, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"DEFAULT_FROM_EMAIL": "県薬剤師会 <notice@shuchi.example>"},
        {"DEFAULT_FROM_EMAIL": "notice"},
        {"BOUNCE_ADDRESS": "a" * 50 + "@shuchi.example"},
    ],
)
def test_a_wrong_setting_of_ours_pauses_and_blames_nobody(
    cast: Cast, issue: Issue, sink: FailingSink, settings, wrong: dict[str, str]
) -> None:
    for name, value in wrong.items():
        setattr(settings, name, value)
    release = issue()
    outbox.send_due()
    release.refresh_from_db()
    assert (release.state, states(release)) == (Release.State.PAUSED, {State.WAITING})
    assert not Task.objects.exists()


def test_a_letter_that_cannot_be_read_pauses_and_sets_nothing_aside(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    release = issue(attach_letter=True)
    Path(release.letter.content.path).unlink()
    for _ in range(4):
        outbox.send_due()
        let_time_pass()
    release.refresh_from_db()
    assert (release.state, states(release)) == (Release.State.PAUSED, {State.WAITING})
    assert "組み立てられません" in release.paused_reason
    assert not Delivery.objects.filter(crashes__gt=0).exclude(state=State.WAITING).exists()


def test_what_is_set_aside_goes_the_other_way_that_the_organisation_named(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(fallback="post", address="福岡県白鷺市1-1")
    release = issue()
    Delivery.objects.filter(address=ADDRESS).update(crashes=claims.CRASHES - 1)
    [claimed] = [each for each in claims.claim(8) if each.address == ADDRESS]
    claims.crashed(claimed)
    assert list(claimed.receipt.deliveries.values_list("channel", "state")) == [("email", "failed"), ("post", "other")]
    assert reconciles(release)


def test_what_staff_have_sent_again_since_is_not_taken_back(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    release = issue()
    refusal = Answer(Verdict.REFUSED, "断られました", "550 5.4.1 access denied")
    five = claims.claim(5)
    for delivery in five:
        settling.settle(delivery, refusal)
    Delivery.objects.create(receipt=five[0].receipt, purpose="repeat", channel="email", address=five[0].address)
    reach.renew(five[0].receipt)
    settling.pause_over(five, refusal)
    found = dict(Delivery.objects.filter(pk__in=[each.pk for each in five]).values_list("pk", "state"))
    assert [found[each.pk] for each in five] == [State.FAILED] + [State.WAITING] * 4
    assert reconciles(release)


def paused_with_one_in_hand() -> tuple[Delivery, Answer]:
    """Five in a row were refused alike and the release paused; another worker has yet to tell of its message."""
    refusal = Answer(Verdict.REFUSED, "宛先のメールアドレスが存在しません", "550 5.1.1 no such user", bad_address=True)
    *five, late = claims.claim(6)
    for delivery in five:
        settling.settle(delivery, refusal)
    settling.pause_over(five, refusal)
    return late, refusal


def test_a_refusal_that_is_told_after_staff_went_on_was_our_fault_too(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    release = issue()
    late, refusal = paused_with_one_in_hand()
    steering.resume(release.pk, acting(cast))
    assert not settling.settle(late, refusal), "nor does it count among several in a row"
    assert states(release) == {State.WAITING}
    assert not Task.objects.still_open().exists()
    [again] = [each for each in claims.claim(8) if each.pk == late.pk]
    settling.settle(again, refusal)
    again.refresh_from_db()
    assert again.state == State.FAILED, "once more for the same reason, and then it is the address"


def test_a_refusal_that_is_told_after_staff_blamed_the_addresses_is_final(
    cast: Cast, issue: Issue, sink: FailingSink
) -> None:
    release = issue()
    late, refusal = paused_with_one_in_hand()
    steering.resume(release.pk, acting(cast), blame=True)
    settling.settle(late, refusal)
    late.refresh_from_db()
    assert late.state == State.FAILED
