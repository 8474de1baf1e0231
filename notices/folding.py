"""The copy of a text that is searched, in which whatever people write differently without meaning it is one.

Width, kana, case, variants and old forms of characters (髙・﨑・藥・縣), Japanese digits (三三七), spaces, hyphens and
punctuation do not count: letters and digits are left. The text itself is never changed; `Folded` knows where each
character of the copy stands in it.

A text is folded sign by sign (a sign is a character with the marks behind it), so that the copy of a part is a part of
the copy: whoever searches by what stands in a text finds the text.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

import jaconv

from members.names import SKIPPED, VARIANTS
from members.numerals import KANJI_DIGITS

# Old form and form in use, after the table of the 常用漢字表 and as names have them. Others NFKC folds by itself.
PAIRS = (
    "亞亜 惡悪 壓圧 圍囲 爲為 醫医 壹壱 稻稲 飮飲 隱隠 營営 榮栄 衞衛 驛駅 圓円 鹽塩 緣縁 艷艶 應応 "
    "歐欧 毆殴 櫻桜 奧奥 橫横 溫温 穩穏 假仮 價価 畫画 會会 壞壊 懷懐 繪絵 槪概 擴拡 殼殻 覺覚 學学 "
    "嶽岳 樂楽 渴渇 勸勧 卷巻 寬寛 歡歓 罐缶 觀観 關関 陷陥 顏顔 歸帰 氣気 龜亀 僞偽 戲戯 犧犠 舊旧 "
    "據拠 擧挙 虛虚 峽峡 挾挟 狹狭 鄕郷 曉暁 區区 驅駆 勳勲 薰薫 徑径 惠恵 揭掲 攜携 溪渓 經経 繼継 "
    "莖茎 螢蛍 輕軽 鷄鶏 藝芸 擊撃 缺欠 儉倹 劍剣 圈圏 檢検 權権 獻献 硏研 縣県 險険 顯顕 驗験 嚴厳 "
    "效効 廣広 恆恒 鑛鉱 號号 國国 黑黒 濟済 碎砕 劑剤 册冊 雜雑 參参 慘惨 棧桟 蠶蚕 贊賛 殘残 絲糸 "
    "齒歯 兒児 辭辞 濕湿 實実 舍舎 寫写 釋釈 壽寿 收収 從従 澁渋 獸獣 縱縦 肅粛 處処 緖緒 敍叙 奬奨 "
    "將将 燒焼 稱称 證証 乘乗 剩剰 壤壌 孃嬢 條条 淨浄 疊畳 穰穣 讓譲 釀醸 囑嘱 觸触 寢寝 愼慎 晉晋 "
    "眞真 刄刃 盡尽 圖図 粹粋 醉酔 隨随 髓髄 數数 樞枢 淸清 靑青 聲声 靜静 稅税 蹟跡 說説 攝摂 竊窃 "
    "專専 戰戦 淺浅 潛潜 纖繊 踐践 錢銭 禪禅 雙双 壯壮 搜捜 插挿 巢巣 爭争 瘦痩 窗窓 總総 聰聡 莊荘 "
    "裝装 騷騒 增増 藏蔵 臟臓 卽即 屬属 續続 墮堕 體体 對対 帶帯 滯滞 臺台 瀧滝 擇択 澤沢 單単 擔担 "
    "膽胆 團団 彈弾 斷断 癡痴 晝昼 蟲虫 鑄鋳 廳庁 徵徴 聽聴 敕勅 鎭鎮 脫脱 遞逓 鐵鉄 轉転 點点 傳伝 "
    "黨党 盜盗 燈灯 當当 鬪闘 獨独 讀読 屆届 繩縄 貳弐 惱悩 腦脳 霸覇 廢廃 拜拝 賣売 麥麦 發発 髮髪 "
    "拔抜 拂払 佛仏 變変 辨弁 瓣弁 辯弁 寶宝 豐豊 襃褒 沒没 飜翻 槇槙 萬万 滿満 默黙 餠餅 彌弥 藥薬 "
    "譯訳 豫予 餘余 與与 譽誉 搖揺 樣様 謠謡 遙遥 來来 賴頼 亂乱 覽覧 龍竜 兩両 獵猟 綠緑 壘塁 勵励 "
    "禮礼 隸隷 靈霊 齡齢 戀恋 爐炉 勞労 樓楼 郞郎 祿禄 灣湾 瑤瑶 峯峰 嶌島 舘館 濶闊 邨村 埜野 曾曽 "
    "冨富 渕淵 舖舗 籠篭 藪薮 檜桧 嵜崎 碕崎 圀国"
)
OLD_FORMS = str.maketrans(dict(PAIRS.split()))
DIGITS = str.maketrans({kanji: str(value) for kanji, value in KANJI_DIGITS.items() if kanji not in "○零"})
# A character with its marks: dakuten of their own, as half-width kana have them, and combining ones.
MARKS = "\u0300-\u036f\u3099\u309a\uff9e\uff9f"
MARKED = re.compile(rf"[^\s{MARKS}][{MARKS}]+")
SIGN = re.compile(rf"[^\s{MARKS}][{MARKS}]+|.", re.DOTALL)


class _Folded(dict[int, str]):
    """For `str.translate`: what each sign is in the copy, looked at once."""

    def __missing__(self, code: int) -> str:
        before, folded = "", chr(code)
        while folded != before:
            before, folded = folded, _once(folded)
        self[code] = folded
        return folded


def _once(sign: str) -> str:
    folded = unicodedata.normalize("NFKC", sign).translate(VARIANTS).translate(OLD_FORMS).translate(DIGITS)
    return "".join(filter(_counts, jaconv.hira2kata(folded).casefold()))


def _counts(sign: str) -> bool:
    """Letters, digits and private characters (外字) count; of what is left out in names, nothing does."""
    category = unicodedata.category(sign)
    return (category[0] in "LN" or category == "Co") and sign not in SKIPPED


_FOLDED = _Folded()


def fold(text: str) -> str:
    """The copy of the text that is searched."""
    return MARKED.sub(_with_marks, text).translate(_FOLDED)


def _with_marks(sign: re.Match[str]) -> str:
    """One character; in katakana, since some have their dakuten only there (ヸ)."""
    return unicodedata.normalize("NFKC", jaconv.hira2kata(sign[0]))


class Folded:
    """A text with its copy, and the way back from a place in the copy to the text.

    It is folded line by line and no further than is asked for: what people look for often stands near the beginning.
    """

    def __init__(self, text: str) -> None:
        self.text, self.copy = text, ""
        self._lines = text.splitlines(keepends=True)
        self._begins = list(accumulate(map(len, self._lines), initial=0))
        self._ends: list[int] = []  # where in the copy each line ends that is folded
        self._signs: dict[int, list[tuple[int, int]]] = {}

    def fold_until(self, length: int | None = None) -> str:
        """The copy, at least so many characters of it if there are as many, or all of it."""
        while len(self._ends) < len(self._lines) and (length is None or len(self.copy) < length):
            self._fold_line()
        return self.copy

    def find(self, words: Sequence[str]) -> int:
        """Where in the copy the first of these folded words begins; -1 where none of them stands in it."""
        longest, seen = max(map(len, words), default=0), 0
        while True:
            found = [at for word in words if (at := self.copy.find(word, seen)) >= 0]
            if found or len(self._ends) == len(self._lines):
                return min(found, default=-1)
            seen = max(0, len(self.copy) - longest)
            self._fold_line()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """From and until where in the text stands what is copy[start:end], which must not be empty."""
        return self._place(start)[0], self._place(end - 1)[1]

    def _fold_line(self) -> None:
        self.copy += fold(self._lines[len(self._ends)])
        self._ends.append(len(self.copy))

    def _place(self, position: int) -> tuple[int, int]:
        """The sign in the text from which that character of the copy comes."""
        line = bisect_right(self._ends, position)
        if line not in self._signs:
            self._signs[line] = _signs(self._lines[line])
        before = self._ends[line - 1] if line else 0
        start, end = self._signs[line][position - before]
        return self._begins[line] + start, self._begins[line] + end


def _signs(line: str) -> list[tuple[int, int]]:
    """For each character of the line's copy the sign from which it comes: from and until where."""
    if MARKED.search(line):
        return [sign.span() for sign in SIGN.finditer(line) for _ in fold(sign[0])]
    return [(at, at + 1) for at, sign in enumerate(line) for _ in _FOLDED[ord(sign)]]
