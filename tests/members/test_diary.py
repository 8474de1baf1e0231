"""Who did what with one thing, in words."""

import pytest

from members import diary, history
from members.history import NOBODY, Actor
from tests.cast import Cast


@pytest.fixture
def by_staff(cast: Cast) -> Actor:
    staff = cast.capacities["staff"]
    return Actor(staff.account, staff)


def test_the_latest_comes_first_with_who_and_in_which_capacity(cast: Cast, by_staff: Actor):
    draft = cast.draft()
    history.record("notice.drafted", draft, actor=by_staff)
    history.record("notice.changed", draft, actor=Actor(by_staff.account), fields=["subject", "strange"])
    history.record("notice.released", draft, actor=NOBODY, number="6福薬業発第412号", letter="ab12", recipients=1200)
    told = [(line.what, line.more, line.who) for line in diary.lines(draft, labels={"subject": "件名"})]
    assert told == [
        ("発出", "6福薬業発第412号　1,200 か所", "自動"),
        ("下書きを変更", "件名", "髙﨑 美緒"),
        ("下書きを作成", "", "髙﨑 美緒（事務局）"),
    ]


def test_only_what_is_about_these_things_is_told(cast: Cast, by_staff: Actor):
    draft, other = cast.draft(), cast.draft()
    history.record("notice.drafted", other, actor=by_staff)
    history.record("release.scheduled", draft.release, actor=by_staff, time="2026-11-27T05:00:00+00:00")
    assert [(line.what, line.more) for line in diary.lines(draft, draft.release)] == [("発出を予約", "11/27 14:00")]
    assert diary.lines() == []


@pytest.mark.parametrize(
    ("verb", "detail", "said"),
    [
        (
            "release.paused",
            {"reason": "メールサーバーにつながりません", "messages": 5},
            "5 通　メールサーバーにつながりません",
        ),
        ("release.papers_sent", {"count": 3, "at": "2026-11-27T05:00:00+00:00"}, "3 通"),
        ("packet.received", {"receipt_number": "6-12", "letters": 3}, "収受 6-12　文書 3 通"),
        ("packet.corrected", {"letter": 2, "fields": [], "doubts_settled": 1}, "2 通目の文書　確認 1 か所"),
        ("notice.discarded", {"title": "研修会", "number": ""}, "「研修会」"),
        ("task.closed", {"answer": "新しいアドレスに直した"}, "新しいアドレスに直した"),
        ("account.signed_in", {"how": "code"}, "メールのコード"),
        ("account.signin_pass_made", {"expires": "2026-11-27T05:00:00+00:00"}, "11/27 14:00 まで"),
    ],
)
def test_details_are_told_in_words(cast: Cast, verb: str, detail: dict[str, object], said: str):
    history.record(verb, cast.association, **detail)
    assert diary.lines(cast.association)[0].more == said
