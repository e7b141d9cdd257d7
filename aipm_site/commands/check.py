"""`aipm check`: all problems of all files, or of a built folder against its manifest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from aipm_site.problems import Problem, format_github, format_json, format_text, has_errors
from aipm_site.session import open_session
from aipm_site.workspace import find_workspace


def check_content(start: Path, form: str, as_of: str | None) -> int:
    """Print what is wrong in the content and return the exit code."""
    workspace = find_workspace(start)
    session = open_session(workspace.root, workspace.content, as_of=as_of)
    records, pages = len(session.whole.records), len(session.whole.pages)
    return _print_problems(session.problems, form, f"{records} records and {pages} pages were read")


def check_built_site(site: Path, form: str) -> int:
    """Print where a built folder differs from its manifest and return the exit code."""
    from aipm_site.publication.manifest import check_site

    return _print_problems(check_site(site), form, f"{site} was compared with its manifest")


def _print_problems(problems: Sequence[Problem], form: str, outcome: str) -> int:
    if form == "json":
        click.echo(format_json(problems))
    elif form == "github":
        click.echo(format_github(problems), nl=bool(problems))
    else:
        click.echo(format_text(problems, outcome))
    return 1 if has_errors(problems) else 0
