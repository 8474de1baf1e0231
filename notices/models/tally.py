"""What was counted of the receipts, kept so that a board needs not count them again, and what has changed since."""

from django.db import models
from django.db.models import Q

from members.models import Organisation
from notices.models.release import Release

# What is counted of receipts, each a number of them; notices.tallies says how.
COUNTED = (
    *("recipients", "sent", "waiting", "other_channel", "failed", "stopped"),
    *("confirmed", "finished", "not_applicable", "needs_help"),
    *("on_behalf", "finished_on_behalf", "not_applicable_on_behalf"),
)


class KeptTally(models.Model):
    """The pharmacies of a release in one district, or in all of them where `district` is None, as they were counted.

    It holds as long as no ToCount names it, and is never changed by hand: who changes a receipt, need not know of it.
    """

    release = models.ForeignKey(Release, models.CASCADE, related_name="+", db_index=False)
    district = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    recipients = models.PositiveIntegerField()
    sent = models.PositiveIntegerField()
    waiting = models.PositiveIntegerField()
    other_channel = models.PositiveIntegerField()
    failed = models.PositiveIntegerField()
    stopped = models.PositiveIntegerField()
    confirmed = models.PositiveIntegerField()
    finished = models.PositiveIntegerField()
    not_applicable = models.PositiveIntegerField()
    needs_help = models.PositiveIntegerField()
    on_behalf = models.PositiveIntegerField()
    finished_on_behalf = models.PositiveIntegerField()
    not_applicable_on_behalf = models.PositiveIntegerField()
    # The moment by which half of the recipients, rounded up, had confirmed; none while fewer have.
    half_at = models.DateTimeField(null=True)
    # What the chair did, of a district that is a recipient itself: the key of its receipt, 受領確認, 会員への周知.
    chair_receipt = models.BigIntegerField(null=True)
    accepted_at = models.DateTimeField(null=True)
    passed_on_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "district"], name="tally_once_per_district"),
            models.UniqueConstraint(fields=["release"], condition=Q(district=None), name="tally_once_of_the_whole"),
            models.CheckConstraint(
                condition=Q(
                    recipients=models.F("sent")
                    + models.F("waiting")
                    + models.F("other_channel")
                    + models.F("failed")
                    + models.F("stopped")
                ),
                name="tally_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release_id} × {self.district_id or '全体'}"


class ToCount(models.Model):
    """Something of a release's receipts in a district has changed since it was counted.

    The database writes it (triggers of the migration), in the transaction of the change: on PostgreSQL one a statement
    and district, so that no two who answer at once wait for one another; on SQLite one a district.
    """

    release = models.ForeignKey(Release, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)
    district = models.ForeignKey(Organisation, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)

    class Meta:
        indexes = [models.Index(fields=["release", "district"], name="to_count_of_release")]

    def __str__(self) -> str:
        return f"{self.release_id} × {self.district_id}"
