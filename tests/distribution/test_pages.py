"""What staff see of sending: the release's page, who was not reached, and the mails themselves."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.mail import send_mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from members import history
from members.models import Event, Mailbox, Organisation
from notices import personal
from notices.distribution import gateway, outbox, settling, steering
from notices.models import Delivery, Release
from notices.models.receipt import Reach
from tests.boards.reading import plain
from tests.cast import Cast
from tests.distribution.conftest import FailingSink, acting
from tests.distribution.deliveries import ADDRESS, Issue, first


@pytest.fixture(autouse=True)
def embedded(settings) -> None:
    """No mail server unless a test brings one."""
    settings.EMAIL_URL = ""


@pytest.fixture
def staff(cast: Cast) -> Client:
    return cast.client("staff")


def page(client: Client, name: str, *places: int, query: str = "") -> str:
    response = client.get(reverse(f"notices:{name}", args=places) + query)
    assert response.status_code == 200
    return response.content.decode()


# Doors ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["releases", "release", "release_stop", "outbox", "outbox_message", "outbox_html"])
def test_only_staff_see_what_is_sent(cast: Cast, issue: Issue, name: str) -> None:
    release = issue()
    places = {"release": [release.pk], "release_stop": [release.pk]}.get(name, [])
    places = [first(release).pk] if name in ("outbox_message", "outbox_html") else places
    address = reverse(f"notices:{name}", args=places)
    assert cast.client("staff").get(address).status_code == 200
    for who in ("chair", "pharmacy"):
        assert cast.client(who).get(address).status_code == 404
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("step", ["pause", "resume", "stop"])
def test_only_staff_steer_a_release(cast: Cast, issue: Issue, step: str) -> None:
    address = reverse(f"notices:release_{step}", args=[issue().pk])
    for who in ("chair", "pharmacy"):
        assert cast.client(who).post(address).status_code == 404
    assert Release.objects.get().state == Release.State.SENDING


def test_a_draft_has_no_page_of_sending(cast: Cast, staff: Client) -> None:
    draft = cast.draft()
    assert staff.get(reverse("notices:release", args=[draft.release.pk])).status_code == 404
    assert "まだ発出した通知がありません" in page(staff, "releases")


# The release's page ---------------------------------------------------------------------------------------------------


def test_the_page_counts_recipients_and_apart_from_them_messages(cast: Cast, issue: Issue, staff: Client) -> None:
    Mailbox.objects.create(organisation=cast.pharmacies[0], address="second@mail.example")
    cast.pharmacies[1].mailboxes.all().delete()
    release = issue()
    outbox.send_due(100)
    shown = page(staff, "release", release.pk)
    assert "<b>83.3%</b>" in shown
    assert "5</span> / 6 薬局" in shown
    assert "送信済 5 / 6" in shown
    assert "届け先なし" in shown
    [messages] = [line for line in shown.splitlines() if 'scope="row" class="keep">計' in line]
    assert messages.count(">8</td>") == 2
    assert 'role="progressbar" aria-valuemin="0" aria-valuemax="6" aria-valuenow="5"' in shown
    assert release.letter.sha256 in shown


def polled(staff: Client, release: Release, shown: str = "sending", told: str = "0") -> HttpResponse:
    """What the open page asks for."""
    query = {"shown": shown, "told": told}
    return staff.get(reverse("notices:release", args=[release.pk]), query, headers={"HX-Request": "true"})


def test_while_it_is_sent_the_page_renews_its_figures_and_then_itself(cast: Cast, issue: Issue, staff: Client) -> None:
    release = issue()
    address = reverse("notices:release", args=[release.pk])
    assert f'hx-get="{address}?shown=sending&amp;told=0"' in page(staff, "release", release.pk)
    outbox.send_due(3)
    part = polled(staff, release).content.decode()
    assert part.startswith("<section")
    assert "<h1" not in part
    assert 'id="ways"' in part
    outbox.send_due(100)
    assert polled(staff, release)["HX-Refresh"] == "true"
    shown = page(staff, "release", release.pk)
    assert "hx-get" not in shown
    assert "に送り終えました" in shown


def test_who_listens_is_told_every_tenth_of_the_way_only(cast: Cast, issue: Issue, staff: Client) -> None:
    release = issue()
    assert 'id="told"' not in polled(staff, release).content.decode()
    outbox.send_due(5)
    told = polled(staff, release).content.decode()
    assert "6 薬局のうち 3 薬局に送りました" in told
    assert 'id="told"' not in polled(staff, release, told="50").content.decode()


def test_a_paused_page_looks_now_and_then_whether_it_goes_on(cast: Cast, issue: Issue, staff: Client) -> None:
    release = issue()
    steering.pause(release.pk, acting(cast))
    assert 'hx-trigger="every 15s"' in page(staff, "release", release.pk)
    assert "HX-Refresh" not in polled(staff, release, "paused").headers
    steering.resume(release.pk, acting(cast))
    assert polled(staff, release, "paused")["HX-Refresh"] == "true"


def test_a_page_whose_session_has_ended_is_told_so(cast: Cast, issue: Issue) -> None:
    assert polled(Client(), issue()).status_code == 401


def test_without_a_script_the_page_renews_itself_while_it_is_sent(cast: Cast, issue: Issue, staff: Client) -> None:
    release = issue()
    assert '<noscript><meta http-equiv="refresh"' in page(staff, "release", release.pk)
    outbox.send_due(100)
    assert 'http-equiv="refresh"' not in page(staff, "release", release.pk)


def cells(shown: str) -> list[list[int]]:
    """方法ごとの通数 as numbers, the sum last."""
    rows = re.findall(r'<tr><th scope="row" class="keep">.*?</tr>', shown[shown.index('id="ways"') :])
    return [[int(each.replace("–", "0")) for each in re.findall(r'class="num">([^<]*)<', row)] for row in rows]


def test_messages_by_channel_and_state_add_up(cast: Cast, issue: Issue, staff: Client, sink: FailingSink) -> None:
    Organisation.objects.filter(pk=cast.pharmacies[5].pk).update(fax="092-000-0199")
    cast.pharmacies[5].mailboxes.all().delete()
    release = issue()
    sink.refuse("550 5.1.1 user unknown", ADDRESS)
    outbox.send_due(4)
    steering.stop(release.pk, acting(cast))
    *ways, total = cells(page(staff, "release", release.pk))
    assert len(ways) == 2
    assert all(sum(line[:-1]) == line[-1] for line in [*ways, total])
    assert [sum(column) for column in zip(*ways, strict=True)] == total
    assert total[-1] == Delivery.objects.filter(receipt__release=release).count()


def after_hours(cast: Cast, release: Release, settings: Settings) -> None:
    now = timezone.localtime()
    opening = (now + dt.timedelta(hours=1)).time()
    settings.SENDING_HOURS = (opening, (now + dt.timedelta(hours=2)).time())
    if settings.SENDING_HOURS[0] > settings.SENDING_HOURS[1]:  # around midnight
        settings.SENDING_HOURS = (dt.time(3, 0), dt.time(4, 0))


def all_put_off(cast: Cast, release: Release, settings: Settings) -> None:
    later = timezone.now() + dt.timedelta(minutes=5)
    Delivery.objects.filter(receipt__release=release).update(deferrals=1, due_at=later)


def server_away(cast: Cast, release: Release, settings: Settings) -> None:
    later = timezone.now() + dt.timedelta(seconds=60)
    Delivery.objects.filter(receipt__release=release).update(due_at=later)


def nobody_sends(cast: Cast, release: Release, settings: Settings) -> None:
    past = timezone.now() - dt.timedelta(minutes=5)
    Delivery.objects.filter(receipt__release=release).update(due_at=past)


def rated(cast: Cast, release: Release, settings: Settings) -> None:
    settings.SENDING_PER_MINUTE = 100


@pytest.mark.parametrize(
    ("happened", "words"),
    [
        (after_hours, "送信する時間の外です"),
        (all_put_off, "相手のサーバーに後で送るよう求められました"),
        (server_away, "送信サーバーにつながるのを待っています"),
        (nobody_sends, "1分以上、1通も送られていません"),
        (rated, "1分に 100 通までの設定"),
    ],
)
def test_why_nothing_goes_out_just_now_is_said_in_plain_words(
    cast: Cast, issue: Issue, staff: Client, settings: Settings, happened: Callable[..., None], words: str
) -> None:
    release = issue()
    assert words not in page(staff, "release", release.pk)
    happened(cast, release, settings)
    assert words in page(staff, "release", release.pk)


def test_what_has_just_been_resumed_is_not_said_to_stand_still(cast: Cast, issue: Issue, staff: Client) -> None:
    release = issue()
    steering.pause(release.pk, acting(cast))
    nobody_sends(cast, release, None)
    steering.resume(release.pk, acting(cast))
    assert "1分以上、1通も送られていません" not in page(staff, "release", release.pk)


def test_looking_records_nothing(cast: Cast, issue: Issue, staff: Client) -> None:
    release = issue()
    before = Event.objects.count()
    page(staff, "release", release.pk)
    page(staff, "release_stop", release.pk)
    page(staff, "outbox_message", first(release).pk)
    assert Event.objects.count() == before
    opened = staff.get(reverse("notices:release_pause", args=[release.pk]))
    assert opened["Location"] == reverse("notices:release", args=[release.pk])
    release.refresh_from_db()
    assert release.state == Release.State.SENDING


def test_staff_pause_go_on_and_stop(cast: Cast, issue: Issue, staff: Client) -> None:
    release = issue()
    for step, state, words in (
        ("pause", Release.State.PAUSED, "一時停止しました"),
        ("resume", Release.State.SENDING, "続きから送ります"),
        ("stop", Release.State.STOPPED, "未送信分を中止しました"),
    ):
        answer = staff.post(reverse(f"notices:release_{step}", args=[release.pk]), follow=True)
        assert words in answer.content.decode()
        release.refresh_from_db()
        assert release.state == state
    assert [event.verb for event in history.of(release)] == ["release.stopped", "release.resumed", "release.paused"]
    assert {event.account for event in history.of(release)} == {cast.capacities["staff"].account}
    assert "6" in page(staff, "release", release.pk, query="?state=stopped")


def test_stopping_asks_first_and_says_what_will_not_be_sent(cast: Cast, issue: Issue, staff: Client) -> None:
    release = issue()
    asked = page(staff, "release_stop", release.pk)
    assert "6 薬局と 2 地区" in asked
    assert "中止しないで戻る" in asked


def test_a_step_that_comes_too_late_changes_nothing_and_says_so(cast: Cast, issue: Issue, staff: Client) -> None:
    release = issue()
    outbox.send_due(100)
    answer = staff.post(reverse("notices:release_stop", args=[release.pk]), follow=True).content.decode()
    assert "何も変えていません" in answer
    assert staff.get(reverse("notices:release_stop", args=[release.pk])).status_code == 404


def test_a_release_that_paused_itself_says_why_and_that_nobody_is_to_blame(
    cast: Cast, issue: Issue, staff: Client, sink: FailingSink
) -> None:
    release = issue()
    sink.refuse("530 5.7.0 authentication required")
    outbox.send_due(100)
    shown = page(staff, "release", release.pk)
    assert "送信を自動で止めました。</b>送信サーバーがこちらの接続を断りました（認証の失敗）。" in shown
    assert "この停止で不達にした宛先はありません。残り 6 薬局と 2 地区" in shown
    assert "宛先の問題として続ける" not in shown
    assert "続きから送る" in shown
    [event] = history.of(release)
    assert (event.verb, event.account) == ("release.paused", None)


def test_without_a_gateway_the_page_sends_to_who_can_set_one(cast: Cast, issue: Issue, staff: Client) -> None:
    release = issue()
    Release.objects.filter(pk=release.pk).update(state=Release.State.PAUSED, paused_reason=gateway.NO_GATEWAY)
    shown = plain(page(staff, "release", release.pk))
    assert "サイトの管理者に FAX を送る設定を入れてもらってから" in shown and "送信サーバーの設定" not in shown


def test_what_goes_out_offers_pausing_and_stopping_alone(cast: Cast, issue: Issue, staff: Client) -> None:
    release = issue()
    shown = page(staff, "release", release.pk)
    assert "一時停止" in shown and "未送信分を中止" in shown and "訂正を出す" not in shown
    outbox.send_due(100)
    assert "訂正を出す" in page(staff, "release", release.pk)


def test_after_the_same_refusal_in_a_row_staff_say_whose_fault_it_is(
    cast: Cast, issue: Issue, staff: Client, sink: FailingSink
) -> None:
    release = issue()
    sink.refuse("550 5.1.1 user unknown")
    outbox.send_due(100)
    shown = page(staff, "release", release.pk)
    assert "続けて 5 件の宛先が同じ理由で断られました" in shown
    assert "宛先の問題として続ける" in shown
    answer = staff.post(reverse("notices:release_resume", args=[release.pk]), {"blame": "1"}, follow=True)
    assert "同じ理由で断られた宛先は不達になり" in answer.content.decode()
    outbox.send_due(100)
    assert set(release.receipts.values_list("reach", flat=True)) == {Reach.FAILED}


def test_a_stopped_release_says_who_stopped_it(cast: Cast, issue: Issue, staff: Client) -> None:
    release = issue()
    steering.stop(release.pk, acting(cast))
    assert "髙﨑 美緒 さんが未送信分を中止しました" in page(staff, "release", release.pk)


# Who was not reached --------------------------------------------------------------------------------------------------


def test_who_was_not_reached_is_listed_with_the_reason_and_what_to_do(
    cast: Cast, issue: Issue, staff: Client, sink: FailingSink
) -> None:
    Organisation.objects.filter(pk=cast.pharmacies[5].pk).update(fax="092-000-0199")
    cast.pharmacies[4].mailboxes.all().delete()
    cast.pharmacies[5].mailboxes.all().delete()
    release = issue()
    sink.refuse("550 5.1.1 user unknown", ADDRESS)
    sink.refuse("450 4.2.0 later", "box5@mail5.example")
    outbox.send_due(100)
    shown = page(staff, "release", release.pk)
    assert "宛先のメールアドレスが存在しません" in shown
    said = plain(shown)
    assert f"電話 {cast.pharmacies[0].telephone} で新しいアドレスを聞いてください" in said
    assert f"電話 {cast.pharmacies[4].telephone} でメールアドレスを聞き、名簿に入れてください" in said
    assert "に自動でもう一度送ります（2回目）" in shown
    assert "濵薬局" not in shown
    by_hand = page(staff, "release", release.pk, query="?state=other")
    assert "濵薬局" in by_hand
    assert "公文書を FAX で送ってください" in by_hand
    for query, names in (
        ("?state=failed", {"白鷺中央薬局", "ひばり薬局 髙尾台店"}),
        ("?state=retrying", {"すみれ調剤薬局"}),
        ("?channel=none", {"ひばり薬局 髙尾台店"}),
        (f"?state=all&district={cast.takaodai.pk}", {"ひばり薬局 髙尾台店", "濵薬局"}),
    ):
        shown = page(staff, "release", release.pk, query=query)
        assert {pharmacy.name for pharmacy in cast.pharmacies if f"<b>{pharmacy.name}</b>" in shown} == names


def test_a_retry_whose_time_has_come_is_told_as_at_hand(
    cast: Cast, issue: Issue, staff: Client, sink: FailingSink
) -> None:
    release = issue()
    sink.refuse("450 4.2.0 later", "box5@mail5.example")
    outbox.send_due(100)
    Delivery.objects.filter(deferrals__gt=0).update(due_at=timezone.now() - dt.timedelta(hours=3))
    assert "まもなく自動でもう一度送ります（2回目）" in page(staff, "release", release.pk)


def test_pharmacies_without_a_way_are_counted_apart(cast: Cast, issue: Issue, staff: Client, sink: FailingSink) -> None:
    cast.pharmacies[4].mailboxes.all().delete()
    release = issue()
    sink.refuse("550 5.1.1 user unknown", ADDRESS)
    outbox.send_due(100)
    assert "薬局の不達 2（うち届け先なし 1）" in page(staff, "release", release.pk)


def test_the_list_is_a_file_too_and_its_cells_are_no_formulas(cast: Cast, issue: Issue, staff: Client) -> None:
    Organisation.objects.filter(pk=cast.pharmacies[0].pk).update(name="=HYPERLINK(1)")
    cast.pharmacies[0].mailboxes.all().delete()
    release = issue()
    answer = staff.get(reverse("notices:release", args=[release.pk]), {"format": "csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    lines = answer.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0].startswith("地区,種類,宛先")
    assert len(lines) == 2
    assert "白鷺,薬局,'=HYPERLINK(1)" in lines[1]


def test_nobody_left_out_is_said(cast: Cast, issue: Issue, staff: Client) -> None:
    release = issue()
    outbox.send_due(100)
    assert "この条件に合う宛先はありません" in page(staff, "release", release.pk)


# Mails ----------------------------------------------------------------------------------------------------------------


def test_the_embedded_site_shows_each_mail_with_its_working_links(cast: Cast, issue: Issue, staff: Client) -> None:
    delivery = first(issue())
    outbox.send_due(100)
    shown = page(staff, "outbox_message", delivery.pk)
    assert f'href="{personal.address(delivery)}"' in shown
    assert "白鷺中央薬局 御中" in shown
    assert delivery.message_key.hex in shown
    assert ADDRESS in shown
    assert reverse("notices:outbox_codes") not in page(staff, "outbox")
    assert reverse("notices:outbox_codes") in page(cast.client("administrator"), "outbox")


def test_with_a_mail_server_the_personal_addresses_are_masked(
    cast: Cast, issue: Issue, staff: Client, sink: FailingSink
) -> None:
    release = issue()
    outbox.send_due(100)
    for delivery in Delivery.objects.filter(receipt__release=release):
        for name in ("outbox_message", "outbox_html"):
            shown = page(staff, name, delivery.pk)
            assert "/n/…" in shown
            for scope in personal.Scope:
                assert personal.address(delivery, scope) not in shown
    assert cast.client("administrator").get(reverse("notices:outbox_codes")).status_code == 404


def test_the_mail_s_own_look_runs_and_loads_nothing(cast: Cast, issue: Issue, staff: Client) -> None:
    answer = staff.get(reverse("notices:outbox_html", args=[first(issue()).pk]))
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert "<table" in answer.content.decode()


def test_mails_are_found_by_name_address_notice_and_state(cast: Cast, issue: Issue, staff: Client) -> None:
    release, other = issue(), issue(serial=338)
    settling.pause(other, "止めました。")
    outbox.send_due(100)
    for query, count in (
        ("?q=高崎", 2),
        ("?q=box4@", 2),
        (f"?release={release.pk}", 8),
        (f"?release={other.pk}&state=waiting", 8),
        ("?q=高崎&state=sent", 1),
        ("?q=ない薬局", 0),
    ):
        shown = page(staff, "outbox", query=query)
        assert shown.count('<th scope="row"') == count
        assert ("条件に合うものはありません。" in shown) == (count == 0)


def test_sign_in_codes_of_the_embedded_site_are_read_there_by_administrators(
    cast: Cast, settings, tmp_path: Path
) -> None:
    administrator = cast.client("administrator")
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    assert "まだありません" in page(administrator, "outbox_codes")
    send_mail("サインインのコード", "コードは 123456 です。\n\n" + "-" * 20, None, ["chair@shuchi.example"])
    send_mail("サインインのコード", "コードは 654321 です。", None, ["pharmacy@shuchi.example"])
    shown = page(administrator, "outbox_codes")
    for words in ("chair@shuchi.example", "123456", "pharmacy@shuchi.example", "654321"):
        assert words in shown


# Lists ----------------------------------------------------------------------------------------------------------------


def queries(client: Client, name: str, *places: int, query: str = "") -> int:
    page(client, name, *places, query=query)
    with CaptureQueriesContext(connection) as counted:
        page(client, name, *places, query=query)
    return len(counted)


def test_one_row_and_three_take_as_many_queries(cast: Cast, issue: Issue, staff: Client) -> None:
    one = issue()
    cast.pharmacies[0].mailboxes.all().delete()
    few = issue(serial=338)
    Mailbox.objects.filter(organisation__in=cast.pharmacies[1:3]).delete()
    steering.stop(one.pk, acting(cast))
    unreached_by_one = queries(staff, "release", few.pk)
    mails_of_one = queries(staff, "outbox", query="?q=高崎")
    two_releases = queries(staff, "releases")
    many = issue(serial=339)
    assert queries(staff, "release", many.pk) == unreached_by_one
    assert queries(staff, "outbox") == mails_of_one
    assert queries(staff, "releases") == two_releases
