"""A year of reminders, day by day with the clock moved: nobody is bothered who must not be.

Releases with and without deadlines come in the course of the year, some through the districts, whose letters go out
days later; pharmacies answer, ask for help and are answered, staff press the button, chairs write to their members,
mails fail, and where somebody was reminded it is looked again.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from random import Random

from django.utils import timezone

from members.history import NOBODY
from members.workdays import is_workday
from notices.distribution.reminders import days, due, plans
from notices.models import Delivery, HelpRequest, Mention, Receipt, Release, Reminder
from notices.models.receipt import Audience, Via
from notices.procedures import remind, write_to_members
from notices.tracking import confirming, helping, setup
from tests.cast import Cast
from tests.district_letters import letter, to_districts
from tests.reminders.conftest import at, issued, out_since, replan, sent

FIRST = dt.date(2026, 4, 1)
BY_LINK = {"actor": NOBODY, "via": Via.PERSONAL}
# Day of the year, days until the deadline (None: none), what is asked.
RELEASES = [
    (0, 20, Release.Ask.CONFIRM),
    (20, 15, Release.Ask.SET_UP),  # its deadline falls into the holidays of May
    (60, None, Release.Ask.CONFIRM),
    (75, None, Release.Ask.INFORM),
    (110, 25, Release.Ask.SET_UP),  # お盆
    (150, 30, Release.Ask.CONFIRM),  # the holidays of September
    (250, 21, Release.Ask.SET_UP),  # 年末年始
    (255, None, Release.Ask.CONFIRM),
]
# Day of the year and days until the deadline of what goes through the districts, and after how many days each of them
# has passed it on: 髙尾台 once after the first day of the plan, and once after the deadline.
THROUGH = [(152, 28, (2, 26)), (300, 10, (1, 15))]


def test_a_year_in_which_nobody_is_bothered_who_must_not_be(cast: Cast):
    rng, releases = Random(7), []
    done: dict[int, dt.date] = {}  # receipt → the day on which nothing was left to do
    helped: dict[int, list[dt.date]] = {}  # receipt → the days on which it had an open question
    expected = 0
    for number in range(365):
        day = FIRST + dt.timedelta(days=number)
        for start, until, ask in RELEASES:
            if start == number:
                deadline = day + dt.timedelta(days=until) if until else None
                releases.append(issued(cast, day, f"通知{len(releases)}", deadline=deadline, ask=ask))
                if number == 0:
                    replan(releases[0], -7, -3, -1, 0, 1, 2, 3, 7, most=3)
        releases += _through_districts(cast, day, number, done)
        _answers(cast, releases, rng, day, done)
        for question in HelpRequest.objects.filter(closed_at=None):
            helped.setdefault(question.receipt_id, []).append(day)
        if number % 7 == 0:
            assert remind.remind(at(day, 8, 59)) == 0
        written = remind.remind(at(day, 9))
        if written:
            assert remind.remind(at(day, 9, 1)) == 0
        if rng.random() < 0.03 and releases and not remind.obstacle(releases[-1], at(day, 14)):
            written += _pressed(cast, releases[-1], at(day, 14))
        written += _chair_writes(cast, releases, rng, day)
        expected += written
        if not is_workday(day):
            assert written == 0, day
        if written:
            _outcomes(rng)
    assert Reminder.objects.count() == expected > 60
    _nobody_was_bothered(cast, releases, done, helped)


def _through_districts(cast: Cast, day: dt.date, number: int, done: dict[int, dt.date]) -> Iterator[Release]:
    """What is released to the districts on that day, and their letters that pass such a notice on."""
    for start, until, after in THROUGH:
        subject = f"地区を通す通知{start}"
        if start == number:
            yield out_since(to_districts(cast, subject), day, day + dt.timedelta(days=until))
        for district, waited in zip(cast.districts, after, strict=True):
            if start + waited == number:
                passed = Release.objects.get(notice__subject=subject)
                yield out_since(letter(cast, passed, district, f"{district.name}の文書{start}"), day, plan=False)
                own = Receipt.objects.filter(release=passed, organisation=district)
                told = {"finished_at": at(day, 8), "finished_via": Via.SIGNED_IN, "confirmed_via": Via.SIGNED_IN}
                own.update(confirmed_at=at(day, 8), **told)
                done[own.get().pk] = day


def _chair_writes(cast: Cast, releases: list[Release], rng: Random, day: dt.date) -> int:
    """Now and then a chair writes to the members in words of its own; the number of members."""
    if not releases or rng.random() > 0.05:
        return 0
    release = rng.choice([each for each in releases[-3:] if not each.passes_on_id])
    try:
        own = cast.receipt(release, cast.shirasagi)
        return write_to_members.write(own.pk, "例会でお話しします。", cast.actor("chair"), at(day, 15))
    except write_to_members.CannotWrite:
        return 0


def _answers(cast: Cast, releases: list[Release], rng: Random, day: dt.date, done: dict[int, dt.date]) -> None:
    """Every other day some answer, some ask for help, some are answered."""
    if day.toordinal() % 2:
        return
    for question in HelpRequest.objects.filter(closed_at=None):
        if rng.random() < 0.4:
            helping.close(question.pk, **BY_LINK)
    open_ones = Receipt.objects.filter(release__in=releases).unanswered().select_related("release")
    for receipt in open_ones.order_by("pk"):
        chance = rng.random()
        if chance < 0.04:
            _do(receipt)
            if not Receipt.objects.filter(pk=receipt.pk).unanswered().exists():
                done[receipt.pk] = day
        elif chance < 0.06 and receipt.takes_questions:
            helping.ask(receipt.pk, None, f"{day} の相談", **BY_LINK)


def _do(receipt: Receipt) -> None:
    """One step on: confirmed, then finished or not applicable. A district passes on by its letter."""
    if receipt.confirmed_at is None:
        confirming.confirm(receipt.pk, **BY_LINK)
    elif receipt.audience == Audience.DISTRICT:
        return
    elif receipt.pk % 2:
        setup.finish(receipt.pk, **BY_LINK)
    else:
        setup.mark_not_applicable(receipt.pk, "端末を使わない", **BY_LINK)


def _pressed(cast: Cast, release: Release, now: dt.datetime) -> int:
    try:
        return remind.remind_now(release.pk, cast.actor("staff"), now)
    except remind.CannotRemind:
        return 0


def _outcomes(rng: Random) -> None:
    """Most of what waits is sent; now and then a message fails, and stays for people to look after."""
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING)
    failing = [pk for pk in waiting.values_list("pk", flat=True) if rng.random() < 0.01]
    waiting.filter(pk__in=failing).update(state=Delivery.State.FAILED, settled_at=timezone.now())
    sent()


def _nobody_was_bothered(
    cast: Cast, releases: list[Release], done: dict[int, dt.date], helped: dict[int, list[dt.date]]
) -> None:
    twice = Counter(Reminder.objects.values_list("organisation", "day"))
    assert set(twice.values()) == {1}
    messages = Counter(Delivery.objects.filter(purpose="reminder").values_list("reminder", "address"))
    assert set(messages.values()) == {1}
    named = Mention.objects.filter(what=Mention.What.ANSWER).select_related(
        "receipt__release__passes_on", "receipt__district", "reminder"
    )
    by_plan = named.filter(pk__in=Mention.objects.said().values("pk"), reminder__message=None)
    often = Counter(by_plan.values_list("receipt", flat=True))
    most = {release.pk: plan.most for release in releases if (plan := plans.of(release.passes_on or release))}
    for mention in named:
        receipt, day = mention.receipt, mention.reminder.day
        assert is_workday(day)
        assert receipt.release.ask != Release.Ask.INFORM
        assert mention.reminder.message_id or day > receipt.release.released_on
        assert receipt.pk not in done or day < done[receipt.pk], f"{receipt} answered on {done[receipt.pk]}"
        assert day not in helped.get(receipt.pk, []), f"{receipt} was asking for help"
        assert often[receipt.pk] <= most[receipt.release_id]
        if mention.offset is not None:
            assert days.on(receipt.release, mention.offset) == day
    # And whoever was to be reminded was: each first day of a plan has somebody.
    assert {mention.receipt.release_id for mention in named} == set(most)
    # Chairs wrote to their own members, each of whom had one message on that day (above).
    assert {mention.receipt.district for mention in named if mention.reminder.message_id} == {cast.shirasagi}
    # Chairs were told once a notice, of members who had not answered by then.
    lists = Mention.objects.filter(what=Mention.What.MEMBERS).prefetch_related("members")
    assert 0 < len(lists) == len({mention.receipt_id for mention in lists})
    for mention in lists:
        for member in mention.members.all():
            assert member.district_id == mention.receipt.organisation_id
            assert member.pk not in done or mention.reminder.day < done[member.pk]
    assert due.due(at(FIRST + dt.timedelta(days=700))) == []
