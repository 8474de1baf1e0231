"""What should not be there is dropped at the desk: a letter of a packet, or all of it before it is registered."""

import pytest
from django.test import Client

from members.models import Event
from notices.boards import today
from notices.intake import closing, deciding, kept, registering
from notices.intake.fates import Reason
from notices.intake.receiving import AlreadyReceived, AlreadyRegistered
from notices.models import DocumentNumber, Notice, Packet
from notices.procedures import take_in
from notices.procedures.take_in import Incoming
from tests import typeset
from tests.cast import Cast
from tests.intake_site.browser import shown
from tests.intake_site.office import SAME_NUMBER, WITHOUT_FIRST, actor, received
from tests.intake_site.test_several import DAY


@pytest.fixture
def packet(cast: Cast) -> Packet:
    """The same letter printed twice, the second time with a stamp."""
    stamped = SAME_NUMBER.replace("以上", "以上\n\n受付")
    files = [
        Incoming("1.pdf", typeset.text_boxes(WITHOUT_FIRST)),
        Incoming("2.pdf", typeset.text_boxes(SAME_NUMBER)),
        Incoming("3.pdf", typeset.text_boxes(stamped, seed=2)),
    ]
    return take_in.accept(take_in.receive_files(files, actor(cast)), actor(cast))


def test_a_letter_that_is_there_twice_says_how_to_drop_it(packet: Packet, cast: Cast, staff: Client):
    with pytest.raises(registering.NumberTwice, match="「この文書を除く」で除いてください"):
        take_in.record(packet, actor(cast))
    page = shown(staff.get(f"/packets/{packet.pk}/?letter=4"))
    assert "文書③と同じ番号です。" in page
    assert "この文書を除く" in page


def test_what_was_left_out_is_in_the_packet_and_nowhere_else(packet: Packet, cast: Cast, staff: Client):
    page = staff.post(f"/packets/{packet.pk}/letters/4/", {"do": "leave_out", "reason": "double"}, follow=True)
    assert "この文書は除いてあります（重複）" in shown(page)
    packet.refresh_from_db()
    assert kept.tops(packet.kept) == [0, 2]
    take_in.record(packet, actor(cast))
    assert list(packet.notices.order_by("packet_order").values_list("packet_order", flat=True)) == [0, 1, 2]
    assert DocumentNumber.objects.filter(serial=412).count() == 1
    assert "この文書は除いてあります（重複）" in shown(staff.get(f"/packets/{packet.pk}/?letter=4"))
    detail = Event.objects.get(verb="packet.letter_left_out").detail
    assert (detail["letter"], detail["reason"]) == (4, "重複")
    with pytest.raises(AlreadyRegistered):
        deciding.take_back(packet, 3, actor(cast))


def test_a_letter_is_left_out_once(packet: Packet, cast: Cast, staff: Client):
    address, said = f"/packets/{packet.pk}/letters/4/", {"do": "leave_out", "reason": "double"}
    staff.post(address, said)
    assert "何も変えていません。この文書は、すでに除いてあります" in shown(staff.post(address, said, follow=True))
    assert Event.objects.filter(verb="packet.letter_left_out").count() == 1


def issued_by(organisation: str) -> dict[str, str]:
    return {"organisation": organisation, "title": "", "name": ""}


@pytest.mark.parametrize(
    ("number", "issuer", "twins"),
    [
        ("第288号", "日本薬剤師会", True),
        ("第２８８号", "公益社団法人日本薬剤師会", True),
        ("第288号", "福岡県", False),
        ("第289号", "日本薬剤師会", False),
    ],
)
def test_a_number_is_a_twin_s_only_of_the_same_issuer(packet: Packet, cast: Cast, number, issuer, twins):
    first = packet.letters[2] | {"numbers": ["第288号"], "issuers": [issued_by("日本薬剤師会")]}
    second = packet.letters[3] | {"numbers": [number], "issuers": [issued_by(issuer)]}
    packet = take_in.correct(packet, {2: first, 3: second}, actor(cast))
    assert (deciding.twin(packet.kept, 3) == 2) == twins


def test_a_form_read_before_a_letter_was_left_out_does_not_bring_it_back(packet: Packet, cast: Cast):
    """Nor does one that was read before that was taken back leave it out again."""
    before = packet.letters[3]
    packet = deciding.leave_out(packet, 3, Reason.DOUBLE, actor(cast))
    left_out = packet.letters[3]
    packet = take_in.correct(packet, {3: before}, actor(cast), {3: kept.state_of(before)})
    assert kept.tops(packet.kept) == [0, 2]
    packet = deciding.take_back(packet, 3, actor(cast))
    packet = take_in.correct(packet, {3: left_out}, actor(cast), {3: kept.state_of(left_out)})
    assert kept.tops(packet.kept) == [0, 2, 3]


def test_leaving_out_a_letter_that_encloses_others_frees_them_and_undoing_it_binds_them_again(cast: Cast):
    packet = received(cast, f"{WITHOUT_FIRST}\n\n{SAME_NUMBER}")
    assert kept.tops(packet.kept) == [0, 2]
    packet = deciding.leave_out(packet, 0, Reason.OTHER, actor(cast), "別に届いた")
    assert kept.tops(packet.kept) == [1, 2]
    assert packet.oldest_on == kept.oldest_date(packet.kept)
    packet = deciding.take_back(packet, 0, actor(cast))
    assert kept.tops(packet.kept) == [0, 2]


def test_the_last_letter_is_not_left_out_but_the_packet_set_aside(cast: Cast):
    packet = received(cast, SAME_NUMBER)
    with pytest.raises(deciding.CannotDecide, match="受領そのものを取りやめてください"):
        deciding.leave_out(packet, 0, Reason.OTHER, actor(cast), "まちがい")


def test_a_packet_is_set_aside_with_a_reason_and_its_files_are_taken_in_anew(packet: Packet, cast: Cast, staff: Client):
    close = f"/packets/{packet.pk}/close/"
    assert "理由を入れてください" in shown(staff.post(close, {"do": "set_aside", "because": " "}, follow=True))
    page = staff.post(close, {"do": "set_aside", "because": "選びまちがえたため"}, follow=True)
    assert "受領を取りやめています。理由：選びまちがえたため" in shown(page)
    assert today.packets(DAY) == []
    assert "取りやめ" in shown(staff.get("/packets/?state=set_aside"))
    again = take_in.receive(packet.packet_files.first().file.read(), "1.pdf", actor(cast))
    assert again.pk != packet.pk
    files = [Incoming(each.name, each.file.read()) for each in packet.packet_files.all()]
    take_in.receive_files(files, actor(cast))
    with pytest.raises(AlreadyReceived):
        take_in.receive_files(files, actor(cast))
    with pytest.raises(closing.CannotClose, match="あらためて受領しています"):
        closing.reopen(packet, actor(cast))


def test_it_is_not_taken_back_once_its_files_came_in_another_order(packet: Packet, cast: Cast):
    closing.set_aside(packet, actor(cast), "選びまちがえたため")
    files = [Incoming(each.name, each.file.read()) for each in packet.packet_files.all()]
    take_in.receive_files(files[::-1], actor(cast))
    with pytest.raises(closing.CannotClose, match="あらためて受領しています"):
        closing.reopen(packet, actor(cast))


def test_that_it_was_set_aside_is_taken_back(packet: Packet, cast: Cast, staff: Client):
    closing.set_aside(packet, actor(cast), "選びまちがえたため")
    with pytest.raises(registering.CannotRegister):
        take_in.record(packet, actor(cast))
    staff.post(f"/packets/{packet.pk}/close/", {"do": "reopen"})
    packet.refresh_from_db()
    assert (packet.state, packet.set_aside_because) == (Packet.State.DOUBTFUL, "")
    deciding.leave_out(packet, 3, Reason.DOUBLE, actor(cast))
    take_in.record(packet, actor(cast))
    assert Notice.objects.filter(packet=packet).exists()
    with pytest.raises(closing.CannotClose):
        closing.set_aside(packet, actor(cast), "選びまちがえたため")
