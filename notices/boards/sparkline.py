"""A small drawing of one value after the other, as shapes that a template writes as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 96, 24, 3


@dataclass(frozen=True)
class Sparkline:
    """`lines` hold what stands without a gap; `dots` are the last value and those with a gap on both sides."""

    size: tuple[str, str]
    lines: list[str]
    dots: list[tuple[str, str]]


def drawn(values: Sequence[float | None], top: float) -> Sparkline:
    """The values from the left to the right, on a scale from nought to `top`; a gap where there is none."""
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    runs: list[list[tuple[str, str]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            height = (HEIGHT - 2 * MARGIN) * min(value / top, 1.0)
            runs[-1].append((f"{MARGIN + place * step:.1f}", f"{HEIGHT - MARGIN - height:.1f}"))
    runs = [run for run in runs if run]
    lines = [" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1]
    dots = [run[0] for run in runs[:-1] if len(run) == 1] + [run[-1] for run in runs[-1:]]
    return Sparkline((f"{WIDTH}", f"{HEIGHT}"), lines, dots)
