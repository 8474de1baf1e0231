"""How fast a packet of 200 pages is read: ours, and the bare taking out of its text by pypdfium2.

Ours takes the text out, puts its lines in order and reads the letters; both are given the same bytes and measured in
this process, so that the start of a process counts on neither side; what counts is the processor's time. The site does
the first half in a child process.
"""

import argparse
import io
import os
import time
from collections.abc import Callable

import django
import pypdfium2

from tests import typeset
from tests.servers.site import ROOT

PACKET = ROOT / "tests" / "packets" / "own-packet.txt"
MOST = 3


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def pages(packet: bytes, count: int) -> bytes:
    """So many pages: those of a packet again and again, each beginning on a page of its own as it came."""
    one, many, written = pypdfium2.PdfDocument(packet), pypdfium2.PdfDocument.new(), io.BytesIO()
    while left := count - len(many):
        many.import_pages(one, range(min(left, len(one))))
    many.save(written)
    return written.getvalue()


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def bare(content: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content)]


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="bin/bench reading", description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5, help="of each the fastest round counts")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from notices import pdf

    text = PACKET.read_text(encoding="utf-8")
    # With its guide twice, as long as guides are: one packet holds 200 letters at most.
    text += text.rpartition("以上")[2]
    ordinary = pdf.render(typeset.in_paragraphs(text))
    run("typeset by WeasyPrint", pages(ordinary, chosen.pages), chosen.rounds, f"     (to reach: at most {MOST})")
    # Nothing is heavier to put in order, nor lighter to take out: the font is not even in the file.
    worst = typeset.single_characters(text, 1)
    run("each character a box, in any order", pages(worst, chosen.pages), chosen.rounds)
    say(f"load {os.getloadavg()[0]:.1f}")


def run(name: str, content: bytes, rounds: int, goal: str = "") -> None:
    from notices import pdf_text
    from notices.intake.lines import PAGE_END
    from notices.intake.reader import read_text

    def taken_out() -> list[str]:
        return pdf_text.texts(content, 10**6, 10**9)

    texts = taken_out()
    reading = read_text(PAGE_END.join(texts))
    theirs = min(seconds(lambda: bare(content)) for _ in range(rounds))
    out = min(seconds(taken_out) for _ in range(rounds))
    read = min(seconds(lambda: read_text(PAGE_END.join(texts))) for _ in range(rounds))
    say(f"{name}: {len(texts)} pages, {sum(map(len, texts)):,} characters, {len(reading.letters)} letters")
    say(f"  pypdfium2, the text only   {theirs:7.3f} s")
    say(f"  ours, text and lines       {out:7.3f} s")
    say(f"  ours, letters              {read:7.3f} s")
    say(f"  ours / pypdfium2           {(out + read) / theirs:7.2f}{goal}")
