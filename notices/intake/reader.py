"""The reader: the text of a packet → letters, their chain, and what a person must look at."""

from members import wareki
from members.numerals import narrow
from notices.docnumber import contradicted_year, parse_number
from notices.intake.addressees import LIST, listed_names, read_list_below
from notices.intake.addresses import find_addresses
from notices.intake.attachments import is_label
from notices.intake.body import read_body
from notices.intake.chain import link_letters
from notices.intake.decode import decode
from notices.intake.heading import Heading, read_heading
from notices.intake.letters import Slice, split_letters
from notices.intake.lines import Line, split_lines
from notices.intake.reading import Reading, ReadLetter, Span, Warning
from notices.intake.references import read_references
from notices.intake.runs import rejoined, unroll
from notices.intake.steps import read_steps
from notices.intake.subject import NOTE, exchange_kind, subject_kind

NO_LETTER = "通知の頭書き（番号・日付・宛先・件名）が見つかりません。文書の文字がすべて入っているか確かめてください。"
TO_BE_TYPED = (
    "頭書きを読み取れませんでした（文字のない画像かもしれません）。"
    "紙面を見て、番号・日付・宛先・発出者・件名を入力してください。"
)
# More than any packet has; the chain of so many is still found in a second.
MOST_LETTERS = 200


class TooManyLetters(ValueError):
    """A text of more letters than a packet has; the message says what to do, in Japanese."""

    def __init__(self, count: int) -> None:
        most = f"1 つの受領文書は {MOST_LETTERS} 通までです"
        super().__init__(f"文書が {count:,} 通あります。{most}。いくつかに分けて受領してください。")


def read_bytes(data: bytes) -> Reading:
    """The reading of a text file. Raises decode.UnreadableError where it is no text, TooManyLetters."""
    return read_text(decode(data))


def read_text(text: str) -> Reading:
    """The reading of a packet's text. A text without a letter gives no letters and a warning that says so.

    Raises TooManyLetters.
    """
    reading = read_letters(text)
    reading.chain = link_letters(reading.letters)
    return reading


def read_letters(text: str) -> Reading:
    """The same before anybody has asked which letter encloses which. Raises TooManyLetters."""
    lines = [piece for line in rejoined(split_lines(text)) for piece in unroll(line)]
    slices = split_letters(lines)
    if len(slices) > MOST_LETTERS:
        raise TooManyLetters(len(slices))
    letters: list[ReadLetter] = []
    for part in slices:
        letters.append(_read_letter(text, lines[part.start : part.stop], letters[-1] if letters else None))
    reading = Reading(text, letters)
    reading.remainder = _remainder(lines, slices)
    within = {index for part in slices for index in range(part.start, part.stop)}
    reading.steps = read_steps([line for index, line in enumerate(lines) if index not in within]) if letters else []
    if not letters:
        reading.warnings.append(Warning("letters", "", NO_LETTER))
    return reading


def to_be_typed(text: str, span: Span) -> ReadLetter:
    """A letter of which nothing could be read, as of a scan: people type its heading."""
    letter = ReadLetter(kind="", text=text[slice(*span)], span=span)
    missing = [warning for warning in _missing(letter, Heading()) if warning.field != "subject"]
    letter.warnings = [Warning("subject", "", TO_BE_TYPED), *missing]
    return letter


def _read_letter(text: str, lines: list[Line], before: ReadLetter | None) -> ReadLetter:
    heading = read_heading(lines)
    below = _without_list_of_addressees(heading, lines[heading.end :])
    body = read_body(below)
    span = (lines[0].span[0], lines[-1].span[1])
    letter = ReadLetter(
        numbers=heading.numbers,
        date=heading.date,
        issuers=heading.issuers,
        addressees=heading.addressees,
        honorific=heading.honorific,
        subject=heading.subject,
        kind=_kind(heading),
        attachments=body.attachments,
        references=read_references(body.paragraphs, [number.text for number in heading.numbers]),
        urls=[address.url for address in find_addresses(text, span)],
        deadline=body.deadline,
        asks=body.asks,
        body=body.text,
        items=body.items,
        closing=body.closing,
        contact=body.contact,
        text=text[slice(*span)],
        span=span,
        spans=heading.spans | body.spans,
        warnings=[*heading.warnings, *body.warnings],
    )
    if letter.subject is None and heading.exchange_kind == "回答" and before:
        # A collection of laws prints the answer under the question's subject.
        letter.subject = before.subject
    letter.warnings += [*_missing(letter, heading), *_of_another_year(letter, text)]
    return letter


def _without_list_of_addressees(heading: Heading, lines: list[Line]) -> list[Line]:
    """The lines without the list to which 別記 in the address points; its names are the addressees if none else is."""
    listed = read_list_below(lines) if heading.listed_below else []
    if listed and len(heading.addressees) == 1 and LIST.fullmatch(narrow(heading.addressees[0])):
        heading.addressees = listed_names(listed)
        heading.place("addressees", listed[1:])
    return [line for line in lines if line not in listed]


def _kind(heading: Heading) -> str:
    """通知, 事務連絡, 依頼, 照会, 回答 or その他."""
    if heading.notice:
        return NOTE
    if not heading.addressees or any("報道" in name for name in heading.addressees):
        return "その他"
    return exchange_kind(heading.exchange_kind, subject_kind(heading.subject or ""))


def _missing(letter: ReadLetter, heading: Heading) -> list[Warning]:
    """What a letter should state and this one does not show."""
    numbered = letter.numbers or heading.notice
    needed = {
        "date": (letter.date, "日付が見つかりません。"),
        "subject": (letter.subject, "件名が見つかりません。"),
        "addressees": (letter.addressees, "宛先が見つかりません。通知ではないかもしれません。"),
        "issuers": (letter.issuers, "発出者が見つかりません。"),
        "numbers": (numbered, "文書番号が見つかりません。番号のない文書はこのままで構いません。"),
    }
    told = {warning.field for warning in heading.warnings}
    return [Warning(name, "", message) for name, (value, message) in needed.items() if not value and name not in told]


def _of_another_year(letter: ReadLetter, text: str) -> list[Warning]:
    """A doubt about each number in front of which stands another 年度 than that of the date."""
    written = {parse_number(raw): raw for start, end in letter.spans.get("numbers", []) if (raw := text[start:end])}
    found = []
    for number in letter.numbers:
        if year := contradicted_year(number, letter.date):
            years = f"{wareki.fiscal_year_label(year)}の番号ですが、日付は{wareki.fiscal_year_label(letter.date)}です。"
            found.append(Warning("numbers", written.get(number, number.text), f"{years}原文と見比べてください。"))
    return found


def _remainder(lines: list[Line], slices: list[Slice]) -> list[Span]:
    """The stretches of lines that belong to no letter; the label stamped above a letter on its page is that one's."""
    edges = [0, *(edge for part in slices for edge in (part.start, part.stop)), len(lines)]
    between = ((start, _above_stamps(lines, stop)) for start, stop in zip(edges[::2], edges[1::2], strict=True))
    return [(lines[start].span[0], lines[stop - 1].span[1]) for start, stop in between if start < stop]


def _above_stamps(lines: list[Line], stop: int) -> int:
    """Where the labels begin that stand alone above the letter which begins at `stop`; there is none at the end."""
    while 0 < stop < len(lines) and is_label(lines[stop - 1]) and not lines[stop].turns_page(lines[stop - 1]):
        stop -= 1
    return stop
