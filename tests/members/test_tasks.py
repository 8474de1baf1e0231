"""名簿の確認: who sees which bad address, what staff make of it, and what they may type."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from members import addresses, history, tasking
from members.forms.addresses import AddressForm
from members.history import Actor
from members.models import Mailbox, Organisation, Task
from members.models.organisation import Channel, Kind
from tests.boards.reading import headings, rows, text_of
from tests.cast import Cast

REASON = "宛先のメールアドレスが存在しません"


def actor(cast: Cast) -> Actor:
    capacity = cast.capacities["staff"]
    return Actor(capacity.account, capacity)


def bad(cast: Cast, number: int = 0, reason: str = REASON) -> Task:
    pharmacy = cast.pharmacies[number]
    return addresses.report(pharmacy, "email", pharmacy.mailboxes.first().address, reason, suspend=True)


def mailbox(cast: Cast, number: int = 0) -> tuple[str, bool]:
    found = cast.pharmacies[number].mailboxes.get()
    return found.address, found.usable


def page(cast: Cast, path: str, who: str = "staff", **form: str) -> str:
    client = cast.client(who)
    return text_of(client.post(path, form, follow=True) if form else client.get(path))


# What staff make of it ------------------------------------------------------------------------------------------------


def test_a_mended_address_is_used_from_now_on(cast: Cast):
    task = addresses.correct(bad(cast).pk, "new@mail.example", actor(cast))
    assert mailbox(cast) == ("new@mail.example", True)
    assert (task.closed_by, task.answer) == (cast.capacities["staff"].account, addresses.CORRECTED)
    assert {event.verb for event in history.of(task)} == {"task.raised", "mailbox.changed", "task.closed"}


def test_an_address_that_is_right_is_used_again(cast: Cast):
    addresses.keep(bad(cast).pk, actor(cast))
    assert mailbox(cast) == ("box4@mail4.example", True)


def test_an_address_that_is_given_up_stays_out_of_use(cast: Cast):
    addresses.drop(bad(cast).pk, actor(cast))
    assert mailbox(cast) == ("box4@mail4.example", False)


@pytest.mark.parametrize("closing", ["correct", "keep", "drop"])
def test_taken_back_the_roster_is_as_it_was(cast: Cast, closing: str):
    task = bad(cast)
    more = ["new@mail.example"] if closing == "correct" else []
    getattr(addresses, closing)(task.pk, *more, actor(cast))
    again = addresses.reopen(task.pk, actor(cast))
    assert (again.closed_at, again.answer) == (None, "")
    assert mailbox(cast) == ("box4@mail4.example", False)


def test_what_was_changed_since_is_not_taken_back(cast: Cast):
    first = addresses.correct(bad(cast).pk, "new@mail.example", actor(cast))
    addresses.correct(bad(cast).pk, "newer@mail.example", actor(cast))
    with pytest.raises(addresses.NotTheLatest):
        addresses.reopen(first.pk, actor(cast))
    assert mailbox(cast) == ("newer@mail.example", True)


def test_what_somebody_has_closed_cannot_be_closed_otherwise(cast: Cast):
    task = addresses.keep(bad(cast).pk, actor(cast))
    with pytest.raises(tasking.NotOpen):
        addresses.drop(task.pk, actor(cast))
    assert mailbox(cast) == ("box4@mail4.example", True)


def test_an_address_that_the_organisation_has_already_is_not_entered_twice(cast: Cast):
    cast.pharmacies[0].mailboxes.create(address="second@mail.example")
    with pytest.raises(addresses.AlreadyThere):
        addresses.correct(bad(cast).pk, "Second@mail.example", actor(cast))
    assert Task.objects.still_open().exists()


def test_a_mailbox_that_the_roster_lost_cannot_be_mended(cast: Cast):
    task = bad(cast)
    cast.pharmacies[0].mailboxes.all().delete()
    with pytest.raises(addresses.NotInRoster):
        addresses.correct(task.pk, "new@mail.example", actor(cast))
    assert addresses.drop(task.pk, actor(cast)).closed_at


def test_a_chairs_own_address_is_mended_with_the_chair(cast: Cast):
    task = addresses.report(cast.shirasagi, "email", "takayanagi@chair.example", REASON, suspend=True)
    addresses.correct(task.pk, "makoto@chair.example", actor(cast))
    assert cast.shirasagi.officers.get().email == "makoto@chair.example"
    addresses.reopen(task.pk, actor(cast))
    assert cast.shirasagi.officers.get().email == "takayanagi@chair.example"


def test_a_fax_number_is_mended_with_its_pharmacy(cast: Cast):
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(fax="092-000-0199")
    cast.pharmacies[0].refresh_from_db()
    task = addresses.report(cast.pharmacies[0], Channel.FAX, "0920000199", "FAX が話し中です", suspend=False)
    addresses.correct(task.pk, "092-000-0200", actor(cast))
    assert Organisation.objects.matching("092-000-0200").get() == cast.pharmacies[0]


def test_mending_for_one_does_not_mend_for_another_with_the_same_address(cast: Cast):
    cast.pharmacies[1].mailboxes.update(address="box4@mail4.example")
    addresses.correct(bad(cast).pk, "new@mail.example", actor(cast))
    assert mailbox(cast, 1) == ("box4@mail4.example", True)


# What may be typed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "new@mail.example",
        "a..b@docomo.ne.jp",
        "last.@docomo.ne.jp",
        "o'brien+rx@mail.example",
        "yakkyoku@日本語.example",
        "yakkyoku@xn--wgv71a119e.example",
    ],
)
def test_addresses_that_exist_are_taken_as_they_are(typed: str):
    form = AddressForm({"address": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["address"] == typed
    assert bool(form.warning) == typed.endswith("docomo.ne.jp")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "必須"),
        ("\u200b", "「@」の前と後ろ"),
        ("x@y.example\nBcc: z@y.example", "改行や空白"),
        ("x@y.example,z@y.example", "「@」より前に使えるのは"),
        ('"x y"@y.example', "改行や空白"),
        ('"xy"@y.example', "引用符"),
        ("髙木@y.example", "「@」より前に使えるのは"),
        ("new.mail.example", "「@」の前と後ろ"),
        ("x@localhost", "綴りを確かめて"),
        ("a..b@docomo.ne.jp.", "最後に「.」が付いています"),
        ("x@-y.example", "綴りを確かめて"),
        ("x@" + "y" * 64 + ".example", "綴りを確かめて"),
        ("x" * 250 + "@y.example", "254"),
        ("BOX4@mail4.example", "届かなかった宛先と同じ"),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(typed: str, words: str):
    form = AddressForm({"address": typed}, old="box4@mail4.example")
    assert not form.is_valid()
    assert words in str(form.errors)


@pytest.mark.parametrize("typed", ["ｎｅｗ＠ｍａｉｌ．ｅｘａｍｐｌｅ", "new＠mail.example", "new@mail。example"])
def test_full_width_is_not_taken_over_silently_but_offered_in_half_width(typed: str):
    form = AddressForm({"address": typed})
    assert "半角の「new@mail.example」に直しました" in str(form.errors)
    assert 'value="new@mail.example"' in str(form)


@pytest.mark.parametrize(
    ("typed", "kept"), [("092-000-0200", "092-000-0200"), ("０９２ー０００ー０２００", "092-000-0200")]
)
def test_a_fax_number_may_be_typed_in_any_width(typed: str, kept: str):
    form = AddressForm({"address": typed}, channel=Channel.FAX)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["address"] == kept


def test_what_is_no_fax_number_is_refused():
    assert "数字10けたか11けた" in str(AddressForm({"address": "000-0200"}, channel=Channel.FAX).errors)


# Pages ----------------------------------------------------------------------------------------------------------------


def test_staff_see_every_bad_address_with_why_and_since_when(cast: Cast):
    bad(cast, 0)
    bad(cast, 4, "受信箱がいっぱいです")
    listed = rows(cast.client("staff").get("/tasks/"))
    assert [row[0] for row in listed] == ["ひばり薬局 髙尾台店", "白鷺中央薬局"]
    assert listed[0][1:4] == ["髙尾台", "092-000-0008", "届かない宛先 受信箱がいっぱいです box8@mail8.example"]
    assert listed[0][4] == "回答待ち" and listed[0][6].startswith("アドレスを直す")


def test_a_chair_sees_whom_to_telephone_and_no_address(cast: Cast):
    bad(cast, 0)
    bad(cast, 4)
    seen = cast.client("chair").get("/tasks/")
    assert headings(seen) == ["薬局・団体", "電話", "何を確かめるか", "状態", "いつから", "操作"]
    [[name, telephone, reason, state, _, ask]] = rows(seen)
    assert (name, telephone, reason) == ("白鷺中央薬局", "092-000-0004", f"届かない宛先 {REASON}")
    assert state == "回答待ち" and ask.startswith("答える")
    assert "@" not in text_of(seen)
    assert [row[0] for row in rows(cast.client("chair").get(f"/tasks/?district={cast.takaodai.pk}"))] == [name]
    shown = page(cast, f"/directory/{cast.pharmacies[0].pk}/", "chair")
    assert "届かない宛先" in shown and "@" not in shown


def test_the_way_to_the_page_says_how_many_wait(cast: Cast):
    for number in (0, 1, 4):
        bad(cast, number)
    for who, count in (("staff", 3), ("chair", 2), ("other_chair", 1)):
        shown = cast.client(who).get("/tasks/").content.decode()
        assert f'名簿の確認<span class="count">{count}<' in shown
    assert "名簿の確認" not in cast.client("pharmacy").get("/own/").content.decode()


def test_the_list_is_narrowed_by_name_district_way_and_state(cast: Cast):
    addresses.keep(bad(cast, 0).pk, actor(cast))
    bad(cast, 1)
    bad(cast, 4)
    found = {
        query: [row[0] for row in rows(cast.client("staff").get(f"/tasks/?{query}"))]
        for query in ("q=すみれ", f"district={cast.takaodai.pk}", "state=closed")
    }
    assert list(found.values()) == [["すみれ調剤薬局"], ["ひばり薬局 髙尾台店"], ["白鷺中央薬局"]]
    assert "条件に合うものはありません" in page(cast, "/tasks/?channel=fax")


@pytest.mark.parametrize(("who", "elsewhere"), [("staff", "notices:releases"), ("chair", "notices:district")])
def test_without_any_the_page_says_what_comes_here_and_where_the_rest_is(cast: Cast, who: str, elsewhere: str):
    shown = cast.client(who).get("/tasks/").content.decode()
    assert "確かめることはありません。" in shown
    assert "宛先の登録がない薬局（届け先なし）は、ここには出ません。" in shown
    assert f'<a href="{reverse(elsewhere)}">' in shown.partition("ここには出ません")[2]


def test_fifty_fit_on_a_page_and_more_cost_no_more_queries(cast: Cast):
    def fill(first: int, last: int) -> int:
        for number in range(first, last):
            pharmacy = Organisation.objects.create(kind=Kind.PHARMACY, name=f"架空薬局 {number}", parent=cast.shirasagi)
            Mailbox.objects.create(organisation=pharmacy, address=f"many{number}@mail.example")
            addresses.report(pharmacy, "email", f"many{number}@mail.example", REASON, suspend=True)
        client = cast.client("staff")
        with CaptureQueriesContext(connection) as captured:
            client.get("/tasks/")
        return len(captured)

    assert fill(0, 2) == fill(2, 51)
    assert len(rows(cast.client("staff").get("/tasks/"))) == 50
    assert len(rows(cast.client("staff").get("/tasks/?page=2"))) == 1


def test_staff_mend_keep_give_up_and_take_back(cast: Cast):
    task = bad(cast)
    path = f"/tasks/{task.pk}/"
    assert "box4@mail4.example" in page(cast, path)
    said = page(cast, path, do="correct", address="a..b@docomo.ne.jp")
    assert "宛先を直しました。" in said and "届かないことがあります。" in said
    assert mailbox(cast) == ("a..b@docomo.ne.jp", True)
    assert "確認待ちに戻しました。" in page(cast, path, do="reopen")
    assert "このまま使います。" in page(cast, path, do="keep")
    assert "何も変えていません。 先に済んでいます" in page(cast, path, do="drop")
    page(cast, path, do="reopen")
    assert "もう送りません。" in page(cast, path, do="drop")
    assert mailbox(cast) == ("box4@mail4.example", False)
    assert addresses.DROPPED in page(cast, path)


def test_a_wrong_address_stays_in_the_form_with_the_reason(cast: Cast):
    task = bad(cast)
    answer = cast.client("staff").post(f"/tasks/{task.pk}/", {"do": "correct", "address": "new mail.example"})
    assert answer.status_code == 422
    assert 'value="new mail.example"' in answer.content.decode()
    assert Task.objects.still_open().exists()


def test_the_organisations_page_mends_as_well(cast: Cast):
    task = bad(cast)
    shown = cast.client("staff").get(f"/directory/{cast.pharmacies[0].pk}/").content.decode()
    assert f'action="/tasks/{task.pk}/"' in shown


def test_staff_add_an_address_to_who_has_none(cast: Cast):
    cast.pharmacies[0].mailboxes.all().delete()
    path = f"/directory/{cast.pharmacies[0].pk}/mailboxes/"
    assert "加えました。" in page(cast, path, address="new@mail.example")
    assert mailbox(cast) == ("new@mail.example", True)
    assert cast.client("staff").post(path, {"address": "NEW@mail.example"}).status_code == 422
    assert cast.client("chair").post(path, {"address": "other@mail.example"}).status_code == 404


@pytest.mark.parametrize(
    ("given", "leads_to"),
    [
        ("/releases/7/", "/releases/7/"),
        ("https://elsewhere.example/", ""),
        ("//elsewhere.example/", ""),
        ("/\\elsewhere.example/", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_an_address_added_leads_back_to_where_one_came_from_on_this_site(cast: Cast, given: str, leads_to: str):
    organisation = f"/directory/{cast.pharmacies[0].pk}/"
    path = f"{organisation}mailboxes/?{urlencode({'next': given})}"
    staff = cast.client("staff")
    assert f'href="{leads_to or organisation}">やめる' in staff.get(path).content.decode()
    assert staff.post(path, {"address": "new@mail.example"})["Location"] == (leads_to or organisation)


@pytest.mark.parametrize("do", ["correct", "keep", "drop", "reopen"])
@pytest.mark.parametrize("who", ["chair", "other_chair", "pharmacy"])
def test_only_staff_close_a_task(cast: Cast, who: str, do: str):
    task = bad(cast)
    form = {"do": do, "address": "new@mail.example"}
    assert cast.client(who).post(f"/tasks/{task.pk}/", form).status_code == 404
    assert Task.objects.get().closed_at is None


def test_looking_changes_nothing(cast: Cast):
    task = bad(cast)
    before = timezone.now()
    for path in ("/tasks/", f"/tasks/{task.pk}/", f"/tasks/{task.pk}/notices/", f"/tasks/{task.pk}/?do=drop"):
        page(cast, path)
    assert Task.objects.get().raised_at < before
    assert [event.verb for event in history.of(task)] == ["task.raised"]


def test_what_the_roster_has_got_since_is_not_overwritten_by_going_back(cast: Cast) -> None:
    task = bad(cast)
    addresses.correct(task.pk, "b@mail.example", actor(cast))
    Mailbox.objects.filter(organisation=task.organisation).update(address="c@mail.example")
    with pytest.raises(addresses.NotTheLatest):
        addresses.reopen(task.pk, actor(cast))
    assert task.organisation.mailboxes.get().address == "c@mail.example"


def test_an_address_that_the_organisation_has_again_is_not_given_twice(cast: Cast) -> None:
    task = bad(cast)
    addresses.correct(task.pk, "b@mail.example", actor(cast))
    addresses.add(task.organisation_id, task.address, actor(cast))
    with pytest.raises(addresses.NotTheLatest):
        addresses.reopen(task.pk, actor(cast))
