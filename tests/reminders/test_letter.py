"""What a reminder says: one mail for all that is due, and the chair's list of members who are left."""

import datetime as dt
import email
import email.policy

import pytest
from django.utils import timezone

from members import workdays
from members.models import Organisation
from notices import personal, sheet_code
from notices.distribution import sheets
from notices.distribution.fax import Faxes
from notices.distribution.reminders.letter import OfSeveral
from notices.distribution.sheet_guide import READABLE, Guides
from notices.models import Delivery, Release, Reminder
from notices.procedures import remind
from tests.cast import Cast
from tests.distribution.deliveries import reconciles
from tests.distribution.paper import LETTER_PAGES, pages, with_letter
from tests.distribution.paper import letter as letter
from tests.reminders.conftest import at, confirm, issued, mail_of, names, replan, sent

MONDAY = dt.date(2026, 11, 2)
DEADLINE = dt.date(2026, 11, 30)
CHAIRS_DAY = dt.date(2026, 12, 8)


def test_what_falls_on_one_day_goes_in_one_message_the_most_urgent_first(cast: Cast):
    calm = issued(cast, DEADLINE - dt.timedelta(days=7), "期限のない通知")
    later = issued(cast, MONDAY, "あとの期限の通知", deadline=DEADLINE + dt.timedelta(days=3))
    first = issued(cast, MONDAY, "先の期限の通知", deadline=DEADLINE)
    replan(later, hour=13)
    assert remind.remind(at(DEADLINE)) == 8
    own = Reminder.objects.get(organisation=cast.pharmacies[0])
    assert [each.receipt.release for each in own.mentions.all()] == [first, later, calm]
    assert [each.release for each in Delivery.objects.filter(reminder=own)] == [first]
    assert remind.remind(at(DEADLINE, 13)) == 0
    mail = mail_of(own)
    assert mail.subject.startswith("【再通知】お返事をお待ちしている通知 3 件")
    assert mail.to == [cast.pharmacies[0].mailboxes.get().address]
    places = [mail.body.index(each.subject) for each in (first.notice, later.notice, calm.notice)]
    assert places == sorted(places)
    for release in (first, later, calm):
        opened = [
            personal.find(line.strip().rpartition("/n/")[2].strip("/"))
            for line in mail.body.splitlines()
            if "/n/" in line
        ]
        assert release in [delivery.receipt.release for delivery in opened]
        assert {delivery.receipt.organisation for delivery in opened} == {cast.pharmacies[0]}
    sent()
    assert all(reconciles(release) for release in (first, later, calm))


def test_the_chair_gets_one_list_of_the_members_who_are_left(cast: Cast):
    release = issued(cast, MONDAY, deadline=DEADLINE)
    first, second, third = (cast.receipt(release, each) for each in cast.pharmacies[:3])
    for district in cast.districts:
        confirm(cast.receipt(release, district))
    confirm(first)
    Organisation.objects.filter(pk=third.organisation_id).update(parent=cast.takaodai)  # moved since
    replan(release, chairs_on=8)
    assert remind.remind(at(CHAIRS_DAY)) == 2
    assert remind.remind(at(CHAIRS_DAY, 15)) == 0
    own = Reminder.objects.get(organisation=cast.shirasagi)
    mail = mail_of(own)
    assert mail.to == ["takayanagi@chair.example"]
    assert mail.subject.startswith("【未回答の会員の一覧】")
    assert second.organisation.name in mail.body
    assert second.organisation.telephone in mail.body
    assert first.organisation.name not in mail.body
    assert third.organisation.name not in mail.body
    confirm(second)  # what was written stays as it was written
    assert mail_of(own).body == mail.body
    assert names(release) == []


def test_it_says_how_urgent_it_is_and_what_to_press(cast: Cast):
    issued(cast, MONDAY, "設定のある通知", deadline=DEADLINE, ask=Release.Ask.SET_UP, what="アプリを入れる")
    remind.remind(at(dt.date(2026, 11, 27)))
    sent()
    mail = mail_of(Reminder.objects.get(organisation=cast.pharmacies[0]))
    assert mail.subject.startswith("【再通知】【期限まで あと 3 日】設定のある通知（")
    html = mail.alternatives[0].content
    for words in ("アプリを入れる", "期限 11月30日（月）", "設定が完了しました", "対象外です", "困っています"):
        assert words in mail.body
        assert words in html
    remind.remind(at(dt.date(2026, 12, 3)))
    late = mail_of(Reminder.objects.get(organisation=cast.pharmacies[0], day=dt.date(2026, 12, 3)))
    assert "【期限を 3 日すぎています】" in late.subject
    chair = mail_of(Reminder.objects.get(organisation=cast.shirasagi, day=dt.date(2026, 12, 3)))
    assert "受領を確認しました" in chair.body
    assert "アプリを入れる" not in chair.body


def test_by_fax_the_sheet_of_the_most_urgent_notice_names_the_others(cast: Cast, settings):
    settings.FAX_GATEWAY = "{number}@fax.example"
    pharmacy = cast.pharmacies[0]
    first = issued(cast, MONDAY, "先の期限の通知", deadline=DEADLINE)
    other = issued(cast, MONDAY, "あとの期限の通知", deadline=DEADLINE + dt.timedelta(days=3))
    Organisation.objects.filter(pk=pharmacy.pk).update(channel="fax", fax="092-000-0199")
    remind.remind(at(DEADLINE))
    delivery = Delivery.objects.get(purpose="reminder", receipt__organisation=pharmacy)
    assert (delivery.channel, delivery.receipt.release) == ("fax", first)
    sheet = sheets.html([delivery], letter_pages=1)
    assert "（再通知）" in sheet
    assert "きょうが期限です" in sheet
    assert other.notice.number_text in sheet


def test_what_has_no_room_on_a_reminders_sheet_in_letters_that_can_be_read_stands_on_a_page_behind_it(
    cast: Cast, settings, letter: bytes
):
    settings.FAX_GATEWAY = "{number}@fax.example"
    pharmacy = cast.pharmacies[0]
    all_of_them = [issued(cast, MONDAY, f"通知その{place}", deadline=DEADLINE) for place in range(1, 16)]
    first, *others = (with_letter(each, letter) for each in all_of_them)
    Organisation.objects.filter(pk=pharmacy.pk).update(channel="fax", fax="092-000-0199")
    remind.remind(at(DEADLINE))
    delivery = Delivery.objects.get(purpose="reminder", receipt__organisation=pharmacy)
    assert delivery.receipt.release == first
    [context] = sheets.contexts([delivery], LETTER_PAGES, Guides())
    assert context["covering"].points >= min(READABLE) and "…" not in context["covering"].text
    assert "ほかに 14 件" in context["covering"].text and "次の紙に一覧" in context["covering"].text
    mail = email.message_from_bytes(Faxes().envelope(delivery).content, policy=email.policy.default)
    papers = {part.get_filename(): pages(part.get_content()) for part in mail.iter_attachments()}
    assert list(papers) == ["sheet.pdf", "others.pdf", "letter.pdf"]
    assert f"1枚目／全{2 + LETTER_PAGES}枚" in papers["sheet.pdf"][0]
    [listed] = papers["others.pdf"]
    assert "".join(pharmacy.name.split()) in listed and "11月30日（月）" in listed
    for other in others:
        for words in (other.notice.subject, other.notice.number_text, sheet_code.of(cast.receipt(other, pharmacy).pk)):
            assert words in listed


def test_a_reminder_that_names_anothers_receipt_goes_to_nobody(cast: Cast):
    release = issued(cast, MONDAY, deadline=DEADLINE)
    remind.remind(at(DEADLINE))
    own = Reminder.objects.get(organisation=cast.pharmacies[0])
    own.mentions.update(receipt=cast.receipt(release, cast.pharmacies[1]), offset=None)
    with pytest.raises(OfSeveral):
        mail_of(own)


def test_every_address_opens_though_one_notice_is_older_than_addresses_live(cast: Cast):
    today = timezone.localdate()
    day = workdays.on_or_after(today)
    old = issued(cast, today - dt.timedelta(days=200), "古い通知", deadline=day + dt.timedelta(days=40))
    urgent = issued(cast, today - dt.timedelta(days=10), "先の期限の通知", deadline=day + dt.timedelta(days=2))
    replan(old, -40)
    replan(urgent, -2)
    assert remind.remind(at(day)) == 8
    mail = mail_of(Reminder.objects.get(organisation=cast.pharmacies[0]))
    assert mail.body.index(urgent.notice.subject) < mail.body.index(old.notice.subject)
    tokens = [line.strip().rpartition("/n/")[2].strip("/") for line in mail.body.splitlines() if "/n/" in line]
    assert [personal.find(token).receipt.release for token in tokens] == [urgent, old]
