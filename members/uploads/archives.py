"""Zip archives and what is built of them (Office Open XML): unpacked in a child's memory, to be known or refused.

Nothing is believed of what an archive says about itself: all of it is unpacked once, archives in archives too.
"""

import io
import zipfile
import zlib
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.parsers import expat

from django.conf import settings

from members.uploads import ole
from members.uploads.examining import answered, examine
from members.uploads.names import ending_of, leads_elsewhere
from members.uploads.refusals import DamagedFile, HoldsPrograms, NeedsPassword, TooLarge, UnusableFile, WrongKind

SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
# A line of an archive's list of contents (APPNOTE.TXT 4.3.12).
LINE = b"PK\x01\x02"
ENCRYPTED = 1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
DEEPEST = 3  # archives in archives
# The part that tells what the others are (ECMA-376 part 2, 10.1.2).
TYPES = "[content_types].xml"
MACROS = ("macroenabled", "vbaproject", "macrosheet")
MACRO_ENDINGS = (".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".xlsb", ".pptm", ".potm", ".ppsm", ".ppam", ".sldm")
PROGRAM_ENDINGS = (
    *(".app", ".bat", ".cmd", ".com", ".cpl", ".dll", ".exe", ".hta", ".jar", ".js", ".jse", ".lnk", ".msi"),
    *(".pif", ".ps1", ".reg", ".scr", ".vbe", ".vbs", ".wsf"),
)

BOMB = "開くと大きくなりすぎるファイルです。中身を減らしてください。"
DAMAGED = "ファイルが壊れているか、途中で切れています。もう一度保存してから選んでください。"
LOCKED = "パスワードが付いています。外してからもう一度選んでください。"
MACRO = "マクロの入ったファイルは付けられません。マクロを外して保存し直してください。"


@dataclass
class Budget:
    """What may still be unpacked."""

    bytes: int
    entries: int

    def spend(self, *, bytes: int = 0, entries: int = 0) -> None:
        """Raises TooLarge where nothing is left."""
        self.bytes -= bytes
        self.entries -= entries
        if self.bytes < 0 or self.entries < 0:
            raise TooLarge(BOMB)


def examined(content: bytes, max_bytes: int | None = None) -> frozenset[str]:
    """What an archive says its parts are (content types of Office Open XML); empty for any other zip archive.

    Unpacked it may have `max_bytes`, as a rule UNPACKED_MAX_BYTES.

    Raises UnusableFile: for one that would grow beyond the limits, that holds macros or programs, needs a password,
    is damaged, or defines entities (billion laughs).
    """
    most = min(max_bytes or settings.UNPACKED_MAX_BYTES, settings.UNPACKED_MAX_RATIO * len(content))
    facts, _ = examine(__name__, content, most, settings.UNPACKED_MAX_ENTRIES)
    return frozenset(facts["types"])


def in_child(content: bytes, max_bytes: str, max_entries: str) -> bytes:
    """`examined`, in the child process."""
    budget = Budget(int(max_bytes), int(max_entries))
    return answered(lambda: ({"types": sorted(_examined(content, budget, depth=1))}, b""))


def _examined(content: bytes, budget: Budget, depth: int) -> set[str]:
    # Counted before the list of contents is read, which may have hundreds of thousands of lines.
    if depth > DEEPEST or content.count(LINE) > budget.entries:
        raise TooLarge(BOMB)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            budget.spend(entries=len(entries), bytes=sum(entry.file_size for entry in entries))
            is_office = any(entry.filename.lower() == TYPES for entry in entries)
            types: set[str] = set()
            for entry in entries:
                _check_entry(entry)
                types |= _check_content(entry.filename.lower(), archive.read(entry), is_office, budget, depth)
    except UnusableFile:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise DamagedFile(DAMAGED) from error
    return types


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if entry.flag_bits & ENCRYPTED:
        raise NeedsPassword(LOCKED)
    if entry.compress_type not in METHODS:
        raise WrongKind("調べられない方法で圧縮されています。ふつうの ZIP で作り直してください。")
    if leads_elsewhere(name) or name.startswith(("/", "\\")):
        raise WrongKind("中に、フォルダーをさかのぼる名前（../）のファイルがあります。作り直してください。")
    if ending_of(name) in PROGRAM_ENDINGS:
        raise HoldsPrograms("中に、プログラムのファイルがあります。外してから、もう一度選んでください。")
    if ending_of(name) in MACRO_ENDINGS or name.lower().endswith("vbaproject.bin"):
        raise HoldsPrograms(MACRO)


def _check_content(name: str, content: bytes, is_office: bool, budget: Budget, depth: int) -> set[str]:
    """The types that this part tells, as a rule none."""
    if content.startswith(SIGNATURES):
        _examined(content, budget, depth + 1)
    if content.startswith(ole.SIGNATURE):
        _check_ole(content)
    if is_office and name.endswith((".xml", ".rels")):
        _check_xml(content)
        if name == TYPES:
            return _types(content)
    return set()


def _check_ole(content: bytes) -> None:
    if ole.has_macros(content):
        raise HoldsPrograms(MACRO)
    if ole.is_encrypted(content):
        raise NeedsPassword(LOCKED)


def _check_xml(content: bytes) -> None:
    """Whole, and without a document type, which Office Open XML forbids (ECMA-376 part 2, 9.1.4) and bombs need."""

    def refuse(*_: object) -> None:
        raise HoldsPrograms("読むと際限なく大きくなるしかけ（実体の定義）が入っています。このファイルは使えません。")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise DamagedFile(DAMAGED) from error


def _types(content: bytes) -> set[str]:
    types = {element.get("ContentType", "").lower() for element in ElementTree.fromstring(content)}
    if any(word in each for each in types for word in MACROS):
        raise HoldsPrograms(MACRO)
    return types
