"""What each mail in samples/ says, as a person would read it.

Their texts are our own; their forms are those of the mail servers they are named after.
"""

from dataclasses import dataclass
from pathlib import Path

from notices.distribution.bounces.failure import Kind

FOLDER = Path(__file__).parent / "samples"
SUMIRE, HIBARI = "sumire@pharmacy.example", "hibari@pharmacy.example"


@dataclass(frozen=True)
class Said:
    """The kind, the addresses it is said of, and whether the message will not arrive any more."""

    kind: Kind
    addresses: tuple[str, ...] = ()
    over: bool = False


def permanent(*addresses: str) -> Said:
    return Said(Kind.PERMANENT, addresses, over=True)


def given_up(*addresses: str) -> Said:
    """The address may be as good as any, but nobody tries any more."""
    return Said(Kind.TEMPORARY, addresses, over=True)


def delayed(*addresses: str) -> Said:
    return Said(Kind.TEMPORARY, addresses)


NOTHING = Said(Kind.NONE)

SAMPLES = {
    "dsn-unknown-user": permanent(SUMIRE),
    "dsn-mailbox-full": permanent(SUMIRE),
    "dsn-delayed": delayed(SUMIRE),
    "dsn-given-up": given_up(SUMIRE),
    "dsn-delivered": NOTHING,
    "dsn-relayed": NOTHING,
    "dsn-expanded": NOTHING,
    "dsn-one-of-two": permanent(SUMIRE),
    "dsn-two-and-a-delay": permanent(SUMIRE, HIBARI),
    "dsn-forwarded": permanent(SUMIRE),
    "dsn-without-report-type": permanent(SUMIRE),
    "dsn-in-multipart-mixed": permanent(SUMIRE),
    "dsn-headers-only": permanent(SUMIRE),
    "dsn-utf8-address": permanent("すみれ@薬局.example"),
    "dsn-utf8-address-escaped": permanent("すみれ@pharmacy.example"),
    "dsn-base64-status": permanent(SUMIRE),
    "dsn-fields-in-one-block": permanent(SUMIRE, HIBARI),
    "dsn-without-action": permanent(SUMIRE),
    "dsn-without-status": permanent(SUMIRE),
    "dsn-folded-fields": permanent(SUMIRE),
    "dsn-no-recipient-named": permanent(SUMIRE),
    "dsn-old-dots-before-at": permanent("sumire..pharmacy.@docomo.example"),
    "dsn-japanese-base64": permanent(SUMIRE),
    "exchange-online-ndr": permanent(SUMIRE),
    "gmail-unknown-user": permanent("sumire@gmail.example"),
    "icloud-full": permanent("sumire@icloud.example"),
    "opensmtpd-error": permanent(SUMIRE),
    "expired": given_up(SUMIRE),
    "dsn-below-a-wrapper": permanent(SUMIRE),
    "dsn-lost-its-boundaries": permanent(SUMIRE),
    "dsn-cut-in-the-middle": permanent(SUMIRE),
    "dsn-cut-within-recipient": permanent(SUMIRE),
    "dsn-carriage-returns": permanent(SUMIRE),
    "qmail": permanent(SUMIRE),
    "qmail-two-reasons": permanent(SUMIRE),
    "exim": permanent(SUMIRE),
    "exim-warning": delayed(SUMIRE),
    "exchange-old-japanese": permanent(SUMIRE),
    "exchange-old-english": permanent(SUMIRE),
    "yahoo-japan": permanent("sumire@yahoo.example"),
    "docomo-text": permanent("sumire..pharmacy@docomo.example"),
    "au-text": permanent("sumire@ezweb.example"),
    "softbank-text-shift-jis": permanent("sumire@softbank.example"),
    "carrier-full-without-code": given_up("sumire@carrier.example"),
    "postfix-japanese": permanent(SUMIRE),
    "postfix-japanese-delay": delayed(SUMIRE),
    "html-only": permanent(SUMIRE),
    "html-only-japanese": permanent(SUMIRE),
    "notes-japanese": permanent(SUMIRE),
    "groupwise": permanent(SUMIRE),
    "gmail-old-delay": delayed(SUMIRE),
    "sendmail-old": permanent(SUMIRE),
    "sendmail-old-warning": delayed(SUMIRE),
    "code-4-given-up": given_up(SUMIRE),
    "fax-gateway-failed": permanent("0920000000@fax.example"),
    "no-sender-header": permanent(SUMIRE),
    "unknown-charset": permanent(SUMIRE),
    "nul-bytes": permanent(SUMIRE),
    "out-of-office-japanese": NOTHING,
    "out-of-office-moved": NOTHING,
    "out-of-office-english": NOTHING,
    "answer-of-a-person": NOTHING,
    "person-quotes-a-bounce": NOTHING,
    "person-forwards-a-bounce": NOTHING,
    "person-writes-of-a-bounce": NOTHING,
    "person-reports-an-error": NOTHING,
    "out-of-office-about-an-error": NOTHING,
    "read-receipt": NOTHING,
    "complaint": NOTHING,
    "dmarc-report": NOTHING,
    "challenge": NOTHING,
    "mailing-list": NOTHING,
    "ordinary-from-postmaster": NOTHING,
    "empty": NOTHING,
    "no-mail-at-all": NOTHING,
    "dovecot-over-quota": permanent(SUMIRE),
}
