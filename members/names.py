"""Search keys: the folded copy in which 高 finds 髙. What was typed is never changed."""

import unicodedata

import jaconv

# Variants that NFKC keeps apart and people do not (DOMAIN.md, trap 2), each to the common form.
VARIANTS = str.maketrans("髙﨑濵濱邉邊齋齊斉栁德𠮷嶋瀨", "高崎浜浜辺辺斎斎斎柳徳吉島瀬")


def search_key(*texts: str) -> str:
    """One key for several texts: width, kana, case, variants, spaces and hyphens do not count."""
    folded = unicodedata.normalize("NFKC", " ".join(filter(None, texts))).translate(VARIANTS)
    folded = jaconv.hira2kata(folded).casefold()
    return "".join(c for c in folded if not c.isspace() and c not in "-‐−–—ー・" and not unicodedata.category(c) == "Cf")
