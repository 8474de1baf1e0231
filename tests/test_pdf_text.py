"""The text of a PDF: lines in the order in which they are read, within limits, in a child process."""

import pytest

from members.uploads.refusals import DamagedFile, NeedsPassword, NotExamined, TooLarge, UnusableFile
from notices import pdf_text
from tests.typeset import JAPANESE_FONT, Box, placed
from tests.written_pdf import Lock, Stream, pages_of, written


def lines(*boxes: Box) -> list[str]:
    """The lines of a page on which these boxes were placed in this order."""
    (page,) = pdf_text.read(placed([list(boxes)]))
    return [line.rstrip(" ") for line in page.split("\n")]


def test_boxes_are_read_from_the_top_whatever_their_order() -> None:
    boxes = [(70, 200, "本文です。"), (70, 120, "各薬局　御中"), (400, 80, "薬第5号"), (400, 96, "令和6年4月1日")]
    assert lines(*boxes) == ["薬第5号", "令和6年4月1日", "", "各薬局　御中", "", "本文です。"]


def test_lines_that_stand_far_apart_are_divided_by_a_blank_line() -> None:
    assert lines(*((70, y, f"あいうえお{y}") for y in (100, 116, 132, 164, 180))) == [
        *("あいうえお100", "あいうえお116", "あいうえお132", "", "あいうえお164", "あいうえお180")
    ]


def test_the_first_line_of_a_paragraph_keeps_its_indent() -> None:
    text = "標記について、次のとおり通知します。"
    assert lines((80, 100, text), (70, 116, text), (80, 132, text), (70, 148, text), (70, 164, text)) == [
        *(f"　{text}", text, f"　{text}", text, text)
    ]


def test_a_line_that_reaches_the_edge_says_that_it_goes_on() -> None:
    (page,) = pdf_text.read(placed([[(70, 100, "貴会会員へご周知くださいますよう"), (70, 116, "お願いします。")]]))
    assert page == "貴会会員へご周知くださいますよう \nお願いします。"


@pytest.mark.parametrize(
    ("ends", "begins", "goes_on"),
    [
        ("調剤済みの情報として取り扱わないこ", "と。", True),
        ("設定が完了するよう各薬局のレセプトコン", "ピュータを確かめてください。", True),
        ("次のとおりとします。", "イ、日時は追って知らせます。", False),
        ("次のとおりとすること", "イ、日時は追って知らせます。", False),
        ("設定は次のとおりです。", "が、お願いです。", False),
        ("設定は次のとおり", "お願いします。", False),
    ],
)
def test_what_never_begins_a_line_takes_the_character_before_it_along(ends: str, begins: str, goes_on: bool) -> None:
    """So a line that goes on may end two characters before the edge."""
    widest = "あ" * (len(ends) + 2)
    (page,) = pdf_text.read(placed([[(70, 100, widest), (70, 116, ends), (70, 132, begins)]]))
    assert page.split("\n")[1:] == [f"{ends} " if goes_on else ends, begins]


def test_spaced_out_characters_keep_the_gaps_between_words() -> None:
    words = [(0, "常"), (20, "務"), (40, "理"), (60, "事"), (100, "髙"), (120, "﨑"), (160, "濵"), (180, "一")]
    assert lines(*((70 + x, 100, char) for x, char in words)) == ["常務理事　髙﨑　濵一"]


def test_a_name_with_a_gap_behind_each_character_keeps_them() -> None:
    assert lines(*((70 + 15 * index, 100, char) for index, char in enumerate("副会長森昌平"))) == ["副 会 長 森 昌 平"]


@pytest.mark.parametrize(("gap", "between"), [(1, ""), (3, " "), (7, "　"), (11, "　"), (40, "　")])
def test_the_cells_of_a_table_stand_further_apart_than_words(gap: int, between: str) -> None:
    """As far as the margins of their cells are wide, where the text fills them."""
    assert lines((70, 100, "販売記録"), (110 + gap, 100, "販売日・品名")) == [f"販売記録{between}販売日・品名"]


def test_characters_one_below_the_other_stay_together() -> None:
    stack = [(130, 80 + 12 * index, char) for index, char in enumerate("特別区")]
    boxes = [(70, 160, "本文です。"), *stack, (70, 140, "担当課　御中"), (70, 176, "以上")]
    assert lines(*boxes) == ["特別区", "", "担当課　御中", "本文です。", "以上"]


def test_writing_along_the_side_of_the_page_keeps_its_order() -> None:
    texts = ["薬第5号", "令和6年4月1日", "各薬局"]
    turned = [
        f"BT /F1 10 Tf 0 1 -1 0 {100 + 20 * index} 100 Tm <{text.encode('utf-16-be').hex()}> Tj ET"
        for index, text in enumerate(texts)
    ]
    (page,) = pdf_text.read(pages_of("\n".join(turned).encode(), fonts=JAPANESE_FONT))
    assert page.split() == texts


def test_characters_without_a_height_are_read() -> None:
    flat = [JAPANESE_FONT[0], JAPANESE_FONT[1], JAPANESE_FONT[2].replace("880", "0").replace("-120", "0")]
    text = "薬第5号".encode("utf-16-be").hex()
    assert "".join(pdf_text.read(pages_of(f"BT /F1 10 Tf 70 700 Td <{text}> Tj ET".encode(), fonts=flat))[0].split())


def test_a_scan_has_pages_without_text() -> None:
    assert pdf_text.read(written(text="", pages=3)) == ["", "", ""]


def test_what_the_database_cannot_keep_is_left_out() -> None:
    assert pdf_text.read(written(text="A\\000\\007B")) == ["AB"]


# Refused --------------------------------------------------------------------------------------------------------------


def test_ten_thousand_pages_are_refused() -> None:
    with pytest.raises(TooLarge, match=r"10,000 ページあります。1,000 ページまで"):
        pdf_text.read(written(pages=10_000))


def test_more_characters_than_anybody_reads_are_refused(settings) -> None:
    settings.PDF_MAX_CHARACTERS = 100
    with pytest.raises(TooLarge, match="文字が多すぎます"):
        pdf_text.read(written(text="A" * 60, pages=2))


def test_a_pdf_with_a_password_is_refused() -> None:
    with pytest.raises(NeedsPassword, match="パスワード"):
        pdf_text.read(written(lock=Lock("1234", -4)))


def test_a_damaged_pdf_is_refused() -> None:
    with pytest.raises(DamagedFile, match="壊れている"):
        pdf_text.read(b"%PDF-1.7\n" + bytes(1000))


def test_time_and_memory_end(settings) -> None:
    settings.FILE_READING_SECONDS = 0.01
    with pytest.raises(NotExamined, match="調べきれませんでした"):
        pdf_text.read(written())


def test_pages_nested_without_end_are_refused_or_read_within_the_limits() -> None:
    circle = written("<< /Type /Pages /Count 5 /Kids [5 0 R 2 0 R] >>").replace(b"/Kids [6 0 R]", b"/Kids [5 0 R]")
    forms = Stream(b"/X Do", "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 5 0 R >> >>")
    for content in (circle, written(forms, page="/Contents 5 0 R /Resources << /XObject << /X 5 0 R >> >>")):
        try:
            assert "".join(pdf_text.read(content)).strip() in ("", "Shuchi")
        except UnusableFile as refused:
            assert "PDF" in str(refused) or "調べきれませんでした" in str(refused)
