"""次の一手: what staff do next about a released notice, the most urgent first."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils import timezone

from notices import succession
from notices.boards import passing
from notices.boards.progress import Tally, Totals
from notices.models import Notice, Release
from notices.succession import Successor


class Move(StrEnum):
    """What to do; views know the page on which it is done."""

    RESUME = "resume"
    ANSWER = "answer"
    CALL = "call"
    POST = "post"
    WATCH = "watch"
    ASK = "ask"
    FOLLOW = "follow"
    STEP_IN = "step_in"
    AWAIT = "await"
    SUPERSEDED = "superseded"
    FOLLOWED_UP = "followed_up"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Advice:
    """One move: what it is, why, and what its button says."""

    move: Move
    heading: str
    reason: str
    button: str


def next_moves(
    release: Release, totals: Totals, untold: int = 0, again: Notice | None = None, papers: int = 0, known: int = 0
) -> list[Advice]:
    """Every move that the figures call for, the most urgent first; at least one, be it that nothing is left to do.

    `untold` are the pharmacies that wait for a letter of their district, `papers` what staff still have to post or to
    send by FAX themselves, `known` the unreached pharmacies that have confirmed all the same. About a superseded notice
    only its questions are left, or else to look at the new one; about one that was made known again, by `again`,
    nobody is urged. Before a pressing deadline the many who have not answered come before the few who were not reached.
    """
    tally = totals.pharmacies
    if by := succession.successor(release.notice_id):
        return _stuck(tally) or [_superseded(by)]
    if again:
        return [*_sending(release, tally), *_by_hand(papers), *_stuck(tally), _followed_up(again)]
    answers = [*_unreached(tally.failed - known), *(_asked(release, tally) if release.asks_confirmation else [])]
    if release.is_pressing(timezone.localdate()):
        answers.sort(key=lambda each: each.move is not Move.ASK)
    moves = [*_sending(release, tally), *_by_hand(papers), *_held_up(release), *answers, *_awaited(release, untold)]
    return moves or [_nothing(release, tally)]


def _sending(release: Release, tally: Tally) -> list[Advice]:
    if release.state == Release.State.PAUSED:
        kept = f"まだ送っていない {tally.waiting:,} 薬局は、再開すると続きから送ります。"
        return [Advice(Move.RESUME, "発出が止まっています", f"{release.paused_reason}{kept}", "発出の画面を開く")]
    if release.state == Release.State.SENDING and tally.waiting:
        if release.is_gathered:
            reason = "ほかのお知らせと、1通のメールで送ります。次にいつ送るかは、発出の画面に出ます。"
            return [
                Advice(Move.WATCH, f"まとめて送るのを待つ：残り {tally.waiting:,} 薬局", reason, "発出の画面を開く")
            ]
        reason = "送信は裏で続いています。この画面を閉じてもかまいません。"
        return [Advice(Move.WATCH, f"発出中：残り {tally.waiting:,} 薬局", reason, "進み具合を見る")]
    return []


def _by_hand(papers: int) -> list[Advice]:
    if not papers:
        return []
    reason = "メールでは送れない宛先です。印刷して送るまで、何も届きません。送ったら、送ったことを記録してください。"
    return [Advice(Move.POST, f"郵送・FAX の {papers:,} 宛先に紙を送る", reason, "紙を印刷する")]


def _unreached(pharmacies: int) -> list[Advice]:
    if pharmacies <= 0:
        return []
    reason = "メールが届いていません。電話で知らせ、宛先を確かめてください。"
    return [Advice(Move.CALL, f"届いていない {pharmacies:,} 薬局に知らせる", reason, "不達の薬局を見る")]


def _held_up(release: Release) -> list[Advice]:
    count = passing.held_up_count(release, timezone.now())
    if not count:
        return []
    reason = "会員への文書がまだ出ていません。会長に電話するか、会員薬局に県から直接送ってください。"
    return [Advice(Move.STEP_IN, f"滞っている {count:,} 地区に働きかける", reason, "地区ごとの状況を見る")]


def _awaited(release: Release, untold: int) -> list[Advice]:
    """The districts that have still time to pass the notice on."""
    count = passing.in_time_count(release, timezone.now())
    if not count:
        return []
    reason = f"{untold:,} 薬局には、地区が会員に送ると届きます。急ぐときは、会長に電話してください。"
    return [Advice(Move.AWAIT, f"{count:,} 地区の文書を待つ", reason, "地区ごとの状況を見る")]


def _asked(release: Release, tally: Tally) -> list[Advice]:
    moves = _stuck(tally)
    if tally.unconfirmed:
        reason = "地区会長の画面にも、返事のない薬局が電話番号とともに並んでいます。"
        heading = f"未確認の {tally.unconfirmed:,} 薬局に働きかける"
        moves.append(Advice(Move.ASK, heading, reason, "未確認の薬局を見る"))
    if release.asks_set_up and tally.under_way:
        heading = f"設定の途中の {tally.under_way:,} 薬局を見守る"
        reason = "どの手順で止まっているかは、下の表でわかります。"
        moves.append(Advice(Move.FOLLOW, heading, reason, "設定の途中の薬局を見る"))
    return moves


def _stuck(tally: Tally) -> list[Advice]:
    if not tally.needs_help:
        return []
    reason = "まだ解決していない相談があります。答えを待って、設定が止まっている薬局もあります。"
    return [Advice(Move.ANSWER, f"困っている {tally.needs_help:,} 薬局の相談を見る", reason, "相談を開く")]


def _superseded(by: Successor) -> Advice:
    nothing = "この通知について、することはありません。"
    if by.withdraws:
        reason = f"{nothing}廃止をだれに知らせたかは、廃止の通知で見られます。"
        return Advice(Move.SUPERSEDED, "この通知は廃止されました", reason, "廃止の通知を開く")
    reason = f"{nothing}確認の様子は、新しい通知で見られます。"
    return Advice(Move.SUPERSEDED, "この通知は訂正されました", reason, "新しい通知を開く")


def _followed_up(again: Notice) -> Advice:
    reason = f"まだの薬局には {again.number_text or again.subject} で再周知しました。これからの答えは、そちらに出ます。"
    return Advice(Move.FOLLOWED_UP, "再周知の様子を見る", reason, "再周知の通知を開く")


def _nothing(release: Release, tally: Tally) -> Advice:
    if not release.asks_confirmation:
        reason = "お知らせなので、返事は求めていません。記録はいつでもここで見られます。"
        return Advice(Move.NOTHING, "することはありません", reason, "")
    done = "完了または対象外と答えました" if release.asks_set_up else "確認しました"
    reason = f"{tally.recipients:,} 薬局すべてが{done}。記録はいつでもここで見られます。"
    return Advice(Move.NOTHING, "することはありません", reason, "")
