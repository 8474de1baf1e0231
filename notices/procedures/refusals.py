"""What stands in the way of a release, in the words that the screen, the command line and a schedule's record share."""

import datetime as dt

from members import wareki
from notices import pdf
from notices.letters import numbering
from notices.models import Approval, Notice, Relation, Release
from notices.succession import Successor


class CannotRelease(RuntimeError):
    """The notice cannot be released, or scheduled, as it is; nothing was changed. `words`: why, and what to do."""

    words = "下書きではありません。発出できるのは、通知として作った下書きだけです。"


class NotIssued(CannotRelease):
    """A received letter is not the association's to release."""


class AlreadyReleased(CannotRelease):
    """It was released before, in another window or by somebody else: `release`."""

    words = "すでに発出されています。"

    def __init__(self, release: Release) -> None:
        super().__init__(str(release))
        self.release = release


class NobodyToReach(CannotRelease):
    """The chosen recipients are none."""

    words = "宛先が 1 つもありません。宛先を選んでください。"


class DeadlineBeforeRelease(CannotRelease):
    """The deadline lies before the day of release."""

    def __init__(self, deadline: dt.date, day: dt.date) -> None:
        super().__init__(f"{deadline} < {day}")
        self.deadline, self.day = deadline, day

    @property
    def words(self) -> str:
        return f"確認期限（{wareki.long_date(self.deadline)}）が発出日より前です。期限を直してください。"


class NothingToSetUp(CannotRelease):
    """Set-up is asked for, but no step is there to tick."""

    words = "「確認＋設定」ですが、設定手順がまだありません。手順を書くか、「確認」に変えてください。"


class NoStepsToPrint(CannotRelease):
    """An enclosure is to be made out of the steps, but no step is there."""

    words = "別添の「操作方法」を作る設定手順が、まだありません。手順を書くか、その別添を外してください。"


class NobodyHasIt(NobodyToReach):
    """The notice to be withdrawn has reached nobody: there is nobody to tell."""

    words = (
        "元の通知は、まだどこにも送っていません。"
        "廃止を知らせる相手がいないので、元の通知の「未送信分を中止」で足ります。"
    )


class NothingSaid(CannotRelease):
    """A correction does not say what has changed, or a withdrawal why: `kind`."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = Relation.Kind(kind)

    @property
    def words(self) -> str:
        field = "変わったところ" if self.kind == Relation.Kind.CORRECTS else "廃止の理由"
        return f"「{field}」が空です。文面の画面で書いてください。メールと通知の画面に出ます。"


class AlreadySuperseded(CannotRelease):
    """What the notice corrects, withdraws or makes known again was corrected or withdrawn meanwhile: `by`."""

    def __init__(self, by: Successor) -> None:
        super().__init__(str(by.notice))
        self.by = by

    @property
    def words(self) -> str:
        number = self.by.notice.number_text or self.by.notice.subject
        done = "廃止" if self.by.withdraws else "訂正"
        return f"元の通知は、すでに {number} で{done}されています。この下書きは破棄し、新しいほうを開いてください。"


class RepeatedMeanwhile(CannotRelease):
    """What the notice corrects or withdraws was made known again, by `again`, which would go on asking."""

    def __init__(self, again: Notice) -> None:
        super().__init__(str(again))
        self.again = again

    @property
    def words(self) -> str:
        number = self.again.number_text or self.again.subject
        return f"元の通知は {number} で再周知してあり、まだの薬局はそちらに答えています。先に再周知を廃止してください。"


class OutsideThePlan(CannotRelease):
    """A release for some districts only: the plan is not for all of them, or cannot be narrowed.

    Tags cannot, a 再周知 for whom has not answered neither, nor a correction or a withdrawal, which is for those of the
    old letter.
    """

    words = (
        "選ばれた地区には、この下書きの宛先でないものがあります。または、この下書きは地区に分けて発出できないものです。"
        "宛先を直してください。"
    )


class NotDue(CannotRelease):
    """The schedule was undone, changed or carried out meanwhile."""

    words = "発出の予約が変わりました。"


class AlreadyScheduled(CannotRelease):
    """There is a schedule already: `release`."""

    words = "すでに予約されています。変えるには、先に予約を取り消してください。"

    def __init__(self, release: Release) -> None:
        super().__init__(str(release))
        self.release = release


class TimeOver(CannotRelease):
    """The time of a schedule is over before it is made."""

    words = "その日時は、もう過ぎています。"


class ScheduledInAnotherYear(CannotRelease):
    """The letter's date and the day of its schedule are of two 年度."""

    def __init__(self, date: dt.date, day: dt.date) -> None:
        super().__init__(f"{date} / {day}")
        self.date, self.day = date, day

    @property
    def words(self) -> str:
        date, year = wareki.long_date(self.date), wareki.fiscal_year_label(self.day)
        return f"文書の日付（{date}）と違う年度（{year}）には予約できません。"


class ScheduledOnAnotherDay(ScheduledInAnotherYear):
    """The letter has a date of its own, and the day is another one: somebody has to say that this is meant."""

    @property
    def words(self) -> str:
        return f"文書の日付は{wareki.long_date(self.date)}のままで、{wareki.long_date(self.day)}に発出されます。"


class NoLongerStaff(CannotRelease):
    """Who scheduled the release may not release any more."""

    words = "予約した人のアカウントが、発出できないものになっています。ほかの担当者が発出してください。"


class NotApproved(CannotRelease):
    """Nobody has approved the draft, or its approval was taken back to change it."""

    words = "決裁がまだです。決裁に出し、決裁されてから発出してください。"


class StillWaiting(NotApproved):
    """Its approval was asked for, and nobody has decided."""

    words = "決裁待ちです。決裁されると、発出できます。"


class ChangedSinceApproval(NotApproved):
    """What would go out is not what was approved."""

    words = "決裁を受けたあとに内容が変わっています。「決裁を取り消して直す」から、もう一度決裁に出してください。"


class ApprovedAlone(NotApproved):
    """To so many recipients the approval of whoever drafted it is not enough: `most`."""

    def __init__(self, most: int) -> None:
        super().__init__(str(most))
        self.most = most

    @property
    def words(self) -> str:
        return f"宛先が {self.most} か所を超えるので、起案した人・決裁に出した人のほかの人が決裁してください。"


class NobodyApproves(CannotRelease):
    """Whoever asks for an approval would wait in vain: there is nobody who may give it."""

    words = (
        "この通知を決裁できる人がいません。管理者に「アカウント」でほかの人を決裁の担当にしてもらってから、"
        "決裁に出してください。急ぐときは、紙で決裁を受けて記録できます。"
    )


class ReleasedInAnotherYear(ScheduledInAnotherYear):
    """The letter's date and the day on which it would go out are of two 年度."""

    @property
    def words(self) -> str:
        return (
            f"文書の日付（{wareki.long_date(self.date)}）と違う年度（{wareki.fiscal_year_label(self.day)}）には"
            "発出できません。「決裁を取り消して直す」から、新しい日付で決裁に出してください。"
        )


class AlreadyAsked(CannotRelease):
    """Its approval is asked for or given already: `approval`."""

    def __init__(self, approval: Approval) -> None:
        super().__init__(str(approval))
        self.approval = approval

    @property
    def words(self) -> str:
        done = "すでに決裁されています。" if self.approval.is_given else "すでに決裁に出ています。"
        return f"{done}二重には出していません。"


class DateOver(CannotRelease):
    """The date that the letter is to carry lies before the day on which its approval is asked for or given."""

    words = "発出日が今日より前です。今日か、これからの日にしてください。"


class DateTooFar(CannotRelease):
    """The date that the letter is to carry lies years ahead."""

    words = "発出日が2年より先です。年を確かめてください。"


class DateBeforePaper(DateOver):
    """The date of the letter lies before the day of its approval on paper."""

    words = "発出日が、紙の決裁日より前です。決裁日か、それからあとの日にしてください。"


class AlreadyDecided(CannotRelease):
    """Somebody else has decided, or the request was taken back: `approval`, as it is now."""

    def __init__(self, approval: Approval) -> None:
        super().__init__(str(approval))
        self.approval = approval

    @property
    def words(self) -> str:
        match self.approval.state:
            case Approval.State.APPROVED | Approval.State.LAPSED:
                return f"すでに {self.approval.decided_by} さんが決裁しています。"
            case Approval.State.RETURNED:
                return f"すでに {self.approval.decided_by} さんが差し戻しています。"
        return f"決裁の依頼は、{self.approval.ended_by} さんが取り下げました。"


# What a release raises when it is refused.
REFUSALS = (CannotRelease, numbering.NumberOfAnotherYear, pdf.RenderFailed)


def words(refusal: Exception) -> str:
    """What stands in the way, and what to do; `refusal` is one of REFUSALS."""
    match refusal:
        case CannotRelease():
            return refusal.words
        case numbering.NumberOfAnotherYear():
            return f"{another_year(refusal)}。文書番号を直してください。"
    return "公文書の PDF を作れませんでした。下書きはそのまま残っています。もう一度お試しください。"


def another_year(error: numbering.NumberOfAnotherYear) -> str:
    """Why the number cannot be this letter's."""
    return f"{error.text}は{wareki.fiscal_year_label(error.day)}の番号ではないため、この文書には使えません"
