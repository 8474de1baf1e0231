"""Search keys: the folded copy in which 高 finds 髙. What was typed is never changed."""

import unicodedata

import jaconv

# Variants that NFKC keeps apart and people do not, each to the common form.
VARIANTS = str.maketrans("髙﨑濵濱邉邊齋齊斉栁德𠮷嶋瀨", "高崎浜浜辺辺斎斎斎柳徳吉島瀬")
# Hyphens of every kind and the marks that people leave out when they search.
SKIPPED = frozenset("-‐−–—ー・")
# Categories of signs that cannot be seen, spaces among them.
UNSEEN = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp"))


class Folded(dict[int, str | None]):
    """For `str.translate`: common forms, katakana, nothing for what does not count; each sign is looked at once."""

    def __missing__(self, code: int) -> str | None:
        sign = chr(code)
        skipped = sign.isspace() or sign in SKIPPED or unicodedata.category(sign) in ("Cc", "Cf")
        self[code] = None if skipped else jaconv.hira2kata(sign.translate(VARIANTS))
        return self[code]


FOLDED = Folded()
# Each word is one more condition, and databases take only so many.
MOST_WORDS = 20


def search_key(*texts: str) -> str:
    """One key for several texts: width, kana, case, variants, spaces and hyphens do not count."""
    key = _folded(" ".join(filter(None, texts)))
    # A mark that stood behind a space now stands behind its letter.
    while not unicodedata.is_normalized("NFKC", key) and (again := _folded(key)) != key:
        key = again
    return key


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().translate(FOLDED)


def is_blank(text: str) -> bool:
    """Whether nothing is to be seen in the text, or nothing but hyphens: no name, and no answer."""
    return all(sign in SKIPPED or unicodedata.category(sign) in UNSEEN for sign in text)


def search_words(text: str) -> list[str]:
    """The words that somebody searches by, the first twenty; no column holds a NUL, and PostgreSQL takes none."""
    return text.replace("\0", "").split()[:MOST_WORDS]
