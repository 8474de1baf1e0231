"""Which row holds the headings, and what each column holds."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from members.names import search_key
from members.roster.loading.sheets import Cell, NotReadable, Sheet, text

# The fields of an entry, with the headings by which associations name them; the first is ours.
HEADINGS: dict[str, tuple[str, ...]] = {
    "code": ("薬局コード", "保険薬局コード", "保険薬局番号", "医療機関コード", "薬局番号", "機関コード", "コード"),
    "name": ("薬局名", "薬局名称", "保険薬局名", "名称", "施設名", "会員薬局名", "店舗名", "薬局"),
    "kana": ("フリガナ", "薬局名フリガナ", "薬局名カナ", "名称カナ", "カナ", "カナ名", "薬局名(カナ)", "ヨミ"),
    "district": ("地区", "地区名", "地区薬剤師会", "所属地区", "支部", "支部名", "所属支部"),
    "postal_code": ("郵便番号", "〒", "郵便", "ZIP"),
    "address": ("住所", "所在地", "薬局所在地", "住所1", "住所2", "番地", "建物名"),
    "telephone": ("電話", "電話番号", "TEL", "Tel番号", "℡", "連絡先電話番号", "薬局電話番号"),
    "fax": ("FAX", "FAX番号", "ファックス", "ファクス", "ファックス番号", "ファクシミリ"),
    "mails": ("メールアドレス", "メール", "Eメール", "E-mail", "E-mailアドレス", "電子メール", "メアド", "Mail"),
    "stopped": ("停止中のメールアドレス",),
    "manager": ("管理薬剤師", "管理薬剤師名", "管理薬剤師氏名", "管理者", "管理者名", "管理者氏名"),
    "channel": ("届け方", "送付方法", "配信方法", "連絡方法", "送信方法"),
    "tags": ("区分", "タグ", "届出", "属性"),
    "joined_on": ("入会日", "入会年月日", "加入日"),
    "left_on": ("退会日", "退会年月日", "閉局日"),
}
LABELS = {field: names[0] for field, names in HEADINGS.items()}
REQUIRED = ("code", "name")
# Fields to which several columns may add up; every other has one column.
OF_SEVERAL = {"mails", "address", "tags"}
KNOWN = {search_key(name): field for field, names in HEADINGS.items() for name in names}
COUNTED = re.compile(r"[0-9]+$")
SEARCHED_ROWS = 40
LEAST = 2  # known headings that a row must have
LIKELY, LONGEST = 3, 20  # words, and signs in each, of a row that may be headings of which none is known
NO_HEADINGS = (
    "見出しの行が見つかりませんでした。「薬局コード」「薬局名」などの見出しが1行に並んだ表にして、"
    "もう一度選んでください。"
)


@dataclass(frozen=True)
class Column:
    """One column: its place from 0, its heading as written, and what it holds (empty: nothing for us)."""

    place: int
    heading: str
    field: str = ""

    @property
    def key(self) -> str:
        return key_of(self.heading)

    @property
    def letter(self) -> str:
        """The column's name in Excel."""
        letters, rest = "", self.place + 1
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(ord("A") + digit) + letters
        return letters


@dataclass(frozen=True)
class Layout:
    """The columns, and where the rows begin on each sheet that is read; `unread` names sheets with other headings."""

    columns: list[Column]
    first_rows: dict[str, int]
    unread: list[str]

    def places(self) -> dict[str, list[int]]:
        """The places of the columns that hold each field."""
        found: dict[str, list[int]] = {}
        for column in self.columns:
            if column.field:
                found.setdefault(column.field, []).append(column.place)
        return found


def key_of(heading: str) -> str:
    """A heading without what differs from file to file: width, spaces, line breaks."""
    return search_key(heading)[:200]


def find(sheets: list[Sheet], agreed: Mapping[str, str], chosen: Mapping[int, str] | None = None) -> Layout:
    """The layout: `agreed` is what people said of headings before, `chosen` what they say of these columns now.

    Raises NotReadable where no sheet has a row of headings.
    """
    known = KNOWN | dict(agreed)
    tops = {sheet.name: top for sheet in sheets if (top := _heading_row(sheet, known)) is not None}
    if not tops:
        raise NotReadable(NO_HEADINGS)
    first = next(sheet for sheet in sheets if sheet.name in tops)
    headings = _texts(first.rows[tops[first.name]])
    columns = _columns(headings, known) if chosen is None else _chosen(headings, chosen)
    same = {sheet.name for sheet in sheets if sheet.name in tops and _texts(sheet.rows[tops[sheet.name]]) == headings}
    unread = [sheet.name for sheet in sheets if sheet.name not in same and any(map(any, sheet.rows))]
    return Layout(columns, {name: tops[name] + 1 for name in tops if name in same}, unread)


def problems(layout: Layout) -> list[str]:
    """Why the columns cannot be used as they are, in plain Japanese."""
    held = Counter(column.field for column in layout.columns if column.field)
    missing = [LABELS[field] for field in REQUIRED if not held[field]]
    doubled = [LABELS[field] for field, count in held.items() if count > 1 and field not in OF_SEVERAL]
    found = [f"「{label}」の列を選んでください。" for label in missing]
    return [*found, *(f"「{label}」の列が2つ以上あります。1つだけ選んでください。" for label in doubled)]


def _heading_row(sheet: Sheet, known: Mapping[str, str]) -> int | None:
    """The row, from 0, with the most headings that are known, two at least; else the first that looks like headings."""
    best, most = None, LEAST - 1
    for place, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
        fields = {_field(text, known) for text in _texts(row)} - {""}
        if len(fields) > most:
            best, most = place, len(fields)
    likely = (place for place, row in enumerate(sheet.rows[:SEARCHED_ROWS]) if _looks_like_headings(row))
    return next(likely, None) if best is None else best


def _looks_like_headings(row: list[Cell]) -> bool:
    """Whether several cells hold short words, all different and none a number: what they mean, people say."""
    texts = [text for text in _texts(row) if text]
    words = all(isinstance(cell, str) for cell in row) and not any(char.isdigit() for text in texts for char in text)
    return words and len(texts) >= LIKELY and len(set(texts)) == len(texts) and max(map(len, texts)) <= LONGEST


def _texts(row: list[Cell]) -> list[str]:
    texts = [text(cell).strip() for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _columns(headings: list[str], known: Mapping[str, str]) -> list[Column]:
    """What is known of each; of two columns with one field that cannot add up, neither is taken: people choose."""
    fields = [_field(heading, known) for heading in headings]
    held = Counter(fields)
    return [
        Column(place, heading, field if held[field] == 1 or field in OF_SEVERAL else "")
        for place, (heading, field) in enumerate(zip(headings, fields, strict=True))
    ]


def _chosen(headings: list[str], chosen: Mapping[int, str]) -> list[Column]:
    return [Column(place, heading, chosen.get(place, "")) for place, heading in enumerate(headings)]


def _field(heading: str, known: Mapping[str, str]) -> str:
    """What a heading means: メールアドレス2 is one more メールアドレス."""
    key = key_of(heading)
    return known.get(key) or known.get(COUNTED.sub("", key), "")
