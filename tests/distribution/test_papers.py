"""郵送・FAX の紙: what staff print and send themselves, and noting that they did."""

import datetime as dt
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from members.models import Event, Organisation
from notices import pdf
from notices.boards.progress import totals
from notices.boards.today import unreached as board_unreached
from notices.distribution import by_hand, printing, unreached
from notices.models import Delivery, Notice, Receipt, Relation, Release
from notices.models.receipt import Via
from notices.procedures import repeat
from notices.tracking import confirming
from tests.cast import Cast
from tests.distribution.paper import LETTER_PAGES, delivery_to, pages, wants_fax, wants_post, with_letter
from tests.distribution.paper import letter as letter
from tests.distribution.paper import release as release

Issue = Callable[..., Release]


@pytest.fixture
def staff(cast: Cast) -> Client:
    return cast.client("staff")


def url(release: Release, page: str = "") -> str:
    return reverse(f"notices:release_papers{page}", args=[release.pk])


def pressed(client: Client, release: Release, page: str, **data: object) -> str:
    """What the page says after a button was pressed."""
    return client.post(url(release, page), data, follow=True).content.decode()


def pile(release: Release, way: str = "post", district: Organisation | None = None) -> str:
    """The value of a button: as the page shows it now."""
    newest = Delivery.objects.filter(receipt__release=release, state="other").latest("pk").pk
    return f"{district.pk if district else ''}-{way}-{newest}"


def printed(release: Release, *keys: int) -> bytes:
    return b"".join(content for content, _ in printing.printed(release, by_hand.batches(keys)))


def outcomes(release: Release) -> dict[str, str]:
    found = by_hand.of(release).order_by("pk").values_list("receipt__organisation__name", "outcome")
    return dict(found)


def today(words: str) -> str:
    day = timezone.localdate()
    return f"{day.month}/{day.day} {words}"


# Counting -------------------------------------------------------------------------------------------------------------


def test_papers_are_counted_by_district_in_the_roster_s_order(cast: Cast, release: Release) -> None:
    found = [(each.district, each.post, each.fax, each.done) for each in by_hand.piles(release)]
    assert found == [(cast.shirasagi, 3, 0, 0), (cast.takaodai, 0, 1, 0)]


def test_with_a_gateway_a_fax_is_no_paper(cast: Cast, issue: Issue, settings: Settings) -> None:
    settings.FAX_GATEWAY = "{number}@fax.example"
    wants_fax(cast.pharmacies[3])
    assert by_hand.piles(issue()) == []


# Printing -------------------------------------------------------------------------------------------------------------


def test_each_recipient_gets_its_sheet_and_the_letter_on_paper_of_its_own(
    cast: Cast, release: Release, staff: Client
) -> None:
    answer = staff.get(url(release, "_print"), {"way": "post"})
    assert answer["Content-Type"] == "application/pdf"
    assert quote("6福薬業発第337号_全地区_郵送.pdf") in answer["Content-Disposition"]
    found = pages(answer.getvalue())
    # A letter of two pages and the sheet are three: a blank fourth, so that both sides of a paper are one recipient's.
    assert len(found) == 3 * (1 + LETTER_PAGES + 1)
    for place, pharmacy in enumerate(cast.pharmacies[:3]):
        sheet, first, second, blank = found[4 * place : 4 * place + 4]
        assert f"{pharmacy.name}御中" in sheet
        assert (first, second) == ("各地区薬剤師会会長殿", "以上")
        assert blank.startswith("この面は白紙です。") and "FAXで送るときは、この面を送らないでください。" in blank
        assert f"1枚目／全{1 + LETTER_PAGES}枚" in sheet


def test_an_even_number_of_pages_needs_no_empty_one(cast: Cast, release: Release) -> None:
    with_letter(release, pdf.render("<!doctype html><html lang=ja><title>公文書</title><p>以上</p></html>"))
    [sheet, letter] = pages(printed(release, delivery_to(release, cast.pharmacies[0]).pk))
    assert (cast.pharmacies[0].name in sheet, letter) == (True, "以上")


def test_what_goes_by_fax_is_a_file_of_its_own(cast: Cast, release: Release, staff: Client) -> None:
    wants_fax(cast.pharmacies[1])
    Delivery.objects.filter(receipt__organisation=cast.pharmacies[1]).update(channel="fax", address="092-000-0299")
    page = staff.get(url(release)).content.decode()
    for way, words, names, each in (
        ("post", "郵送", [cast.pharmacies[0].name, cast.pharmacies[2].name], 4),
        ("fax", "FAX", [cast.pharmacies[1].name, cast.pharmacies[3].name], 3),  # without a back there is no blank one
    ):
        assert f"{words}の分をまとめて印刷する（PDF 2通）" in page
        fronts = pages(staff.get(url(release, "_print"), {"way": way}).getvalue())[::each]
        assert [name for name in names if f"{name}御中" in "".join(fronts)] == names and len(fronts) == 2
    assert f"way=fax&amp;district={cast.shirasagi.pk}" in page and f"way=post&amp;district={cast.shirasagi.pk}" in page


def test_one_district_by_itself(cast: Cast, release: Release, staff: Client) -> None:
    found = pages(staff.get(url(release, "_print"), {"way": "fax", "district": cast.takaodai.pk}).getvalue())
    assert len(found) == 1 + LETTER_PAGES
    assert f"{cast.pharmacies[3].name}御中" in found[0]


def test_a_district_s_own_paper_comes_before_its_pharmacies(cast: Cast, issue: Issue, letter: bytes) -> None:
    wants_post(cast.shirasagi, cast.pharmacies[0])
    release = with_letter(issue(), letter)
    [found] = by_hand.batches(by_hand.papers(release, cast.shirasagi))
    assert [each.receipt.organisation for each in found] == [cast.shirasagi, cast.pharmacies[0]]


def test_copies_of_the_letter_do_not_multiply_the_file(cast: Cast, release: Release, letter: bytes) -> None:
    one, four = (printed(release, *by_hand.papers(release, None)[:count]) for count in (1, 4))
    assert len(four) - len(one) < len(letter)


@pytest.mark.parametrize(
    "query",
    [
        {"way": "post", "district": "0"},
        {"way": "post", "district": "x"},
        {"way": "post", "district": "²"},
        {"way": "post", "again": "1"},
        {"way": "email"},
        {},
    ],
)
def test_where_there_is_nothing_to_print_there_is_no_file(
    release: Release, staff: Client, query: dict[str, str]
) -> None:
    assert staff.get(url(release, "_print"), query).status_code == 404
    assert staff.get(url(release, "_making"), query).status_code == 404


def test_whoever_was_only_spoken_to_still_gets_the_paper_with_the_letter(
    cast: Cast, release: Release, staff: Client
) -> None:
    spoken, own = (release.receipts.get(organisation=each) for each in cast.pharmacies[:2])
    confirming.confirm(spoken.pk, actor=cast.actor("staff"), via=Via.TELEPHONE)
    confirming.confirm(own.pk, actor=cast.actor("staff"), via=Via.PERSONAL)
    assert (by_hand.left(release), by_hand.needless(release)) == (3, 1)
    assert spoken.organisation.name in "".join(pages(staff.get(url(release, "_print"), {"way": "post"}).getvalue()))
    pressed(staff, release, "_sent", pile=pile(release))
    assert outcomes(release)[spoken.organisation.name] == today("郵送")
    assert outcomes(release)[own.organisation.name] == "", "nobody has sent it"


def test_whoever_has_answered_on_paper_needs_no_paper_and_who_has_confirmed_is_not_unreached(
    cast: Cast, release: Release, staff: Client
) -> None:
    """One FAXed its sheet back before staff noted the papers, one that failed was told on the telephone."""
    answered, failed = (release.receipts.get(organisation=each) for each in cast.pharmacies[:2])
    Delivery.objects.filter(receipt=failed).update(state="failed", settled_at=timezone.now())
    Receipt.objects.filter(pk=failed.pk).update(reach="failed", reach_reason="宛先がありません")
    assert [each.pk for each in board_unreached(timezone.now())] == [failed.pk]
    for receipt, via in ((answered, Via.FAX), (failed, Via.TELEPHONE)):
        confirming.confirm(receipt.pk, actor=cast.actor("staff"), via=via)
    assert (by_hand.left(release), [stack.left for stack in by_hand.waiting(Release.objects.all())]) == (2, [2])
    assert [each.post for each in by_hand.piles(release)] == [1, 0]
    assert answered.organisation.name not in "".join(
        pages(staff.get(url(release, "_print"), {"way": "post"}).getvalue())
    )
    assert "ほかに <b>1 通</b>は、宛先から確認の返事があった" in staff.get(url(release)).content.decode()
    for receipt in (answered, failed):
        case = unreached.case(unreached.of(release).get(pk=receipt.pk))
        assert case.advice == "確認の返事があったので、送るものはありません"
    pressed(staff, release, "_sent", pile=pile(release))
    assert outcomes(release)[answered.organisation.name] == today("郵送"), "what came back was sent"
    assert not board_unreached(timezone.now()).exists()
    assert not unreached.of(release).filter(unreached.pressing()).exists()
    again = repeat.plan(release)
    assert (again.reached, again.left_out, again.confirmed) == ([], [], 1)
    board = staff.get(reverse("notices:notice", args=[release.notice_id])).content.decode()
    assert "薬局に知らせる" not in board


# Noting ---------------------------------------------------------------------------------------------------------------


def test_papers_of_a_district_are_noted_as_sent_today(cast: Cast, release: Release, staff: Client) -> None:
    before = totals(release)
    assert "白鷺の郵送 3 通を、今日送ったことにしました" in pressed(
        staff, release, "_sent", pile=pile(release, district=cast.shirasagi)
    )
    assert outcomes(release) == dict.fromkeys([each.name for each in cast.pharmacies[:3]], today("郵送")) | {
        cast.pharmacies[3].name: ""
    }
    assert totals(release) == before  # it stays 別経路: that it arrived nobody knows
    event = Event.objects.get(verb="release.papers_sent")
    assert (event.account, event.organisation) == (cast.capacities["staff"].account, cast.shirasagi)
    assert event.detail["count"] == 3


def test_all_districts_at_once_by_post_and_then_by_fax(cast: Cast, release: Release, staff: Client) -> None:
    pressed(staff, release, "_sent", pile=pile(release, "post"))
    assert outcomes(release)[cast.pharmacies[0].name] == today("郵送")
    assert outcomes(release)[cast.pharmacies[3].name] == "", "the post that went says nothing of the FAX"
    assert "全地区のFAX 1 通を" in pressed(staff, release, "_sent", pile=pile(release, "fax"))
    assert outcomes(release)[cast.pharmacies[3].name] == today("FAX")
    fax, post = by_hand.notes(release)
    assert (post.districts, post.post, post.fax) == (["白鷺"], 3, 0)
    assert (fax.districts, fax.post, fax.fax) == (["髙尾台"], 0, 1)
    assert fax.by == post.by == cast.capacities["staff"].account


def test_pressed_twice_counts_once(cast: Cast, release: Release, staff: Client) -> None:
    value = pile(release)
    pressed(staff, release, "_sent", pile=value)
    assert "何も変えていません" in pressed(staff, release, "_sent", pile=value)
    assert Event.objects.filter(verb="release.papers_sent").count() == 1


def test_what_joined_after_the_page_was_opened_was_not_sent(cast: Cast, release: Release, staff: Client) -> None:
    value = pile(release)
    receipt = release.receipts.get(organisation=cast.pharmacies[4])
    Delivery.objects.create(receipt=receipt, channel="post", address="福岡県髙尾台市5-5", state=Delivery.State.OTHER)
    pressed(staff, release, "_sent", pile=value)
    assert outcomes(release)[cast.pharmacies[4].name] == ""
    assert [each.post for each in by_hand.piles(release)] == [0, 1]


def test_a_note_is_taken_back_alone(cast: Cast, release: Release, staff: Client) -> None:
    pressed(staff, release, "_sent", pile=pile(release, district=cast.shirasagi))
    pressed(staff, release, "_sent", pile=pile(release, "fax", cast.takaodai))
    latest, first = by_hand.notes(release)
    assert "3 通が、まだ送っていない紙に戻りました" in pressed(staff, release, "_not_sent", at=first.at.isoformat())
    assert by_hand.notes(release) == [latest]
    assert outcomes(release)[cast.pharmacies[0].name] == ""
    assert by_hand.of(release).filter(receipt__district=cast.shirasagi, settled_at=None).count() == 3
    assert Event.objects.filter(verb="release.papers_not_sent").count() == 1
    assert "何も変えていません" in pressed(staff, release, "_not_sent", at=first.at.isoformat())


def test_what_was_noted_can_be_printed_again(cast: Cast, release: Release, staff: Client) -> None:
    pressed(staff, release, "_sent", pile=pile(release))
    page = staff.get(url(release)).content.decode()
    assert "送付済をもう一度：郵送 PDF（3通）" in page
    again = {"way": "post", "district": cast.shirasagi.pk, "again": 1}
    assert len(pages(staff.get(url(release, "_print"), again).getvalue())) == 12


@pytest.mark.parametrize("data", [{"pile": "x"}, {"pile": ""}, {"pile": "-1"}, {"pile": "999999-post-1"}, {}])
def test_a_button_that_the_page_does_not_have_does_nothing(release: Release, staff: Client, data: dict) -> None:
    assert staff.post(url(release, "_sent"), data).status_code == 404
    assert by_hand.notes(release) == []


@pytest.mark.parametrize("at", ["", "x", "2024-10-30", "2024-13-45T00:00:00+00:00", "2024-10-30T10:00:00"])
def test_a_moment_that_is_none_takes_nothing_back(release: Release, staff: Client, at: str) -> None:
    pressed(staff, release, "_sent", pile=pile(release))
    assert "何も変えていません" in pressed(staff, release, "_not_sent", at=at)
    assert len(by_hand.notes(release)) == 1


# The page -------------------------------------------------------------------------------------------------------------


def test_the_release_leads_to_its_papers_where_there_are_any(
    cast: Cast, release: Release, issue: Issue, staff: Client
) -> None:
    without = issue(serial=338)
    Delivery.objects.filter(receipt__release=without).update(state=Delivery.State.STOPPED, settled_at=timezone.now())
    for each, leads in ((release, True), (without, False)):
        page = staff.get(reverse("notices:release", args=[each.pk])).content.decode()
        assert (url(each) in page) == leads


def test_the_release_says_how_many_papers_are_still_to_be_sent(release: Release, staff: Client) -> None:
    address = reverse("notices:release", args=[release.pk])
    whole = by_hand.of(release).count()
    assert f"郵送・FAX の紙（{whole} 通、あと {whole} 通）" in staff.get(address).content.decode()
    pressed(staff, release, "_sent", pile=pile(release))
    assert f"郵送・FAX の紙（{whole} 通、あと 1 通）" in staff.get(address).content.decode()
    pressed(staff, release, "_sent", pile=pile(release, "fax"))
    assert f"郵送・FAX の紙（{whole} 通、残りなし）" in staff.get(address).content.decode()


def test_the_page_says_that_fax_goes_by_hand_without_a_gateway(release: Release, staff: Client) -> None:
    assert "FAX の分もここから印刷して送ってください" in staff.get(url(release)).content.decode()


def test_a_release_without_papers_says_so(cast: Cast, issue: Issue, staff: Client) -> None:
    assert "郵送や手渡しの宛先はありません" in staff.get(url(issue())).content.decode()


def test_papers_of_a_corrected_notice_are_not_printed_any_more(
    cast: Cast, release: Release, issue: Issue, staff: Client
) -> None:
    new = issue(serial=338)
    Relation.objects.create(source=new.notice, target=release.notice, kind=Relation.Kind.CORRECTS)
    Notice.objects.filter(pk=new.notice_id).update(date=dt.date(2024, 11, 1))
    page = staff.get(url(release)).content.decode()
    assert "この通知は訂正されました。紙を送らないでください。" in page
    assert url(release, "_print") not in page
    assert "まだ送っていない紙" not in page
    assert "印刷して送ってください" not in page
    assert "訂正の前に送った紙を記録する" in page
    assert staff.get(url(release, "_print")).status_code == 404


def test_nobody_but_staff_sees_the_papers(cast: Cast, release: Release) -> None:
    for who in ("chair", "pharmacy"):
        client = cast.client(who)
        assert client.get(url(release)).status_code == 404
        assert client.get(url(release, "_print")).status_code == 404
        assert client.post(url(release, "_sent"), {"pile": pile(release)}).status_code == 404
    assert by_hand.notes(release) == []
