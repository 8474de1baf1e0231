"""PDFs written object by object (ISO 32000-1), with what no honest writer puts into them."""

import hashlib
import zlib
from dataclasses import dataclass

PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
# An action that runs a script, with its name in an unusual spelling.
SCRIPT = "<< /Type /Action /S /J#61vaScript /JS (app.alert\\(1\\)) >>"
ID = b"0123456789abcdef"
FORBIDS_ASSEMBLY = -3904 & ~(1 << 3) & ~(1 << 10)


@dataclass(frozen=True)
class Stream:
    data: bytes
    about: str = ""


Objects = dict[int, str | Stream]


@dataclass(frozen=True)
class Lock:
    """The standard security handler, revision 3 with RC4 and 128 bits (7.6.3)."""

    password: str
    permissions: int

    @property
    def owner(self) -> bytes:
        key = hashlib.md5(PADDING).digest()
        for _ in range(50):
            key = hashlib.md5(key).digest()
        value = _padded(self.password)
        for turn in range(20):
            value = _rc4(bytes(byte ^ turn for byte in key), value)
        return value

    @property
    def key(self) -> bytes:
        permissions = self.permissions.to_bytes(4, "little", signed=True)
        key = hashlib.md5(_padded(self.password) + self.owner + permissions + ID).digest()
        for _ in range(50):
            key = hashlib.md5(key).digest()
        return key

    @property
    def dictionary(self) -> str:
        value = hashlib.md5(PADDING + ID).digest()
        for turn in range(20):
            value = _rc4(bytes(byte ^ turn for byte in self.key), value)
        return (
            f"/ID [<{ID.hex()}> <{ID.hex()}>] /Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 "
            f"/P {self.permissions} /O <{self.owner.hex()}> /U <{(value + bytes(16)).hex()}> >>"
        )

    def sealed(self, number: int, data: bytes) -> bytes:
        return _rc4(hashlib.md5(self.key + number.to_bytes(3, "little") + bytes(2)).digest(), data)


def written(
    *more: str | Stream,
    catalog: str = "",
    page: str = "",
    pages: int = 1,
    text: str = "Shuchi",
    size: tuple[int, int] = (595, 842),
    rotate: int = 0,
    packed: bool = False,
    lock: Lock | None = None,
) -> bytes:
    """A PDF of `pages` like pages that say `text`.

    `catalog` and `page` are put into these dictionaries as they stand; `more` are further objects, the first of them
    number 5. `packed` hides every dictionary in a compressed object stream.
    """
    first_page = 5 + len(more)
    numbers = range(first_page, first_page + pages)
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects: Objects = {
        1: f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        2: f"<< /Type /Pages /Count {pages} /Kids [{kids}] >>",
        3: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        4: Stream(f"BT /F1 24 Tf 72 {size[1] - 72} Td ({text}) Tj ET".encode()),
    }
    objects |= dict(enumerate(more, start=5))
    for number in numbers:
        objects[number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] /Rotate {rotate}"
            f" /Resources << /Font << /F1 3 0 R >> >> /Contents 4 0 R {page} >>"
        )
    return _packed(objects, lock) if packed else _plain(objects, lock)


def pages_of(*contents: bytes, fonts: list[str | Stream], size: tuple[int, int] = (595, 842)) -> bytes:
    """A PDF of pages with these content streams. `fonts` are objects from number 3 on, the first of them /F1."""
    objects: Objects = {1: "<< /Type /Catalog /Pages 2 0 R >>"} | dict(enumerate(fonts, start=3))
    kids = []
    for content in contents:
        stream = len(fonts) + 3 + 2 * len(kids)
        kids.append(f"{stream + 1} 0 R")
        objects[stream] = Stream(content)
        objects[stream + 1] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] /Contents {stream} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
    objects[2] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    return _plain(dict(sorted(objects.items())), None)


def embedded_file(name: str, content: bytes) -> list[str | Stream]:
    """The specification of a file (object 5) and the file itself (object 6)."""
    return [f"<< /Type /Filespec /F ({name}) /EF << /F 6 0 R >> >>", Stream(content, "/Type /EmbeddedFile")]


def _plain(objects: Objects, lock: Lock | None) -> bytes:
    content, places = b"%PDF-1.7\n", []
    for number, each in objects.items():
        places.append(len(content))
        content += _object(number, each, lock)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {lock.dictionary if lock else ''} >>\n".encode()
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return content + table + head + b"startxref\n%d\n%%%%EOF\n" % len(content)


def _packed(objects: Objects, lock: Lock | None) -> bytes:
    """Streams as they are; everything else in one object stream, found by a cross-reference stream."""
    content = b"%PDF-1.7\n"
    hidden = {number: each for number, each in objects.items() if isinstance(each, str)}
    box, table = max(objects) + 1, max(objects) + 2
    heads, bodies = [], b""
    for number, each in hidden.items():
        heads.append(f"{number} {len(bodies)}")
        bodies += each.encode() + b"\n"
    head = " ".join(heads).encode() + b"\n"
    about = f"/Type /ObjStm /N {len(hidden)} /First {len(head)} /Filter /FlateDecode"
    rows = {0: (0, 0, 0)} | {number: (2, box, index) for index, number in enumerate(hidden)}
    for number, each in [*objects.items(), (box, Stream(zlib.compress(head + bodies), about))]:
        if isinstance(each, Stream):
            rows[number] = (1, len(content), 0)
            content += _object(number, each, lock)
    rows[table] = (1, len(content), 0)
    widths = (1, 4, 2)
    data = b"".join(
        value.to_bytes(width, "big")
        for _, row in sorted(rows.items())
        for value, width in zip(row, widths, strict=True)
    )
    about = f"/Type /XRef /W [1 4 2] /Size {table + 1} /Root 1 0 R /Filter /FlateDecode"
    about += lock.dictionary if lock else ""
    end = b"startxref\n%d\n%%%%EOF\n" % len(content)
    return content + _object(table, Stream(zlib.compress(data), about), None) + end


def _object(number: int, content: str | Stream, lock: Lock | None) -> bytes:
    if isinstance(content, str):
        body = content.encode()
    else:
        data = lock.sealed(number, content.data) if lock else content.data
        body = b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), content.about.encode(), data)
    return b"%d 0 obj\n%s\nendobj\n" % (number, body)


def _padded(password: str) -> bytes:
    return (password.encode() + PADDING)[:32]


def _rc4(key: bytes, data: bytes) -> bytes:
    box, i, j, sealed = list(range(256)), 0, 0, bytearray()
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        sealed.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(sealed)
