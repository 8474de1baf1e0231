"""What no page may have, whoever opens it: incomplete, open to others, beyond the content policy."""

import re

from django.http import HttpResponse

from tests.access_table import Row

# A mail as mail programs show it: a document of its own, which the site shows in a frame that runs nothing.
MAILS = {"notices:outbox_html", "notices:pharmacy_mail", "notices:district_mail"}


def is_page(row: Row, response: HttpResponse) -> bool:
    has_text = response.status_code not in (302, 405) and response["Content-Type"].startswith("text/html")
    return has_text and row.name not in MAILS


def faults(html: str) -> list[str]:
    """What is wrong with a page."""
    ids = re.findall(r'\sid="([^"]*)"', html)
    checks = {
        "no single heading": len(re.findall(r"<h1[ >]", html)) != 1,
        "no title": not re.search(r"<title>\s*[^<｜\s][^<]*｜周知\s*</title>", html),
        "no language": not re.match(r'<!doctype html>\s*<html lang="ja"', html, re.IGNORECASE),
        "a style": re.search(r"\sstyle=|<style", html),
        "a script": re.search(r"""\son[a-z]+=["']|javascript:|<script(?![^>]*\ssrc=)""", html),
        "something from elsewhere": re.search(r"""<(?:script|link|img|iframe)\b[^>]*=["'](?:https?:)?//""", html),
        "an id twice": len(ids) != len(set(ids)),
        "a value that is none": re.search(r"\bNone\b", html),
        "markup as text": re.search(r"\{\{|\{%|&lt;(?:a|b|br|span|svg)\b", html),
    }
    return [fault for fault, is_there in checks.items() if is_there]


def openings(row: Row, response: HttpResponse) -> list[str]:
    """What is wrong with the headers of an answer."""
    policy = response["Content-Security-Policy"]
    checks = {
        "kept by others": "no-store" not in response["Cache-Control"],
        "tells where one came from": response["Referrer-Policy"] != "no-referrer",
        "type may be guessed": response["X-Content-Type-Options"] != "nosniff",
        "may be framed": response["X-Frame-Options"] != "DENY" or "frame-ancestors 'none'" not in policy,
        "unsafe": "unsafe" in policy and row.name not in MAILS,
    }
    return [fault for fault, is_there in checks.items() if is_there]
