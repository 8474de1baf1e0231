"""Who confirms can read what that records, for whom, why and for how long; and it is so."""

from django.conf import settings
from django.test import Client

from tests.boards.reading import text_of
from tests.scene import Scene


def test_the_page_with_the_button_says_who_learns_of_it_and_leads_to_the_rest(scene: Scene) -> None:
    page = scene.browser("anonymous").get(scene.url("notices:personal", "unread token"))
    assert "読んだことが県と地区の薬剤師会に伝わります" in text_of(page)
    assert f'href="{scene.url("privacy")}"' in page.content.decode()


def test_the_page_says_what_is_recorded_for_whom_why_and_how_long(scene: Scene) -> None:
    said = text_of(Client().get(scene.url("privacy")))
    for heading in ("何を記録するか", "何のために使うか", "だれが見るか", "いつまで残すか"):
        assert heading in said
    assert "通知を開いただけでは、何も記録しません" in said
    assert f"ボタンを押したときのものは {settings.TRACE_DAYS} 日で消します" in said
    assert f"確認から {settings.NAMES_YEARS} 年で消します" in said
