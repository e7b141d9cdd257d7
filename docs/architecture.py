"""The map of the rooms, and the script that writes docs/architecture.md from the first line of every module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "aipm_site"
PAGE = ROOT / "docs" / "architecture.md"

# In the order in which data flows: each room may use the rooms before it and knows nothing of those after it.
ROOMS = (
    "cycle_collection",
    "problems",
    "user_cache",
    "compiled_templates",
    "readers",
    "records",
    "redaction",
    "project",
    "memory",
    "loading",
    "facts",
    "checks",
    "history",
    "changes",
    "charts",
    "summaries",
    "pages",
    "exports",
    "importers",
    "workspace",
    "session",
    "comparison",
    "publication",
    "mkdocs_adapter",
    "delivery",
    "commands",
    "cli",
    "__main__",
)

INTRODUCTION = """\
# Architecture

Data flows one way. Each room below may use the rooms above it and knows nothing of the rooms after it;
`tests/test_architecture.py` holds this map. Only `mkdocs_adapter/` imports MkDocs. Above `session.py` nobody asks
the clock, the environment or the network, so the same commit gives the same site. Only `delivery/` uses the network,
when somebody asks for something to be sent.

    files ─► readers ─► records ─► Project ─► facts ─► checks · summaries ─► pages · exports ─► publication ─► site

`aipm_site/templates/` holds words, `theme/` holds looks: a sentence goes to the first, a class attribute to the second.

This page is made from the first line of every module: `make docs` writes it anew.
"""


def modules_of(room: str) -> Iterator[Path]:
    """Give the files of a room, its `__init__.py` left out."""
    single = PACKAGE / f"{room}.py"
    if single.is_file():
        yield single
    yield from sorted(path for path in (PACKAGE / room).rglob("*.py") if path.name != "__init__.py")


def heading_of(module: Path) -> str:
    """Return the first line of a module's docstring: what it is for."""
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0]


def room_section(room: str) -> str:
    """Return the section of one room, empty where nothing is built there yet."""
    modules = list(modules_of(room))
    if modules == [PACKAGE / f"{room}.py"]:
        return f"## {_link(modules[0])}\n\n{heading_of(modules[0])}\n"
    package = PACKAGE / room / "__init__.py"
    if not package.is_file():
        return ""
    rows = "".join(f"| {_link(module)} | {_cell(heading_of(module))} |\n" for module in modules)
    table = f"\n| module | what it is for |\n|---|---|\n{rows}" if rows else ""
    return f"## `{room}/`\n\n{heading_of(package)}\n{table}"


def _link(module: Path) -> str:
    return f"[`{module.relative_to(PACKAGE).as_posix()}`](../{module.relative_to(ROOT).as_posix()})"


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


def architecture_page() -> str:
    """Return the whole page."""
    return "\n".join([INTRODUCTION, *filter(None, map(room_section, ROOMS))])


if __name__ == "__main__":
    PAGE.write_text(architecture_page(), encoding="utf-8")
