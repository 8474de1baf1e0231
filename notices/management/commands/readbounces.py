"""`manage.py readbounces [--dry-run] [--json] [FILE…]`: reads mails about what did not arrive.

With --json a list, one object a mail in the order given: {"file", "kind", "addresses", "delivery"}.
"""

import contextlib
import json
import re
import sys
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from notices.distribution.bounces import matching, parts, settling, sources
from notices.distribution.bounces.failure import Kind
from notices.distribution.bounces.reading import Bounce, read

KINDS = {Kind.PERMANENT: "届かない", Kind.TEMPORARY: "今は届かない", Kind.NONE: "配信の結果ではない"}
# The line before each mail of an mbox (RFC 4155), after a blank one.
_FROM_LINE = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\r\n]{0,500}\d\d:\d\d[^\r\n]{0,100}\r?\n")


class Command(BaseCommand):
    help = (
        "Reads bounces from files, Maildir folders, mbox files or - (standard input); else from the configured sources."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="Changes nothing.")
        parser.add_argument("--json", action="store_true", help="Prints a JSON list, one object a mail.")

    def handle(self, *, files: list[str], dry_run: bool, json: bool, **options: object) -> None:
        if not files:
            self._read_sources(dry_run or json)
            return
        told, unreadable = [], []
        for name in files:
            for place in _places(name):
                try:
                    mails = _mails(place)
                except OSError as error:
                    unreadable.append(f"{place}: 読めません（{error.strerror or error}）。")
                else:
                    told += [_told(place, content, dry_run) for content in mails]
        self._print(told, as_json=json)
        if unreadable:
            raise CommandError("\n".join(unreadable))

    def _read_sources(self, wants_files: bool) -> None:
        if wants_files:
            raise CommandError("--dry-run と --json は、読むファイルを指定したときに使えます。")
        self.stdout.write(f"戻ったメールを {sources.read_all()} 通読みました。")

    def _print(self, told: list[tuple[dict[str, object], str]], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps([line for line, _ in told], indent=1))
            return
        for line, outcome in told:
            addresses = "、".join(map(str, line["addresses"])) or "宛先不明"
            delivery = f"配信 {line['delivery']}" if line["delivery"] else "該当する配信なし"
            who = "" if line["kind"] == Kind.NONE else f"　{addresses}　{delivery}"
            self.stdout.write(f"{line['file']}：{KINDS[Kind(line['kind'])]}{who}{outcome}")


def _told(place: str, content: bytes, dry_run: bool) -> tuple[dict[str, object], str]:
    bounce = read(content)
    delivery = matching.delivery_of(bounce)
    outcome = "" if dry_run else f"　→ {settling.apply(bounce)}"
    return _as_json(place, bounce, delivery.pk if delivery else None), outcome


def _as_json(place: str, bounce: Bounce, delivery: int | None) -> dict[str, object]:
    return {"file": place, "kind": bounce.kind.value, "addresses": bounce.addresses, "delivery": delivery}


def _places(name: str) -> list[str]:
    """The file itself, or the files of a Maildir."""
    try:
        return [str(file) for file in sources.all_files(Path(name))]
    except OSError:
        return [name]


def _mails(place: str) -> list[bytes]:
    """The mails of a file, an mbox or the standard input; of each no more than is ever read."""
    with contextlib.nullcontext(sys.stdin.buffer) if place == "-" else Path(place).open("rb") as stream:
        content = stream.read(parts.MOST)
        if not content.startswith(b"From "):
            return [content]
        content += stream.read()
    starts = [found.start() for found in _FROM_LINE.finditer(content)]
    if starts[:1] != [0]:
        return [content[: parts.MOST]]
    ends = [*starts[1:], len(content)]
    return [content[start:end][: parts.MOST] for start, end in zip(starts, ends, strict=True)]
