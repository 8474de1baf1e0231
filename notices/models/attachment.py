"""別添・別紙・参考: what lies below a letter, or is referred to."""

from django.db import models
from django.db.models import Q

from notices.models.file import StoredFile
from notices.models.notice import Notice


class Attachment(models.Model):
    """別添・別紙・参考 of a notice: an enclosed notice, a file, an address, or a text that came with the packet."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField()
    label = models.CharField("区分", max_length=20)
    title = models.CharField("題名", max_length=500)
    enclosed = models.ForeignKey(Notice, models.PROTECT, null=True, blank=True, related_name="enclosed_as")
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    file_name = models.CharField(
        "ファイル名", max_length=300, blank=True, help_text="Under which the file came here; empty: that of the file."
    )
    url = models.URLField("URL", max_length=1000, blank=True)
    text = models.TextField("内容", blank=True)
    from_steps = models.BooleanField(
        "設定手順から作る", default=False, help_text="The site makes its file out of the steps at the release."
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "position"], name="attachment_position_once"),
            models.CheckConstraint(condition=Q(enclosed=None) | Q(file=None), name="attachment_letter_or_file"),
            models.CheckConstraint(
                condition=Q(from_steps=False) | Q(enclosed=None, url=""), name="attachment_from_steps_is_a_file"
            ),
            models.UniqueConstraint(
                fields=["notice"], condition=Q(from_steps=True), name="attachment_from_steps_once_a_notice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.title}"

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing but its label and title: recipients are not shown it."""
        return not (self.enclosed_id or self.file_id or self.url or self.text or self.from_steps)

    @property
    def offered_as(self) -> str:
        """The name under which its file is offered: the same bytes may have come elsewhere under another one."""
        return self.file_name or (self.file.name if self.file else "")
