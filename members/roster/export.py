"""The roster as a list: the columns that people know from their own rosters, and that the site reads back."""

from collections.abc import Iterator

from django.db.models import Prefetch
from django.utils import timezone

from members.models import Officer
from members.models.officer import Office
from members.models.organisation import Kind, OrganisationQuerySet
from members.sheets import Cell, Sheet

# Whoever writes to the addresses of a list writes to no stopped one: they stand in a column of their own.
MAIL, STOPPED = "メールアドレス", "停止中のメールアドレス"
HEADING = (
    "薬局コード", "薬局名", "フリガナ", "地区コード", "地区", "郵便番号", "住所", "電話", "FAX", MAIL, STOPPED,
    "管理薬剤師", "届け方", "区分", "入会日", "退会日",
)  # fmt: skip
AT_A_TIME = 2000


def sheet(organisations: OrganisationQuerySet, whose: str, *, with_mail: bool) -> Sheet:
    """The organisations in the order given, in a file named after `whose` they are.

    Without `with_mail` the columns of e-mail addresses are missing.
    """
    hidden = set() if with_mail else {HEADING.index(MAIL), HEADING.index(STOPPED)}
    rows = ([value for place, value in enumerate(row) if place not in hidden] for row in _rows(organisations))
    heading = [word for place, word in enumerate(HEADING) if place not in hidden]
    return Sheet(f"名簿_{whose}", "roster", heading, rows)


def _rows(organisations: OrganisationQuerySet) -> Iterator[list[Cell]]:
    holding = Prefetch("officers", Officer.objects.holding(timezone.localdate()), to_attr="in_office")
    found = organisations.select_related("parent").prefetch_related("tags", "mailboxes", holding)
    for each in found.iterator(chunk_size=AT_A_TIME):
        district = {Kind.PHARMACY: each.parent, Kind.DISTRICT: each}.get(each.kind)
        yield [
            each.code,
            each.name,
            each.kana,
            (district.code or str(district.pk)) if district else "",
            district.label if district else "",
            each.postal_code,
            each.address,
            each.telephone,
            each.fax,
            "; ".join(mailbox.address for mailbox in each.mailboxes.all() if mailbox.usable),
            "; ".join(mailbox.address for mailbox in each.mailboxes.all() if not mailbox.usable),
            "、".join(officer.name for officer in each.in_office if officer.office == Office.MANAGER),
            each.get_channel_display(),
            "、".join(tag.name for tag in each.tags.all()),
            each.joined_on,
            each.left_on,
        ]
