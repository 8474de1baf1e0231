"""The files of a packet as they arrive: what they are, and their text page by page."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.conf import settings

from members.history import Actor
from members.uploads import kinds
from members.uploads.names import clean_name, ending_of
from members.uploads.refusals import UnusableFile
from notices import filing, pdf_text
from notices.intake.decode import UnreadableError, decode
from notices.intake.lines import PAGE_END
from notices.models import StoredFile

# What is not a file, but was typed or pasted.
PASTED = "貼り付けた文章.txt"


@dataclass(frozen=True)
class Incoming:
    """One file as it arrived."""

    name: str
    content: bytes


@dataclass(frozen=True)
class LeftOut:
    """A file that was chosen with those of a packet and is not among them, and why, in words for the screen."""

    name: str
    why: str = ""

    @property
    def reason(self) -> str:
        """Its first sentence, which is the reason; what follows says what to do."""
        return self.why.split("。", 1)[0]

    @property
    def told(self) -> str:
        """「写し.pdf」（PDF が壊れているか、途中で切れています）."""
        return f"「{self.name}」（{self.reason}）" if self.reason else f"「{self.name}」"


class NotTakenIn(ValueError):
    """The packet was not taken in; the message says why and what to do, in Japanese.

    `refused` are the files at fault, where not all of them are, each with what it is refused for.
    """

    refused: Mapping[Incoming, str] = MappingProxyType({})


class TooLarge(NotTakenIn):
    """Files, or the text in them, over the limit."""


class NotReadable(NotTakenIn):
    """A PDF that is damaged, locked or too long, or no PDF at all."""


class NotAText(NotTakenIn):
    """Empty, binary, or in an unknown encoding."""


@dataclass(frozen=True)
class Arrived:
    """A file that was looked into, with the text of its pages; `pdf` where it is a PDF."""

    position: int
    name: str
    content: bytes
    text: str
    pdf: filing.Upload | None = None

    @property
    def is_pdf(self) -> bool:
        return self.pdf is not None

    @property
    def pages(self) -> int:
        return self.text.count(PAGE_END) + 1

    def keep(self, actor: Actor) -> StoredFile:
        """The file as it is kept: the original, or of a PDF with what acts the copy without it."""
        if self.pdf:
            return filing.keep(self.pdf, actor)
        return StoredFile.objects.keep(self.content, self.name, "text/plain")


def arrived(files: Sequence[Incoming]) -> list[Arrived]:
    """The files, in their order. Raises NotTakenIn, naming each file at fault."""
    check_size([(file.name, len(file.content)) for file in files])
    looked_into, faults = [], {}
    for position, file in enumerate(files):
        try:
            looked_into.append(_arrived(position, file))
        except NotTakenIn as error:
            faults[file] = error
    if faults:
        raise _together(faults)
    if sum(len(file.text.encode()) for file in looked_into) > settings.PACKET_MAX_BYTES:
        raise TooLarge("文字が多すぎます。別添を分けて、文書ごとに受領してください。")
    return looked_into


def _together(faults: Mapping[Incoming, NotTakenIn]) -> NotTakenIn:
    """All that was found, as one: a person mends it in one go."""
    named = [f"{_about(file)}{error}" for file, error in faults.items()]
    error = type(next(iter(faults.values())))("".join(named))
    error.refused = {file: str(fault) for file, fault in faults.items()}
    return error


def _about(file: Incoming) -> str:
    return f"「{clean_name(file.name)}」：" if file.name != PASTED else ""


def text_of(files: Sequence[Arrived]) -> str:
    """The text of all files. A new file begins a new page."""
    return f"\n{PAGE_END}".join(file.text for file in files)


def check_size(files: Sequence[tuple[str, int]]) -> None:
    """Raises TooLarge where texts, given by name and size (bytes), are together above the limit.

    PDFs are held to UPLOAD_MAX_BYTES each, and their text to the limit of texts.
    """
    texts = [(name, size) for name, size in files if ending_of(name) != kinds.PDF.ending]
    if sum(size for _, size in texts) > settings.PACKET_MAX_BYTES:
        limit = settings.PACKET_MAX_BYTES // 1024 // 1024
        names = "".join(f"「{clean_name(name)}」" for name, _ in texts[:3])
        raise TooLarge(f"{names}は大きすぎます。全部で {limit} MB までにしてください。")


def is_pdf(content: bytes) -> bool:
    """Whether the content says so, whatever the name."""
    return content[:1024].lstrip(kinds.BLANKS).startswith(b"%PDF-")


def _arrived(position: int, file: Incoming) -> Arrived:
    name = clean_name(file.name)
    try:
        if ending_of(name) == kinds.PDF.ending:
            pdf = filing.examined(as_upload(file), [kinds.PDF])
            return Arrived(position, name, file.content, PAGE_END.join(pdf_text.read(pdf.safe_content)), pdf)
        if is_pdf(file.content):
            raise NotReadable("中身は PDF です。名前の終わりを .pdf にして、もう一度選んでください。")
        return Arrived(position, name, file.content, decode(file.content))
    except UnusableFile as error:
        raise NotReadable(str(error)) from error
    except UnreadableError as error:
        raise NotAText(str(error)) from error


def as_upload(file: Incoming) -> io.BytesIO:
    """The file as it would come from a browser."""
    upload = io.BytesIO(file.content)
    upload.name, upload.size = file.name, len(file.content)
    return upload
