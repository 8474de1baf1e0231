"""Where bounces arrive: a Maildir (BOUNCE_MAILDIR) and an IMAP mailbox (BOUNCE_IMAP_URL).

A mail is marked as read only after what it says is committed, and nothing is ever deleted. Whoever is killed in between
reads the mail again, which changes nothing any more. Two readers at once do no harm either.
"""

import imaplib
import logging
import mailbox
import ssl
from contextlib import suppress
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError

from notices.distribution.bounces import parts, reading, settling

logger = logging.getLogger(__name__)

IMAP_SECONDS = 20
AT_ONCE = 200  # mails of one run and source; the next run reads on
UNREADABLE = "unreadable"
_SEEN = "S"


def read_all() -> int:
    """Read what is new in the configured sources; gives how many mails. One source that is away leaves the other."""
    read = 0
    if settings.BOUNCE_MAILDIR:
        read += read_maildir(Path(settings.BOUNCE_MAILDIR))
    if settings.BOUNCE_IMAP_URL:
        read += read_imap(settings.BOUNCE_IMAP_URL)
    return read


def _take(content: bytes, name: str) -> bool:
    """Record one mail; False where our own work breaks down over it, so that it must not hold up the others."""
    try:
        outcome = settling.apply(reading.read(content))
    except (OperationalError, InterfaceError):
        raise  # the database is away: the mail waits for it
    except Exception:
        logger.exception("The bounce %s cannot be recorded", name)
        return False
    logger.info("The bounce %s: %s", name, outcome.name.lower())
    return True


# Maildir --------------------------------------------------------------------------------------------------------------


def read_maildir(folder: Path) -> int:
    """Read a Maildir's unread mails: in new/, and in cur/ without the flag S. Read ones are in cur/ with it."""
    try:
        unread = unread_files(folder)[:AT_ONCE]
    except OSError as error:
        logger.warning("The Maildir of bounces cannot be opened: %s", error)
        return 0
    return sum(_read_file(folder, file) for file in unread)


def unread_files(folder: Path) -> list[Path]:
    """The files of unread mails, the oldest names first. Raises OSError where it is no Maildir."""
    fresh = sorted(each for each in (folder / "new").iterdir() if _is_mail(each))
    return fresh + sorted(each for each in (folder / "cur").iterdir() if _is_mail(each) and _SEEN not in _flags(each))


def all_files(folder: Path) -> list[Path]:
    """The files of all mails, read ones too. Raises OSError where it is no Maildir."""
    return sorted(each for name in ("new", "cur") for each in (folder / name).iterdir() if _is_mail(each))


def _is_mail(file: Path) -> bool:
    return not file.name.startswith(".") and not file.is_dir()


def _flags(file: Path) -> str:
    return file.name.rpartition(":2,")[2] if ":2," in file.name else ""


def _read_file(folder: Path, file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            content = stream.read(parts.MOST)
    except FileNotFoundError:
        return False  # another reader has just moved it
    except OSError as error:
        logger.warning("The bounce %s cannot be opened: %s", file.name, error)
        _set_aside(folder, file)
        return False
    if _take(content, file.name):
        unique = file.name.partition(":")[0]
        flags = "".join(sorted({*_flags(file), _SEEN}))
        _move(file, folder / "cur" / f"{unique}:2,{flags}")
    else:
        _set_aside(folder, file)
    return True


def _set_aside(folder: Path, file: Path) -> None:
    """Into the Maildir's folder .unreadable, as new, for a person to look at."""
    mailbox.Maildir(folder, create=False).add_folder(UNREADABLE)
    _move(file, folder / f".{UNREADABLE}" / "new" / file.name.partition(":")[0])


def _move(file: Path, goal: Path) -> None:
    with suppress(FileNotFoundError):  # another reader was faster
        file.rename(goal)


# IMAP -----------------------------------------------------------------------------------------------------------------


def read_imap(url: str) -> int:
    r"""Read a mailbox's unseen mails (RFC 3501), imaps://user:password@host[:port]/FOLDER; read ones get \Seen."""
    place = urlsplit(url)
    try:
        with _connection(place) as server:
            _enter(server, place)
            return sum(_read_uid(server, uid) for uid in _unseen(server)[:AT_ONCE])
    except (imaplib.IMAP4.error, OSError, EOFError, UnicodeError) as error:
        logger.warning("The IMAP mailbox of bounces at %s cannot be read: %s", place.hostname, error)
        return 0


def _connection(place: SplitResult) -> imaplib.IMAP4:
    """TLS from the start (imaps), or begun where the server can; its certificate has to be good."""
    trusted = ssl.create_default_context()
    if place.scheme == "imaps":
        port = place.port or imaplib.IMAP4_SSL_PORT
        return imaplib.IMAP4_SSL(place.hostname, port, ssl_context=trusted, timeout=IMAP_SECONDS)
    server = imaplib.IMAP4(place.hostname, place.port or imaplib.IMAP4_PORT, timeout=IMAP_SECONDS)
    if "STARTTLS" in server.capabilities:
        server.starttls(trusted)
    return server


def _enter(server: imaplib.IMAP4, place: SplitResult) -> None:
    """Sign in and open the folder for writing."""
    server.login(unquote(place.username or ""), unquote(place.password or ""))
    folder = (unquote(place.path.strip("/")) or "INBOX").replace("\\", r"\\").replace('"', r"\"")
    _must(server.select(f'"{folder}"'))


def _unseen(server: imaplib.IMAP4) -> list[str]:
    [found] = _must(server.uid("SEARCH", "UNSEEN"))
    return (found or b"").decode("ascii").split()


def _read_uid(server: imaplib.IMAP4, uid: str) -> bool:
    """Record one mail, then mark it; one over which our work breaks down is marked for a person, too."""
    answer = _must(server.uid("FETCH", uid, f"(UID BODY.PEEK[]<0.{parts.MOST}>)"))
    content = next((each[1] for each in answer if isinstance(each, tuple)), None)
    if content is None:
        return False  # moved or removed meanwhile
    flags = r"(\Seen)" if _take(content, f"UID {uid}") else r"(\Seen \Flagged)"
    _must(server.uid("STORE", uid, "+FLAGS.SILENT", flags))
    return True


def _must(answer: tuple[str, list]) -> list:
    """The data of a command's answer. Raises IMAP4.error where the server says NO."""
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(f"{status} {data!r}")
    return data
