"""Print what the reader reads from a packet's text files, as JSON."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from notices.intake.decode import UnreadableError, decode
from notices.intake.reader import read_text


class Command(BaseCommand):
    help = "Reads the text of a packet (several files are its pages, in order) and prints one JSON object."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")

    def handle(self, *args: object, paths: list[Path], **options: object) -> None:
        text = "\n".join(_text_of(path) for path in paths)
        self.stdout.write(json.dumps(read_text(text).as_json(), ensure_ascii=False, indent=1))


def _text_of(path: Path) -> str:
    try:
        return decode(path.read_bytes())
    except UnreadableError as error:
        raise CommandError(f"{path}: {error}") from error
    except OSError as error:
        raise CommandError(f"{path}: ファイルを読めません（{error.strerror}）。") from error
