"""`aipm new`: a record with the next free id, its needed fields filled or asked for."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path, PurePosixPath

import click

from aipm_site.commands.schema import kind_named
from aipm_site.project import Project, load_project
from aipm_site.readers.snapshot import WorkingTree
from aipm_site.records.blank import blank_record, needed_fields
from aipm_site.records.kind import Kind
from aipm_site.workspace import WrongRequest, Workspace, find_workspace

_NUMBER = re.compile(r"[0-9]{1,6}\Z")
_DIGITS_OF_A_FIRST_ID = 3


def write_new_record(start: Path, kind_name: str, title: str | None, *, dry_run: bool) -> int:
    """Write the file of a new record, print its path and return the exit code."""
    kind = kind_named(kind_name)
    workspace = find_workspace(start)
    project, _ = load_project(WorkingTree(workspace.root, workspace.content), workspace.content)
    record_id = "" if kind.is_rows else next_id(project, kind)
    text = blank_record(kind, record_id, _ask_for_values(kind, title))
    if dry_run or kind.is_rows:
        click.echo(text, nl=False)
        return 0
    file = _file_of(workspace, project, kind, record_id)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8") as written:
        written.write(text)
    click.echo(file.relative_to(workspace.root).as_posix())
    return 0


def next_id(project: Project, kind: Kind) -> str:
    """Return the id after the highest one in use, with as many digits.

    Raises:
        WrongRequest: The kind's ids are not numbers, so there is no next one.
    """
    if kind.id_form != "numbered":
        raise WrongRequest(f"ids of {kind.plural} are names, such as {kind.prefix}-…: write the file by hand")
    taken = [record_id.partition("-")[2] for record_id in project.records if kind.is_id(record_id)]
    numbers = [rest for rest in taken if _NUMBER.match(rest)]
    digits = max((len(number) for number in numbers), default=_DIGITS_OF_A_FIRST_ID)
    return f"{kind.prefix}-{max((int(number) for number in numbers), default=0) + 1:0{digits}d}"


def _ask_for_values(kind: Kind, title: str | None) -> dict[str, str]:
    values = {"title": title} if title else {}
    asks = click.get_text_stream("stdin").isatty()
    for name, description in needed_fields(kind):
        if name not in values and asks:
            values[name] = click.prompt(f"{name} ({description})", err=True)
    return values


def _file_of(workspace: Workspace, project: Project, kind: Kind, record_id: str) -> Path:
    return workspace.root / _folder_in_use(project, kind, workspace.content) / f"{record_id}.yml"


def _folder_in_use(project: Project, kind: Kind, content: str) -> PurePosixPath:
    """Return the folder in which most records of the kind lie, one file each."""
    files = [PurePosixPath(r.place.file) for r in project.of(kind.model)]
    folders = Counter(file.parent for file in files if kind.folder in file.parent.parts)
    return max(sorted(folders), key=lambda folder: folders[folder], default=PurePosixPath(content, kind.folder))


