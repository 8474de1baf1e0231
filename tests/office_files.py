"""Office files and archives as bytes: real ones, and such as nobody sends in good faith."""

import io
import zipfile

import xlsxwriter

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
MACRO_BOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def archive(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return stream.getvalue()


def workbook() -> bytes:
    """A real workbook, as Excel opens it."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet("名簿").write("A1", "白鷺中央薬局")
    return stream.getvalue()


def changed(content: bytes, parts: dict[str, bytes]) -> bytes:
    """The archive with some of its parts replaced or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        return archive({name: made.read(name) for name in made.namelist()} | parts)


def office(main_type: str, more: dict[str, bytes] | None = None) -> bytes:
    """The least that is a document of that type."""
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/main.xml" ContentType="{main_type}"/></Types>'
    )
    return archive({"[Content_Types].xml": types.encode(), "main.xml": b"<main/>", **(more or {})})


def old_office(*names: str) -> bytes:
    """The head of an older Office file whose list of contents has these names."""
    return OLE + bytes(504) + b"".join(name.encode("utf-16-le").ljust(64, b"\0") for name in ("Root Entry", *names))


def with_password(content: bytes) -> bytes:
    """The archive with the sign on each entry that it is encrypted (APPNOTE.TXT 4.4.4)."""
    return content.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
    )


def billion_laughs(encoding: str = "utf-8") -> bytes:
    definitions = "".join(
        f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' if level else '<!ENTITY a0 "笑">' for level in range(10)
    )
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE w [{definitions}]><w>&a9;</w>'
    return text.encode(encoding)
