"""Every district sees itself and none of the others, every pharmacy itself: pages, files, searches, numbers."""

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import count

import pytest
from django.db.models import Q
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from members import access
from members.models import Event, Organisation, Task, Trace
from notices import sheet_code
from notices.boards.progress import Tally
from notices.models import Delivery, HelpRequest, Notice, Packet, Receipt, Release
from notices.models.receipt import Audience, Reach
from tests.access_table import EVERYBODY, TABLE, Row
from tests.boards.reading import rows, sheet, text_of
from tests.prefecture import MARK, SECRET, Member, Prefecture
from tests.rows import changed, everything
from tests.scene import SIGNED_IN
from tests.sizes import DISTRICTS

pytestmark = pytest.mark.django_db

# What may stand behind the address of a list: what is offered, what is not offered to this reader, pages far away.
# {other} is another district.
QUERIES = {
    "directory": (
        *("kind=district", "kind=association", "district={other}", "q=印&per_page=1000&sort=-district", "page=999"),
        *("format=csv", "format=xlsx", "format=xlsx&kind=district", "format=csv&district={other}"),
    ),
    "tasks": ("state=closed", "district={other}", "q=印&per_page=1000&sort=-district"),
    "notices:district_receipt": (
        *("show=stuck", "show=all", "format=csv", "format=xlsx", "show=all&format=csv", "show=all&format=xlsx"),
    ),
    "notices:district": ("q=印", "q=印{number}", "q=印&sort=subject", "q=会員に周知", "q=手順の"),
    "notices:own": ("q=印", "q=印{number}", "q=会員に周知", "page=999"),
}
# What a district has passed on, and the letter by which it did.
PASSED_ON = ("passed notice", "district's letter")
OF_ANY_LIST = ("q=印&per_page=1000&sort=-pk", "format=csv")


def content(answer: HttpResponse) -> str:
    """All that an answer holds: headers, and the text of a page, of a file's cells, or of bytes."""
    body = answer.getvalue()
    if "spreadsheetml" in answer.headers.get("Content-Type", ""):
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        shown = str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    else:
        body = body.replace(b"\r\n ", b"")  # the folded lines of a calendar
        shown = re.sub("</?mark>", "", body.decode(errors="replace"))  # words that were searched stand in one piece
    return f"{answer.headers}\n{shown}"


def strange(text: str, own: set[str]) -> set[str]:
    """The numbers of others that can be read in it."""
    return set(MARK.findall(text)) - own


def own_rows(role: str, one: Member) -> Iterator[Row]:
    """The rows of the table that this role opens by its own ids. What is its own alone has to be known here."""
    for row in TABLE:
        known = all(key in one.ids or key.isdecimal() for key in row.keys)
        assert known or role not in row.who or row.who >= SIGNED_IN, f"tests/prefecture.py gives no ids for {row}"
        for_all = row.who >= EVERYBODY and not any(key.endswith("token") for key in row.keys)
        if known and not for_all and not row.expected(role, "GET") & {404, 405}:
            yield row


def opened(role: str, one: Member, other: Member) -> Iterator[tuple[str, str]]:
    """Address and content of everything that this role may open, lists also with what may stand behind them."""
    client = one.browser()
    for row in own_rows(role, one):
        address = one.url(row.name, *row.keys)
        answer = client.get(address)
        assert (answer.status_code == 404) == (row.get == 404), address
        is_list = answer.status_code == 200 and answer.context and "table" in answer.context
        yield address, content(answer)
        for more in QUERIES.get(row.name, OF_ANY_LIST if is_list else ()):
            query = more.format(other=other.organisation.pk, number=one.number)
            yield f"{address}?{query}", content(client.get(f"{address}?{query}"))


def pairs(members: list[Member]) -> Iterator[tuple[Client, Member, list[Member]]]:
    """Each with its browser and all the others."""
    for one in members:
        yield one.browser(), one, [other for other in members if other is not one]


def rows_by_object(role: str, keys: set[str]) -> dict[str, list[Row]]:
    """The addresses that this role opens by an id of these, by the name of the id."""
    found = defaultdict(list)
    for row in TABLE:
        if role in row.who or row.name == "notices:letter_pdf":
            for key in keys & set(row.keys):
                found[key].append(row)
    return found


def test_the_numbers_are_found_wherever_they_stand(prefecture: Prefecture):
    """Staff read them all: what is looked for below can be seen where it is."""
    client = prefecture.staff.browser()
    pharmacies = {one.number for one in prefecture.pharmacies}
    everywhere = reverse("notices:notice_pharmacies", args=[prefecture.everywhere.notice_id])
    for address in (everywhere, "/directory/", "/tasks/", "/history/"):
        assert strange(content(client.get(f"{address}?per_page=10000")), set()) >= pharmacies, address
    for address in (everywhere, "/directory/"):
        for kind in ("csv", "xlsx"):
            shown = content(client.get(f"{address}?format={kind}"))
            assert strange(shown, set()) >= pharmacies
            assert SECRET.search(shown)


# Districts ------------------------------------------------------------------------------------------------------------


def test_no_district_reads_anything_of_another_on_a_page_or_in_a_file(prefecture: Prefecture):
    found = []
    for place, district in enumerate(prefecture.districts):
        own = {district.number, *(one.number for one in prefecture.of(district))}
        for address, shown in opened("chair", district, prefecture.districts[place - 1]):
            found += [(district.number, address, number) for number in strange(shown, own)]
            found += [(district.number, address, f"not for chairs: {number}") for number in SECRET.findall(shown)]
    assert found == []


def test_nothing_of_another_district_opens_for_any_pair(prefecture: Prefecture):
    own = {"district", "pharmacy", "neighbour", "district's receipt", "narrow"}
    objects = rows_by_object("chair", own | {"due receipt", "passed receipt", "district's letter"})
    assert len(objects) == 8
    found, turns = [], count()
    for client, own, others in pairs(prefecture.districts):
        for other, turn in zip(others, turns, strict=False):
            for of_object in objects.values():  # every object of every pair, by each of its addresses in turn
                row = of_object[turn % len(of_object)]
                answer = client.get(other.url(row.name, *row.keys))
                if answer.status_code != 404 or strange(content(answer), {own.number}):
                    found.append((own.number, other.number, str(row)))
    assert found == []


def test_nothing_of_another_district_is_pressed(prefecture: Prefecture):
    own = {"district", "pharmacy", "neighbour", "district's receipt", "own receipt"}
    objects = rows_by_object("chair", own | {"due receipt", "passed receipt"})
    browsers = [(client, others[0]) for client, _, others in pairs(prefecture.districts)]
    before = everything()
    for client, other in browsers:
        for row in {row for of_object in objects.values() for row in of_object}:
            assert client.post(other.url(row.name, *row.keys)).status_code in (404, 405), row
    assert changed(before) <= {Event._meta.db_table, Trace._meta.db_table}
    assert set(Event.objects.order_by("-pk")[:DISTRICTS].values_list("verb", flat=True)) == {"access.refused"}


def test_the_code_of_a_sheet_shows_nothing_to_another_district(prefecture: Prefecture):
    for client, own, others in pairs(prefecture.districts):
        for one, status in ((prefecture.of(own)[0], 200), (prefecture.of(others[0])[0], 404)):
            answer = client.get("/replies/", {"code": sheet_code.of(one.ids["receipt"])})
            assert answer.status_code == status
            assert strange(content(answer), {own.number}) == ({one.number} if status == 200 else set())


def test_searching_for_another_district_finds_nothing_for_any_pair(prefecture: Prefecture):
    for client, own, others in pairs(prefecture.districts):
        assert len(sheet(client.get(f"/directory/?format=csv&q={_in_names_of(own)}"))) == 2
        assert len(client.get(f"/tasks/?q={_in_names_of(own)}").context["table"].rows) == 3
        for place, other in enumerate(others):
            assert sheet(client.get(f"/directory/?format=csv&q={_in_names_of(other)}")) == [], (
                own.number,
                other.number,
            )
            if place % 4 == 0:
                tasks = client.get(f"/tasks/?q={_in_names_of(other)}").context["table"]
                assert len(tasks.rows) == 0, (own.number, other.number)


def test_no_words_of_what_went_to_another_district_find_anything_for_any_pair(prefecture: Prefecture):
    turns = count()
    for client, own, others in pairs(prefecture.districts):
        mark = f"印{own.number}"
        for typed in (mark, f"「会長　{mark} 様」", f"{mark}の会員に周知", f"{mark}の手順"):
            found = [row[1].split()[0] for row in rows(client.get("/district/", {"q": typed}))]
            by_letter = ["会員に送られた通知"] if typed == mark else []
            assert sorted(found) == sorted([f"{mark}だけの通知", *by_letter]), typed
        found = rows(client.get("/district/", {"q": f"{mark}の会員の皆様へ"}))
        assert [row[1].split()[0] for row in found] == ["会員に送られた通知"], "by what the own letter says"
        for other, turn in zip(others, turns, strict=False):
            strange_mark = f"印{other.number}"
            ends = ("", "だけの通知", "の様式", "の会員の皆様へ", "発第1号")
            typed = f"{strange_mark}{ends[turn % len(ends)]}"
            page = client.get("/district/", {"q": typed})
            assert len(page.context["table"].rows) == 0, (own.number, other.number, typed)
            assert not strange(content(page), {own.number}) - {other.number}, "the word itself is what was typed"


def test_no_pharmacy_finds_what_went_to_another_or_was_written_to_chairs(prefecture: Prefecture):
    for place, pharmacy in enumerate(prefecture.pharmacies):
        client, district = pharmacy.browser(), f"{pharmacy.number[:2]}0"
        other = prefecture.districts[place // 2 - 1].number
        for typed in (f"印{other}", f"印{other}の薬局へ", f"「会長 印{district} 様」"):
            assert "見つかりません" in text_of(client.get("/own/", {"q": typed})), typed
        for typed in (f"印{district}の薬局へ", f"印{district}の手順", f"印{district}の様式"):
            assert f"印{district}だけの通知" in text_of(client.get("/own/", {"q": typed})), typed


def _in_names_of(district: Member) -> str:
    """What stands in the names of a district and its pharmacies, and in no other."""
    return f"印{district.number[:2]}"


def recount(release: Release, district: Organisation) -> Tally:
    """The pharmacies of a district, counted one by one."""
    receipts = Receipt.objects.filter(release=release, audience=Audience.PHARMACY).select_related("organisation")
    own = [receipt for receipt in receipts if receipt.organisation.parent_id == district.pk]
    asking = {asked.receipt_id for asked in HelpRequest.objects.all() if asked.closed_at is None}
    return Tally(
        recipients=len(own),
        sent=sum(one.reach == Reach.SENT for one in own),
        failed=sum(one.reach == Reach.FAILED for one in own),
        confirmed=sum(one.confirmed_at is not None for one in own),
        finished=sum(one.finished_at is not None for one in own),
        not_applicable=sum(one.not_applicable_at is not None for one in own),
        needs_help=sum(one.pk in asking for one in own),
    )


def test_every_number_a_district_reads_is_of_its_own(prefecture: Prefecture):
    tallies = set()
    for district in prefecture.districts:
        client, organisation, members = district.browser(), district.organisation, prefecture.of(district)
        tally = recount(prefecture.everywhere, organisation)
        page = client.get(district.url("notices:district_receipt", "district's receipt"))
        shown = text_of(page)
        assert page.context["tally"] == tally
        assert (
            f"確認 {tally.confirmed} / {tally.recipients} 完了 {tally.finished} 対象外 {tally.not_applicable}" in shown
        )
        numbers = [tally.unconfirmed, tally.needs_help, tally.under_way, tally.recipients]
        assert [tab.number for tab in page.context["tabs"]] == numbers
        listed = client.get(reverse("notices:district"))
        assert len(listed.context["table"].rows) == 4, "what went to everybody, to it alone, and through it"
        assert {row[-1] for row in rows(listed)} == {str(tally.unconfirmed), "2", "まだ伝えていません"}, (
            "of its own letter the two"
        )
        tasks = client.get("/tasks/")
        assert len(tasks.context["table"].rows) == Task.objects.filter(closed_at=None).count() // DISTRICTS == 3
        assert [way.count for way in tasks.context["navigation"]] == [4, 0, 0, 3, 0]
        for pharmacies in (client.get("/directory/"), client.get("/directory/?q=印")):
            assert [record.pk for record in pharmacies.context["table"].data] == [
                one.organisation.pk for one in members
            ]
        own = client.get(district.url("organisation", "district"))
        assert own.context["pharmacy_count"] == len(members) == 2
        tallies.add(tally)
    assert len(tallies) == 4, "districts differ, so that one's numbers are not another's"


# Pharmacies -----------------------------------------------------------------------------------------------------------


def test_no_pharmacy_reads_anything_of_another(prefecture: Prefecture):
    found = []
    for place, pharmacy in enumerate(prefecture.pharmacies):
        if place % 4 in (1, 2):  # of each district one, the first and the second in turn
            continue
        own = {pharmacy.number, f"{pharmacy.number[:2]}0"}
        for address, shown in opened("pharmacy", pharmacy, prefecture.districts[place // 2 - 1]):
            found += [(pharmacy.number, address, number) for number in strange(shown, own)]
            secrets = set(SECRET.findall(shown)) - own
            found += [(pharmacy.number, address, f"secret of {number}") for number in secrets]
    assert found == []


def test_nothing_of_another_pharmacy_opens(prefecture: Prefecture):
    objects = rows_by_object("pharmacy", {"own receipt", "narrow"})
    found = []
    for client, own, others in pairs(prefecture.pharmacies):
        neighbour = next(other for other in others if other.number[:2] == own.number[:2])
        for place, other in enumerate([neighbour, *others[int(own.number) % 7 :: 7]]):
            key = "narrow" if place == 1 and other.number[:2] != own.number[:2] else "own receipt"
            row = objects[key][(place + int(own.number)) % len(objects[key])]
            if client.get(other.url(row.name, *row.keys)).status_code != 404:
                found.append((own.number, other.number, str(row)))
    assert found == []


# Rows -----------------------------------------------------------------------------------------------------------------


def test_the_rows_that_exist_for_each_are_its_own_and_no_others(prefecture: Prefecture):
    """For every pair at once: each kind of row by the one rule that all pages ask."""
    for district in prefecture.districts:
        members = prefecture.of(district)
        everybody = [district, *members]
        assert rows_of(district) == {
            "organisations": {one.organisation.pk for one in everybody},
            "tasks": {one.ids["task"] for one in everybody},
            "notices": {district.ids[name] for name in ("released", "narrow", "due notice", *PASSED_ON)},
            "receipts": {one.ids["receipt"] for one in everybody} | other_receipts(everybody),
            "releases": {district.ids["district's release"]},
            **dict.fromkeys(("events", "questions", "deliveries", "packets"), frozenset()),
        }
        for one in members:
            own_events = Event.objects.filter(organisation=one.organisation)
            assert rows_of(one) == {
                "organisations": {one.organisation.pk},
                "notices": {one.ids[name] for name in ("released", "narrow", *PASSED_ON)},
                "receipts": {one.ids["receipt"]} | other_receipts([one]),
                "events": set(own_events.values_list("pk", flat=True)),
                "questions": {one.ids["help"], one.ids["told"]},
                **dict.fromkeys(("tasks", "releases", "deliveries", "packets"), frozenset()),
            }


def other_receipts(members: list[Member]) -> set[int]:
    """Those of these members of what went to their district alone, or through it."""
    ids = members[0].ids
    released = Q(release=ids["narrow release"]) | Q(release=ids["district's release"])
    released |= Q(release__notice__in=[ids["due notice"], ids["passed notice"]])
    found = Receipt.objects.filter(released, organisation__in=[one.organisation for one in members])
    return set(found.values_list("pk", flat=True))


def rows_of(one: Member) -> dict[str, set[int]]:
    """Every row that exists for who acts for this member, by kind."""
    capacity = one.capacity
    found = {
        "organisations": access.organisations_visible_to(capacity),
        "tasks": access.tasks_visible_to(capacity),
        "events": access.events_visible_to(capacity),
        "notices": Notice.objects.visible_to(capacity),
        "receipts": Receipt.objects.visible_to(capacity),
        "questions": HelpRequest.objects.visible_to(capacity),
        "releases": Release.objects.visible_to(capacity),
        "deliveries": Delivery.objects.visible_to(capacity),
        "packets": Packet.objects.visible_to(capacity),
    }
    return {kind: set(visible.values_list("pk", flat=True)) for kind, visible in found.items()}
