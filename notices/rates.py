"""Rates of receipts, said once for whatever counts them: now (`tallies`) or as of a moment (`boards/reports`)."""


class Rates:
    """What follows from a count's `recipients`, `confirmed`, `finished` and `not_applicable`."""

    recipients: int
    confirmed: int
    finished: int
    not_applicable: int

    @property
    def unconfirmed(self) -> int:
        return self.recipients - self.confirmed

    @property
    def under_way(self) -> int:
        """Confirmed, neither finished nor 対象外."""
        return self.confirmed - self.finished - self.not_applicable

    @property
    def applicable(self) -> int:
        return self.recipients - self.not_applicable

    @property
    def confirmed_rate(self) -> float | None:
        """確認率 between 0 and 1; None where nobody is asked."""
        return share(self.confirmed, self.recipients)

    @property
    def finished_rate(self) -> float | None:
        """完了率 between 0 and 1; None where there is nobody to whom it applies."""
        return share(self.finished, self.applicable)


def share(part: int, whole: int) -> float | None:
    """Between 0 and 1; None of nothing."""
    return part / whole if whole else None
