"""収受番号: the number that the office gives each packet, in the form 6-1089 (the 1089th of 令和6年度) or another."""

import datetime as dt
import re

from django.utils import timezone

from members import wareki
from members.numerals import squeeze
from notices.intake import kept
from notices.intake.kept import Kept
from notices.models import Packet

# A year has no more packets than these digits count; what is longer is a slip, and the next number follows none such.
MOST_DIGITS = 6
# A typed number that leaves out more than these is doubtful.
MOST_LEFT_OUT = 20
FIELD = "receipt_number"
_OF_A_YEAR = re.compile(r"(?P<prefix>[0-9]+-)(?P<serial>[0-9]+)")


class ReceiptNumberTaken(Exception):
    """The receipt number belongs to `packet` already."""

    def __init__(self, packet: Packet) -> None:
        super().__init__(f"収受番号 {packet.receipt_number} は、ほかの受領文書に使われています。")
        self.packet = packet


def is_too_long(typed: str) -> bool:
    """Whether the typed number has more digits behind its year than any year needs."""
    match = _OF_A_YEAR.fullmatch(squeeze(typed))
    return match is not None and len(match["serial"]) > MOST_DIGITS


def next_receipt_number(today: dt.date) -> str:
    """6-1090 where 6-1089 is the highest of 令和6年度 so far."""
    prefix = f"{wareki.fiscal_year_in_era(today)}-"
    return f"{prefix}{max(_serials(prefix), default=0) + 1}"


def free(wanted: str, but_of: Packet | None = None) -> str:
    """The number wanted, or the next where none is; `but_of` may have it already. Raises ReceiptNumberTaken."""
    number = squeeze(wanted) or next_receipt_number(timezone.localdate())
    holder = Packet.objects.filter(receipt_number=number).exclude(pk=but_of and but_of.pk).first()
    if holder:
        raise ReceiptNumberTaken(holder)
    return number


def doubt_leap(known: Kept, number: str, of: Packet | None = None) -> None:
    """Put a doubt to the top letter where the number (`of` that packet) leaves many out; any before it is settled."""
    warnings = known["letters"][kept.top_index(known)]["warnings"]
    for warning in warnings:
        warning["settled"] = warning["settled"] or warning["field"] == FIELD
    left_out = _left_out(number, of)
    if left_out > MOST_LEFT_OUT:
        message = (
            f"収受番号が、前の番号から {left_out:,} 番飛んでいます。次からの番号も、この番号の続きになります。"
            "打ち間違いでないか確かめてください。"
        )
        warnings.append({"field": FIELD, "raw": number, "message": message, "settled": False})


def _left_out(number: str, of: Packet | None) -> int:
    """How many numbers lie between the highest other one of its year and this; an office may begin at any."""
    match = _OF_A_YEAR.fullmatch(number)
    others = _serials(match["prefix"], of) if match else []
    return int(match["serial"]) - max(others) - 1 if others else 0


def _serials(prefix: str, but_of: Packet | None = None) -> list[int]:
    numbers = Packet.objects.filter(receipt_number__startswith=prefix).exclude(pk=but_of and but_of.pk)
    serials = (number.removeprefix(prefix) for number in numbers.values_list("receipt_number", flat=True))
    return [int(serial) for serial in serials if re.fullmatch(f"[0-9]{{1,{MOST_DIGITS}}}", serial)]
