"""The file of papers: made batch by batch as it goes out, each sheet in two layers that nobody sees."""

import html
import re
from collections.abc import Callable

import pypdfium2
import pytest
from django.test import Client
from PIL import ImageChops
from pytest_django.fixtures import Settings

from notices import pdf
from notices.distribution import by_hand, sheets
from notices.models import Release
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.distribution.paper import LETTER_PAGES, pages, wants_fax, wants_post, with_letter
from tests.distribution.paper import letter as letter
from tests.distribution.test_papers import printed, url
from tests.distribution.test_papers import release as release
from tests.distribution.test_papers import staff as staff

Issue = Callable[..., Release]


def test_a_printed_sheet_looks_to_the_dot_like_one_that_is_laid_out_as_a_whole(
    cast: Cast, release: Release, issue: Issue, letter: bytes
) -> None:
    cast.pharmacies[4].name = "髙﨑𠮷田調剤薬局 " * 5
    wants_fax(cast.shirasagi, *cast.pharmacies[3:5])
    again = with_letter(issue(ask=Release.Ask.SET_UP, serial=338), letter)
    [found] = by_hand.batches(by_hand.papers(again, None))
    whole = pypdfium2.PdfDocument(sheets.document(found, LETTER_PAGES))
    file = pypdfium2.PdfDocument(printed(again, *(each.pk for each in found)))
    assert {each.channel for each in found} == {"fax", "post"} and len(found) == 6
    for place, delivery in enumerate(found):
        drawn = [page.render(scale=2, grayscale=True).to_pil() for page in (whole[place], file[4 * place])]
        assert ImageChops.difference(*drawn).getbbox() is None, delivery


def test_a_long_file_is_made_batch_by_batch_and_says_how_far_it_has_come(
    cast: Cast, issue: Issue, letter: bytes, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MOST", 2)
    monkeypatch.setattr(by_hand, "TOGETHER", 2)
    wants_post(*cast.pharmacies[:3], cast.pharmacies[3])
    release = with_letter(issue(), letter)
    address = f"{url(release, '_making')}?way=post&district={cast.shirasagi.pk}"
    page = staff.get(url(release)).content.decode()
    links = [html.unescape(each) for each in re.findall('href="([^"]*papers[^"]*)"', page)]
    assert address in links and f"{url(release, '_making')}?way=post" in links
    assert f"{url(release, '_print')}?way=post&district={cast.takaodai.pk}" in links  # a short one is made at once
    assert "まだ始めていません" in text_of(staff.get(address))
    file = staff.get(f"{url(release, '_print')}?way=post&district={cast.shirasagi.pk}")
    going_out = iter(file.streaming_content)
    content = b"".join(next(going_out) for _ in range(3))
    assert "2 / 3 通" in text_of(staff.get(address))
    assert "2 / 3 通" in staff.get(address, headers={"HX-Request": "true"}).content.decode().replace("</b>", "")
    content += b"".join(going_out)
    assert "3 / 3 通 できました" in text_of(staff.get(address))
    assert "まだ始めていません" in text_of(
        cast.client("administrator").get(address)
    )  # it is who asked for it that waits
    names = [text.partition("御中")[0][-6:] for text in pages(content)[::4]]
    assert names == [pharmacy.name[-6:] for pharmacy in cast.pharmacies[:3]]


def test_a_file_that_cannot_be_made_is_told_and_one_that_breaks_off_is_no_file(
    cast: Cast, release: Release, staff: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(by_hand, "TOGETHER", 1)
    post = {"way": "post"}
    file = staff.get(url(release, "_print"), post)
    going_out = iter(file.streaming_content)
    begun = [next(going_out) for _ in range(3)]
    settings.PDF_WRITING_BYTES = 1000
    with pytest.raises(pdf.RenderFailed):
        list(going_out)
    assert not b"".join(begun).rstrip().endswith(b"%%EOF")
    assert "途中で作れなくなりました。" in text_of(staff.get(url(release, "_making"), post))
    answer = staff.get(url(release, "_print"), post, follow=True)
    assert "紙の PDF を作れませんでした。 何も変えていません。" in text_of(answer)
