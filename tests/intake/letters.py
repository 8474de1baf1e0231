"""One letter of a text, as the reader gives it."""

from notices.intake.reader import read_text
from notices.intake.reading import ReadLetter


def the_letter(text: str) -> ReadLetter:
    (letter,) = read_text(text).letters
    return letter


def numbers(letter: ReadLetter) -> list[str]:
    return [number.text for number in letter.numbers]
