"""`aipm init`: a new project that checks and builds, with editor settings and a pre-commit hook."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import click
from jinja2 import Environment, StrictUndefined

from aipm_site.commands.schema import editor_schemas, kind_named, schema_file_name, schema_text
from aipm_site.problems import printable
from aipm_site.records import KINDS
from aipm_site.records.kind import Kind
from aipm_site.workspace import WrongRequest

DEFAULT_KINDS = "risk,issue,action,decision,milestone,sprint"
SCHEMAS = ".vscode/schemas"


def make_project(folder: Path, kinds: str | None, title: str | None) -> int:
    """Write a new project into an absent or empty folder and return the exit code.

    Raises:
        WrongRequest: The folder is in use, or a kind has no example.
    """
    if folder.exists() and (not folder.is_dir() or any(item.name != ".git" for item in folder.iterdir())):
        raise WrongRequest(f"{printable(str(folder))} is not empty; name a new folder")
    chosen = [kind_named(word.strip()) for word in (kinds or DEFAULT_KINDS).split(",") if word.strip()]
    name = title or folder.resolve().name.replace("-", " ").replace("_", " ").capitalize()
    written = dict(_project_files(name, chosen, date.today()))
    for path, text in written.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    next_steps = files("aipm_site") / "templates" / "starter" / "next-steps.txt"
    click.echo(_render(next_steps, {"folder": printable(str(folder)), "count": len(written)}), nl=False)
    return 0


def _project_files(title: str, kinds: list[Kind], today: date) -> Iterator[tuple[str, str]]:
    """Yield the path and text of each file of a new project."""
    # JSON strings are YAML strings, whatever the title holds.
    values: dict[str, object] = {
        **_example_values(today),
        "title": json.dumps(title, ensure_ascii=False),
        "kinds": {kind.name for kind in kinds},
    }
    starter = files("aipm_site") / "templates" / "starter"
    for path, source in _below(starter / "files"):
        # A dot file would be overlooked in a listing of the templates, so it is written "dot-name" there.
        yield path.replace("dot-", "."), _render(source, values)
    for kind in kinds:
        yield f"content/{kind.folder}/{_example_name(kind)}", _render(_example(kind), values)
    for kind in KINDS:
        yield f"{SCHEMAS}/{schema_file_name(kind)}", schema_text(kind)
    settings = {"yaml.schemas": editor_schemas(SCHEMAS, "content")}
    yield ".vscode/settings.json", json.dumps(settings, indent=2) + "\n"


def _below(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    for item in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if item.is_dir():
            yield from _below(item, f"{prefix}{item.name}/")
        else:
            yield f"{prefix}{item.name}", item


def _example(kind: Kind) -> Traversable:
    examples = files("aipm_site") / "templates" / "starter" / "records"
    found = [item for item in examples.iterdir() if item.name.rpartition(".")[0] == kind.name]
    if not found:
        known = ", ".join(sorted(item.name.rpartition(".")[0] for item in examples.iterdir()))
        raise WrongRequest(f"there is no example of a {kind.name} to begin with; there is one of {known}")
    return found[0]


def _example_name(kind: Kind) -> str:
    ending = _example(kind).name.rpartition(".")[2]
    return f"{kind.folder}.{ending}" if kind.is_rows else f"{_example_id(kind)}.{ending}"


def _example_id(kind: Kind) -> str:
    return {"natural": f"{kind.prefix}-example", "dated": f"{kind.prefix}-example"}.get(kind.id_form, f"{kind.prefix}-001")


def _example_values(today: date) -> dict[str, str]:
    ahead = {"soon": 7, "in_two_weeks": 14, "in_two_months": 60}
    behind = {"last_week": 7}
    return {
        "today": today.isoformat(),
        **{name: (today + timedelta(days=days)).isoformat() for name, days in ahead.items()},
        **{name: (today - timedelta(days=days)).isoformat() for name, days in behind.items()},
    }


def _render(source: Traversable, values: dict[str, object]) -> str:
    return _environment().from_string(source.read_text(encoding="utf-8")).render(**values)


def _environment() -> Environment:
    return Environment(
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  YAML and Markdown are written here, and values come from our own code
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
