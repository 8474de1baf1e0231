"""Packets in the project's own words, dated around the day on which the demonstration is made.

Numbers, people and topics are invented; the structure is that of real ones: a covering letter at each hop, each
enclosing the letter it received, and a guide with screens behind them.
"""

import datetime as dt
from dataclasses import dataclass

from members.wareki import fiscal_year_in_era, long_date
from notices.demonstration.words import OFFICE_FAX, OFFICE_TELEPHONE

GUIDE = """薬歴照会端末 PC設定手順

薬歴照会システムにログインし、「利用環境」の画面を開きます

「訪問先での照会」を「使う」にして、保存してください

「保存しました」と出たら「閉じる」を押してください

一旦、ログアウトをし、もう一度ログインしてください

「利用者の管理」をクリックしてください

権限は「照会のみ」を選び、ご自身で決めた利用者名を入力し、「登録」をクリックしてください

仮のパスワードが表示されますので、紙に控えて、最初の画面に戻ります

「端末コードの発行」をクリックし、表示されたコードを紙に控えてください

登録した利用者でログインし、新しいパスワードを設定してください

ここからは、訪問で使うタブレット等の端末で設定を行ってください

薬歴照会アプリ 手順書までの操作方法

1. 下記URLより薬局支援ポータルにアクセスしてください

薬局支援ポータルURL : https://portal.yakkyoku-shien.example/guide

2. 「端末の種類ごとの手順書」から、お使いの端末の手順書を開いてください
"""

CONTACT = f"（問い合わせ先）福岡県薬剤師会 事務局\n電話 {OFFICE_TELEPHONE}　FAX {OFFICE_FAX}"

# Group, title, hint, whether a password or code is shown, written down or set in it.
STEPS = [
    ("pc", "薬歴照会システムにログインし、「利用環境」の画面を開く", "", False),
    ("pc", "「訪問先での照会」を「使う」にして保存する", "「保存しました」と出たら「閉じる」", False),
    ("pc", "一度ログアウトし、もう一度ログインする", "", False),
    ("pc", "「利用者の管理」を開く", "", False),
    ("pc", "権限「照会のみ」で利用者を登録する", "利用者名は薬局で決めます", False),
    ("pc", "仮のパスワードを紙に控え、最初の画面に戻る", "", True),
    ("pc", "「端末コードの発行」で発行し、紙に控える", "端末の設定で使います", True),
    ("pc", "登録した利用者でログインし、パスワードを変える", "", True),
    ("device", "ポータルサイトで手順書を開く", "端末の種類ごとの手順書", False),
    ("device", "「薬歴照会アプリ」を入れる", "", False),
    ("device", "端末コードを登録する", "紙の控えを見て、アプリに入れます", True),
    ("device", "訪問先を想定して、照会を試す", "", False),
    ("reference", "薬局支援ポータル", "https://portal.yakkyoku-shien.example/guide", False),
]


@dataclass(frozen=True)
class Letterhead:
    """Number and date of one letter; the association's numbers begin with the year of the era."""

    series: str
    serial: int
    date: dt.date

    @property
    def number(self) -> str:
        return f"{self.series}第{self.serial}号"

    @property
    def own_number(self) -> str:
        return f"{fiscal_year_in_era(self.date)}{self.number}"


def app_packet(ministry: dt.date, national: Letterhead, own: Letterhead, earlier: Letterhead) -> str:
    """A reminder with a set-up: the association's letter, 日薬's, the ministry's and the guide."""
    return f"""
{own.own_number}
{long_date(own.date)}

各地区薬剤師会会長 殿

公益社団法人福岡県薬剤師会
常務理事 濵﨑 航

訪問先における薬歴照会アプリの利用開始について

平素より本会の事業にご理解とご協力を賜り、厚く御礼申し上げます。

訪問先における薬歴照会アプリの利用開始については、{earlier.own_number}にてご案内したところですが、設定の方法について日本薬剤師会より連絡がありましたので、改めてお知らせいたします。

薬歴照会端末（PC）の設定を変更した後に、訪問で使うタブレット等にアプリを入れることで、訪問先でも薬歴を照会できるようになります。

ご多用のところ恐れ入りますが、貴会会員へご周知くださいますようお願い申し上げます。

記

・【別添1】訪問先における薬歴照会アプリの利用開始について（周知）
・【別添2】操作方法（福岡県薬剤師会作成版）
・【参考：薬局支援ポータルURL】
https://portal.yakkyoku-shien.example/guide

以上

{CONTACT}

{app_enclosures(ministry, national)}"""


def app_enclosures(ministry: dt.date, national: Letterhead) -> str:
    return f"""{national.number}
{long_date(national.date)}

都道府県薬剤師会担当役員 殿

日本薬剤師会
副会長 𠮷岡 健

訪問先における薬歴照会アプリの利用開始について（周知）

平素より本会会務にご高配を賜り、厚く御礼申し上げます。

今般、厚生労働省医薬局総務課より、本会宛てに別添のとおり連絡がありましたのでお送りいたします。

貴会会員へご周知くださいますようお願い申し上げます。

（別添）

・ 訪問先における薬歴照会アプリの利用開始について（周知）

（{long_date(ministry)}付け事務連絡、厚生労働省医薬局総務課）

事 務 連 絡
{long_date(ministry)}

公益社団法人 日本医師会
公益社団法人 日本薬剤師会 御中

厚生労働省医薬局総務課

訪問先における薬歴照会アプリの利用開始について（周知）

日頃より、医薬行政の推進にご協力いただきありがとうございます。

標記につきましては、患者のご自宅等を訪問する薬剤師が、その場で薬歴を照会できるアプリの配信が始まりました。

アプリの入れ方と使い方は、薬局支援ポータルに掲載の手順書をご確認ください。

貴団体におかれましても、関係者に対し周知いただきますようお願い申し上げます。

【参考：薬局支援ポータルURL】

https://portal.yakkyoku-shien.example/guide

以上

{GUIDE}"""


def holiday_packet(ministry: dt.date, national: Letterhead) -> str:
    """A packet as 日薬 sends it: it becomes 別添1 of a new letter."""
    return f"""
{national.number}
{long_date(national.date)}

都道府県薬剤師会会長 殿

日本薬剤師会
会長 森本 潤

年末年始における医薬品の供給体制の確保について

平素より本会会務にご高配を賜り、厚く御礼申し上げます。

標記について、厚生労働省医薬局医薬品流通課より、別添のとおり依頼がありました。

つきましては、年末年始の開局の予定を地域の医療機関と共有されるよう、貴会会員へご周知くださいますようお願い申し上げます。

（別添）

・ 年末年始における医薬品の供給体制の確保について（依頼）

（{long_date(ministry)}付け事務連絡、厚生労働省医薬局医薬品流通課）

事 務 連 絡
{long_date(ministry)}

公益社団法人 日本薬剤師会 御中

厚生労働省医薬局医薬品流通課

年末年始における医薬品の供給体制の確保について（依頼）

日頃より、医薬品の安定供給にご協力いただきありがとうございます。

年末年始の期間も、必要な医薬品が患者に届くよう、在庫の確認と休日当番の共有について、特段のご配慮をお願いいたします。

以上
"""


def disaster_packet(prefecture: Letterhead) -> str:
    """A letter of the prefecture's pharmaceutical division, fresh from the post."""
    return f"""
{prefecture.own_number}
{long_date(prefecture.date)}

公益社団法人福岡県薬剤師会会長 殿

福岡県保健医療介護部薬務課長
梅田 彰

薬局における災害時の連絡体制の点検について（依頼）

日頃より、本県の薬務行政にご協力いただき、厚く御礼申し上げます。

災害時に備え、薬局と地区の連絡先を点検していただきますよう、貴会会員へのご周知をお願いいたします。

記

・【別紙】連絡体制の点検表

以上
"""


def _own_letter(own: Letterhead, subject: str, paragraphs: str) -> str:
    """A letter of the association alone, without anything enclosed."""
    return f"""
{own.own_number}
{long_date(own.date)}

各地区薬剤師会会長 殿

公益社団法人福岡県薬剤師会
常務理事 濵﨑 航

{subject}

平素より本会の事業にご理解とご協力を賜り、厚く御礼申し上げます。

{paragraphs}

以上

{CONTACT}
"""


def training_letter(own: Letterhead, day: dt.date) -> str:
    return _own_letter(
        own,
        "第3回在宅医療研修会の開催について",
        f"標記の研修会を、{long_date(day)}に県薬剤師会館で開催いたします。\n\n"
        "多くの会員にご参加いただけますよう、貴会会員へご周知くださいますようお願い申し上げます。",
    )


def licence_letter(own: Letterhead, deadline: dt.date) -> str:
    return _own_letter(
        own,
        "麻薬小売業者免許の継続申請について",
        "本年末で有効期間が満了する麻薬小売業者免許について、継続を希望する薬局は県への申請が必要です。\n\n"
        f"申請は{long_date(deadline)}までに、管轄の保健福祉環境事務所へ行っていただきますよう、"
        "貴会会員へご周知くださいますようお願い申し上げます。",
    )


def on_call_letter(own: Letterhead, deadline: dt.date) -> str:
    return _own_letter(
        own,
        "休日・夜間当番薬局の連絡先の確認について",
        "休日と夜間に当番をする薬局の連絡先が、変わっていないかをお確かめください。\n\n"
        f"変わったときは、{long_date(deadline)}までに地区薬剤師会へお知らせいただきますよう、"
        "貴会会員へご周知くださいますようお願い申し上げます。",
    )


def insurance_letter(own: Letterhead, deadline: dt.date) -> str:
    """Something that the districts see to themselves, and therefore pass on with a letter of their own."""
    return _own_letter(
        own,
        "薬局賠償責任保険の団体加入の更新について",
        f"""薬局賠償責任保険の団体加入は、地区ごとに取りまとめて更新します。

更新の意向を {long_date(deadline)}までに確かめますので、貴会会員へご周知くださいますようお願い申し上げます。""",
    )
