"""Lines of 別添・参考・関連: each leads to a paper, wherever it is."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Link:
    """One line: what it is called, where it opens (empty: nowhere), what to expect there, and the lines `within` it."""

    label: str
    title: str
    url: str = ""
    about: str = ""
    leaves: bool = False
    within: tuple["Link", ...] = ()


def web_link(label: str, title: str, url: str) -> Link:
    """A line that leads out of the site, with the name of the machine; to nowhere unless by http or https."""
    host = host_of(url)
    return Link(label, title, url, host, leaves=True) if host else Link(label, title)


def host_of(url: str) -> str:
    """The machine that a web address names; empty for any other address, and for one that cannot be read."""
    try:
        address = urlsplit(url)
    except ValueError:  # "http://[", as damaged packets have it
        return ""
    return address.hostname or "" if address.scheme in ("http", "https") else ""
