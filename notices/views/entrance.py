"""By which door somebody came to a receipt's pages, which are the same behind every door."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpResponse
from django.urls import reverse

from members.history import NOBODY, Actor
from notices import hops, succession
from notices.models import Receipt
from notices.models.receipt import ReceiptQuerySet, Via
from notices.succession import Successor

View = Callable[..., HttpResponse]

# The pages below a receipt's own: name and place. A name of "" is the receipt's page itself.
PAGES = {
    "": "",
    "confirm": "confirm/",
    "name": "name/",
    "steps": "steps/",
    "device": "device/",
    "finish": "finish/",
    "reopen": "reopen/",
    "not_applicable": "not-applicable/",
    "applicable": "applicable/",
    "help": "help/",
    "help_close": "help/close/",
    "letter": "letter.pdf",
    "bound": "packet.pdf",
    "picture": "steps/<int:pk>/picture",
    "attachment": "attachments/<int:pk>/",
    "file": "files/<int:pk>/",
}
# Behind these doors lie the papers only.
PAPER_DOORS = {"forwarded", "district_receipt"}
PAPERS = {"": "", **{page: PAGES[page] for page in ("letter", "bound", "attachment", "file")}}


@dataclass(frozen=True)
class Entrance:
    """A receipt, who came to it and how; `name` and `key` make the addresses, `frame` is the pages' template."""

    receipt: Receipt
    name: str
    key: str | int
    frame: str
    actor: Actor = NOBODY
    via: Via = Via.PERSONAL

    def url(self, page: str = "", *args: int) -> str:
        return reverse(f"notices:{self.name}{page and '_'}{page}", args=[self.key, *args])

    @cached_property
    def urls(self) -> dict[str, str]:
        """The addresses of the pages that need nothing but the receipt; "page" is the receipt's own."""
        pages = PAPERS if self.name in PAPER_DOORS else PAGES
        return {page or "page": self.url(page) for page, place in pages.items() if "<" not in place}

    @cached_property
    def successor(self) -> Successor | None:
        """What stands in the place of the notice, of which nothing more is declared then."""
        return succession.successor_of(self.receipt)

    @property
    def circulation(self) -> str:
        """The address of the 薬局内回覧, which a pharmacy prints when it is signed in; empty behind other doors.

        What another notice stands for goes round no more.
        """
        is_offered = self.name == "own_receipt" and not self.successor
        return reverse("notices:own_circulation", args=[self.key]) if is_offered else ""

    @property
    def calendar(self) -> str:
        """The address of the deadline as a calendar file, for the signed-in, while there is something to do by it."""
        release = self.receipt.release
        if self.name != "own_receipt" or self.successor or not (release.deadline and release.asks_confirmation):
            return ""
        is_done = self.receipt.not_applicable_at or (
            self.receipt.finished_at if release.asks_set_up else self.receipt.confirmed_at
        )
        return "" if is_done else reverse("notices:own_receipt_calendar", args=[self.key])

    @property
    def is_signed_in(self) -> bool:
        return self.via == Via.SIGNED_IN


def receipts() -> ReceiptQuerySet:
    """Receipts with what their pages show, `hops.with_deadline`."""
    found = Receipt.objects.select_related(
        "organisation", "district", "release__letter", "release__bound__file", "release__notice"
    )
    return hops.with_deadline(found).prefetch_related(
        "release__notice__numbers", "release__notice__issuers__organisation"
    )
