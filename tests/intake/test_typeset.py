"""A packet reads alike as text and as a PDF, whichever program typeset it and however it placed the characters."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

from notices import pdf, pdf_text
from notices.intake.lines import PAGE_END
from notices.intake.reader import read_text
from notices.intake.reading import Reading
from tests import typeset
from tests.intake.packets import OWN_PACKET, REAL_PACKET, SHARED, beside_shared

OWN = OWN_PACKET.read_text(encoding="utf-8")
AS_HTML = [typeset.as_typed, typeset.letter_spaced, typeset.in_paragraphs, typeset.indented]


def read_pdf(content: bytes) -> Reading:
    return read_text(PAGE_END.join(pdf_text.read(content)))


def values(reading: Reading) -> dict:
    """What a reading gives, the running text included; spaces within that do not count."""
    texts = [
        "".join("".join((letter.body, *letter.items, letter.contact, letter.closing)).split())
        for letter in reading.letters
    ]
    steps = [step.as_json() | {"title": "".join(step.title.split())} for step in reading.steps]
    return reading.as_json() | {"texts": texts, "steps": steps}


@pytest.mark.parametrize("typesetting", AS_HTML, ids=lambda each: each.__name__)
def test_what_weasyprint_typeset_reads_like_the_text(typesetting: Callable[[str], str]) -> None:
    assert values(read_pdf(pdf.render(typesetting(OWN)))) == values(read_text(OWN))


@pytest.mark.parametrize("typesetting", AS_HTML, ids=lambda each: each.__name__)
def test_what_a_browser_printed_reads_like_the_text(
    new_context: Callable[..., BrowserContext], typesetting: Callable[[str], str]
) -> None:
    page = new_context().new_page()
    page.set_content(typesetting(OWN))
    assert values(read_pdf(page.pdf(prefer_css_page_size=True))) == values(read_text(OWN))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_text_boxes_in_any_order_read_like_the_text(seed: int) -> None:
    assert values(read_pdf(typeset.text_boxes(OWN, seed))) == values(read_text(OWN))


@pytest.mark.parametrize("seed", [None, 1, 2])
def test_characters_placed_one_by_one_read_like_the_text(seed: int | None) -> None:
    assert values(read_pdf(typeset.single_characters(OWN, seed))) == values(read_text(OWN))


def test_the_headings_of_letters_written_down_the_page_are_read() -> None:
    written, typed = read_pdf(typeset.in_columns(OWN)), read_text(OWN)
    heads = [
        [(each.numbers, each.date, each.addressees, each.subject) for each in one.letters] for one in (written, typed)
    ]
    assert heads[0] == heads[1]


def test_numbers_of_pages_are_no_part_of_a_letter() -> None:
    first = ["薬第5号", "令和6年4月1日", "", "各薬局　御中", "", "青海県薬務課", "", "登録について", ""]
    first += ["標記について、手続きをお願いします。ただし、すでに登録した薬局に", "　　　　　　　　　　　　　- 1 -"]
    second = ["ついては、この限りではありません。", "様式は、青海県のウェブページにあります。", "- 2 -"]
    pages = [[(70, 80 + 16 * row, line) for row, line in enumerate(page) if line] for page in (first, second)]
    (letter,) = read_pdf(typeset.placed(pages)).letters
    assert letter.body.startswith("標記について、手続きをお願いします。ただし、すでに登録した薬局については、この限り")
    assert "1" not in letter.body


@beside_shared
def test_the_real_packet_reads_alike_as_a_pdf() -> None:
    text = REAL_PACKET.read_text(encoding="utf-8")
    made = (pdf.render(typeset.in_paragraphs(text)), typeset.text_boxes(text), typeset.single_characters(text, 1))
    for content in made:
        assert values(read_pdf(content)) == values(read_text(text))


@beside_shared
@pytest.mark.parametrize("label", sorted((SHARED / "intake" / "visible").glob("*.json")), ids=lambda path: path.stem)
def test_labelled_notices_in_text_boxes_read_alike(label) -> None:
    text = label.with_suffix(".txt").read_text(encoding="utf-8")
    fields = ("numbers", "date", "subject", "issuers", "addressees", "references", "attachments", "deadline", "kind")
    read, typed = read_pdf(typeset.text_boxes(text)).as_json(), read_text(text).as_json()
    assert [[letter[name] for name in fields] for letter in read["letters"]] == [
        [letter[name] for name in fields] for letter in typed["letters"]
    ], json.dumps(read, ensure_ascii=False)
