"""Pictures from outside: drawn anew in a child process, so that nothing comes along but what they show.

Place, time and device (Exif, GPS), colour profiles, comments, further frames and whatever hides behind the end of the
picture are gone; how a photograph was held is turned into its pixels first.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from django.conf import settings
from PIL import Image, ImageOps

from members.uploads import kinds
from members.uploads.examining import Facts, answered, examine
from members.uploads.kinds import Kind
from members.uploads.refusals import DamagedFile, TooLarge, TooSmall

ALLOWED = (kinds.PNG, kinds.JPEG)
FORMATS = {kinds.PNG: "PNG", kinds.JPEG: "JPEG"}
LONGEST = 1280  # pixels of the longer side that are kept
SHORTEST = 16  # pixels below which nothing can be seen
QUALITY = 80
DAMAGED = "画像が壊れているか、途中で切れています。もう一度保存してから選んでください。"


def cleaned(file: BinaryIO) -> tuple[bytes, Kind]:
    """The picture of an upload with `name` and `size`, at most LONGEST wide and high. Raises UnusableFile."""
    kind = kinds.recognise(file, ALLOWED)
    _, picture = examine(__name__, file.read(), FORMATS[kind], settings.PICTURE_MAX_PIXELS)
    return picture, kind


def in_child(content: bytes, form: str, max_pixels: str) -> bytes:
    """The picture drawn anew, in the child process."""
    return answered(lambda: _drawn_anew(content, form, int(max_pixels)))


def _drawn_anew(content: bytes, form: str, max_pixels: int) -> tuple[Facts, bytes]:
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # its size is looked at before it is unpacked
    with _unless_damaged():
        picture = Image.open(io.BytesIO(content), formats=[form])
    _refuse_sizes(picture, max_pixels)
    with _unless_damaged():
        small = picture.convert("RGBA") if picture.mode in ("1", "P", "PA") else picture
        small.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
        shown = ImageOps.exif_transpose(small).convert("RGBA")
    drawn = Image.new("RGB", shown.size, "white")
    drawn.paste(shown, mask=shown.getchannel("A"))
    written = io.BytesIO()
    drawn.save(written, form, optimize=True, **({"quality": QUALITY} if form == "JPEG" else {}))
    return {"width": drawn.width, "height": drawn.height}, written.getvalue()


@contextmanager
def _unless_damaged() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DamagedFile(DAMAGED) from error


def _refuse_sizes(picture: Image.Image, max_pixels: int) -> None:
    size = f"{picture.width:,} × {picture.height:,} 画素"
    if picture.width * picture.height > max_pixels:
        raise TooLarge(f"画像が大きすぎます（{size}）。小さくしてから選んでください。")
    if min(picture.size) < SHORTEST:
        raise TooSmall(f"画像が小さすぎます（{size}）。")
