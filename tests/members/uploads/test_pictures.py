"""A picture from outside is drawn anew: nothing of it stays but what it shows."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from members.uploads import pictures
from members.uploads.refusals import DamagedFile, EmptyFile, TooLarge, TooSmall, UnusableFile, WrongKind

ORIENTATION, GPS = 0x0112, 0x8825


def drawn(form: str, size: tuple[int, int] = (400, 300), **more: object) -> bytes:
    """A picture that is red in its left half and white in the other."""
    picture = Image.new("RGB", size, "white")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    content = io.BytesIO()
    picture.save(content, form, **more)
    return content.getvalue()


def cleaned(content: bytes, name: str = "画面.png") -> Image.Image:
    made, kind = pictures.cleaned(SimpleUploadedFile(name, content))
    picture = Image.open(io.BytesIO(made))
    assert Image.MIME[picture.format] == kind.media_type
    return picture


@pytest.mark.parametrize(("name", "form"), [("a.png", "PNG"), ("a.jpg", "JPEG"), ("a.JPEG", "JPEG")])
def test_a_picture_stays_what_it_was_and_shows_the_same(name: str, form: str):
    picture = cleaned(drawn(form), name)
    assert (picture.format, picture.size) == (form, (400, 300))
    left, right = picture.getpixel((50, 150)), picture.getpixel((350, 150))
    assert left[0] > 200 and max(left[1:]) < 60 and min(right) > 240


def test_place_and_device_are_gone():
    exif = Image.Exif()
    exif[0x010F] = "a camera"
    exif.get_ifd(GPS)[2] = (33.0, 35.0, 0.0)
    content = drawn("JPEG", exif=exif, comment=b"by somebody")
    assert b"a camera" in content and b"by somebody" in content
    made, _ = pictures.cleaned(SimpleUploadedFile("a.jpg", content))
    assert b"Exif" not in made and b"a camera" not in made and b"by somebody" not in made


def test_comments_and_what_hides_behind_the_end_are_gone():
    about = PngImagePlugin.PngInfo()
    about.add_text("Author", "somebody")
    made, _ = pictures.cleaned(SimpleUploadedFile("a.png", drawn("PNG", pnginfo=about) + b"PK hidden archive"))
    assert b"somebody" not in made and b"hidden" not in made


def test_a_photograph_is_turned_as_it_was_held():
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # the left side of what is stored is the top of what was seen
    picture = cleaned(drawn("JPEG", exif=exif), "a.jpg")
    assert picture.size == (300, 400)
    assert picture.getpixel((150, 350))[1] < 60 or picture.getpixel((150, 50))[1] < 60
    assert dict(picture.getexif()) == {}


def test_a_large_one_is_made_smaller():
    assert cleaned(drawn("PNG", (4000, 2000))).size == (1280, 640)


def test_what_is_transparent_becomes_white():
    content = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(content, "PNG")
    assert cleaned(content.getvalue()).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16"])
def test_every_mode_of_png_is_read(mode: str):
    content = io.BytesIO()
    Image.new(mode, (40, 40)).save(content, "PNG")
    assert cleaned(content.getvalue()).mode == "RGB"


def bomb() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 50_000, 50_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("a.png", b"", EmptyFile),
        ("a.png", drawn("JPEG"), WrongKind),
        ("a.gif", drawn("GIF"), WrongKind),
        ("a.png", drawn("GIF"), WrongKind),
        ("a.png", b"<html><script>x</script>", WrongKind),
        ("a.svg", b"<svg/>", WrongKind),
        ("a.png", drawn("PNG")[:200], DamagedFile),
        ("a.jpg", b"\xff\xd8\xff\xe0 not a picture", DamagedFile),
        ("a.png", drawn("PNG", (10, 10)), TooSmall),
        ("a.png", bomb(), UnusableFile),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_usable_picture_is_refused_with_the_reason(name: str, content: bytes, refusal: type[UnusableFile]):
    with pytest.raises(refusal) as refused:
        pictures.cleaned(SimpleUploadedFile(name, content))
    assert str(refused.value).endswith("。")


def test_one_of_too_many_pixels_is_refused_before_it_is_unpacked(settings):
    settings.PICTURE_MAX_PIXELS = 100_000
    with pytest.raises(TooLarge, match="400 × 300 画素"):
        pictures.cleaned(SimpleUploadedFile("a.png", drawn("PNG")))
