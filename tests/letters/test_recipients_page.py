"""The page on which recipients are chosen."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.history import NOBODY
from members.models import Organisation
from notices.distribution import audience, recipients
from notices.distribution.reminders import days, plans
from notices.letters import addressing
from notices.models import Release
from notices.models.receipt import Audience
from tests.letters.browser import address, shown

LONG = dt.timedelta(days=60)


def choices(cast) -> list[dict[str, object]]:
    tag = cast.pharmacies[0].tags.get()
    return [
        {"scope": "all", "districts": [], "tags": []},
        {"scope": "districts", "districts": [cast.takaodai], "tags": []},
        {"scope": "tags", "districts": [], "tags": [tag]},
    ]


def test_recipients_are_counted_by_the_way_they_prefer(cast):
    prefers = ("email", "fax", "fax", "post", "post", "email")
    for pharmacy, channel in zip(cast.pharmacies, prefers, strict=True):
        Organisation.objects.filter(pk=pharmacy.pk).update(channel=channel)
    Organisation.objects.filter(pk=cast.pharmacies[1].pk).update(fax="092-000-0199")
    Organisation.objects.filter(pk=cast.pharmacies[2].pk).update(fax="12-34")  # no number: e-mail
    Organisation.objects.filter(pk=cast.pharmacies[3].pk).update(address="福岡県髙尾台市1-1")
    cast.pharmacies[5].mailboxes.all().delete()
    ways = audience.overview("all", [], []).pharmacies
    assert (ways.email, ways.fax, ways.post, ways.none) == (3, 1, 1, [cast.pharmacies[5]])


@pytest.mark.parametrize(("limit", "is_said"), [(8, False), (7, True)])
def test_the_page_says_that_so_many_ask_for_another_to_approve(cast, draft, desk, settings, limit, is_said):
    settings.APPROVED_ALONE_MOST = limit  # six pharmacies and two districts are told
    assert ("起案した人のほかに、もう1人の決裁が要ります" in shown(desk.get(address("recipients", draft)))) == is_said


@pytest.mark.parametrize(("pattern", "by_hand"), [("", True), ("{number}@fax.example", False)])
def test_the_page_says_who_sends_the_fax(cast, draft, desk, settings, pattern, by_hand):
    settings.FAX_GATEWAY = pattern
    Organisation.objects.filter(pk=cast.pharmacies[1].pk).update(channel="fax", fax="092-000-0199")
    page = shown(desk.get(address("recipients", draft)))
    assert ("（手で送る）" in page) == by_hand
    assert ("FAX と郵送は事務局が送ります（別経路）" in page) == by_hand


def test_what_the_page_counts_is_what_the_release_will_reach(cast, draft):
    cast.pharmacies[0].mailboxes.all().delete()
    Organisation.objects.filter(pk=cast.pharmacies[4].pk).update(left_on=dt.date(2020, 1, 1))
    for choice in choices(cast):
        addressing.address(draft.pk, NOBODY, **choice)
        planned = recipients.plan(Release.objects.get(notice=draft))
        seen = audience.overview(**choice)
        for ways, whom in ((seen.pharmacies, Audience.PHARMACY), (seen.districts, Audience.DISTRICT)):
            counted = audience.counted([each for each in planned if each.audience == whom])
            assert counted == ways
            assert counted.total == sum(each.audience == whom for each in planned)


def test_recipients_are_chosen_by_district_and_by_tag(cast, desk, draft):
    by_district = {"scope": "districts", "districts": [cast.takaodai.pk], "do": "next"}
    assert desk.post(address("recipients", draft), by_district).url == address("check", draft)
    page = shown(desk.get(address("check", draft)))
    assert "<b>3</b> 薬局" in page and "地区を選ぶ：髙尾台" in page
    tag = cast.pharmacies[0].tags.get()
    desk.post(address("recipients", draft), {"scope": "tags", "tags": [tag.pk]})
    plan = Release.objects.get(notice=draft)
    assert (plan.scope, list(plan.tags.all()), list(plan.districts.all())) == ("tags", [tag], [])


def test_unticking_a_district_means_the_others(cast, desk, draft):
    desk.post(address("recipients", draft), {"scope": "all", "districts": [cast.shirasagi.pk]})
    plan = Release.objects.get(notice=draft)
    assert (plan.scope, list(plan.districts.all())) == ("districts", [cast.shirasagi])


@pytest.mark.parametrize(
    ("scope", "reason"), [("all", "地区を 1 つ以上"), ("districts", "地区を 1 つ以上"), ("tags", "区分を 1 つ以上")]
)
def test_choosing_nobody_is_refused(cast, desk, draft, scope, reason):
    assert reason in shown(desk.post(address("recipients", draft), {"scope": scope, "do": "next"}))
    assert Release.objects.get(notice=draft).scope == "all"


def test_counting_what_is_ticked_keeps_nothing(cast, desk, draft):
    ticked = {"scope": "districts", "districts": [cast.shirasagi.pk]}
    answer = desk.post(address("recipients", draft), ticked, headers={"HX-Request": "true"})
    assert '<b class="fs-2 lh-1">3</b> / 3 薬局' in shown(answer)
    answer = desk.post(address("recipients", draft), {"scope": "all"}, headers={"HX-Request": "true"})
    assert "薬局が 1 つも選ばれていません" in shown(answer)
    assert Release.objects.get(notice=draft).scope == "all"


def test_pharmacies_without_an_address_are_named(cast, desk, draft):
    cast.pharmacies[3].mailboxes.all().delete()
    page = shown(desk.get(address("recipients", draft)))
    assert "1 薬局は届け先がありません" in page and "髙﨑薬局" in page


def test_the_days_of_reminding_stand_beside_the_recipients(cast, desk, draft):
    Release.objects.filter(notice=draft).update(ask=Release.Ask.CONFIRM, deadline=timezone.localdate() + LONG)
    page = shown(desk.get(address("recipients", draft)))
    first, *_ = days.planned(Release.objects.get(notice=draft), plans.chosen(draft.release).days)
    assert "再通知（返事のない宛先だけ）" in page and f"{first.day.month}月{first.day.day}日" in page
    Release.objects.filter(notice=draft).update(ask=Release.Ask.INFORM, deadline=None)
    assert "お知らせは返事を求めないので、再通知しません" in shown(desk.get(address("recipients", draft)))


def test_the_pages_ask_the_database_no_more_for_more_districts(cast, desk, draft):
    first = _queries(desk, address("recipients", draft))
    for index in range(3):
        district = Organisation.objects.create(kind="district", name=f"新{index}地区", parent=cast.association)
        Organisation.objects.create(kind="pharmacy", name=f"新{index}薬局", parent=district)
    assert _queries(desk, address("recipients", draft)) == first


def _queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


def test_the_usual_addressees_follow_the_districts_that_are_chosen(cast, draft):
    """One district's chair is named; addressees that staff have typed stay."""
    draft.addressees = ["各地区薬剤師会会長"]
    draft.save()

    def to(*districts: Organisation) -> list[str]:
        scope = "districts" if districts else "all"
        addressing.address(draft.pk, NOBODY, scope=scope, districts=districts, tags=[])
        draft.refresh_from_db()
        return draft.addressees

    assert to(cast.takaodai) == [f"{cast.takaodai.name}会長"]
    assert to(*cast.districts) == ["関係地区薬剤師会会長"]
    assert to() == ["各地区薬剤師会会長"]
    draft.addressees = ["関係者"]
    draft.save()
    assert to(cast.takaodai) == ["関係者"]
