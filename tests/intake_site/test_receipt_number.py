"""A receipt number that was mistyped is noticed, corrected, and does not steer those that follow."""

import datetime as dt

from django.test import Client

from members.models import Event
from notices.intake import kept, receipt_numbers
from notices.models import Packet
from notices.procedures import take_in
from tests.cast import Cast
from tests.intake_site.browser import shown
from tests.intake_site.office import OWN, SAME_NUMBER, actor

DAY = dt.date(2025, 3, 31)


def test_a_number_of_more_digits_than_a_year_needs_is_refused_and_followed_by_none(cast: Cast, staff: Client):
    page = staff.post("/packets/new/", {"text": OWN, "receipt_number": "６－1234567"})
    assert "年度の後の番号は 6 けたまでです" in shown(page)
    assert not Packet.objects.exists()
    take_in.receive(OWN.encode(), "a.txt", actor(cast), "6-1234567")  # as it was taken before
    assert receipt_numbers.next_receipt_number(DAY) == "6-1"


def test_a_mistyped_number_is_a_doubt_and_is_corrected_with_its_packet(cast: Cast, staff: Client):
    take_in.receive(SAME_NUMBER.encode(), "a.txt", actor(cast), "6-12")
    packet = take_in.receive(OWN.encode(), "b.txt", actor(cast), "6-1300")
    address, number = f"/packets/{packet.pk}/", f"/packets/{packet.pk}/number/"
    page = staff.get(address)
    assert "収受番号が、前の番号から 1,287 番飛んでいます" in shown(page)
    assert 'href="#receipt-number"' in page.content.decode()
    for typed, says in (
        ("6-12", "ほかの受領文書に使われています"),
        ("6-9999999", "6 けたまで"),
        ("", "入れてください"),
    ):
        page = staff.post(number, {"receipt_number": typed})
        assert (page.status_code, says in shown(page)) == (422, True)
        assert page.context["form"]["receipt_number"].value() == typed
    page = staff.post(number, {"receipt_number": "６－１３"}, follow=True)
    assert page.redirect_chain == [(address, 302)]
    packet.refresh_from_db()
    assert (packet.receipt_number, kept.count_doubts(packet.kept)) == ("6-13", 0)
    assert packet.search_key.startswith("613")
    assert receipt_numbers.next_receipt_number(DAY) == "6-14"
    assert Event.objects.get(verb="packet.renumbered").detail == {"receipt_number": "6-13", "was": "6-1300"}
    assert "収受番号を訂正 収受 6-13 前は 6-1300" in shown(page)


def test_the_number_of_a_registered_packet_stays(cast: Cast, staff: Client):
    packet = take_in.receive(SAME_NUMBER.encode(), "a.txt", actor(cast), "6-12")
    take_in.record(packet, actor(cast))
    page = staff.post(f"/packets/{packet.pk}/number/", {"receipt_number": "6-13"}, follow=True)
    assert "登録済みのため、収受番号は変えられません" in shown(page)
    assert "収受番号を直す" not in shown(page)
    packet.refresh_from_db()
    assert packet.receipt_number == "6-12"


def test_the_first_number_of_a_year_may_be_any(cast: Cast):
    packet = take_in.receive(OWN.encode(), "b.txt", actor(cast), "6-1300")
    assert kept.count_doubts(packet.kept) == 0
