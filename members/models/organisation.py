"""Organisations: the association's tree, and the issuers outside it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from members.names import search_key


class Kind(models.TextChoices):
    ASSOCIATION = "association", "県薬剤師会"
    DISTRICT = "district", "地区薬剤師会"
    PHARMACY = "pharmacy", "薬局"
    ISSUER = "issuer", "発出元"


class Channel(models.TextChoices):
    EMAIL = "email", "メール"
    FAX = "fax", "FAX"
    POST = "post", "郵送"


class Tag(models.Model):
    """A property of pharmacies by which recipients are chosen (在宅対応 …)."""

    name = models.CharField("名前", max_length=40, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def districts(self) -> "OrganisationQuerySet":
        return self.filter(kind=Kind.DISTRICT)

    def pharmacies(self) -> "OrganisationQuerySet":
        return self.filter(kind=Kind.PHARMACY)

    def current(self) -> "OrganisationQuerySet":
        """Those that have not left."""
        return self.filter(left_on=None)

    def matching(self, text: str) -> "OrganisationQuerySet":
        """Those whose name, reading, code or telephone holds the text: 高 finds 髙, hyphens do not count."""
        return self.filter(search_key__contains=search_key(text))


# By what people search an organisation.
SEARCHED = ("name", "short_name", "kana", "code", "telephone", "fax")


class Organisation(models.Model):
    """The association, a district or a pharmacy (a tree by `parent`), or an issuer without a parent."""

    kind = models.CharField("種類", max_length=12, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField("名称", max_length=300, help_text="Kept to the byte as it was typed.")
    short_name = models.CharField("略称", max_length=60, blank=True)
    kana = models.CharField("フリガナ", max_length=300, blank=True)
    search_key = models.CharField(max_length=900, blank=True, editable=False)
    code = models.CharField("薬局コード", max_length=10, blank=True)
    postal_code = models.CharField("郵便番号", max_length=8, blank=True)
    address = models.CharField("住所", max_length=300, blank=True)
    telephone = models.CharField("電話", max_length=20, blank=True)
    fax = models.CharField("FAX", max_length=20, blank=True)
    channel = models.CharField("届け方", max_length=5, choices=Channel, default=Channel.EMAIL)
    fallback = models.CharField(
        "届かないときの届け方",
        max_length=5,
        choices=Channel,
        blank=True,
        help_text="Empty: at release whatever address there is; nothing by itself when a message fails later.",
    )
    position = models.PositiveIntegerField("名簿の順", default=0)
    tags = models.ManyToManyField(Tag, blank=True, related_name="organisations")
    joined_on = models.DateField("入会日", null=True, blank=True)
    left_on = models.DateField("退会日", null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["association", "issuer"], parent=None)
                | Q(kind__in=["district", "pharmacy"], parent__isnull=False),
                name="organisation_parent_fits_kind",
            ),
            models.UniqueConstraint(fields=["kind"], condition=Q(kind="association"), name="one_association"),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="organisation_code_once"),
            models.UniqueConstraint(fields=["name"], condition=Q(kind="issuer"), name="issuer_name_once"),
            models.CheckConstraint(
                condition=Q(joined_on=None) | Q(left_on=None) | Q(left_on__gte=models.F("joined_on")),
                name="organisation_left_after_joined",
            ),
        ]
        indexes = [models.Index(fields=["parent", "position"], name="organisation_roster")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fold()
        super().save(*args, **kwargs)

    def fold(self) -> "Organisation":
        """Renew the search key from what people search by. Bulk writers call it themselves."""
        longest = self._meta.get_field("search_key").max_length  # one sign may fold to four
        self.search_key = search_key(*(getattr(self, name) for name in SEARCHED))[:longest]
        return self

    def lacks(self, channel: str) -> bool:
        """Whether the number or address that FAX or post needs is not registered."""
        return (channel == Channel.FAX and not self.fax) or (channel == Channel.POST and not self.address)

    @property
    def lacks_own(self) -> bool:
        """The same of the way that it has chosen."""
        return self.lacks(self.channel)

    @property
    def label(self) -> str:
        """The name in lists and narrow cells."""
        return self.short_name or self.name


class Mailbox(models.Model):
    """One e-mail address under which an organisation receives. Several organisations may share one."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="mailboxes")
    address = models.EmailField("メールアドレス", max_length=254)
    usable = models.BooleanField("使える", default=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "mailboxes"
        constraints = [
            models.UniqueConstraint("organisation", Lower("address"), name="mailbox_once_per_organisation"),
        ]
        indexes = [models.Index(Lower("address"), name="mailbox_by_address")]

    def __str__(self) -> str:
        return self.address
