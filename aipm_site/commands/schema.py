"""`aipm schema`: JSON Schema per kind, for editors and other tools."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click

from aipm_site.commands.project_kinds import kinds_at, refuse_declarations
from aipm_site.problems import did_you_mean, has_errors, printable
from aipm_site.readers.declarations import ENDINGS
from aipm_site.readers.declarations import FOLDER as KINDS_FOLDER
from aipm_site.readers.site_settings import FILE_NAME
from aipm_site.records import KINDS
from aipm_site.records.json_schema import Schema, schema_of, schema_of_declarations
from aipm_site.records.kind import Kind, Kinds
from aipm_site.workspace import WrongRequest, find_workspace

DECLARATION = "kind"
DECLARATION_FILE = f"{DECLARATION}.schema.json"
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
    return _as_text(schema_of(kind))


def declaration_schema_text() -> str:
    """Return the JSON Schema of the files that declare kinds, as text."""
    from aipm_site.records.declaration import KindDeclaration, KindExtension

    return _as_text(schema_of_declarations(KindDeclaration, KindExtension))


def _as_text(schema: Schema) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def show_schema(start: Path, name: str | None) -> int:
    """Print a kind's schema and return the exit code.

    Args:
        start: Where the project is looked for, whose kinds count too.
        name: The kind, or `kind` for the files that declare kinds.

    Raises:
        WrongRequest: No kind is named, or none has that name.
    """
    if name is None:
        raise WrongRequest("name a kind (`aipm schema risk`), or write all with `aipm schema --out DIR`")
    kinds, problems = kinds_at(start)
    if kinds.is_unread(name):
        return refuse_declarations(problems, "nothing was printed")
    text = declaration_schema_text() if name == DECLARATION else schema_text(kind_named(name, kinds))
    # As bytes, whatever encoding the terminal has: JSON is UTF-8.
    click.echo(text.encode(), nl=False)
    return 0


def write_schemas(start: Path, folder: Path, name: str | None) -> int:
    """Write `<kind>.schema.json` and print the settings that make an editor use it.

    Args:
        start: Where the project is looked for, whose kinds count too, and whose content the settings are about.
        folder: Where to write.
        name: The kind, or `kind` for the files that declare kinds; all of them where it is None.
    """
    kinds, problems = kinds_at(start)
    if has_errors(problems):
        return refuse_declarations(problems, "nothing was written")
    chosen = () if name == DECLARATION else (kind_named(name, kinds),) if name else tuple(kinds)
    texts = {schema_file_name(kind): schema_text(kind) for kind in chosen}
    if name in {None, DECLARATION}:
        texts[DECLARATION_FILE] = declaration_schema_text()
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8", newline="\n")
    count = len(texts)
    click.echo(f"{count} {'schema is' if count == 1 else 'schemas are'} in {printable(str(folder))}", err=True)
    where, content = _as_editors_see_it(start, folder)
    settings = editor_settings(where, content, chosen, with_declarations=DECLARATION_FILE in texts)
    click.echo(settings.encode(), nl=False)
    return 0


def _as_editors_see_it(start: Path, folder: Path) -> tuple[str, str]:
    """Return the folder of the schemas and that of the content, from the folder that an editor opens."""
    if not _is_in_project(start):
        return _relative(folder, start.resolve()), _CONTENT
    workspace = find_workspace(start)
    return _relative(folder, workspace.root), workspace.content


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


def editor_settings(
    folder: str, content: str, kinds: Iterable[Kind] = KINDS, *, with_declarations: bool = False
) -> str:
    """Return the settings that tell VS Code's YAML extension which files each schema is for, as JSON.

    Args:
        folder: Folder of the schemas, with "./" where it lies in the folder that the editor opens.
        content: Folder of the content, in the same folder.
        kinds: The kinds.
        with_declarations: Whether there is a schema of the files that declare kinds, too.
    """
    schemas = {f"{folder}/{schema_file_name(kind)}": _files_of(kind, content) for kind in kinds}
    if with_declarations:
        schemas[f"{folder}/{DECLARATION_FILE}"] = [f"{content}/{KINDS_FOLDER}/**/*{ending}" for ending in ENDINGS]
    return json.dumps({"yaml.schemas": schemas}, ensure_ascii=False, indent=2) + "\n"


def _files_of(kind: Kind, content: str) -> list[str]:
    if not kind.folder:
        return [f"{content}/{kind.name}.yml"]
    # A kind's folder and its list files may lie at any depth.
    return [f"{content}/**/{kind.folder}{rest}" for rest in ("/**/*.yml", "/**/*.yaml", ".yml", ".yaml")]
