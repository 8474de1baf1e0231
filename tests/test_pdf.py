"""HTML becomes PDF in a child process that opens nothing but the site's own assets, within limits."""

import base64
import socket
import struct
import zlib
from pathlib import Path

import pypdfium2
import pytest

from notices import pdf

PAGE = "<!doctype html><html lang=ja><title>題</title>{}</html>"


def text_of(content: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content))


def test_a_page_becomes_pdf():
    assert text_of(pdf.render(PAGE.format("<p>周知</p>"))).strip() == "周知"


def test_the_sites_own_style_sheet_is_open():
    assert pdf.render(PAGE.format('<link rel=stylesheet href="asset:letter.css"><p>周知</p>')).startswith(b"%PDF-")


def test_a_picture_that_the_page_brings_along_is_open():
    dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR42mNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
    content = pdf.render(PAGE.format(f'<img alt="点" src="data:image/png;base64,{dot}">'))
    assert [each.type for each in pypdfium2.PdfDocument(content)[0].get_objects()] == [pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/hostname",
        "http://127.0.0.1:9/x.css",
        "https://pharmacy.example/x.css",
        "asset:../config/settings.py",
        "asset:../../etc/hostname.css",
        "asset:/etc/hostname.css",
        "asset:missing.css",
        "data:text/css,p{color:red}",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:image/png;base64,R0lGODlhAQABAAAAACw=",
        "data:image/png;base64,not a picture",
        "x.css",
    ],
)
def test_everything_else_is_refused(address):
    with pytest.raises(PermissionError):
        pdf.asset(address)


ASKING = [
    '<img src="{}">',
    '<link rel=stylesheet href="{}">',
    '<link rel=attachment href="{}">',
    '<a rel=attachment href="{}">添付</a>',
    "<style>@import url({});</style>",
    '<style>@import "{}";</style>',
    "<style>@font-face {{ font-family: x; src: url({}) }} p {{ font-family: x }}</style><p>周知</p>",
    '<p style="background: url({})">周知</p>',
    '<ul style="list-style-image: url({})"><li>周知</ul>',
    '<object data="{}"></object>',
    '<embed src="{}">',
]


@pytest.mark.parametrize("tag", ASKING)
def test_a_page_that_asks_for_a_file_of_the_machine_is_not_rendered(tag: str):
    with pytest.raises(pdf.RenderFailed, match="not an asset of the site: file:///etc/passwd"):
        pdf.render(PAGE.format(tag.format("file:///etc/passwd")))


def test_a_page_that_asks_another_machine_is_not_rendered_and_asks_nobody():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        with pytest.raises(pdf.RenderFailed, match="not an asset of the site: http://"):
            pdf.render(PAGE.format(f'<img src="{address}">'))
        assert_nobody_came(server)


# What the renderer passes over, or draws nothing for, when it is not opened.
PASSED_OVER = [
    '<iframe src="{}"></iframe>',
    '<img srcset="{} 2x">',
    '<p style="content: url({})">周知</p>',
    '<svg width=99 height=99><image href="{}" width=99 height=99 /></svg>',
    '<svg width=99 height=99><use href="{}#a" /></svg>',
    '<meta http-equiv=refresh content="0; url={}">',
    '<script src="{}"></script>',
    '<base href="{}">',
]


def test_what_is_passed_over_is_not_opened_either(tmp_path: Path):
    secret = tmp_path / "secret.svg"
    secret.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><text id="a" y="50">密</text></svg>'
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        places = [secret.as_uri(), f"http://127.0.0.1:{server.getsockname()[1]}/x.svg"]
        tags = "".join(tag.format(place) for tag in PASSED_OVER for place in places)
        assert "密" not in text_of(pdf.render(PAGE.format(f"{tags}<p>周知</p>")))
        assert_nobody_came(server)


def assert_nobody_came(server: socket.socket) -> None:
    server.settimeout(0)
    with pytest.raises(BlockingIOError):
        server.accept()


def png(width: int, height: int) -> bytes:
    """The head of a picture of that size, with hardly any content."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_a_picture_that_would_unpack_to_gigabytes_is_refused_packed():
    bomb = base64.b64encode(png(100_000, 100_000)).decode()
    with pytest.raises(pdf.RenderFailed, match="a picture is too large"):
        pdf.render(PAGE.format(f'<img src="data:image/png;base64,{bomb}">'))


def test_a_rendering_that_takes_too_long_is_ended():
    with pytest.raises(pdf.RenderTimedOut, match="not ready after"):
        pdf.render(PAGE.format("<p>周知</p>" * 1000), max_seconds=0.05)


@pytest.mark.parametrize(
    "endless",
    ["<style>p { break-after: page; height: 99999999cm }</style>" + "<p>周知</p>" * 1000, "<div>" * 20_000],
    ids=["pages", "nested"],
)
def test_a_layout_without_end_is_ended(endless: str):
    with pytest.raises(pdf.RenderTimedOut, match="not ready after"):
        pdf.render(PAGE.format(endless), max_seconds=2)


def test_a_rendering_that_takes_too_much_memory_is_ended():
    with pytest.raises(pdf.RenderFailed):
        pdf.render(PAGE.format("<p>周知</p>"), max_memory=50 * 1024**2)


def test_a_page_that_grows_beyond_its_memory_is_ended():
    with pytest.raises(pdf.RenderFailed, match="MemoryError"):
        pdf.render(PAGE.format("周知" * 30_000_000), max_memory=600 * 1024**2)
