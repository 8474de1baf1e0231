"""QR codes as pictures for pages of paper."""

import base64
import io

import segno

# ISO/IEC 18004: any of the eight masks is valid; choosing the best one costs more than the rest of the code.
MASK = 4
DOTS = 4  # pixels a module; the style sheets have them enlarged without smoothing (image-rendering)


def code(address: str) -> segno.QRCode:
    """The QR code of an address; 15 % of it may be spoilt on the way (error level M)."""
    return segno.make_qr(address, error="m", mask=MASK)


def picture(address: str) -> str:
    """The code as a data: URL of a PNG picture, with its quiet zone."""
    drawn = io.BytesIO()
    code(address).save(drawn, kind="png", scale=DOTS)
    return f"data:image/png;base64,{base64.b64encode(drawn.getvalue()).decode()}"
