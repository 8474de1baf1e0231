"""The pages behind a personal address: whose it is, the papers, one tap, the steps. Opening records nothing."""

import datetime as dt

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members import wareki
from members.models import Event
from notices.distribution import contents
from notices.models import Attachment, Notice, Receipt, Release, Step
from notices.models.receipt import Via
from notices.personal import Scope
from notices.tracking import setup
from tests.cast import Cast
from tests.tracking.conftest import BY_HAND, page, text, token, verbs

BUTTONS = ("confirm", "name", "device", "finish", "reopen", "applicable", "help_close")


def everything() -> dict[str, list[tuple]]:
    """Every row of every table."""
    return {model._meta.label: sorted(map(repr, model._base_manager.values_list())) for model in apps.get_models()}


def test_opening_any_page_changes_no_row(guided: Release, cast: Cast, stranger: Client) -> None:
    receipt = cast.receipt(guided, cast.pharmacies[0])
    chair = cast.receipt(guided, cast.shirasagi)
    attachments = list(guided.notice.attachments.all())
    addresses = [
        page(chair),
        *(page(receipt, f"personal{name}") for name in ("", "_steps", "_help", "_not_applicable", "_letter")),
        *(page(receipt, f"personal_{name}") for name in BUTTONS),
        page(receipt, "personal_attachment", attachments[0].pk),
        page(receipt, "personal_file", attachments[2].pk),
        page(chair, "forwarded", scope=Scope.FORWARD),
        "/n/unknown/",
    ]
    before = everything()
    for state in (lambda: None, lambda: setup.finish(receipt.pk, **BY_HAND)):
        state()
        before = everything()
        for address in addresses:
            for method in (stranger.get, stranger.head):
                assert method(address).status_code in (200, 302, 404), address
        assert everything() == before


def test_the_page_says_whose_it_is_and_who_what_by_when(receipt: Receipt, client: Client) -> None:
    shown = text(client.get(page(receipt)))
    assert '<span class="whose">白鷺中央薬局</span>' in shown
    for word in (
        "訪問薬剤管理を行う薬局",
        "PC の設定を変え、端末にアプリを入れる",
        wareki.day_with_weekday(receipt.release.deadline),
        "訪問を行わない薬局も、読んだら",
        "公文書を読む",
        "平素より本会会務に",
        "設定手順が 12 項目あります",
        "（PC 8・端末 4）",
        "押すと、白鷺中央薬局が読んだことが県と地区の薬剤師会に伝わります。",
        reverse("privacy"),
    ):
        assert word in shown
    assert "会員への周知をお願いいたします" not in shown


def test_a_phone_that_was_never_here_confirms_in_one_tap(receipt: Receipt, stranger: Client) -> None:
    opened = stranger.get(page(receipt))
    form_token = opened.context["csrf_token"]
    assert stranger.post(page(receipt, "personal_confirm")).status_code == 403
    answer = stranger.post(page(receipt, "personal_confirm"), {"csrfmiddlewaretoken": str(form_token)})
    assert (answer.status_code, answer["Location"]) == (302, page(receipt))
    receipt.refresh_from_db()
    assert (receipt.confirmed_via, receipt.confirmed_by) == (Via.PERSONAL, None)
    assert "sessionid" not in stranger.cookies


def test_a_form_from_a_page_without_referrer_is_taken(receipt: Receipt, stranger: Client) -> None:
    form_token = str(stranger.get(page(receipt)).context["csrf_token"])
    answer = stranger.post(
        page(receipt, "personal_confirm"), {"csrfmiddlewaretoken": form_token}, headers={"Origin": "null"}
    )
    assert answer.status_code == 302


def test_after_confirming_the_name_is_asked_and_may_be_left_out(confirmed: Receipt, client: Client) -> None:
    shown = text(client.get(page(confirmed)))
    assert "確認しました" in shown and "お名前を残す（任意）" in shown
    client.post(page(confirmed, "personal_name"), {"name": "宮﨑 悠"})
    assert "お名前　宮﨑 悠" in text(client.get(page(confirmed)))
    assert "お名前を直す" in text(client.get(page(confirmed)))


def test_a_name_of_invisible_letters_is_no_name(confirmed: Receipt, client: Client) -> None:
    client.post(page(confirmed, "personal_name"), {"name": "\u200b\u2060"})
    confirmed.refresh_from_db()
    assert confirmed.confirmed_name == ""


def test_a_name_is_shown_as_typed_and_one_too_long_is_given_back(confirmed: Receipt, client: Client) -> None:
    client.post(page(confirmed, "personal_name"), {"name": "<script>alert(1)</script>O'Brien"})
    assert "&lt;script&gt;alert(1)&lt;/script&gt;O&#x27;Brien" in text(client.get(page(confirmed)))
    refused = client.post(page(confirmed, "personal_name"), {"name": "あ" * 101})
    assert refused.status_code == 422 and "あ" * 101 in text(refused)


def test_each_tick_is_kept_at_once_with_its_time(confirmed: Receipt, steps: list[Step], client: Client) -> None:
    for step in steps[:4]:
        client.post(page(confirmed, "personal_steps"), {"step": step.pk, "done": "1"})
    shown = text(client.get(page(confirmed)))
    assert "12 項目のうち 4 項目済み" in shown
    assert shown.count("保存しました") == 4
    assert shown.index(steps[4].title) < shown.index("次はここから") < shown.index(steps[5].title)
    client.post(page(confirmed, "personal_steps"), {"step": steps[0].pk})
    assert "12 項目のうち 3 項目済み" in text(client.get(page(confirmed)))


def test_a_script_gets_the_changed_part_only(confirmed: Receipt, steps: list[Step], client: Client) -> None:
    part = client.post(
        page(confirmed, "personal_steps"), {"step": steps[0].pk, "done": "1"}, headers={"HX-Request": "true"}
    )
    assert "12 項目のうち 1 項目済み" in text(part) and "<html" not in text(part)


def test_every_step_is_shown_unasked_where_none_depends_on_the_device(
    confirmed: Receipt, steps: list[Step], client: Client
) -> None:
    shown = text(client.get(page(confirmed)))
    assert steps[8].title in shown and "使う端末は" not in shown


def test_the_device_brings_the_steps_of_its_own(confirmed: Receipt, steps: list[Step], client: Client) -> None:
    Step.objects.filter(pk=steps[9].pk).update(device="ios")
    shown = text(client.get(page(confirmed)))
    assert "使う端末は" in shown and steps[8].title in shown and steps[9].title not in shown
    client.post(page(confirmed, "personal_device"), {"device": "ios"})
    assert steps[9].title in text(client.get(page(confirmed)))
    assert client.post(page(confirmed, "personal_device"), {"device": "abacus"}).status_code == 404


@pytest.mark.parametrize("step", ["", "0", "-1", "1e309", "99999999999999999999", "x"])
def test_a_step_that_is_none_is_not_found(confirmed: Receipt, client: Client, step: str) -> None:
    assert client.post(page(confirmed, "personal_steps"), {"step": step, "done": "1"}).status_code == 404


def test_finishing_leads_to_the_page_that_says_so_and_back(confirmed: Receipt, client: Client) -> None:
    client.post(page(confirmed, "personal_finish"))
    shown = text(client.get(page(confirmed)))
    assert "完了しました" in shown and "することはもうありません" in shown and "12 項目のうち 0 項目済み" in shown
    assert "完了を取り消す" in text(client.get(page(confirmed, "personal_steps")))
    client.post(page(confirmed, "personal_reopen"))
    assert "設定が完了しました" in text(client.get(page(confirmed)))


def test_not_applicable_asks_for_a_reason(confirmed: Receipt, client: Client) -> None:
    address = page(confirmed, "personal_not_applicable")
    assert "理由を選んでください" in text(client.post(address, {}))
    assert "理由を書いてください" in text(client.post(address, {"reason": "other", "other": " \u200b"}))
    client.post(address, {"reason": "other", "other": "統合のため"})
    assert "統合のため" in text(client.get(page(confirmed)))
    client.post(page(confirmed, "personal_applicable"))
    client.post(address, {"reason": "対象となる業務を行っていない"})
    confirmed.refresh_from_db()
    assert confirmed.not_applicable_reason == "対象となる業務を行っていない"


def test_what_the_state_does_not_allow_is_said_and_changes_nothing(confirmed: Receipt, client: Client) -> None:
    client.post(page(confirmed, "personal_not_applicable"), {"reason": "対象となる業務を行っていない"})
    refused = client.post(page(confirmed, "personal_finish"))
    assert refused.status_code == 409
    assert "先に対象外を取り消してください" in text(refused)
    confirmed.refresh_from_db()
    assert confirmed.finished_at is None


def test_a_notice_that_only_informs_has_no_button(cast: Cast, client: Client) -> None:
    receipt = cast.receipt(cast.released(ask=Release.Ask.INFORM), cast.pharmacies[0])
    shown = text(client.get(page(receipt)))
    assert "読むだけでかまいません" in shown
    assert "<button" not in shown and "困っています" not in shown
    assert client.post(page(receipt, "personal_confirm")).status_code == 409
    assert client.get(page(receipt, "personal_help")).status_code == 404


def test_a_notice_that_asks_for_confirming_only_has_no_steps(cast: Cast, client: Client) -> None:
    receipt = cast.receipt(cast.released(), cast.pharmacies[0])
    client.post(page(receipt, "personal_confirm"))
    shown = text(client.get(page(receipt)))
    assert "することはもうありません" in shown and "設定手順" not in shown
    for name in ("personal_steps", "personal_not_applicable"):
        assert client.get(page(receipt, name)).status_code == 404


def test_a_chair_confirms_receipt_and_nothing_else_by_a_personal_address(
    guided: Release, cast: Cast, client: Client
) -> None:
    receipt = cast.receipt(guided, cast.shirasagi)
    shown = text(client.get(page(receipt)))
    assert "受領を確認しました" in shown and "会員への周知をお願いいたします" in shown
    assert "サインインした画面" in shown and reverse("account_login") in shown
    assert "訪問を行わない薬局も" not in shown and "設定が完了しました" not in shown
    client.post(page(receipt, "personal_confirm"))
    assert "受領を確認しました" in text(client.get(page(receipt)))
    for name in ("finish", "reopen", "steps", "device", "help", "not_applicable", "applicable"):
        assert client.post(page(receipt, f"personal_{name}"), {"device": "ios"}).status_code in (302, 404, 409)
    assert verbs(receipt) == ["receipt.confirmed"]


def test_a_personal_address_is_no_session(receipt: Receipt, client: Client) -> None:
    client.get(page(receipt))
    client.post(page(receipt, "personal_confirm"))
    assert client.get(reverse("notices:own")).status_code == 302
    assert "sessionid" not in client.cookies


def test_pages_are_kept_by_no_cache_and_named_to_nobody(receipt: Receipt, client: Client) -> None:
    for address in (page(receipt), page(receipt, "personal_letter"), "/n/unknown/"):
        answer = client.get(address)
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_no_log_names_a_token(confirmed: Receipt, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.post(page(confirmed, "personal_name"), {"name": "あ" * 101})
    client.get("/n/ffff-AAAAAAAAAAAAAAAAAAAAAAAA/")
    logged = "\n".join(caplog.messages)
    assert logged.count("/n/…/") == 2
    assert token(confirmed) not in logged


def test_another_notices_papers_are_not_found(receipt: Receipt, cast: Cast, client: Client) -> None:
    other = cast.released("ほかの通知").notice.attachments.get()
    for name in ("personal_attachment", "personal_file"):
        assert client.get(page(receipt, name, other.pk)).status_code == 404


def test_enclosed_letters_open_as_sheets_one_after_another(receipt: Receipt, client: Client) -> None:
    first = receipt.release.notice.attachments.get(label="別添1")
    shown = text(client.get(page(receipt, "personal_attachment", first.pk)))
    assert shown.index("貴会会員へご周知") < shown.index("関係者に対し周知")
    assert shown.count('class="paper') == 2


def test_addresses_within_an_enclosed_letter_lead_there(receipt: Receipt, client: Client) -> None:
    first = receipt.release.notice.attachments.get(label="別添1")
    Notice.objects.filter(pk=first.enclosed_id).update(items="詳しくは https://portal.example/guide をご覧ください。")
    shown = client.get(page(receipt, "personal_attachment", first.pk)).content.decode()
    assert '<a href="https://portal.example/guide" rel="nofollow">https://portal.example/guide</a>' in shown


def test_an_enclosure_without_content_is_shown_to_nobody_who_receives_it(receipt: Receipt, client: Client) -> None:
    notice = receipt.release.notice
    letter = notice.attachments.get(label="別添1").enclosed
    for holder in (notice, letter):
        holder.attachments.create(position=50, label="別添50", title="")
    first = notice.attachments.get(label="別添1")
    for way in (page(receipt), page(receipt, "personal_attachment", first.pk)):
        assert "別添50" not in text(client.get(way))
    assert all("別添50" not in line for line in contents.context(receipt.release, "pharmacy", "first")["attachments"])


def test_texts_open_as_a_page_and_files_are_only_saved(receipt: Receipt, client: Client) -> None:
    attachments = {each.label: each for each in receipt.release.notice.attachments.all()}
    assert "1. 画面を開く" in text(client.get(page(receipt, "personal_attachment", attachments["別添2"].pk)))
    saved = client.get(page(receipt, "personal_file", attachments["別添3"].pk))
    assert b"".join(saved.streaming_content) == b"PK form"
    assert saved["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in saved["Content-Security-Policy"]


def test_the_letter_is_the_one_that_was_released(receipt: Receipt, client: Client) -> None:
    answer = client.get(page(receipt, "personal_letter"))
    assert b"".join(answer.streaming_content) == receipt.release.letter.read()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline;")


def test_links_outside_show_their_host_and_no_other_kind_of_link_is_one(receipt: Receipt, client: Client) -> None:
    shown = text(client.get(page(receipt)))
    assert 'href="https://portal.example/guide" rel="noopener noreferrer external"' in shown
    assert "portal.example</span>" in shown
    Notice.objects.get(pk=receipt.release.notice_id).attachments.filter(label="参考").update(url="javascript:alert(1)")
    assert 'href="javascript:' not in text(client.get(page(receipt)))


def test_a_deadline_that_passed_is_said(receipt: Receipt, client: Client) -> None:
    Release.objects.filter(pk=receipt.release_id).update(
        released_on=timezone.localdate() - dt.timedelta(days=9), deadline=timezone.localdate() - dt.timedelta(days=3)
    )
    assert "期限を <b>3</b> 日すぎています" in text(client.get(page(receipt)))
    assert client.post(page(receipt, "personal_confirm")).status_code == 302
    assert Event.objects.filter(verb="receipt.confirmed").exists()


def test_who_does_not_understand_the_notice_can_say_so_before_confirming(receipt: Receipt, client: Client) -> None:
    shown = text(client.get(page(receipt)))
    assert f'href="{page(receipt, "personal_help")}?step="' in shown
    asked = client.post(page(receipt, "personal_help"), {"step": "", "note": "うちの薬局も対象ですか。"}, follow=True)
    assert "確認しました" in text(asked) and receipt.help_requests.get().note == "うちの薬局も対象ですか。"


def test_papers_that_came_with_an_enclosed_letter_are_listed_by_the_name_on_the_paper(
    receipt: Receipt, client: Client, guided: Release
) -> None:
    national = guided.notice.attachments.get(label="別添1").enclosed
    manual = Attachment.objects.create(notice=national, position=2, label="別添2", title="手順書", text="1. 画面を開く")
    address = page(receipt, "personal_attachment", manual.pk)
    shown = text(client.get(page(receipt)))
    assert "別添1の別添2" in shown and f'<a href="{address}">手順書</a>' in shown
    assert "別添1の別添<" not in shown, "a letter is read behind the one that encloses it"
    assert f"{guided.notice.number_text} の別添1の別添2" in text(client.get(address))
    said = contents.context(guided, "pharmacy", "notice")["attachments"]
    assert "別添1の別添2　手順書" in said and said[0] == "別添1　日本薬剤師会からの文書"
