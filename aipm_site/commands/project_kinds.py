"""The kinds at hand: those of the project that a command is called in, or the built-in ones outside of any."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from aipm_site.loading import load_kinds
from aipm_site.problems import Problem, format_text
from aipm_site.readers.snapshot import WorkingTree
from aipm_site.records import KINDS
from aipm_site.records.kind import Kinds
from aipm_site.workspace import WrongRequest, find_workspace


def kinds_at(start: Path) -> tuple[Kinds, list[Problem]]:
    """Return the kinds that the project at or above a folder has, and what is wrong with its declarations."""
    try:
        workspace = find_workspace(start)
    except WrongRequest:
        return KINDS, []
    return load_kinds(WorkingTree(workspace.root, workspace.content), workspace.content)


def refuse_declarations(problems: Sequence[Problem], outcome: str) -> int:
    """Print what is wrong with declarations, where a command cannot go on without them; return the exit code."""
    click.echo(format_text(problems, outcome), err=True)
    return 1
