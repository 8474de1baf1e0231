"""宛先を選ぶとき: whom a choice of recipients would reach and by which way, before anything is saved."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from members.models import Officer, Organisation, Tag
from members.models.officer import Office
from members.models.organisation import Channel
from notices.distribution import gateway, recipients
from notices.distribution.recipients import Recipient
from notices.models import Notice, Release
from notices.models.receipt import Audience


@dataclass
class Ways:
    """Recipients counted by the way that reaches them; `none` are those without any."""

    email: int = 0
    fax: int = 0
    post: int = 0
    none: list[Organisation] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.reached + len(self.none)

    @property
    def reached(self) -> int:
        return self.email + self.fax + self.post

    def add(self, recipient: Recipient) -> None:
        if not recipient.ways:
            self.none.append(recipient.organisation)
        elif recipient.ways[0].channel == Channel.EMAIL:
            self.email += 1
        elif recipient.ways[0].channel == Channel.FAX:
            self.fax += 1
        else:
            self.post += 1


@dataclass
class DistrictRow:
    """A district with its chair and all its pharmacies by way."""

    district: Organisation
    chair: str = ""
    ways: Ways = field(default_factory=Ways)


@dataclass
class Overview:
    """The roster by district, and what a choice takes out of it.

    `through_districts`: the pharmacies are told by their districts, but as many as are told `directly`; otherwise all
    that are counted are recipients.
    """

    rows: list[DistrictRow]
    everybody: Ways
    pharmacies: Ways
    districts: Ways
    through_districts: bool = False
    directly: int = 0

    @property
    def fax_by_hand(self) -> bool:
        """Whether staff send the FAXes themselves, since no gateway does."""
        return not gateway.is_there()


def overview(
    scope: str,
    districts: Collection[Organisation],
    tags: Collection[Tag],
    *,
    through_districts: bool = False,
    follows: Notice | None = None,
) -> Overview:
    """What a choice would reach by today's roster; the counts are those of a release with the same choice.

    `follows` is the draft of a 再周知, which may be for those alone to whom the earlier notice is still open.
    """
    roster = recipients.plan(Release(scope=Release.Scope.ALL))
    of_districts = [each for each in roster if each.audience == Audience.DISTRICT]
    of_pharmacies = [each for each in roster if each.audience == Audience.PHARMACY]
    ids = {district.pk for district in districts}
    tagged = _tagged(tags)
    open_to = recipients.still_open(follows.pk) if follows and scope == Release.Scope.OPEN else None
    still_open = set(open_to.values_list("pk", flat=True)) if open_to is not None else set()
    takes = {
        Release.Scope.ALL: lambda each: True,
        Release.Scope.DISTRICTS: lambda each: each.district_id in ids,
        Release.Scope.TAGS: lambda each: each.organisation.pk in tagged,
        Release.Scope.OPEN: lambda each: each.organisation.pk in still_open,
    }[Release.Scope(scope)]
    chosen = [each for each in of_pharmacies if takes(each)]
    over = {each.district_id for each in chosen}
    is_all = scope == Release.Scope.ALL and not through_districts
    chairs = _chairs()
    rows = {each.district_id: DistrictRow(each.organisation, chairs.get(each.district_id, "")) for each in of_districts}
    for each in of_pharmacies:
        if each.district_id in rows:
            rows[each.district_id].ways.add(each)
    return Overview(
        rows=list(rows.values()),
        everybody=counted(of_pharmacies),
        pharmacies=counted(chosen),
        districts=counted([each for each in of_districts if is_all or each.district_id in over]),
        through_districts=through_districts,
    )


def planned(plan: Release) -> Overview:
    """What releasing the plan would reach now; no rows by district.

    For a correction or a withdrawal, whose recipients come from the old notice and not from a choice alone.
    """
    everybody = recipients.plan(plan)
    pharmacies = told = counted([each for each in everybody if each.audience == Audience.PHARMACY])
    districts = counted([each for each in everybody if each.audience == Audience.DISTRICT])
    if plan.through_districts:
        concerned, _ = recipients.concerned(plan)
        pharmacies = counted(recipients.of(concerned, Organisation.objects.none()))
    return Overview([], pharmacies, pharmacies, districts, plan.through_districts, directly=told.total)


def choice_of(plan: Release) -> dict[str, Any]:
    """The choice that a plan holds, for `overview`."""
    if plan.pk is None:
        return {"scope": plan.scope, "districts": [], "tags": [], "through_districts": plan.through_districts}
    return {
        "scope": plan.scope,
        "districts": list(plan.districts.all()),
        "tags": list(plan.tags.all()),
        "through_districts": plan.through_districts,
    }


def pharmacies_with(tag: Tag) -> int:
    """How many pharmacies carry a tag today."""
    return Organisation.objects.pharmacies().current().filter(tags=tag).count()


def _tagged(tags: Collection[Tag]) -> set[int]:
    return set(Organisation.objects.filter(tags__in=tags).values_list("pk", flat=True)) if tags else set()


def counted(recipients: Collection[Recipient]) -> Ways:
    """The recipients by the way that reaches each."""
    ways = Ways()
    for recipient in recipients:
        ways.add(recipient)
    return ways


def _chairs() -> dict[int, str]:
    """District → name of the chair in office, the latest first where there are several."""
    holding = Officer.objects.filter(office=Office.CHAIR).holding(timezone.localdate()).order_by("since", "id")
    return dict(holding.values_list("organisation", "name"))
