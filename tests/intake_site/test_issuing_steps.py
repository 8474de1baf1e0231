"""The steps that were read in the guides of a packet are those of the draft that is made of it."""

from django.test import Client
from django.urls import reverse

from members.models import Event
from notices.letters import composing, guide, wording
from notices.models import Notice
from notices.procedures import take_in
from tests.cast import Cast
from tests.intake_site.browser import shown, typed
from tests.intake_site.office import WITHOUT_FIRST, actor, received


def test_the_steps_of_the_guide_are_those_of_the_draft(cast: Cast, staff: Client):
    packet = received(cast)
    notice = take_in.register(packet, actor(cast))
    steps = list(notice.steps.all())
    assert [step.get_group_display() for step in steps] == ["PC"] * 11 + ["端末"] + ["参照"] * 2
    assert steps[1].title == "訪問先での利用の欄で「使う」を選び、「保存」を押してください"
    assert (steps[-2].title[-7:], steps[-2].hint) == ("開いてください", "https://zanyaku.example/guide?id=start")
    read = packet.kept["steps"]
    assert [step.holds_secret for step in steps] == [step["holds_secret"] for step in read]
    assert sum(step.holds_secret for step in steps) == 4
    page = shown(staff.get(reverse("notices:steps", args=[notice.pk])))
    assert steps[0].title in page and "パスワード・コード・暗証番号そのものは書かないでください" in page


def test_a_draft_with_the_steps_of_a_guide_asks_for_the_set_up_and_staff_are_told(cast: Cast, staff: Client):
    packet = received(cast)
    address = reverse("notices:packet", args=[packet.pk])
    told = shown(staff.post(address, typed(staff.get(address), do="record"), follow=True))
    assert "手引きから読み取った設定手順は、そのときに入ります" in told
    told = shown(staff.post(address, {"do": "register"}, follow=True))
    assert "（12 手順、済みを付けない参照 2 行）も入れました。お願いの種類は「確認＋設定」です" in told
    plan = Notice.objects.get(state=Notice.State.DRAFT).release
    assert plan.ask == plan.Ask.SET_UP
    assert (plan.what, plan.covering_pharmacies) == (wording.WHAT[plan.ask], wording.for_pharmacies(plan.ask))
    plan.notice.steps.all().delete()
    told = shown(staff.post(address, {"do": "register"}, follow=True))
    assert "設定手順（14 行）は、この下書きには入っていません" in told


def test_a_letter_that_is_taken_up_again_keeps_the_steps_that_staff_have_made_of_it(cast: Cast):
    notice = take_in.register(received(cast), actor(cast))
    assert Event.objects.filter(verb="notice.changed").count() == 1
    guide.arrange(notice.pk, [guide.StepLine("画面を開く")], actor(cast))
    composing.discard(notice.pk, actor(cast))
    assert [step.title for step in take_in.draft(notice, actor(cast)).steps.all()] == ["画面を開く"]


def test_a_draft_made_later_from_the_archive_has_the_steps_too(cast: Cast, staff: Client):
    top = take_in.record(received(cast, WITHOUT_FIRST), actor(cast))
    staff.post(reverse("notices:notice_new"), {"from": top.pk})
    draft = Notice.objects.get(state=Notice.State.DRAFT)
    assert draft.pk != top.pk and draft.steps.count() == 14


def test_a_guide_without_end_gives_no_more_steps_than_a_draft_has(cast: Cast):
    pc = "".join(f"{number}. {'画面' * 200}の「はい」を押してください\n" for number in range(1, 100))
    app = "アプリの設定方法\n\n" + "".join(f"({number}) 「{number}」を押してください\n" for number in range(1, 90))
    packet = received(cast, f"{WITHOUT_FIRST}\n\nPCの設定手順\n\n{pc}\n{app}")
    assert len(packet.kept["steps"]) > guide.MOST
    steps = take_in.register(packet, actor(cast)).steps
    assert steps.count() == guide.MOST
    assert max(len(step.title) for step in steps.all()) == guide.LONGEST
