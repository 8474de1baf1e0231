"""Reading a page of paper as a FAX has it: 200 dots an inch, black or white."""

import pypdfium2
import zxingcpp

DPI = 200


def read(content: bytes, page: int) -> str:
    """What the one QR code on a page of a PDF says."""
    grey = pypdfium2.PdfDocument(content)[page].render(scale=DPI / 72, grayscale=True).to_pil()
    black_or_white = grey.point(lambda tone: 255 if tone > 127 else 0)
    [code] = zxingcpp.read_barcodes(black_or_white, formats=zxingcpp.BarcodeFormat.QRCode)
    return code.text
