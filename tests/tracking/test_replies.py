"""返信の入力: a sheet's code is typed, the sheet is shown, its box recorded; then the next one."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from members import wareki
from members.models import Event
from notices import sheet_code
from notices.models import HelpRequest, OnBehalf, Receipt, Release, Step
from notices.models.receipt import Via
from notices.templatetags.screen import desk_day, weekday_date
from notices.tracking import on_behalf
from tests.boards.reading import rows, text_of
from tests.cast import Cast
from tests.rows import changed, everything

FAX = {"what": "confirmed", "via": "fax"}


def address(receipt: Receipt | None = None, code: str = "") -> str:
    code = code or (sheet_code.of(receipt.pk) if receipt else "")
    return reverse("notices:replies") + (f"?{urlencode({'code': code})}" if code else "")


@pytest.mark.parametrize("who", ["staff", "chair"])
def test_a_code_shows_the_sheet_records_nothing_and_its_button_leads_to_the_next(
    receipt: Receipt, cast: Cast, who: str
) -> None:
    client, before = cast.client(who), everything()
    assert "まだありません" in text_of(client.get(address()))
    typed = "".join(chr(ord(char) + 0xFEE0) for char in sheet_code.of(receipt.pk).lower().replace("-", ""))
    shown = text_of(client.get(address(code=f" {typed}")))
    for words in (
        "白鷺中央薬局",
        receipt.release.notice.subject,
        "1 確認しました",
        "2 設定が完了しました",
        "3 対象外です",
    ):
        assert words in shown, words
    assert changed(before) == set()
    answer = client.post(address(receipt), FAX)
    assert (answer.status_code, answer["Location"]) == (302, address())
    made = OnBehalf.objects.get()
    assert (made.what, made.via, made.person, made.capacity) == ("confirmed", "fax", "記入なし", cast.capacities[who])
    page = client.get(address())
    assert "白鷺中央薬局の「確認」を、代理（FAX）で記録しました。 次の用紙をどうぞ。" in text_of(page)
    undoing = reverse("notices:on_behalf_undo", args=[made.pk])
    assert f'action="{undoing}?next={address()}"' in page.content.decode()
    assert client.post(f"{undoing}?next={address()}")["Location"] == address()
    assert "取り消し済 確認" in text_of(client.get(address()))
    receipt.refresh_from_db()
    assert receipt.confirmed_at is None


def test_each_box_and_two_at_once(receipt: Receipt, steps: list[Step], cast: Cast) -> None:
    staff = cast.client("staff")
    help_form = {"what": "help", "via": "paper", "person": "梅﨑 千夏", "step": steps[4].pk, "note": "区分が選べません"}
    staff.post(address(receipt), help_form | {"also": "on"})
    receipt.refresh_from_db()
    asked = HelpRequest.objects.get()
    assert (receipt.confirmed_via, asked.step, asked.note) == (Via.PAPER, steps[4], "区分が選べません")
    page = staff.get(address(receipt))
    assert "この薬局は、もう答えています。 確認" in text_of(page)
    assert 'value="paper"' in page.content.decode().partition('name="via"')[2].partition("checked")[0][-400:]
    staff.post(address(receipt), {"what": "not_applicable", "via": "paper", "reason": "訪問なし"})
    receipt.refresh_from_db()
    assert receipt.not_applicable_reason == "訪問なし"
    answer = staff.post(address(receipt), {"what": "finished", "via": "fax"})
    assert answer.status_code == 409
    assert "記録していません。 この通知は「対象外」として登録されています。" in text_of(answer)
    again = staff.post(address(receipt), FAX, follow=True)
    assert "何も記録していません。 白鷺中央薬局の「確認」は、もう記録されています。" in text_of(again)
    assert [row[2].split()[0] for row in rows(again)] == ["対象外", "困っています", "確認"]


def test_the_date_on_the_sheet_is_kept_with_the_answer_and_counts_for_nothing_else(
    receipt: Receipt, cast: Cast
) -> None:
    today = timezone.localdate()
    signed = today - dt.timedelta(days=3)
    Release.objects.filter(pk=receipt.release_id).update(released_on=signed)
    staff = cast.client("staff")
    page = staff.post(address(receipt), FAX | {"written_on": f"{signed.month}/{signed.day}"}, follow=True)
    made = OnBehalf.objects.get()
    assert made.written_on == signed and timezone.localdate(made.at) == today
    receipt.refresh_from_db()
    assert timezone.localdate(receipt.confirmed_at) == today
    said = f"用紙の日付 {desk_day(signed)}"
    assert said in text_of(page)
    assert said in text_of(staff.get(reverse("notices:receipt", args=[receipt.pk])))
    own = cast.client("pharmacy").get(reverse("notices:own_receipt", args=[receipt.pk]))
    assert f"用紙の日付 {weekday_date(signed)}" in text_of(own)
    told = on_behalf.Said(OnBehalf.What.CONFIRMED, Via.TELEPHONE, "髙木 亮", written_on=signed)
    with pytest.raises(IntegrityError), transaction.atomic():
        on_behalf.record(cast.receipt(receipt.release, cast.pharmacies[1]).pk, told, actor=cast.actor("staff"))


def test_a_date_that_cannot_stand_on_the_sheet_is_refused_and_one_left_out_is_none(
    receipt: Receipt, cast: Cast
) -> None:
    staff, today = cast.client("staff"), timezone.localdate()
    Release.objects.filter(pk=receipt.release_id).update(released_on=today - dt.timedelta(days=3))
    for day, words in (
        (today + dt.timedelta(days=1), "今日より後です"),
        (today - dt.timedelta(days=4), "より前です"),
    ):
        answer = staff.post(address(receipt), FAX | {"written_on": wareki.long_date(day)})
        assert (answer.status_code, words in text_of(answer)) == (422, True)
        assert f"{wareki.long_date(day)}と読みましたが、" in text_of(answer)
    # Without a year it is the latest such day: tomorrow's was a year ago.
    tomorrow = today + dt.timedelta(days=1)
    typed = f"{tomorrow.month}/{tomorrow.day}"
    read = wareki.long_date(wareki.nearest(typed, today))
    said = text_of(staff.post(address(receipt), FAX | {"written_on": typed}))
    out = wareki.long_date(today - dt.timedelta(days=3))
    assert f"{read}と読みましたが、発出した日（{out}）より前です。" in said
    assert f"年が違うときは「{out}」のように年から" in said
    for typed, words in (
        ("13/40", "13月はありません"),
        ("あした", f"日付として読めません。「{today.month}/{today.day}」か「{wareki.long_date(today)}」のように"),
    ):
        said = text_of(staff.post(address(receipt), FAX | {"written_on": typed}))
        assert words in said and f"「{today.month}/{today.day}」か「{wareki.long_date(today)}」のように。" in said
    assert not OnBehalf.objects.exists()
    staff.post(address(receipt), FAX | {"written_on": ""})
    assert OnBehalf.objects.get().written_on is None


@pytest.mark.parametrize("who", ["staff", "chair"])
def test_what_is_mistyped_unknown_or_anothers_is_told_and_records_nothing(
    receipt: Receipt, cast: Cast, who: str
) -> None:
    client = cast.client(who)
    code = sheet_code.of(receipt.pk)
    wrong = code[:-1] + next(letter for letter in sheet_code.ALPHABET if letter != code[-1])
    before = everything()
    for typed in (wrong, code[:-1], "髙" * 8, "x" * 5000):
        answer = client.get(address(code=typed))
        assert answer.status_code == 422
        assert "このコードは、打ち間違えています。" in text_of(answer) and "白鷺中央薬局" not in text_of(answer)
        assert client.post(address(code=typed), FAX).status_code == 422
    unknown = client.get(address(code=sheet_code.of(987_654)))
    assert unknown.status_code == 404 and "このコードの用紙は見つかりません。" in text_of(unknown)
    districts_own = cast.receipt(receipt.release, cast.shirasagi)
    assert client.get(address(districts_own)).status_code == 404
    assert client.post(address(), FAX).status_code == 404
    assert changed(before) == set()


@pytest.mark.parametrize("who", ["other_chair", "pharmacy", "neighbour"])
def test_anothers_sheet_is_unknown_and_to_record_there_is_recorded(receipt: Receipt, cast: Cast, who: str) -> None:
    client = cast.client(who)
    answer = client.get(address(receipt))
    assert answer.status_code == 404 and "白鷺中央薬局" not in answer.content.decode().partition("<main")[2]
    if who == "other_chair":
        same = client.get(address(code=sheet_code.of(987_654)))
        assert text_of(answer).replace(sheet_code.of(receipt.pk), "") == text_of(same)
    assert client.post(address(receipt), FAX).status_code == 404
    event = Event.objects.latest("pk")
    assert (event.verb, event.capacity) == ("access.refused", cast.capacities[who])
    assert not OnBehalf.objects.exists()


def test_a_code_opens_nothing_for_who_is_not_signed_in(receipt: Receipt) -> None:
    assert Client().get(address(receipt))["Location"].startswith("/signin/")
    assert Client().post(address(receipt), FAX)["Location"].startswith("/signin/")
    assert not OnBehalf.objects.exists()


def test_a_sheet_of_a_notice_that_takes_no_answers_says_why(receipt: Receipt, cast: Cast) -> None:
    informing = cast.receipt(cast.released("研修会", ask=Release.Ask.INFORM), cast.pharmacies[0])
    staff = cast.client("staff")
    assert "この通知はお知らせです。お返事はいりません。" in text_of(staff.get(address(informing)))
    Release.objects.filter(pk=receipt.release_id).update(state=Release.State.STOPPED)
    assert "この発出は、途中で中止しています。" in text_of(staff.get(address(receipt)))
    new = cast.released("（訂正）", ask=Release.Ask.SET_UP)
    cast.supersede(receipt.release, new)
    shown = text_of(staff.get(address(receipt)))
    assert "この通知は訂正されました。この用紙の返信は記録できません。" in shown and "（訂正）" in shown
    assert "記録して次へ" not in shown
    for one in (informing, receipt):
        assert staff.post(address(one), FAX).status_code == 409
    assert not OnBehalf.objects.exists()


def test_what_is_missing_is_asked_for_and_secrets_come_back_masked(receipt: Receipt, cast: Cast) -> None:
    staff = cast.client("staff")
    answer = staff.post(address(receipt), FAX | {"what": "not_applicable", "remark": "夕方"})
    assert answer.status_code == 422
    assert "対象外の理由を入れてください。" in text_of(answer) and "夕方" in answer.content.decode()
    answer = staff.post(address(receipt), FAX | {"person": "暗証番号は 4726 です"})
    assert answer.status_code == 422
    assert "まだ記録していません。" in text_of(answer) and "4726" not in answer.content.decode()
    assert staff.post(address(receipt), FAX | {"via": "telephone"}).status_code == 422
    assert not OnBehalf.objects.exists()


def test_the_list_is_of_what_the_person_entered_from_sheets(receipt: Receipt, cast: Cast) -> None:
    staff, chair = cast.client("staff"), cast.client("chair")
    other = cast.receipt(receipt.release, cast.pharmacies[1])
    staff.post(address(receipt), FAX)
    chair.post(address(other), FAX)
    staff.post(reverse("notices:on_behalf", args=[other.pk]), {"what": "finished", "via": "telephone", "person": "梅"})
    assert [row[0] for row in rows(staff.get(address()))] == ["白鷺中央薬局"]
    assert [row[0] for row in rows(chair.get(address()))] == ["すみれ調剤薬局"]
