"""What chairs and pharmacies print to work with on paper: 電話連絡表 and 薬局内回覧."""

import re

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone

from members import wareki
from members.history import NOBODY
from members.models import Officer
from members.models.officer import Office
from notices.models import Receipt, Release, Step
from notices.models.receipt import Reach, Via
from notices.tracking import calling, confirming, setup
from tests.cast import Cast

SAID = {"actor": NOBODY, "via": Via.PERSONAL}
LONG = "在宅医療において薬剤師が訪問先で用いる端末の設定と、その点検の記録の残し方、並びに変更時の届出について" * 3


@pytest.fixture
def release(cast: Cast) -> Release:
    release = cast.released(LONG, ask=Release.Ask.SET_UP, deadline=timezone.localdate(), what="端末を設定する")
    for position in range(1, 15):
        Step.objects.create(notice=release.notice, position=position, title=f"{position}番目の画面を開いて進みます")
    return release


def pages(response) -> list[str]:
    """The text of each page, without the ends of its lines: they are elsewhere where a number has other digits."""
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")
    found = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(response.content)]
    return [text.replace("\r\n", "") for text in found]


def test_a_chair_takes_along_whom_to_call_with_number_and_state(cast: Cast, release: Release):
    first, second, third = cast.pharmacies[:3]
    confirming.confirm(cast.receipt(release, first).pk, **SAID)
    Receipt.objects.filter(release=release, organisation=second).update(reach=Reach.FAILED, reach_reason="宛先不明")
    Officer.objects.create(organisation=second, office=Office.MANAGER, name="髙木 亮")
    third.parent = cast.takaodai
    third.save()
    own = cast.receipt(release, cast.shirasagi)
    address = reverse("notices:district_calls", args=[own.pk])
    assert calling.note_call(cast.receipt(release, second).pk, actor=cast.actor("chair"))
    (page,) = pages(cast.client("chair").get(f"{address}?show=unconfirmed"))
    assert page.count("電話済") == 1
    assert "電話連絡表" in page and release.notice.number_text in page
    assert second.telephone in page and "髙木 亮" in page and "不達・未確認" in page
    assert first.name not in page
    assert third.name in page and third.telephone not in page  # another district's by now
    (everybody,) = pages(cast.client("chair").get(f"{address}?show=all"))
    assert re.search(f"{first.name}.*?確認", everybody, re.DOTALL)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("withdraws", "この通知は廃止されました。電話しないでください。"),
        ("corrects", "この通知は訂正されました。電話しないでください。"),
    ],
)
def test_for_what_another_notice_stands_for_nobody_is_called(cast: Cast, release: Release, kind: str, words: str):
    """Whoever has the address of the list is told so on it, and by what."""
    new = cast.released("残薬の調整の新しい手順について")
    own, browser = cast.receipt(release, cast.shirasagi), cast.client("chair")
    desk, address = (reverse(f"notices:{name}", args=[own.pk]) for name in ("district_receipt", "district_calls"))
    assert address in browser.get(desk).content.decode()
    cast.supersede(release, new, kind)
    assert address not in browser.get(desk).content.decode()
    [page] = pages(browser.get(address))
    assert words in page and new.notice.subject in page and new.notice.number_text in page
    assert wareki.long_date(new.notice.date) in page
    assert "□" not in page and cast.pharmacies[0].name not in page and "端末を設定する" not in page


@pytest.mark.parametrize(
    ("kind", "words"),
    [("withdraws", "廃止済です。今後は使わないでください。"), ("corrects", "訂正済です。次の通知を")],
)
def test_what_another_notice_stands_for_goes_round_no_more(cast: Cast, release: Release, kind: str, words: str):
    """Whoever has the address of the sheet is told so on it."""
    cast.supersede(release, cast.released("代わりの通知"), kind)
    receipt, browser = cast.receipt(release, cast.pharmacies[0]), cast.client("pharmacy")
    address = reverse("notices:own_circulation", args=[receipt.pk])
    assert address not in browser.get(reverse("notices:own_receipt", args=[receipt.pk])).content.decode()
    [page] = pages(browser.get(address))
    assert words in page and "代わりの通知" in page
    assert "いつまでに" not in page and "端末を設定する" not in page


@pytest.mark.parametrize(
    ("kind", "words", "what_for"),
    [
        ("corrects", ["を訂正する通知です", "変わったところ：申込先の電話番号"], True),
        ("withdraws", ["は、廃止されました", "応じないでください", "廃止の理由：申込先の電話番号"], False),
    ],
)
def test_what_takes_another_notice_back_says_so_where_it_goes_round(
    cast: Cast, release: Release, kind: str, words: list[str], what_for: bool
):
    earlier = cast.released("研修会の開催について")
    cast.supersede(earlier, release, kind)
    Release.objects.filter(pk=release.pk).update(
        changed="申込先の電話番号\n" + "会場の所在地と開始の時刻も変わります。" * 12 + "以上です。"
    )
    receipt = cast.receipt(release, cast.pharmacies[0])
    [page] = pages(cast.client("pharmacy").get(reverse("notices:own_circulation", args=[receipt.pk])))
    assert [word for word in [earlier.notice.number_text, *words] if word not in page] == []
    assert "以上です。" in page and "続きは" not in page
    assert ("いつまでに" in page) == what_for
    Release.objects.filter(pk=release.pk).update(changed="変わったところの説明。" * 180)
    [page] = pages(cast.client("pharmacy").get(reverse("notices:own_circulation", args=[receipt.pk])))
    assert "続きは、サイトのこの通知の画面で読めます" in page


def test_a_pharmacy_prints_one_page_that_goes_round(cast: Cast, release: Release):
    receipt = cast.receipt(release, cast.pharmacies[0])
    confirming.confirm(receipt.pk, **SAID)
    confirming.name(receipt.pk, "德丸 翔太", **SAID)
    setup.tick(receipt.pk, release.notice.steps.first().pk, **SAID)
    staff = cast.client("pharmacy")
    address = reverse("notices:own_circulation", args=[receipt.pk])
    assert address in staff.get(reverse("notices:own_receipt", args=[receipt.pk])).content.decode()
    (page,) = pages(staff.get(address))
    assert "端末を設定する" in page and "1番目の画面を開いて進みます" in page and "確認済" in page
    assert "德丸" not in page
