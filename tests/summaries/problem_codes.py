"""Reads from the source which problem codes there are, so that none goes without an explanation."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import aipm_site

PACKAGE = Path(aipm_site.__file__).parent
PARAMETER = "code"

# Name of a function or class, and the position at which it takes a code.
Takers = dict[str, int]


def codes_in_source() -> set[str]:
    """Return every code that a problem can have.

    A code is what stands at the place of a parameter, or of a field of a class, that is called `code`; where a
    variable of that name stands there, the module keeps its codes in a table, and the words in it are codes.
    """
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))]
    shared = {name: position for tree in trees for name, position in _takers(tree.body) if not name.startswith("_")}
    return {code for tree in trees for code in _codes(tree, _known_in(tree, shared))}


def _known_in(tree: ast.Module, shared: Takers) -> Takers:
    """Return what takes a code in a module: what all modules share, its own helpers, and its own names for either."""
    known = shared | dict(_takers(ast.walk(tree)))
    return known | dict(_aliases(tree, known))


def _takers(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, int]]:
    for node in nodes:
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args if argument.arg not in {"self", "cls"}]
            if PARAMETER in names and node.name != "__init__":
                yield node.name, names.index(PARAMETER)
        elif isinstance(node, ast.ClassDef):
            names = _fields(node)
            if PARAMETER in names:
                yield node.name, names.index(PARAMETER)


def _fields(node: ast.ClassDef) -> list[str]:
    """Return what the constructor of a class takes: of its __init__, else its annotated fields."""
    for item in node.body:
        if isinstance(item, ast.FunctionDef) and item.name == "__init__":
            return [argument.arg for argument in item.args.args[1:]]
    return [
        item.target.id for item in node.body if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
    ]


def _aliases(tree: ast.Module, takers: Takers) -> Iterator[tuple[str, int]]:
    """Give local names of functions that take a code, as in `report = error if is_strict else warning`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = node.value
            chosen = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
            if all(isinstance(one, ast.Name) and one.id in takers for one in chosen):
                yield node.targets[0].id, takers[chosen[0].id]


def _codes(tree: ast.Module, takers: Takers) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and PARAMETER in _fields(node):
            yield from (item.value.value for item in node.body if _is_default(item))
        elif isinstance(node, ast.Call) and (name := _called(node)) in takers:
            given = _argument(node, takers[name])
            if given is not None:
                yield from _words(given, tree)


def _is_default(item: ast.stmt) -> bool:
    is_code = isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name) and item.target.id == PARAMETER
    return is_code and item.value is not None


def _called(node: ast.Call) -> str:
    function = node.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _argument(node: ast.Call, position: int) -> ast.expr | None:
    named = {keyword.arg: keyword.value for keyword in node.keywords}
    return node.args[position] if position < len(node.args) else named.get(PARAMETER)


def _words(given: ast.expr, tree: ast.Module) -> Iterator[str]:
    if isinstance(given, ast.Constant):
        yield given.value
    elif isinstance(given, ast.IfExp):
        yield from (*_words(given.body, tree), *_words(given.orelse, tree))
    elif isinstance(given, ast.Name) and given.id == PARAMETER:
        yield from _of_tables(tree)
    else:
        # Passed on from where it was made, as `breach.code` or `context["code"]`.
        assert ast.unparse(given).strip("\"']").endswith(PARAMETER), f"no code can be read from {ast.unparse(given)}"


def _of_tables(tree: ast.Module) -> Iterator[str]:
    """Give the codes that a module keeps in a table: first in each tuple of a dictionary."""
    tables = [node.value for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)]
    for row in (row for table in tables for row in table.values if isinstance(row, ast.Tuple)):
        if isinstance(row.elts[0], ast.Constant) and isinstance(row.elts[0].value, str):
            yield row.elts[0].value
