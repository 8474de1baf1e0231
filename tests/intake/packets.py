"""The packets that tests read: the project's own, and those that may lie beside the project."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OWN_PACKET = ROOT / "tests" / "packets" / "own-packet.txt"
SHARED = ROOT.parent / "shared"
REAL_PACKET = SHARED / "packet" / "packet.txt"

beside_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared beside the project")
