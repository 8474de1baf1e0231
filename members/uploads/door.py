"""The door of every form that brings files: how much comes at once, and names that lead elsewhere."""

import html
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousFileOperation
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParser

from members.uploads.names import leads_elsewhere


class NameLeadsElsewhere(SuspiciousFileOperation):
    """The name of a file climbs out of its folder: no browser sends one like that. Answered with 400."""


class NamesAsSent(MultiPartParser):
    """Django's reader of forms. By itself it would take the last part of such a name and say nothing."""

    def sanitize_file_name(self, file_name: str) -> str | None:
        if leads_elsewhere(html.unescape(file_name)):
            raise NameLeadsElsewhere("the name of an uploaded file leads elsewhere")
        return super().sanitize_file_name(file_name)


class Door(FileUploadHandler):
    """The first of the upload handlers (FILE_UPLOAD_HANDLERS): hands the form on, or refuses it.

    Raises RequestDataTooBig for more than REQUEST_MAX_BYTES, before a byte is kept, and NameLeadsElsewhere.
    """

    def handle_raw_input(
        self, input_data: Any, meta: dict, content_length: int, boundary: bytes, encoding: str | None = None
    ) -> tuple:
        if content_length > settings.REQUEST_MAX_BYTES:
            raise RequestDataTooBig(f"{content_length} bytes are above REQUEST_MAX_BYTES")
        keepers = [handler for handler in self.request.upload_handlers if handler is not self]
        return NamesAsSent(meta, input_data, keepers, encoding).parse()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
