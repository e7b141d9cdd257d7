"""Plain text: renders the templates of templates/terminal/, where no value can steer a terminal."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from aipm_site.problems import printable


def render_text(template: str, **values: object) -> str:
    """Return a template of templates/terminal/ filled with values, whose control characters are escaped."""
    return _environment().get_template(template).render(**values)


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
