"""The text of a PDF, page by page, taken out in a child process."""

import json

import pypdfium2
from django.conf import settings

from members import confined


def read(content: bytes) -> list[str]:
    """The text of each page. Raises members.confined.Failed where the file cannot be read."""
    answer = confined.run(
        __name__, content, max_seconds=settings.FILE_READING_SECONDS, max_memory=settings.FILE_READING_BYTES
    )
    return json.loads(answer)


def in_child(content: bytes) -> bytes:
    """`read`, in the child process."""
    document = pypdfium2.PdfDocument(content)
    return json.dumps([page.get_textpage().get_text_bounded() for page in document]).encode()
