"""Words that the field writes in two ways: with a character that was not in common use, or with kana for it.

常用漢字表 (平成22年内閣告示第2号) took in 醒, 箋 and others after laws and forms had been written with kana.
"""

from collections.abc import Iterator

from notices.folding import fold

WRITTEN = (
    ("処方箋", "処方せん"),
    ("覚醒剤", "覚せい剤"),
    ("障害", "障がい", "障碍"),
    ("癌", "がん"),
    ("喘息", "ぜんそく"),
    ("疼痛", "とう痛"),
    ("褥瘡", "褥そう", "じょくそう"),
    ("嚥下", "えん下"),
    ("貼付", "ちょう付"),
    ("補塡", "補てん"),
    ("改竄", "改ざん"),
    ("漏洩", "漏えい"),
    ("隠蔽", "隠ぺい"),
    ("進捗", "進ちょく"),
    ("掛かりつけ", "かかりつけ"),
)
_FOLDED = [tuple(dict.fromkeys(map(fold, group))) for group in WRITTEN]


def spellings(folded: str) -> Iterator[str]:
    """The other ways in which a folded word may be written; of a word with several such parts, one part changed."""
    for group in _FOLDED:
        for known in group:
            if known in folded:
                yield from (folded.replace(known, other) for other in group if other != known)
                break
