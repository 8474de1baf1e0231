"""Odd values in a packet, misread or mistyped, break no page and get no further than a person lets them."""

from django.test import Client

from notices.intake import kept
from notices.models import Packet
from tests.cast import Cast
from tests.intake_site.browser import shown
from tests.intake_site.office import SAME_NUMBER, received


def test_a_misread_year_is_a_doubt_and_breaks_no_page(cast: Cast, staff: Client):
    packet = received(cast, SAME_NUMBER.replace("令和6年", "1806年"))
    assert packet.letters[0]["date"] is None
    assert "日付が暦にない" in kept.doubts(packet.letters[0])[0][1]["message"]
    # As such a date was stored before it was refused.
    reading = packet.reading | {"letters": [packet.letters[0] | {"date": "1806-12-13", "deadline": "1806-12-20"}]}
    Packet.objects.filter(pk=packet.pk).update(reading=reading, oldest_on="1806-12-13")
    page = staff.get(f"/packets/{packet.pk}/")
    assert 'value="1806-12-13"' in page.content.decode()
    assert "昭和" not in shown(page)
    assert staff.get("/packets/").status_code == 200
