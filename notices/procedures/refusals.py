"""Why a notice was not released, in the words that the screen, the command line and a schedule's record share."""

from notices import pdf, wareki
from notices.letters import numbering
from notices.models import Relation
from notices.procedures import issue


def words(refusal: Exception) -> str:
    """What stands in the way of a release, and what to do; `refusal` is one of issue.REFUSALS."""
    match refusal:
        case issue.NobodyHasIt():
            return (
                "元の通知は、まだどこにも送っていません。"
                "廃止を知らせる相手がいないので、元の通知の「未送信分を中止」で足ります。"
            )
        case issue.NobodyToReach():
            return "宛先が 1 つもありません。宛先を選んでください。"
        case issue.DeadlineBeforeRelease():
            deadline = wareki.long_date(refusal.deadline)
            return f"確認期限（{deadline}）が発出日より前です。期限を直してください。"
        case issue.NothingToSetUp():
            return "「確認＋設定」ですが、設定手順がまだありません。手順を書くか、「確認」に変えてください。"
        case issue.NothingSaid():
            field = "変わったところ" if refusal.kind == Relation.Kind.CORRECTS else "廃止の理由"
            return f"「{field}」が空です。文面の画面で書いてください。メールと通知の画面に出ます。"
        case issue.AlreadySuperseded():
            number = refusal.by.notice.number_text or refusal.by.notice.subject
            done = "廃止" if refusal.by.withdraws else "訂正"
            return f"元の通知は、すでに {number} で{done}されています。この下書きは破棄し、新しいほうを開いてください。"
        case issue.OutsideThePlan():
            return "選ばれた地区には、この下書きの宛先でないものがあります。宛先を直してください。"
        case numbering.NumberOfAnotherYear():
            return f"{another_year(refusal)}。文書番号を直してください。"
        case pdf.RenderFailed():
            return "公文書の PDF を作れませんでした。下書きはそのまま残っています。もう一度お試しください。"
    return "下書きではありません。発出できるのは、通知として作った下書きだけです。"


def another_year(error: numbering.NumberOfAnotherYear) -> str:
    """Why the number cannot be this letter's."""
    return f"{error.text}は{wareki.fiscal_year_label(error.day)}の番号ではないため、この文書には使えません"
