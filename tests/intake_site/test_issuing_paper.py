"""Of a packet of PDFs the pages that were uploaded are the enclosures of what is bound."""

from collections import Counter
from collections.abc import Iterator

import pypdfium2
from django.test import Client
from django.urls import reverse

from notices.intake.arriving import Incoming
from notices.letters import binding
from notices.letters.letter import letter_pdf
from notices.models import Notice, Packet, StoredFile
from notices.procedures import take_in
from tests import typeset
from tests.cast import Cast
from tests.intake_site.browser import shown
from tests.intake_site.office import OWN, WITHOUT_FIRST, actor, received
from tests.written_pdf import written

UPLOADED = typeset.text_boxes(OWN)


def received_pdf(cast: Cast, content: bytes = UPLOADED) -> Packet:
    return take_in.receive(content, "packet.pdf", actor(cast))


def signs(content: bytes) -> list[Counter]:
    """What stands on each page, in whatever order."""
    document = pypdfium2.PdfDocument(content)
    return [Counter("".join(page.get_textpage().get_text_range().split())) for page in document]


def bookmarks(content: bytes) -> Iterator[tuple[str, int]]:
    for item in pypdfium2.PdfDocument(content).get_toc():
        yield item.get_title().partition("　")[0], item.get_dest().get_index()


def bound(notice: Notice) -> bytes:
    return binding.bind(notice, letter_pdf(notice)).content


def pages_of(packet: Packet) -> list[list[list[int]]]:
    """The `pages` of each letter, then of what belongs to none."""
    rest = [each["pages"] for letter in packet.letters for each in letter["attachments"] if each["text"]]
    return [*(letter["pages"] for letter in packet.letters), *rest]


def test_the_enclosures_of_what_is_bound_are_the_pages_that_were_uploaded_each_with_its_stamp(
    cast: Cast, staff: Client
):
    packet = received_pdf(cast)
    own, national, ministry, guide = pages_of(packet)
    assert (own[0][:2], guide[0][2]) == ([0, 0], len(signs(UPLOADED)))
    notice = take_in.register(packet, actor(cast))
    content = bound(notice)
    came, made = signs(UPLOADED), signs(content)
    places = dict(bookmarks(content))
    labels = {"別添1": national, "別添1の別添": ministry, "別添2": guide}
    assert list(places)[1:] == list(labels)
    for label, ((_, first, end),) in labels.items():
        for index, number in zip(range(first, end), range(places[label], len(made)), strict=False):
            stamps = [other for other, ((_, begin, until),) in labels.items() if begin <= index < until]
            assert made[number] == came[index] + Counter(f"{'・'.join(stamps)}{number + 1}/{len(made)}"), (label, index)
    assert len(made) == 1 + len({index for ((_, first, end),) in labels.values() for index in range(first, end)})
    page = shown(staff.get(reverse("notices:compose", args=[notice.pk])))
    assert f"綴じるときは、届いた紙面（{guide[0][2] - guide[0][1]} ページ）のまま" in page
    # Where the writer forbids it, letters and guide are typeset.
    StoredFile.objects.filter(packets=packet).update(may_be_bound=False)
    assert not any(page >= uploaded for page in signs(bound(notice)) for uploaded in came)


def test_of_several_files_each_letter_has_its_own_pages(cast: Cast):
    files = [
        Incoming("1.pdf", typeset.text_boxes(OWN.removesuffix(WITHOUT_FIRST))),
        Incoming("2.pdf", typeset.text_boxes(WITHOUT_FIRST)),
        Incoming("3.pdf", written(text="", pages=2)),
    ]
    first, second, third, scan, rest = pages_of(take_in.receive_files(files, actor(cast)))
    assert first == [[0, 0, 1]]
    assert second[0][:2] == [1, 0] and third[-1][0] == 1
    # The guide begins on a page of a letter; the scan behind it is nobody's but its own.
    assert {position for position, _, _ in rest} == {1} and scan == [[2, 0, 2]]


def test_a_letter_that_came_as_text_has_no_pages(cast: Cast):
    assert pages_of(received(cast)) == [[], [], [], []]


def test_a_scan_is_bound_as_it_came(cast: Cast):
    (pages,) = pages_of(received_pdf(cast, written(text="", pages=3)))
    assert pages == [[0, 0, 3]]
