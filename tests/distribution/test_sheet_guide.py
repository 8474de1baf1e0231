"""ご案内 behind the sheet: what has no room on it is read all the same, after a FAX too."""

from collections.abc import Callable

import pytest
from pytest_django.fixtures import Settings

from notices.distribution import by_hand, printing, sheet_guide, sheets
from notices.distribution.sheet_guide import Guides
from notices.models import Attachment, Release, Step
from tests.cast import Cast
from tests.distribution.paper import LETTER_PAGES, delivery_to, name_office, pages, wants_fax, wants_post, with_letter
from tests.distribution.paper import letter as letter

Issue = Callable[..., Release]
LONG = "標記の文書の写しをお送りします。お読みになりましたら、手順に沿って設定をお願いします。" * 6


@pytest.fixture(autouse=True)
def gateway(settings: Settings, cast: Cast) -> None:
    settings.FAX_GATEWAY = ""
    settings.SITE_URL = "https://shuchi.example"
    name_office(cast)
    wants_fax(cast.pharmacies[0], cast.shirasagi)
    wants_post(cast.pharmacies[1])


def bare(issue: Issue, **choices: object) -> Release:
    """A release of which the sheet says everything."""
    release = issue(**choices)
    release.notice.attachments.all().delete()
    return release


def with_steps(release: Release) -> Release:
    Step.objects.create(notice=release.notice, position=1, title="環境設定を開く", hint="右上にあります")
    Step.objects.create(notice=release.notice, position=2, group="device", device="ios", title="アプリを入れる")
    return release


def guide_of(release: Release, audience: str = "pharmacy") -> str:
    return "".join(pages(Guides().of(release, audience).content))


def sheet_of(release: Release, cast: Cast) -> str:
    [text] = pages(sheets.render([delivery_to(release, cast.pharmacies[0])], LETTER_PAGES)[0])
    return text


def test_a_sheet_that_says_everything_has_no_guide(cast: Cast, issue: Issue) -> None:
    release = bare(issue)
    assert Guides().of(release, "pharmacy") is None
    assert "ご案内" not in sheet_of(release, cast)


def test_a_covering_text_too_long_to_be_read_on_the_sheet_stands_whole_in_the_guide(cast: Cast, issue: Issue) -> None:
    release = bare(issue, covering_pharmacies=LONG)
    sheet = sheet_of(release, cast)
    assert "…" not in sheet and "添え書きは、次の紙（ご案内）にあります。" in sheet
    assert LONG in guide_of(release)


def test_the_guide_has_the_steps_with_the_numbers_by_which_the_sheet_asks_for_them(cast: Cast, issue: Issue) -> None:
    release = with_steps(bare(issue, ask=Release.Ask.SET_UP))
    text = guide_of(release)
    for words in ("1環境設定を開く", "右上にあります", "端末の設定（iOS）", "2アプリを入れる", release.notice.subject):
        assert "".join(words.split()) in text, words
    assert "手順の番号" in sheet_of(release, cast)
    assert "環境設定" not in (guide_of(release, "district") if Guides().of(release, "district") else "")


def test_where_there_are_no_steps_no_number_of_one_is_asked_for(cast: Cast, issue: Issue) -> None:
    assert "手順の番号" not in sheet_of(bare(issue, ask=Release.Ask.SET_UP), cast)


def test_the_guide_names_what_is_enclosed_and_how_to_get_it(cast: Cast, issue: Issue) -> None:
    release = with_steps(bare(issue))
    Attachment.objects.create(notice=release.notice, position=1, label="別添1", title="操作方法", text="1. 開く")
    text = guide_of(release)
    assert "別添1操作方法" in text
    assert "QRコードを写すと、スマートフォンで読めます" in text and "092-000-0100" in text
    assert "別添の一覧は、次の紙" in sheet_of(release, cast)


def test_without_a_guide_the_sheet_says_how_to_get_what_the_letter_encloses(cast: Cast, issue: Issue) -> None:
    release = issue()
    assert Guides().of(release, "pharmacy") is None and release.notice.attachments.exists()
    assert "別添も、写した画面で読めます。紙で要るときは事務局へ。" in sheet_of(release, cast)


def test_each_recipient_s_paper_holds_sheet_guide_and_letter_on_its_own_sheets_of_paper(
    cast: Cast, issue: Issue, letter: bytes
) -> None:
    release = with_letter(with_steps(bare(issue, ask=Release.Ask.SET_UP)), letter)
    keys = [delivery_to(release, pharmacy).pk for pharmacy in cast.pharmacies[:2]]
    content = b"".join(part for part, _ in printing.printed(release, by_hand.batches(keys)))
    found = pages(content)
    assert len(found) == 2 * (1 + 1 + LETTER_PAGES)
    for first, pharmacy in zip((0, 4), cast.pharmacies[:2], strict=True):
        assert "".join(pharmacy.name.split()) in found[first] and "全4枚" in found[first]
        assert "環境設定を開く" in found[first + 1] and "各地区薬剤師会会長殿" in found[first + 2]


def test_a_guide_flows_over_to_as_many_pages_as_it_needs(cast: Cast, issue: Issue) -> None:
    release = bare(issue, ask=Release.Ask.SET_UP)
    Step.objects.bulk_create(
        Step(notice=release.notice, position=place, title=f"手順その{place}") for place in range(1, 61)
    )
    guide = Guides().of(release, "pharmacy")
    assert guide.pages == 2 and "手順その60" in guide_of(release)
    assert f"全{1 + guide.pages + LETTER_PAGES}枚" in sheet_of(release, cast)


def test_no_size_of_a_covering_text_is_below_what_can_be_read() -> None:
    assert min(sheet_guide.READABLE) >= 9
