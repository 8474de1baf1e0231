"""再通知: when those who have not answered a release are reminded, and who was reminded of what."""

import datetime as dt

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from members.models import Account, Capacity, Organisation
from members.models.organisation import Channel
from notices.models.help_request import HelpRequest
from notices.models.receipt import Receipt, unanswered
from notices.models.release import Release

# Days from the deadline or the release within which anybody is reminded.
EARLIEST, LATEST = -90, 120
# The days of a plan on which others are told.
TOLD_IN_TIME = (Q(chairs_on=None) | Q(chairs_on__gte=EARLIEST, chairs_on__lte=LATEST)) & (
    Q(staff_on=None) | Q(staff_on__gte=EARLIEST, staff_on__lte=LATEST)
)


class ReminderPlanQuerySet(models.QuerySet["ReminderPlan"]):
    def going(self) -> "ReminderPlanQuerySet":
        """Those by which somebody may be reminded: not stopped, of a released notice that counts and asks something."""
        released = Q(release__state=Release.State.SENDING) | Q(release__state=Release.State.SENT)
        asking = self.filter(released, stopped_at=None).exclude(release__ask=Release.Ask.INFORM)
        return asking.filter(release__superseded_by=None)

    def counted_between(self, first: dt.date, last: dt.date) -> "ReminderPlanQuerySet":
        """Those whose days count from one of these (`Release.counted_from`)."""
        days = (first, last)
        by_release = Q(release__deadline=None, release__released_on__range=days)
        return self.filter(Q(release__deadline__range=days) | by_release)


class ReminderPlan(models.Model):
    """The plan of one release of the association; districts' letters that pass it on follow it, too.

    Days count from the deadline of what was received, or from its release where it has none. `most` is how often a
    recipient is reminded of it, `chairs_on` the day of the list for the chairs, `staff_on` the day from which on it is
    a task of the office. `from_deadline` is how the days were meant when they were chosen.
    """

    release = models.OneToOneField(Release, models.CASCADE, related_name="reminder_plan")
    from_deadline = models.BooleanField("期限から数える", default=True)
    hour = models.PositiveSmallIntegerField("時刻", validators=[MaxValueValidator(23)])
    most = models.PositiveSmallIntegerField("1か所あたり多くて")
    chairs_on = models.SmallIntegerField("地区会長に知らせる日", null=True, blank=True)
    staff_on = models.SmallIntegerField("事務局の仕事にする日", null=True, blank=True)
    stopped_at = models.DateTimeField("止めた日時", null=True, blank=True)
    stopped_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ReminderPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hour__lte=23), name="reminders_hour_of_a_day"),
            models.CheckConstraint(condition=Q(most__gte=1, most__lte=20), name="reminders_most_sensible"),
            models.CheckConstraint(condition=TOLD_IN_TIME, name="reminders_told_in_time"),
            models.CheckConstraint(
                condition=Q(stopped_at=None, stopped_by=None) | Q(stopped_at__isnull=False, stopped_by__isnull=False),
                name="reminders_stopped_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"再通知 {self.release_id}"


class ReminderDay(models.Model):
    """One day of a plan: so many days after the deadline or the release, negative before it."""

    plan = models.ForeignKey(ReminderPlan, models.CASCADE, related_name="days")
    offset = models.SmallIntegerField("日")

    class Meta:
        ordering = ["offset"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "offset"], name="reminder_day_once"),
            models.CheckConstraint(condition=Q(offset__gte=EARLIEST, offset__lte=LATEST), name="reminder_day_in_time"),
        ]

    def __str__(self) -> str:
        return f"{self.offset:+}"


class UsualPlan(models.Model):
    """いつもの予定, as the association wants it: by it every new release reminds, with or without a deadline.

    There is a row only where it is not the site's own (settings). Days count as in ReminderPlan.
    """

    from_deadline = models.BooleanField("期限から数える", unique=True)
    days = models.JSONField("日")
    hour = models.PositiveSmallIntegerField("時刻", validators=[MaxValueValidator(23)])
    most = models.PositiveSmallIntegerField("1か所あたり多くて")
    chairs_on = models.SmallIntegerField("地区会長に知らせる日", null=True, blank=True)
    staff_on = models.SmallIntegerField("事務局の仕事にする日", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hour__lte=23), name="usual_hour_of_a_day"),
            models.CheckConstraint(condition=Q(most__gte=1, most__lte=20), name="usual_most_sensible"),
            models.CheckConstraint(condition=TOLD_IN_TIME, name="usual_told_in_time"),
        ]

    def __str__(self) -> str:
        return f"期限の{'ある' if self.from_deadline else 'ない'}通知の、いつもの再通知"


class Unreminded(models.Model):
    """One recipient is not reminded of one notice any more: staff have stopped it."""

    receipt = models.OneToOneField(Receipt, models.CASCADE, related_name="unreminded")
    stopped_at = models.DateTimeField(db_default=Now())
    stopped_by = models.ForeignKey(Account, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"再通知しない {self.receipt_id}"


class ChairMessageQuerySet(models.QuerySet["ChairMessage"]):
    def waiting(self) -> "ChairMessageQuerySet":
        """Those that wait for their day."""
        return self.filter(written_at=None, ended="")


class ChairMessage(models.Model):
    """会員への連絡: what a chair wrote to the members of the district who had not answered a notice.

    `receipt` is the district's own of that notice, `day` when it goes out; `written_at` is the moment in which its
    messages were made, `ended` why that never happened. What waits for its day has neither.
    """

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="chair_messages", db_index=False)
    day = models.DateField("日")
    text = models.TextField("文")
    made_at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    capacity = models.ForeignKey(Capacity, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    written_at = models.DateTimeField("送信の手配", null=True, blank=True)
    ended = models.CharField("送らなかった理由", max_length=200, blank=True)

    objects = ChairMessageQuerySet.as_manager()

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["receipt", "day"], condition=Q(ended=""), name="chair_writes_once_a_day"),
            models.CheckConstraint(condition=~Q(text=""), name="chair_writes_something"),
            models.CheckConstraint(condition=Q(written_at=None) | Q(ended=""), name="chair_wrote_or_not"),
            models.CheckConstraint(
                condition=Q(written_at__isnull=False) | Q(capacity__isnull=False), name="chair_waits_in_a_capacity"
            ),
        ]

    def __str__(self) -> str:
        return f"会員への連絡 {self.day}"


class Reminder(models.Model):
    """What one organisation is reminded of on one day, by one message to each of its addresses.

    Its deliveries belong to `receipt`, the most urgent of those it names, or one of which the earlier addresses end
    before long; `by` is who had it sent by hand, and `message` the chair's own words, where these are what it says.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="reminders", db_index=False)
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="+")
    day = models.DateField("日")
    made_at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    message = models.ForeignKey(ChairMessage, models.PROTECT, null=True, blank=True, related_name="reminders")

    class Meta:
        ordering = ["day", "id"]
        constraints = [models.UniqueConstraint(fields=["organisation", "day"], name="reminder_once_a_day")]

    def __str__(self) -> str:
        return f"再通知 {self.day}"


def about(receipt: str = "") -> Q:
    """A condition for what was asked or stopped: of a receipt, or of the one in whose place a 再周知 asks it.

    `receipt` leads to the receipt ("receipt__").
    """
    return Q(receipt=OuterRef(f"{receipt}pk")) | Q(receipt=OuterRef(f"{receipt}carried_from"))


class MentionQuerySet(models.QuerySet["Mention"]):
    def said(self) -> "MentionQuerySet":
        """Those with which somebody was, or is still to be, reminded: not what was dropped, stopped or has failed."""
        reminder = Reminder.objects.filter(pk=OuterRef("reminder"))
        # Their purpose is no other, and by it an index finds them: without it each mention reads every delivery.
        mails = {"deliveries__purpose": "reminder"}
        going = reminder.filter(**mails, deliveries__state__in=["waiting", "sending", "sent"])
        gone = reminder.filter(**mails, deliveries__state="sent", deliveries__settled_at__lt=OuterRef("dropped_at"))
        return self.filter(Q(Exists(going), dropped_at=None) | Exists(gone))

    def worth_saying(self) -> "MentionQuerySet":
        """Of which there is still something to say: not done, and nobody has stopped it, asks for help or left.

        A list of members is worth sending as it was written.
        """
        asked = HelpRequest.objects.filter(about("receipt__"), closed_at=None)
        return self.filter(
            Q(what=Mention.What.MEMBERS) | unanswered("receipt__"),
            ~Exists(asked),
            ~Exists(Unreminded.objects.filter(about("receipt__"))),
            dropped_at=None,
            receipt__organisation__left_on=None,
            receipt__release__superseded_by=None,
            receipt__release__reminder_plan__stopped_at=None,
            receipt__release__passes_on__reminder_plan__stopped_at=None,
        ).exclude(receipt__release__state=Release.State.STOPPED)

    def sayable(self) -> "MentionQuerySet":
        """Those of them that may be said now: nothing is said of a release that rests."""
        return self.worth_saying().exclude(receipt__release__state=Release.State.PAUSED)


class Mention(models.Model):
    """One notice that a reminder names: to be answered, or with the members of a district who have not.

    `offset` is the day of the plan, empty when it was sent by hand; `place` the order in the message. `members` are
    those on the list for the chair, as they were when it was written. `dropped_at` is when it was left out, since there
    was nothing to say about it any more: messages that went out before had it.
    """

    class What(models.TextChoices):
        ANSWER = "answer", "返事のお願い"
        MEMBERS = "members", "未回答の会員の一覧"

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="mentions", db_index=False)
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="mentions", db_index=False)
    what = models.CharField(max_length=7, choices=What, default=What.ANSWER)
    offset = models.SmallIntegerField(null=True, blank=True)
    place = models.PositiveSmallIntegerField(default=0)
    members = models.ManyToManyField(Receipt, blank=True, related_name="+")
    dropped_at = models.DateTimeField(null=True, blank=True)

    objects = MentionQuerySet.as_manager()

    class Meta:
        ordering = ["reminder", "place"]
        constraints = [
            # One reminder per receipt and day of its plan, whoever looks and however often.
            models.UniqueConstraint(
                fields=["receipt", "what", "offset"], condition=Q(offset__isnull=False), name="mention_once_a_plan_day"
            ),
            models.UniqueConstraint(fields=["reminder", "receipt", "what"], name="mention_once_in_a_reminder"),
            models.CheckConstraint(condition=Q(what__in=["answer", "members"]), name="mention_what_known"),
        ]
        indexes = [models.Index(fields=["receipt"], name="mention_of_receipt")]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.receipt_id}"


def still_worth_sending() -> Q:
    """A condition for messages that remind: of what they name there is still something to say."""
    return _named(Mention.objects.worth_saying())


def may_be_sent() -> Q:
    """The same, and it may be said now."""
    return _named(Mention.objects.sayable())


def _named(mentions: MentionQuerySet) -> Q:
    """A FAX is the sheet of one notice: it is worth sending for that one."""
    found = mentions.filter(reminder=OuterRef("reminder")).order_by()
    return (~Q(channel=Channel.FAX) & Exists(found)) | Exists(found.filter(receipt=OuterRef("receipt")))
