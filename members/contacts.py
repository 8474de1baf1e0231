"""Addresses of the roster as people write them: e-mail, telephone and FAX."""

import re
import unicodedata
from difflib import get_close_matches
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_domain_name

# The left part of an address as mail servers take it, dots wherever they stand: a..b@docomo.ne.jp exists.
LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}")
ODD_DOTS = re.compile(r"^\.|\.\.|\.$")
TELEPHONE_NUMBER = re.compile(r"0\d{9,10}", re.ASCII)
# Where many Japanese mailboxes are: what differs from these by a letter is hardly meant.
PROVIDERS = (
    *("gmail.com", "icloud.com", "me.com", "outlook.com", "outlook.jp", "hotmail.com", "hotmail.co.jp", "live.jp"),
    *("yahoo.co.jp", "ymail.ne.jp", "docomo.ne.jp", "ezweb.ne.jp", "au.com", "uqmobile.jp", "rakuten.jp"),
    *("softbank.ne.jp", "i.softbank.jp", "vodafone.ne.jp", "ymobile.ne.jp", "nifty.com", "ocn.ne.jp", "biglobe.ne.jp"),
)
HYPHENS = re.compile("[‐−–—ー]")
BETWEEN_DIGITS = re.compile("[-() ]")


class NotAnAddress(ValueError):
    """Nothing can be sent to it; the message says in plain Japanese why."""


def narrowed(text: str) -> str:
    """Full-width letters and signs as half-width ones, without what cannot be seen."""
    if text.isascii() and text.isprintable():
        return text.strip()
    folded = unicodedata.normalize("NFKC", text).replace("。", ".")
    return "".join(sign for sign in folded if unicodedata.category(sign) != "Cf").strip()


def check_mail_address(address: str) -> None:
    """Raises NotAnAddress for what no mail can be sent to."""
    seen = address.isascii() and address.isprintable() and " " not in address
    if not seen and any(unicodedata.category(sign).startswith(("C", "Z")) for sign in address):
        raise NotAnAddress("改行や空白は入れられません。アドレスを1つだけ入れてください")
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        raise NotAnAddress("「@」の前と後ろが揃っていません。例：yakkyoku@mail.example")
    if domain.endswith("."):
        raise NotAnAddress("アドレスの最後に「.」が付いています。取ってください")
    if '"' in local:
        raise NotAnAddress('「@」より前を引用符（"）で囲んだアドレスには、このサイトからは送れません')
    if not LOCAL_PART.fullmatch(local):
        raise NotAnAddress("「@」より前に使えるのは、半角の英数字と記号だけです")
    if not _is_domain(domain):
        raise NotAnAddress(f"「@」より後ろの「{domain}」は、メールの宛先になりません。綴りを確かめてください")


@lru_cache(1024)  # a roster of thousands has few domains
def _is_domain(domain: str) -> bool:
    try:
        validate_domain_name(domain)
        domain.encode("idna")
    except (ValidationError, UnicodeError):
        return False
    return True


def may_fail(address: str) -> bool:
    """Whether a valid address has its dots where some mail servers refuse them (RFC 5321, dot-string)."""
    return bool(ODD_DOTS.search(address.rpartition("@")[0]))


def meant_domain(address: str) -> str:
    """The provider's domain that an address misses by a slip of the keyboard; empty where it has none."""
    return _meant(address.rpartition("@")[2].lower())


@lru_cache(1024)
def _meant(domain: str) -> str:
    return "" if domain in PROVIDERS else next(iter(get_close_matches(domain, PROVIDERS, 1, 0.85)), "")


def telephone(text: str) -> str:
    """A telephone or FAX number in half width, hyphens as they are; empty for none. Raises NotAnAddress."""
    number = HYPHENS.sub("-", narrowed(text))
    if number and not TELEPHONE_NUMBER.fullmatch(BETWEEN_DIGITS.sub("", number)):
        raise NotAnAddress("市外局番から数字10けたか11けたで入れてください。例：092-000-0100")
    return number


def digits(number: str) -> str:
    """The digits alone, by which two ways to write a number are the same."""
    return "".join(filter(str.isdecimal, number))


def postal_code(text: str) -> str:
    """A 郵便番号 as 810-0001; empty for none. Raises NotAnAddress."""
    code = HYPHENS.sub("-", narrowed(text)).replace("-", "").replace("〒", "").replace(" ", "")
    if code and not re.fullmatch(r"\d{7}", code, re.ASCII):
        raise NotAnAddress("郵便番号は、数字7けたで入れてください。例：810-0001")
    return f"{code[:3]}-{code[3:]}" if code else ""
