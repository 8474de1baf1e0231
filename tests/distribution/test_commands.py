"""`manage.py totals` and `manage.py release`: the same figures and the same release as on the site."""

import datetime as dt
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from members import wareki
from members.models import Account, Capacity, Event
from notices.demonstration import office
from notices.distribution import outbox, steering
from notices.letters import addressing
from notices.models import Delivery, DocumentNumber, Notice, Receipt, Release
from notices.procedures import approve
from notices.tracking import confirming
from tests.cast import Cast
from tests.distribution.conftest import FailingSink, acting
from tests.distribution.deliveries import ADDRESS, Issue, reconciles
from tests.rows import changed, everything

STAFF = "staff@shuchi.example"
OUTER = {"number", "pharmacies", "districts", "messages"}
INNER = ["recipients", "sent", "waiting", "other_channel", "failed", "stopped"]
INNER += ["confirmed", "finished", "not_applicable"]


def told(*command: str) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def read(*command: str) -> Any:
    return json.loads(told(*command, "--json"))


def process(*command: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, on the database of this test."""
    server, _, _ = os.environ.get("DATABASE_URL", "").rpartition("/")
    address = f"{server or 'sqlite://'}/{connection.settings_dict['NAME']}"
    environment = os.environ | {"DATABASE_URL": address, "SHUCHI_VAR": str(settings.VAR_DIR)}
    line = [sys.executable, str(settings.BASE_DIR / "manage.py"), *command]
    return subprocess.run(line, env=environment, capture_output=True, text=True)


# Totals ---------------------------------------------------------------------------------------------------------------


def test_totals_count_recipients_and_apart_from_them_messages(cast: Cast, issue: Issue, sink: FailingSink) -> None:
    release = issue()
    sink.refuse("550 5.1.1 user unknown", ADDRESS)
    outbox.send_due(4)
    confirming.confirm(cast.receipt(release, cast.pharmacies[5]).pk, actor=acting(cast), via="telephone")
    found = read("totals", "6福薬業発第337号")
    assert set(found) == OUTER
    assert list(found["pharmacies"]) == list(found["districts"]) == INNER
    assert (found["number"], found["pharmacies"]["confirmed"]) == ("6福薬業発第337号", 1)
    assert set(found["messages"]) == set(Delivery.State.values)
    assert sum(found["messages"].values()) == 8
    for name, recipients in (("pharmacies", 6), ("districts", 2)):
        tally = found[name]
        assert tally["recipients"] == recipients == sum(tally[state] for state in INNER[1:6])
    assert found["pharmacies"]["sent"] + found["pharmacies"]["failed"] + found["districts"]["sent"] == 4


def test_a_fresh_release_and_a_stopped_one_reconcile_too(cast: Cast, issue: Issue) -> None:
    release = issue()
    assert read("totals", "6福薬業発第337号")["pharmacies"]["waiting"] == 6
    steering.stop(release.pk, acting(cast))
    found = read("totals", "6福薬業発第337号")
    assert (found["pharmacies"]["stopped"], found["districts"]["stopped"]) == (6, 2)
    assert reconciles(release)


@pytest.mark.parametrize("number", ["６福薬業発第３３７号", " 6 福薬業発 第 337 号 ", "6福薬業発第三三七号"])
def test_a_number_is_found_in_any_width_and_spacing(cast: Cast, issue: Issue, number: str) -> None:
    issue()
    assert read("totals", number)["number"] == "6福薬業発第337号"


def test_a_letter_with_two_numbers_is_found_by_either(cast: Cast, issue: Issue) -> None:
    notice = issue().notice
    DocumentNumber.objects.create(
        notice=notice, issuer=cast.association, text="(福医12)", series="福医", fiscal_year=2024, serial=12
    )
    assert read("totals", "6福薬業発第337号") == read("totals", "（福医１２）")


def test_of_the_same_number_in_two_years_the_latest_released_counts_unless_the_year_is_named(
    cast: Cast, issue: Issue
) -> None:
    new, old = issue("新しい通知"), issue("古い通知", serial=338)
    DocumentNumber.objects.filter(notice=old.notice).update(text="6福薬業発第337号", serial=337, fiscal_year=2014)
    Release.objects.filter(pk=old.pk).update(released_at=timezone.now() - dt.timedelta(days=3650))
    steering.stop(old.pk, acting(cast))
    waiting = {year: read("totals", "6福薬業発第337号", "--year", year) for year in ("令和6年度", "2014")}
    assert read("totals", "6福薬業発第337号") == waiting["令和6年度"] != waiting["2014"]
    assert waiting["2014"]["pharmacies"]["stopped"] == 6
    assert new.state == Release.State.SENDING


def test_without_a_number_all_released_notices_are_told_the_latest_first(cast: Cast, issue: Issue) -> None:
    assert read("totals") == []
    assert "まだありません" in told("totals")
    issue()
    issue(serial=338)
    cast.draft()
    assert [each["number"] for each in read("totals")] == ["6福薬業発第338号", "6福薬業発第337号"]


def test_without_json_the_totals_are_a_table_to_read(cast: Cast, issue: Issue) -> None:
    issue()
    heading, pharmacies = told("totals", "6福薬業発第337号").splitlines()[1:3]
    assert heading.split() == ["宛先", "送信済", "送信待ち", "別経路", "不達", "中止", "確認", "完了", "対象外"]
    assert pharmacies.split() == ["薬局", "6", "0", "6", "0", "0", "0", "0", "0", "0"]


def test_totals_of_what_is_unknown_not_released_or_of_no_year_are_refused(cast: Cast, numbered: Notice) -> None:
    for command, words in (
        (("totals", "6福薬業発第999号"), "という番号の通知はありません"),
        (("totals", numbered.number_text), "まだ発出していません"),
        (("totals", numbered.number_text, "--year", "来年"), "年度として読めません"),
    ):
        with pytest.raises(CommandError, match=words):
            told(*command)


# Release --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def numbered(cast: Cast) -> Notice:
    """The association's own letter out of a packet, with its number, approved."""
    return with_number(cast, cast.draft())


def with_number(cast: Cast, notice: Notice) -> Notice:
    DocumentNumber.objects.create(
        notice=notice, issuer=cast.association, text="6福薬業発第337号", series="福薬業発", fiscal_year=2024, serial=337
    )
    notice.number_fixed, notice.date = True, dt.date(2024, 10, 30)
    notice.save()
    return cast.approved(notice)


def test_a_draft_is_released_as_on_the_site(cast: Cast, numbered: Notice) -> None:
    found = read("release", "６福薬業発第３３７号", "--as", STAFF)
    release = Release.objects.get(notice=numbered)
    assert found == {
        "number": "6福薬業発第337号",
        "release": release.pk,
        "state": "sending",
        "recipients": {"pharmacies": 6, "districts": 2},
        "messages": {state: 8 if state == "waiting" else 0 for state in Delivery.State.values},
        "already": False,
    }
    event = Event.objects.get(verb="notice.released")
    assert (event.account, event.capacity) == (cast.capacities["staff"].account, cast.capacities["staff"])
    assert release.letter.read().startswith(b"%PDF-")


def test_pressed_twice_the_second_says_so_and_sends_nothing_twice(cast: Cast, numbered: Notice) -> None:
    first = read("release", numbered.number_text, "--as", STAFF)
    second = read("release", numbered.number_text, "--as", STAFF)
    assert second == first | {"already": True}
    assert (Receipt.objects.count(), Delivery.objects.count()) == (8, 8)
    assert "すでに発出されています" in told("release", numbered.number_text, "--as", STAFF)


@pytest.mark.parametrize("written", ["#{}", "{}", "＃{}"])
def test_a_draft_without_a_number_is_named_by_the_number_of_its_page(cast: Cast, written: str) -> None:
    draft = cast.approved(cast.draft())
    found = read("release", written.format(draft.pk), "--as", STAFF)
    assert found["number"] == Notice.objects.get(pk=draft.pk).number_text
    assert read("release", "--draft", str(draft.pk), "--as", STAFF)["already"]


@pytest.mark.parametrize("written", ["白鷺", "白鷺地区", "白鷺地区薬剤師会", "{id}"])
def test_a_release_may_be_for_some_districts_only(cast: Cast, numbered: Notice, written: str) -> None:
    named = written.format(id=cast.shirasagi.pk)
    found = read("release", numbered.number_text, "--as", STAFF, "--districts", named)
    assert found["recipients"] == {"pharmacies": 3, "districts": 1}
    assert set(Receipt.objects.values_list("district", flat=True)) == {cast.shirasagi.pk}
    assert [event.detail["fields"] for event in Event.objects.filter(verb="notice.changed")] == [["recipients"]]


def test_several_districts_stand_beside_one_another_or_between_commas(cast: Cast, numbered: Notice) -> None:
    assert read("release", numbered.number_text, "--as", STAFF, "--districts", "白鷺、高尾台")["recipients"] == {
        "pharmacies": 6,
        "districts": 2,
    }


def yesterday() -> dt.date:
    return timezone.localdate() - dt.timedelta(days=1)


def reopened(cast: Cast, notice: Notice) -> None:
    approve.reopen(notice.pk, acting(cast))


def waiting(cast: Cast, notice: Notice) -> None:
    reopened(cast, notice)
    approve.ask(notice.pk, timezone.localdate(), acting(cast))


def changed_behind(cast: Cast, notice: Notice) -> None:
    Notice.objects.filter(pk=notice.pk).update(body="だれも見ていない文面")


def only_takaodai(cast: Cast, notice: Notice) -> None:
    reopened(cast, notice)
    addressing.address(notice.pk, acting(cast), scope="districts", districts=[cast.takaodai], tags=[])
    cast.approved(notice)


def only_home_care(cast: Cast, notice: Notice) -> None:
    tags = cast.pharmacies[0].tags.all()
    reopened(cast, notice)
    addressing.address(notice.pk, acting(cast), scope="tags", districts=[], tags=tags)
    cast.approved(notice)


def disabled(cast: Cast, notice: Notice) -> None:
    Account.objects.filter(email=STAFF).update(is_active=False)


def not_publishing(cast: Cast, notice: Notice) -> None:
    Capacity.objects.filter(account__email=STAFF).update(publishes=False)


def too_late(cast: Cast, notice: Notice) -> None:
    Release.objects.filter(notice=notice).update(deadline=yesterday())


def without_steps(cast: Cast, notice: Notice) -> None:
    Release.objects.filter(notice=notice).update(ask=Release.Ask.SET_UP)


def received(cast: Cast, notice: Notice) -> None:
    Release.objects.filter(notice=notice).delete()
    Notice.objects.filter(pk=notice.pk).update(state=Notice.State.RECEIVED)


def nothing(cast: Cast, notice: Notice) -> None:
    pass


@pytest.mark.parametrize(
    ("before", "arguments", "words"),
    [
        (reopened, ["6福薬業発第337号", "--as", STAFF], "決裁がまだです"),
        (waiting, ["6福薬業発第337号", "--as", STAFF], "決裁待ちです"),
        (changed_behind, ["6福薬業発第337号", "--as", STAFF], "内容が変わっています"),
        (nothing, ["6福薬業発第999号", "--as", STAFF], "という下書きはありません"),
        (nothing, ["--as", STAFF], "どちらか 1 つ"),
        (nothing, ["6福薬業発第337号", "--as", "nobody@shuchi.example"], "というアカウントはありません"),
        (nothing, ["6福薬業発第337号", "--as", "chair@shuchi.example"], "事務局のアカウントではない"),
        (not_publishing, ["6福薬業発第337号", "--as", STAFF], "発出の担当ではない"),
        (disabled, ["6福薬業発第337号", "--as", STAFF], "止められています"),
        (nothing, ["6福薬業発第337号", "--as", STAFF, "--districts", "白鷺", "月の裏"], "ある地区：白鷺（.*髙尾台（"),
        (only_takaodai, ["6福薬業発第337号", "--as", STAFF, "--districts", "白鷺"], "宛先でないもの"),
        (only_home_care, ["6福薬業発第337号", "--as", STAFF, "--districts", "白鷺"], "宛先でないもの"),
        (too_late, ["6福薬業発第337号", "--as", STAFF, "--districts", "白鷺"], "発出日より前です"),
        (without_steps, ["6福薬業発第337号", "--as", STAFF], "設定手順がまだありません"),
        (received, ["6福薬業発第337号", "--as", STAFF], "下書きではありません"),
    ],
)
def test_what_cannot_be_released_is_refused_in_plain_words_and_nothing_changes(
    cast: Cast, numbered: Notice, before: Callable[[Cast, Notice], None], arguments: list[str], words: str
) -> None:
    before(cast, numbered)
    rows = everything()
    with pytest.raises(CommandError, match=words):
        told("release", *arguments)
    assert changed(rows) == set()


@pytest.mark.django_db(transaction=True)
def test_on_a_fresh_demonstration_the_draft_with_a_number_can_be_released() -> None:
    office.furnish(3, 12, 1)
    number = f"{wareki.fiscal_year_in_era(Notice.objects.filter(state='draft', number_fixed=True).get().date)}"
    number += "福薬業発第342号"
    done = process("release", number, "--as", STAFF, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["recipients"] == {"pharmacies": 12, "districts": 3}
    assert json.loads(process("totals", number, "--json").stdout)["number"] == number
    refused = process("totals", "6福薬業発第999号", "--json")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "という番号の通知はありません" in refused.stderr
