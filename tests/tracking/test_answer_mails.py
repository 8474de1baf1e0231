"""相談への回答: a mail tells the pharmacy that the answer stands on its page."""

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import Organisation
from notices.distribution import message
from notices.models import Delivery, HelpRequest, Receipt, Release, Step
from notices.models.release import TIME_TO_ANSWER
from notices.procedures import answer as answering
from notices.tracking import helping
from tests.cast import Cast
from tests.tracking.conftest import BY_HAND, acting, page, text


def mails(receipt: Receipt) -> list[Delivery]:
    """Those that say that a question was answered."""
    return list(receipt.deliveries.filter(purpose=Delivery.Purpose.ANSWER))


def answered(asked: HelpRequest, cast: Cast, how: str = "write", said: str = "手順 3 を先に") -> str:
    """What the page says once staff have answered."""
    there = reverse("notices:help_request", args=[asked.pk])
    return text(cast.client("staff").post(there, {"answer": said, how: ""}, follow=True))


def test_a_mail_with_a_personal_address_says_that_the_answer_stands_on_the_page(
    confirmed: Receipt, cast: Cast, client: Client
) -> None:
    """It says neither what was asked nor what was answered; a later answer may stand there when it is read."""
    asked = helping.ask(confirmed.pk, None, "端末が古いのですが", **BY_HAND)
    assert "出たことを、メールで薬局にお知らせします。" in answered(asked, cast)
    [mail] = mails(confirmed)
    assert mail.address == confirmed.organisation.mailboxes.get().address
    built = message.build(mail)
    assert built.to == [mail.address]
    notice = confirmed.release.notice
    assert built.subject == f"【相談への回答】{notice.subject}（{notice.number_text}）"
    html = built.alternatives[0].content
    for words in (built.body, html):
        assert "ご相談に回答しました" in words and "白鷺中央薬局 御中" in words
        assert "端末が古い" not in words and "手順 3 を先に" not in words
    address = re.search(r"http\S+/n/\S+", built.body)[0]
    assert "手順 3 を先に" in text(client.get(urlsplit(address).path))
    assert "相談への回答" in text(cast.client("staff").get(reverse("notices:receipt", args=[confirmed.pk])))


def test_answered_again_while_the_mail_waits_it_is_one_mail_and_afterwards_another(
    confirmed: Receipt, cast: Cast
) -> None:
    asked = [helping.ask(confirmed.pk, None, note, **BY_HAND) for note in ("先の相談", "後の相談")]
    for each in (*asked, asked[0]):
        answered(each, cast)
    [mail] = mails(confirmed)
    Delivery.objects.filter(pk=mail.pk).update(state=Delivery.State.SENT, settled_at=timezone.now())
    assert "同じ回答がもう出ています" in answered(asked[0], cast)
    assert len(mails(confirmed)) == 1, "the same words again are no news"
    answered(asked[0], cast, said="手順 4 もお試しください")
    assert len(mails(confirmed)) == 2


def test_what_was_settled_meanwhile_is_not_answered_and_the_words_stay(confirmed: Receipt, cast: Cast) -> None:
    asked = helping.ask(confirmed.pk, None, "", **BY_HAND)
    helping.close(asked.pk, **BY_HAND)
    page = answered(asked, cast)
    assert "ちょうど解決済になりました。回答は出していません。" in page
    assert "手順 3 を先に" in page and mails(confirmed) == []
    asked.refresh_from_db()
    assert asked.answered_at is None


def test_of_a_call_that_is_noted_no_mail_is_sent_and_the_page_says_what_was_said(
    confirmed: Receipt, cast: Cast, client: Client
) -> None:
    asked = helping.ask(confirmed.pk, None, "", **BY_HAND)
    assert "メールは送っていません。" in answered(asked, cast, "telephone")
    assert mails(confirmed) == []
    shown = text(client.get(page(confirmed, "personal")))
    assert "手順 3 を先に" in shown and "解決済" in shown and "解決しました" not in shown
    HelpRequest.objects.update(closed_at=timezone.now() - TIME_TO_ANSWER)
    assert "手順 3 を先に" not in text(client.get(page(confirmed, "personal")))


@pytest.mark.parametrize("why", ["no mailbox", "resting", "left"])
def test_whoever_cannot_be_written_to_is_called_as_staff_are_told(confirmed: Receipt, cast: Cast, why: str) -> None:
    pharmacy = confirmed.organisation
    if why == "no mailbox":
        pharmacy.mailboxes.all().delete()
    elif why == "resting":
        pharmacy.mailboxes.update(usable=False)
    else:
        Organisation.objects.filter(pk=pharmacy.pk).update(left_on=timezone.localdate())
    asked = helping.ask(confirmed.pk, None, "", **BY_HAND)
    there = text(cast.client("staff").get(reverse("notices:help_request", args=[asked.pk])))
    assert "電話などでお伝えください。" in there
    assert "メールは送っていません。電話などで、回答が出たことをお伝えください。" in answered(asked, cast)
    assert mails(confirmed) == []


def test_the_form_promises_a_mail_to_those_alone_who_get_one(confirmed: Receipt, client: Client) -> None:
    promise = "お返事が出たことは、登録のメールアドレスにもお知らせします。"
    assert promise in text(client.get(page(confirmed, "personal_help")))
    confirmed.organisation.mailboxes.update(usable=False)
    assert promise not in text(client.get(page(confirmed, "personal_help")))


def test_a_note_that_answers_all_who_wait_tells_each_by_a_mail_of_its_own(
    guided: Release, steps: list[Step], cast: Cast
) -> None:
    asking = [cast.receipt(guided, pharmacy) for pharmacy in cast.pharmacies[:2]]
    for receipt in asking:
        helping.ask(receipt.pk, steps[4].pk, "", **BY_HAND)
    answering.answer_waiting(steps[4].pk, "青いボタンです", actor=acting(cast, "staff"))
    assert [[mail.receipt for mail in mails(receipt)] for receipt in asking] == [[receipt] for receipt in asking]
