"""通知と別添をまとめたPDF: a release's letter bound with its enclosures, once: everybody gets the same bytes."""

from django.db import models
from django.db.models import Q

from notices.models.file import StoredFile
from notices.models.release import Release

MOST_TRIES = 3


class BoundPacketQuerySet(models.QuerySet["BoundPacket"]):
    def due(self) -> "BoundPacketQuerySet":
        """Promised, not made, and not given up."""
        return self.filter(file=None, tries__lt=MOST_TRIES)


class BoundPacket(models.Model):
    """A promise, made with the release; kept by a worker, who holds it by `taken_until` meanwhile.

    `left_out` says what could not be bound: for each its label, its title and why.
    """

    release = models.OneToOneField(Release, models.CASCADE, related_name="bound")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    pages = models.PositiveIntegerField("ページ数", null=True, blank=True)
    left_out = models.JSONField("綴じていないもの", default=list, blank=True)
    made_at = models.DateTimeField(null=True, blank=True)
    taken_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    objects = BoundPacketQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(file=None, pages=None, made_at=None)
                | Q(file__isnull=False, pages__isnull=False, made_at__isnull=False),
                name="bound_packet_whole_or_promised",
            ),
            models.CheckConstraint(condition=Q(pages=None) | Q(pages__gt=0), name="bound_packet_has_pages"),
        ]

    def __str__(self) -> str:
        return f"まとめたPDF {self.release_id}"

    @property
    def is_given_up(self) -> bool:
        return self.file_id is None and self.tries >= MOST_TRIES
