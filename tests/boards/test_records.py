"""Every thing's page tells staff who did what with it."""

import re

import pytest

from members import history
from members.history import Actor
from members.models import Task
from notices.models import Notice, Packet, Release
from tests.scene import Scene

PAGES = [
    ("notices:notice", "received", Notice),
    ("notices:notice", "draft", Notice),
    ("notices:notice", "released", Notice),
    ("notices:release", "release", Release),
    ("notices:packet", "waiting packet", Packet),
    ("notices:packet", "registered packet", Packet),
    ("task", "task", Task),
]


def told(scene: Scene, name: str, key: str) -> str:
    page = scene.browser("staff").get(scene.url(name, key)).content.decode()
    [folded] = re.findall(r'<details id="records">.*?</details>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", " ", folded)


@pytest.mark.parametrize(("name", "key", "model"), PAGES, ids=lambda value: str(value))
def test_a_page_tells_who_did_what_with_the_thing_and_nothing_of_others(scene: Scene, name: str, key: str, model: type):
    chair = scene.cast.capacities["other_chair"]
    thing = model.objects.get(pk=scene.ids[key])
    before = told(scene, name, key)
    history.record("account.signed_in", chair.account, actor=Actor(chair.account, chair))
    assert told(scene, name, key) == before
    history.record("release.paused", thing, actor=Actor(chair.account, chair), reason="ためしに止めた")
    said = told(scene, name, key)
    assert "発出を一時停止" in said and "ためしに止めた" in said and "𠮷田 進（地区会長）" in said


def test_what_was_done_about_the_release_of_a_notice_is_told_with_the_notice(scene: Scene):
    assert "発出を予約" in told(scene, "notices:notice", "scheduled")
    history.record("release.resumed", scene.release)
    assert "発出を再開" in told(scene, "notices:notice", "released")


def test_where_nothing_was_done_the_page_says_so(scene: Scene):
    assert "まだ何も記録されていません" in told(scene, "notices:notice", "narrow")
