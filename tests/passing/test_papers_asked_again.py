"""再周知 on paper: papers of the earlier notice that were not sent give way to its own, and staff are told."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from members.history import NOBODY
from members.models import Organisation
from notices.distribution import by_hand
from notices.models import Delivery, Receipt, Release
from notices.models.receipt import Reach
from notices.tracking import confirming
from tests.boards.reading import text_of
from tests.cast import Cast
from tests.distribution.paper import wants_fax, wants_post
from tests.distribution.test_superseding import corrected
from tests.passing.test_following_up import follow_up, released
from tests.reminders.conftest import confirm

ADVICE = "前の公文書（PDF）"


@pytest.fixture
def old(cast: Cast, settings: Settings) -> Release:
    """Two pharmacies of 白鷺 by post and one of 髙尾台 by FAX; nobody has printed anything yet."""
    settings.FAX_GATEWAY = ""
    release = cast.released(ask=Release.Ask.CONFIRM)
    wants_post(*cast.pharmacies[:2])
    wants_fax(cast.pharmacies[3])
    for pharmacy in on_paper(cast):
        receipts = Receipt.objects.filter(release=release, organisation=pharmacy)
        way = {"channel": pharmacy.channel, "state": Delivery.State.OTHER, "settled_at": None}
        Delivery.objects.filter(receipt__in=receipts).update(**way)
        receipts.update(reach=Reach.OTHER)
    return release


def on_paper(cast: Cast) -> list[Organisation]:
    return [*cast.pharmacies[:2], cast.pharmacies[3]]


def note_sent(release: Release, district: Organisation | None = None) -> None:
    by_hand.note_sent(release, NOBODY, district, Delivery.objects.latest("pk").pk)


def papers(release: Release) -> str:
    return reverse("notices:release_papers", args=[release.pk])


@pytest.fixture
def staff(cast: Cast) -> Client:
    return cast.client("staff")


def test_papers_that_were_not_sent_give_way_to_those_of_the_later_notice(cast: Cast, old: Release, staff: Client):
    again = released(old, cast)
    shown = staff.get(papers(old))
    assert "3 宛先には、再周知でもう一度お願いしました。" in text_of(shown)
    assert f'href="{papers(again)}"' in shown.content.decode()
    assert "宛先はありません" not in text_of(shown)
    page = text_of(staff.get(reverse("notices:release", args=[old.pk])))
    assert "郵送・FAX の紙（3 通、3 通は再周知で届けます）" in page


def test_what_was_sent_before_stays_noted_beside_what_gives_way(cast: Cast, old: Release, staff: Client):
    note_sent(old, cast.shirasagi)
    released(old, cast)
    shown = text_of(staff.get(papers(old)))
    assert "1 宛先には、再周知でもう一度お願いしました。" in shown and "送った記録" in shown
    page = text_of(staff.get(reverse("notices:release", args=[old.pk])))
    assert "郵送・FAX の紙（3 通、1 通は再周知で届けます）" in page


def test_before_it_goes_out_staff_read_to_whom_the_earlier_paper_was_not_sent(cast: Cast, old: Release, staff: Client):
    """Whoever confirmed by telephone has not got the letter, but is not asked again either."""
    note_sent(old, cast.takaodai)
    draft = follow_up(old, cast)
    check = reverse("notices:check", args=[draft.notice_id])
    shown = staff.get(check)
    assert "前の通知の紙をまだ送っていない宛先が 2 か所あります。" in text_of(shown) and ADVICE in text_of(shown)
    assert f'href="{papers(old)}"' in shown.content.decode()
    by_telephone = {"actor": cast.actor("staff"), "via": "telephone"}
    confirming.confirm(cast.receipt(old, cast.pharmacies[0]).pk, **by_telephone)
    assert "前の通知の紙をまだ送っていない宛先が 1 か所あります。" in text_of(staff.get(check))
    note_sent(old)
    assert "前の通知の紙" not in text_of(staff.get(check))


def test_papers_of_what_was_corrected_are_none_to_be_sent_first(cast: Cast, old: Release, staff: Client):
    new = corrected(old, cast)
    shown = staff.get(reverse("notices:check", args=[follow_up(new, cast).notice_id])).content.decode()
    assert f'href="{papers(new)}"' in shown and f'href="{papers(old)}"' not in shown


def test_only_recipients_of_the_later_notice_count_before_it_goes_out(cast: Cast, old: Release, staff: Client):
    draft = follow_up(old, cast, scope=Release.Scope.DISTRICTS)
    draft.districts.set([cast.takaodai])
    shown = text_of(staff.get(reverse("notices:check", args=[draft.notice_id])))
    assert "前の通知の紙をまだ送っていない宛先が 1 か所あります。" in shown


def test_a_later_notice_for_tags_leaves_the_papers_of_districts_to_be_sent(cast: Cast, old: Release, staff: Client):
    """The first and the fourth pharmacy have the tag."""
    Receipt.objects.filter(release=old, audience="district").update(reach=Reach.OTHER)
    Delivery.objects.filter(release=old, receipt__audience="district").update(state="other", settled_at=None)
    draft = follow_up(old, cast, scope=Release.Scope.TAGS)
    draft.tags.set(cast.pharmacies[0].tags.all())
    shown = text_of(staff.get(reverse("notices:check", args=[draft.notice_id])))
    assert "前の通知の紙をまだ送っていない宛先が 2 か所あります。" in shown


def test_papers_to_whoever_never_got_the_earlier_letter_want_it_put_in(cast: Cast, old: Release, staff: Client):
    note_sent(old, cast.takaodai)
    again = released(old, cast)
    letter = reverse("notices:letter_pdf", args=[old.notice_id])
    shown = staff.get(papers(again))
    assert "まだ送っていない紙のうち 2 通は、前の通知の紙を送っていない宛先です。" in text_of(shown)
    assert f'href="{letter}"' in shown.content.decode()
    confirm(cast.receipt(again, cast.pharmacies[0]))
    assert "まだ送っていない紙のうち 1 通は" in text_of(staff.get(papers(again)))
    note_sent(again)
    assert letter not in staff.get(papers(again)).content.decode()


def test_a_later_notice_that_asks_less_leaves_the_earlier_papers_to_be_sent(cast: Cast, old: Release, staff: Client):
    again = released(old, cast, ask=Release.Ask.INFORM)
    assert "郵送・FAX の紙（3 通、あと 3 通）" in text_of(staff.get(reverse("notices:release", args=[old.pk])))
    assert "前の通知の紙" not in text_of(staff.get(papers(again)))
