"""Plain text: renders the templates of templates/terminal/, where no value can steer a terminal."""

from __future__ import annotations

import textwrap
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from aipm_site.problems import printable


def render_text(template: str, **values: object) -> str:
    """Return a template of templates/terminal/ filled with values, whose control characters are escaped."""
    return _environment().get_template(template).render(**values)


def wrapped(text: str, width: int, first: str = "", rest: str = "") -> tuple[str, ...]:
    """Return a text as lines of at most `width` characters, except where one word alone is longer.

    Args:
        text: The text; its line breaks count as blanks.
        width: Width of the lines, what stands before them included.
        first: What stands before the first line.
        rest: What stands before the others.
    """
    wrapper = textwrap.TextWrapper(
        width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    return tuple(wrapper.wrap(text)) or (first.rstrip(),)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_read_template),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  the output is a terminal's; `finalize` keeps it harmless
        finalize=lambda value: printable(value) if isinstance(value, str) else value,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _read_template(name: str) -> str:
    return (files("aipm_site") / "templates" / "terminal" / name).read_text(encoding="utf-8")
