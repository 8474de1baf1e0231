"""A page that lies on its side is turned at the desk, and is turned wherever it is shown or bound."""

import io

import pypdfium2
import pytest
from django.test import Client
from PIL import Image

from members.models import Event
from notices.intake import deciding
from notices.letters import binding
from notices.procedures import take_in
from tests.cast import Cast
from tests.intake_site.browser import shown, typed
from tests.intake_site.office import actor
from tests.intake_site.test_blank_pages import HEADING, scan
from tests.written_pdf import written


@pytest.fixture(autouse=True)
def pictures(settings, tmp_path):
    settings.PAGE_PICTURES = tmp_path


def _lies_across(picture: bytes) -> bool:
    width, height = Image.open(io.BytesIO(picture)).size
    return width > height


def test_a_page_is_turned_a_quarter_to_the_right_and_that_is_recorded(cast: Cast, staff: Client):
    packet = take_in.receive(scan(2), "scan.pdf", actor(cast))
    picture = f"/packets/{packet.pk}/pages/2"
    assert not _lies_across(staff.get(picture).content)
    answer = staff.post(f"{picture}/turn/", {"letter": "1"})
    assert answer.url == f"/packets/{packet.pk}/?letter=1#page-2"
    assert _lies_across(staff.get(picture).content)
    assert not _lies_across(staff.get(f"/packets/{packet.pk}/pages/1").content)
    assert "2ページ（回して見ています）" in shown(staff.get(f"/packets/{packet.pk}/"))
    assert Event.objects.get(verb="packet.page_turned").detail == {"page": 2, "degrees": 90}
    for _ in range(3):
        staff.post(f"{picture}/turn/", {"letter": "1"})
    assert not _lies_across(staff.get(picture).content)


def test_it_is_bound_turned(cast: Cast, staff: Client):
    packet = take_in.receive(scan(2), "scan.pdf", actor(cast))
    deciding.turn(packet, 1, actor(cast))
    page = staff.get(f"/packets/{packet.pk}/")
    staff.post(f"/packets/{packet.pk}/", typed(page, do="record", **HEADING))
    draft = take_in.register(packet, actor(cast))
    bound = binding.bind(draft, written(text="own letter"))
    sizes = [page.get_size() for page in pypdfium2.PdfDocument(bound.content)]
    assert [width > height for width, height in sizes] == [False, True, False]
    letter = draft.attachments.get().enclosed
    assert letter.subject == HEADING["subject"]


def test_it_is_turned_in_the_file_that_it_becomes(cast: Cast):
    files = [take_in.Incoming("letter.pdf", written(text="Shuchi")), take_in.Incoming("scan.pdf", scan(2))]
    packet = take_in.receive_files(files, actor(cast))
    packet = deciding.turn(packet, 3, actor(cast))
    letter = packet.letters[0] | {"subject": "案内", "issuers": [{"organisation": "福岡県", "title": "", "name": ""}]}
    packet = take_in.correct(packet, {0: letter}, actor(cast))
    packet = deciding.place(take_in.accept(packet, actor(cast)), 1, 0, None, actor(cast))
    made = take_in.record(packet, actor(cast)).attachments.get()
    sizes = [page.get_size() for page in pypdfium2.PdfDocument(made.file.read())]
    assert [width > height for width, height in sizes] == [False, True]
    assert made.file_name == "scan（1–2ページ）.pdf"
