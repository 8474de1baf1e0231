"""A load is applied as a whole or not at all, undone as a whole, and remembers what people said of its columns."""

import datetime as dt
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from members import addresses
from members.history import NOBODY, Actor
from members.models import Event, Mailbox, Officer, Organisation, RosterHeading, RosterLoad, Tag
from members.models.officer import Office
from members.roster import editing, vacancies
from members.roster.loading import headings, loads, undoing
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.members.loading.conftest import HEADINGS, csv, row, standing_rows
from tests.rows import changed, everything

LoadFile = Callable[..., RosterLoad]
TODAY = timezone.localdate
WHOLE = row(
    "4041234567",
    "駅前薬局",
    フリガナ="エキマエヤッキョク",
    電話="092-000-1234",
    FAX="092-000-1235",
    メールアドレス="a@ekimae.example;b@ekimae.example",
    管理薬剤師="髙﨑 𠮷乃",
)
ROSTER = ("members_organisation", "members_mailbox", "members_officer", "members_organisation_tags")


def roster() -> dict[str, list[tuple]]:
    """Everything that the roster holds, but for ids."""
    pharmacies = Organisation.objects.pharmacies().order_by("code", "pk")
    fields = ["code", "name", "kana", "parent", "telephone", "fax", "channel", "joined_on", "left_on", "search_key"]
    return {
        "pharmacies": list(pharmacies.values_list(*fields)),
        "mailboxes": sorted(Mailbox.objects.values_list("organisation__name", "address", "usable")),
        "officers": sorted(
            map(str, Officer.objects.values_list("organisation__name", "office", "name", "since", "until"))
        ),
        "tags": sorted(map(str, Organisation.objects.exclude(tags=None).values_list("name", "tags__name"))),
    }


def waiting(content: bytes, clerk: Actor, removal: str = "none") -> tuple[RosterLoad, str]:
    """A load whose columns were agreed to, and the digest of its plan."""
    load = loads.receive(content, "roster.csv", clerk)
    loads.agree(load.pk, {int(place): field for place, field in load.columns.items()}, removal, False)
    load.refresh_from_db()
    return load, loads.preview_of(load, TODAY()).plan.digest


def test_an_addition_is_whole(cast: Cast, load_file: LoadFile):
    load_file(csv(HEADINGS, WHOLE))
    one = Organisation.objects.get(code="4041234567")
    assert (one.name, one.kana, one.parent, one.telephone) == (
        "駅前薬局",
        "エキマエヤッキョク",
        cast.shirasagi,
        "092-000-1234",
    )
    assert [mailbox.address for mailbox in one.mailboxes.all()] == ["a@ekimae.example", "b@ekimae.example"]
    assert one.officers.get().name == "髙﨑 𠮷乃"
    assert one in Organisation.objects.matching("えきまえ")


def test_everything_that_a_file_changes_is_changed_at_once(cast: Cast, load_file: LoadFile):
    first, second = cast.pharmacies[:2]
    head = [*HEADINGS, "区分", "届け方", "入会日"]
    rows = [
        [
            *row(first.code, "新しい名前", "髙尾台", メールアドレス="new@mail.example", 管理薬剤師="新任 太郎"),
            "在宅対応;夜間",
            "FAX",
            "R6.4.1",
        ],
        [*row(second.code, second.name, FAX="092-555-5555"), "", "", ""],
    ]
    load = load_file(csv(head, *rows))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.name, first.parent, first.channel, first.joined_on) == (
        "新しい名前",
        cast.takaodai,
        "fax",
        dt.date(2024, 4, 1),
    )
    assert [mailbox.address for mailbox in first.mailboxes.all()] == ["new@mail.example"]
    assert {tag.name for tag in first.tags.all()} == {"在宅対応", "夜間"}
    assert first.officers.get().name == "新任 太郎"
    assert second.fax == "092-555-5555"
    assert load.counts["moved"] == load.counts["changed"] == 1


def test_a_new_manager_ends_the_term_before(cast: Cast, load_file: LoadFile):
    one = cast.pharmacies[0]
    before = Officer.objects.create(organisation=one, office="manager", name="前任 花子", since=dt.date(2020, 4, 1))
    load_file(csv(HEADINGS, row(one.code, one.name, 管理薬剤師="後任 太郎")))
    before.refresh_from_db()
    assert before.until == TODAY() - dt.timedelta(days=1)
    assert [officer.name for officer in one.officers.holding(TODAY())] == ["後任 太郎"]


def test_an_address_that_stays_keeps_whether_it_is_in_use(cast: Cast, load_file: LoadFile):
    one = cast.pharmacies[0]
    kept = one.mailboxes.get()
    Mailbox.objects.filter(pk=kept.pk).update(usable=False)
    load_file(csv(HEADINGS, row(one.code, one.name, メールアドレス=f"{kept.address.upper()};new@mail.example")))
    assert [(box.address, box.usable) for box in one.mailboxes.all()] == [
        (kept.address, False),
        ("new@mail.example", True),
    ]


def test_a_task_about_an_address_that_the_file_replaces_is_done(cast: Cast, load_file: LoadFile):
    one = cast.pharmacies[0]
    task = addresses.report(one, "email", one.mailboxes.get().address, "宛先がありません", suspend=True)
    load_file(csv(HEADINGS, row(one.code, one.name, メールアドレス="new@mail.example")))
    task.refresh_from_db()
    assert task.closed_at is not None


def test_a_task_about_a_pharmacy_that_leaves_is_done(cast: Cast, load_file: LoadFile):
    gone = cast.pharmacies[5]
    task = addresses.report(gone, "email", gone.mailboxes.get().address, "宛先がありません", suspend=True)
    load_file(csv(HEADINGS, *standing_rows(cast)[:5]), removal="all")
    task.refresh_from_db()
    assert task.closed_at is not None


def test_a_vacant_office_that_the_file_fills_is_done(cast: Cast, load_file: LoadFile):
    one = cast.pharmacies[0]
    Officer.objects.create(organisation=one, office="manager", name="前任 花子", until=dt.date(2024, 3, 31))
    task = vacancies.follow(one.pk, Office.MANAGER, NOBODY)
    load_file(csv(HEADINGS, row(one.code, one.name, 管理薬剤師="後任 太郎")))
    task.refresh_from_db()
    assert task.closed_at is not None


def test_one_line_of_the_history_tells_of_the_load(cast: Cast, clerk: Actor, load_file: LoadFile):
    load = load_file(csv(HEADINGS, WHOLE))
    event = Event.objects.get(verb="roster.applied")
    assert (event.account, event.subject_id, event.detail["counts"]["added"]) == (clerk.account, load.pk, 1)


def test_what_cannot_be_written_whole_is_not_written(cast: Cast, clerk: Actor):
    """The database refuses the last row: the code belongs to somebody who is no pharmacy."""
    load, digest = waiting(csv(HEADINGS, *standing_rows(cast)[:1], WHOLE, row("4041234575", "二号店")), clerk)
    Organisation.objects.filter(pk=cast.takaodai.pk).update(code="4041234575")
    before = everything()
    with pytest.raises(IntegrityError):
        loads.apply(load.pk, digest, clerk, TODAY())
    assert changed(before) == set()


def test_a_plan_is_applied_only_as_it_was_seen(cast: Cast, clerk: Actor):
    load, digest = waiting(csv(HEADINGS, row(cast.pharmacies[0].code, "新しい名前")), clerk)
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(name="別の人が直した名前")
    with pytest.raises(loads.PlanChanged):
        loads.apply(load.pk, digest, clerk, TODAY())
    load.refresh_from_db()
    assert load.state == "waiting"


def test_a_load_is_applied_once(cast: Cast, clerk: Actor):
    load, digest = waiting(csv(HEADINGS, WHOLE), clerk)
    loads.apply(load.pk, digest, clerk, TODAY())
    with pytest.raises(loads.NotWaiting):
        loads.apply(load.pk, digest, clerk, TODAY())
    assert Organisation.objects.filter(code="4041234567").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_apply_it_once(cast: Cast, clerk: Actor, second: Actor):
    load, digest = waiting(csv(HEADINGS, WHOLE), clerk)
    together, outcomes = Barrier(2), []

    def press(actor: Actor) -> None:
        together.wait()
        try:
            outcomes.append(loads.apply(load.pk, digest, actor, TODAY()).state)
        except loads.NotWaiting:
            outcomes.append("was applied")
        finally:
            connection.close()

    threads = [Thread(target=press, args=[actor]) for actor in (clerk, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["applied", "was applied"]
    assert Organisation.objects.filter(code="4041234567").count() == 1


# Leaving --------------------------------------------------------------------------------------------------------------


def test_those_who_leave_stay_known_with_their_last_day(cast: Cast, load_file: LoadFile):
    load_file(csv(HEADINGS, *standing_rows(cast)[:5]), removal="all")
    gone = cast.pharmacies[5]
    gone.refresh_from_db()
    assert gone.left_on == TODAY()
    assert Organisation.objects.pharmacies().count() == 6


def test_half_of_the_roster_leaves_only_by_two_people(cast: Cast, clerk: Actor, second: Actor):
    load, digest = waiting(csv(HEADINGS, *standing_rows(cast)[:3]), clerk, removal="all")
    for _ in range(2):
        with pytest.raises(loads.SecondPersonNeeded):
            loads.apply(load.pk, digest, clerk, TODAY())
    assert Organisation.objects.pharmacies().current().count() == 6
    assert Event.objects.filter(verb="roster.asked").count() == 1
    applied = loads.apply(load.pk, digest, second, TODAY())
    assert (applied.asked_by, applied.applied_by) == (clerk.account, second.account)
    assert Organisation.objects.pharmacies().current().count() == 3


def test_a_load_that_waits_for_a_second_person_is_told_of_first_thing_in_the_morning(cast: Cast, clerk: Actor):
    load, digest = waiting(csv(HEADINGS, *standing_rows(cast)[:3]), clerk, removal="all")
    assert "名簿の取込" not in text_of(cast.client("administrator").get("/today/"))
    with pytest.raises(loads.SecondPersonNeeded):
        loads.apply(load.pk, digest, clerk, TODAY())
    told = text_of(cast.client("administrator").get("/today/"))
    assert f"{load.name}" in told and "もう1人の確認を求めています" in told
    assert "ほかの人の確認を待っています" in text_of(cast.client("staff").get("/today/"))
    assert "もう1人の確認待ち" in text_of(cast.client("staff").get("/directory/loads/"))
    loads.discard(load.pk, clerk)
    assert load.name not in text_of(cast.client("staff").get("/today/"))


def test_choosing_anew_asks_for_a_second_person_anew(cast: Cast, clerk: Actor, second: Actor):
    content = csv(HEADINGS, *standing_rows(cast)[:3])
    load, digest = waiting(content, clerk, removal="all")
    with pytest.raises(loads.SecondPersonNeeded):
        loads.apply(load.pk, digest, clerk, TODAY())
    load, digest = waiting(content, second, removal="all")
    with pytest.raises(loads.SecondPersonNeeded):
        loads.apply(load.pk, digest, second, TODAY())


# Back -----------------------------------------------------------------------------------------------------------------


def test_a_load_is_undone_as_a_whole(cast: Cast, clerk: Actor, load_file: LoadFile):
    first, second = cast.pharmacies[:2]
    Officer.objects.create(organisation=first, office="manager", name="前任 花子", since=dt.date(2020, 4, 1))
    before = roster()
    head = [*HEADINGS, "区分"]
    rows = [
        [*row(first.code, "新しい名前", "髙尾台", メールアドレス="new@mail.example", 管理薬剤師="後任 太郎"), "夜間"],
        [*row(second.code, second.name, FAX="092-555-5555"), "在宅対応"],
        [*WHOLE, "在宅対応"],
    ]
    load = load_file(csv(head, *rows), removal="none")
    assert roster() != before
    loads.undo(load.pk, clerk, TODAY())
    assert roster() == before
    load.refresh_from_db()
    assert (load.state, load.undone_by) == ("undone", clerk.account)


def test_those_who_left_by_a_load_are_back_when_it_is_undone(cast: Cast, clerk: Actor, load_file: LoadFile):
    before = roster()
    load = load_file(csv(HEADINGS, *standing_rows(cast)[:5]), removal="all")
    loads.undo(load.pk, clerk, TODAY())
    assert roster() == before


def test_a_load_is_undone_once(cast: Cast, clerk: Actor, load_file: LoadFile):
    load = load_file(csv(HEADINGS, WHOLE))
    loads.undo(load.pk, clerk, TODAY())
    with pytest.raises(loads.NotWaiting):
        loads.undo(load.pk, clerk, TODAY())


def test_what_was_edited_since_is_not_undone(cast: Cast, clerk: Actor, load_file: LoadFile):
    load = load_file(csv(HEADINGS, row(cast.pharmacies[0].code, "新しい名前")))
    one = Organisation.objects.get(pk=cast.pharmacies[0].pk)
    editing.change(one.pk, {"name": "さらに直した名前"}, editing.state_of(one), clerk)
    before = everything()
    with pytest.raises(undoing.BuiltUpon, match="さらに直した名前"):
        loads.undo(load.pk, clerk, TODAY())
    assert changed(before) == set()


def test_a_pharmacy_that_has_received_a_notice_since_is_not_undone(cast: Cast, clerk: Actor, load_file: LoadFile):
    load = load_file(csv(HEADINGS, WHOLE))
    cast.receive(cast.released(), Organisation.objects.get(code="4041234567"))
    with pytest.raises(undoing.BuiltUpon, match="駅前薬局"):
        loads.undo(load.pk, clerk, TODAY())
    assert Organisation.objects.filter(code="4041234567").exists()


# Columns --------------------------------------------------------------------------------------------------------------


def test_what_people_said_of_headings_is_remembered(cast: Cast, clerk: Actor):
    content = csv(["店番", "店名", "支部", "担当"], ["4041234567", "駅前薬局", "白鷺", "x"])
    load = loads.receive(content, "roster.csv", clerk)
    assert not load.columns_agreed
    loads.agree(load.pk, {0: "code", 1: "name", 2: "district"}, "none", False)
    assert RosterHeading.objects.get(heading=headings.key_of("店番")).field == "code"
    again = loads.receive(content + b"\r\n", "roster2.csv", clerk)
    assert again.columns_agreed
    assert len(loads.preview_of(again, TODAY()).plan.changes) == 1


def test_columns_that_are_not_clear_are_not_agreed_to(cast: Cast, clerk: Actor):
    load = loads.receive(csv(HEADINGS, WHOLE), "roster.csv", clerk)
    with pytest.raises(loads.ColumnsUnclear, match="「薬局名」の列を選んでください"):
        loads.agree(load.pk, {0: "code"}, "none", False)
    load.refresh_from_db()
    assert not load.columns_agreed


def test_a_file_that_waits_already_is_shown_instead_of_a_second(cast: Cast, clerk: Actor):
    first = loads.receive(csv(HEADINGS, WHOLE), "roster.csv", clerk)
    assert loads.receive(csv(HEADINGS, WHOLE), "copy.csv", clerk) == first
    loads.discard(first.pk, clerk)
    assert loads.receive(csv(HEADINGS, WHOLE), "copy.csv", clerk) != first


def test_tags_that_nobody_has_yet_are_made(cast: Cast, load_file: LoadFile):
    load_file(csv([*HEADINGS, "区分"], [*WHOLE, "無菌調剤"]))
    assert Tag.objects.get(name="無菌調剤").organisations.get().code == "4041234567"


def test_terms_and_mailboxes_out_of_use_are_as_they_were_when_a_load_is_undone(
    cast: Cast, clerk: Actor, load_file: LoadFile
):
    one, today = cast.pharmacies[0], TODAY()
    terms = {
        "前任 花子": (dt.date(2020, 4, 1), dt.date(2031, 3, 31)),
        "元 薬剤師": (dt.date(2018, 4, 1), today - dt.timedelta(days=1)),
    }
    for name, (since, until) in terms.items():
        Officer.objects.create(organisation=one, office="manager", name=name, since=since, until=until)
    one.mailboxes.update(usable=False)
    changed_row = row(one.code, one.name, メールアドレス="new@mail.example", 管理薬剤師="後任 太郎")
    load = load_file(csv(HEADINGS, changed_row), removal="none")
    assert one.officers.filter(name="後任 太郎").exists()
    loads.undo(load.pk, clerk, today)
    managers = one.officers.filter(office="manager")
    assert {each.name: (each.since, each.until) for each in managers} == terms
    assert one.mailboxes.get().usable is False
