"""The map of the rooms as a test: who may use whom, and who may ask the world."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
from architecture import PACKAGE, PAGE, ROOMS, ROOT, architecture_page, heading_of

from aipm_site.history.store import ROOMS as STORED_WITH

MODULES = sorted(PACKAGE.rglob("*.py"))
# Words and looks, not code: `templates/` always, `theme/` in an installed package.
NOT_ROOMS = {"__init__.py", "__pycache__", "py.typed", "templates", "theme"}

# A session reads clock and environment; the others are where a run begins, and prepare what they start.
ENTRANCES = {"session", "mkdocs_adapter", "commands", "cli", "__main__"}
CLOCK_AND_ENVIRONMENT = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "os.environ",
    "os.environb",
    "os.getenv",
    "time.gmtime",
    "time.localtime",
    "time.time",
    "time.time_ns",
}
NETWORK = {"ftplib", "http", "requests", "smtplib", "socket", "ssl", "urllib.request", "urllib3"}


def test_every_part_of_the_package_is_a_room_of_the_map():
    parts = {path.name for path in PACKAGE.iterdir() if not path.name.startswith(".")} - NOT_ROOMS

    assert {part.removesuffix(".py") for part in parts} <= set(ROOMS)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_rooms_before_its_own(module):
    room = room_of(module)
    allowed = set(ROOMS[: ROOMS.index(room) + 1]) if room in ROOMS else set()

    used = {name.split(".")[1] for name in imports_of(parsed(module)) if name.startswith("aipm_site.")}

    assert used & set(ROOMS) <= allowed


def test_modules_do_not_import_each_other_in_a_circle():
    graph = {module_name(path): set(imports_of(runtime_part(parsed(path)))) for path in MODULES}

    # static_order raises CycleError and names the circle.
    assert list(TopologicalSorter({name: used & graph.keys() - {name} for name, used in graph.items()}).static_order())


def test_what_is_kept_of_the_past_knows_all_the_code_that_makes_it():
    # Where one of these changes, what was kept before may be wrong. The last only says when Python looks for garbage.
    known = {room.removesuffix(".py") for room in STORED_WITH} | {"cycle_collection"}

    assert {room_of(module) for module in used_by(PACKAGE / "history" / "past.py")} <= known


def used_by(module: Path) -> set[Path]:
    """Return a module and all of ours that it imports, at first hand or through others."""
    paths = {module_name(path): path for path in MODULES}
    found, waiting = {module}, [module]
    while waiting:
        for name in imports_of(parsed(waiting.pop())):
            if name in paths and paths[name] not in found:
                found.add(paths[name])
                waiting.append(paths[name])
    return found


def test_only_the_adapter_imports_mkdocs():
    importers = {room_of(path) for path in MODULES if "mkdocs" in top_levels_of(path)}

    assert importers <= {"mkdocs_adapter"}


@pytest.mark.parametrize(
    "module",
    [path for path in MODULES if not set(path.relative_to(PACKAGE).with_suffix("").parts[:1]) & ENTRANCES],
    ids=lambda path: path.relative_to(PACKAGE).as_posix(),
)
def test_below_the_entrances_nobody_asks_the_clock_or_the_environment(module):
    assert asked_by(module) & CLOCK_AND_ENVIRONMENT == set()


def test_only_the_room_that_delivers_uses_the_network():
    users = {room_of(path) for path in MODULES if any(is_network(name) for name in asked_by(path))}

    assert users == {"delivery"}


def test_only_a_command_that_was_asked_to_send_imports_what_delivers():
    importers = {path.relative_to(PACKAGE).as_posix() for path in MODULES if imports_delivery(path)}

    assert importers == {"commands/report.py"}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_first_line_of_a_module_says_what_it_is_for(module):
    assert module.read_text(encoding="utf-8").startswith('"""')
    assert heading_of(module).endswith(".")


def test_the_architecture_page_is_what_the_modules_say():
    assert PAGE.read_text(encoding="utf-8") == architecture_page(), "run `make docs`"


@pytest.mark.parametrize("heavy", ["mkdocs", "pydantic"])
def test_help_does_not_load_what_only_a_build_needs(heavy):
    code = (
        "import sys; from aipm_site.cli import main\n"
        "sys.argv = ['aipm', '--help']\n"
        "try: main()\n"
        "finally: print('loaded', sorted(sys.modules), file=sys.stderr)\n"
    )

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)

    assert run.returncode == 0, run.stderr
    assert "build" in run.stdout
    assert f"'{heavy}'" not in run.stderr


def asked_by(module: Path) -> set[str]:
    """Return all names that a module imports or reaches through what it imports."""
    return set(dotted_names(parsed(module))) | set(imports_of(parsed(module)))


def is_network(name: str) -> bool:
    """Say whether a name belongs to a module that speaks to other machines."""
    return any(f"{name}.".startswith(f"{net}.") for net in NETWORK)


def imports_delivery(module: Path) -> bool:
    """Say whether a module outside of the room `delivery` imports something of it."""
    names = imports_of(parsed(module))
    return room_of(module) != "delivery" and any(name.startswith("aipm_site.delivery") for name in names)


def room_of(module: Path) -> str:
    """Return the room of a module: the first part of its path in the package."""
    return module.relative_to(PACKAGE).with_suffix("").parts[0]


def module_name(module: Path) -> str:
    """Return the name under which a module is imported."""
    return ".".join(module.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def parsed(module: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(module.read_text(encoding="utf-8"))


def imports_of(tree: ast.AST) -> Iterator[str]:
    """Give every imported name in full: `a.b` of `import a.b`, `a` and `a.b` of `from a import b`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "rooms are imported by their full name"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def top_levels_of(module: Path) -> set[str]:
    """Return the first part of every name that a module imports."""
    return {name.split(".")[0] for name in imports_of(parsed(module))}


def runtime_part(tree: ast.Module) -> ast.Module:
    """Return what runs when a module is imported, without what only type checkers read."""
    statements = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return ast.Module([node for node in statements if "TYPE_CHECKING" not in ast.unparse(node)[:20]], [])


def dotted_names(tree: ast.AST) -> Iterator[str]:
    """Give the last two parts of every dotted name: `datetime.now` of `datetime.datetime.now()`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            yield f"{owner}.{node.attr}"
