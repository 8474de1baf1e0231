"""Pages without text that staff have made the 別添 of a letter: the file that the attachment becomes."""

from members.uploads.kinds import PDF
from notices import pdf_binding
from notices.intake import fates, paper
from notices.intake.fates import Fate
from notices.intake.kept import Kept
from notices.intake.paper import Page
from notices.models import Packet, PacketFile, StoredFile
from notices.pdf_binding import BindingFailed


class NotTakenOut(ValueError):
    """The pages of the 文書 `index` cannot be made a file of their own."""

    def __init__(self, index: int) -> None:
        super().__init__(f"letter {index} cannot be taken out")
        self.index = index


def of(packet: Packet, known: Kept) -> dict[int, tuple[StoredFile, str]]:
    """By their place in the packet: the whole file where it has no other pages and none was turned, else one of these.

    Each with the name under which it is offered. Raises NotTakenOut.
    """
    pages, found = paper.pages_of(packet), {}
    for index in range(len(known["letters"])):
        if fates.fate(known, index) == Fate.PAGES:
            try:
                found[index] = _file(paper.of_letter(pages, known, index), known.get("turned", {}))
            except BindingFailed as error:
                raise NotTakenOut(index) from error
    return found


def _file(pages: list[Page], turned: dict[str, int]) -> tuple[StoredFile, str]:
    lies_in: PacketFile = pages[0].file
    whole = lies_in.file.safe_copy or lies_in.file
    turns = [turned.get(paper.key_of(page), 0) for page in pages]
    if len(pages) == lies_in.pages and not any(turns):
        return whole, lies_in.name
    content = pdf_binding.taken(whole.read(), [(page.index, turn) for page, turn in zip(pages, turns, strict=True)])
    name = f"{lies_in.name.removesuffix(PDF.ending)}（{_numbers(pages)}ページ）{PDF.ending}"
    return StoredFile.objects.keep(content, name, PDF.media_type), name


def _numbers(pages: list[Page]) -> str:
    first, last = pages[0].index + 1, pages[-1].index + 1
    return f"{first}" if first == last else f"{first}–{last}"
