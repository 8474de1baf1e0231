"""HTML → PDF by WeasyPrint, in a child process with limits of time and memory.

The child has no settings, no database and no secrets; it may open nothing but the site's own style sheets and pictures,
by addresses such as `asset:sheet.css`, and the PNG pictures that the document brings along. This is the only module
that knows WeasyPrint.
"""

import base64
import os
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "static"
SCHEME = "asset:"
PICTURE = "data:image/png;base64,"
MEDIA_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}

MAX_SECONDS = 60
MAX_MEMORY = 2 * 1024**3  # bytes of address space; an ordinary letter takes a quarter of it
# What WeasyPrint's libraries need from the environment: where fonts and their cache lie.
ENVIRONMENT = ("HOME", "LANG", "PATH", "TMPDIR", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH")


class RenderFailed(RuntimeError):
    """The PDF could not be made; the message is WeasyPrint's, for the log."""


class RenderTimedOut(RenderFailed):
    """The PDF was not ready in time; the child was ended."""


def render(html: str, *, max_seconds: float = 0, max_memory: int = 0) -> bytes:
    """The document as PDF bytes.

    Raises RenderTimedOut after `max_seconds`, RenderFailed when WeasyPrint fails, runs out of `max_memory` bytes or is
    asked to open anything but an asset of the site. The limits are MAX_SECONDS and MAX_MEMORY unless given.
    """
    max_seconds, max_memory = max_seconds or MAX_SECONDS, max_memory or MAX_MEMORY
    command = [sys.executable, "-m", "notices.pdf", str(max_memory)]
    environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    try:
        child = subprocess.run(
            command, input=html.encode(), capture_output=True, cwd=ROOT, env=environment, timeout=max_seconds
        )
    except subprocess.TimeoutExpired as error:
        raise RenderTimedOut(f"no PDF after {max_seconds} seconds") from error
    if child.returncode != 0 or not child.stdout.startswith(b"%PDF-"):
        complaint = child.stderr.decode(errors="backslashreplace").strip()
        raise RenderFailed(complaint[-2000:] or f"the child ended with {child.returncode}")
    return child.stdout


def asset(address: str) -> tuple[bytes, str]:
    """Content and media type of `asset:NAME`, or of a PNG picture that the address itself holds (a QR code).

    Raises PermissionError for every other address.
    """
    if address.startswith(PICTURE):
        return base64.b64decode(address.removeprefix(PICTURE)), MEDIA_TYPES[".png"]
    path = (ASSETS / address.removeprefix(SCHEME)).resolve()
    allowed = address.startswith(SCHEME) and path.is_relative_to(ASSETS) and path.suffix in MEDIA_TYPES
    if not allowed or not path.is_file():
        raise PermissionError(f"not an asset of the site: {address[:200]}")
    return path.read_bytes(), MEDIA_TYPES[path.suffix]


def main(max_memory: int) -> None:
    """The child: HTML from standard input, PDF to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (max_memory, max_memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
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

    document = HTML(string=sys.stdin.buffer.read().decode(), url_fetcher=Assets(), base_url=SCHEME)
    sys.stdout.buffer.write(document.write_pdf(pdf_variant="pdf/ua-1"))


if __name__ == "__main__":
    main(int(sys.argv[1]))
