"""Looks: the theme's components, style sheet and script, and the templates that use them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from aipm_site.compiled_templates import with_compiled_templates

_PACKAGE = Path(__file__).parent.parent
TEMPLATES = _PACKAGE / "templates"


def theme_folder() -> Path:
    """Return the folder of the theme: inside an installed package, else beside it in the checkout."""
    shipped = _PACKAGE / "theme"
    return shipped if shipped.is_dir() else _PACKAGE.parent / "theme"


@cache
def theme_environment() -> Environment:
    """Return the environment of all page templates: escaped always, and an unknown name is an error."""
    environment = Environment(
        loader=FileSystemLoader([theme_folder(), TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    return with_compiled_templates(environment, "pages")


def render(template: str, **context: Any) -> str:
    """Return a page template filled with its context."""
    return theme_environment().get_template(template).render(context)


@cache
def component(name: str) -> Any:
    """Return the macros of one component, to be called from code that makes many small pieces."""
    return theme_environment().get_template(f"components/{name}.html").module


def join(pieces: Iterable[Markup], between: str = "") -> Markup:
    """Return pieces of HTML one after the other."""
    return Markup(between).join(pieces)


def stylesheet() -> str:
    """Return the site's own style sheet: the tokens, then one part per component."""
    folder = theme_folder() / "assets" / "aipm"
    parts = sorted(path for path in folder.glob("*.css") if path.name != "tokens.css")
    return "\n".join(path.read_text(encoding="utf-8").strip() for path in [folder / "tokens.css", *parts]) + "\n"


def script() -> str:
    """Return the site's own script: tables are sorted and filtered, and what is folded opens; pages work without it."""
    parts = sorted((theme_folder() / "assets" / "aipm").glob("*.js"))
    return "\n".join(path.read_text(encoding="utf-8").strip() for path in parts) + "\n"
