"""The letter and its enclosures bound as one PDF."""

import io

import pikepdf
import pypdfium2
import pytest

from notices import pdf_binding
from notices.letters import binding
from notices.letters.letter import letter_pdf
from notices.letters.papers import Reason, papers
from notices.models import Attachment, Notice, Packet, StoredFile
from tests.tracking.conftest import add_papers
from tests.written_pdf import FORBIDS_ASSEMBLY, Lock, written


def locked() -> bytes:
    """A PDF that wants a password to be opened."""
    written_again = io.BytesIO()
    with pikepdf.open(io.BytesIO(written())) as document:
        document.save(written_again, encryption=pikepdf.Encryption(owner="chief", user="reader"))
    return written_again.getvalue()


def kept(content: bytes, name: str = "資料.pdf", *, may_be_bound: bool = True) -> StoredFile:
    file = StoredFile.objects.keep(content, name, "application/pdf")
    StoredFile.objects.filter(pk=file.pk).update(may_be_bound=may_be_bound)
    file.refresh_from_db()
    return file


def enclose(notice: Notice, *contents: dict[str, object]) -> None:
    for position, content in enumerate(contents, start=1):
        Attachment.objects.create(
            notice=notice, position=position, label=f"別添{position}", title=f"資料{position}", **content
        )


def bound(notice: Notice) -> binding.Bound:
    return binding.bind(notice, letter_pdf(notice))


def pages(content: bytes) -> list[str]:
    return ["".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(content)]


def bookmarks(content: bytes) -> list[tuple[int, str, int]]:
    found = pypdfium2.PdfDocument(content).get_toc()
    return [(item.level, item.get_title(), item.get_dest().get_index()) for item in found]


def test_the_papers_lie_in_their_order_each_with_its_label_and_its_number(draft: Notice):
    add_papers(draft)
    made = bound(draft)
    text = pages(made.content)
    assert made.pages == len(text) == 5
    labels = ["", "別添1", "別添1の別添", "別添2", "別添3"]
    for number, (page, label) in enumerate(zip(text, labels, strict=True), start=1):
        assert page.endswith(f"{label}{number}/5")
    assert "在宅の届出について（周知）" in text[1] and "在宅の届出について（事務連絡）" in text[2]
    assert "1.画面を開く" in text[3]
    assert "様式.xlsx" in text[4] and "別に保存してください" in text[4]


def test_bookmarks_name_the_letter_and_each_enclosure_at_its_depth(draft: Notice):
    add_papers(draft)
    assert bookmarks(bound(draft).content) == [
        (0, "在宅患者の残薬調整について", 0),
        (0, "別添1　日本薬剤師会からの文書", 1),
        (1, "別添1の別添　事務連絡", 2),
        (0, "別添2　操作方法", 3),
        (0, "別添3　様式", 4),
    ]


def test_the_document_names_itself_and_its_language(draft: Notice):
    enclose(draft, {"file": kept(written())})
    with pikepdf.open(io.BytesIO(bound(draft).content)) as document:
        assert document.open_metadata()["dc:title"] == "在宅患者の残薬調整について"
        assert (str(document.Root.Lang), bool(document.Root.ViewerPreferences.DisplayDocTitle)) == ("ja-JP", True)


def test_the_same_packet_bound_twice_shows_the_same(draft: Notice):
    add_papers(draft)
    assert pages(bound(draft).content) == pages(bound(draft).content)


# Pages from outside -------------------------------------------------------------------------------------------------


def ink(content: bytes, page: int = 0) -> tuple[float, float]:
    """Where the highest and the lowest dark spot of a page lie, as shares of its height; stamps aside."""
    shown = pypdfium2.PdfDocument(content)[page].render(scale=1).to_pil().convert("L")
    rows = [y for y in range(shown.height) if shown.crop((0, y, shown.width - 120, y + 1)).getextrema()[0] < 128]
    return rows[0] / shown.height, rows[-1] / shown.height


def test_a_page_full_to_its_edges_is_made_smaller_so_that_the_stamp_covers_nothing(draft: Notice):
    black = written(text=") Tj ET 0 0 595 842 re f BT (", size=(595, 842))
    enclose(draft, {"file": kept(black)})
    highest, lowest = ink(bound(draft).content, 1)
    assert highest > 0.03 and lowest < 0.97


@pytest.mark.parametrize(("size", "rotate"), [((842, 595), 0), ((595, 842), 90), ((1191, 842), 0)])
def test_what_lies_across_stays_across_on_a4(draft: Notice, size: tuple[int, int], rotate: int):
    enclose(draft, {"file": kept(written(size=size, rotate=rotate))})
    page = pypdfium2.PdfDocument(bound(draft).content)[1]
    assert tuple(map(round, page.get_size())) == (842, 595)
    assert "Shuchi" in page.get_textpage().get_text_range() and "別添1" in page.get_textpage().get_text_range()


def test_links_and_scripts_of_a_page_do_not_come_along(draft: Notice):
    link = "/Annots [ << /Type /Annot /Subtype /Link /Rect [0 0 99 99] /A << /S /URI /URI (https://x.example/) >> >> ]"
    enclose(draft, {"file": kept(written(page=link + " /AA << /O << /S /JavaScript /JS (x) >> >>"))})
    with pikepdf.open(io.BytesIO(bound(draft).content)) as document:
        for page in document.pages:
            assert not {"/Annots", "/AA"} & set(page.obj.keys())


# The pages on which letters came --------------------------------------------------------------------------------------


def received(notice: Notice, content: bytes, pages: list[list[int]], **file: object) -> Notice:
    """A letter that came on those pages of a PDF, enclosed in the notice."""
    packet = Packet.objects.create(
        fingerprint="0" * 64, receipt_number="8-1", text="本文", reading={"letters": [{"pages": pages}]}
    )
    packet.packet_files.create(file=kept(content, "packet.pdf", **file), position=0, name="packet.pdf")
    letter = Notice.objects.create(state="received", subject="届いた文書", body="本文", packet=packet, packet_order=0)
    enclose(notice, {"enclosed": letter})
    return letter


def test_an_enclosed_letter_comes_on_the_pages_on_which_it_was_received(draft: Notice):
    received(draft, written(text="as it came", pages=5), [[0, 1, 3]])
    text = pages(bound(draft).content)
    assert len(text) == 3 and all("asitcame" in page for page in text[1:])
    assert text[1].endswith("別添12/3")


def test_a_page_on_which_one_letter_ends_and_the_next_begins_is_bound_once_with_both_labels(draft: Notice, settings):
    settings.BOUND_MAX_PAGES = 5  # what is bound once counts once
    outer = received(draft, written(text="as it came", pages=4), [[0, 0, 2]])
    packet = outer.packet
    packet.reading["letters"] += [{"pages": [[0, 1, 2]]}, {"pages": [[0, 1, 4]]}]
    packet.save()
    inner, last = (
        Notice.objects.create(state="received", subject=f"文書{order}", packet=packet, packet_order=order)
        for order in (1, 2)
    )
    Attachment.objects.create(notice=outer, position=1, label="別紙", title="短い文書", enclosed=inner)
    Attachment.objects.create(notice=outer, position=2, label="参考", title="次の文書", enclosed=last)
    made = bound(draft)
    labels = ["", "別添1", "別添1・別添1の別紙・別添1の参考", "別添1の参考", "別添1の参考"]
    assert made.pages == len(labels)
    for number, (page, label) in enumerate(zip(pages(made.content), labels, strict=True), start=1):
        assert page.endswith(f"{label}{number}/5")
    assert [(level, sheet) for level, _, sheet in bookmarks(made.content)[1:]] == [(0, 1), (1, 2), (1, 2)]


def test_where_it_tells_of_pages_that_are_not_there_the_letter_is_typeset(draft: Notice):
    letter = received(draft, written(text="as it came"), [[0, 4, 6]])
    assert letter.subject in pages(bound(draft).content)[1]


def test_where_its_pages_cannot_be_bound_the_letter_is_typeset(draft: Notice):
    letter = received(draft, b"%PDF-1.7 broken", [[0, 0, 1]])
    made = bound(draft)
    assert letter.subject in pages(made.content)[1] and made.left_out == []


def test_where_nobody_may_bind_its_file_the_letter_is_typeset(draft: Notice):
    letter = received(draft, written(text="as it came"), [[0, 0, 1]], may_be_bound=False)
    assert letter.subject in pages(bound(draft).content)[1]


# What cannot be bound -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.7 nothing else", "壊れていて"),
        (written()[:200], "壊れていて"),
        (locked(), "パスワードの付いた"),
        (written(size=(0, 0)), "壊れていて"),
        (written(catalog="/OCProperties << /OCGs [3 0 R] /D << /OFF [3 0 R] >> >>"), "隠した部分のある"),
    ],
    ids=["no pages", "cut off", "password", "no size", "hidden layers"],
)
def test_a_pdf_that_cannot_be_bound_is_named_and_the_rest_still_binds(draft: Notice, content: bytes, says: str):
    enclose(draft, {"file": kept(content)}, {"file": kept(written(text="whole", pages=2))})
    made = bound(draft)
    text = pages(made.content)
    assert len(text) == 4
    assert says in text[1] and "資料.pdf" in text[1]
    assert "whole" in text[2] and text[3].endswith("別添24/4")
    assert [paper.label for paper in made.left_out] == ["別添1"]


def test_a_pdf_whose_writer_forbids_it_stays_apart(draft: Notice):
    file = kept(written(text="alone", lock=Lock("", FORBIDS_ASSEMBLY)), may_be_bound=False)
    enclose(draft, {"file": file})
    text = pages(bound(draft).content)
    assert "禁じている" in text[1] and "alone" not in text[1]


def test_a_pdf_that_opens_without_its_password_is_bound(draft: Notice):
    enclose(draft, {"file": kept(written(text="open", lock=Lock("", -4)))})
    assert "open" in pages(bound(draft).content)[1]


def test_an_enclosure_without_anything_gets_no_page_and_is_told_and_an_address_needs_none(draft: Notice):
    enclose(draft, {}, {"url": "https://portal.example/"})
    made = bound(draft)
    assert len(pages(made.content)) == 1
    assert [paper.reason for paper in made.left_out] == [Reason.NOTHING_THERE]


def test_a_letter_that_is_enclosed_twice_is_bound_once(draft: Notice):
    letter = Notice.objects.create(state="received", subject="同じ文書", body="本文")
    Attachment.objects.create(notice=letter, position=1, label="別添", title="自分", enclosed=letter)
    enclose(draft, {"enclosed": letter}, {"enclosed": letter})
    assert [paper.reason for paper in papers(draft)] == [None, Reason.TWICE, Reason.TWICE]
    assert "前のページにあります" in pages(bound(draft).content)[3]


def test_what_would_make_the_packet_too_large_stays_apart(draft: Notice, settings):
    settings.BOUND_MAX_PAGES = 4
    enclose(draft, {"file": kept(written(pages=5))}, {"file": kept(written(pages=2, text="fits"))})
    text = pages(bound(draft).content)
    assert "範囲を超える" in text[1] and "fits" in text[2]


def test_a_file_that_is_too_large_for_the_rest_stays_apart(draft: Notice, settings):
    settings.BOUND_MAX_BYTES = 500_000
    enclose(draft, {"file": kept(written(text="large") + b"%" * 500_000)}, {"file": kept(written(text="fits"))})
    text = pages(bound(draft).content)
    assert "範囲を超える" in text[1] and "fits" in text[2]


def test_the_same_file_enclosed_twice_is_bound_twice(draft: Notice):
    enclose(draft, {"file": kept(written(text="form"))}, {"file": kept(written(text="form"))})
    text = pages(bound(draft).content)
    assert text[1].endswith("別添12/3") and text[2].endswith("別添23/3")


def test_one_pdf_on_which_the_child_breaks_down_spoils_no_other(settings):
    settings.FILE_READING_SECONDS = 3
    found = pdf_binding.look_into([written(), b"%PDF-1.7\n" + b"[" * 3_000_000, written(pages=3)])
    assert [len(each) for each in found] == [1, 0, 3]


def test_a_packet_without_papers_is_none(draft: Notice):
    enclose(draft, {"url": "https://portal.example/"})
    assert not binding.has_papers(draft)
