"""Pages without text, as of a scan: a 文書 of their own, unless they lie between the pages of a letter."""

from collections.abc import Sequence
from itertools import groupby

from notices.intake import paper
from notices.intake.kept import Kept, Letter
from notices.intake.paper import Page
from notices.intake.reader import to_be_typed
from notices.intake.reading import Reading

WITHOUT_TEXT = "文字のないページ（スキャン）"
WITHIN = (
    "{pages}ページには文字がありません（画像のようです）。この文書の{pages}ページかどうか、紙面を確かめてください。"
    "別の文書なら、そのページだけの PDF を、あらためて受領してください。"
)


def named(letter: Letter) -> str:
    """How the screen names pages without text while nobody has typed what they are: with their numbers."""
    first, last = letter["blank"][0], letter["blank"][-1]
    return f"{WITHOUT_TEXT}{first if first == last else f'{first}–{last}'}ページ"


def add_to(reading: Reading, pages: Sequence[Page]) -> None:
    """Let each stretch of pages without text that belongs to no letter be one, at its place among the others.

    A file without any text belongs to no letter, wherever it lies.
    """
    for stretch in _stretches(reading, pages):
        letter = to_be_typed(reading.text, (stretch[0].span[0], stretch[-1].span[1]))
        letter.blank = [page.number for page in stretch]
        reading.letters.append(letter)
    reading.letters.sort(key=lambda letter: letter.span)


def ask(known: Kept, pages: Sequence[Page], text: str) -> None:
    """Doubt the pages without text that lie between those of a letter."""
    for index, letter in enumerate(known["letters"]):
        empty = [page.number for page in paper.of_letter(pages, known, index) if _is_empty(page, text)]
        if empty and not letter.get("blank"):
            told = WITHIN.format(pages="・".join(map(str, empty)))
            letter["warnings"].append({"field": "pages", "raw": "", "message": told, "settled": False})


def _stretches(reading: Reading, pages: Sequence[Page]) -> list[list[Page]]:
    spans = [letter.span for letter in reading.letters]
    in_letters = {page.number for page in paper.within(list(pages), spans)}
    with_text = {page.file.position for page in pages if not _is_empty(page, reading.text)}
    alone = [
        page
        for page in pages
        if page.file.is_pdf
        and _is_empty(page, reading.text)
        and (page.number not in in_letters or page.file.position not in with_text)
    ]
    # Pages that follow one another have the same distance to their place among those that are left.
    numbered = groupby(enumerate(alone), key=lambda each: (each[1].file.position, each[1].number - each[0]))
    return [[page for _, page in group] for _, group in numbered]


def _is_empty(page: Page, text: str) -> bool:
    return page.file.is_pdf and not text[slice(*page.span)].strip()
