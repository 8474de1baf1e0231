"""The personal sheet: one page, everything on it, nobody else's name, a code that opens the personal address."""

import datetime as dt
from collections.abc import Callable
from itertools import pairwise, product

import pypdfium2
import pytest
from pytest_django.fixtures import Settings

from members.models import Organisation
from notices import personal, qr, sheet_code
from notices.distribution import sheets
from notices.models import Delivery, Notice, Release
from notices.models.notice import Relation
from tests.cast import Cast
from tests.distribution.paper import delivery_to, name_office, pages, wants_fax, wants_post

Issue = Callable[..., Release]
VARIANT = "\U000e0100"  # a variation selector: of two forms of a character the first
LINE = 14  # points
DEADLINE = dt.date(2024, 11, 29)


@pytest.fixture(autouse=True)
def gateway(settings: Settings, cast: Cast) -> None:
    settings.FAX_GATEWAY = "{number}@fax.example"
    settings.SITE_URL = "https://shuchi.example"
    name_office(cast)


def text_of(release: Release, organisation: Organisation) -> str:
    [sheet] = sheets.render([delivery_to(release, organisation)], 2)
    [text] = pages(sheet)
    return text


def test_the_sheet_says_whose_it_is_who_does_what_until_when_and_where_to_answer(cast: Cast, issue: Issue) -> None:
    pharmacy = cast.pharmacies[0]
    pharmacy.name = "髙﨑𠮷田薬局"
    wants_fax(pharmacy)
    text = text_of(issue("訪問時の資格確認について", deadline=DEADLINE), pharmacy)
    for words in (
        "髙﨑𠮷田薬局御中",
        "宛先のFAX番号092-000-0200",
        "1枚目／全3枚",
        "令和6年10月30日",
        "6福薬業発第337号",
        "公益社団法人福岡県薬剤師会事務局電話092-000-0100",
        "訪問時の資格確認について",
        "在宅訪問を行う薬局",
        "残薬を確かめ、処方医に伝える",
        "11月29日（金）",
        "「確認しました」を押してください",
        "返信先FAX092-000-0101",
        "記入した方",
        "印",
        f"薬局コード{pharmacy.code}",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("ask", "boxes", "missing"),
    [
        (Release.Ask.INFORM, [], ["確認しました", "設定が完了しました", "対象外です", "困っています", "記入した方"]),
        (Release.Ask.CONFIRM, ["確認しました", "困っています"], ["設定が完了しました", "対象外です"]),
        (Release.Ask.SET_UP, ["確認しました", "設定が完了しました", "対象外です", "困っています"], []),
    ],
)
def test_the_boxes_are_those_of_what_is_asked(
    cast: Cast, issue: Issue, ask: str, boxes: list[str], missing: list[str]
) -> None:
    wants_fax(cast.pharmacies[0])
    text = text_of(issue(ask=ask), cast.pharmacies[0])
    assert [box for box in boxes if box not in text] == []
    assert [box for box in missing if box in text] == []


def test_a_pharmacy_s_sheet_bears_the_code_of_its_receipt_where_an_answer_is_asked(cast: Cast, issue: Issue) -> None:
    wants_fax(cast.pharmacies[0], cast.shirasagi)
    asking, informing = issue(), issue(ask=Release.Ask.INFORM, serial=338)
    receipt = cast.receipt(asking, cast.pharmacies[0])
    assert f"受付コード{sheet_code.of(receipt.pk)}" in text_of(asking, cast.pharmacies[0])
    assert "受付コード" not in text_of(informing, cast.pharmacies[0])
    assert "受付コード" not in text_of(asking, cast.shirasagi)  # a district's answer is nobody's to record


def test_a_district_confirms_receipt_only(cast: Cast, issue: Issue) -> None:
    wants_fax(cast.shirasagi)
    text = text_of(issue(ask=Release.Ask.SET_UP), cast.shirasagi)
    assert "白鷺地区薬剤師会会長殿" in text
    release = issue(serial=338)
    Notice.objects.filter(pk=release.notice_id).update(honorific="様")
    assert "白鷺地区薬剤師会会長様" in text_of(release, cast.shirasagi)
    assert "「受領を確認しました」を押してください" in text
    assert not any(box in text for box in ("設定が完了しました", "対象外です", "困っています", "薬局コード"))


def test_the_covering_text_is_that_of_the_recipient_s_audience(cast: Cast, issue: Issue) -> None:
    wants_fax(cast.pharmacies[0], cast.shirasagi)
    said = {
        "covering_pharmacies": "お忙しいところ恐れ入ります。\n髙い方から順に。",
        "covering_chairs": "会員へのご周知を。",
    }
    release = issue(**said)
    pharmacy, chair = text_of(release, cast.pharmacies[0]), text_of(release, cast.shirasagi)
    assert "お忙しいところ恐れ入ります。髙い方から順に。" in pharmacy and "会員へのご周知を。" not in pharmacy
    assert "会員へのご周知を。" in chair and "お忙しいところ" not in chair


def test_a_correction_says_what_it_corrects_and_what_changed(cast: Cast, issue: Issue) -> None:
    wants_fax(cast.pharmacies[0])
    old = issue("前の通知", serial=303)
    release = issue(changed="期限を 11月29日 に改めました。")
    Relation.objects.create(source=release.notice, target=old.notice, kind=Relation.Kind.CORRECTS)
    text = text_of(release, cast.pharmacies[0])
    assert "前に確認済みでも、もう一度お返事ください。" in text
    assert "訂正6福薬業発第303号（令和6年10月30日）を訂正します。" in text
    assert "期限を11月29日に改めました。" in text


def test_a_withdrawal_says_what_follows_and_speaks_of_no_enclosure(cast: Cast, issue: Issue) -> None:
    wants_fax(cast.pharmacies[0])
    old = issue("前の通知", serial=303)
    release = issue(ask=Release.Ask.INFORM)
    Relation.objects.create(source=release.notice, target=old.notice, kind=Relation.Kind.WITHDRAWS)
    assert "左を写すと、公文書と別添を" in text_of(release, cast.pharmacies[0])
    release.notice.attachments.all().delete()
    text = text_of(release, cast.pharmacies[0])
    assert "次の紙が公文書です。" in text
    assert "別添" not in text


def test_a_withdrawal_of_corrections_names_them_all_on_one_page(cast: Cast, issue: Issue) -> None:
    wants_fax(cast.pharmacies[0])
    chain = [issue("訂正を重ねた通知" * 8, serial=serial) for serial in range(303, 309)]
    release = issue(ask=Release.Ask.INFORM, changed="内容を改めることになりました。" * 20)
    for older, newer in pairwise(chain):
        Relation.objects.create(source=newer.notice, target=older.notice, kind=Relation.Kind.CORRECTS)
    Relation.objects.create(source=release.notice, target=chain[1].notice, kind=Relation.Kind.WITHDRAWS)
    told = "訂正前の6福薬業発第303号（令和6年10月30日）も、あわせて廃止します。"
    assert told in text_of(release, cast.pharmacies[0])
    Relation.objects.filter(source=release.notice).update(target=chain[-1].notice)
    assert "訂正前の6福薬業発第307号、6福薬業発第306号" in text_of(release, cast.pharmacies[0])


def test_who_has_no_fax_answers_by_post_or_telephone(cast: Cast, issue: Issue) -> None:
    Organisation.objects.filter(pk=cast.association.pk).update(postal_code="812-0001", address="福岡県福岡市髙宮町1-2")
    wants_post(cast.pharmacies[0])
    wants_fax(cast.pharmacies[1])
    release = issue()
    ways = "郵送（〒812-0001福岡県福岡市髙宮町1-2）か、電話（092-000-0100）でお知らせください。"
    assert ways in text_of(release, cast.pharmacies[0])
    assert ways not in text_of(release, cast.pharmacies[1])


def test_post_bears_the_address_where_the_window_of_the_envelope_is(cast: Cast, issue: Issue) -> None:
    wants_post(cast.pharmacies[0])
    [sheet] = sheets.render([delivery_to(issue(), cast.pharmacies[0])], 2)
    page = pypdfium2.PdfDocument(sheet)[0]
    millimetres = 72 / 25.4
    height = page.get_height()
    # JIS 長形3号 with a window, the sheet folded in three: 22 to 110 mm from the left, 12 to 58 mm from the top, and it
    # slides by a few.
    window = page.get_textpage().get_text_bounded(
        left=20 * millimetres, right=112 * millimetres, top=height - 8 * millimetres, bottom=height - 63 * millimetres
    )
    assert "".join(window.split()) == "〒812-0000福岡県白鷺市髙尾町1-1𠮷村ビル白鷺中央薬局御中"


def long_cast(cast: Cast) -> None:
    names = ["髙" * 200, "W" * 200, "髙﨑𠮷" * 66, "薬局 " * 66, f"辻{VARIANT}" * 100, "㍿薬局" * 60]
    for pharmacy, name in zip(cast.pharmacies, names, strict=True):
        pharmacy.name = name
    wants_fax(*cast.pharmacies[:4], *cast.districts)
    wants_post(*cast.pharmacies[4:])
    Organisation.objects.filter(pk=cast.pharmacies[5].pk).update(address="福岡県" * 90)


def test_between_short_texts_the_longest_covering_text_leaves_the_foot_free(cast: Cast, issue: Issue) -> None:
    long_cast(cast)
    Organisation.objects.filter(pk=cast.association.pk).update(postal_code="812-0001", address="福岡県福岡市髙宮町1-2")
    plan = {"ask": Release.Ask.SET_UP, "who": "訪" * 24, "what": "設" * 24, "deadline": DEADLINE}
    release = issue("訪" * 30, covering_pharmacies="お読みになりましたら、" * 200, **plan)
    found = [delivery_to(release, cast.pharmacies[number]) for number in (0, 5)]
    for sheet in sheets.render(found, 2):
        page = pypdfium2.PdfDocument(sheet)[0]
        assert lowest_of(page, "記録します") > lowest_of(page, "この面を上にして") + LINE


@pytest.mark.parametrize("changed", ["", "期限と提出先を改めました。" * 40])
def test_the_longest_texts_stay_on_one_page_each(cast: Cast, issue: Issue, changed: str) -> None:
    long_cast(cast)
    Organisation.objects.filter(pk=cast.association.pk).update(postal_code="812-0001", address="福岡県福岡市髙宮町1-2")
    release = issue(
        "訪問診療等における" * 55,
        ask=Release.Ask.SET_UP,
        who="訪" * 100,
        what="設" * 200,
        deadline=DEADLINE,
        changed=changed,
        covering_pharmacies="お読みになりましたら、\n" * 200,
        covering_chairs="会員への周知をお願いします。" * 200,
    )
    if changed:
        old = issue("前の通知", serial=303)
        Relation.objects.create(source=release.notice, target=old.notice, kind=Relation.Kind.WITHDRAWS)
        Notice.objects.filter(pk=release.notice_id).update(subject="訪問診療等における" * 55)
    found = Delivery.objects.filter(receipt__release=release).exclude(channel="email").order_by("pk")
    found = list(found.select_related("receipt__organisation", "receipt__release__notice"))
    made = sheets.render(found, 2)
    assert [len(pages(sheet)) for sheet in made] == [1] * 8
    for delivery, sheet in zip(found, made, strict=True):
        page = pypdfium2.PdfDocument(sheet)[0]
        [text] = pages(sheet)
        name = delivery.receipt.organisation.name
        assert "".join(name.replace(VARIANT, "").split())[:150] in text.replace(VARIANT, "")
        assert "周知の状況を確かめるために記録します。" in text  # the last words of the last box are on the page …
        assert lowest_of(page, "記録します") > lowest_of(page, "この面を上にして") + LINE  # … above its foot


def lowest_of(page: pypdfium2.PdfPage, words: str) -> float:
    """How far above the page's lower edge the words stand, in points."""
    text = page.get_textpage()
    index, _ = text.search(words).get_next()
    return text.get_charbox(index)[1]


def test_nobody_s_sheet_bears_another_s_name_number_or_address(cast: Cast, issue: Issue) -> None:
    wants_fax(*cast.pharmacies)
    release = issue()
    found = [delivery_to(release, pharmacy) for pharmacy in cast.pharmacies]
    texts = [text for sheet in sheets.render(found, 2) for text in pages(sheet)]
    for (own, text), other in product(zip(cast.pharmacies, texts, strict=True), cast.pharmacies):
        for mark in ("".join(other.name.split()), other.fax, other.code):
            assert (mark in text) == (own == other), (own.name, mark)


def test_the_code_on_the_page_is_that_of_the_personal_address(cast: Cast, issue: Issue) -> None:
    """The picture on the rendered page, looked at module by module, is the matrix that the address has."""
    wants_fax(cast.pharmacies[0])
    delivery = delivery_to(issue(), cast.pharmacies[0])
    [sheet] = sheets.render([delivery], 2)
    page = pypdfium2.PdfDocument(sheet)[0]
    [picture] = [each for each in page.get_objects() if each.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
    left, _, right, top = picture.get_bounds()
    scale = 4
    image = page.render(scale=scale, grayscale=True).to_pil()
    expected = [list(row) for row in qr.code(personal.address(delivery)).matrix_iter(border=4)]
    size = (right - left) * scale / len(expected)
    from_top = (page.get_height() - top) * scale

    def is_dark(row: int, column: int) -> bool:
        return image.getpixel((int(left * scale + (column + 0.5) * size), int(from_top + (row + 0.5) * size))) < 128

    found = [[is_dark(row, column) for column in range(len(expected))] for row in range(len(expected))]
    assert found == [[bool(module) for module in row] for row in expected]


def test_the_sheet_holds_no_secret_and_the_address_of_its_own_delivery_only(cast: Cast, issue: Issue) -> None:
    wants_fax(*cast.pharmacies[:2])
    release = issue()
    first, second = (sheets.html([delivery_to(release, each)], 2) for each in cast.pharmacies[:2])
    assert qr.picture(personal.address(delivery_to(release, cast.pharmacies[0]))) in first
    assert qr.picture(personal.address(delivery_to(release, cast.pharmacies[0]))) not in second


def test_markup_in_a_name_is_shown_as_typed(cast: Cast, issue: Issue) -> None:
    cast.pharmacies[0].name = "<b>O'Brien & 薬局</b><img src=file:///etc/hostname>"
    wants_fax(cast.pharmacies[0])
    assert "<b>O'Brien&薬局</b><imgsrc=file:///etc/hostname>御中" in text_of(issue(), cast.pharmacies[0])
