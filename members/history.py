"""Appending to the history, and reading it."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone

from members.models import Account, Capacity, Event, Organisation, Trace

# What happened, in the words of the screen. A verb without a line here cannot be recorded.
VERBS = {
    "account.signin_pass_made": "サインイン用アドレスを作成",
    "account.signed_in": "サインイン",
    "account.invitation_sent": "招待のメールを送信",
    "account.corrected": "アカウントの氏名・アドレスを訂正",
    "account.disabled": "アカウントを停止",
    "account.enabled": "アカウントの停止を解除",
    "account.factor_added": "2つ目の確認を追加",
    "account.factor_removed": "2つ目の確認を削除",
    "account.factors_reset": "2つ目の確認を解除",
    "account.recovery_codes_renewed": "回復コードを作り直し",
    "account.sessions_ended": "ほかの端末のサインインを終了",
    "capacity.given": "立場を追加",
    "capacity.accepted": "招待を受けた",
    "capacity.declined": "招待を断った",
    "capacity.ended": "立場を終了",
    "capacity.duties_changed": "担当を変更",
    "access.refused": "ほかの団体の記録への操作を拒否",
    "names.cleared": "保存期間が過ぎた氏名を消去",
    "packet.received": "文書を受領",
    "packet.corrected": "読み取りを訂正",
    "packet.renumbered": "収受番号を訂正",
    "packet.registered": "受領文書を登録",
    "packet.filed": "受領文書を、会員へは伝えないことに",
    "packet.doubled": "受領文書を重複として閉じた",
    "packet.set_aside": "受領文書を取りやめた",
    "packet.reopened": "受領文書をもう一度開いた",
    "packet.letter_left_out": "受領文書の文書を除いた",
    "packet.letter_taken_back": "除いた文書を戻した",
    "packet.pages_placed": "文字のないページを別添に",
    "packet.pages_freed": "文字のないページを別添から外した",
    "packet.page_turned": "受領文書のページを回した",
    "notice.drafted": "下書きを作成",
    "notice.changed": "下書きを変更",
    "notice.discarded": "下書きを破棄",
    "approval.asked": "決裁を依頼",
    "approval.taken_back": "決裁の依頼を取り下げ",
    "approval.given": "決裁",
    "approval.returned": "差し戻し",
    "approval.recorded": "紙の決裁を記録",
    "approval.lapsed": "直すため決裁を取り消し",
    "notice.released": "発出",
    "number.entered": "文書番号簿に番号を記入",
    "number.corrected": "文書番号簿の記入を訂正",
    "number.removed": "文書番号簿の記入を取り消し",
    "sentence.changed": "定型文を変更",
    "sentence.reset": "定型文を元の文に戻した",
    "number.left_out": "決裁で付いた番号を欠番に",
    "file.quarantined": "しかけのあるファイルを保管し、写しを用意",
    "release.paused": "発出を一時停止",
    "release.resumed": "発出を再開",
    "release.ungathered": "まとめずに、いま送ることにした",
    "release.stopped": "未送信分を中止",
    "release.scheduled": "発出を予約",
    "release.unscheduled": "発出の予約を取り消し",
    "release.bound": "通知と別添をまとめたPDFを作成",
    "release.binding_asked": "通知と別添をまとめたPDFの作成を依頼",
    "release.superseded": "訂正・廃止により未送信分を中止",
    "release.passed_on": "地区が会員に文書を発出",
    "release.stepped_in": "滞った地区の会員に直接送る手配",
    "release.carried_over": "前の通知に代わって答える宛先",
    "release.repeated": "再周知した宛先への未送信分を中止",
    "release.reminders_planned": "再通知の予定を決めた",
    "reminders.usual_changed": "いつもの再通知の予定を変更",
    "release.reminders_stopped": "再通知を止めた",
    "release.reminders_resumed": "再通知を再開",
    "release.reminded": "再通知",
    "release.members_written": "地区から返事のない会員に連絡",
    "release.members_planned": "地区からの会員への連絡を、次の営業日に送る手配",
    "release.members_unplanned": "地区からの会員への連絡を送らずに終了",
    "release.papers_sent": "別経路の紙を送ったことを記録",
    "release.papers_not_sent": "別経路の紙を送った記録を取り消し",
    "delivery.repeated": "もう一度送信",
    "delivery.failed": "送れなかった（不達）",
    "delivery.bounced": "メールが戻った（不達）",
    "delivery.fax_returned": "FAXが戻った（不達）",
    "task.raised": "名簿の確認待ちに追加",
    "task.answered": "名簿の確認に回答",
    "task.returned": "名簿の確認の回答を差し戻し",
    "task.closed": "名簿の確認を済ませた",
    "task.reopened": "名簿の確認待ちに戻した",
    "organisation.added": "団体・薬局を登録",
    "organisation.changed": "名簿の内容を変更",
    "roster.read": "名簿のファイルを読み込み",
    "roster.asked": "名簿の取込に、もう1人の確認を依頼",
    "roster.applied": "名簿を取り込み",
    "roster.undone": "名簿の取込を元に戻した",
    "roster.discarded": "名簿の取込を取りやめ",
    "office.taken": "役員の就任を登録",
    "office.left": "役員の退任を登録",
    "officer.corrected": "役員の登録を訂正",
    "mailbox.added": "メールアドレスを追加",
    "mailbox.changed": "メールアドレスを変更",
    "mailbox.stopped": "メールアドレスの使用を停止",
    "mailbox.resumed": "メールアドレスの使用を再開",
    "mailbox.removed": "メールアドレスを削除",
    "fax.changed": "FAX番号を変更",
    "receipt.confirmed": "確認",
    "receipt.unconfirmed": "確認を取り消し",
    "receipt.named": "確認した人の名前を変更",
    "receipt.finished": "完了",
    "receipt.reopened": "完了を取り消し",
    "receipt.not_applicable": "対象外",
    "receipt.applicable": "対象外を取り消し",
    "receipt.device_chosen": "使う端末を選択",
    "receipt.called": "電話した（電話済）",
    "receipt.called_taken_back": "電話済を取り消し",
    "receipt.faxed": "FAX を送った（FAX済）",
    "receipt.faxed_taken_back": "FAX済を取り消し",
    "receipt.address_revoked": "個人用URLを無効化",
    "receipt.address_requested": "個人用URLを再送",
    "receipt.reminders_stopped": "この宛先への再通知を止めた",
    "receipt.reminders_resumed": "この宛先への再通知を再開",
    "step.ticked": "手順に済みを付けた",
    "step.unticked": "手順の済みを外した",
    "step.note_written": "手順に補足を書いた",
    "step.note_changed": "手順の補足を書き直した",
    "step.note_removed": "手順の補足を消した",
    "step.note_carried": "前の通知の補足を引き継いだ",
    "help.asked": "「困っています」と相談",
    "help.answered": "相談に回答",
    "help.closed": "相談を終了",
    "help.carried": "相談をこの通知に引き継ぎ",
    "help.withdrawn": "相談を取り消し",
}

# What an event is about, by `subject_kind`.
KINDS = {
    "account": "アカウント",
    "capacity": "立場",
    "packet": "受領文書",
    "notice": "通知",
    "documentnumber": "文書番号",
    "storedfile": "ファイル",
    "release": "発出",
    "receipt": "受領状況",
    "delivery": "配信",
    "task": "名簿の確認",
    "mailbox": "メールアドレス",
    "officer": "役員",
    "organisation": "団体・薬局",
    "rosterload": "名簿の取込",
    "sentence": "定型文",
    "usualplan": "再通知",
}


@dataclass(frozen=True)
class Actor:
    """Who acts: nobody signed in (a personal address), an account, or an account in a capacity.

    `proposed_by` is whose proposal is carried out: every event then names both.
    """

    account: Account | None = None
    capacity: Capacity | None = None
    proposed_by: Account | None = None


@dataclass(frozen=True)
class Origin:
    """Whence a request comes: IP address (None where it is not known) and user agent, as far as it is kept."""

    address: str | None
    user_agent: str


NOBODY = Actor()

_moment: ContextVar[dt.datetime | None] = ContextVar("moment", default=None)
_origin: ContextVar["Callable[[], Origin] | None"] = ContextVar("origin", default=None)


@contextmanager
def dated(at: dt.datetime) -> Iterator[None]:
    """Events recorded inside carry that moment: for taking over what happened before the site was there."""
    token = _moment.set(at)
    try:
        yield
    finally:
        _moment.reset(token)


def moment() -> dt.datetime:
    """When what is recorded now happened: now, or what `dated` says."""
    return _moment.get() or timezone.now()


@contextmanager
def coming_from(origin: Callable[[], Origin]) -> Iterator[None]:
    """Events recorded inside have a trace of this origin, which is looked up when there is something to record."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


def record(
    verb: str,
    subject: models.Model | None = None,
    *,
    actor: Actor = NOBODY,
    organisation: Organisation | int | None = None,
    **detail: Any,
) -> Event:
    """Append one event, and its trace where a request brought it about; the organisation by its row or its key.

    Call it in the transaction of what it tells about. Unknown verbs raise KeyError.
    """
    VERBS[verb]
    if actor.proposed_by:
        detail["proposed_by"] = actor.proposed_by.pk
    event = Event.objects.create(
        at=moment(),
        verb=verb,
        account=actor.account,
        capacity=actor.capacity,
        organisation_id=getattr(organisation, "pk", organisation),
        subject_kind=subject._meta.model_name if subject else "",
        subject_id=subject.pk if subject else None,
        detail=detail,
    )
    if origin := _origin.get():
        come = origin()
        Trace.objects.create(event=event, address=come.address, user_agent=come.user_agent[: Trace.LONGEST_AGENT])
    return event


def of(subject: models.Model) -> models.QuerySet[Event]:
    """The history of one row, latest first."""
    return Event.objects.filter(subject_kind=subject._meta.model_name, subject_id=subject.pk).select_related(
        "account", "capacity__organisation", "organisation"
    )
