"""代理 on the pages: the sheet for staff and chairs, what each may read, and the counts that tell it apart."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode

from members.models import Account, Capacity, Event, Officer
from members.models.account import Role
from members.models.officer import Office
from notices.boards import progress
from notices.models import HelpRequest, OnBehalf, Receipt, Release, Step
from notices.models.receipt import Via
from notices.tracking import confirming, on_behalf, setup
from notices.tracking.on_behalf import Said, What
from tests.boards.reading import headings, rows, sheet, text_of
from tests.cast import Cast
from tests.rows import changed, everything
from tests.tracking.conftest import BY_HAND, acting, page, text
from tests.tracking.test_on_behalf import passed

CONFIRMED = {"what": "confirmed", "via": "telephone", "person": "梅﨑 千夏", "remark": "夕方に見るとのこと"}
WRITTEN = ("梅﨑 千夏", "夕方に見るとのこと")


def address(receipt: Receipt, **query: str) -> str:
    where = reverse("notices:on_behalf", args=[receipt.pk])
    return f"{where}?{urlencode(query)}" if query else where


def undoing(made: OnBehalf) -> str:
    return reverse("notices:on_behalf_undo", args=[made.pk])


def desk_of(cast: Cast, receipt: Receipt) -> str:
    return reverse("notices:district_receipt", args=[cast.receipt(receipt.release, cast.shirasagi).pk])


def recorded(receipt: Receipt, cast: Cast, who: str, what: What = What.CONFIRMED, **more: str) -> OnBehalf:
    said = Said(what, Via.TELEPHONE, *WRITTEN, **more)
    return on_behalf.record(receipt.pk, said, actor=acting(cast, who))


def office_of(cast: Cast) -> Client:
    """The district office, a second account of the chair's district."""
    account = Account.objects.create_account("office@shirasagi.example", "白鷺 事務")
    Capacity.objects.create(account=account, organisation=cast.shirasagi, role=Role.DISTRICT_OFFICE)
    client = Client()
    client.force_login(account)
    return client


# The sheet ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["staff", "chair"])
def test_one_sheet_records_and_leads_back_with_the_way_to_undo(receipt: Receipt, cast: Cast, who: str) -> None:
    client = cast.client(who)
    back = reverse("notices:notice_pharmacies", args=[receipt.release.notice_id]) + "?answer=unconfirmed"
    back = back if who == "staff" else desk_of(cast, receipt) + "?show=unconfirmed"
    answer = client.post(address(receipt, next=back), CONFIRMED)
    assert (answer.status_code, answer["Location"]) == (302, back)
    made = OnBehalf.objects.get()
    assert (made.person, made.remark, made.capacity) == (*WRITTEN, cast.capacities[who])
    shown = text(client.get(back))
    assert "白鷺中央薬局の「確認」を、代理で記録しました。" in shown
    assert f'action="{undoing(made)}?next=' in shown
    assert client.post(undoing(made) + "?" + urlencode({"next": back}))["Location"] == back
    assert "白鷺中央薬局の「確認」の代理の記録を取り消しました。" in text_of(client.get(back))
    receipt.refresh_from_db()
    assert receipt.confirmed_at is None


def test_the_district_office_records_as_the_chair_does(receipt: Receipt, cast: Cast) -> None:
    assert office_of(cast).post(address(receipt), CONFIRMED)["Location"] == desk_of(cast, receipt)
    assert OnBehalf.objects.get().capacity.role == Role.DISTRICT_OFFICE


@pytest.mark.parametrize(
    ("form", "fact"),
    [
        ({"what": "finished"}, "finished_via"),
        ({"what": "not_applicable", "reason": "訪問を行っていない"}, "not_applicable_via"),
    ],
)
def test_each_box_of_the_sheet_is_recorded(receipt: Receipt, cast: Cast, form: dict, fact: str) -> None:
    cast.client("chair").post(address(receipt), CONFIRMED | form | {"via": "paper"})
    receipt.refresh_from_db()
    assert getattr(receipt, fact) == receipt.confirmed_via == Via.PAPER
    assert receipt.not_applicable_reason == form.get("reason", "")


def test_a_question_is_recorded_with_its_step_and_its_words(receipt: Receipt, steps: list[Step], cast: Cast) -> None:
    form = CONFIRMED | {"what": "help", "step": steps[4].pk, "note": "権限区分が選べません"}
    cast.client("chair").post(address(receipt), form)
    asked = HelpRequest.objects.get()
    assert (asked.step, asked.note) == (steps[4], "権限区分が選べません")
    shown = text(cast.client("staff").get(reverse("notices:help_request", args=[asked.pk])))
    for word in ("梅﨑 千夏", "代理（電話）", "髙栁 誠", "権限区分が選べません"):
        assert word in shown


def test_a_question_without_a_step_or_a_word_is_about_the_whole(receipt: Receipt, cast: Cast) -> None:
    cast.client("staff").post(address(receipt), CONFIRMED | {"what": "help"})
    asked = HelpRequest.objects.get()
    assert (asked.step, asked.note) == (None, "")


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"what": ""}, "薬局の答え：選んでください"),
        ({"via": ""}, "答えを受けた方法：選んでください"),
        ({"via": "personal"}, "答えを受けた方法"),
        ({"person": "　"}, "答えた方のお名前：入力してください"),
        ({"what": "not_applicable"}, "対象外の理由を入れてください。"),
        ({"what": "help", "step": "999999"}, "困っている手順"),
    ],
)
def test_what_is_missing_is_asked_for_and_the_rest_kept(receipt: Receipt, cast: Cast, form: dict, words: str) -> None:
    answer = cast.client("chair").post(address(receipt), CONFIRMED | form)
    assert answer.status_code == 422
    assert words in text_of(answer) and "夕方に見るとのこと" in text(answer)
    assert not OnBehalf.objects.exists()


@pytest.mark.parametrize("field", ["person", "remark", "reason", "note"])
def test_a_secret_comes_back_masked_and_nothing_is_kept(receipt: Receipt, cast: Cast, field: str) -> None:
    box = {"reason": "not_applicable", "note": "help"}.get(field, "confirmed")
    chair, before = cast.client("chair"), everything()
    form = CONFIRMED | {"what": box, "reason": "訪問なし", field: "パスワードは abcd1234 です"}
    answer = chair.post(address(receipt), form)
    assert answer.status_code == 422
    assert "まだ記録していません" in text(answer) and "パスワードは ＊＊＊＊＊＊＊＊＊＊ です" in text(answer)
    assert "abcd1234" not in text(answer)
    assert changed(before) == set()


def test_what_was_typed_for_another_box_does_not_count(receipt: Receipt, cast: Cast) -> None:
    form = CONFIRMED | {"reason": "訪問なし", "note": "暗証番号は 4726 です", "step": "999999"}
    assert cast.client("chair").post(address(receipt), form).status_code == 302
    receipt.refresh_from_db()
    assert (receipt.confirmed_via, receipt.not_applicable_reason) == (Via.TELEPHONE, "")
    assert not HelpRequest.objects.exists()


def test_what_is_recorded_already_stays_and_the_person_is_told(confirmed: Receipt, cast: Cast) -> None:
    first, staff = confirmed.confirmed_at, cast.client("staff")
    answer = staff.post(address(confirmed), CONFIRMED, follow=True)
    assert "何も記録していません。 白鷺中央薬局の「確認」は、もう記録されています。" in text_of(answer)
    assert "取り消す</button>" not in text(answer)
    answer = staff.post(address(confirmed), CONFIRMED | {"what": "finished"}, follow=True)
    assert "薬局が前にした確認は、そのまま残しています。" in text_of(answer)
    confirmed.refresh_from_db()
    assert (confirmed.confirmed_at, confirmed.confirmed_via) == (first, Via.PERSONAL)


def test_what_stands_in_the_way_is_said_in_words(confirmed: Receipt, cast: Cast) -> None:
    setup.finish(confirmed.pk, **BY_HAND)
    answer = cast.client("chair").post(address(confirmed), CONFIRMED | {"what": "not_applicable", "reason": "なし"})
    assert answer.status_code == 409
    assert "記録していません。 この通知は「完了」として登録されています。" in text_of(answer)
    assert "夕方に見るとのこと" in text(answer)


def test_a_superseded_notice_takes_nothing_and_offers_no_button(receipt: Receipt, cast: Cast) -> None:
    new = cast.released("（訂正）", ask=Release.Ask.SET_UP)
    cast.supersede(receipt.release, new)
    chair, staff = cast.client("chair"), cast.client("staff")
    assert chair.get(address(receipt))["Location"] == desk_of(cast, receipt)
    answer = chair.post(address(receipt), CONFIRMED)
    assert answer.status_code == 409
    assert "この通知は訂正され、新しい通知に代わりました。今の操作は記録していません。" in text(answer)
    assert not OnBehalf.objects.exists()
    pharmacies = reverse("notices:notice_pharmacies", args=[receipt.release.notice_id])
    for client, where in (
        (chair, desk_of(cast, receipt)),
        (staff, reverse("notices:receipt", args=[receipt.pk])),
        (staff, pharmacies),
    ):
        assert address(receipt) not in text(client.get(where))


def test_a_notice_that_asks_nothing_has_no_sheet(cast: Cast) -> None:
    receipt = cast.receipt(cast.released(ask=Release.Ask.INFORM), cast.pharmacies[0])
    assert cast.client("staff").get(address(receipt)).status_code == 404
    assert address(receipt) not in text(cast.client("chair").get(desk_of(cast, receipt)))


def test_a_notice_without_steps_has_two_boxes(cast: Cast) -> None:
    receipt = cast.receipt(cast.released(), cast.pharmacies[0])
    shown = text(cast.client("staff").get(address(receipt)))
    assert [box for box in ("confirmed", "finished", "not_applicable", "help") if f'value="{box}"' in shown] == [
        "confirmed",
        "help",
    ]


def test_a_form_sent_after_the_session_has_ended_comes_back(receipt: Receipt, cast: Cast) -> None:
    client = Client()
    assert client.post(address(receipt), CONFIRMED).status_code == 302
    assert not OnBehalf.objects.exists()
    client.force_login(cast.capacities["chair"].account)
    assert "夕方に見るとのこと" in text(client.get(address(receipt)))


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_way_back_never_leaves_the_site(receipt: Receipt, cast: Cast, elsewhere: str) -> None:
    answer = cast.client("chair").post(address(receipt, next=elsewhere), CONFIRMED)
    assert answer["Location"] == desk_of(cast, receipt)


def test_every_page_with_the_pharmacy_leads_to_its_sheet(receipt: Receipt, cast: Cast) -> None:
    staff, chair = cast.client("staff"), cast.client("chair")
    pharmacies = reverse("notices:notice_pharmacies", args=[receipt.release.notice_id])
    assert address(receipt) in text(staff.get(reverse("notices:receipt", args=[receipt.pk])))
    assert address(receipt, next=pharmacies) in text(staff.get(pharmacies))
    assert address(receipt) + "?next=" in text(chair.get(desk_of(cast, receipt)))


# Who may do what ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["other_chair", "pharmacy", "neighbour"])
def test_anothers_sheet_does_not_exist_and_pressing_there_is_recorded(receipt: Receipt, cast: Cast, who: str) -> None:
    made = recorded(receipt, cast, "chair")
    client, capacity = cast.client(who), cast.capacities[who]
    assert client.get(address(receipt)).status_code == 404
    for where, form in ((address(receipt), CONFIRMED | {"what": "finished"}), (undoing(made), {})):
        assert client.post(where, form).status_code == 404
        event = Event.objects.filter(verb="access.refused").latest("pk")
        assert (event.capacity, event.detail) == (capacity, {"path": where})
    receipt.refresh_from_db()
    assert (receipt.confirmed_via, receipt.finished_at) == (Via.TELEPHONE, None)


def test_a_personal_address_is_no_door_to_it(receipt: Receipt) -> None:
    stranger = Client()
    stranger.get(page(receipt))
    assert stranger.get(address(receipt))["Location"].startswith("/signin/")


def test_a_chair_who_left_office_records_no_more(receipt: Receipt, cast: Cast) -> None:
    chair, capacity = cast.client("chair"), cast.capacities["chair"]
    capacity.ended_at = capacity.since
    capacity.save()
    assert chair.post(address(receipt), CONFIRMED).status_code in (403, 404)
    assert not OnBehalf.objects.exists()


def test_looking_at_the_undoing_address_undoes_nothing(receipt: Receipt, cast: Cast) -> None:
    made, chair = recorded(receipt, cast, "chair"), cast.client("chair")
    before = everything()
    assert chair.get(undoing(made))["Location"] == address(receipt)
    assert changed(before) == set()


def test_the_author_sees_until_when_and_later_only_staff_have_the_button(receipt: Receipt, cast: Cast) -> None:
    made, chair, staff = recorded(receipt, cast, "chair"), cast.client("chair"), cast.client("staff")
    button = f'action="{undoing(made)}'
    assert button in text(chair.get(address(receipt))) and "まで）" in text_of(chair.get(address(receipt)))
    assert button not in text(office_of(cast).get(address(receipt)))
    passed(made, 30)
    assert button not in text(chair.get(address(receipt)))
    assert "30 分を過ぎたため、取り消せません。" in text_of(chair.post(undoing(made), follow=True))
    assert button in text(staff.get(reverse("notices:receipt", args=[receipt.pk])))
    assert "取り消しました。" in text_of(staff.post(undoing(made), follow=True))
    assert "もう取り消されています。" in text_of(staff.post(undoing(made), follow=True))


def test_an_undoing_that_is_refused_says_why(receipt: Receipt, cast: Cast) -> None:
    made = recorded(receipt, cast, "chair")
    setup.finish(receipt.pk, **BY_HAND)
    answer = cast.client("chair").post(undoing(made), follow=True)
    assert "この記録のあとに、薬局の「完了」が記録されているため、取り消せません。" in text_of(answer)


def test_who_answered_is_for_staff_the_author_and_the_pharmacy(receipt: Receipt, cast: Cast) -> None:
    recorded(receipt, cast, "chair")
    readers = {
        "staff": (cast.client("staff"), reverse("notices:receipt", args=[receipt.pk])),
        "the author": (cast.client("chair"), address(receipt)),
        "the pharmacy": (cast.client("pharmacy"), reverse("notices:own_receipt", args=[receipt.pk])),
        "its address": (Client(), page(receipt)),
    }
    for who, (client, where) in readers.items():
        assert all(word in text(client.get(where)) for word in WRITTEN), who
    others = [
        (office_of(cast), address(receipt)),
        (cast.client("chair"), desk_of(cast, receipt) + "?show=all"),
        (cast.client("chair"), reverse("notices:organisation_notices", args=[receipt.organisation_id])),
    ]
    for client, where in others:
        shown = text(client.get(where))
        assert "代理" in shown and not [word for word in WRITTEN if word in shown], where


def test_a_chair_does_not_read_what_staff_wrote(receipt: Receipt, cast: Cast) -> None:
    recorded(receipt, cast, "staff")
    shown = text(cast.client("chair").get(address(receipt)))
    assert "福岡県薬剤師会" in shown
    assert not [word for word in (*WRITTEN, "髙﨑 美緒") if word in shown]


def test_the_sheet_shows_a_chair_state_and_telephone_but_nothing_that_the_pharmacy_wrote(
    confirmed: Receipt, cast: Cast
) -> None:
    confirming.name(confirmed.pk, "宮﨑 悠", **BY_HAND)
    setup.mark_not_applicable(confirmed.pk, "訪問を行っていない", **BY_HAND)
    HelpRequest.objects.create(receipt=confirmed, note="権限の区分が選べません")
    Officer.objects.create(organisation=confirmed.organisation, office=Office.MANAGER, name="德丸 翔太")
    shown = text(cast.client("chair").get(address(confirmed)))
    for word in ("白鷺中央薬局", confirmed.organisation.telephone, "対象外", "管理薬剤師　德丸 翔太"):
        assert word in shown
    assert not [word for word in ("宮﨑", "訪問を行っていない", "権限の区分") if word in shown]


# What is told of it ---------------------------------------------------------------------------------------------------


def test_the_pharmacy_is_told_how_when_and_by_whom(receipt: Receipt, cast: Cast) -> None:
    made = recorded(receipt, cast, "chair", What.FINISHED)
    day = f"{made.at.astimezone():%-m月%-d日}"
    shown = text_of(Client().get(page(receipt)))
    assert f"代理で記録されました： 電話、{day}（" in shown
    assert "）、白鷺地区薬剤師会" in shown
    on_behalf.undo(made.pk, actor=acting(cast, "chair"))
    assert "代理で記録されました" not in text_of(Client().get(page(receipt)))


def test_what_the_pharmacy_took_back_itself_is_told_no_more(confirmed: Receipt, cast: Cast) -> None:
    recorded(confirmed, cast, "chair", What.FINISHED)
    setup.reopen(confirmed.pk, **BY_HAND)
    assert "代理で記録されました" not in text(Client().get(page(confirmed)))


def test_an_unconfirmed_pharmacy_reads_its_question_and_the_answer(receipt: Receipt, cast: Cast) -> None:
    made = recorded(receipt, cast, "staff", What.HELP, note="進めません")
    answer = {"answer": "手順 3 を先にしてください", "write": ""}
    cast.client("staff").post(reverse("notices:help_request", args=[made.help_request_id]), answer)
    shown = text(Client().get(page(receipt)))
    assert "手順 3 を先にしてください" in shown and "代理で記録されました" in shown
    assert "確認しました</button>" in shown


def test_an_answer_to_a_question_that_was_undone_meanwhile_is_told_so(receipt: Receipt, cast: Cast) -> None:
    made = recorded(receipt, cast, "chair", What.HELP, note="進めません")
    where = reverse("notices:help_request", args=[made.help_request_id])
    own = page(receipt, "personal_help_close")
    on_behalf.undo(made.pk, actor=acting(cast, "chair"))
    staff = cast.client("staff")
    shown = text_of(staff.post(where, {"answer": "手順 3 を先に", "write": ""}, follow=True))
    assert "この相談は、もうありません。 代理の記録が取り消されました。今の回答は残していません。" in shown
    assert staff.get(where).status_code == 404
    assert Client().post(own, {"help": made.help_request_id}).status_code == 302
    assert not Event.objects.filter(verb="access.refused").exists()


@pytest.fixture
def board(cast: Cast, guided: Release) -> Release:
    """One pharmacy finished itself; one was confirmed by telephone, one 対象外 by telephone, one finished by FAX."""
    mine = [cast.receipt(guided, pharmacy) for pharmacy in cast.pharmacies[:4]]
    setup.finish(mine[0].pk, **BY_HAND)
    recorded(mine[1], cast, "chair")
    recorded(mine[2], cast, "chair", What.NOT_APPLICABLE, reason="訪問なし")
    on_behalf.record(mine[3].pk, Said(What.FINISHED, Via.FAX, "髙木 亮"), actor=acting(cast, "staff"))
    return guided


def test_counts_tell_those_apart_for_whom_others_answered(cast: Cast, board: Release) -> None:
    tally = progress.totals(board).pharmacies
    assert (tally.confirmed, tally.on_behalf) == (4, 3)
    assert (tally.finished, tally.finished_on_behalf) == (2, 1)
    assert (tally.not_applicable, tally.not_applicable_on_behalf) == (1, 1)


def test_the_board_and_its_districts_say_how_many_of_them(cast: Cast, board: Release) -> None:
    answer = cast.client("staff").get(reverse("notices:notice", args=[board.notice_id]))
    shown = text_of(answer)
    assert "確認 4 66.7% 「確認しました」と答えた薬局（うち代理 3）" in shown
    assert "対象外 1（うち代理 1）を除く 5 薬局のうち 完了のうち代理 1" in shown
    place = headings(answer).index("うち代理")
    assert {row[0]: row[place] for row in rows(answer)} == {"白鷺": "2", "髙尾台": "1"}


def test_the_chairs_desk_says_how_many_of_them_and_how(cast: Cast, board: Release) -> None:
    receipt = cast.receipt(board, cast.pharmacies[0])
    shown = text_of(cast.client("chair").get(desk_of(cast, receipt) + "?show=all"))
    assert "確認 3 / 3（うち代理 2） 完了 1 対象外 1 （うち代理 1）" in shown
    assert shown.count("代理（電話）") == 2, "how it was recorded"
    assert "代理（電話） 髙栁 誠" in shown, "and by whom"


def test_the_chairs_desk_names_who_recorded_what_stands_not_what_was_taken_back(cast: Cast, guided: Release) -> None:
    receipt = cast.receipt(guided, cast.pharmacies[1])
    recorded(receipt, cast, "chair")
    recorded(receipt, cast, "staff", What.FINISHED)
    setup.reopen(receipt.pk, **BY_HAND)
    shown = text_of(cast.client("chair").get(desk_of(cast, receipt) + "?show=all"))
    assert "代理（電話） 髙栁 誠" in shown


def test_the_list_of_pharmacies_says_it_beside_the_state_and_narrows_to_them(cast: Cast, board: Release) -> None:
    where, staff = reverse("notices:notice_pharmacies", args=[board.notice_id]), cast.client("staff")
    found = {row[0]: row[3] for row in rows(staff.get(where))}
    assert found["すみれ調剤薬局"] == "代理確認 代理（電話）"
    assert found["髙﨑薬局"] == "完了 代理（FAX）"
    assert found["白鷺中央薬局"] == "完了"
    assert [row[0] for row in rows(staff.get(where + "?answer=on_behalf"))] == [
        "すみれ調剤薬局",
        "薬局しらさぎの杜",
        "髙﨑薬局",
    ]


def test_the_files_tell_them_apart(cast: Cast, board: Release) -> None:
    staff = cast.client("staff")
    [first, _] = sheet(staff.get(reverse("notices:notice_districts_csv", args=[board.notice_id])))
    assert (first["確認"], first["確認（うち代理）"], first["対象外（うち代理）"]) == ("3", "2", "1")
    listed = sheet(staff.get(reverse("notices:notice_pharmacies", args=[board.notice_id]) + "?format=csv"))
    assert {row["薬局"]: row["完了の方法"] for row in listed}["髙﨑薬局"] == "代理（FAX）"


def test_staff_read_every_record_of_a_notice_undone_or_not(cast: Cast, board: Release) -> None:
    on_behalf.undo(OnBehalf.objects.get(via=Via.FAX).pk, actor=acting(cast, "staff"))
    answer = cast.client("staff").get(reverse("notices:notice_on_behalf", args=[board.notice_id]))
    assert headings(answer)[1:] == ["薬局", "地区", "内容", "方法", "答えた方・備考", "記録した人", "取り消し"]
    last, not_applicable, confirmed = rows(answer)
    assert last[1:7] == ["髙﨑薬局", "髙尾台", "完了", "FAX", "髙木 亮", "髙﨑 美緒 福岡県薬剤師会"]
    assert last[7].startswith("取り消し済 ") and last[7].endswith("髙﨑 美緒")
    assert confirmed[1:] == [
        "すみれ調剤薬局",
        "白鷺",
        "確認",
        "電話",
        "梅﨑 千夏 夕方に見るとのこと",
        "髙栁 誠 白鷺",
        "–",
    ]
    assert not_applicable[3] == "対象外"
