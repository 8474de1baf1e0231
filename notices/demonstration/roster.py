"""The invented roster: the association, its districts and pharmacies, their people and accounts."""

import datetime as dt
from dataclasses import dataclass
from random import Random

from members.models import Account, Capacity, Mailbox, Officer, Organisation, Tag
from members.models.account import DUTIES, Role
from members.models.officer import Office
from members.models.organisation import Channel, Kind
from notices.demonstration import words

BATCH = 1000


@dataclass
class Roster:
    association: Organisation
    districts: list[Organisation]
    pharmacies: list[Organisation]
    staff: list[Capacity]


def make(districts: int, pharmacies: int, rng: Random, today: dt.date) -> Roster:
    """Write the whole roster. Counts: how many districts (1 or more) and pharmacies."""
    term = dt.date(today.year - today.year % 2, 6, 15)
    if term > today:
        term = term.replace(year=term.year - 2)
    association = _association(term)
    made = _districts(districts, association, rng, term)
    shops = _pharmacies(pharmacies, made, rng)
    staff = _accounts(association, made[0], shops[0], rng)
    return Roster(association, made, shops, staff)


def _association(term: dt.date) -> Organisation:
    association = Organisation.objects.create(
        kind=Kind.ASSOCIATION,
        name="公益社団法人福岡県薬剤師会",
        short_name="福岡県薬剤師会",
        kana="フクオカケンヤクザイシカイ",
        postal_code="812-0000",
        address="福岡県福岡市博多区架空町1-2-3",
        telephone=words.OFFICE_TELEPHONE,
        fax=words.OFFICE_FAX,
    )
    Mailbox.objects.create(organisation=association, address="jimukyoku@fukuoka-kenyaku.example")
    for office, name in (
        (Office.CHAIR, "𠮷村 修"),
        (Office.EXECUTIVE, "濵﨑 航"),
        (Office.SECRETARIAT, "髙﨑 美緒"),
    ):
        Officer.objects.create(organisation=association, office=office, name=name, since=term)
    return association


def _district_words(index: int) -> tuple[str, str, str]:
    """Beyond the list, the same names again with a direction before them."""
    name, kana, romaji = words.DISTRICTS[index % len(words.DISTRICTS)]
    turn = index // len(words.DISTRICTS)
    if not turn:
        return name, kana, romaji
    return f"第{turn + 1}{name}", f"ダイ{turn + 1}{kana}", f"{romaji}{turn + 1}"


def _districts(count: int, association: Organisation, rng: Random, term: dt.date) -> list[Organisation]:
    made, officers = [], []
    for index in range(count):
        name, kana, romaji = _district_words(index)
        district = Organisation.objects.create(
            kind=Kind.DISTRICT,
            parent=association,
            name=f"{name}地区薬剤師会",
            short_name=name,
            kana=f"{kana}チクヤクザイシカイ",
            telephone=f"092-000-{2000 + index:04}",
            fax=f"092-001-{2000 + index:04}",
            position=index + 1,
        )
        Mailbox.objects.create(organisation=district, address=f"office@{romaji}.example")
        officers.append(
            Officer(
                organisation=district,
                office=Office.CHAIR,
                name="髙栁 誠" if index == 0 else _person(rng),
                email="chair@shuchi.example" if index == 0 else f"kaicho@{romaji}.example",
                since=term,
            )
        )
        made.append(district)
    Officer.objects.bulk_create(officers)
    return made


def _person(rng: Random) -> str:
    return f"{rng.choice(words.SURNAMES)} {rng.choice(words.GIVEN)}"


def luhn(digits: str) -> str:
    """The check digit that a 保険薬局コード in most prefectures ends with (Luhn over the ten)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def invent_pharmacy(index: int, district: Organisation, place: int, rng: Random) -> tuple[Organisation, str]:
    """One pharmacy, and the romaji of its name for its mail address."""
    number = words.DISTRICTS[place % len(words.DISTRICTS)]
    stem, stem_kana, romaji = rng.choice(words.STEMS)
    form, form_kana = rng.choices(words.FORMS, weights=(70, 25, 5))[0]
    branch, branch_kana = rng.choices(words.PLACES, weights=(55, 9, 7, 5, 7, 8, 4, 5))[0]
    name, kana = f"{stem}{form}", f"{stem_kana}{form_kana}"
    if index == 0:
        name, kana, romaji, branch, branch_kana = "白鷺中央薬局", "シラサギチュウオウヤッキョク", "chuo", "", ""
    elif branch:
        name, kana = f"{name} {district.short_name}{branch}", f"{kana} {number[1]}{branch_kana}"
    serial = f"404{index // 90 + 1001:04}{index % 90 + 10:02}"
    pharmacy = Organisation(
        kind=Kind.PHARMACY,
        parent=district,
        name=name,
        kana=kana,
        code=serial + luhn(serial),
        postal_code=f"81{place % 10}-00{index % 90 + 10:02}",
        address=f"福岡県{district.short_name}市{stem}町{rng.randint(1, 5)}-{rng.randint(1, 28)}-{rng.randint(1, 40)}",
        telephone=f"09{2 + place % 3}-00{place % 10}-{index:04}",
        fax=f"09{2 + place % 3}-01{place % 10}-{index:04}" if rng.random() < 0.94 else "",
        position=index + 1,
    )
    return pharmacy.fold(), f"{romaji}{index + 1}@{number[2]}.example"


def _pharmacies(count: int, districts: list[Organisation], rng: Random) -> list[Organisation]:
    weights = [rng.randint(70, 190) for _ in districts]
    homes = [0, *rng.choices(range(len(districts)), weights=weights, k=count - 1)] if count else []
    made, addresses = [], []
    for index, place in enumerate(sorted(homes)):
        pharmacy, address = invent_pharmacy(index, districts[place], place, rng)
        made.append(pharmacy)
        addresses.append(address)
    addresses[0] = "pharmacy@shuchi.example"  # who gets the mail can also sign in
    mailboxes = [_ways(made[index], addresses[index], rng, index) for index in range(count)]
    Organisation.objects.bulk_create(made, batch_size=BATCH)
    Mailbox.objects.bulk_create(
        (Mailbox(organisation=made[i], address=one) for i, several in enumerate(mailboxes) for one in several),
        batch_size=BATCH,
    )
    Officer.objects.bulk_create(
        (Officer(organisation=one, office=Office.MANAGER, name=_person(rng)) for one in made), batch_size=BATCH
    )
    _tags(made, rng)
    return made


def _ways(pharmacy: Organisation, address: str, rng: Random, index: int) -> list[str]:
    """How the pharmacy is reached: most by mail, some by FAX, a few by post, a handful not at all."""
    draw = 0.0 if index == 0 else rng.random()
    if draw < 0.04 and index:
        return [address, "kanri-" + address]
    if draw < 0.86:
        return [address]
    pharmacy.channel = Channel.FAX if draw < 0.97 and pharmacy.fax else Channel.POST
    if draw > 0.995:
        pharmacy.fax = pharmacy.address = pharmacy.postal_code = ""
    return []


def _tags(pharmacies: list[Organisation], rng: Random) -> None:
    links = []
    for name, share in words.TAGS:
        tag = Tag.objects.create(name=name)
        links += [
            Organisation.tags.through(organisation_id=pharmacy.pk, tag_id=tag.pk)
            for pharmacy in pharmacies
            if rng.random() < share
        ]
    Organisation.tags.through.objects.bulk_create(links, batch_size=BATCH)


def _accounts(association: Organisation, district: Organisation, pharmacy: Organisation, rng: Random) -> list[Capacity]:
    """Who can sign in: three of the office, a chair and a pharmacy; the chair also runs a pharmacy."""
    staff = [
        _account("staff@shuchi.example", "髙﨑 美緒", association, Role.STAFF, drafts=True, publishes=True),
        _account("hamada@shuchi.example", "濵田 遼太", association, Role.STAFF, drafts=True),
        _account("admin@shuchi.example", "栁瀬 ひかり", association, Role.ADMINISTRATOR, **dict.fromkeys(DUTIES, True)),
    ]
    _account("chair@shuchi.example", "髙栁 誠", district, Role.CHAIR)
    _account("pharmacy@shuchi.example", "德丸 翔太", pharmacy, Role.PHARMACY)
    return staff


def chair_of(district: Organisation) -> Capacity:
    """The district's chair, who can sign in from now on."""
    chair = district.officers.get(office=Office.CHAIR)
    return _account(chair.email, chair.name, district, Role.CHAIR)


def _account(email: str, name: str, organisation: Organisation, role: Role, **duties: bool) -> Capacity:
    account = Account.objects.create_account(email, name)
    return Capacity.objects.create(account=account, organisation=organisation, role=role, **duties)
