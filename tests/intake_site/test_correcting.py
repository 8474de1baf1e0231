"""Staff correct what was read; the reading stays beside it, and doubts are settled one by one."""

import pytest

from members.models import Event
from notices.intake import kept, receiving
from notices.models import Packet
from notices.procedures import take_in
from tests.cast import Cast
from tests.intake_site.office import DOUBTFUL, actor, received


def changed(packet: Packet, index: int, **values: object) -> dict[int, dict]:
    return {index: packet.letters[index] | values}


def attached(packet: Packet, index: int, position: int, **values: object) -> list[dict]:
    rows = [dict(row) for row in packet.letters[index]["attachments"]]
    rows[position] |= values
    return rows


def test_a_correction_is_kept_beside_the_reading(cast: Cast):
    packet = received(cast)
    packet = take_in.correct(packet, changed(packet, 0, subject="残薬連絡アプリについて"), actor(cast))
    packet.refresh_from_db()
    assert packet.letters[0]["subject"] == "残薬連絡アプリについて"
    assert packet.reading["letters"][0]["subject"] == "在宅患者における残薬連絡アプリの運用開始について"
    event = Event.objects.get(verb="packet.corrected")
    assert event.detail == {"letter": 1, "fields": ["subject"], "doubts_settled": 0}


def test_a_corrected_packet_is_found_by_what_was_corrected(cast: Cast):
    packet = received(cast)
    packet = take_in.correct(packet, changed(packet, 2, date="2024-11-20", subject="髙額療養費"), actor(cast))
    assert packet.oldest_on.isoformat() == "2024-11-20"
    assert "高額療養費" in packet.search_key


def test_saving_without_a_change_records_nothing(cast: Cast):
    packet = received(cast)
    packet = take_in.correct(packet, changed(packet, 0), actor(cast))
    assert packet.corrected is None
    assert not Event.objects.filter(verb="packet.corrected").exists()


def test_an_impossible_date_is_a_doubt_that_its_correction_settles(cast: Cast):
    packet = received(cast, DOUBTFUL)
    assert packet.letters[0]["date"] is None
    ((_, doubt),) = kept.doubts(packet.letters[0])
    assert (doubt["field"], doubt["raw"]) == ("date", "令和 6 年 2 月 30 日")
    packet = take_in.correct(packet, changed(packet, 0, date="2024-12-11"), actor(cast))
    assert kept.count_doubts(packet.kept) == 0
    assert packet.letters[0]["warnings"][0]["settled"]


def test_another_correction_leaves_the_doubt(cast: Cast):
    packet = received(cast, DOUBTFUL)
    packet = take_in.correct(packet, changed(packet, 0, subject="別の件名"), actor(cast))
    assert kept.count_doubts(packet.kept) == 1


def test_a_doubt_may_be_settled_as_right(cast: Cast):
    packet = received(cast, DOUBTFUL)
    packet = take_in.correct(packet, {0: kept.settled(packet.letters[0], warning=0)}, actor(cast))
    assert kept.count_doubts(packet.kept) == 0
    assert packet.letters[0]["date"] is None
    assert Event.objects.get(verb="packet.corrected").detail["doubts_settled"] == 1


def test_all_doubts_may_be_accepted_at_once(cast: Cast):
    assert kept.count_doubts(take_in.accept(received(cast, DOUBTFUL), actor(cast)).kept) == 0


def test_the_chain_follows_the_links_of_the_attachments(cast: Cast):
    packet = received(cast)
    assert packet.kept["chain"] == [[2, 1], [1, 0]]
    unlinked = attached(packet, 1, 0, letter=None)
    packet = take_in.correct(packet, changed(packet, 1, attachments=unlinked), actor(cast))
    assert packet.kept["chain"] == [[1, 0]]
    linked = attached(packet, 0, 1, letter=2)
    packet = take_in.correct(packet, changed(packet, 0, attachments=linked), actor(cast))
    assert sorted(packet.kept["chain"]) == [[1, 0], [2, 0]]


def test_a_letter_cannot_come_to_enclose_itself(cast: Cast):
    packet = received(cast)
    innermost = [{"label": "別添", "title": "", "letter": 0, "url": None, "text": "", "span": None}]
    with pytest.raises(receiving.EnclosedInCircle):
        take_in.correct(packet, changed(packet, 2, attachments=innermost), actor(cast))
    packet.refresh_from_db()
    assert packet.kept["chain"] == [[2, 1], [1, 0]]


def test_the_way_of_a_packet_shows_its_longest_hop(cast: Cast):
    stops = kept.stops(received(cast).kept)
    assert [(stop.organisation, stop.document, stop.gap_days, stop.slow) for stop in stops] == [
        ("厚生労働省", "事務連絡", 3, False),
        ("日本薬剤師会", "日薬業発第318号", 16, True),
        ("福岡県薬剤師会", "6福薬業発第412号", None, False),
    ]


def test_a_registered_packet_stays_as_it_is(cast: Cast):
    packet = received(cast)
    take_in.record(packet, actor(cast))
    with pytest.raises(receiving.AlreadyRegistered):
        take_in.correct(packet, changed(packet, 0, subject="別の件名"), actor(cast))
