"""The import arrows of docs/architecture.md, drawn from the source."""

import ast
from collections.abc import Iterator
from pathlib import Path

# From the top down. A module imports from its own place and from the rows below it, never from above or beside.
ROWS = (
    ("config",),
    ("notices.urls",),
    ("notices.views", "notices.tasks", "notices.management", "notices.apps"),
    ("notices.demonstration",),
    ("notices.forms", "notices.tables", "notices.filters"),
    ("notices.templatetags",),
    ("notices.procedures",),
    ("notices.intake", "notices.letters", "notices.distribution", "notices.tracking", "notices.boards"),
    ("notices.calendars", "notices.follow_ups"),
    (
        "notices.access",
        "notices.hops",
        "notices.personal",
        "notices.pdf",
        "notices.succession",
        "notices.search",
        "notices.subjects",
    ),
    ("notices.tallies",),
    (
        "notices.filing",
        "notices.halves",
        "notices.checklist",
        "notices.enclosed",
        "notices.qr",
        "notices.rates",
        "notices.sheet_code",
        "notices.pdf_sheets",
        "notices.pdf_pages",
        "notices.pdf_objects",
    ),
    ("notices.pdf_text", "notices.pdf_binding", "notices.pdf_book", "notices.office_text"),
    ("notices.pdf_contents", "notices.pdf_lines"),
    ("notices.models",),
    ("notices.docnumber", "notices.folding", "notices.grams"),
    ("members.urls",),
    ("members.views", "members.tasks", "members.management", "members.middleware", "members.apps"),
    ("members.filters",),
    ("members.forms", "members.tables"),
    ("members.answers", "members.mailboxes"),
    ("members.signin", "members.roster", "members.seals", "members.expiry"),
    ("members.addresses",),
    ("members.accounts", "members.tasking", "members.diary", "members.subjects"),
    ("members.history",),
    ("members.tree", "members.access"),
    ("members.models",),
    ("members.wareki", "members.workdays", "members.contacts"),
    ("members.uploads",),
    ("members.names", "members.codes", "members.numerals", "members.secrets"),
    ("members.confined", "members.sheets", "members.afterwards"),
)
ROW_OF = {place: row for row, places in enumerate(ROWS) for place in places}
PROJECT = ("config", "members", "notices")


def faults(root: Path) -> list[str]:
    """Every import below `root` that points up or beside, and every module without a place; empty when all is well."""
    found = []
    for file in sorted(path for package in PROJECT for path in (root / package).rglob("*.py")):
        module = _module_name(root, file)
        if "migrations" in file.parts or module in PROJECT:
            continue
        if not (place := _place(module)):
            found.append(f"{module} has no place in the drawing")
            continue
        for line, target in _imports(root, file, module):
            goal = _place(target)
            if goal and goal != place and ROW_OF[goal] <= ROW_OF[place]:
                found.append(f"{module}:{line} imports {target}, which is not below it")
    return found


def importers(root: Path, library: str) -> set[str]:
    """The project's modules that import the library."""
    return {
        module
        for package in PROJECT
        for file in (root / package).rglob("*.py")
        for module in [_module_name(root, file)]
        for _, target in _imports(root, file, module)
        if target.split(".")[0] == library
    }


def _module_name(root: Path, file: Path) -> str:
    return ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def _place(module: str) -> str:
    """The drawing's entry that holds the module: itself or a package above it."""
    while module and module not in ROW_OF:
        module = module.rpartition(".")[0]
    return module


def _imports(root: Path, file: Path, module: str) -> Iterator[tuple[int, str]]:
    """Line and full name of everything the file imports, wherever; `from a import b` is a.b where that is a module."""
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join(filter(None, [*above, node.module]))
            for alias in node.names:
                inner = root.joinpath(*base.split("."), alias.name)
                is_module = inner.is_dir() or inner.with_suffix(".py").exists()
                yield node.lineno, f"{base}.{alias.name}" if is_module else base
