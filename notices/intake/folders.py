"""Folders of files that are kept for a while, and are the only copy of nothing."""

import os
import tempfile
import time
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Whole or not at all: somebody else may look at the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).replace(path)


def clear(folder: Path, *, seconds: float) -> None:
    """Remove what was written longer ago than that."""
    kept_since = time.time() - seconds
    if not folder.exists():
        return
    for path in folder.iterdir():
        try:
            if path.stat().st_mtime < kept_since:
                path.unlink()
        except FileNotFoundError:
            continue  # another worker was quicker
