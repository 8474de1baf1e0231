"""Pages without text never fall into another letter: staff say what each is before the packet is registered."""

import io
import re
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.test import Client

from members.models import Event
from notices.intake import deciding, fates, kept, registering
from notices.intake.fates import Fate, Reason
from notices.letters import binding
from notices.models import Attachment, Notice, Packet
from notices.procedures import take_in
from notices.procedures.take_in import Incoming
from tests import typeset
from tests.cast import Cast
from tests.intake_site.browser import shown, typed
from tests.intake_site.office import OWN, SAME_NUMBER, actor
from tests.written_pdf import written

TOLD = SAME_NUMBER.replace("6福薬業発第412号", "6薬第2451号").replace(
    "公益社団法人福岡県薬剤師会\n常務理事", "青海県\n知事"
)
HEADING = {
    "numbers": "日薬業発第９９号",
    "date": "令和6年12月1日",
    "addressees": "都道府県薬剤師会会長",
    "honorific": "殿",
    "subject": "年末年始の対応について",
    "issuers-0-organisation": "日本薬剤師会",
}


@pytest.fixture(autouse=True)
def pictures(settings, tmp_path):
    settings.PAGE_PICTURES = tmp_path


def scan(pages: int = 1, extra: int = 0) -> bytes:
    return written(text="", pages=pages, size=(595 + extra, 842))


@pytest.fixture
def packet(cast: Cast) -> Packet:
    """The association's own packet with its guide, and a scan of something else."""
    files = [Incoming("letters.pdf", typeset.text_boxes(OWN)), Incoming("scan.pdf", scan(2))]
    return take_in.accept(take_in.receive_files(files, actor(cast)), actor(cast))


def last(packet: Packet) -> int:
    return len(packet.letters) - 1


def undecided(packet: Packet) -> list[int]:
    return [index for index in range(len(packet.letters)) if fates.fate(packet.kept, index) == Fate.UNDECIDED]


def address(packet: Packet) -> str:
    return f"/packets/{packet.pk}/letters/{last(packet) + 1}/"


def test_a_scan_beside_letters_is_a_document_of_its_own_and_of_no_guide(packet: Packet, staff: Client):
    pages = sum(file.pages for file in packet.packet_files.all())
    assert undecided(packet) == [last(packet)]
    assert packet.letters[last(packet)]["pages"] == [[1, 0, 2]]
    held = [each for letter in packet.letters for each in letter["attachments"] if each["text"]]
    assert held
    assert all(position == 0 for each in held for position, _, _ in each["pages"])
    page = staff.get(f"/packets/{packet.pk}/?letter={last(packet) + 1}")
    assert [each.number for each in page.context["page"].pages] == [pages - 1, pages]
    assert "文字のないページです（スキャンした文書のようです）。何の文書か、決めてください。" in shown(page)
    assert f"文字のないページ（スキャン）{pages - 1}–{pages}ページ：まだ決めていません" in shown(page)
    rest = staff.get(f"/packets/{packet.pk}/?letter=rest").context["page"]
    assert not {pages - 1, pages} & {each.number for each in rest.pages}


def test_nothing_is_registered_until_staff_have_said_what_it_is(packet: Packet, cast: Cast, staff: Client):
    with pytest.raises(registering.Undecided, match=r"（スキャン）[0-9]+–[0-9]+ページです。番号・日付・件名などを入力"):
        take_in.record(take_in.accept(packet, actor(cast)), actor(cast))
    page = staff.get(f"/packets/{packet.pk}/?letter=1")
    answer = staff.post(f"/packets/{packet.pk}/?letter=1", typed(page, do="record"))
    assert answer.url == f"/packets/{packet.pk}/?letter={last(packet) + 1}"
    assert not Notice.objects.exists()


def test_its_heading_is_typed_and_it_becomes_a_notice_with_its_own_pages(packet: Packet, cast: Cast, staff: Client):
    here = f"/packets/{packet.pk}/?letter={last(packet) + 1}"
    staff.post(here, typed(staff.get(here), do="record", **HEADING))
    notice = Notice.objects.get(packet=packet, packet_order=last(packet))
    assert (notice.subject, notice.number_text) == ("年末年始の対応について", "日薬業発第99号")
    draft = take_in.register(packet, actor(cast), last(packet))
    bound = binding.bind(draft, written(text="own letter"))
    texts = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(bound.content)]
    assert len(texts) == 3
    assert all("別添1" in text for text in texts[1:])


def test_what_was_typed_is_seen_while_something_else_is_refused(packet: Packet, staff: Client):
    """The issuer of a scan is typed into a row that is folded away until then, as is the body."""
    here = f"/packets/{packet.pk}/?letter={last(packet) + 1}"
    page = staff.get(here)
    assert not re.search('<details class="read-row read-new" open>', page.content.decode())
    sent = HEADING | {"date": "令和6年13月1日", "body": "標記について、お知らせします。"}
    html = staff.post(here, typed(page, do="save", **sent)).content.decode()
    assert "入れた内容は、そのまま残っています" in html
    opened = re.findall('<details class="read-row(?: read-new)?" open>(.*?)</details>', html, re.DOTALL)
    assert ["日本薬剤師会" in each or "お知らせします" in each for each in opened] == [True, True]


def test_rows_that_nobody_touched_stay_folded_while_something_is_refused(packet: Packet, staff: Client):
    here = f"/packets/{packet.pk}/?letter=1"
    html = staff.post(here, typed(staff.get(here), do="save", date="令和6年13月1日")).content.decode()
    assert "13月はありません" in html
    assert '<details class="read-row" open>' not in html and '<details class="read-row read-new" open>' not in html


def test_of_a_jimu_renraku_no_number_is_missed(cast: Cast, staff: Client):
    """Typed in the place of the number it is the kind, and such a letter has none; any other is asked about."""
    here = f"/packets/{take_in.receive(scan(), 'scan.pdf', actor(cast)).pk}/"
    staff.post(here, typed(staff.get(here), do="save", **HEADING | {"numbers": ""}))
    assert "文書番号が見つかりません" in shown(staff.get(here))
    staff.post(here, typed(staff.get(here), do="save", numbers="事務連絡"))
    assert "文書番号が見つかりません" not in shown(staff.get(here))
    staff.post(here, typed(staff.get(here), do="record"))
    assert Notice.objects.get().kind == "事務連絡"


def test_it_is_the_enclosure_that_staff_say(packet: Packet, cast: Cast, staff: Client):
    top = kept.top_index(packet.kept)
    page = shown(staff.post(address(packet), {"do": "place", "place": f"{top}-new"}, follow=True))
    assert "別添にしました" in page
    pages = packet.letters[last(packet)]["blank"]
    assert f"：文字のないページ（スキャン）{pages[0]}–{pages[-1]}ページと結び付けました" in shown(
        staff.get(f"/packets/{packet.pk}/?letter={top + 1}")
    )
    packet.refresh_from_db()
    assert (undecided(packet), fates.fate(packet.kept, last(packet))) == ([], Fate.PAGES)
    assert kept.tops(packet.kept) == [top]
    notice = take_in.record(packet, actor(cast))
    assert notice.packet_order == top
    made = Attachment.objects.get(notice=notice, file__isnull=False)
    assert (made.title, made.file_name) == ("文字のないページ（スキャン）", "scan.pdf")
    assert made.file.read() == scan(2)
    assert not Notice.objects.filter(packet_order=last(packet)).exists()
    assert Event.objects.filter(verb="packet.pages_placed").exists()


def test_it_is_one_enclosure_only_however_often_it_is_placed(packet: Packet, cast: Cast):
    """That of a letter which was left out meanwhile, and is there again, is no longer it."""
    first, second = [place for place, row in deciding.places(packet.kept) if row is None][:2]
    deciding.place(packet, last(packet), first, None, actor(cast))
    deciding.leave_out(packet, first, Reason.UNRELATED, actor(cast))
    deciding.place(packet, last(packet), second, None, actor(cast))
    packet = deciding.take_back(packet, first, actor(cast))
    assert fates.held_by(packet.kept, last(packet))[0] == second
    assert [outer for inner, outer in packet.kept["chain"] if inner == last(packet)] == [second]


def test_it_is_no_enclosure_of_what_it_encloses_itself(packet: Packet, cast: Cast):
    top = kept.top_index(packet.kept)
    row = {"label": "別添", "title": "", "letter": top, "url": None, "text": "", "span": None}
    packet = take_in.correct(packet, {last(packet): packet.letters[last(packet)] | {"attachments": [row]}}, actor(cast))
    before = packet.kept
    with pytest.raises(deciding.CannotDecide, match="その文書を別添にしています"):
        deciding.place(packet, last(packet), top, None, actor(cast))
    packet.refresh_from_db()
    assert packet.kept == before


@pytest.mark.parametrize(
    ("labels", "new"),
    [
        (["別添1", "別添3"], "別添4"),
        (["別添１", "参考"], "別添2"),
        (["別添"], "別添2"),
        (["別添", "別添"], "別添3"),
        (["別紙"], "別添1"),
    ],
)
def test_a_new_enclosure_has_a_label_that_none_has_yet(packet: Packet, cast: Cast, labels: list[str], new: str):
    top = kept.top_index(packet.kept)
    rows = [{"label": label, "title": "表", "letter": None, "url": None, "text": "", "span": None} for label in labels]
    packet = take_in.correct(packet, {top: packet.letters[top] | {"attachments": rows}}, actor(cast))
    packet = deciding.place(packet, last(packet), top, None, actor(cast))
    assert [each["label"] for each in packet.letters[top]["attachments"]] == [*labels, new]


def test_that_it_is_an_enclosure_is_taken_back(packet: Packet, cast: Cast, staff: Client):
    top = kept.top_index(packet.kept)
    deciding.place(packet, last(packet), top, None, actor(cast))
    assert "別添から外しました" in shown(staff.post(address(packet), {"do": "free"}, follow=True))
    packet.refresh_from_db()
    assert undecided(packet) == [last(packet)]


def test_it_is_left_out_with_a_reason_and_taken_back(packet: Packet, cast: Cast, staff: Client):
    assert "選んでから" in shown(staff.post(address(packet), {"do": "leave_out"}, follow=True))
    assert "理由を入れてください" in shown(
        staff.post(address(packet), {"do": "leave_out", "reason": "other"}, follow=True)
    )
    page = staff.post(address(packet), {"do": "leave_out", "reason": "unrelated", "note": "他県の案内"}, follow=True)
    assert "この文書は除いてあります（関係なし：他県の案内）" in shown(page)
    staff.post(address(packet), {"do": "take_back"})
    packet.refresh_from_db()
    assert undecided(packet) == [last(packet)]
    deciding.leave_out(packet, last(packet), Reason.UNRELATED, actor(cast))
    notice = take_in.record(packet, actor(cast))
    bound = binding.bind(notice, written(text="own letter"))
    texts = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(bound.content)]
    assert all(len(text) > 60 for text in texts[1:]), "none has but its stamp"


def test_pages_without_text_at_the_end_of_a_pdf_are_taken_out_as_the_enclosure(cast: Cast):
    letter = typeset.text_boxes(SAME_NUMBER)
    content = _joined(letter, scan(3))
    packet = take_in.receive(content, "letter.pdf", actor(cast))
    assert packet.letters[1]["blank"] == [2, 3, 4]
    packet = deciding.place(packet, 1, 0, None, actor(cast))
    notice = take_in.record(take_in.accept(packet, actor(cast)), actor(cast))
    made = notice.attachments.get()
    assert made.file_name == "letter（2–4ページ）.pdf"
    assert len(pypdfium2.PdfDocument(made.file.read())) == 3


def test_pages_that_cannot_be_taken_out_are_named(cast: Cast):
    packet = take_in.receive(_joined(typeset.text_boxes(SAME_NUMBER), scan(3)), "letter.pdf", actor(cast))
    packet = take_in.accept(deciding.place(packet, 1, 0, None, actor(cast)), actor(cast))
    Path(packet.packet_files.get().file.content.path).write_bytes(b"lost")
    with pytest.raises(registering.CannotRegister, match="文書②（文字のないページ（スキャン）2–4ページ）を") as refused:
        take_in.record(packet, actor(cast))
    assert refused.value.letter == 1
    assert not Notice.objects.exists()


def test_two_scans_beside_each_other_are_two_documents(cast: Cast):
    files = [Incoming("a.pdf", scan()), Incoming("b.pdf", scan(2, extra=1))]
    packet = take_in.receive_files(files, actor(cast))
    assert [letter["blank"] for letter in packet.letters] == [[1], [2, 3]]


def test_documents_follow_the_order_of_their_pages_with_text_or_without(cast: Cast, staff: Client):
    contents = {"a.pdf": scan(), "b.pdf": typeset.text_boxes(OWN), "c.pdf": scan(2), "d.pdf": typeset.text_boxes(TOLD)}
    files = [Incoming(name, content) for name, content in contents.items()]
    packet = take_in.receive_files(files, actor(cast))
    third = 2 + packet.packet_files.get(position=1).pages
    assert [letter.get("blank", letter["numbers"]) for letter in packet.letters] == [
        *([1], ["6福薬業発第412号"], ["日薬業発第318号"], [], [third, third + 1], ["6薬第2451号"])
    ]
    assert packet.kept["chain"] == [[3, 2], [2, 1]], "who encloses whom is what it would be without them"
    assert [each["letter"] for each in packet.letters[1]["attachments"]] == [2, None, None]
    page = staff.get(f"/packets/{packet.pk}/").context["page"]
    assert page.index == 1, "what is read is opened first"
    firsts = [int(re.match(r"[0-9]+", part.pages)[0]) for part in page.letters]
    assert firsts == sorted(firsts)


def test_a_page_without_text_between_those_of_a_letter_is_asked_about_there(cast: Cast):
    first, second = SAME_NUMBER.split("年末年始の連絡体制を次のとおり", 1)
    content = _joined(typeset.text_boxes(first), scan(), typeset.text_boxes(f"年末年始の連絡体制を次のとおり{second}"))
    packet = take_in.receive(content, "letter.pdf", actor(cast))
    (letter,) = packet.letters
    assert [warning["message"][:20] for warning in letter["warnings"]] == ["2ページには文字がありません（画像のよう"]
    assert letter["pages"] == [[0, 0, 3]]


def _joined(*contents: bytes) -> bytes:
    made = pikepdf.Pdf.new()
    for content in contents:
        made.pages.extend(pikepdf.open(io.BytesIO(content)).pages)
    written_to = io.BytesIO()
    made.save(written_to)
    return written_to.getvalue()
