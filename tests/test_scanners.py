"""Programs open every address of a release before people do: mail filters, link checkers, previews. Nothing changes."""

import re
from itertools import cycle

from django.core import mail
from django.test import Client

from notices.models.receipt import Audience
from notices.personal import Scope
from tests.cast import Cast
from tests.rows import changed, everything
from tests.scanning import address, deliver_to_many
from tests.servers.redis import RedisServer
from tests.sizes import RECIPIENTS
from tests.tracking.conftest import guide

# As they introduce themselves, or pretend to be: filters of mail, previews of messengers, prefetching browsers.
SCANNERS = (
    {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120 Safari/537.36"},
    {"User-Agent": "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0; Pro)"},
    {"User-Agent": "Mozilla/5.0 (compatible; BarracudaCentral/1.0)"},
    {"User-Agent": "Mozilla/5.0 (compatible; Mimecast URL Protect)"},
    {"User-Agent": "ProofpointURLDefense/2.0"},
    {"User-Agent": "facebookexternalhit/1.1;line-poker/1.0"},
    {"User-Agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
    {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
    {"User-Agent": "curl/8.5.0", "Sec-Purpose": "prefetch"},
    {"User-Agent": "Mozilla/5.0", "Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch"},
    {"User-Agent": "Mozilla/5.0", "X-Moz": "prefetch"},
    {"User-Agent": ""},
)


# Where the buttons of the page lead; to look there is to press nothing.
PRESSED = ("confirm/", "name/", "steps/", "device/", "finish/", "reopen/", "not-applicable/", "applicable/", "help/")


def links(html: str) -> list[str]:
    """Where the page leads within the site."""
    found = re.findall(r'<a [^>]*href="(/[^"]*)"', html.partition("<main")[2])
    return [link.replace("&amp;", "&") for link in found]


def test_scanners_that_open_every_address_of_a_release_change_not_a_row(cast: Cast, redis_server: RedisServer) -> None:
    release = cast.released()
    deliveries = deliver_to_many(cast, release, RECIPIENTS - 6)
    assert release.receipts.pharmacies().count() == RECIPIENTS
    before, counters = everything(), redis_server.client.dbsize()
    for delivery, scanner in zip(deliveries, cycle(SCANNERS), strict=False):
        client = Client(headers=scanner)
        assert client.get(address(delivery)).status_code == 200
        assert client.head(address(delivery)).status_code == 200
        assert not client.cookies.keys() - {"csrftoken"}
    for delivery in deliveries:
        if delivery.receipt.audience == Audience.DISTRICT:
            assert Client().get(address(delivery, Scope.FORWARD)).status_code == 200
            assert Client().head(address(delivery, Scope.FORWARD)).status_code == 200
    assert changed(before) == set()
    assert redis_server.client.dbsize() == counters
    assert mail.outbox == []


def test_scanners_that_follow_every_link_change_not_a_row_and_see_what_anybody_sees(cast: Cast) -> None:
    release = guide(cast)
    sample = [cast.receipt(release, cast.shirasagi), *(cast.receipt(release, each) for each in cast.pharmacies[:3])]
    before = everything()
    for delivery in (receipt.deliveries.get() for receipt in sample):
        for start in (address(delivery), address(delivery, Scope.FORWARD)):
            pages = set()
            for scanner in SCANNERS:
                client = Client(headers=scanner)
                page = client.get(start)
                pages.add(re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page.content.decode()))
            assert len(pages) == 1
            followed = {*links(page.content.decode()), *(f"{start}{place}" for place in PRESSED)}
            assert any(link.endswith("letter.pdf") for link in followed)
            for link in followed:
                for method in (client.get, client.head, client.options):
                    assert method(link).status_code in (200, 302, 404, 405), link
    assert changed(before) == set()
    assert mail.outbox == []
