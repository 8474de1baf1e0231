"""Print what the reader reads from a packet's PDFs or text files, as JSON."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from members.uploads.refusals import UnusableFile
from notices import pdf_text
from notices.intake.arriving import is_pdf
from notices.intake.decode import UnreadableError, decode
from notices.intake.lines import PAGE_END
from notices.intake.reader import TooManyLetters, read_text


class Command(BaseCommand):
    help = "Reads a packet, PDF or text (several files are its pages, in order), and prints one JSON object."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")

    def handle(self, *args: object, paths: list[Path], **options: object) -> None:
        text = PAGE_END.join(_text_of(path) for path in paths)
        try:
            reading = read_text(text)
        except TooManyLetters as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(reading.as_json(), ensure_ascii=False, indent=1))


def _text_of(path: Path) -> str:
    try:
        content = path.read_bytes()
        if is_pdf(content):
            return PAGE_END.join(pdf_text.read(content))
        return decode(content)
    except (UnreadableError, UnusableFile) as error:
        raise CommandError(f"{path}: {error}") from error
    except OSError as error:
        raise CommandError(f"{path}: ファイルを読めません（{error.strerror}）。") from error
