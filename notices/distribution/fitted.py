"""Texts in places that do not grow: the largest letters in which each fits."""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

MM_PER_POINT = 25.4 / 72
LINE_HEIGHT = 1.35


@dataclass(frozen=True)
class Fitted:
    """A text and the size in points at which it fits its place."""

    text: str
    points: int
    lines: int = 1

    @property
    def height(self) -> float:
        """What is kept free for it, in points."""
        return round(self.lines * self.points * LINE_HEIGHT, 2)

    @classmethod
    def into(cls, text: str, width: float, height: float, sizes: Sequence[int]) -> "Fitted":
        """The largest of the sizes that fits into mm × mm; at the smallest, what is too long ends in ….

        Every letter counts as full width, so that the estimate errs on the safe side; marks on letters count nothing.
        """
        letters = sum(unicodedata.category(char) != "Mn" for char in text)
        for points in sizes:
            em = points * MM_PER_POINT
            most = int(height / (em * LINE_HEIGHT))
            room = int(width / em) * most
            if letters <= room:
                # Lines break where words allow it, a letter or two before their ends.
                lines = 1 if letters <= int(width / em) else math.ceil(letters / (int(width / em) - 2))
                return cls(text, points, min(lines, most))
        return cls(text[: room - 1] + "…", points, most)
