"""What a bounce makes of its delivery: 不達 with the reason in plain words, or a note that it takes longer.

A final state stays what it is, whatever comes later; the same bounce a second time changes nothing. A gathered mail
comes back with all that it carried. Locks are taken in the order release, delivery, receipt, as everywhere in
`distribution`.
"""

import re
from enum import StrEnum

from django.db import transaction
from django.db.models.functions import Now

from members import history
from notices.distribution import answers, claims, gathering, reach, troubles
from notices.distribution.answers import Answer, ServerRefuses, Verdict
from notices.distribution.bounces import matching
from notices.distribution.bounces.failure import Failure, Kind
from notices.distribution.bounces.reading import Bounce
from notices.models import Delivery
from notices.models.delivery import CARRIED

State = Delivery.State
OUTCOME_LENGTH = Delivery._meta.get_field("outcome").max_length
REPLY_LENGTH = Delivery._meta.get_field("reply").max_length

BY_POLICY = "相手のサーバーが規則により受け取りを断りました"
GIVEN_UP = "相手のサーバーに受け取られないまま、配送が打ち切られました"
TAKES_LONGER = "相手のサーバーへの配送が遅れています"
FORWARDED = "転送先に届きませんでした"


class Outcome(StrEnum):
    """What a mail from the bounces' mailbox did, in the words of the screen."""

    NONE = "配信の結果ではありません"
    UNMATCHED = "どの配信か分かりません"
    FAILED = "不達にしました"
    NOTED = "遅れを記録しました"
    UNCHANGED = "変わりません"


def apply(bounce: Bounce) -> Outcome:
    """Record what the bounce says of its delivery, in one transaction."""
    if bounce.kind is Kind.NONE:
        return Outcome.NONE
    delivery = matching.delivery_of(bounce)
    return _record(delivery, bounce) if delivery else Outcome.UNMATCHED


@transaction.atomic
def _record(delivery: Delivery, bounce: Bounce) -> Outcome:
    claims.hold(gathering.mail_of(delivery))
    delivery = _held(delivery)
    failure = _about(delivery, bounce)
    if bounce.over:
        return _fail(delivery, failure) if _has_left(delivery) else Outcome.UNCHANGED
    return _note(delivery, failure)


def _held(delivery: Delivery) -> Delivery:
    """The delivery, locked, and then what its mail carried and has left with it."""
    locked = Delivery.objects.select_for_update(of=("self",))
    locked = locked.select_related("receipt__organisation", "receipt__release")
    delivery = locked.get(pk=delivery.pk)
    if delivery.gathered_in_id == delivery.pk:
        carried = locked.filter(CARRIED, gathered_in=delivery.pk).order_by("pk")
        delivery.carried = [each for each in carried if _has_left(each)]
    return delivery


def _has_left(delivery: Delivery) -> bool:
    """Whether the message may be with the recipient's server: taken, or being offered, or offered and nobody knows.

    One that waits and was surely not taken is tried again, whatever is said of an earlier try.
    """
    return delivery.state in (State.SENT, State.SENDING) or (delivery.state == State.WAITING and delivery.unsure)


def _about(delivery: Delivery, bounce: Bounce) -> Failure:
    """Of several reports, the one on the delivery's own address; else the gravest."""
    grave = sorted(bounce.failures, key=lambda each: (not each.over, each.kind is not Kind.PERMANENT))
    return next((each for each in grave if matching.named(delivery, [each])), grave[0])


def _fail(delivery: Delivery, failure: Failure) -> Outcome:
    answer = _answer(failure)
    own = matching.named(delivery, [failure]) or not failure.address
    sent_at = {each.pk: each.settled_at.isoformat() for each in delivery.mail if each.state == State.SENT}
    words = answer.words if own else f"{FORWARDED}（{answer.words}）"
    Delivery.objects.filter(pk__in=[each.pk for each in delivery.mail]).update(
        state=State.FAILED,
        claim=None,
        leased_until=None,
        settled_at=Now(),
        bounced_at=Now(),
        outcome=words[:OUTCOME_LENGTH],
        reply=storable(failure.reply)[:REPLY_LENGTH],
        unsure=False,
    )
    reach.settle([each.receipt_id for each in delivery.mail])
    for each in delivery.mail:
        organisation = each.receipt.organisation
        history.record("delivery.bounced", each, organisation=organisation, reason=words, sent_at=sent_at.get(each.pk))
    if answer.words != BY_POLICY:
        troubles.raise_for(delivery, words, suspend=own and answer.bad_address)
    for each in delivery.mail:
        troubles.fall_back(each.receipt)
    return Outcome.FAILED


def _note(delivery: Delivery, failure: Failure) -> Outcome:
    """A delay of what was sent is told beside it and changes nothing else."""
    words = f"{TAKES_LONGER}（{_answer(failure).words}）"[:OUTCOME_LENGTH]
    if delivery.state != State.SENT or delivery.outcome == words:
        return Outcome.UNCHANGED
    keys = [each.pk for each in delivery.mail]
    Delivery.objects.filter(pk__in=keys).update(outcome=words, reply=storable(failure.reply)[:REPLY_LENGTH])
    return Outcome.NOTED


def _answer(failure: Failure) -> Answer:
    """The report as the answer that our own server would have given."""
    temporary = failure.kind is Kind.TEMPORARY
    spoken = re.match(r"\W*([45]\d\d)\b", failure.reply)
    code = int(spoken[1]) if spoken and (spoken[1][0] == "4") == temporary else 450 if temporary else 550
    try:
        answer = answers.refused(code, f"{failure.status} {failure.reply}")
    except ServerRefuses:  # by a policy of theirs; what it is about, its own words tell
        return Answer(Verdict.REFUSED, BY_POLICY)
    if temporary and failure.over:
        return Answer(Verdict.REFUSED, f"{GIVEN_UP}（{answer.words}）")
    return answer


def storable(text: str) -> str:
    """The text on one line, without what a database refuses (NUL, half surrogates)."""
    return " ".join(text.encode("utf-8", "ignore").decode().replace("\0", " ").split())
