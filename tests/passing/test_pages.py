"""The chair's pages of a notice that goes through the district, staff's page to step in, and what others see of it."""

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from members import tree, wareki
from members.models import Event, Organisation
from notices import hops
from notices.forms.passing_on import PassOnForm
from notices.letters import numbering, stating
from notices.models import Delivery, HelpRequest, Notice, Receipt, Release
from notices.models.receipt import Via
from notices.search.searching import Search, notices_for
from notices.templatetags.screen import weekday_date
from notices.tracking import confirming
from tests.boards.reading import text_of
from tests.passing.conftest import Way

TYPED = {
    "text": "いつもお世話になっております。\r\n別添1 のとおりです。",
    "number": "白薬発第12号",
    "date": "",
    "deadline": "",
    "sure": "on",
}


def address(way: Way, name: str = "district_receipt", *, who: str = "chair") -> str:
    return reverse(f"notices:{name}", args=[way.receipt(way.cast.capacities[who].organisation).pk])


def press(way: Way, **typed: str) -> HttpResponse:
    return way.cast.client("chair").post(address(way, "district_compose"), TYPED | typed, follow=True)


def letters(way: Way) -> list[Release]:
    return list(Release.objects.filter(passes_on=way.release))


def test_nothing_is_sent_before_it_is_ticked_that_it_cannot_be_undone(way: Way):
    page = way.cast.client("chair").post(address(way, "district_compose"), TYPED | {"sure": ""})
    assert page.status_code == 422 and "確かめたら、印を付けてください" in page.content.decode()
    assert not Release.objects.filter(passes_on=way.release).exists()


def test_the_chairs_page_leads_to_the_letter(way: Way):
    page = way.cast.client("chair").get(address(way))
    assert address(way, "district_compose") in page.content.decode()
    assert address(way, "district_pass_on") not in page.content.decode(), "saying so alone would reach no member"
    assert "会員薬局には、県薬剤師会からは届いていません。" in text_of(page)


def test_the_list_says_what_has_still_to_be_passed_on(way: Way):
    chair = way.cast.client("chair")
    chair.post(address(way, "district_accept"))
    words = "まだ会員に送っていない通知が 1 件あります。"
    assert words in text_of(chair.get(reverse("notices:district")))
    press(way)
    assert words not in text_of(chair.get(reverse("notices:district")))


def test_what_is_to_be_passed_on_stands_once_on_the_list_with_the_next_step(way: Way):
    """Sending it to the members receives it as well; what has to be received only has a box of its own."""
    chair, where = way.cast.client("chair"), reverse("notices:district")
    shown = text_of(chair.get(where))
    assert "まだ会員に送っていない通知が 1 件あります。" in shown and "送ると、受領の確認も記録されます。" in shown
    assert "まだ受領を確認していない通知" not in shown and "受領を確認しました" not in shown
    other = way.cast.released("直接届く通知")
    shown = text_of(chair.get(where))
    assert "ほかに、まだ受領を確認していない通知が 1 件あります。" in shown
    assert shown.count("受領を確認しました") == 1 and other.notice.number_text in shown
    press(way)
    assert "まだ受領を確認していない通知が 1 件あります。" in text_of(chair.get(where))


def test_the_form_begins_with_what_is_usual_and_shows_the_letter_beside(way: Way):
    page = way.cast.client("chair").get(address(way, "district_compose"))
    text = text_of(page)
    assert way.release.notice.number_text in page.context["form"].initial["text"]
    assert "会員の 3 薬局 に送ります" in text
    assert "県薬剤師会の決裁はいりません" in text
    assert page.context["letter"].senders[0][0] == way.cast.shirasagi.name
    assert page.context["form"].initial["deadline"] == way.release.deadline


def test_the_preview_shows_what_is_typed_and_keeps_nothing(way: Way):
    chair, there = way.cast.client("chair"), address(way, "district_preview")
    page = chair.post(there, TYPED).content.decode()
    assert "白薬発第12号" in page
    assert "別添1 のとおりです。" in page
    assert letters(way) == []
    page = chair.post(there, TYPED | {"date": "令和40年2月30日"}).content.decode()
    assert "別添1 のとおりです。" in page, "what is wrong elsewhere does not hide it"


def test_the_button_sends_it_and_the_page_tells_how_it_goes(way: Way):
    earlier = way.release.deadline - timezone.timedelta(days=5)
    page = press(way, deadline=wareki.long_date(earlier))
    [letter] = letters(way)
    assert (letter.notice.number_text, letter.deadline) == ("白薬発第12号", earlier)
    assert letter.notice.body == "いつもお世話になっております。\n別添1 のとおりです。"
    text = text_of(page)
    assert "会員の 3 薬局に送ります。" in text
    assert "送信済 0 / 3 薬局" in text
    assert f"会員の確認期限 {weekday_date(earlier)}" in text, "beside the association's own"
    assert "会員への周知を取り消す" not in text
    assert len(page.context["rows"]) == 3, "the members are listed as those of any notice"


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_sent(way: Way):
    later = wareki.long_date(way.release.deadline + timezone.timedelta(days=1))
    for typed, words in (
        ({"deadline": later}, "より後にはできません"),
        ({"deadline": "令和元年5月1日"}, "今日より前の日です"),
        ({"date": "令和元年5月1日"}, "より前です"),
        ({"date": "令和6年2月30日"}, "2月"),
        ({"text": " "}, "会員への文面"),
        ({"text": "パスワードは abcd1234 です"}, "パスワード"),
    ):
        page = press(way, **typed)
        assert (page.status_code, words in text_of(page)) == (422, True), typed
        assert "まだ送っていません。" in text_of(page)
    assert letters(way) == []


def test_a_deadline_without_a_year_is_shown_in_full_before_anything_is_sent(way: Way):
    asked = way.release.deadline
    page = press(way, deadline=f"{asked.month}/{asked.day}")
    assert f"{wareki.long_date(asked)}（{wareki.WEEKDAYS[asked.weekday()]}）と読みました。" in text_of(page)
    html = page.content.decode()
    assert "message-bad" not in html and 'role="alert"' not in html and "aria-invalid" not in html
    assert letters(way) == []
    press(way, deadline=page.context["form"]["deadline"].value())
    assert [letter.deadline for letter in letters(way)] == [asked]


def test_before_the_chair_sends_text_and_letter_name_the_deadline_that_goes_out(way: Way):
    usual = PassOnForm(receipt=way.receipt(way.cast.shirasagi)).initial
    first, second = (way.release.deadline - timezone.timedelta(days=days) for days in (1, 2))
    before, named = stating.due(way.release.deadline, stating.TO_MEMBERS), ""
    assert usual["text"].endswith(before)
    text = usual["text"]
    for day in (first, second):  # the chair thinks better of it
        page = press(way, text=text, deadline=f"{day.month}/{day.day}", named=named)
        text, named = (page.context["form"][name].value() for name in ("text", "named"))
        assert text == usual["text"].replace(before, stating.due(day, stating.TO_MEMBERS))
        assert page.context["letter"].paragraphs == text.splitlines()
    assert letters(way) == []
    press(way, text=text, named=named, deadline=page.context["form"]["deadline"].value())
    [letter] = letters(way)
    assert (letter.deadline, letter.notice.body) == (second, text)


def test_without_the_tick_the_text_comes_back_as_it_would_go_out(way: Way):
    earlier = way.release.deadline - timezone.timedelta(days=1)
    usual = PassOnForm(receipt=way.receipt(way.cast.shirasagi)).initial["text"]
    page = press(way, text=usual, deadline=wareki.long_date(earlier), sure="")
    assert page.context["form"]["text"].value().endswith(stating.due(earlier, stating.TO_MEMBERS))


def test_a_day_without_a_year_that_cannot_be_is_refused_at_once(way: Way):
    later = way.release.deadline + timezone.timedelta(days=1)
    page = press(way, deadline=f"{later.month}/{later.day}")
    assert "より後にはできません" in text_of(page) and "と読みました" not in text_of(page)
    assert letters(way) == []


def test_a_deadline_that_the_chair_has_taken_out_of_the_text_does_not_come_back(way: Way):
    usual = PassOnForm(receipt=way.receipt(way.cast.shirasagi)).initial["text"]
    [*kept, _] = usual.splitlines()
    press(way, text="\n".join(kept), deadline=wareki.long_date(way.release.deadline - timezone.timedelta(days=1)))
    [letter] = letters(way)
    assert letter.notice.body == "\n".join(kept)


def test_pressed_again_it_shows_the_first_letter(way: Way):
    press(way)
    assert way.cast.client("chair").get(address(way, "district_compose")).url == address(way)
    page = press(way, text="もう一度")
    assert "二重には送っていません。" in text_of(page)
    assert len(letters(way)) == 1


def test_a_number_given_before_is_refused_beside_its_field_and_the_next_one_is_proposed(way: Way):
    other = Notice.objects.create(state="draft", subject="先の文書")
    numbering.give_of_district(other, way.cast.shirasagi, "白薬発第12号", timezone.localdate())
    form = way.cast.client("chair").get(address(way, "district_compose")).context["form"]
    assert form.initial["number"] == "白薬発第13号"
    page = press(way)
    assert (page.status_code, "この年度の別の文書「先の文書」に付けた番号です" in text_of(page)) == (422, True)
    assert letters(way) == []


def test_a_chair_without_members_to_tell_is_told_so(way: Way):
    Organisation.objects.filter(parent=way.cast.shirasagi).update(parent=way.cast.takaodai)
    page = way.cast.client("chair").get(address(way))
    assert "宛先になる薬局が、地区の名簿にありません" in text_of(page)
    assert address(way, "district_compose") not in page.content.decode()


def test_the_chair_steers_the_own_letter_and_no_other(way: Way):
    press(way)
    [letter] = letters(way)
    chair, steer = way.cast.client("chair"), address(way, "district_steer")
    for do, state in (("pause", "paused"), ("resume", "sending"), ("stop", "stopped"), ("pause", "stopped")):
        chair.post(steer, {"do": do})
        letter.refresh_from_db()
        assert letter.state == state
    assert set(Delivery.objects.filter(release=letter).values_list("state", flat=True)) == {"stopped"}
    way.release.refresh_from_db()
    assert way.release.state == "sending"
    event = Event.objects.filter(verb="release.stopped").get()
    assert event.capacity == way.cast.capacities["chair"]


def test_a_corrected_notice_is_not_passed_on(way: Way):
    from tests.distribution.test_superseding import corrected

    corrected(way.release, way.cast)
    page = press(way)
    assert "新しい通知をご覧ください。" in text_of(page)
    assert letters(way) == []


# Staff step in --------------------------------------------------------------------------------------------------------


def test_staff_step_in_with_a_reason(way: Way):
    way.let_days_pass(9)
    staff, there = way.cast.client("staff"), address(way, "receipt_step_in")
    text = text_of(staff.get(there))
    assert "発出から 9 日のあいだ" in text
    assert "3 薬局" in text
    assert staff.post(there, {"reason": ""}).status_code == 422
    assert not way.release.receipts.pharmacies().exists()
    page = staff.post(there, {"reason": "会長が入院中のため"}, follow=True)
    assert "の 3 薬局に直接送ります。" in text_of(page)
    assert "会長が入院中のため" in text_of(page), "the history of the notice says why"
    assert "会員には、もう直接送ってあります。" in text_of(staff.get(there))


def test_the_chair_is_told_that_the_association_has_written(way: Way):
    way.let_days_pass(9)
    way.step_in(way.cast.shirasagi)
    page = press(way)
    assert "同じ通知が二重に届かないように、地区からはもう送れません。" in text_of(page)
    chair = way.cast.client("chair")
    chair.post(address(way, "district_accept"))
    assert "県薬剤師会が会員薬局に直接送りました" in text_of(chair.get(address(way)))
    chair.post(address(way, "district_pass_on"))
    assert way.receipt(way.cast.shirasagi).finished_at is not None


def test_before_the_time_staff_are_told_that_there_is_time(way: Way):
    staff = way.cast.client("staff")
    assert "まだ日があります" in text_of(staff.get(address(way, "receipt_step_in")))
    staff.post(address(way, "receipt_step_in"), {"reason": "急ぐ"})
    assert not way.release.receipts.pharmacies().exists()


# What others see ------------------------------------------------------------------------------------------------------


@pytest.fixture
def out(way: Way) -> Release:
    """The letter of 白鷺, which one of its pharmacies confirmed, with a name and a question."""
    letter = way.pass_on()
    pharmacy = way.cast.capacities["pharmacy"]
    receipt = Receipt.objects.get(release=letter, organisation=pharmacy.organisation)
    confirming.confirm(receipt.pk, actor=way.actor("pharmacy"), via=Via.SIGNED_IN)
    confirming.name(receipt.pk, "德丸 翔太", actor=way.actor("pharmacy"), via=Via.SIGNED_IN)
    HelpRequest.objects.create(receipt=receipt, note="権限の区分が選べません")
    return letter


MODELS = {"notices": Notice, "releases": Release, "receipts": Receipt, "deliveries": Delivery}


def rows_of(way: Way, who: str) -> dict[str, set[int]]:
    capacity = way.cast.capacities[who]
    models = {"notices": Notice, "releases": Release, "receipts": Receipt, "deliveries": Delivery}
    return {
        name: set(model.objects.visible_to(capacity).values_list("pk", flat=True)) for name, model in models.items()
    }


def test_the_rows_that_exist_for_each(way: Way, out: Release):
    own, notice = way.receipt(way.cast.shirasagi), way.release.notice_id
    members = set(out.receipts.values_list("pk", flat=True))
    mine = out.receipts.get(organisation=way.cast.capacities["pharmacy"].organisation).pk
    other = way.receipt(way.cast.takaodai)
    assert rows_of(way, "chair") == {
        "notices": {notice, out.notice_id},
        "releases": {out.pk},
        "receipts": {own.pk} | members,
        "deliveries": set(),
    }
    assert rows_of(way, "pharmacy") == {
        "notices": {notice, out.notice_id},
        "releases": set(),
        "receipts": {mine},
        "deliveries": set(),
    }
    assert rows_of(way, "other_chair") == {
        "notices": {notice},
        "releases": set(),
        "receipts": {other.pk},
        "deliveries": set(),
    }
    assert rows_of(way, "other_pharmacy") == {name: set() for name in MODELS}
    assert rows_of(way, "staff")["notices"] >= {notice, out.notice_id}


def test_the_chair_sees_states_and_no_names(way: Way, out: Release):
    page = way.cast.client("chair").get(address(way) + "?show=all")
    assert "確認 1 / 3" in text_of(page)
    for hidden in ("德丸 翔太", "権限の区分が選べません"):
        assert hidden not in page.content.decode()


def test_a_letter_is_found_by_its_district_its_members_and_staff(way: Way, out: Release):
    typed = out.notice.body.splitlines()[-1]
    found = {who: list(Search(typed, notices_for(way.cast.capacities[who])).found[:9]) for who in way.cast.capacities}
    having = {who for who, rows in found.items() if [row.notice for row in rows] == [out.notice_id]}
    assert having == {"staff", "administrator", "chair", "pharmacy", "neighbour"}
    assert not any(found[who] for who in set(found) - having)


def test_another_district_learns_nothing_of_the_letter(way: Way, out: Release):
    other = way.cast.client("other_chair")
    page = other.get(address(way, who="other_chair"))
    assert page.context["tally"].recipients == 0
    assert hops.letter(page.context["receipt"]) is None
    assert other.get(reverse("notices:letter_pdf", args=[out.notice_id])).status_code == 404
    for name in ("district_receipt", "district_compose"):
        assert other.get(address(way, name)).status_code == 404


def test_a_pharmacy_reads_its_districts_letter_and_the_associations_as_its_enclosure(way: Way, out: Release):
    client = way.cast.client("pharmacy")
    receipt = out.receipts.get(organisation=way.cast.capacities["pharmacy"].organisation)
    page = client.get(reverse("notices:own_receipt", args=[receipt.pk]))
    assert f"福岡県薬剤師会 {way.release.notice.number_text}" in text_of(page)
    assert way.cast.shirasagi.name in text_of(page)
    enclosed = reverse("notices:own_receipt_attachment", args=[receipt.pk, out.notice.attachments.get().pk])
    assert enclosed in page.content.decode()
    assert way.release.notice.number_text in text_of(client.get(enclosed))


def test_the_mail_comes_from_the_district(way: Way, out: Release):
    from notices.distribution import message

    mail = message.build(out.deliveries.first())
    assert mail.from_email.startswith(f'"{way.cast.shirasagi.name}"')
    assert mail.reply_to == [way.cast.shirasagi.mailboxes.first().address]
    assert f"{way.cast.shirasagi.name}からの通知です。" in mail.body
    assert f"別添1　{way.release.notice.number_text}" in mail.body
    chairs = message.build(way.receipt(way.cast.takaodai).deliveries.get())
    assert "会員薬局へは、貴会を通して届けます。" in chairs.body
    assert "会員に周知しました" not in chairs.body
    for part in (chairs.body, chairs.alternatives[0].content):
        assert "転送用" not in part and "/f/" not in part, "one way to the members, not two"


def test_a_letter_without_a_number_begins_its_line_with_the_date(way: Way):
    from notices.distribution import message

    letter = way.pass_on()
    receipt = way.receipt(way.cast.pharmacies[0], letter)
    assert letter.notice.number_text == ""
    mail = message.build(receipt.deliveries.first())
    page = way.cast.client("pharmacy").get(reverse("notices:own_receipt", args=[receipt.pk]))
    date = wareki.long_date(letter.notice.date)
    for part in (mail.body, mail.alternatives[0].content, page.content.decode()):
        assert date in part and f"　{date}" not in part


# The plan -------------------------------------------------------------------------------------------------------------


def test_staff_choose_the_way_and_the_usual_text_to_the_chairs_follows(way: Way):
    from notices.letters import wording

    draft = way.cast.draft("あとの通知", covering_chairs=wording.for_chairs())
    staff, there = way.cast.client("staff"), reverse("notices:recipients", args=[draft.pk])
    assert "地区を通して届ける" in text_of(staff.get(there))
    everywhere = {"scope": "all", "districts": list(tree.districts().values_list("pk", flat=True))}
    staff.post(there, everywhere | {"through_districts": "yes"})
    plan = Release.objects.get(notice=draft)
    assert (plan.through_districts, plan.covering_chairs) == (True, wording.for_chairs(through_districts=True))
    page = text_of(staff.get(reverse("notices:check", args=[draft.pk])))
    assert "県からは地区だけに送り、薬局には地区の文書で届きます" in page
    assert "薬局へ 添" not in page and "滞った地区の薬局へ、県から直接送るときの添え書き" in page
    assert "薬局への添え書きがありません。" not in page, "the districts' letters have their own"
    staff.post(there, everywhere)
    plan.refresh_from_db()
    assert (plan.through_districts, plan.covering_chairs) == (False, wording.for_chairs())
