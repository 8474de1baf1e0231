"""The figures of a release, recounted from what the site itself hands out and from its database."""

import csv
import io
import json

from playwright.sync_api import Page

from tests.servers.site import Site

# Printed as JSON by the site's own shell: what the released notice with this number must come to.
RECOUNT = """
import json
from collections import Counter
from notices.models import Delivery, Receipt
def recount(audience):
    receipts = list(Receipt.objects.filter(release__notice__numbers__text={number!r}, audience=audience))
    return {{
        "recipients": len(receipts),
        "reach": Counter(receipt.reach for receipt in receipts),
        "confirmed": sum(receipt.confirmed_at is not None for receipt in receipts),
        "finished": sum(receipt.finished_at is not None for receipt in receipts),
        "not_applicable": sum(receipt.not_applicable_at is not None for receipt in receipts),
    }}
messages = Delivery.objects.filter(receipt__release__notice__numbers__text={number!r})
print(json.dumps({{
    "pharmacies": recount("pharmacy"),
    "districts": recount("district"),
    "messages": Counter(messages.values_list("state", flat=True)),
    "addresses": list(messages.filter(channel="email").values_list("address", flat=True)),
}}))
"""


def recount(site: Site, number: str) -> dict:
    return json.loads(site.manage("shell", "--no-imports", "-c", RECOUNT.format(number=number)))


def table(page: Page, address: str) -> list[dict[str, str]]:
    """A CSV that the signed-in page may download."""
    answer = page.context.request.get(address)
    assert answer.ok, address
    return list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"))))
