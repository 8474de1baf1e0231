"""n-grams: what an index knows of a folded text, every run of one, two or three characters, each once.

A word of up to three characters stands in a text exactly when it is one of the text's grams. A longer one can stand
there only if all its runs of three do; whether it does, the text itself tells.
"""

LONGEST = 3
# Beside the grams of staff's entries of notices, so that the index alone counts what staff find. It is neither letter
# nor digit: no folded text holds it.
STAFF = "※"
_BITS = 21  # of a character's code point: three of them fit into a bigint


def grams_of(folded: str) -> set[str]:
    """The grams of a folded text."""
    return {folded[at : at + size] for size in range(1, LONGEST + 1) for at in range(len(folded) - size + 1)}


def grams_in(word: str) -> list[str]:
    """Grams that a text has to have which holds this folded word: as few of the longest as cover it, in their order."""
    starts = [*range(0, len(word) - LONGEST, LONGEST), max(0, len(word) - LONGEST)]
    return list(dict.fromkeys(word[at : at + LONGEST] for at in starts))


def code(gram: str) -> int:
    """The gram as a number below 2 to the 63rd, different for different grams."""
    number = 0
    for character in gram:
        number = number << _BITS | ord(character)
    return number
