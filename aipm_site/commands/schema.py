"""`aipm schema`: JSON Schema per kind, for editors and other tools."""

from __future__ import annotations

import json
from pathlib import Path

import click

from aipm_site.problems import did_you_mean, printable
from aipm_site.readers.content_tree import read_charter
from aipm_site.readers.site_settings import FILE_NAME
from aipm_site.readers.snapshot import WorkingTree
from aipm_site.records import KINDS
from aipm_site.records.decision_settings import prefixes_in
from aipm_site.records.json_schema import schema_of
from aipm_site.records.kind import Kind, Kinds
from aipm_site.workspace import WrongRequest, find_workspace

_CONTENT = "content"


def kind_named(name: str, kinds: Kinds = KINDS) -> Kind:
    """Return the kind of that name, singular or plural, or of that folder.

    Raises:
        WrongRequest: There is none.
    """
    found = next((kind for kind in kinds if name and name in {kind.name, kind.plural, kind.folder}), None)
    if found is None:
        names = [kind.name for kind in kinds]
        known = f"kinds are {', '.join(names)}"
        raise WrongRequest(f"there is no kind '{printable(name)}'; {did_you_mean(name, names, known)}")
    return found


def schema_text(kind: Kind) -> str:
    """Return a kind's JSON Schema as text."""
    return json.dumps(schema_of(kind), ensure_ascii=False, indent=2) + "\n"


def show_schema(name: str | None) -> int:
    """Print a kind's schema and return the exit code.

    Raises:
        WrongRequest: No kind is named, or none has that name.
    """
    if name is None:
        raise WrongRequest("name a kind (`aipm schema risk`), or write all with `aipm schema --out DIR`")
    # As bytes, whatever encoding the terminal has: JSON is UTF-8.
    click.echo(schema_text(kind_named(name)).encode(), nl=False)
    return 0


def write_schemas(start: Path, folder: Path, name: str | None, kinds: Kinds = KINDS) -> int:
    """Write `<kind>.schema.json` and print the settings that make an editor use it.

    Args:
        start: Where the project is looked for, whose content the settings are about.
        folder: Where to write.
        name: The kind; all of them where it is None.
        kinds: All kinds.
    """
    kinds = _with_prefixes_of_project(start, kinds)
    chosen = Kinds([kind_named(name, kinds)]) if name else kinds
    folder.mkdir(parents=True, exist_ok=True)
    for kind in chosen:
        (folder / schema_file_name(kind)).write_text(schema_text(kind), encoding="utf-8", newline="\n")
    count = sum(1 for _ in chosen)
    click.echo(f"{count} {'schema is' if count == 1 else 'schemas are'} in {printable(str(folder))}", err=True)
    click.echo(editor_settings(*_as_editors_see_it(start, folder), chosen).encode(), nl=False)
    return 0


def _as_editors_see_it(start: Path, folder: Path) -> tuple[str, str]:
    """Return the folder of the schemas and that of the content, from the folder that an editor opens."""
    if not _is_in_project(start):
        return _relative(folder, start.resolve()), _CONTENT
    workspace = find_workspace(start)
    return _relative(folder, workspace.root), workspace.content


def _with_prefixes_of_project(start: Path, kinds: Kinds) -> Kinds:
    """Return the kinds with the ids that a project has set, so that its editor does not call them wrong."""
    if not _is_in_project(start):
        return kinds
    workspace = find_workspace(start)
    charter = read_charter(WorkingTree(workspace.root, workspace.content), f"{workspace.content}/project.yml")
    return kinds.with_prefixes("decision", prefixes_in(charter))


def _is_in_project(start: Path) -> bool:
    resolved = start.resolve()
    return any((above / FILE_NAME).is_file() for above in (resolved, *resolved.parents))


def _relative(folder: Path, root: Path) -> str:
    """Return a path as VS Code's YAML extension takes it: with './' where it begins at the opened folder."""
    whole = folder.resolve()
    return f"./{whole.relative_to(root).as_posix()}" if whole.is_relative_to(root) else whole.as_posix()


def schema_file_name(kind: Kind) -> str:
    """Return the name of a kind's schema file."""
    return f"{kind.name}.schema.json"


def editor_settings(folder: str, content: str, kinds: Kinds = KINDS) -> str:
    """Return the settings that tell VS Code's YAML extension which files each schema is for, as JSON.

    Args:
        folder: Folder of the schemas, with "./" where it lies in the folder that the editor opens.
        content: Folder of the content, in the same folder.
        kinds: The kinds.
    """
    schemas = {f"{folder}/{schema_file_name(kind)}": _files_of(kind, content) for kind in kinds}
    return json.dumps({"yaml.schemas": schemas}, ensure_ascii=False, indent=2) + "\n"


def _files_of(kind: Kind, content: str) -> list[str]:
    if not kind.folder:
        return [f"{content}/{kind.name}.yml"]
    # A kind's folder and its list files may lie at any depth.
    return [f"{content}/**/{kind.folder}{rest}" for rest in ("/**/*.yml", "/**/*.yaml", ".yml", ".yaml")]
