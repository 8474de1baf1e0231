"""How far a long file of papers has come, for the page of whoever has it made. Nothing depends on it."""

from dataclasses import asdict, dataclass
from typing import Self

from django.core.cache import cache

KEPT_SECONDS = 3600


@dataclass(frozen=True)
class Progress:
    """So many recipients' papers of so many are in the file."""

    of: int
    done: int = 0
    failed: bool = False

    @property
    def is_over(self) -> bool:
        return self.failed or self.done >= self.of

    @classmethod
    def at(cls, place: str) -> Self | None:
        """What was noted there; None before it is begun, and an hour after."""
        found = cache.get(place)
        return cls(**found) if found else None

    def note(self, place: str) -> None:
        cache.set(place, asdict(self), KEPT_SECONDS)


def place(account: int, release: int, district: int | None, way: str, *, again: bool) -> str:
    """Where the progress of one person's file is noted."""
    return f"papers:{account}:{release}:{district or 'all'}:{way}:{'again' if again else 'left'}"
