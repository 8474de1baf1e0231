"""HTML becomes PDF in a child process that opens nothing but the site's own assets, within limits."""

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
        "x.css",
    ],
)
def test_everything_else_is_refused(address):
    with pytest.raises(PermissionError):
        pdf.asset(address)


@pytest.mark.parametrize(
    "tag", ['<link rel=stylesheet href="{}">', '<img src="{}">', '<p style="background: url({})">']
)
def test_a_page_that_asks_for_it_is_not_rendered(tag):
    with pytest.raises(pdf.RenderFailed, match="not an asset of the site"):
        pdf.render(PAGE.format(tag.format("file:///etc/hostname")))


def test_a_rendering_that_takes_too_long_is_ended():
    with pytest.raises(pdf.RenderTimedOut):
        pdf.render(PAGE.format("<p>周知</p>" * 1000), max_seconds=0.05)


def test_a_rendering_that_takes_too_much_memory_is_ended():
    with pytest.raises(pdf.RenderFailed):
        pdf.render(PAGE.format("<p>周知</p>"), max_memory=50 * 1024**2)
