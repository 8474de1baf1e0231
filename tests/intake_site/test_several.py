"""Packets that hold letters which have nothing to do with each other: members are told of each, or are not."""

import datetime as dt

import pytest
from django.test import Client

from members.models import Event
from notices.boards import today
from notices.intake import closing, kept
from notices.intake.receiving import AlreadyReceived
from notices.models import Notice, Packet
from notices.procedures import take_in
from notices.procedures.take_in import Incoming
from tests import typeset
from tests.cast import Cast
from tests.intake_site.browser import shown, typed
from tests.intake_site.office import WITHOUT_FIRST, actor, received

DAY = dt.date(2024, 12, 20)
PREFECTURE = """6薬第2451号
令和6年12月9日

公益社団法人福岡県薬剤師会会長 殿

福岡県保健医療介護部薬務課長

年末年始における医薬品の供給体制について（依頼）

標記について、貴会会員へ周知くださるようお願いします。
"""


@pytest.fixture
def packet(cast: Cast) -> Packet:
    """One upload of two PDFs: the national association's letter, and one of the prefecture about something else."""
    files = [
        Incoming("1.pdf", typeset.text_boxes(WITHOUT_FIRST)),
        Incoming("2.pdf", typeset.text_boxes(PREFECTURE)),
    ]
    found = take_in.receive_files(files, actor(cast))
    assert kept.tops(found.kept) == [0, 2]
    return take_in.accept(found, actor(cast))


def release(draft: Notice) -> None:
    Notice.objects.filter(pk=draft.pk).update(state=Notice.State.RELEASED, date=DAY)


def waiting() -> list[tuple[int | None, dt.date | None]]:
    return [(each.top and each.top.packet_order, each.oldest_on) for each in today.packets(DAY)]


def badge(packet: Packet) -> str:
    return Packet.objects.get(pk=packet.pk).badge


def address_of(packet: Packet) -> str:
    return f"/packets/{packet.pk}/"


def test_staff_are_told_that_the_packet_holds_two_and_register_it_without_a_draft(
    packet: Packet, cast: Cast, staff: Client
):
    page = staff.get(address_of(packet))
    assert "別々の文書が 2 件入っています" in shown(page) and "（周知） ほか 1 件" in shown(page)
    assert 'value="register"' not in page.content.decode()
    page = staff.post(address_of(packet), typed(page, do="record"), follow=True)
    assert "文書ごとに、通知を作るか、会員へは伝えないかを決めてください" in shown(page)
    assert page.content.decode().count('value="register"') == 2
    assert not Notice.objects.filter(state=Notice.State.DRAFT).exists()


def test_each_letter_gets_a_draft_that_encloses_it_alone(packet: Packet, cast: Cast, staff: Client):
    take_in.record(packet, actor(cast))
    drafts = []
    for top in ("2", "0"):
        answer = staff.post(address_of(packet), {"do": "register", "top": top})
        drafts.append(Notice.objects.get(pk=answer.url.split("/")[2]))
    pref, national = drafts
    assert pref.attachments.get().enclosed.number_text == "6薬第2451号"
    assert national.attachments.first().enclosed.number_text == "日薬業発第318号"
    assert not pref.steps.exists() and national.steps.exists(), "the guide came with the national letter"
    assert staff.post(address_of(packet), {"do": "register", "top": "0"}).url == f"/notices/{national.pk}/compose/"
    assert "通知の下書きを開く" in shown(staff.get(address_of(packet)))
    assert staff.post(address_of(packet), {"do": "register", "top": "1"}).status_code == 404, "no top letter"


def test_a_packet_is_passed_on_once_each_of_its_letters_is(packet: Packet, cast: Cast, staff: Client):
    assert waiting() == [(None, dt.date(2024, 11, 22))]
    assert "ほかに別の文書 1 件" in shown(staff.get("/today/"))
    first = take_in.register(packet, actor(cast))
    assert waiting() == [(0, dt.date(2024, 11, 22)), (2, dt.date(2024, 12, 9))]
    release(first)
    assert waiting() == [(2, dt.date(2024, 12, 9))], "days count from the letter that is left"
    assert badge(packet) == Packet.State.REGISTERED
    page = staff.get("/today/").content.decode()
    assert "年末年始における医薬品の供給体制について" in page and f"{address_of(packet)}?letter=3" in page
    (row,) = staff.get("/packets/").context["table"].rows
    assert row.record.waits_since == dt.date(2024, 12, 9)
    release(take_in.register(packet, actor(cast), 2))
    assert waiting() == []
    assert badge(packet) == "issued"


def test_the_letter_that_members_are_not_told_of_is_closed_with_its_reason(packet: Packet, cast: Cast, staff: Client):
    release(take_in.register(packet, actor(cast)))
    close = f"{address_of(packet)}close/"
    assert "理由を入れてください" in shown(staff.post(close, {"do": "file", "top": "2", "because": " "}, follow=True))
    assert badge(packet) == Packet.State.REGISTERED
    page = staff.post(close, {"do": "file", "top": "2", "because": "窓口への照会のため"}, follow=True)
    assert "伝えない理由：窓口への照会のため" in shown(page)
    assert (waiting(), badge(packet)) == ([], "issued")
    assert Event.objects.filter(verb="packet.filed").latest("pk").detail == {
        "letter": 3,
        "reason": "窓口への照会のため",
    }
    staff.post(close, {"do": "reopen", "top": "2"})
    assert waiting() == [(2, dt.date(2024, 12, 9))]


def test_a_packet_is_filed_once_members_are_told_of_none_of_its_letters(packet: Packet, cast: Cast):
    take_in.record(packet, actor(cast))
    closing.file(packet, actor(cast), 0, "すでに周知した内容のため")
    assert badge(packet) == Packet.State.REGISTERED
    closing.file(packet, actor(cast), 2, "窓口への照会のため")
    assert badge(packet) == Packet.State.FILED
    take_in.register(packet, actor(cast), 2)
    assert badge(packet) == Packet.State.REGISTERED
    assert waiting() == [(2, dt.date(2024, 12, 9))], "the other letter stays filed"
    with pytest.raises(closing.CannotClose):
        closing.file(packet, actor(cast), 2, "窓口への照会のため")


def test_a_file_whose_letter_is_left_leads_to_it_when_it_comes_again_alone(packet: Packet, cast: Cast, staff: Client):
    again = [Incoming("again.pdf", typeset.text_boxes(PREFECTURE))]
    with pytest.raises(AlreadyReceived) as refused:
        take_in.receive_files(again, actor(cast))
    assert (refused.value.packet, refused.value.index) == (packet, 2)
    release(take_in.register(packet, actor(cast)))
    first = [Incoming("first.pdf", typeset.text_boxes(WITHOUT_FIRST))]
    for files, index in ((first, None), (again, 2)):
        with pytest.raises(AlreadyReceived) as refused:
            take_in.receive_files(files, actor(cast))
        assert refused.value.index == index
    release(take_in.register(packet, actor(cast), 2))
    with pytest.raises(AlreadyReceived) as refused:
        take_in.receive_files(again, actor(cast))
    assert refused.value.index is None


def test_a_letter_that_came_before_does_not_keep_back_the_new_one_beside_it(cast: Cast, staff: Client):
    take_in.record(received(cast, PREFECTURE), actor(cast))
    both = received(cast, f"{WITHOUT_FIRST}\n\n{PREFECTURE}")
    assert "台帳にある通知と同じ文書です" in shown(staff.get(f"{address_of(both)}?letter=3"))
    assert closing.doubled_by(both) is None
    top = take_in.record(both, actor(cast))
    assert (top.packet_order, both.notices.count()) == (0, 2)
    assert "台帳にある文書です" in shown(staff.get(address_of(both)))
    assert sorted(each.top.packet_order for each in today.packets(DAY)) == [0, 0], "each letter waits once"
