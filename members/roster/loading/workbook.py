"""Excel workbooks, with what Excel shows and calamine does not tell: hidden rows, formulas without a value."""

import io
import re
import zipfile
from pathlib import PurePath
from xml.etree import ElementTree

from django.conf import settings
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from members.roster.loading.sheets import Cell, NotReadable, Sheet
from members.uploads import archives, ole
from members.uploads.refusals import UnusableFile

HIDDEN_ROW = re.compile(rb'<row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*\br="(\d+)"')
UNCOMPUTED = re.compile(rb'<c\b[^>]*\br="([A-Z]+\d+)"[^>]*><f\b[^>]*(?:/>|>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>')
RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

PASSWORD = "パスワードが付いたファイルは読めません。Excel でパスワードを外して保存し、もう一度選んでください。"
MACROS = "マクロの入ったファイルは読めません。マクロのない Excel ブック（.xlsx）で保存し直してから選んでください。"
DAMAGED = "Excel のファイルとして読めませんでした。Excel で開けるか確かめ、保存し直してから選んでください。"
OLD_FORM = (
    "名前の終わりは {ending} ですが、古い形式（.xls）の Excel か、ほかの古い Office のファイルです。Excel で開き、"
    "「Excel ブック（.xlsx）」として保存し直してから選んでください。"
)
NO_WORKBOOK = "Excel のブックではなく、{what}です。{todo}"
OF_OFFICE = "名簿の表を Excel に移し、「Excel ブック（.xlsx）」として保存してから選んでください。"
# What the main part of a package is (ECMA-376 part 1, 11 to 13), by a word of its content type.
OTHERS = {"wordprocessingml": "Word の文書", "presentationml": "PowerPoint のファイル"}
ARCHIVE = "いくつかのファイルをまとめたもの（ZIP）"
UNPACK = "中から、名簿の Excel か CSV のファイルを取り出して、それを選んでください。"
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"


def is_workbook(content: bytes) -> bool:
    """Whether the bytes begin as Excel's files do."""
    return content.startswith((ole.SIGNATURE, *archives.SIGNATURES))


def read(content: bytes, name: str) -> list[Sheet]:
    """The visible sheets of a workbook. Raises NotReadable."""
    if content.startswith(ole.SIGNATURE):
        if ole.is_encrypted(content):
            raise NotReadable(PASSWORD)
        if ole.has_macros(content):
            raise NotReadable(MACROS)
        if not name.lower().endswith(".xls"):
            raise NotReadable(OLD_FORM.format(ending=PurePath(name).suffix or "ありません"))
    elif content.startswith(archives.SIGNATURES):
        _check_size(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            shown = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
            sheets = [_sheet(book.get_sheet_by_name(title)) for title in shown]
    except PasswordError as error:
        raise NotReadable(PASSWORD) from error
    except CalamineError as error:
        raise NotReadable(DAMAGED) from error
    if content.startswith(archives.SIGNATURES):
        _look_closer(content, sheets)
    return sheets


def examine(content: bytes) -> None:
    """Unpack a workbook from outside once, in a child, before it is read.

    Raises NotReadable: bombs, macros, damage, and archives that are no workbook.
    """
    if content.startswith(archives.SIGNATURES):
        try:
            types = archives.examined(content, settings.ROSTER_UNPACKED_MAX_BYTES)
        except UnusableFile as error:
            raise NotReadable(str(error)) from error
        _check_types(types, content)


def _check_types(types: frozenset[str], content: bytes) -> None:
    if any("spreadsheetml" in each for each in types) or OPEN_DOCUMENT in content[:200]:
        return
    for word, what in OTHERS.items():
        if any(word in each for each in types):
            raise NotReadable(NO_WORKBOOK.format(what=what, todo=OF_OFFICE))
    raise NotReadable(NO_WORKBOOK.format(what=ARCHIVE, todo=UNPACK))


def _check_size(content: bytes) -> None:
    """What the archive says of itself, at each reading; whether that is true, `examine` knows."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
    except zipfile.BadZipFile as error:
        raise NotReadable(DAMAGED) from error
    if unpacked > settings.ROSTER_UNPACKED_MAX_BYTES:
        raise NotReadable(archives.BOMB)


def _sheet(read: CalamineSheet) -> Sheet:
    rows = read.to_python(skip_empty_area=False)
    ranges = read.merged_cell_ranges or []
    for (top, left), (bottom, right) in ranges:
        _fill(rows, top, left, bottom, right)
    return Sheet(read.name, rows, merged=any(bottom > top for (top, _), (bottom, _) in ranges))


def _fill(rows: list[list[Cell]], top: int, left: int, bottom: int, right: int) -> None:
    """Downward only: a district merged over its rows holds for each, a title over the columns is one title."""
    if left != right or top >= len(rows) or left >= len(rows[top]):
        return
    for row in rows[top + 1 : bottom + 1]:
        row[left] = rows[top][left]


def _look_closer(content: bytes, sheets: list[Sheet]) -> None:
    """Hidden rows and uncomputed formulas, from the sheets' own XML; where it is written oddly, none are told."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        places = _places(package)
        for sheet in sheets:
            if (place := places.get(sheet.name)) in package.namelist():
                text = package.read(place)
                if b' hidden="' in text:
                    sheet.hidden = {int(number) for number in HIDDEN_ROW.findall(text)}
                if b"<f" in text:
                    sheet.uncomputed = [cell.decode() for cell in UNCOMPUTED.findall(text)]


def _places(package: zipfile.ZipFile) -> dict[str, str]:
    """Where in the package each sheet lies, by its name (ECMA-376 part 1, 18.2)."""
    book = "xl/workbook.xml"
    if not {book, "xl/_rels/workbook.xml.rels"} <= set(package.namelist()):
        return {}
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    found = {}
    for one in ElementTree.fromstring(package.read(book)).iter():
        if one.tag.endswith("}sheet"):
            target = targets.get(one.get(RELATIONS), "")
            found[one.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found
