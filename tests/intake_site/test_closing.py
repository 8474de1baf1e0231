"""Packets of which members are told nothing: doubles of what arrived before, and those that are filed."""

import datetime as dt

import pytest
from django.test import Client

from members.models import Event
from notices.boards import today
from notices.intake import archive, closing
from notices.models import Notice, Packet
from notices.procedures import take_in
from tests.cast import Cast
from tests.intake_site.browser import shown
from tests.intake_site.office import SAME_NUMBER, WITHOUT_FIRST, actor, received

TODAY = dt.date(2024, 12, 20)
UNNUMBERED = SAME_NUMBER.replace("6福薬業発第412号", "事 務 連 絡")


def waiting() -> list[Packet]:
    return [each.packet for each in today.packets(TODAY)]


def test_a_document_that_arrives_again_in_another_form_is_closed_as_a_double(cast: Cast, staff: Client):
    take_in.record(received(cast, SAME_NUMBER), actor(cast))
    first = Notice.objects.get()
    again = received(cast, SAME_NUMBER.replace("お知らせいたします", "お知らせ致します"))
    address = f"/packets/{again.pk}/"
    assert "同じ番号の通知が、すでに登録されています" in shown(staff.get(address))
    page = staff.post(f"{address}close/", {"do": "double"}, follow=True)
    assert "重複として閉じています" in shown(page)
    assert f'href="/notices/{first.pk}/"' in page.content.decode()
    assert "通知を作る" not in shown(page)
    assert again not in waiting()
    assert [row.record for row in staff.get("/packets/?state=double&q=412").context["table"].rows] == [again]
    assert Event.objects.latest("pk").detail == {"notice": first.pk}

    assert "重複として閉じてあります" in shown(staff.post(address, {"do": "record"}, follow=True))
    assert "収受番号は変えられません" in shown(staff.post(f"{address}number/", {}, follow=True))
    assert "もう一度開きました" in shown(staff.post(f"{address}close/", {"do": "reopen"}, follow=True))
    assert again in waiting()
    twice = shown(staff.post(f"{address}close/", {"do": "reopen"}, follow=True))
    assert "何も変えていません。この受領文書は、閉じられていません。" in twice and "もう一度開きました" not in twice
    assert Event.objects.latest("pk").verb == "packet.reopened"


def test_what_doubles_without_a_number_is_not_said_to_have_the_same(cast: Cast, staff: Client):
    take_in.record(received(cast, UNNUMBERED), actor(cast))
    again = received(cast, UNNUMBERED.replace("お知らせいたします", "お知らせ致します"))
    page = shown(staff.get(f"/packets/{again.pk}/"))
    assert "発出者・日付・件名が同じ通知が、すでに登録されています" in page
    assert "重複として閉じる" in page


def test_letters_outside_the_count_are_doubles_only_where_all_else_is_the_same(cast: Cast, staff: Client):
    extra = SAME_NUMBER.replace("6福薬業発第412号", "福薬業号外")
    take_in.record(received(cast, extra), actor(cast))
    first = Notice.objects.get()
    assert [number.text for number in first.numbers.all()] == ["福薬業号外"]
    again = received(cast, extra.replace("お知らせいたします", "お知らせ致します"))
    assert archive.archived(again.letters[0]) == first
    other = received(cast, extra.replace("について", "の訂正について"))
    assert archive.archived(other.letters[0]) is None
    take_in.record(other, actor(cast))
    assert Notice.objects.count() == 2


def test_staff_say_that_members_are_not_told_and_take_it_back(cast: Cast, staff: Client):
    packet = received(cast, WITHOUT_FIRST)
    address = f"/packets/{packet.pk}/"
    with pytest.raises(closing.CannotClose):
        closing.file(packet, actor(cast))
    take_in.record(packet, actor(cast))
    assert 'value="file"' in staff.get(address).content.decode()
    page = staff.post(f"{address}close/", {"do": "file"}, follow=True)
    assert "会員へは伝えないことにしています" in shown(page)
    assert packet not in waiting()
    staff.post(f"{address}close/", {"do": "reopen"})
    assert packet in waiting()

    staff.post(f"{address}close/", {"do": "file"})
    staff.post(address, {"do": "register"})
    assert packet in waiting(), "whoever makes the notice wants members to be told"
    assert 'value="file"' not in staff.get(address).content.decode()
    with pytest.raises(closing.CannotClose):
        closing.file(packet, actor(cast))


def test_a_letter_that_came_again_within_another_may_be_filed_or_passed_on(cast: Cast, staff: Client):
    ministry = WITHOUT_FIRST[WITHOUT_FIRST.rindex("事 務 連 絡") :]
    packet = received(cast, ministry)
    take_in.record(take_in.accept(packet, actor(cast)), actor(cast))
    take_in.record(received(cast, WITHOUT_FIRST), actor(cast))
    page = staff.get(f"/packets/{packet.pk}/").content.decode()
    assert Notice.objects.filter(packet=packet, related_from__kind="encloses").exists()
    assert 'value="file"' in page and 'value="register"' in page
    closing.file(packet, actor(cast))
    assert packet not in waiting()
