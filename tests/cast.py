"""A stable cast: one association with two districts of three pharmacies, and the people who act for them."""

import datetime as dt
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count

import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from members import access
from members.accounts import factors
from members.history import Actor
from members.models import Account, Capacity, Mailbox, Officer, Organisation, Tag
from members.models.account import Role
from members.models.officer import Office
from members.models.organisation import Kind
from notices.models import (
    Approval,
    Attachment,
    Delivery,
    DocumentNumber,
    Notice,
    NoticeIssuer,
    Receipt,
    Relation,
    Release,
    StoredFile,
)
from notices.models.receipt import Audience, Reach
from notices.procedures import approve
from tests.module_data import items_of, rolled_back_with_the_module

serials = count(501)


def sign_in(client: Client, account: Account) -> None:
    """As an operator's pass signs in: its session counts as one in which a second factor was shown."""
    client.force_login(account)
    request = HttpRequest()
    request.user, request.session = account, client.session
    factors.note(request, account, "pass")
    request.session.save()


@dataclass
class Cast:
    association: Organisation
    districts: list[Organisation]
    pharmacies: list[Organisation]
    capacities: dict[str, Capacity] = field(default_factory=dict)

    @property
    def shirasagi(self) -> Organisation:
        return self.districts[0]

    @property
    def takaodai(self) -> Organisation:
        return self.districts[1]

    def client(self, who: str) -> Client:
        """A signed-in browser: administrator, staff, chair, other_chair, pharmacy, neighbour, other_pharmacy."""
        client = Client()
        sign_in(client, self.capacities[who].account)
        return client

    def draft(self, subject: str = "在宅患者の残薬調整について", **release: object) -> Notice:
        """A draft of the association with its plan of release."""
        notice = Notice.objects.create(
            state=Notice.State.DRAFT,
            subject=subject,
            addressees=["各地区薬剤師会会長"],
            honorific="殿",
            body="平素より本会会務に格別のご高配を賜り厚く御礼申し上げます。",
        )
        NoticeIssuer.objects.create(
            notice=notice, organisation=self.association, title="常務理事", name="濵﨑 航", position=0
        )
        Release.objects.create(notice=notice, **release)
        return notice

    def released(self, subject: str = "在宅患者の残薬調整について", **choices: object) -> Release:
        """A notice as it stands after its release to everybody, each with one sent mail.

        Written row by row for tests of what follows; how a release comes about is tested where it is written.
        """
        notice = self.draft(subject, **choices)
        today = timezone.localdate()
        serial = next(serials)
        notice.state, notice.date = Notice.State.RELEASED, today
        notice.save()
        text = f"6福薬業発第{serial}号"
        DocumentNumber.objects.create(
            notice=notice, issuer=self.association, text=text, series="福薬業発", fiscal_year=2024, serial=serial
        )
        Attachment.objects.create(
            notice=notice, position=1, label="参考", title="案内のページ", url="https://portal.example/guide"
        )
        release = notice.release
        release.state, release.released_at, release.released_on = Release.State.SENT, timezone.now(), today
        release.letter = StoredFile.objects.keep(f"%PDF-1.7 {text}".encode(), "letter.pdf", "application/pdf")
        release.approval, release.released_by = self.approval_of(notice), self.capacities["staff"].account
        release.save()
        self.receive(release, *self.districts, *self.pharmacies)
        return release

    def supersede(self, old: Release, new: Release, kind: str = Relation.Kind.CORRECTS) -> Relation:
        """The second, released too, corrects or withdraws the first and the letters that pass that one on."""
        Release.objects.whole(old).update(superseded_by=new)
        Release.objects.filter(pk=new.pk).update(is_correction=kind == Relation.Kind.CORRECTS)
        return Relation.objects.create(source=new.notice, kind=kind, target=old.notice)

    def approval_of(self, notice: Notice) -> Approval:
        """A row that says that the administrator approved what staff asked for."""
        who = {"asked_by": self.capacities["staff"].account, "decided_by": self.capacities["administrator"].account}
        state, day = Approval.State.APPROVED, notice.date or timezone.localdate()
        return Approval.objects.create(notice=notice, state=state, day=day, decided_at=timezone.now(), **who)

    def approved(self, notice: Notice, day: dt.date | None = None) -> Notice:
        """The draft, asked for by staff and approved by the administrator as it stands, dated today."""
        day = day or timezone.localdate()
        asked = approve.ask(notice.pk, day, self.actor("staff"))
        approve.approve(asked.pk, day, self.actor("administrator"))
        notice.refresh_from_db()
        return notice

    def actor(self, who: str) -> Actor:
        """Somebody of the cast at work."""
        return Actor(self.capacities[who].account, self.capacities[who])

    def receive(self, release: Release, *organisations: Organisation, reach: Reach = Reach.SENT) -> Receipt:
        """More recipients of a release, each with a sent mail when it was reached; gives the last one's receipt."""
        receipts = Receipt.objects.bulk_create(
            Receipt(
                release=release,
                organisation=organisation,
                district=organisation if organisation.kind == Kind.DISTRICT else organisation.parent,
                audience=Audience.DISTRICT if organisation.kind == Kind.DISTRICT else Audience.PHARMACY,
                reach=reach,
            )
            for organisation in organisations
        )
        if reach == Reach.SENT:
            addresses = dict(Mailbox.objects.order_by("-pk").values_list("organisation", "address"))
            settled = {"release": release, "state": Delivery.State.SENT, "settled_at": timezone.now()}
            Delivery.objects.bulk_create(
                Delivery(receipt=one, channel="email", address=addresses[one.organisation_id], **settled)
                for one in receipts
            )
        return receipts[-1]

    def receipt(self, release: Release, organisation: Organisation) -> Receipt:
        return Receipt.objects.get(release=release, organisation=organisation)


def _founded(*rows: Organisation) -> list[Organisation]:
    """The organisations, numbered on from those there are, each with a mailbox."""
    start = Organisation.objects.count() + 1
    for number, row in enumerate(rows, start):
        row.position, row.telephone = number, f"092-000-{number:04}"
    Organisation.objects.bulk_create(row.fold() for row in rows)
    Mailbox.objects.bulk_create(
        Mailbox(organisation=row, address=f"box{number}@mail{number}.example") for number, row in enumerate(rows, start)
    )
    return list(rows)


def _person(organisation: Organisation, role: Role, name: str, email: str) -> Capacity:
    account = Account.objects.create_account(email, name)
    works, decides = role in access.STAFF_ROLES, role == Role.ADMINISTRATOR
    return Capacity.objects.create(
        account=account, organisation=organisation, role=role, drafts=works, publishes=works, approves=decides
    )


@pytest.fixture
def cast(shared_cast: Cast | None, db: None) -> Cast:
    return deepcopy(shared_cast) if shared_cast else new_cast()


@pytest.fixture(scope="module")
def shared_cast(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Cast | None]:
    """One cast for all tests of a module that begin with it; None where some commit, or begin with nobody there."""
    if not all(map(_begins_with_cast, items_of(request))):
        yield None
        return
    with rolled_back_with_the_module(django_db_blocker):
        yield new_cast()


def _begins_with_cast(item: pytest.Function) -> bool:
    if {"transactional_db", "live_server"} & set(item.fixturenames):
        return False
    marks = list(item.iter_markers("django_db"))
    if any(mark.kwargs.get("transaction") for mark in marks):
        return False
    return "cast" in item.fixturenames or not (marks or "db" in item.fixturenames)


def new_cast() -> Cast:
    name = "公益社団法人福岡県薬剤師会"
    (association,) = _founded(Organisation(kind=Kind.ASSOCIATION, name=name, short_name="福岡県薬剤師会"))
    below = {"kind": Kind.DISTRICT, "parent": association}
    districts = _founded(
        *(Organisation(name=f"{name}地区薬剤師会", short_name=name, **below) for name in ("白鷺", "髙尾台"))
    )
    names = ["白鷺中央薬局", "すみれ調剤薬局", "薬局しらさぎの杜", "髙﨑薬局", "ひばり薬局 髙尾台店", "濵薬局"]
    pharmacies = _founded(
        *(
            Organisation(kind=Kind.PHARMACY, name=name, parent=districts[index // 3], code=f"404{index:07}")
            for index, name in enumerate(names)
        )
    )
    home_care = Tag.objects.create(name="在宅対応")
    for pharmacy in (pharmacies[0], pharmacies[3]):
        pharmacy.tags.add(home_care)
    term = {"since": dt.date(2024, 6, 1)}
    Officer.objects.create(organisation=association, office=Office.EXECUTIVE, name="濵﨑 航", **term)
    Officer.objects.create(
        organisation=districts[0], office=Office.CHAIR, name="髙栁 誠", email="takayanagi@chair.example", **term
    )
    people = {
        "administrator": (association, Role.ADMINISTRATOR, "管理 太郎", "admin@shuchi.example"),
        "staff": (association, Role.STAFF, "髙﨑 美緒", "staff@shuchi.example"),
        "chair": (districts[0], Role.CHAIR, "髙栁 誠", "chair@shuchi.example"),
        "other_chair": (districts[1], Role.CHAIR, "𠮷田 進", "other-chair@shuchi.example"),
        "pharmacy": (pharmacies[0], Role.PHARMACY, "德丸 翔太", "pharmacy@shuchi.example"),
        "neighbour": (pharmacies[1], Role.PHARMACY, "髙木 亮", "neighbour@shuchi.example"),
        "other_pharmacy": (pharmacies[3], Role.PHARMACY, "﨑村 薫", "other-pharmacy@shuchi.example"),
    }
    made = Cast(association, districts, pharmacies)
    made.capacities = {who: _person(*person) for who, person in people.items()}
    return made
