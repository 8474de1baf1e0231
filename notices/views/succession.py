"""訂正・廃止・再周知 on the pages: what stands in the place of a notice and where it opens, and the other way."""

from dataclasses import dataclass, replace

from django.urls import reverse

from notices import follow_ups, personal, succession
from notices.models import Delivery, Notice, Receipt, Relation, Release
from notices.models.receipt import ReceiptQuerySet
from notices.personal import Scope
from notices.succession import Successor
from notices.views.entrance import Entrance

# The doors behind which a delivery's token opens the pages, and what it opens.
TOKENS = {"personal": Scope.OWN, "forwarded": Scope.FORWARD}


@dataclass(frozen=True)
class Banner:
    """What a notice says of itself in whose place another stands; `url` is empty where its reader has no page of that.

    `enclosed`: it is a district's letter, and what was superseded is the notice that it encloses. `is_confirmed`: the
    reader has confirmed the newer one already; `for_staff`: the reader looks at somebody else's page.
    """

    by: Successor
    url: str = ""
    enclosed: bool = False
    is_confirmed: bool = False
    for_staff: bool = False

    @property
    def notice(self) -> Notice:
        return self.by.notice

    @property
    def withdraws(self) -> bool:
        return self.by.withdraws

    @property
    def follows_up(self) -> bool:
        return self.by.kind == Relation.Kind.FOLLOWS_UP

    @property
    def changed(self) -> str:
        return self.notice.release.changed

    @property
    def word(self) -> str:
        return self.by.kind.label

    @property
    def label(self) -> str:
        return _label((self.by.last or self.by.kind) == Relation.Kind.WITHDRAWS)

    @property
    def badge(self) -> str:
        """The key of the badge beside the state."""
        return self.by.badge


@dataclass(frozen=True)
class Replaced:
    """What a correction or a withdrawal says of itself; `also` of what the notice before had corrected."""

    notice: Notice
    kind: str
    changed: str
    url: str = ""
    also: str = ""

    @property
    def withdraws(self) -> bool:
        return self.kind == Relation.Kind.WITHDRAWS

    @property
    def word(self) -> str:
        return "廃止" if self.withdraws else "訂正"

    @property
    def label(self) -> str:
        return _label(self.withdraws)


@dataclass(frozen=True)
class Earlier:
    """The notice that a 再周知 makes known again, and the same organisation's page of it.

    `is_answered`: whoever answers the 再周知 need not answer that one.
    """

    notice: Notice
    url: str = ""
    is_answered: bool = False


def _label(withdraws: bool) -> str:
    """What `changed` is called."""
    return "廃止の理由" if withdraws else "変わったところ"


def at_the_desk(notice: Notice) -> Banner | None:
    """The banner on staff's pages of a notice."""
    found = succession.successor(notice.pk)
    return _banner(found, reverse("notices:notice", args=[found.notice.pk]), notice.release) if found else None


def of_one(receipt: Receipt) -> Banner | None:
    """The same on staff's pages of one recipient, who may have been asked again."""
    found = succession.successor_of(receipt)
    if found is None:
        return None
    banner = _banner(found, reverse("notices:notice", args=[found.notice.pk]), receipt.release)
    return replace(banner, for_staff=True)


def behind(entrance: Entrance) -> Banner | None:
    """The banner on the pages behind a door, which leads to the same organisation's pages of the new notice."""
    found = entrance.successor
    if found is None:
        return None
    banner = _banner(found, same_door(entrance, found.notice), entrance.receipt.release)
    return replace(banner, is_confirmed=_of_the_same(entrance, found.notice).confirmed().exists())


def replaced(notice: Notice, *, linked: bool = False) -> Replaced | None:
    """What the notice, a draft or released, corrects or withdraws; `linked` on pages from which staff may open it."""
    relation = succession.superseding(notice)
    if relation is None:
        return None
    url = reverse("notices:notice", args=[relation.target_id]) if linked else ""
    return Replaced(relation.target, relation.kind, notice.release.changed, url, succession.also(relation))


def earlier(entrance: Entrance) -> Earlier | None:
    """What the pages behind a door say of the notice that theirs makes known again; None where it does not."""
    release, before = entrance.receipt.release, entrance.receipt.carried_from
    notice = before.release.notice if before else follow_ups.followed_up((release.passes_on or release).notice_id)
    if notice is None:
        return None
    return Earlier(notice, same_door(entrance, notice), before is not None and before.release.asks_confirmation)


def _banner(found: Successor, url: str, of: Release) -> Banner:
    enclosed = of.passes_on_id is not None and found.kind != Relation.Kind.FOLLOWS_UP
    return Banner(found, url, enclosed)


def same_door(entrance: Entrance, notice: Notice) -> str:
    """The same organisation's pages of another notice, by the same door."""
    receipt = _of_the_same(entrance, notice).first()
    if receipt is None:
        return ""
    if entrance.name not in TOKENS:
        return reverse(f"notices:{entrance.name}", args=[receipt.pk])
    delivery = Delivery.objects.filter(receipt=receipt).order_by("pk").first()
    if delivery is None or receipt.addresses_taken_back:  # whoever they came to may hold the older one as well
        return ""
    token = personal.token(delivery.pk, receipt.address_version, TOKENS[entrance.name])
    return reverse(f"notices:{entrance.name}", args=[token])


def _of_the_same(entrance: Entrance, notice: Notice) -> ReceiptQuerySet:
    """What the same organisation got of another notice."""
    return Receipt.objects.whole(notice.release).filter(organisation=entrance.receipt.organisation_id)
