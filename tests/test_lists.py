"""Every list is sorted by each of its columns, and asks the database no more for three rows than for one.

Own notices, today's work, packets, questions, releases and the outbox have their queries counted where they are tested.
"""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tables2 import Table

from members import history
from members.history import NOBODY, Actor
from members.models import Mailbox, Organisation, Tag
from members.models.organisation import Kind
from notices.models import Notice, NoticeIssuer, OnBehalf, Release
from notices.models.receipt import Via
from notices.tracking import confirming, helping, on_behalf, setup
from notices.tracking.on_behalf import Said, What
from tests.access_table import EVERYBODY, TABLE
from tests.cast import Cast
from tests.scene import Scene
from tests.sizes import WHOLE

# Pages and orders that are none.
ODD = ("page=999999999999999999999", "page=x", "page=0", "sort=__class__", "sort=x", "sort=-")
BY_HAND = {"actor": NOBODY, "via": Via.PERSONAL}


def table_of(client: Client, address: str) -> Table | None:
    page = client.get(address)
    return page.context.get("table") if page.status_code == 200 and page.context else None


def lists(scene: Scene) -> list[tuple[Client, str]]:
    """Every page that shows a table, with a browser that may open it."""
    found = []
    for role in ("staff", "chair", "pharmacy"):
        client = scene.browser(role)
        own = [row for row in TABLE if row.expected(role, "GET") == {200} and row.who != EVERYBODY]
        addresses = {scene.url(row.name, *row.keys) for row in own}
        found += [(client, address) for address in sorted(addresses) if table_of(client, address)]
    return found


def shown(table: Table) -> list[str]:
    """The rows, in no order."""
    return sorted(repr(row.record) for row in table.rows)


def orders(table: Table) -> list[str]:
    """Each column both ways, or, where the tests' world is small, one way after the other."""
    columns = [one.name for one in table.columns if one.orderable]
    return [f"{way}{name}" for place, name in enumerate(columns) for way in ("", "-") if WHOLE or place % 2 == len(way)]


def test_every_list_is_sorted_by_every_column_and_shown_for_an_order_or_page_that_is_none(own_scene: Scene):
    found = lists(own_scene)
    assert len(found) > 12
    for client, address in found:
        table = table_of(client, address)
        for sort in orders(table):
            again = table_of(client, f"{address}?{table.prefixed_order_by_field}={sort}")
            assert again.order_by == (sort,), (address, sort)
            assert shown(again) == shown(table), (address, sort)
        for query in ODD if WHOLE else ODD[::3]:
            assert table_of(client, f"{address}?{table.prefix}{query}"), (address, query)


# Queries --------------------------------------------------------------------------------------------------------------


def one_notice(cast: Cast) -> None:
    """A notice with a deadline, to everybody; some have answered."""
    release = cast.released(ask=Release.Ask.SET_UP, deadline=timezone.localdate())
    setup.finish(cast.receipt(release, cast.pharmacies[0]).pk, **BY_HAND)
    confirming.confirm(cast.receipt(release, cast.shirasagi).pk, **BY_HAND)


def one_pharmacy(cast: Cast, district: Organisation | None = None) -> None:
    """A pharmacy with all that a row may show, that has got the notice, is at work on it and asks for help."""
    number = Organisation.objects.count()
    name, parent = f"増えた薬局 {number}", district or cast.shirasagi
    pharmacy = Organisation.objects.create(kind=Kind.PHARMACY, name=name, parent=parent, telephone=f"093-{number:07}")
    pharmacy.tags.add(Tag.objects.get())
    Mailbox.objects.create(organisation=pharmacy, address=f"more{number}@mail.example")
    receipt = cast.receive(Release.objects.get(), pharmacy)
    confirming.confirm(receipt.pk, **BY_HAND)
    helping.ask(receipt.pk, None, "分かりません", **BY_HAND)


def one_district(cast: Cast) -> None:
    """A district that got the notice, with its pharmacy."""
    number = Organisation.objects.count()
    district = Organisation.objects.create(kind=Kind.DISTRICT, name=f"増えた地区 {number}", parent=cast.association)
    Mailbox.objects.create(organisation=district, address=f"more{number}@mail.example")
    cast.receive(Release.objects.get(), district)
    one_pharmacy(cast, district)


def one_event(cast: Cast) -> None:
    capacity = cast.capacities["chair"]
    actor = Actor(capacity.account, capacity)
    history.record("receipt.confirmed", cast.shirasagi, actor=actor, organisation=cast.shirasagi)


def one_letter(cast: Cast) -> None:
    """A letter of another association, as it came."""
    notice = Notice.objects.create(state=Notice.State.RECEIVED, subject="届出様式について")
    issuer, _ = Organisation.objects.get_or_create(kind=Kind.ISSUER, name="日本薬剤師会")
    NoticeIssuer.objects.create(notice=notice, organisation=issuer)


def one_record(cast: Cast) -> None:
    """An answer that staff recorded for a pharmacy; every other one was undone."""
    receipt = cast.receipt(Release.objects.get(), cast.pharmacies[OnBehalf.objects.count()])
    capacity = cast.capacities["staff"]
    actor = Actor(capacity.account, capacity)
    made = on_behalf.record(receipt.pk, Said(What.CONFIRMED, Via.FAX, "梅﨑 千夏", "午後にもう一度"), actor=actor)
    if made.pk % 2:
        on_behalf.undo(made.pk, actor=actor)


@pytest.mark.parametrize(
    ("role", "name", "of", "one_more"),
    [
        ("staff", "notices:notices", None, one_notice),
        ("staff", "notices:notices", None, one_letter),
        ("chair", "notices:district", None, one_notice),
        ("staff", "notices:organisation_notices", Organisation, one_notice),
        ("chair", "notices:organisation_notices", Organisation, one_notice),
        ("staff", "notices:notice", Notice, one_district),
        ("staff", "notices:notice_pharmacies", Notice, one_pharmacy),
        ("staff", "notices:notice_on_behalf", Notice, one_record),
        ("staff", "directory", None, one_pharmacy),
        ("chair", "directory", None, one_pharmacy),
        ("staff", "history", None, one_event),
    ],
)
def test_two_more_rows_take_no_more_queries(
    cast: Cast, role: str, name: str, of: type[Notice | Organisation] | None, one_more: Callable[[Cast], None]
):
    cast.released(ask=Release.Ask.SET_UP)
    places = {None: [], Organisation: [cast.pharmacies[0].pk], Notice: [Notice.objects.get().pk]}[of]
    client, address = cast.client(role), reverse(name, args=places)
    counted = []
    for more in (1, 2):
        for _ in range(more):
            one_more(cast)
        with CaptureQueriesContext(connection) as asked:
            rows = len(table_of(client, address).rows)
        counted.append((rows, len(asked)))
    (few, queries), (many, more_queries) = counted
    assert many == few + 2
    assert more_queries == queries
