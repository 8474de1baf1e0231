"""決裁 knocks by mail: at those who decide, then at who had asked; each alone."""

from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from members.models import Capacity
from notices.models import Approval, Notice
from tests.cast import Cast
from tests.letters.approval.reading import GIST, decision, press, state, typed_today
from tests.servers.smtp import SmtpSink


def letters() -> dict[str, tuple[str, str]]:
    """By address, subject and text of the mails so far, each to one alone."""
    assert [one.to + one.cc + one.bcc for one in mail.outbox] == [[one.to[0]] for one in mail.outbox]
    return {one.to[0]: (one.subject, one.body) for one in mail.outbox}


def email(cast: Cast, who: str) -> str:
    return cast.capacities[who].account.email


def test_whoever_may_decide_is_told_but_not_who_asks(
    cast: Cast, desk: Client, colleague: Client, draft: Notice, settings: Settings
):
    settings.EMAIL_URL = "smtp://mail.example"
    told = press(desk, "ask", draft, day=typed_today(), gist=GIST)
    assert "メールでもお知らせします" in told
    found = letters()
    assert email(cast, "staff") not in found
    assert set(found) == {email(cast, "administrator"), email(cast, "chief")}
    subject, text = found[email(cast, "chief")]
    assert subject == f"【決裁のお願い】{draft.subject}"
    assert GIST in text and f"/notices/{draft.pk}/check/" in text and text.startswith("局長 花子 様")


def test_who_asked_is_told_of_the_decision(cast: Cast, boss: Client, asked: Approval, draft: Notice):
    press(boss, "decide", draft, **decision(asked))
    [(address, (subject, text))] = letters().items()
    draft.refresh_from_db()
    assert (address, subject) == (email(cast, "staff"), f"【決裁済】{draft.number_text} {draft.subject}")
    assert "決裁した人　管理 太郎" in text


def test_who_asked_is_told_why_it_comes_back(cast: Cast, boss: Client, asked: Approval, draft: Notice):
    press(boss, "send_back", draft, approval=asked.pk, remark="別添2が抜けています。")
    [(address, (subject, text))] = letters().items()
    assert (address, subject) == (email(cast, "staff"), f"【差し戻し】{draft.subject}")
    assert "別添2が抜けています。" in text


def test_a_refused_decision_mails_nobody(boss: Client, asked: Approval, draft: Notice):
    press(boss, "decide", draft, **decision(asked) | {"sure": ""})
    assert mail.outbox == []


def test_an_address_that_is_refused_keeps_nobody_else_from_being_told(
    cast: Cast, desk: Client, colleague: Client, draft: Notice, smtp_sink: SmtpSink, settings: Settings
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_sink.port
    first, second = email(cast, "administrator"), email(cast, "chief")
    smtp_sink.refuse("550 5.1.1 no such user", first)
    assert "決裁に出しました" in press(desk, "ask", draft, day=typed_today())
    assert state(draft) == "asked"
    [told] = smtp_sink.wait_for(1, second)
    assert told.recipients == (second,)
    assert smtp_sink.to(first) == []


def test_who_asked_and_works_there_no_more_is_told_nothing(cast: Cast, boss: Client, asked: Approval, draft: Notice):
    Capacity.objects.filter(pk=cast.capacities["staff"].pk).update(ended_at=timezone.now())
    press(boss, "send_back", draft, approval=asked.pk, remark="別添2が抜けています。")
    assert mail.outbox == []
