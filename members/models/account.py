"""Accounts, the capacities in which they act, and operators' sign-in passes."""

import datetime as dt
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from members.models.organisation import Organisation
from members.names import search_key


class AccountQuerySet(models.QuerySet["Account"]):
    def with_standing(self) -> "AccountQuerySet":
        """With `standing`, the capacities that have not ended, in one more query."""
        standing = Capacity.objects.standing().select_related("organisation")
        return self.prefetch_related(models.Prefetch("capacities", standing, to_attr="standing"))


class AccountManager(BaseUserManager.from_queryset(AccountQuerySet)):
    def create_account(self, email: str, name: str = "") -> "Account":
        """A new account; it has no password, sign-in is by code."""
        account = self.model(email=email.strip().lower(), name=name)
        account.set_unusable_password()
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, email: str) -> "Account":
        return self.get(email__iexact=email)


class Account(AbstractBaseUser):
    """An e-mail address, verified when a code mailed to it was first typed. What it may do lies in its capacities."""

    email = models.EmailField("メールアドレス", max_length=254, unique=True)
    name = models.CharField("氏名", max_length=100, blank=True)
    is_active = models.BooleanField("有効", default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    search_key = models.CharField(max_length=900, blank=True, editable=False)
    verified_at = models.DateTimeField("アドレスを確かめた日時", null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = AccountManager()

    # What stands in the place of the address of somebody whose name was kept long enough (RFC 2606: leads nowhere).
    FORGOTTEN = "@forgotten.invalid"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="account_email_once")]

    def __str__(self) -> str:
        return "氏名を消去した人" if self.email.endswith(self.FORGOTTEN) else self.name or self.email

    def forget(self) -> None:
        """Keep neither name nor address; what the account did stays the account's."""
        self.name, self.email = "", f"{self.pk}{self.FORGOTTEN}"
        self.save(update_fields=["name", "email"])

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = search_key(self.name, self.email)
        super().save(*args, **kwargs)


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", "管理者"
    STAFF = "staff", "事務局"
    CHAIR = "chair", "地区会長"
    DISTRICT_OFFICE = "district_office", "地区事務局"
    PHARMACY = "pharmacy", "薬局"


STAFF_ROLES = (Role.ADMINISTRATOR, Role.STAFF)
DUTIES = ("drafts", "approves", "publishes")


class CapacityQuerySet(models.QuerySet["Capacity"]):
    def standing(self) -> "CapacityQuerySet":
        """Those that have not ended, also where they are still to begin."""
        return self.filter(Q(ended_at=None) | Q(ended_at__gt=timezone.now()))

    def current(self) -> "CapacityQuerySet":
        """Those in which somebody acts now."""
        return self.standing().filter(since__lte=timezone.now(), invited_as="")

    def unanswered(self) -> "CapacityQuerySet":
        """Invitations that their account has neither taken nor declined."""
        return self.standing().exclude(invited_as="")


class Capacity(models.Model):
    """立場: an account acting for one organisation in one role, from `since` until `ended_at`; both may be to come.

    What a member of the association's staff does with notices are the duties: to draft, to approve, to publish them.

    `invited_as` is the name by which colleagues have invited somebody who is known here already, until that person
    answers: before, nobody acts in the capacity, and the colleagues learn nothing of whose address it is.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="capacities")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="capacities")
    role = models.CharField("役割", max_length=16, choices=Role)
    since = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    invited_as = models.CharField("招待した氏名", max_length=100, blank=True)
    drafts = models.BooleanField("起案", default=False)
    approves = models.BooleanField("決裁", default=False)
    publishes = models.BooleanField("発出", default=False)

    objects = CapacityQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "capacities"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "organisation", "role"],
                condition=Q(ended_at=None),
                name="capacity_once_while_current",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[*STAFF_ROLES]) | Q(drafts=False, approves=False, publishes=False),
                name="capacity_duties_of_staff",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.name}（{self.get_role_display()}）"

    @property
    def is_current(self) -> bool:
        """Whether somebody acts in it now."""
        now = timezone.now()
        return self.since <= now and (self.ended_at is None or self.ended_at > now) and not self.invited_as

    @property
    def person(self) -> str:
        """Who acts in it, as those who have invited may read it."""
        return self.invited_as or str(self.account)

    @property
    def waits(self) -> bool:
        """Whether the person has not taken it up: has neither answered nor ever signed in."""
        return bool(self.invited_as) or self.account.verified_at is None

    @property
    def duties(self) -> list[str]:
        """What staff do with notices, in the words of the screen."""
        return [str(self._meta.get_field(duty).verbose_name) for duty in DUTIES if getattr(self, duty)]


class SigninPassQuerySet(models.QuerySet["SigninPass"]):
    def usable(self, now: dt.datetime) -> "SigninPassQuerySet":
        return self.filter(used_at=None, expires_at__gt=now)


class SigninPass(models.Model):
    """A one-time sign-in address that an operator made with `manage.py signin`; only its digest is kept."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="signin_passes")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = SigninPassQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "signin passes"

    def __str__(self) -> str:
        return f"{self.account} {self.made_at:%Y-%m-%d %H:%M}"
