"""One letter of a text, as the reader gives it."""

from notices.intake.reader import read_text
from notices.intake.reading import ReadLetter


def the_letter(text: str) -> ReadLetter:
    (letter,) = read_text(text).letters
    return letter


def numbers(letter: ReadLetter) -> list[str]:
    return [number.text for number in letter.numbers]


def written(*, subject: str, record: str = "", below: str = "") -> str:
    """A letter of an association that encloses something, with that below 記, and that below its 以上."""
    head = "8福薬業発第512号\n令和8年11月20日\n\n各地区薬剤師会会長　殿\n\n公益社団法人福岡県薬剤師会\n会長　田中　太郎"
    text = "標記について、別添のとおりお知らせいたします。貴会会員へご周知くださいますようお願い申し上げます。"
    listed = f"記\n\n{record}\n\n" if record else ""
    return f"{head}\n\n{subject}\n\n{text}\n\n{listed}以上\n\n{below}\n"
