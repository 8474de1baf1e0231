"""A released notice with twelve steps, and the ways to its pages."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.history import Actor
from members.models import Event
from notices import personal
from notices.models import Attachment, Notice, Receipt, Relation, Release, Step, StoredFile
from notices.models.receipt import Via
from notices.personal import Scope
from notices.tracking import confirming
from tests.cast import Cast

PC = [
    "ログインし、「環境設定情報」の変更を開く",
    "訪問診療等機能で「利用する」を選び、更新する",
    "一度ログアウトし、もう一度ログインする",
    "「アカウント管理（登録）」を押す",
    "権限区分「医療情報閲覧」で登録する",
    "初期パスワードを紙に控え、ホームに戻る",
    "「アクティベーションコード管理」で発行し、紙に控える",
    "作ったユーザーでログインし、パスワードを変える",
]
DEVICE = [
    "ポータルサイトで手順書を開く",
    "「マイナ資格確認アプリ」を入れる",
    "アクティベーションコードを登録する",
    "マイナンバーカードで資格確認を試す",
]
BY_HAND = {"actor": Actor(), "via": Via.PERSONAL}


def add_steps(notice: Notice) -> None:
    groups = [*[Step.Group.PC] * len(PC), *[Step.Group.DEVICE] * len(DEVICE), Step.Group.REFERENCE]
    titles = [*PC, *DEVICE, "操作マニュアル"]
    Step.objects.bulk_create(
        Step(notice=notice, position=position, group=group, title=title, holds_secret="紙に控え" in title)
        for position, (group, title) in enumerate(zip(groups, titles, strict=True), start=1)
    )


def add_papers(notice: Notice) -> None:
    """別添1 with a letter in a letter, 別添2 as text, 別添3 as file, beside the 参考 that the cast gives."""
    notice.attachments.all().delete()
    national = _received("在宅の届出について（周知）", "貴会会員へご周知くださいますようお願い申し上げます。")
    ministry = _received("在宅の届出について（事務連絡）", "関係者に対し周知いただきますようお願い申し上げます。")
    form = StoredFile.objects.keep(b"PK form", "様式.xlsx", "application/vnd.ms-excel")
    pages = [
        ("別添1", "日本薬剤師会からの文書", {"enclosed": national}),
        ("別添2", "操作方法", {"text": "1. 画面を開く\n2. 押す"}),
        ("別添3", "様式", {"file": form}),
        ("参考", "案内のページ", {"url": "https://portal.example/guide"}),
    ]
    for position, (label, title, content) in enumerate(pages, start=1):
        Attachment.objects.create(notice=notice, position=position, label=label, title=title, **content)
    Attachment.objects.create(notice=national, position=1, label="別添", title="事務連絡", enclosed=ministry)
    Relation.objects.create(source=notice, kind="encloses", target=national)
    Relation.objects.create(source=national, kind="encloses", target=ministry)


def _received(subject: str, body: str) -> Notice:
    return Notice.objects.create(state=Notice.State.RECEIVED, subject=subject, body=body, date=dt.date(2024, 10, 8))


def guide(cast: Cast) -> Release:
    """確認＋設定 with twelve steps and a deadline."""
    release = cast.released(
        "在宅の資格確認アプリの利用開始について",
        ask=Release.Ask.SET_UP,
        who="訪問薬剤管理を行う薬局",
        what="PC の設定を変え、端末にアプリを入れる",
        deadline=timezone.localdate() + dt.timedelta(days=9),
        covering_pharmacies="訪問を行わない薬局も、読んだら「確認しました」を押してください。",
        covering_chairs="会員への周知をお願いいたします。",
    )
    add_steps(release.notice)
    add_papers(release.notice)
    return release


@pytest.fixture
def guided(cast: Cast) -> Release:
    """What `guide` releases."""
    return guide(cast)


@pytest.fixture
def receipt(guided: Release, cast: Cast) -> Receipt:
    """白鷺中央薬局's."""
    return cast.receipt(guided, cast.pharmacies[0])


@pytest.fixture
def steps(guided: Release) -> list[Step]:
    return list(guided.notice.steps.all())


@pytest.fixture
def stranger() -> Client:
    """A phone that was never here, and whose forms need their token."""
    return Client(enforce_csrf_checks=True)


def acting(cast: Cast, who: str) -> Actor:
    """The actor that a request of this person carries."""
    capacity = cast.capacities[who]
    return Actor(capacity.account, capacity)


def token(receipt: Receipt, scope: Scope = Scope.OWN) -> str:
    receipt.refresh_from_db()
    return personal.token(receipt.deliveries.first().pk, receipt.address_version, scope)


def page(receipt: Receipt, name: str = "personal", *args: object, scope: Scope = Scope.OWN) -> str:
    return reverse(f"notices:{name}", args=[token(receipt, scope), *args])


def text(response: object) -> str:
    return response.content.decode()


def queries(visit: Callable[[], object]) -> int:
    """How many queries a visit takes."""
    with CaptureQueriesContext(connection) as asked:
        visit()
    return len(asked)


def verbs(receipt: Receipt) -> list[str]:
    """What the history tells of the receipt, in the order in which it happened."""
    events = Event.objects.filter(subject_kind="receipt", subject_id=receipt.pk).order_by("pk")
    return list(events.values_list("verb", flat=True))


@pytest.fixture
def confirmed(receipt: Receipt) -> Receipt:
    return confirming.confirm(receipt.pk, **BY_HAND)
