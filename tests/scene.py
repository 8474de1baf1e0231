"""A site on which everything has happened once: what each of its pages needs to have something to show."""

import datetime as dt
import io
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoDbBlocker

from members import addresses as mailboxes
from members import answers, signin
from members.accounts import capacities, factors
from members.history import NOBODY, Actor
from members.models import Organisation, Task
from members.models.account import Role
from members.roster.loading import loads
from notices import personal
from notices.letters import ledger
from notices.models import BoundPacket, Delivery, Receipt, Release, Step, StoredFile
from notices.models.receipt import Reach, Via
from notices.personal import Scope
from notices.procedures import approve, schedule, take_in
from notices.tracking import addresses, confirming, helping, on_behalf, setup
from notices.tracking.on_behalf import Said, What
from tests.cast import Cast, new_cast
from tests.district_letters import letter, to_districts
from tests.intake_site.office import OWN, SAME_NUMBER, actor
from tests.module_data import rolled_back_with_the_module
from tests.tracking.conftest import add_steps, guide
from tests.written_pdf import written

ANONYMOUS = {"anonymous", "holder", "forward_holder"}
STAFF = {"staff", "administrator"}
CHAIRS = {"chair", "other_chair"}
PHARMACIES = {"pharmacy", "neighbour", "other_pharmacy"}
SIGNED_IN = STAFF | CHAIRS | PHARMACIES
ROLES = sorted(ANONYMOUS | SIGNED_IN)


@dataclass
class Scene:
    """`ids` are what addresses are made of, under the names that the access table gives them."""

    cast: Cast
    release: Release
    ids: dict[str, Any] = field(default_factory=dict)

    def url(self, name: str, *keys: str) -> str:
        """The address of a page; a key that names nothing here stands for itself."""
        return reverse(name, args=[self.ids.get(key, key) for key in keys])

    def browser(self, role: str) -> Client:
        """A browser of that role. Who holds an address has opened it and, with the button there, confirmed."""
        if role in SIGNED_IN:
            return self.cast.client(role)
        client = Client()
        if role == "holder":
            client.get(self.url("notices:personal", "own token"))
            client.post(self.url("notices:personal_confirm", "own token"))
        elif role == "forward_holder":
            client.get(self.url("notices:forwarded", "forward token"))
        return client


@pytest.fixture
def scene(played_once: Scene, db: None) -> Scene:
    """The scene of the module; what a test changes is rolled back."""
    return deepcopy(played_once)


@pytest.fixture
def own_scene(cast: Cast) -> Scene:
    """One of the test's own, in modules of which some tests commit, or begin without one."""
    return played(cast)


@pytest.fixture(scope="module")
def played_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """One scene for all tests of a module."""
    with rolled_back_with_the_module(django_db_blocker):
        yield played(new_cast())


def played(cast: Cast) -> Scene:
    release = guide(cast)
    made = Scene(cast, release)
    made.ids |= _notices(cast, release) | _packets(cast) | _people(cast)
    made.ids |= _through_districts(cast)
    made.ids |= _answers(cast, release) | _other_answers(cast, release) | _on_behalf(cast, release)
    return made


def _notices(cast: Cast, release: Release) -> dict[str, int]:
    """The released notice, one released to a single district, a draft, and their parts."""
    narrow = cast.released("白鷺地区だけの通知")
    elsewhere = narrow.receipts.filter(district=cast.takaodai)
    Delivery.objects.filter(receipt__in=elsewhere).delete()
    elsewhere.delete()
    draft = cast.draft("在宅の届出の手引きについて", ask=Release.Ask.SET_UP)
    add_steps(draft)
    asked = cast.draft("決裁を待つ通知")
    approve.ask(asked.pk, timezone.localdate(), actor(cast))
    approved = cast.approved(cast.draft("決裁された通知"))
    on_paper = cast.draft("紙で決裁された通知")
    scan = StoredFile.objects.keep(b"%PDF-1.7 scan", "scan.pdf", "application/pdf")
    paper = approve.Paper(timezone.localdate(), "会長 栁 武志", scan)
    recorded = approve.record_paper(on_paper.pk, paper, timezone.localdate(), actor(cast))
    tomorrow = timezone.now() + dt.timedelta(days=1)
    scheduled = cast.approved(cast.draft("あす発出する通知"), timezone.localdate(tomorrow))
    schedule.schedule(scheduled.pk, tomorrow, actor(cast))
    sending = cast.released("発出の途中の通知")
    Release.objects.filter(pk=sending.pk).update(state=Release.State.SENDING)
    Delivery.objects.filter(receipt__release=sending).update(state=Delivery.State.WAITING, settled_at=None)
    sending.receipts.update(reach=Reach.WAITING)
    bind(release, narrow)
    give_pictures(release.notice.steps.first(), draft.steps.first())
    labels = {one.label: one.pk for one in release.notice.attachments.all()}
    fax = cast.receipt(cast.released("手で送るFAXのある通知"), cast.pharmacies[5])
    fax.deliveries.update(channel="fax", address="092-000-0199", state=Delivery.State.OTHER, settled_at=None)
    Receipt.objects.filter(pk=fax.pk).update(reach=Reach.OTHER)
    return {
        "released": release.notice.pk,
        "release": release.pk,
        "sending release": sending.pk,
        "fax by hand": fax.deliveries.get().pk,
        "prepared release": draft.release.pk,
        "narrow": narrow.notice.pk,
        "draft": draft.pk,
        "asked": asked.pk,
        "request": asked.approval.pk,
        "approved": approved.pk,
        "on paper": recorded.pk,
        "scheduled": scheduled.pk,
        "letter": labels["別添1"],
        "text": labels["別添2"],
        "file": labels["別添3"],
        "strange attachment": narrow.notice.attachments.get().pk,
        "step": release.notice.steps.first().pk,
        "strange step": draft.steps.first().pk,
    }


def bind(*releases: Release) -> None:
    """Their letters bound with what they enclose."""
    for release in releases:
        file = StoredFile.objects.keep(
            f"%PDF-1.7 {release.notice.subject} bound".encode(), "packet.pdf", "application/pdf"
        )
        BoundPacket.objects.create(release=release, file=file, pages=5, made_at=timezone.now())


def give_pictures(*steps: Step) -> None:
    """A picture for each."""
    drawn = io.BytesIO()
    Image.new("RGB", (64, 40)).save(drawn, "PNG")
    file = StoredFile.objects.keep(drawn.getvalue(), "screen.png", "image/png")
    Step.objects.filter(pk__in=[step.pk for step in steps]).update(picture=file, picture_alt="環境設定の画面")


def _through_districts(cast: Cast) -> dict[str, int]:
    """A notice that is held up in both districts, and one that 白鷺 has passed on by a letter that is going out."""
    due, passed = (to_districts(cast, subject) for subject in ("地区で滞っている通知", "地区が会員に送った通知"))
    Release.objects.filter(pk=due.pk).update(released_at=timezone.now() - dt.timedelta(days=30))
    out = letter(cast, passed, cast.shirasagi, "白鷺地区の文書", "白薬発第12号")
    return {
        "due receipt": due.receipts.get(organisation=cast.shirasagi).pk,
        "other due receipt": due.receipts.get(organisation=cast.takaodai).pk,
        "passed receipt": passed.receipts.get(organisation=cast.shirasagi).pk,
        "passed notice": passed.notice.pk,
        "district's letter": out.notice.pk,
        "district's release": out.pk,
    }


def _packets(cast: Cast) -> dict[str, int]:
    """One packet that is registered, one that waits."""
    registered = take_in.receive(OWN.encode(), "packet.txt", actor(cast))
    notice = take_in.record(take_in.accept(registered, actor(cast)), actor(cast))
    waiting = take_in.receive(SAME_NUMBER.replace("412", "413").encode(), "letter.txt", actor(cast))
    received = notice.attachments.exclude(enclosed=None).first().enclosed
    line = ledger.enter("8福薬業発第900号", actor(cast), dated=dt.date(2026, 10, 1), subject="委嘱状")
    return {
        "number": line.pk,
        "packet of a PDF": take_in.receive(written(text="", pages=2), "scan.pdf", actor(cast)).pk,
        "registered packet": registered.pk,
        "waiting packet": waiting.pk,
        "received": received.pk,
        "registered letter": notice.pk,
        "registered text": notice.attachments.exclude(text="").first().pk,
    }


def _people(cast: Cast) -> dict[str, Any]:
    account = cast.capacities["staff"].account
    used = signin.make_pass(account)
    signin.use_pass(used)
    app = factors.add_app(cast.capacities["administrator"].account, "A" * 32, NOBODY)
    tasks = [_task(cast.pharmacies[number]) for number in (1, 2, 4)]
    mailboxes.drop(tasks[1].pk, actor(cast))
    answered = _task(cast.shirasagi)
    chair = cast.capacities["chair"]
    answer = answers.Answer(Task.Says.ADDRESS, "office@shirasagi.example", remark="引っ越しました")
    answers.propose(answered.pk, answer, Actor(chair.account, chair))
    return {
        "answered task": answered.pk,
        "mailbox": cast.pharmacies[5].mailboxes.get().pk,
        "new pharmacy": "pharmacy",
        "new district": "district",
        "new issuer": "issuer",
        "new association": "association",
        "task": tasks[0].pk,
        "closed task": tasks[1].pk,
        "other task": tasks[2].pk,
        "pass": signin.make_pass(account),
        "app": app.pk,
        "account": account.pk,
        "used pass": used,
        "staff's capacity": cast.capacities["staff"].pk,
        "neighbour's invitation": capacities.give(
            "neighbour@shuchi.example", "隣", cast.shirasagi, Role.DISTRICT_OFFICE, actor(cast), asking=True
        ).pk,
        "neighbour's capacity": cast.capacities["neighbour"].pk,
        "association": cast.association.pk,
        "load": loads.receive("薬局コード,薬局名\n4041234567,駅前薬局\n".encode(), "roster.csv", actor(cast)).pk,
        "officer": cast.shirasagi.officers.get().pk,
        "district": cast.shirasagi.pk,
        "other district": cast.takaodai.pk,
        "pharmacy": cast.pharmacies[0].pk,
        "neighbour": cast.pharmacies[1].pk,
        "other pharmacy": cast.pharmacies[3].pk,
    }


def _task(organisation: Organisation) -> Task:
    """The organisation's first address does not work."""
    address = organisation.mailboxes.first().address
    return mailboxes.report(organisation, "email", address, "宛先のメールアドレスが存在しません", suspend=True)


def _answers(cast: Cast, release: Release) -> dict[str, Any]:
    """The same half-done work at three pharmacies, each with its question, answered for none."""
    ids: dict[str, Any] = {}
    step = release.notice.steps.first()
    for whose, who in (("own", "pharmacy"), ("neighbour's", "neighbour"), ("other's", "other_pharmacy")):
        capacity = cast.capacities[who]
        by = {"actor": Actor(capacity.account, capacity), "via": Via.SIGNED_IN}
        receipt = confirming.confirm(cast.receipt(release, capacity.organisation).pk, **by)
        confirming.name(receipt.pk, f"{who} で確認した人", **by)
        setup.choose_device(receipt.pk, "ios", **by)
        setup.tick(receipt.pk, step.pk, **by)
        asked = helping.ask(receipt.pk, step.pk, f"{who} の相談", **by)
        ids |= {f"{whose} receipt": receipt.pk, f"{whose} help": asked.pk, f"{whose} token": _token(receipt)}
    mail = cast.receipt(release, cast.pharmacies[0]).deliveries.get()
    return ids | {"own mail": mail.pk, "own mailbox": mail.address}


def _other_answers(cast: Cast, release: Release) -> dict[str, Any]:
    """The districts', and a receipt in each of the other states."""
    by_telephone = {"actor": actor(cast), "via": Via.TELEPHONE}
    own, other = cast.receipt(release, cast.shirasagi), cast.receipt(release, cast.takaodai)
    finished, not_applicable, unread = (cast.receipt(release, cast.pharmacies[number]) for number in (2, 4, 5))
    setup.finish(finished.pk, **by_telephone)
    setup.mark_not_applicable(not_applicable.pk, "訪問を行っていない", **by_telephone)
    informed = cast.receipt(cast.released("研修会の案内", ask=Release.Ask.INFORM), cast.pharmacies[0])
    confirmed = cast.receipt(cast.released("安全性情報について"), cast.pharmacies[0])
    confirming.confirm(confirmed.pk, **by_telephone)
    revoked = cast.receipt(cast.released("URLを無効にした通知"), cast.pharmacies[0])
    revoked_token = _token(revoked)
    addresses.revoke(revoked.pk, actor=actor(cast))
    return {
        "district's receipt": own.pk,
        "other district's receipt": other.pk,
        "district's token": _token(own),
        "forward token": _token(own, Scope.FORWARD),
        "finished token": _token(finished),
        "not applicable token": _token(not_applicable),
        "unread token": _token(unread),
        "informed token": _token(informed),
        "confirmed token": _token(confirmed),
        "revoked token": revoked_token,
    }


def _on_behalf(cast: Cast, release: Release) -> dict[str, int]:
    """What a chair and staff recorded for two pharmacies."""
    ids = {}
    for name, who, pharmacy in (("record", "chair", 0), ("staff's record", "staff", 1), ("other record", "staff", 3)):
        capacity = cast.capacities[who]
        said = Said(What.HELP, Via.FAX, f"{who} が聞いた人", f"{who} の備考")
        receipt = cast.receipt(release, cast.pharmacies[pharmacy])
        ids[name] = on_behalf.record(receipt.pk, said, actor=Actor(capacity.account, capacity)).pk
    return ids


def _token(receipt: Receipt, scope: Scope = Scope.OWN) -> str:
    return personal.token(receipt.deliveries.get().pk, receipt.address_version, scope)
