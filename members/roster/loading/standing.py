"""The roster as it is, in the shape of a file's entries."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from members.models import Mailbox, Officer, Organisation, Tag
from members.models.officer import Office

# Fields that lie in the organisation's own row; the others lie beside it.
OWN = (
    *("name", "kana", "postal_code", "address", "telephone", "fax"),
    *("channel", "joined_on", "left_on", "code"),
)


@dataclass(slots=True)
class Standing:
    """One pharmacy of the roster; `values` by the fields of an entry, the district by its id."""

    pk: int
    values: dict[str, Any]


def read(today: dt.date) -> list[Standing]:
    """Every pharmacy of the roster, also those that left, in its order.

    Each table is read by itself: of tables that were just filled, PostgreSQL does not know yet how to join them.
    """
    mails, managers, tags = _mails(), _managers(today), _tags()
    found = []
    rows = Organisation.objects.pharmacies().values_list("pk", "parent_id", *OWN).iterator(chunk_size=5000)
    for pk, parent, *own in rows:
        values = dict(zip(OWN, own, strict=True))
        values |= {"district": parent, "manager": managers.get(pk, "")}
        values |= {"mails": mails.get(pk, ()), "tags": tags.get(pk, ())}
        found.append(Standing(pk, values))
    return found


def _mails() -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    rows = Mailbox.objects.order_by("pk").values_list("organisation_id", "address")
    for organisation, address in rows.iterator(chunk_size=5000):
        found[organisation] = (*found.get(organisation, ()), address)
    return found


def _managers(today: dt.date) -> dict[int, str]:
    holding = Officer.objects.holding(today).filter(office=Office.MANAGER)
    return dict(holding.order_by("pk").values_list("organisation_id", "name").iterator(chunk_size=5000))


def _tags() -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    names = dict(Tag.objects.values_list("pk", "name"))
    links = Organisation.tags.through.objects.values_list("organisation_id", "tag_id")
    for organisation, tag in links.iterator(chunk_size=5000):
        found[organisation] = tuple(sorted((*found.get(organisation, ()), names[tag])))
    return found
