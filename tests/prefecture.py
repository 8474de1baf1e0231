"""A prefecture in which all that can be read carries the number of whose it is.

District 7 has the number 070, its pharmacies 071 and 072: in names, readings, codes, addresses, telephone numbers,
mailboxes, people, what they wrote, and what was released to the district alone.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from members import addresses as mailboxes
from members.history import Actor
from members.models import Account, Capacity, Mailbox, Officer, Organisation
from members.models.account import Role
from members.models.officer import Office
from members.models.organisation import Kind
from notices import personal
from notices.models import OnBehalf, Receipt, Release, StoredFile
from notices.models.receipt import Reach, Via
from notices.personal import Scope
from notices.search import index
from notices.tracking import confirming, helping, on_behalf, setup
from notices.tracking.on_behalf import Said, What
from tests.cast import Cast, sign_in
from tests.district_letters import letter, to_districts
from tests.module_data import rolled_back_with_the_module
from tests.scene import bind, give_pictures
from tests.sizes import DISTRICTS
from tests.tracking.conftest import guide

MARK = re.compile(r"(?:印|シルシ|0907-|0908-|907-0|@a|@d|\b4047)(\d{3})")
# What a chair never reads of its own pharmacies: what they wrote, and their mailboxes.
SECRET = re.compile(r"(?:秘|@d)(\d{3})")


@dataclass
class Member:
    """A district or a pharmacy, with whoever acts for it; `ids` under the names that the access table gives them."""

    number: str
    organisation: Organisation
    capacity: Capacity
    ids: dict[str, Any] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        return Actor(self.capacity.account, self.capacity)

    def browser(self) -> Client:
        client = Client()
        sign_in(client, self.capacity.account)
        return client

    def url(self, name: str, *keys: str) -> str:
        """The address of a page, with this member's ids; a key that names nothing stands for itself."""
        return reverse(name, args=[self.ids.get(key, key) for key in keys])


@dataclass
class Prefecture:
    staff: Member
    everywhere: Release
    districts: list[Member] = field(default_factory=list)
    pharmacies: list[Member] = field(default_factory=list)

    def of(self, district: Member) -> list[Member]:
        """The pharmacies of a district."""
        return [one for one in self.pharmacies if one.organisation.parent_id == district.organisation.pk]


@pytest.fixture(scope="module")
def prefecture(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Prefecture]:
    """Made once for the module; its tests ask for `db`, too."""
    with rolled_back_with_the_module(django_db_blocker):
        yield _made()


def _made() -> Prefecture:
    association = Organisation.objects.create(kind=Kind.ASSOCIATION, name="福岡県薬剤師会", telephone="092-000-0001")
    districts = [_member(f"{number:02}0", association) for number in range(1, DISTRICTS + 1)]
    pharmacies = [
        _member(f"{district.number[:2]}{place}", district.organisation) for district in districts for place in (1, 2)
    ]
    organisations = [[one.organisation for one in members] for members in (districts, pharmacies)]
    staff = Member("000", association, _acting(association, Role.STAFF, "staff@shuchi.example", "事務局"))
    everybody = _cast(staff, *organisations)
    made = Prefecture(staff, guide(everybody), districts, pharmacies)
    due, passed = (to_districts(everybody, subject) for subject in ("滞っている通知", "会員に送られた通知"))
    ends = cycle((_unconfirmed, _finished, _not_applicable, _failed))
    bind(made.everywhere)
    give_pictures(made.everywhere.notice.steps.first())
    for district, end in zip(districts, ends, strict=False):
        first, second = made.of(district)
        narrow = _narrow(staff, district, [first, second])
        shared = _shared(made.everywhere, narrow)
        for one in (district, first, second):
            one.ids |= shared | {"district": district.organisation.pk}
            _answers(one, made.everywhere)
        end(second, second.ids["receipt"])
        for one in (first, second):
            record = _asked_for(one, narrow, staff)
            one.ids |= {"record": record.pk, "told": record.help_request_id}
        _named_as_in_the_table(district, first, second)
        _passes_on(staff, district, [first, second], due, passed)
    while index.catch_up():
        pass
    return made


def _cast(staff: Member, *organisations: list[Organisation]) -> Cast:
    """The association with these, in which the same person asks and approves."""
    return Cast(staff.organisation, *organisations, dict.fromkeys(("staff", "administrator"), staff.capacity))


def _member(number: str, parent: Organisation) -> Member:
    of_district = number.endswith("0")
    organisation = Organisation.objects.create(
        kind=Kind.DISTRICT if of_district else Kind.PHARMACY,
        parent=parent,
        name=f"印{number}地区薬剤師会" if of_district else f"印{number}薬局",
        short_name=f"印{number}" if of_district else "",
        kana=f"シルシ{number}",
        code="" if of_district else f"4047{number}000",
        postal_code=f"907-0{number}",
        address=f"福岡市印{number}町1-2-3",
        telephone=f"0907-{number}-0000",
        fax=f"0908-{number}-0000",
        position=int(number),
        joined_on=dt.date(2019, 4, 1),
    )
    Mailbox.objects.create(organisation=organisation, address=f"box@d{number}.example")
    office = Office.CHAIR if of_district else Office.MANAGER
    Officer.objects.create(organisation=organisation, office=office, name=f"役員 印{number}", since=dt.date(2024, 6, 1))
    role = Role.CHAIR if of_district else Role.PHARMACY
    capacity = _acting(organisation, role, f"person@a{number}.example", f"担当 印{number}")
    return Member(number, organisation, capacity)


def _acting(organisation: Organisation, role: Role, email: str, name: str) -> Capacity:
    account = Account.objects.create_account(email, name)
    return Capacity.objects.create(account=account, organisation=organisation, role=role)


def _narrow(staff: Member, district: Member, pharmacies: list[Member]) -> Release:
    """What was released to one district alone, with a letter and a file that say so."""
    alone = _cast(staff, [district.organisation], [one.organisation for one in pharmacies])
    release = alone.released(
        f"印{district.number}だけの通知",
        covering_chairs=f"会長 印{district.number} 様",
        covering_pharmacies=f"印{district.number}の薬局へ",
    )
    notice = release.notice
    notice.body = f"印{district.number}の会員に周知してください。"
    notice.save()
    content = f"印{district.number}".encode()
    release.letter = StoredFile.objects.keep(b"%PDF-1.7 " + content, "letter.pdf", "application/pdf")
    release.save()
    file = StoredFile.objects.keep(b"PK " + content, f"印{district.number}.xlsx", "application/vnd.ms-excel")
    notice.attachments.create(position=2, label="別添2", title=f"印{district.number}の様式", file=file)
    notice.attachments.create(position=3, label="別添3", title="手順", text=f"印{district.number}の手順")
    notice.steps.create(position=1, title=f"印{district.number}の画面を開く")
    give_pictures(notice.steps.get())
    bind(release)
    return release


def _passes_on(staff: Member, district: Member, members: list[Member], due: Release, passed: Release) -> None:
    """The district's letter to its members, who have its notice and the one that it encloses."""
    alone = _cast(staff, [district.organisation], [one.organisation for one in members])
    out = letter(alone, passed, district.organisation, f"印{district.number}の文書", f"印{district.number}発第1号")
    out.notice.body = f"印{district.number}の会員の皆様へ"
    out.notice.save()
    out.covering_pharmacies = f"印{district.number}の会員へ"
    out.letter = StoredFile.objects.keep(f"%PDF-1.7 印{district.number}".encode(), "letter.pdf", "application/pdf")
    out.save()
    bind(out)
    for one in (district, *members):
        one.ids |= {"district's letter": out.notice_id, "passed notice": passed.notice_id}
        one.ids |= {"district's release": out.pk, "due notice": due.notice_id}
    for name, release in (("due receipt", due), ("passed receipt", passed)):
        district.ids[name] = release.receipts.get(organisation=district.organisation).pk


def _shared(everywhere: Release, narrow: Release) -> dict[str, int]:
    labels = {one.label: one.pk for one in everywhere.notice.attachments.all()}
    return {
        "released": everywhere.notice.pk,
        "letter": labels["別添1"],
        "text": labels["別添2"],
        "file": labels["別添3"],
        "strange attachment": narrow.notice.attachments.first().pk,
        "strange step": narrow.notice.steps.get().pk,
        "step": everywhere.notice.steps.first().pk,
        "narrow": narrow.notice.pk,
        "narrow release": narrow.pk,
    }


def _answers(one: Member, everywhere: Release) -> None:
    """Half-done work with names and words, of which a district sees the state only."""
    receipt = Receipt.objects.get(release=everywhere, organisation=one.organisation)
    one.ids["receipt"] = receipt.pk
    by = {"actor": one.actor, "via": Via.SIGNED_IN}
    address = one.organisation.mailboxes.get().address
    task = mailboxes.report(one.organisation, "email", address, "宛先のメールアドレスが存在しません", suspend=True)
    one.ids["task"] = task.pk
    if one.number.endswith("0"):
        return
    if one.number.endswith("1"):
        confirming.confirm(receipt.pk, **by)
        confirming.name(receipt.pk, f"秘{one.number} 花子", **by)
        setup.choose_device(receipt.pk, "ios", **by)
        setup.tick(receipt.pk, one.ids["step"], **by)
    one.ids["help"] = helping.ask(receipt.pk, one.ids["step"], f"秘{one.number}が分かりません", **by).pk


def _asked_for(one: Member, release: Release, staff: Member) -> OnBehalf:
    """What staff recorded for the pharmacy; who told it them, its district does not read."""
    said = Said(What.HELP, Via.TELEPHONE, f"秘{one.number} 様", note=f"秘{one.number}の開き方")
    receipt = Receipt.objects.get(release=release, organisation=one.organisation)
    return on_behalf.record(receipt.pk, said, actor=staff.actor)


def _unconfirmed(one: Member, receipt: int) -> None:
    """The second pharmacy has done nothing."""


def _finished(one: Member, receipt: int) -> None:
    setup.finish(receipt, actor=one.actor, via=Via.SIGNED_IN)


def _not_applicable(one: Member, receipt: int) -> None:
    setup.mark_not_applicable(receipt, f"秘{one.number}のため", actor=one.actor, via=Via.SIGNED_IN)


def _failed(one: Member, receipt: int) -> None:
    Receipt.objects.filter(pk=receipt).update(reach=Reach.FAILED, reach_reason="受信箱がいっぱいです")


def _named_as_in_the_table(district: Member, first: Member, second: Member) -> None:
    """The ids by which each reaches its own; what is `own` and what is a neighbour's depends on who asks."""
    for own, neighbour in ((first, second), (second, first)):
        own.ids |= _of(own, "own") | _of(neighbour, "neighbour's")
        own.ids |= {"pharmacy": own.organisation.pk, "neighbour": neighbour.organisation.pk}
        own.ids |= {"own token": _token(own.ids["receipt"])}
    district.ids |= _of(first, "own") | _of(second, "neighbour's")
    district.ids |= {"answered task": district.ids["task"], "closed task": second.ids["task"]}
    district.ids |= {"record": first.ids["record"], "staff's record": second.ids["record"]}
    district.ids |= {"pharmacy": first.organisation.pk, "neighbour": second.organisation.pk}
    for one in (district, first, second):
        one.ids["district's receipt"] = district.ids["receipt"]
    district.ids["district's token"] = _token(district.ids["receipt"])
    district.ids["forward token"] = _token(district.ids["receipt"], Scope.FORWARD)


def _of(one: Member, whose: str) -> dict[str, int]:
    return {f"{whose} {what}": one.ids[what] for what in ("receipt", "help", "task")}


def _token(receipt: int, scope: Scope = Scope.OWN) -> str:
    found = Receipt.objects.get(pk=receipt)
    return personal.token(found.deliveries.get().pk, found.address_version, scope)
