"""`aipm schema`: JSON Schema per kind, for editors and other tools."""

from __future__ import annotations

import json
from pathlib import Path

import click

from aipm_site.problems import did_you_mean
from aipm_site.records import KINDS
from aipm_site.records.json_schema import schema_of
from aipm_site.records.kind import Kind, Kinds
from aipm_site.workspace import WrongRequest


def kind_named(name: str, kinds: Kinds = KINDS) -> Kind:
    """Return the kind of that name or folder.

    Raises:
        WrongRequest: There is none.
    """
    found = kinds.named(name) or next((kind for kind in kinds if kind.folder == name), None)
    if found is None:
        names = [kind.name for kind in kinds]
        known = f"kinds are {', '.join(names)}"
        raise WrongRequest(f"there is no kind '{name}'; {did_you_mean(name, names, known)}")
    return found


def schema_text(kind: Kind) -> str:
    """Return a kind's JSON Schema as text."""
    return json.dumps(schema_of(kind), ensure_ascii=False, indent=2) + "\n"


def show_schema(name: str | None) -> int:
    """Print a kind's schema, or how to write all of them."""
    if name is None:
        raise WrongRequest("name a kind (`aipm schema risk`), or write all with `aipm schema --out DIR`")
    click.echo(schema_text(kind_named(name)), nl=False)
    return 0


def write_schemas(folder: Path, kinds: Kinds = KINDS) -> int:
    """Write `<kind>.schema.json` for every kind and print the settings that make an editor use them."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in kinds:
        (folder / schema_file_name(kind)).write_text(schema_text(kind), encoding="utf-8")
    click.echo(f"{sum(1 for _ in kinds)} schemas are in {folder}", err=True)
    click.echo(json.dumps({"yaml.schemas": editor_schemas(folder.as_posix(), "content", kinds)}, indent=2))
    return 0


def schema_file_name(kind: Kind) -> str:
    """Return the name of a kind's schema file."""
    return f"{kind.name}.schema.json"


def editor_schemas(folder: str, content: str, kinds: Kinds = KINDS) -> dict[str, list[str]]:
    """Return which files each schema is for, in the form that VS Code's YAML extension reads."""
    return {f"./{folder}/{schema_file_name(kind)}": _files_of(kind, content) for kind in kinds}


def _files_of(kind: Kind, content: str) -> list[str]:
    if not kind.folder:
        return [f"{content}/{kind.name}.yml"]
    return [f"{content}/**/{kind.folder}/**/*.yml", f"{content}/{kind.folder}.yml"]
