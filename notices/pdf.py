"""HTML → PDF by WeasyPrint, in a child process with limits of time and memory.

The child has no settings, no database and no secrets; it may open nothing but the site's own style sheets and pictures,
by addresses such as `asset:sheet.css`, and the pictures (PNG, JPEG) that the document brings along. This is the only
module that knows WeasyPrint.
"""

import base64
import binascii
import io
from pathlib import Path

from django.conf import settings
from PIL import Image

from members import confined

ASSETS = Path(__file__).resolve().parent.parent / "static"
SCHEME = "asset:"
PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg"}
MAX_PICTURE = 2000 * 2000  # pixels; a QR code has some thousands, the picture of a step a million
TAGGED = "pdf/ua-1"
MEDIA_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}


class RenderFailed(RuntimeError):
    """The PDF could not be made; the message is WeasyPrint's, for the log."""


class RenderTimedOut(RenderFailed):
    """The PDF was not ready in time; the child was ended."""


def render(html: str, *, tagged: bool = True, max_seconds: float = 0, max_memory: int = 0) -> bytes:
    """The document as PDF bytes. Its structure, for who has it read aloud, is left out where it is not `tagged`.

    Raises RenderTimedOut after `max_seconds`, RenderFailed when WeasyPrint fails, runs out of `max_memory` bytes or is
    asked to open anything but an asset of the site. The limits are those of the settings unless given.
    """
    try:
        content = confined.run(
            __name__,
            html.encode(),
            TAGGED if tagged else "",
            max_seconds=max_seconds or settings.PDF_WRITING_SECONDS,
            max_memory=max_memory or settings.PDF_WRITING_BYTES,
        )
    except confined.TimedOut as error:
        raise RenderTimedOut(str(error)) from error
    except confined.Failed as error:
        raise RenderFailed(str(error)) from error
    if not content.startswith(b"%PDF-"):
        raise RenderFailed("what was rendered is no PDF")
    return content


def asset(address: str) -> tuple[bytes, str]:
    """Content and media type of `asset:NAME`, or of a picture that the address itself holds.

    Raises PermissionError for every other address, and for a picture larger than any that a letter has.
    """
    for form, media_type in PICTURES.items():
        if address.startswith(start := f"data:{media_type};base64,"):
            return _picture(address.removeprefix(start), form), media_type
    path = (ASSETS / address.removeprefix(SCHEME)).resolve()
    allowed = address.startswith(SCHEME) and path.is_relative_to(ASSETS) and path.suffix in MEDIA_TYPES
    if not allowed or not path.is_file():
        raise PermissionError(f"not an asset of the site: {address[:200]}")
    return path.read_bytes(), MEDIA_TYPES[path.suffix]


def _picture(encoded: str, form: str) -> bytes:
    """The picture. Its head tells its size, and is read before anything is unpacked."""
    try:
        content = base64.b64decode(encoded, validate=True)
        with Image.open(io.BytesIO(content), formats=[form]) as picture:
            width, height = picture.size
    except Image.DecompressionBombError as error:
        raise PermissionError(f"a picture is too large: {error}") from error
    except (binascii.Error, OSError, SyntaxError, ValueError) as error:
        raise PermissionError(f"not a picture: it is no {form}") from error
    if width * height > MAX_PICTURE:
        raise PermissionError(f"a picture of {width} × {height} pixels is too large")
    return content


def in_child(html: bytes, variant: str = TAGGED) -> bytes:
    """The PDF, in the child process."""
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Assets(URLFetcher):
        """Opens the site's own assets; anything else ends the rendering, since a letter never asks for it."""

        def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
            try:
                content, media_type = asset(url)
            except PermissionError as error:
                raise FatalURLFetchingError(str(error)) from error
            return URLFetcherResponse(url, content, {"Content-Type": media_type})

    return HTML(string=html.decode(), url_fetcher=Assets(), base_url=SCHEME).write_pdf(pdf_variant=variant or None)
