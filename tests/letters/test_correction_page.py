"""訂正を出す and 廃止を知らせる: from the old notice's page to the draft, what it wants, and its release."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notices.letters import correcting
from notices.models import Delivery, Notice, Relation, Release, Step
from notices.procedures import approve
from tests.cast import Cast
from tests.letters.test_correction import corrected
from tests.tracking.conftest import acting, guide, text

CHANGED = "手順5の画面の名前を改めました。\n設定を済ませた薬局は、名前だけ確かめてください。"


@pytest.fixture
def old(cast: Cast) -> Release:
    return cast.released("在宅患者の残薬調整について")


def begin(desk: Client, old: Release, name: str = "correct") -> Notice:
    """Press the button and give the draft that opens."""
    answer = desk.post(reverse(f"notices:{name}", args=[old.notice_id]))
    new = Relation.objects.get(target=old.notice).source
    assert answer.headers["Location"] == reverse("notices:compose", args=[new.pk])
    return new


def form_of(desk: Client, draft: Notice) -> dict[str, str]:
    """What the compose page would send as it stands."""
    shown = desk.get(reverse("notices:compose", args=[draft.pk])).context["desk"]
    return {field.html_name: field.value() or "" for form in shown.forms for field in form}


def test_staff_find_both_buttons_on_board_and_release(desk: Client, old: Release) -> None:
    for address in (reverse("notices:notice", args=[old.notice_id]), reverse("notices:release", args=[old.pk])):
        shown = text(desk.get(address))
        assert "訂正を出す" in shown
        assert "廃止を知らせる" in shown
        assert reverse("notices:correct", args=[old.notice_id]) in shown
        assert reverse("notices:withdraw", args=[old.notice_id]) in shown


def test_the_withdrawal_of_a_correction_says_how_only_the_correction_is_taken_back(
    cast: Cast, desk: Client, old: Release
) -> None:
    hint = "訂正だけが誤りのときは、廃止ではなく、もう一度「訂正を出す」で正しい内容を知らせてください。"
    plain = begin(desk, cast.released("訂正のない通知"), "withdraw")
    of_correction = begin(desk, corrected(cast, old.notice).release, "withdraw")
    found = [hint in text(desk.get(reverse("notices:compose", args=[each.pk]))) for each in (plain, of_correction)]
    assert found == [False, True]


def test_a_superseded_notice_has_no_buttons_but_the_way_to_the_newest(cast: Cast, desk: Client, old: Release) -> None:
    newest = corrected(cast, corrected(cast, old.notice))
    for address in (reverse("notices:notice", args=[old.notice_id]), reverse("notices:release", args=[old.pk])):
        shown = text(desk.get(address))
        assert "訂正を出す" not in shown
        assert "この通知は訂正されました" in shown
        assert reverse("notices:notice", args=[newest.pk]) in shown
    answer = desk.post(reverse("notices:correct", args=[old.notice_id]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("notices:notice", args=[newest.pk])
    assert f"{old.notice.number_text} は、すでに訂正されています。" in text(answer)


def test_a_withdrawal_is_corrected_but_has_no_button_to_withdraw_it(cast: Cast, desk: Client, old: Release) -> None:
    withdrawal = corrected(cast, old.notice, "withdraws")
    shown = text(desk.get(reverse("notices:notice", args=[withdrawal.pk])))
    assert "訂正を出す" in shown
    assert "廃止を知らせる" not in shown
    answer = desk.post(reverse("notices:withdraw", args=[withdrawal.pk]), follow=True)
    assert "廃止の通知は廃止できません" in text(answer)


def test_pressing_again_opens_the_draft(desk: Client, old: Release) -> None:
    new = begin(desk, old)
    answer = desk.post(reverse("notices:correct", args=[old.notice_id]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("notices:compose", args=[new.pk])
    assert "訂正の下書きがすでにあります" in text(answer)
    assert Notice.objects.filter(state=Notice.State.DRAFT).count() == 1


def test_what_one_press_made_is_taken_back_by_one_press(desk: Client, old: Release) -> None:
    begun = desk.post(reverse("notices:withdraw", args=[old.notice_id]), follow=True)
    draft = Notice.objects.get(state=Notice.State.DRAFT)
    undo = f"{reverse('notices:discard', args=[draft.pk])}?next={reverse('notices:notice', args=[old.notice_id])}"
    assert f'action="{undo}"' in begun.content.decode()
    back = desk.post(undo, follow=True)
    assert back.redirect_chain[-1][0] == reverse("notices:notice", args=[old.notice_id])
    assert "下書きを破棄しました。" in text(back)
    assert not Notice.objects.filter(pk=draft.pk).exists()


def test_whoever_wants_the_other_kind_meets_the_draft_that_is_there(desk: Client, old: Release) -> None:
    """A correction and a withdrawal of one notice do not both go out: no work is begun that would be lost."""
    correction = begin(desk, old)
    answer = desk.post(reverse("notices:withdraw", args=[old.notice_id]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("notices:compose", args=[correction.pk])
    assert "この通知の訂正の下書きがすでにあります。" in text(answer)
    assert "廃止の通知を出すときは、先にこの下書きを破棄してください。" in text(answer)


def test_a_draft_is_neither_corrected_nor_withdrawn(desk: Client, draft: Notice) -> None:
    answer = desk.post(reverse("notices:correct", args=[draft.pk]), follow=True)
    assert "訂正・廃止・再周知ができるのは、県から発出した通知だけです" in text(answer)


@pytest.mark.parametrize(("name", "label"), [("correct", "変わったところ"), ("withdraw", "廃止の理由")])
def test_what_changed_is_asked_kept_shown_and_wanted(desk: Client, old: Release, name: str, label: str) -> None:
    new = begin(desk, old, name)
    compose, check = (reverse(f"notices:{page}", args=[new.pk]) for page in ("compose", "check"))
    shown = text(desk.get(compose))
    assert f'{label}<span class="required">必須</span>' in shown
    assert reverse("notices:notice", args=[old.notice_id]) in shown
    assert f"「{label}」が空です" in text(desk.get(check))
    preview = desk.post(reverse("notices:preview", args=[new.pk]), form_of(desk, new) | {"changed": CHANGED})
    assert "設定を済ませた薬局は" in text(preview)
    assert Release.objects.get(notice=new).changed == ""
    desk.post(compose, form_of(desk, new) | {"changed": CHANGED.replace("\n", "\r\n"), "do": "save"})
    assert Release.objects.get(notice=new).changed == CHANGED
    checked = text(desk.get(check))
    assert "設定を済ませた薬局は" in checked
    assert "が空です" not in checked


def test_an_ordinary_draft_is_not_asked_what_changed(desk: Client, draft: Notice) -> None:
    assert "変わったところ" not in text(desk.get(reverse("notices:compose", args=[draft.pk])))
    desk.post(reverse("notices:compose", args=[draft.pk]), form_of(desk, draft) | {"changed": CHANGED, "do": "save"})
    assert Release.objects.get(notice=draft).changed == ""


def test_the_recipients_of_a_correction_are_given(cast: Cast, desk: Client, old: Release) -> None:
    new = begin(desk, old)
    page = reverse("notices:recipients", args=[new.pk])
    shown = desk.get(page)
    assert shown.context["overview"].pharmacies.total == 6
    assert "元の通知のすべての宛先" in text(shown)
    answer = desk.post(page, {"scope": "tags", "do": "next"})
    assert answer.headers["Location"] == reverse("notices:check", args=[new.pk])
    assert Release.objects.get(notice=new).scope == Release.Scope.ALL


def test_the_check_page_counts_those_who_are_told_of_a_withdrawal(cast: Cast, desk: Client, old: Release) -> None:
    Delivery.objects.filter(receipt__release=old, receipt__district=cast.takaodai).update(state=Delivery.State.STOPPED)
    new = begin(desk, old, "withdraw")
    for name in ("recipients", "check"):
        overview = desk.get(reverse(f"notices:{name}", args=[new.pk])).context["overview"]
        assert (overview.pharmacies.total, overview.districts.total) == (3, 1)


def test_the_web_releases_a_correction_and_both_boards_tell_of_it(cast: Cast, desk: Client, old: Release) -> None:
    new = correcting.draft_correction(old.notice_id, acting(cast, "staff"))
    Release.objects.filter(notice=new).update(changed=CHANGED)
    cast.approved(new)
    answer = desk.post(reverse("notices:check", args=[new.pk]), {"sure": "on"})
    board = reverse("notices:notice", args=[new.pk])
    assert answer.headers["Location"] == board
    shown = text(desk.get(board))
    assert "次の通知を訂正したものです" in shown
    assert "設定を済ませた薬局は" in shown
    assert reverse("notices:notice", args=[old.notice_id]) in shown
    before = text(desk.get(reverse("notices:notice", args=[old.notice_id])))
    assert "訂正済" in before
    assert board in before


@pytest.mark.parametrize(
    ("body", "is_left"),
    [
        ("令和９年１月１５日（金）までに設定をお願いします。", True),
        ("期限を1月15日から1月22日に改めます。", False),
        ("令和9年11月15日に研修会があります。", False),
    ],
)
def test_a_text_that_names_the_old_deadline_alone_is_a_doubt(
    desk: Client, old: Release, body: str, *, is_left: bool
) -> None:
    new = begin(desk, old)
    Release.objects.filter(pk=old.pk).update(deadline=dt.date(2027, 1, 15))
    Release.objects.filter(notice=new).update(deadline=dt.date(2027, 1, 22), changed="期限を延ばしました。")
    Notice.objects.filter(pk=new.pk).update(body=body)
    page = text(desk.get(reverse("notices:check", args=[new.pk])))
    assert ("元の期限（1月15日）が文章に残っています" in page) is is_left


def test_a_withdrawal_has_no_deadline_that_could_be_an_old_one(desk: Client, old: Release) -> None:
    new = begin(desk, old, "withdraw")
    Release.objects.filter(pk=old.pk).update(deadline=dt.date(2027, 1, 15))
    Notice.objects.filter(pk=new.pk).update(body="1月15日までにお願いした設定は、いりません。")
    assert "元の期限" not in text(desk.get(reverse("notices:check", args=[new.pk])))


def test_whoever_approves_a_correction_sees_what_differs_from_the_notice_it_corrects(cast: Cast, desk: Client) -> None:
    old = guide(cast)
    Notice.objects.filter(pk=old.notice_id).update(contact="事務局　電話 092-000-0100")
    draft = begin(desk, old)
    step = draft.steps.first()
    Step.objects.filter(pk=step.pk).update(title=f"{step.title}（管理者が行う）")
    later = old.deadline + dt.timedelta(days=7)
    Release.objects.filter(notice=draft).update(deadline=later, changed=CHANGED)
    approve.ask(draft.pk, timezone.localdate(), acting(cast, "staff"))
    page = text(cast.client("administrator").get(reverse("notices:check", args=[draft.pk])))
    compared = page.partition('id="corrected"')[2].partition("</section>")[0]
    assert old.notice.number_text in compared
    parts = re.findall(r"<dt>(.*?)</dt>", compared)
    assert parts == ["件名", "本文", "期限", "設定手順"]
    assert "管理者が行う" in "".join(re.findall(r"<ins>(.*?)</ins>", compared))
    assert f"</span>{old.deadline.day}日</del>" in compared and f"</span>{later.day}日</ins>" in compared


def test_a_withdrawal_is_compared_with_nothing(desk: Client, old: Release) -> None:
    draft = begin(desk, old, "withdraw")
    assert 'id="corrected"' not in text(desk.get(reverse("notices:check", args=[draft.pk])))
