"""電話連絡表: the pharmacies that a chair still has to call, on paper, with boxes for what they say."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db.models import TextChoices
from django.template.loader import render_to_string
from django.utils import timezone

from notices import hops, succession
from notices.boards import standing
from notices.boards.desk import Show
from notices.models import Receipt
from notices.models.receipt import Reach

# In which way a pharmacy was told, and when (`tracking.calling`).
Call = tuple[TextChoices, dt.datetime]
# What the list is called by whom it lists.
TITLES = {
    Show.CALL: "電話してほしい薬局",
    Show.UNCONFIRMED: "まだ確認していない薬局",
    Show.STUCK: "困っている薬局",
    Show.UNDER_WAY: "設定の途中の薬局",
    Show.UNREACHED: "届いていない薬局",
    Show.ALL: "地区の薬局すべて",
}


def call_list_html(
    own: Receipt,
    pharmacies: Sequence[Receipt],
    show: Show,
    now: dt.datetime,
    calls: Mapping[int, Sequence[Call]],
) -> str:
    """The document for a district's receipt and the pharmacies of its desk (`desk.pharmacies`), in their order.

    What members heard of is their district's letter, where there is one, and its deadline.
    Where another notice stands in its place, nobody is called for it: then it says that alone, and by which.
    `calls`: when each was told last in which way, by the receipt, as far as the site knows (`tracking.calling`).
    Of a pharmacy that has moved away only the name stands there: how it is reached is the new district's.
    """
    release, letter = own.release, hops.letter(own)
    today = timezone.localdate(now)
    rows = [(each, calls.get(each.pk, []), *_line(each, own, today)) for each in pharmacies]
    context = {
        "district": own.organisation,
        "notice": release.notice,
        "release": release,
        "letter": letter and letter.notice,
        "successor": succession.successor_of(own),
        "deadline": (letter.deadline if letter else None) or release.deadline,
        "title": TITLES[show],
        "rows": rows,
        "asked_again": any(each.asked_again for each, *_ in rows),
        "boxes": ["確認", *(["完了", "対象外"] if release.asks_set_up else []), "困っている", "不在"],
        "now": now,
    }
    return render_to_string("prints/call_list.html", context)


def _line(receipt: Receipt, own: Receipt, today: dt.date) -> tuple[bool, str, str]:
    """Whether the pharmacy is still the district's, who manages it, and how far it has come."""
    organisation = receipt.organisation
    if organisation.parent_id != own.organisation_id:
        return False, "", "いまは、この地区の薬局ではありません"
    state = standing.in_words(receipt, receipt.release, today)
    is_missed = receipt.reach != Reach.SENT and not receipt.confirmed_at and not receipt.asked_again
    missed = receipt.get_reach_display() if is_missed else ""
    return True, organisation.manager or "", "・".join(filter(None, (missed, state)))
