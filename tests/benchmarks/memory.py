"""How much memory a process of a benchmark took."""

import re
import threading
from pathlib import Path
from typing import Self

PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
OFTEN = 0.02  # seconds; a child's peak is read from what it still tells a moment before its end


def peak_memory(process: str = "self") -> float:
    """The most that a process held, in MB (proc(5), VmHWM); getrusage would count what its parent held, too."""
    return int(PEAK.search(Path(f"/proc/{process}/status").read_text())[1]) / 1024


class ChildrenPeak:
    """While it is entered, watches this process's children; `most` is what one of them held at most, in MB."""

    def __init__(self) -> None:
        self.most = 0.0
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watcher.join()

    def _watch(self) -> None:
        while not self._over.wait(OFTEN):
            for thread in Path("/proc/self/task").iterdir():
                self._look(thread / "children")

    def _look(self, children: Path) -> None:
        try:
            for child in children.read_text().split():
                self.most = max(self.most, peak_memory(child))
        except (OSError, TypeError):  # ended meanwhile
            return
