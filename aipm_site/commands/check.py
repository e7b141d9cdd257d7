"""`aipm check`: all problems of all files, or of a built folder against its manifest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from aipm_site.checks.identity import check_identity
from aipm_site.problems import Problem, format_github, format_json, format_text, has_errors, printable
from aipm_site.publication.site_address import check_address
from aipm_site.session import Session, open_session
from aipm_site.workspace import Workspace, find_workspace


def check_content(start: Path, form: str, as_of: str | None) -> int:
    """Print what is wrong in the content and return the exit code."""
    workspace = find_workspace(start)
    session = open_session(workspace.root, workspace.content, as_of=as_of)
    records, pages = len(session.whole.records), len(session.whole.pages)
    outcome = f"{_counted(records, 'record')} and {_counted(pages, 'page')} were read"
    whole, address = session.whole, workspace.settings.site_url
    of_publishing = (*check_identity(whole, address), *check_address(address, whole.charter))
    problems = (*session.problems, *of_publishing, *_output_problems(session, workspace))
    return _print_problems(problems, form, outcome)


def _output_problems(session: Session, workspace: Workspace) -> list[Problem]:
    if not (session.whole.templates or session.whole.attachments):
        return []  # nothing that only a build would look at, so nothing of a build is imported
    from aipm_site.publication.outputs import check_outputs

    return check_outputs(session, workspace.settings.site_name)


def check_built_site(site: Path, form: str) -> int:
    """Print where a built folder differs from its manifest and return the exit code."""
    from aipm_site.publication.manifest import check_site

    return _print_problems(check_site(site), form, f"{printable(str(site))} was compared with its manifest")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _print_problems(problems: Sequence[Problem], form: str, outcome: str) -> int:
    if form == "json":
        # As bytes, whatever encoding the terminal has: JSON is UTF-8.
        click.echo(format_json(problems).encode())
    elif form == "sarif":
        from aipm_site.exports.sarif import format_sarif

        click.echo(format_sarif(problems).encode())
    elif form == "github":
        click.echo(format_github(problems), nl=bool(problems))
    else:
        click.echo(format_text(problems, outcome))
    return 1 if has_errors(problems) else 0
