"""What the recipients of a released notice have done by now: invented, but as offices know it.

Most answer within days, some districts faster than others, a few set-ups stop at the same two steps.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from zoneinfo import ZoneInfo

from members import history
from members.history import Actor
from members.models import Capacity, Event, Task
from members.models.officer import Office
from notices.distribution import by_hand, troubles
from notices.models import Delivery, HelpRequest, OnBehalf, Receipt, Release, Step, StepTick
from notices.models.receipt import Audience, Reach, Via

TOKYO = ZoneInfo("Asia/Tokyo")
BATCH = 1000
ROUND = 250  # mails that share the moment of their sending
REASONS = ["訪問薬剤管理を行っていないため", "端末を使わない運用のため", "近く閉局するため"]
NOTES = [
    "権限の欄に「照会のみ」が出てきません。",
    "保存を押すと最初の画面に戻ってしまいます。",
    "端末コードを入れても「確認できません」と出ます。",
    "手順書の画面と、うちの画面が違うようです。",
    "初期パスワードが分からなくなりました。",
]
ANSWER = (
    "一度ログアウトし、管理者の利用者名で入り直すと選べるようになります。うまくいかないときは事務局までお電話ください。"
)
NO_SUCH_ADDRESS = "宛先のメールアドレスが存在しません"
BOUNCES = [
    NO_SUCH_ADDRESS,
    "受信箱がいっぱいです",
    "相手のサーバーが受け取りを拒みました",
]


@dataclass
class Answers:
    """How readily pharmacies answer: shares of the whole, days until half of them have."""

    confirmed: float
    finished: float = 0.0
    not_applicable: float = 0.0
    half_after_days: float = 4.0
    stuck_at: tuple[int, ...] = ()
    ticks: list[StepTick] = field(default_factory=list)
    helps: list[HelpRequest] = field(default_factory=list)
    on_behalf: list[OnBehalf] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def send(release: Release, sent_at: dt.datetime, rng: Random) -> None:
    """Settle the release's mails: sent within minutes, a handful refused with the reason."""
    mails = Delivery.objects.filter(receipt__release=release, channel="email").order_by("id")
    keys = list(mails.values_list("pk", flat=True))
    for start in range(0, len(keys), ROUND):
        settled_at = sent_at + dt.timedelta(seconds=30 + start * 0.2)
        Delivery.objects.filter(pk__in=keys[start : start + ROUND]).update(
            state=Delivery.State.SENT, attempt=1, made_at=sent_at, due_at=sent_at, settled_at=settled_at
        )
    Receipt.objects.filter(release=release, reach=Reach.WAITING).update(reach=Reach.SENT)
    for key in keys:
        if rng.random() < 0.004:
            _bounce(Delivery.objects.get(pk=key), rng.choice(BOUNCES))


def post(release: Release, at: dt.datetime, actor: Actor) -> None:
    """Note the release's papers as posted at that moment."""
    if papers := list(by_hand.of(release).order_by("pk").values_list("pk", flat=True)):
        with history.dated(at):
            by_hand.note_sent(release, actor, None, papers[-1], at)


def _bounce(mail: Delivery, reason: str) -> None:
    mail.state, mail.outcome = Delivery.State.FAILED, reason
    mail.save(update_fields=["state", "outcome"])
    with history.dated(mail.settled_at):
        troubles.raise_for(mail, reason, suspend=reason == NO_SUCH_ADDRESS)
    Task.objects.filter(message_key=mail.message_key).update(raised_at=mail.settled_at)
    others = Delivery.objects.filter(receipt=mail.receipt_id, state=Delivery.State.SENT)
    if not others.exists():
        Receipt.objects.filter(pk=mail.receipt_id).update(reach=Reach.FAILED, reach_reason=reason)


def working_time(moment: dt.datetime, rng: Random) -> dt.datetime:
    """The moment, moved to between 8:30 and 18:30 of a day on which pharmacies are open."""
    local = moment.astimezone(TOKYO)
    while local.weekday() == 6:
        local += dt.timedelta(days=1)
    return local.replace(hour=rng.choice([8, 9, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]), minute=rng.randint(0, 59))


def answer(release: Release, plan: Answers, rng: Random, now: dt.datetime, staff: Capacity) -> None:
    """Let the release's recipients answer by the plan, up to now; an お知らせ asks nothing of pharmacies."""
    everybody = release.receipts.select_related("organisation").prefetch_related("organisation__officers")
    receipts = list(everybody.order_by("id"))
    eagerness = {receipt.district_id: rng.uniform(0.72, 1.22) for receipt in receipts}
    steps = [step for step in release.notice.steps.all() if step.ticked]
    for receipt in receipts:
        if receipt.audience == Audience.DISTRICT:
            _chair(receipt, release, plan, rng, now)
        elif release.asks_confirmation and receipt.reach in (Reach.SENT, Reach.OTHER):
            _pharmacy(receipt, release, plan, rng, now, eagerness[receipt.district_id], steps, staff)
    _write(receipts, plan)


def _after(release: Release, days: float, rng: Random, now: dt.datetime) -> dt.datetime | None:
    """A working moment some days after the release, exponentially spread; None when it lies ahead."""
    moment = working_time(release.released_at + dt.timedelta(days=rng.expovariate(0.69 / days)), rng)
    moment = max(moment, release.released_at + dt.timedelta(minutes=rng.randint(3, 90)))
    return moment if moment < now else None


def _chair(receipt: Receipt, release: Release, plan: Answers, rng: Random, now: dt.datetime) -> None:
    moment = _after(release, 0.8, rng, now)
    if moment is None or rng.random() > 0.97:
        return
    receipt.confirmed_at, receipt.confirmed_via = moment, Via.SIGNED_IN
    plan.events.append(_event("receipt.confirmed", receipt, moment, Via.SIGNED_IN))
    later = working_time(moment + dt.timedelta(days=1), rng)
    if later < now and rng.random() < 0.8:
        receipt.finished_at, receipt.finished_via = later, Via.SIGNED_IN
        plan.events.append(_event("receipt.finished", receipt, later, Via.SIGNED_IN))


def _pharmacy(
    receipt: Receipt,
    release: Release,
    plan: Answers,
    rng: Random,
    now: dt.datetime,
    eagerness: float,
    steps: list[Step],
    staff: Capacity,
) -> None:
    moment = _after(release, plan.half_after_days, rng, now)
    if moment is None or rng.random() > min(0.97, plan.confirmed * eagerness):
        return
    by_mail = receipt.reach == Reach.SENT
    receipt.confirmed_at = moment
    receipt.confirmed_via = Via.PERSONAL if by_mail else rng.choice([Via.FAX, Via.TELEPHONE])
    plan.events.append(_event("receipt.confirmed", receipt, moment, receipt.confirmed_via))
    if steps:
        _set_up(receipt, plan, rng, now, eagerness, steps)
    if not by_mail:
        _record(receipt, plan, staff)


def _record(receipt: Receipt, plan: Answers, staff: Capacity) -> None:
    """代理: staff recorded what came back by FAX or telephone."""
    managers = [officer.name for officer in receipt.organisation.officers.all() if officer.office == Office.MANAGER]
    common = {
        "receipt": receipt,
        "via": receipt.confirmed_via,
        "person": managers[0] if managers else "記入なし",
        "by": staff.account,
        "capacity": staff,
    }
    for what in (OnBehalf.What.CONFIRMED, OnBehalf.What.FINISHED, OnBehalf.What.NOT_APPLICABLE):
        if moment := getattr(receipt, f"{what}_at"):
            setattr(receipt, f"{what}_by", staff.account)
            plan.on_behalf.append(OnBehalf(what=what, at=moment, confirms=what == OnBehalf.What.CONFIRMED, **common))
    for asked in plan.helps[-1:]:
        if asked.receipt == receipt:
            asked.asked_by = staff.account
            plan.on_behalf.append(
                OnBehalf(what=OnBehalf.What.HELP, at=asked.asked_at, confirms=False, help_request=asked, **common)
            )
    for event in plan.events[-3:]:
        if event.subject_id == receipt.pk:
            event.account, event.capacity = staff.account, staff


def _set_up(
    receipt: Receipt, plan: Answers, rng: Random, now: dt.datetime, eagerness: float, steps: list[Step]
) -> None:
    moment = receipt.confirmed_at + dt.timedelta(minutes=rng.randint(12, 75))
    if rng.random() < 0.6:
        moment = working_time(moment + dt.timedelta(days=rng.randint(1, 3)), rng)
    if moment >= now:
        return
    draw = rng.random() / eagerness
    if draw < plan.not_applicable:
        receipt.not_applicable_at, receipt.not_applicable_via = moment, receipt.confirmed_via
        receipt.not_applicable_reason = rng.choice(REASONS)
        plan.events.append(_event("receipt.not_applicable", receipt, moment, receipt.not_applicable_via))
        return
    receipt.device = rng.choices(list(Step.Device.values), weights=(3, 5, 2))[0]
    done = len(steps)
    if draw < plan.not_applicable + plan.finished:
        receipt.finished_at, receipt.finished_via = moment, receipt.confirmed_via
        plan.events.append(_event("receipt.finished", receipt, moment, receipt.finished_via))
    else:
        done = rng.choice(plan.stuck_at) if rng.random() < 0.55 else rng.randint(0, len(steps) - 1)
        if done in plan.stuck_at and rng.random() < 0.24:
            _ask(receipt, plan, rng, now, moment, steps[done])
    if receipt.confirmed_via == Via.PERSONAL:
        plan.ticks += [
            StepTick(
                receipt=receipt,
                step=step,
                device=receipt.device if step.group == Step.Group.DEVICE else "",
                ticked_at=moment - dt.timedelta(minutes=len(steps) - place),
                via=Via.PERSONAL,
            )
            for place, step in enumerate(steps[:done])
        ]


def _ask(receipt: Receipt, plan: Answers, rng: Random, now: dt.datetime, moment: dt.datetime, step: Step) -> None:
    asked = HelpRequest(receipt=receipt, step=step, note=rng.choice(NOTES), asked_at=moment)
    answered_at = working_time(moment + dt.timedelta(days=1), rng)
    if answered_at < now and rng.random() < 0.6:
        asked.answer, asked.answered_at = ANSWER, answered_at
    plan.helps.append(asked)
    plan.events.append(_event("help.asked", receipt, moment, receipt.confirmed_via))


def _event(verb: str, receipt: Receipt, moment: dt.datetime, via: str) -> Event:
    return Event(
        verb=verb,
        at=moment,
        organisation=receipt.organisation,
        subject_kind="receipt",
        subject_id=receipt.pk,
        detail={"via": via},
    )


FACTS = [f"{fact}_{part}" for fact in ("confirmed", "finished", "not_applicable") for part in ("at", "via", "by")] + [
    "not_applicable_reason",
    "device",
]


def _write(receipts: Iterable[Receipt], plan: Answers) -> None:
    for receipt in receipts:
        if receipt.confirmed_at:
            Receipt.objects.filter(pk=receipt.pk).update(**{fact: getattr(receipt, fact) for fact in FACTS})
    StepTick.objects.bulk_create(plan.ticks, batch_size=BATCH)
    HelpRequest.objects.bulk_create(plan.helps, batch_size=BATCH)
    OnBehalf.objects.bulk_create(plan.on_behalf, batch_size=BATCH)
    Event.objects.bulk_create(sorted(plan.events, key=lambda event: event.at), batch_size=BATCH)
