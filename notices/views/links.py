"""Lines of 別添・参考・関連: each leads to a paper, wherever it is."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Link:
    """One line: what it is called, where it opens (empty: nowhere) and what to expect there."""

    label: str
    title: str
    url: str = ""
    about: str = ""
    leaves: bool = False


def web_link(label: str, title: str, url: str) -> Link:
    """A line that leads out of the site, with the name of the machine; to nowhere unless by http or https."""
    address = urlsplit(url)
    if address.scheme in ("http", "https") and address.hostname:
        return Link(label, title, url, address.hostname, leaves=True)
    return Link(label, title)
