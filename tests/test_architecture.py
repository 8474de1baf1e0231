"""Imports go downward only, and the stages never meet one another."""

from pathlib import Path

import pytest
from django.conf import settings

from tests.architecture import faults, importers


def test_imports_point_downward() -> None:
    assert faults(settings.BASE_DIR) == []


def test_only_the_pdf_module_knows_weasyprint() -> None:
    assert importers(settings.BASE_DIR, "weasyprint") <= {"notices.pdf"}


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("members/tree.py", "from notices.models import Notice"),
        ("members/models/account.py", "from members.tree import below"),
        ("notices/models/notice.py", "def late():\n    from notices import access"),
        ("notices/intake/read.py", "from notices.letters import compose"),
        ("notices/intake/read.py", "from ..letters.compose import compose"),
        ("notices/tracking/confirm.py", "import notices.procedures.issue"),
        ("notices/procedures/issue.py", "from notices.views import home"),
        ("notices/boards/progress.py", "from config.celery import app"),
    ],
)
def test_an_import_that_points_up_or_beside_is_found(tmp_path: Path, file: str, line: str) -> None:
    for module in ("notices/access.py", "notices/letters/compose.py", "notices/views/home.py"):
        _write(tmp_path / module, "")
    _write(tmp_path / file, line)
    [fault] = faults(tmp_path)
    assert fault.startswith(file.removesuffix(".py").replace("/", "."))


def test_a_module_that_nobody_placed_is_found(tmp_path: Path) -> None:
    _write(tmp_path / "notices/utils.py", "")
    assert faults(tmp_path) == ["notices.utils has no place in the drawing"]


def test_an_import_of_what_lies_below_is_fine(tmp_path: Path) -> None:
    _write(tmp_path / "notices/procedures/issue.py", "from notices.letters import compose\nfrom members import tree")
    assert faults(tmp_path) == []


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
