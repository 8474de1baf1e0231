"""FAX numbers, and the e-mail address by which the gateway sends to one (FAX_GATEWAY)."""

import re

from django.conf import settings

from members import numerals
from members.models.organisation import Channel
from notices.distribution.answers import ServerRefuses
from notices.distribution.envelope import bare_address
from notices.models import Delivery

# Numbers in Japan as dialled there, with the leading 0: ten digits, or eleven (050, 070 … 090).
DOMESTIC = re.compile(r"0\d{9,10}", re.ASCII)
NO_GATEWAY = "FAXを送る設定（中継サービスの宛先）がありません。"
_ABROAD = re.compile(r"^\s*\+81")


class NoGateway(ServerRefuses):
    """A FAX waits to be sent, and FAX_GATEWAY names no gateway any more: somebody must mend it."""

    def __init__(self) -> None:
        super().__init__(NO_GATEWAY)


def is_there() -> bool:
    """Whether FAX goes out by itself; without a gateway staff send it."""
    return bool(settings.FAX_GATEWAY)


def number(text: str) -> str:
    """The digits of a FAX number however it is written, as dialled in Japan; empty for what is no such number."""
    digits = re.sub(r"[^0-9]", "", _ABROAD.sub("0", numerals.narrow(text)))
    return digits if DOMESTIC.fullmatch(digits) else ""


def address(text: str) -> str:
    """The gateway's e-mail address for a FAX number.

    {number} in the pattern stands for the digits, {intl} for +81 and the digits without the leading 0 (ITU-T E.164).
    Raises NoGateway without a pattern, ValueError for what is no FAX number.
    """
    if not is_there():
        raise NoGateway
    digits = number(text)
    if not digits:
        raise ValueError(f"Not a FAX number: {text!r}")
    return settings.FAX_GATEWAY.replace("{number}", digits).replace("{intl}", f"+81{digits[1:]}")


def is_addressable(delivery: Delivery) -> bool:
    """Whether the delivery's own address can be written into a mail: if not, the address is at fault, else we are."""
    try:
        bare_address(address(delivery.address) if delivery.channel == Channel.FAX else delivery.address)
    except ValueError:
        return False
    return True
