"""設定手順: the steps of the procedure that a notice asks for."""

from collections import Counter
from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from notices.models.file import StoredFile
from notices.models.notice import Notice


class Step(models.Model):
    """設定手順: one step of the procedure that the notice asks for.

    その他 steps name no device. 参照 steps are links, not ticked.

    `device` is empty for a step of every device; otherwise the step is shown for that kind of device only.
    """

    class Group(models.TextChoices):
        PC = "pc", "PC"
        OTHER = "other", "その他"
        DEVICE = "device", "端末"
        REFERENCE = "reference", "参照"

    class Device(models.TextChoices):
        ANDROID = "android", "Android"
        IOS = "ios", "iOS"
        WINDOWS = "windows", "Windows"

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    group = models.CharField("区分", max_length=10, choices=Group, default=Group.PC)
    device = models.CharField("端末の種類", max_length=8, choices=Device, blank=True)
    title = models.CharField("手順", max_length=300)
    hint = models.CharField("補足", max_length=300, blank=True)
    holds_secret = models.BooleanField("秘密を扱う", default=False)
    picture = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    picture_alt = models.CharField("画像の説明", max_length=200, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "position"], name="step_position_once"),
            models.CheckConstraint(condition=Q(device="") | Q(group="device"), name="step_device_only_on_devices"),
            models.CheckConstraint(condition=Q(picture=None) | ~Q(picture_alt=""), name="step_picture_is_described"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.title}"

    @property
    def ticked(self) -> bool:
        """Whether the step is one to tick."""
        return self.group != self.Group.REFERENCE


def alike(steps: Iterable[Step]) -> dict[tuple[str, str, str, int], Step]:
    """The steps by what makes each the same in two notices, wherever it stands; of those alike the n-th is the n-th."""
    found: dict[tuple[str, str, str, int], Step] = {}
    times: Counter[tuple[str, str, str]] = Counter()
    for step in steps:
        said = step.group, step.device, step.title
        times[said] += 1
        found[*said, times[said]] = step
    return found


def alike_in(steps: Iterable[Step], others: Iterable[Step]) -> dict[int, Step]:
    """By the keys of some steps those of another notice that are the same, as far as there are any."""
    here = alike(others)
    return {step.pk: here[said] for said, step in alike(steps).items() if said in here}
