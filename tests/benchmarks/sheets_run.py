"""What bin/bench sheets does on its site, each act in a process of its own: prints what came of it as JSON."""

import json
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from tests.benchmarks.memory import ChildrenPeak, peak_memory

DPI = 200


def by_post() -> str:
    """Every pharmacy wants its letters by post, districts stay with e-mail."""
    from members.models import Mailbox, Organisation

    Mailbox.objects.filter(organisation__kind="pharmacy").delete()
    pharmacies = Organisation.objects.pharmacies()
    pharmacies.update(channel="post", postal_code="812-0000", address="福岡県架空市見本町1-2-3")
    return str(pharmacies.count())


def print_(release: str, count: str, file: str) -> dict[str, Any]:
    """The file of the first so many papers, written as the site sends it."""
    from notices.distribution import by_hand, printing
    from notices.models import Release

    chosen = Release.objects.select_related("notice", "letter").get(pk=release)
    keys = _keys(release)[: int(count)]
    assert len(keys) == int(count)
    used, began, pages = cpu(), time.perf_counter(), 1 + len(_opened(chosen.letter.read()))
    with ChildrenPeak() as children, Path(file).open("wb") as written:
        for content, _ in printing.printed(chosen, by_hand.batches(keys)):
            written.write(content)
    seconds = time.perf_counter() - began
    used = cpu() - used
    memory = {"memory": peak_memory(), "children": children.most}
    return {"seconds": seconds, "cpu": used, "pages": len(keys) * (pages + pages % 2), **memory}


def single(release: str, count: str, where: str) -> dict[str, Any]:
    """A WeasyPrint document for each sheet: in this process, which has rendered one before, or in a child each."""
    from notices import pdf
    from notices.distribution import by_hand, sheets

    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # in the child nobody listens
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    render: Callable[[str], bytes] = pdf.render if where == "child" else lambda html: pdf.in_child(html.encode())
    [deliveries] = [next(by_hand.batches(_keys(release)[: int(count)]))]
    render(sheets.html(deliveries[:1], 2))
    used, began = cpu(), time.perf_counter()
    for delivery in deliveries:
        render(sheets.html([delivery], 2))
    return {"seconds": time.perf_counter() - began, "cpu": cpu() - used}


def cpu() -> float:
    """Seconds of a processor that this process and its ended children have used."""
    return sum(os.times()[:4])


def pictures(release: str, file: str, count: str, sample: str, folder: str) -> list[str]:
    """Sheets from all over the file as a FAX has them; the addresses that they should bear."""
    from notices import personal
    from notices.models import Delivery

    keys = _keys(release)[: int(count)]
    whole = _opened(Path(file).read_bytes())
    pages = len(whole) // len(keys)
    assert len(whole) == pages * len(keys)
    chosen = sorted({round(place * (len(keys) - 1) / max(int(sample) - 1, 1)) for place in range(int(sample))})
    for place in chosen:
        grey = whole[place * pages].render(scale=DPI / 72, grayscale=True).to_pil()
        black = grey.point(lambda tone: 255 if tone > 127 else 0)
        black.save(Path(folder) / f"{place:06}.pgm")
    found = Delivery.objects.select_related("receipt").in_bulk([keys[place] for place in chosen])
    return [personal.address(found[keys[place]]) for place in chosen]


def _keys(release: str) -> list[int]:
    from notices.distribution import by_hand
    from notices.models import Release

    return by_hand.papers(Release.objects.get(pk=release), None)


def _opened(content: bytes) -> Any:
    import pypdfium2

    return pypdfium2.PdfDocument(content)


ACTS: dict[str, Callable[..., Any]] = {"by_post": by_post, "print": print_, "single": single, "pictures": pictures}

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    print(json.dumps(ACTS[sys.argv[1]](*sys.argv[2:])))  # noqa: T201
