"""Odd values in a packet, misread or mistyped, break no page and get no further than a person lets them."""

import pytest
from django.test import Client

from notices.intake import kept, registering
from notices.intake.arriving import NotTakenIn
from notices.models import Notice, Packet
from notices.procedures import take_in
from tests.cast import Cast
from tests.intake_site.browser import shown, typed
from tests.intake_site.office import OWN, SAME_NUMBER, actor, received

ATTACHED = {"label": "別添", "title": "", "letter": None, "url": None, "text": "", "span": None}
EMPTY = {
    "subject": "年末の体制について",
    "honorific": "殿",
    "date": None,
    "numbers": [],
    "issuers": [{"organisation": "福岡県", "title": None, "name": None}],
    "attachments": [],
    "references": [],
    "warnings": [],
}


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


def test_the_same_number_twice_in_one_letter_is_one_or_refused(cast: Cast, staff: Client):
    packet = received(cast, SAME_NUMBER.replace("6福薬業発第412号\n", "6福薬業発第412号\n６福薬業発第４１２号\n", 1))
    assert packet.letters[0]["numbers"] == ["6福薬業発第412号"]
    address = f"/packets/{packet.pk}/"
    staff.post(address, typed(staff.get(address), do="save", numbers="6福薬業発第413号\n６福薬業発第 413 号"))
    packet.refresh_from_db()
    assert packet.letters[0]["numbers"] == ["6福薬業発第413号"]
    page = staff.post(
        address, typed(staff.get(address), do="record", numbers="6福薬業発第413号\n福薬業発第413号"), follow=True
    )
    assert "この文書に、福薬業発第413号が 2 つあります" in shown(page)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"subject": "件" * 501}, "件名が長すぎます（501 字）。500 字まで"),
        ({"honorific": "殿" * 11}, "敬称が長すぎます"),
        ({"numbers": ["福薬業発第" + "1" * 95 + "号"]}, "文書番号が長すぎます"),
        ({"numbers": ["福薬業発第1号の" + "2" * 80]}, "文書番号の記号が長すぎます"),
        ({"issuers": [{"organisation": "県" * 301, "title": None, "name": None}]}, "発出者の団体名が長すぎます"),
        ({"issuers": [{"organisation": "県", "title": "長" * 101, "name": None}]}, "発出者の役職が長すぎます"),
        ({"attachments": [ATTACHED | {"title": "題" * 501}]}, "別添・参考の題名が長すぎます"),
        ({"attachments": [ATTACHED | {"url": "https://a.example/" + "a" * 1000}]}, "別添・参考のアドレスが長すぎます"),
        ({"references": [{"number": "番" * 101, "date": None, "follows_up": False}]}, "関連の文書番号が長すぎます"),
    ],
)
def test_what_the_archive_cannot_hold_is_named(values: dict, says: str):
    letter = EMPTY | values
    with pytest.raises(registering.Incomplete, match=says) as refused:
        registering.check({"letters": [EMPTY, letter], "chain": []})
    assert refused.value.letter == 1


def test_a_letter_that_nobody_opened_is_checked_for_what_the_archive_holds(cast: Cast, staff: Client):
    packet = received(cast, OWN.replace("以上", f"別添9：{'あ' * 700}\n以上"))
    take_in.accept(packet, actor(cast))
    address = f"/packets/{packet.pk}/"
    page = staff.post(address, typed(staff.get(address), do="record"), follow=True)
    assert page.redirect_chain == [(f"{address}?letter=3", 302)]
    assert "題名が長すぎます（700 字）" in shown(page)
    page = staff.post(address, typed(staff.get(address), do="save", numbers="福薬業発第" + "1" * 95 + "号"))
    assert "長すぎる番号があります" in shown(page)


def test_more_letters_than_a_packet_has_are_refused_and_a_long_chain_is_followed(cast: Cast):
    letters = [SAME_NUMBER.replace("412", str(number)) for number in range(1, 202)]
    with pytest.raises(NotTakenIn, match="文書が 201 通あります。1 つの受領文書は 200 通まで"):
        received(cast, "\n".join(letters))
    assert not Packet.objects.exists()
    chain = {"letters": [EMPTY] * 1300, "chain": [[inner, inner - 1] for inner in range(1299, 0, -1)]}
    assert kept.way_to_top(chain) == [*range(1299, -1, -1)]


def test_the_longest_way_is_followed_the_later_letter_first() -> None:
    chain = {"letters": [EMPTY] * 6, "chain": [[5, 2], [4, 0], [3, 1], [2, 0], [1, 0]]}
    assert kept.way_to_top(chain) == [5, 2, 0]


ODD = {
    "the first year of an era, the longest subject, 30 numbers": {
        "date": "2019-05-01",
        "deadline": "2019-12-31",
        "subject": "㍿" * 500,
        "numbers": ["番号", "第号", "vol.1", *(f"6福薬業発第{number}号" for number in range(900, 930))],
    },
    "the first day of 明治, references without numbers": {
        "date": "1868-01-25",
        "deadline": "1868-03-31",
        "references": [{"number": None, "date": day, "follows_up": True, "span": None} for day in (None, "1868-01-25")],
    },
    "before 明治": {"date": "0001-01-01", "deadline": "1806-12-13"},
    "no date, no number, the widest issuers and attachments": {
        "date": None,
        "deadline": "9999-12-31",
        "kind": "事務連絡",
        "numbers": [],
        "issuers": [{"organisation": f"第{n}会", "title": "会長" * 50, "name": "氏" * 100} for n in range(9)],
        "attachments": [ATTACHED | {"label": "別" * 20, "title": "㌖" * 500}] * 9,
    },
    "nothing at all": {
        **dict.fromkeys(("subject", "honorific", "body", "contact"), ""),
        **{rows: [] for rows in ("numbers", "issuers", "addressees", "attachments", "references", "items")},
        "date": None,
    },
}


@pytest.mark.parametrize("values", ODD.values(), ids=ODD)
def test_no_page_of_a_packet_fails_over_an_odd_value(cast: Cast, staff: Client, values: dict):
    packet = received(cast)
    kept_so = packet.reading | {"letters": [letter | values for letter in packet.letters[:1]] + packet.letters[1:]}
    Packet.objects.filter(pk=packet.pk).update(reading=kept_so, oldest_on=values.get("date", "2024-12-11"))
    address = f"/packets/{packet.pk}/"
    pages = ["/packets/", f"{address}?letter=rest", f"{address}number/"]
    assert [staff.get(page).status_code for page in pages] == [200] * 3
    assert staff.post(address, typed(staff.get(address), do="record")).status_code in (200, 302)
    notices = Notice.objects.filter(packet_order=0)
    for page in (address, f"{address}?letter=2", *(f"/notices/{notice.pk}/" for notice in notices)):
        assert staff.get(page).status_code == 200
