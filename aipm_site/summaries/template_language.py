"""The language of report templates: Jinja without anything but choosing and listing words, and with limits."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from functools import cache
from pathlib import Path
from typing import Any, cast

from jinja2 import FunctionLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError, nodes
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import pass_context
from markupsafe import Markup
from msgspec import Struct

from aipm_site.compiled_templates import with_compiled_templates
from aipm_site.problems import Place, Problem, did_you_mean, error

SOURCE_SIZE = 16 * 1024
OUTPUT_SIZE = 64 * 1024
# Python-Markdown looks behind every opening bracket for its end: a few thousand of them take seconds.
BRACKETS = 500
# A step is one round of a loop or one call; the built-in summary takes about a hundred.
STEPS = 10_000
LOOPS_INSIDE_EACH_OTHER = 3

_ALLOWED_NODES = (
    nodes.Template,
    nodes.Extends,
    nodes.Block,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.List,
    nodes.Tuple,
    nodes.Getattr,
    nodes.If,
    nodes.CondExpr,
    nodes.For,
    nodes.Assign,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Test,
    nodes.Filter,
    nodes.Call,
)
LIST_FILTERS = frozenset({"first", "last", "length"})
_ALLOWED_TESTS = frozenset({"defined", "undefined", "none"})
_ALLOWED_CALLS = frozenset({"fig", "super"})
# What a wrong template makes Python say, such as too many brackets inside each other.
_FAILURES = (AttributeError, LookupError, MemoryError, RecursionError, SyntaxError, TypeError, ValueError)
_PRINT = "aipm print"
_COUNT = "aipm count"


class Refused(TemplateError):
    """A template does what templates may not, or asks for what is not there.

    Attributes:
        code: The problem's code.
        hint: How to mend it.
    """

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.hint = hint


class TemplateSource(Struct, frozen=True):
    """The text of one template.

    Attributes:
        name: The name by which others extend it.
        file: Its file, for places of problems.
        text: The template.
        first_line: Line of the file that the text begins with.
    """

    name: str
    file: str
    text: str
    first_line: int = 1


Printer = Callable[[object, Place], Markup]
"""Gives what stands for a printed value in the text; the place is that of the template's line."""

Filters = Mapping[str, Callable[[object], object]]
"""What a template may ask of a value, by name, besides what may be asked of a list."""


class _Undefined(StrictUndefined):
    """A name that is not there; its message names what is near."""

    @property
    def _undefined_message(self) -> str:
        holder = self._undefined_obj
        names = holder.__struct_fields__ if isinstance(holder, Struct) else ()
        near = did_you_mean(str(self._undefined_name), names)
        return f"there is no '{self._undefined_name}' here" + (f"; {near}" if near else "")


class _Environment(ImmutableSandboxedEnvironment):
    """Compiles a template only after every construct in it was found among the allowed ones."""

    def __init__(self, sources: Mapping[str, TemplateSource], printer: Printer, filters: Filters) -> None:
        super().__init__(
            loader=FunctionLoader(self._load),
            autoescape=True,
            undefined=_Undefined,
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=0,
        )
        self._sources = sources
        self._printer = printer
        self._steps = 0
        self.globals.clear()
        self._allowed = LIST_FILTERS | filters.keys()
        self.filters = {name: self.filters[name] for name in LIST_FILTERS} | {
            _PRINT: self._print,
            _COUNT: self._count,
            **{name: _of_what_is_there(ask) for name, ask in filters.items()},
        }

    def place(self, name: str | None, line: int) -> Place:
        """Return the place of a line of a template."""
        source = self._sources[name or ""]
        return Place(source.file, line + source.first_line - 1)

    def _load(self, name: str) -> tuple[str, str, None] | None:
        source = self._sources.get(name)
        return (source.text, name, None) if source else None

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        check_syntax(tree, name, self._allowed)
        _instrument(tree)
        return tree

    def call(self, context: Context, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call what a template calls, and count it."""
        self._step()
        return super().call(context, called, *args, **kwargs)

    def _step(self) -> None:
        self._steps += 1
        if self._steps > STEPS:
            raise Refused("template-too-long", f"the template takes more than {STEPS} steps")

    def _count(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self._step()
            yield item

    # With the context as an argument Jinja does not work it out while compiling.
    @staticmethod
    @pass_context
    def _print(context: Context, value: object, line: int) -> Markup:
        environment = context.environment
        assert isinstance(environment, _Environment)
        if isinstance(value, _Undefined):
            value._fail_with_undefined_error()
        # What super() gives has been printed already.
        return (
            value if isinstance(value, Markup) else environment._printer(value, environment.place(context.name, line))
        )


def _of_what_is_there(ask: Callable[[object], object]) -> Callable[[object], object]:
    """Return a filter that says which name is not there, in place of being asked of nothing."""

    def ask_of(value: object) -> object:
        if isinstance(value, _Undefined):
            value._fail_with_undefined_error()
        return ask(value)

    return ask_of


def check_syntax(tree: nodes.Template, name: str | None, filters: Set[str]) -> None:
    """Refuse a template that does more than choosing and listing words.

    Args:
        tree: The template.
        name: Its name.
        filters: Names of the filters that it may use.

    Raises:
        TemplateSyntaxError: At the line of what is not allowed.
    """
    for node in _walk(tree):
        reason = _why_not(node, filters)
        if reason:
            raise TemplateSyntaxError(reason, node.lineno, name)
    _check_depth(tree, name, 0)


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    for child in node.iter_child_nodes():
        yield child
        yield from _walk(child)


def _why_not(node: nodes.Node, filters: Set[str]) -> str:
    if not isinstance(node, _ALLOWED_NODES):
        return f"a template chooses words, and '{type(node).__name__.lower()}' is not allowed in it"
    if isinstance(node, nodes.Filter) and node.name not in filters:
        return f"there is no filter '{node.name}'; there are {', '.join(sorted(filters))}"
    if isinstance(node, nodes.Test) and node.name not in _ALLOWED_TESTS:
        return f"there is no test '{node.name}'; there are {', '.join(sorted(_ALLOWED_TESTS))}"
    if isinstance(node, nodes.Call) and not _is_allowed_call(node):
        return "a template calls fig('figure.name') and super(), and nothing else"
    if isinstance(node, nodes.For) and (node.recursive or node.test):
        return "a loop goes over a list as it is; choose in the loop with an if"
    return ""


def _is_allowed_call(node: nodes.Call) -> bool:
    return isinstance(node.node, nodes.Name) and node.node.name in _ALLOWED_CALLS and not node.kwargs


def _check_depth(node: nodes.Node, name: str | None, depth: int) -> None:
    for child in node.iter_child_nodes():
        inside = depth + isinstance(child, nodes.For)
        if inside > LOOPS_INSIDE_EACH_OTHER:
            raise TemplateSyntaxError("too many loops inside each other", child.lineno, name)
        _check_depth(child, name, inside)


def _instrument(tree: nodes.Template) -> None:
    """Let every printed value pass through the printer, and every round of a loop be counted."""
    for output in list(tree.find_all(nodes.Output)):
        output.nodes = [node if isinstance(node, nodes.TemplateData) else _printed(node) for node in output.nodes]
    for loop in list(tree.find_all(nodes.For)):
        loop.iter = _filtered(loop.iter, _COUNT, [])


def _printed(node: nodes.Node) -> nodes.Expr:
    return _filtered(node, _PRINT, [nodes.Const(node.lineno, lineno=node.lineno)])


def _filtered(node: nodes.Node, name: str, arguments: list[nodes.Expr]) -> nodes.Expr:
    return nodes.Filter(cast(nodes.Expr, node), name, arguments, [], None, None, lineno=node.lineno)


def fill_template(
    sources: Iterable[TemplateSource],
    name: str,
    values: Mapping[str, object],
    printer: Printer,
    filters: Filters | None = None,
) -> tuple[str, list[Problem]]:
    """Return the text of a template filled with values, or the problem that stopped it.

    Args:
        sources: All templates that may be extended, the one that is filled among them.
        name: Name of the one that is filled.
        values: What it may use: plain data.
        printer: Gives what stands for a printed value.
        filters: What it may ask of a value.
    """
    by_name = {source.name: source for source in sources}
    environment = _Environment(by_name, printer, filters or {})
    try:
        _check_size(by_name[name])
        return _generate(with_compiled_templates(environment, "reports", _own_source()), name, values), []
    except Exception as failure:
        return "", [_problem(environment, failure, name)]


@cache
def _own_source() -> bytes:
    """Return this module as it is: what it allows and counts is part of every compiled template."""
    return Path(__file__).read_bytes()


def _check_size(source: TemplateSource) -> None:
    if len(source.text) > SOURCE_SIZE:
        raise Refused("template-too-long", f"the template has more than {SOURCE_SIZE // 1024} KiB")


def _generate(environment: _Environment, name: str, values: Mapping[str, object]) -> str:
    pieces, size, brackets = [], 0, 0
    for piece in environment.get_template(name).generate(values):
        size += len(piece)
        brackets += piece.count("[")
        if size > OUTPUT_SIZE or brackets > BRACKETS:
            raise Refused("template-too-long", f"the report would have more than {OUTPUT_SIZE // 1024} KiB of text")
        pieces.append(piece)
    return "".join(pieces)


def _problem(environment: _Environment, failure: Exception, name: str) -> Problem:
    if isinstance(failure, TemplateSyntaxError):
        return error("template-broken", failure.message or "", environment.place(failure.name or name, failure.lineno))
    where = _place_of(environment, failure, name)
    if isinstance(failure, Refused):
        return error(failure.code, failure.message or "", where, failure.hint)
    if isinstance(failure, TemplateNotFound):
        return error("unknown-template", f"there is no template '{failure.name}'", where, "extend executive.md")
    if isinstance(failure, TemplateError):
        return error("template-broken", failure.message or "", where)
    if isinstance(failure, _FAILURES):
        return error("template-broken", f"the template fails here: {type(failure).__name__}: {failure}", where)
    raise failure


def _place_of(environment: _Environment, failure: Exception, name: str) -> Place:
    # Jinja puts lines of templates into the traceback, under the name by which they were loaded.
    frames = traceback.extract_tb(failure.__traceback__)
    known = [(frame.filename, frame.lineno) for frame in frames if frame.filename in environment._sources]
    file, line = known[-1] if known else (name, 1)
    return environment.place(file, line or 1)
