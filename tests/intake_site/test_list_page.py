"""The list of received packets, and who may come in."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.models import Event
from notices.models import Notice, Packet
from notices.procedures import take_in
from notices.templatetags.screen import status
from tests.cast import Cast
from tests.intake_site.browser import shown
from tests.intake_site.office import DOUBTFUL, SAME_NUMBER, WITHOUT_FIRST, actor, received


@pytest.mark.parametrize("address", ["", "new/", "{pk}/", "{pk}/file", "{pk}/file/0"])
def test_packets_exist_for_staff_only(cast: Cast, address: str):
    address = "/packets/" + address.format(pk=received(cast).pk)
    assert cast.client("staff").get(address).status_code == 200
    assert cast.client("administrator").get(address).status_code == 200
    for who in ("chair", "pharmacy"):
        assert cast.client(who).get(address).status_code == 404
    anonymous = Client().get(address)
    assert (anonymous.status_code, anonymous.url) == (302, f"/signin/?next={address}")


@pytest.mark.parametrize("who", ["chair", "pharmacy"])
def test_nobody_else_takes_in_or_registers(cast: Cast, who: str):
    packet = received(cast)
    assert cast.client(who).post("/packets/new/", {"text": WITHOUT_FIRST}).status_code == 404
    assert cast.client(who).post(f"/packets/{packet.pk}/", {"do": "register"}).status_code == 404
    assert (Packet.objects.count(), Notice.objects.count()) == (1, 0)


def test_looking_records_nothing(cast: Cast, staff: Client):
    packet = received(cast)
    before = list(Event.objects.all())
    for address in ("", "new/", f"{packet.pk}/", f"{packet.pk}/?letter=2", f"{packet.pk}/?letter=rest"):
        assert staff.get(f"/packets/{address}").status_code == 200
        assert staff.head(f"/packets/{address}").status_code == 200
    assert list(Event.objects.all()) == before


def test_an_empty_list_says_how_to_begin(staff: Client):
    page = staff.get("/packets/")
    assert "受領文書はまだありません" in shown(page)
    assert 'href="/packets/new/"' in page.content.decode()


def test_the_list_describes_packets_by_their_top_letter(cast: Cast, staff: Client):
    received(cast, DOUBTFUL)
    page = shown(staff.get("/packets/"))
    assert "在宅患者における残薬連絡アプリの運用開始について" in page
    assert "福岡県薬剤師会 6福薬業発第412号 文書 3 通" in page
    assert "要確認 1 か所" in page


def test_a_packet_without_doubts_waits_to_be_registered_and_asks_for_nothing_more(cast: Cast, staff: Client):
    packet = received(cast)
    for address in ("/packets/", "/today/", packet.get_absolute_url()):
        page = shown(staff.get(address))
        assert "登録待ち" in page and "要確認 " not in page.replace("要確認・登録待ち", ""), address
    assert [row.record for row in staff.get("/packets/?state=doubtful").context["table"].rows] == [packet]


def test_the_list_shows_how_old_the_oldest_letter_is(cast: Cast, staff: Client, settings):
    packet = received(cast)
    days = (packet.received_at.date() - packet.oldest_on).days
    assert re.search(rf"({days:,}|{days + 1:,}) 日", shown(staff.get("/packets/")))


def test_the_list_is_filtered_by_state_and_found_by_folded_words(cast: Cast, staff: Client):
    first, second = received(cast), received(cast, SAME_NUMBER.replace("412", "413").replace("連絡体制", "髙齢者対応"))
    take_in.record(first, actor(cast))

    def found(query: str) -> list[Packet]:
        return [row.record for row in staff.get(f"/packets/?{query}").context["table"].rows]

    assert found("") == [second, first]
    assert found("state=doubtful") == [second]
    assert found("state=registered") == [first]
    assert found("state=issued") == []
    assert found("q=６福薬業発第 412 号") == [first]
    assert found("q=厚生労働省") == [first]
    assert found("q=高齢者") == [second]
    assert found("sort=oldest_on") == [first, second]
    assert "条件に合う受領文書はありません" in shown(staff.get("/packets/?q=どこにもない"))


def test_a_packet_whose_notice_was_released_is_called_passed_on_wherever_it_stands(cast: Cast, staff: Client):
    packet = received(cast, WITHOUT_FIRST)
    draft = take_in.register(packet, actor(cast))
    assert not Packet.objects.with_issued().get().issued
    Notice.objects.filter(pk=draft.pk).update(state=Notice.State.RELEASED, date="2024-12-11")
    assert [row.record for row in staff.get("/packets/?state=issued").context["table"].rows] == [packet]
    for place in ("/packets/", f"/packets/{packet.pk}/", f"/search/?q={packet.receipt_number}"):
        page = staff.get(place).content.decode()
        assert status("issued") in page and status("registered") not in page, place


def test_three_packets_are_listed_with_the_queries_of_one(cast: Cast, staff: Client):
    received(cast)
    staff.get("/packets/")
    with CaptureQueriesContext(connection) as one:
        staff.get("/packets/")
    received(cast, WITHOUT_FIRST)
    received(cast, SAME_NUMBER)
    with CaptureQueriesContext(connection) as three:
        staff.get("/packets/")
    assert len(three) == len(one)
