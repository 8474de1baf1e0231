"""Notices without status fields: what qmail, Exim, Exchange, carriers' servers and others say in their own words.

flufl.bounce knows many servers' forms by name; what it does not know is read by words, codes and addresses.
"""

import logging
import re
from email.message import Message

from flufl.bounce import all_failures

from notices.distribution.bounces import origin, parts, phrases
from notices.distribution.bounces.failure import ADDRESS, Failure, Kind, failing_class, once, statuses

logger = logging.getLogger(__name__)

MOST_LINES = 400  # of what the server itself says
MOST_OF_REPLY = 600
# An address that stands as the one spoken of: alone in its line, before a colon, or in a command of SMTP.
_LABEL = (
    r"(?:(?:to|recipient|address|failed recipient|宛先|あて先|受信者|送信先|送り先)\s?"
    r"(?:address|アドレス)?\s{0,9}[:：]\s{0,9})?"
)
_WORD = r"[^\s<>＜＞「」『』()\[\]\"']"
_SPOKEN_OF = re.compile(
    rf"^[\s\-*・•●○◆■>＞0-9.)]{{0,20}}{_LABEL}[<＜\[(\"'「『]?(?:mailto:|smtp:)?"
    rf"(?P<alone>{_WORD}{{1,128}}@{_WORD}{{1,255}})[>＞\])\"'」』]?\s{{0,9}}(?:[:：;,].*|\([^)]*\)|（[^）]*）|$)"
    rf"|(?:rcpt to|smtp)\s?[:=]\s?<?(?P<command>{_WORD}{{1,128}}@{_WORD}{{1,255}})",
    re.IGNORECASE,
)


def told(message: Message) -> list[Failure]:
    """Whom the message did not reach, by the server's words; empty where the mail is nothing of the kind."""
    lines = own_words(parts.text(message))
    said = in_one_line(lines)
    trying, failing = _known_forms(message, lines)
    if not _is_notice(message, said, known=bool(trying or failing)):
        return []
    delayed = _goes_on(message, said) or bool(trying and not failing)
    found = once([*failed_by_header(message), *failing, *trying]) or _spoken_of(message, lines) or of_returned(message)
    about = {address: _about(address, lines) for address in found} or {"": _first_failing(lines)}
    return [_failure(address, words, said, delayed) for address, words in about.items()]


def own_words(text: str) -> list[str]:
    """The lines a server wrote itself: nothing quoted, and nothing of the message it sends back."""
    lines = [line for line in text.splitlines() if not re.match(r"\s*[>|＞]\s*(?![\w.+-]+@)", line)]
    ends = (number for number, line in enumerate(lines) if number and phrases.RETURNED_BELOW.search(line))
    return lines[: min(next(ends, MOST_LINES), MOST_LINES)]


def in_one_line(lines: list[str]) -> str:
    """The lines as one; between Japanese letters without a space, which the break of a line does not stand for."""
    said = ""
    for line in filter(None, map(str.strip, lines)):
        said += line if not said or (ord(said[-1]) > 127 and ord(line[0]) > 127) else f" {line}"
    return said


def failed_by_header(message: Message) -> list[str]:
    """Whom Exim names in a header of its own."""
    return [found[0] for value in parts.headers(message, "X-Failed-Recipients") for found in ADDRESS.finditer(value)]


def _is_notice(message: Message, said: str, known: bool) -> bool:
    """A mail server's name and its words or its form; of an unknown sender the subject has to call it so, too."""
    if "X-Failed-Recipients" in message:
        return True
    failed = bool(phrases.FAILED.search(said))
    if origin.called_failure(message):
        return failed or known or bool(phrases.TRYING.search(said)) or _called_so_by_daemon(message, said)
    return origin.by_server(message) and (failed or known)


def _called_so_by_daemon(message: Message, said: str) -> bool:
    return origin.named_daemon(message) and not phrases.ARRIVED.search(f"{parts.header(message, 'Subject')} {said}")


def _known_forms(message: Message, lines: list[str]) -> tuple[list[str], list[str]]:
    """flufl.bounce's reading of the server's own words: addresses still tried, addresses failed."""
    plain = Message()
    for name in ("From", "Subject", "X-Mailer"):
        plain[name] = parts.header(message, name)
    # Its detectors look at lines as they stand, and report addresses in ASCII.
    plain.set_payload("\n".join(lines).encode("ascii", "replace").decode())
    try:
        trying, failing = all_failures(plain)
    except Exception:
        # Its detectors meet whatever stands in a mail; our own reading goes on without them.
        logger.exception("flufl.bounce fails over a mail")
        return [], []
    return _addresses(trying), _addresses(failing)


def _addresses(found: frozenset[bytes]) -> list[str]:
    return sorted(text for raw in found if ADDRESS.fullmatch(text := raw.decode("ascii", "replace")))


def _goes_on(message: Message, said: str) -> bool:
    """Whether the server has not given up."""
    trying = phrases.TRYING.search(said) or phrases.DELAY_SUBJECT.search(parts.header(message, "Subject"))
    return bool(trying) and not phrases.ENDED.search(said)


def _spoken_of(message: Message, lines: list[str]) -> tuple[str, ...]:
    """The addresses in the server's words; those that stand out, if any do. Nobody's who sent or got this notice."""
    ends = parts.headers(message, "From", "To")
    others = {found[0].casefold() for value in ends for found in ADDRESS.finditer(value)}
    out: list[str] = []
    named: list[str] = []
    for line in (re.sub(r"https?://\S{1,999}", "", each) for each in lines):
        if phrases.OTHER_ADDRESSES.search(line):
            continue
        for found in _SPOKEN_OF.finditer(line):
            out += [each[0] for each in ADDRESS.finditer(found["alone"] or found["command"])]
        named += [each[0] for each in ADDRESS.finditer(line)]
    named = [each for each in named if not phrases.DAEMON.search(each.replace("_", " "))]
    # A notice about a message to oneself names nobody else.
    return _without(out, others) or _without(named, others) or once(out)


def _without(found: list[str], others: set[str]) -> tuple[str, ...]:
    return once(each for each in found if each.casefold() not in others)


def of_returned(message: Message) -> tuple[str, ...]:
    """To whom the returned message was, by its headers or their copy in the text, where that is one address."""
    values = [value for inner in parts.returned(message) for value in parts.headers(inner, "To")]
    if not values:
        values = re.findall(r"(?im)^to:(.{1,300})$", parts.text(message))[-1:]
    found = once(each[0] for value in values for each in ADDRESS.finditer(value))
    return found if len(found) == 1 else ()


def _about(address: str, lines: list[str]) -> str:
    """What is said from each place of the address to the next blank line or another address."""
    said: list[str] = []
    near = False
    for line in lines:
        here = [found[0].casefold() for found in ADDRESS.finditer(line)]
        if here:
            near = address.casefold() in here
        if near:
            said.append(line.strip())
        if near and not line.strip() and len(said) > 3:
            near = False
    return " ".join(filter(None, said))[:MOST_OF_REPLY]


def _first_failing(lines: list[str]) -> str:
    return next((line.strip() for line in lines if phrases.FAILED.search(line)), "")[:MOST_OF_REPLY]


def _failure(address: str, about: str, said: str, delayed: bool) -> Failure:
    reply = about or said[:MOST_OF_REPLY]
    degree = failing_class(about) or failing_class(said)
    status = next((each for each in [*statuses(about), *statuses(said)] if int(each[0]) == degree), "")
    if delayed and degree != 5:
        return Failure(address, Kind.TEMPORARY, over=False, status=status, reply=reply)
    passing = degree == 4 or (not degree and bool(phrases.PASSING.search(said)) and not phrases.LASTING.search(said))
    kind = Kind.TEMPORARY if passing else Kind.PERMANENT
    return Failure(address, kind, over=True, status=status or _status_in_words(reply, kind), reply=reply)


def _status_in_words(reply: str, kind: Kind) -> str:
    """The enhanced code for what the words say plainly; empty for anything else."""
    if phrases.FULL.search(reply):
        return "4.2.2" if kind is Kind.TEMPORARY else "5.2.2"
    return "5.1.1" if kind is Kind.PERMANENT and phrases.UNKNOWN_USER.search(reply) else ""
