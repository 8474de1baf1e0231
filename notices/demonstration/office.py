"""The office on its morning: what was released and partly answered, what waits, what has just arrived."""

import datetime as dt
from dataclasses import dataclass
from random import Random

from django.db import transaction
from django.utils import timezone

from members import access, history, wareki
from members.answers import Answer, propose
from members.history import Actor
from members.models import Capacity, Organisation, Task
from members.models.account import Role
from members.models.organisation import Channel
from notices.demonstration import answers, packets, roster, screens
from notices.demonstration.answers import TOKYO, Answers
from notices.demonstration.packets import Letterhead
from notices.demonstration.reminding import remind_so_far
from notices.letters import guide, manual, stating, wording
from notices.letters.guide import StepLine
from notices.letters.passing_on import Covering
from notices.models import Approval, Notice, Packet, Receipt, Release, Step, StepNote
from notices.procedures import approve, issue, pass_on, take_in
from notices.tracking import step_notes

# The place of who approves among the staff of the roster.
ADMINISTRATOR = 2
# The papers of a district's letter that is younger still wait to be posted.
PAPERS_LIE = dt.timedelta(days=7)
STEP_NOTE = (
    "「照会のみ」が出てこないときは、一度ログアウトし、管理者の利用者名で入り直してください。"
    "それでも出ないときは、事務局にお電話ください。"
)
COVERING_PHARMACIES = "訪問先で薬歴を照会できるようになりました。訪問を行わない薬局も「確認しました」を押してください。"


@dataclass
class Office:
    """Who works there, and the day it is."""

    staff: list[Capacity]
    now: dt.datetime
    rng: Random

    def on(self, days_ago: int, hour: int = 9, minute: int = 0) -> dt.datetime:
        """A working moment so many days ago: before now, and not on a Sunday."""
        day = self.now.astimezone(TOKYO) - dt.timedelta(days=days_ago)
        moment = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
        while moment > self.now or moment.weekday() == 6:
            moment -= dt.timedelta(days=1)
        return moment

    def actor(self, index: int = 0) -> Actor:
        return Actor(self.staff[index].account, self.staff[index])


@transaction.atomic
def furnish(districts: int, pharmacies: int, seed: int) -> Office:
    """Make the whole demonstration. The same seed on the same day gives the same office."""
    rng = Random(seed)
    now = timezone.now()
    made = roster.make(districts, pharmacies, rng, timezone.localdate())
    office = Office(made.staff, now, rng)
    _training(office)
    _licence(office)
    _insurance(office, made.districts[:5])
    _app(office)
    _holidays(office)
    _on_call(office)
    _disaster(office)
    _answer(made.districts[0])
    remind_so_far(now)
    return office


def _take_in(office: Office, text: str, name: str, serial: int, received_at: dt.datetime) -> Packet:
    """Receive a packet under the office's running number, among the hundreds that came before it this year."""
    number = f"{wareki.fiscal_year_in_era(received_at.astimezone(TOKYO).date())}-{serial}"
    with history.dated(received_at):
        packet = take_in.receive(text.encode(), name, office.actor(), number)
    Packet.objects.filter(pk=packet.pk).update(received_at=received_at)
    packet.received_at = received_at
    return packet


def _register(office: Office, packet: Packet) -> Notice:
    with history.dated(packet.received_at + dt.timedelta(minutes=12)):
        packet = take_in.accept(packet, office.actor())
        notice = take_in.register(packet, office.actor())
    Packet.objects.filter(pk=packet.pk).update(registered_at=packet.received_at + dt.timedelta(minutes=12))
    return notice


def _plan(notice: Notice, **choices: object) -> None:
    """What the release asks, of whom and until when."""
    Release.objects.filter(notice=notice).update(**choices)


def _release(office: Office, notice: Notice, at: dt.datetime, plan: Answers) -> Release:
    """Approve and release the notice as people would, then set its moment back and let the recipients answer."""
    _approve(office, notice, at - dt.timedelta(minutes=25), at - dt.timedelta(minutes=8))
    with history.dated(at):
        release = issue.release(notice.pk, office.actor())
    Release.objects.filter(pk=release.pk).update(
        released_at=at, released_on=at.astimezone(TOKYO).date(), state=Release.State.SENT
    )
    release.refresh_from_db()
    answers.send(release, at, office.rng)
    answers.post(release, at + dt.timedelta(hours=5), office.actor())
    answers.answer(release, plan, office.rng, office.now, office.staff[0])
    return release


def _ask(office: Office, notice: Notice, at: dt.datetime, by: int = 0, gist: str = "") -> Approval:
    """A member of the staff asks that the draft be approved, to be dated today unless it has its date."""
    with history.dated(at):
        asked = approve.ask(notice.pk, office.now.astimezone(TOKYO).date(), office.actor(by), gist)
    Approval.objects.filter(pk=asked.pk).update(asked_at=at)
    return asked


def _approve(office: Office, notice: Notice, asked_at: dt.datetime, at: dt.datetime) -> None:
    """The administrator approves what staff asked for."""
    asked = _ask(office, notice, asked_at)
    with history.dated(at):
        approve.approve(asked.pk, asked.day, office.actor(ADMINISTRATOR))
    Approval.objects.filter(pk=asked.pk).update(decided_at=at)


def _own(office: Office, serial: int, at: dt.datetime) -> Letterhead:
    return Letterhead("福薬業発", serial, at.astimezone(TOKYO).date())


def _training(office: Office) -> None:
    """An お知らせ of six weeks ago: nothing asked."""
    at = office.on(44, 10, 15)
    text = packets.training_letter(_own(office, 318, at), office.now.astimezone(TOKYO).date() + dt.timedelta(days=20))
    notice = _register(office, _take_in(office, text, "kenshukai.txt", 1042, at - dt.timedelta(minutes=40)))
    _plan(
        notice,
        ask=Release.Ask.INFORM,
        covering_pharmacies="研修会のご案内です。お申し込みは地区薬剤師会へお願いします。",
    )
    _release(office, notice, at, Answers(confirmed=0))


def _licence(office: Office) -> None:
    """A 確認 whose deadline is near, most have read it."""
    at = office.on(30, 9, 30)
    deadline = office.now.astimezone(TOKYO).date() + dt.timedelta(days=2)
    text = packets.licence_letter(_own(office, 325, at), deadline)
    notice = _register(office, _take_in(office, text, "mayaku.txt", 1071, at - dt.timedelta(hours=1)))
    _plan(
        notice,
        ask=Release.Ask.CONFIRM,
        who="麻薬を取り扱う薬局",
        what="免許証の期限を見て、県へ継続を申請する",
        deadline=deadline,
        covering_pharmacies="今年末で期限が切れる免許が対象です。取り扱いのない薬局も、確認だけお願いします。",
    )
    _release(office, notice, at, Answers(confirmed=0.86, half_after_days=5))


def _insurance(office: Office, districts: list[Organisation]) -> None:
    """Through some districts: the first two have not passed it on yet, the others did within days."""
    at = office.on(12, 11, 0)
    deadline = office.now.astimezone(TOKYO).date() + dt.timedelta(days=25)
    text = packets.insurance_letter(_own(office, 334, at), deadline)
    notice = _register(office, _take_in(office, text, "hoken.txt", 1104, at - dt.timedelta(hours=1)))
    _plan(
        notice,
        ask=Release.Ask.CONFIRM,
        who="会員薬局",
        what="更新するかどうかを決めておく",
        deadline=deadline,
        through_districts=True,
        scope=Release.Scope.DISTRICTS,
        covering_chairs=wording.for_chairs(through_districts=True),
    )
    notice.release.districts.set(districts)
    release = _release(office, notice, at, Answers(confirmed=0))
    release.receipts.filter(district__in=districts[:2]).update(finished_at=None, finished_via="")
    release.receipts.filter(district__in=districts[2:]).update(
        confirmed_at=None, confirmed_via="", finished_at=None, finished_via=""
    )
    # A district that has no pharmacy to pass it on to was not asked.
    for place, receipt in enumerate(release.receipts.filter(organisation__in=districts[2:]).order_by("pk"), start=1):
        _pass_on(office, receipt, office.on(12 - 2 * place, 16, 20), place)


def _pass_on(office: Office, receipt: Receipt, at: dt.datetime, serial: int) -> None:
    """The district's letter, as its chair would have sent it at that moment."""
    day = at.astimezone(TOKYO).date()
    number = f"{receipt.organisation.label[0]}薬発第{serial}号"
    deadline = receipt.release.deadline
    text = stating.with_deadline(wording.for_members(receipt.release.notice), None, deadline, stating.TO_MEMBERS)
    covering = Covering(text, day, number, deadline)
    chair = roster.chair_of(receipt.organisation)
    with history.dated(at):
        letter = pass_on.pass_on(receipt.pk, covering, Actor(chair.account, chair))
    Receipt.objects.filter(pk=receipt.pk).update(confirmed_at=at, finished_at=at)
    Release.objects.filter(pk=letter.pk).update(released_at=at, released_on=day, state=Release.State.SENT)
    letter.refresh_from_db()
    answers.send(letter, at, office.rng)
    if office.now - at > PAPERS_LIE:
        answers.post(letter, at + dt.timedelta(hours=18), office.actor())
    plan = Answers(confirmed=0.7, half_after_days=3)
    answers.answer(letter, plan, office.rng, office.now, office.staff[0])


def _app(office: Office) -> None:
    """The reminder with a set-up, three weeks old and partly answered."""
    at = office.on(21, 10, 0)
    day = at.astimezone(TOKYO).date()
    text = packets.app_packet(
        day - dt.timedelta(days=23),
        Letterhead("日薬業発", 261, day - dt.timedelta(days=22)),
        _own(office, 341, at),
        _own(office, 309, at),
    )
    notice = _register(office, _take_in(office, text, "yakureki-app.txt", 1089, at - dt.timedelta(minutes=50)))
    with history.dated(at):
        guide.arrange(
            notice.pk,
            [StepLine(title, group, hint, holds_secret=secret) for group, title, hint, secret in packets.STEPS],
            office.actor(),
        )
    for place, (marked, words) in screens.SCREENS.items():
        notice.steps.filter(position=place).update(picture=screens.screen(marked), picture_alt=words)
    with history.dated(at):
        manual.enclose(notice.pk, manual.may_become(notice)[0].pk, office.actor())
    _plan(
        notice,
        ask=Release.Ask.SET_UP,
        who="訪問薬剤管理を行う薬局",
        what="PC の設定を変え、タブレット等にアプリを入れる",
        deadline=office.now.astimezone(TOKYO).date() + dt.timedelta(days=9),
        covering_pharmacies=COVERING_PHARMACIES,
    )
    plan = Answers(confirmed=0.79, finished=0.58, not_applicable=0.08, half_after_days=5.5, stuck_at=(4, 10))
    _release(office, notice, at, plan)
    _note(office, notice.steps.get(position=5), office.on(12, 11, 40))


def _note(office: Office, step: Step, at: dt.datetime) -> None:
    """Many asked the same about a step."""
    with history.dated(at):
        step_notes.write(step.pk, STEP_NOTE, actor=office.actor())
    StepNote.objects.filter(step=step).update(written_at=at)


def _holidays(office: Office) -> None:
    """From 日薬, registered days ago: the association's letter is drafted and waits for its approval."""
    at = office.on(3, 14, 20)
    day = at.astimezone(TOKYO).date()
    national = Letterhead("日薬業発", 296, day - dt.timedelta(days=6))
    text = packets.holiday_packet(day - dt.timedelta(days=9), national)
    notice = _register(office, _take_in(office, text, "nichiyaku-296.txt", 1147, at))
    _plan(
        notice,
        ask=Release.Ask.CONFIRM,
        who="すべての会員薬局",
        what="年末年始の開局予定を地域の医療機関と共有する",
        deadline=office.now.astimezone(TOKYO).date() + dt.timedelta(days=19),
        covering_pharmacies="年末年始の開局予定を、近くの医療機関へお知らせください。",
    )
    gist = "日薬からの依頼を会員に伝えるもの。例年どおり、地域の医療機関との共有をお願いする。"
    _ask(office, notice, office.on(1, 15, 10), by=1, gist=gist)


def _on_call(office: Office) -> None:
    """The association's own letter, with its number, approved and ready to be released."""
    at = office.on(1, 16, 30)
    deadline = office.now.astimezone(TOKYO).date() + dt.timedelta(days=16)
    text = packets.on_call_letter(_own(office, 342, at), deadline)
    notice = _register(office, _take_in(office, text, "toban.txt", 1158, at))
    _plan(
        notice,
        ask=Release.Ask.CONFIRM,
        who="休日・夜間に当番をする薬局",
        what="連絡先が変わっていないかを確かめる",
        deadline=deadline,
        covering_pharmacies="変わりのない薬局も、「確認しました」を押してください。",
    )
    _approve(office, notice, at + dt.timedelta(minutes=20), at + dt.timedelta(minutes=40))


def _disaster(office: Office) -> None:
    """From the prefecture, in this morning's post: nobody has looked at the reading yet."""
    at = office.on(0, 8, 45)
    letter = Letterhead("薬", 1187, at.astimezone(TOKYO).date() - dt.timedelta(days=3))
    _take_in(office, packets.disaster_packet(letter), "ken-yakumu-1187.txt", 1163, at)


def _answer(district: Organisation) -> None:
    """Of one address that does not work the chair has found out the new one; staff have not looked at it yet."""
    chair = Capacity.objects.select_related("account").get(role=Role.CHAIR, organisation=district)
    task = access.tasks_visible_to(chair).for_district().filter(channel=Channel.EMAIL).first()
    if task:
        name, _, domain = task.address.partition("@")
        found = Answer(
            Task.Says.ADDRESS, f"{name}-new@{domain}", remark="電話で聞きました。先月、アドレスを変えたそうです。"
        )
        propose(task.pk, found, Actor(chair.account, chair))
