"""What a file of the roster looks like, for whoever makes one: each column, and a sample to fill in."""

from collections.abc import Iterator
from dataclasses import dataclass

from members.roster.loading.headings import HEADINGS, LABELS, REQUIRED
from members.sheets import Sheet

WRITTEN = {
    "code": "10けたの数字。ハイフンや空白、全角でもかまいません。7けたのときは、県の番号と 4 を補います",
    "name": "登録する名前のとおりに。字の形（髙・﨑など）も、そのまま残ります",
    "kana": "検索に使います",
    "district": "地区の名前。「白鷺」「白鷺地区」「白鷺地区薬剤師会」は同じです。新しい薬局には必ず入れます",
    "postal_code": "7けた。ハイフンはなくてもかまいません",
    "address": "列が分かれていても、つなげて読みます",
    "telephone": "市外局番から。先頭の 0 が落ちていれば、補います",
    "fax": "電話と同じです",
    "mails": "2つ以上は「;」か改行で区切るか、列を分けます",
    "stopped": "届かないなどで、使うのをやめているアドレス。名簿にあれば、停止中のまま残します。新しくは登録しません",
    "manager": "氏名。変わったときは、前の人の任期が終わり、新しい人が今日からになります",
    "channel": "メール・FAX・郵送のどれか",
    "tags": "健康サポート薬局など。2つ以上は「、」で区切ります",
    "joined_on": "R6.4.1、令和6年4月1日、2024/4/1 など",
    "left_on": "入っている薬局を、その日で退会にします。空欄にして読み込むと、退会を取り消します",
}
# The district of nobody, so that the sample itself is refused where somebody reads it in.
SAMPLE = (
    {"code": "4049999909", "name": "見本薬局", "kana": "ミホンヤッキョク", "district": "（地区の名前）",
     "postal_code": "810-0000", "address": "見本市中央1-2-3", "telephone": "092-000-0000", "fax": "092-000-0001",
     "mails": "mihon@shop.example; mihon2@shop.example", "manager": "見本 花子", "channel": "メール",
     "tags": "在宅対応、健康サポート薬局", "joined_on": "R6.4.1"},
    {"code": "4049999917", "name": "見本薬局 駅前店", "kana": "ミホンヤッキョクエキマエテン",
     "district": "（地区の名前）", "telephone": "092-000-0002", "fax": "092-000-0003", "channel": "FAX"},
)  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: its name here, other headings by which it is known, how its cells are written, whether it must be."""

    label: str
    others: list[str]
    written: str
    required: bool


def columns() -> list[Column]:
    """Every column that is read, in the order of our own file."""
    return [Column(names[0], list(names[1:]), WRITTEN[field], field in REQUIRED) for field, names in HEADINGS.items()]


def sample() -> Sheet:
    """Headings with two invented pharmacies."""
    return Sheet("名簿の見本", "roster-sample", list(LABELS.values()), _rows())


def _rows() -> Iterator[list[str]]:
    for row in SAMPLE:
        yield [row.get(field, "") for field in LABELS]
