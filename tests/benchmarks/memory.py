"""How much memory a process of a benchmark took."""

import re
from pathlib import Path

PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


def peak_memory() -> float:
    """The most that this process held, in MB (proc(5), VmHWM); getrusage would count what its parent held, too."""
    return int(PEAK.search(Path("/proc/self/status").read_text())[1]) / 1024
