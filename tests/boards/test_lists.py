"""Every list page: the same queries with one row and with three, and in order by every column both ways."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members import history
from members.models import Account, Event, Organisation
from members.models.organisation import Kind
from notices.models import HelpRequest, Notice, NoticeIssuer, OnBehalf, Release
from notices.models.receipt import Via
from notices.tracking import on_behalf
from notices.tracking.on_behalf import Said, What
from tests.cast import Cast


@dataclass(frozen=True)
class List:
    """A list page, who reads it, and how one more row comes to be in it."""

    who: str
    address: Callable[[Cast], str]
    add: Callable[[Cast], object]


def one_more_pharmacy(cast: Cast) -> None:
    for release in Release.objects.all() or [cast.released()]:
        pharmacy = Organisation.objects.create(
            kind=Kind.PHARMACY,
            parent=cast.shirasagi,
            name="やまもも薬局",
            kana="ヤマモモヤッキョク",
            telephone="092-000-7000",
            position=Organisation.objects.count(),
        )
        pharmacy.mailboxes.create(address="box@yamamomo.example")
        pharmacy.tags.add(*cast.pharmacies[0].tags.all())
        HelpRequest.objects.create(receipt=cast.receive(release, pharmacy))


def one_more_on_behalf(cast: Cast) -> None:
    release, staff = Release.objects.first() or cast.released(), cast.capacities["staff"]
    made = on_behalf.record(
        cast.receipt(release, cast.pharmacies[OnBehalf.objects.count()]).pk,
        Said(What.CONFIRMED, Via.FAX, "梅﨑 千夏", "午後にもう一度"),
        actor=history.Actor(staff.account, staff),
    )
    if made.pk % 2:
        on_behalf.undo(made.pk, actor=history.Actor(staff.account, staff))


def one_more_received(cast: Cast) -> None:
    notice = Notice.objects.create(state=Notice.State.RECEIVED, subject="届出様式について")
    issuer, _ = Organisation.objects.get_or_create(kind=Kind.ISSUER, name="日本薬剤師会")
    NoticeIssuer.objects.create(notice=notice, organisation=issuer)


def one_more_district(cast: Cast) -> None:
    release = Release.objects.first() or cast.released()
    district = Organisation.objects.create(
        kind=Kind.DISTRICT, parent=cast.association, name="青栁原地区薬剤師会", position=Organisation.objects.count()
    )
    district.mailboxes.create(address="box@aoyagi.example")
    cast.receive(release, district)


def first_notice() -> int:
    return Release.objects.first().notice_id


LISTS = {
    "the archive": List("staff", lambda cast: "/notices/", lambda cast: (cast.released(), one_more_received(cast))),
    "the board by district": List("staff", lambda cast: f"/notices/{first_notice()}/", one_more_district),
    "the pharmacies": List("staff", lambda cast: f"/notices/{first_notice()}/pharmacies/", one_more_pharmacy),
    "the records of 代理": List("staff", lambda cast: f"/notices/{first_notice()}/on-behalf/", one_more_on_behalf),
    "the chair's notices": List("chair", lambda cast: "/district/", lambda cast: cast.released()),
    "an organisation's notices": List(
        "staff", lambda cast: f"/directory/{cast.pharmacies[0].pk}/notices/", lambda cast: cast.released()
    ),
    "the roster": List("staff", lambda cast: "/directory/", one_more_pharmacy),
    "the district's roster": List("chair", lambda cast: "/directory/", one_more_pharmacy),
    "the history": List(
        "staff",
        lambda cast: "/history/",
        lambda cast: history.record("notice.changed", cast.draft(), actor=history.Actor(Account.objects.first())),
    ),
}


@pytest.fixture(params=LISTS)
def listed(request: pytest.FixtureRequest) -> List:
    return LISTS[request.param]


def queries(listed: List, cast: Cast) -> int:
    client = cast.client(listed.who)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(listed.address(cast)).status_code == 200
    return len(captured)


def test_one_row_and_three_take_the_same_queries(cast: Cast, listed: List):
    cast.released(ask=Release.Ask.SET_UP)
    listed.add(cast)
    one = queries(listed, cast)
    listed.add(cast)
    listed.add(cast)
    assert queries(listed, cast) == one


def test_the_list_stands_in_order_by_every_column_both_ways(cast: Cast, listed: List):
    cast.released(ask=Release.Ask.SET_UP)
    for _ in range(3):
        listed.add(cast)
    client = cast.client(listed.who)
    address = listed.address(cast)
    found = re.findall(r'<th scope="col"[^>]*>\s*<a href="\?([^"]*)"', client.get(address).content.decode())
    assert len(found) >= 4
    orders = {re.sub(r"^.*sort=-?", "", order) for order in found}
    rows = None
    for order in orders:
        name = found[0].split("sort=")[0]
        up, down = (client.get(f"{address}?{name}sort={sign}{order}") for sign in ("", "-"))
        assert (up.status_code, down.status_code) == (200, 200)
        bodies = [page.content.decode().split("<tbody>")[-1].split("</tbody>")[0] for page in (up, down)]
        counts = {body.count("<tr") for body in bodies}
        assert len(counts) == 1
        rows = rows or counts
        assert counts == rows


def test_the_history_is_never_empty_of_its_own_pages(cast: Cast):
    """Looking at lists records nothing."""
    cast.released()
    before = Event.objects.count()
    for listed in LISTS.values():
        cast.client(listed.who).get(listed.address(cast))
    assert Event.objects.count() == before
