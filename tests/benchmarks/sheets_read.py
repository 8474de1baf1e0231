"""Reads the QR code of every picture (PGM) in a folder, for bin/bench sheets; runs where zxing-cpp is."""

import json
import sys
from pathlib import Path

import zxingcpp


def read(picture: bytes) -> str:
    """What its one QR code says; empty where none is read."""
    _, size, _, dots = picture.split(b"\n", 3)  # as Pillow writes it
    width, height = map(int, size.split())
    found = zxingcpp.read_barcodes(memoryview(dots).cast("B", (height, width)), formats=zxingcpp.BarcodeFormat.QRCode)
    return found[0].text if len(found) == 1 else ""


if __name__ == "__main__":
    print(json.dumps([read(path.read_bytes()) for path in sorted(Path(sys.argv[1]).glob("*.pgm"))]))  # noqa: T201
