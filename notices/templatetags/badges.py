"""The status badges: one state, one icon, one word and one colour, everywhere on the screen."""

from typing import NamedTuple


class Badge(NamedTuple):
    """What a badge shows: an icon of the sprite, the word, and a tone (`status-…` in site.css; "" is neutral)."""

    icon: str
    word: str
    tone: str = ""


GROUPS = {
    "配信": {  # What became of a recipient (reach) and of one message (delivery)
        "waiting": Badge("wait", "送信待ち"),
        "sending": Badge("send", "送信中", "way"),
        "retrying": Badge("again", "再送待ち", "care"),
        "sent": Badge("reached", "送信済", "way"),
        "other": Badge("post", "別経路"),
        "failed": Badge("fail", "不達", "bad"),
        "stopped": Badge("none", "中止", "off"),
    },
    "薬局と地区の回答": {
        "unconfirmed": Badge("wait", "未確認", "care"),
        "overdue": Badge("warn", "期限超過", "bad"),
        "confirmed": Badge("check", "確認", "read"),
        "on_behalf": Badge("proxy", "代理確認", "read"),
        "finished": Badge("done", "完了", "good"),
        "not_applicable": Badge("none", "対象外", "off"),
        "stuck": Badge("help", "困っています", "care"),
        "answered": Badge("check", "回答済", "read"),
        "closed": Badge("tick", "解決済", "good"),
        "called": Badge("phone", "電話済"),
        "faxed": Badge("fax", "FAX済"),
        "accepted": Badge("check", "受領確認", "read"),
        "passed_on": Badge("done", "会員への周知済", "good"),
        "held_up": Badge("warn", "滞り", "bad"),
        "undone": Badge("undo", "取り消し済", "off"),
    },
    "通知": {
        "received": Badge("packet", "受領"),
        "draft": Badge("pen", "下書き"),
        "released": Badge("send", "発出済", "good"),
        "corrected": Badge("again", "訂正済", "care"),
        "withdrawn": Badge("none", "廃止済", "off"),
        "withdrawing": Badge("none", "廃止", "care"),
        "again": Badge("again", "再周知"),
        "followed_up": Badge("again", "再周知済", "off"),
    },
    "文書番号簿": {  # A number of the ledger without a notice
        "number.outside": Badge("doc", "サイト外"),
        "number.void": Badge("none", "欠番", "off"),
        "number.missing": Badge("warn", "記録なし", "care"),
    },
    "決裁": {  # The request for the approval of a draft
        "approval.asked": Badge("approve", "決裁待ち", "care"),
        "approval.approved": Badge("approve", "決裁済", "read"),
        "approval.returned": Badge("undo", "差し戻し", "care"),
        "approval.taken_back": Badge("pen", "下書き"),
        "approval.lapsed": Badge("pen", "下書き"),
    },
    "発出": {
        "release.prepared": Badge("pen", "準備中"),
        "release.scheduled": Badge("calendar", "発出予約", "way"),
        "release.sending": Badge("send", "発出中", "solid"),
        "release.paused": Badge("pause", "一時停止", "care"),
        "release.stopped": Badge("none", "中止", "off"),
        "release.sent": Badge("send", "発出済", "good"),
    },
    "受領文書": {
        "unread": Badge("wait", "読取待ち"),
        "doubtful": Badge("warn", "要確認", "care"),
        "unregistered": Badge("packet", "登録待ち", "way"),
        "registered": Badge("check", "登録済", "read"),
        "issued": Badge("done", "伝達済", "good"),
        "filed": Badge("none", "伝えない", "off"),
        "double": Badge("none", "重複", "off"),
        "set_aside": Badge("none", "取りやめ", "off"),
    },
    "名簿の確認": {  # What is to be found out about the roster
        "task.waiting": Badge("wait", "回答待ち"),
        "task.answered": Badge("bell", "地区から回答あり", "care"),
        "task.checking": Badge("wait", "事務局で確認中", "way"),
        "task.returned": Badge("undo", "差し戻し", "care"),
        "task.closed": Badge("done", "済み", "good"),
    },
    "アカウントとアドレス": {
        "usable": Badge("check", "使用中", "good"),
        "unusable": Badge("fail", "使えません", "bad"),
        "disabled": Badge("none", "停止中", "off"),
    },
}
BADGES = {key: badge for group in GROUPS.values() for key, badge in group.items()}
