"""`aipm status`: the computed status in the terminal, or as status.json."""

from __future__ import annotations

from pathlib import Path

import click

from aipm_site.commands.at import workspace_of
from aipm_site.commands.terminal import terminal_width
from aipm_site.exports.status_json import status_json
from aipm_site.problems import Problem, format_text
from aipm_site.project import Project
from aipm_site.publication.identity import identity_of
from aipm_site.session import Session, open_session
from aipm_site.summaries.terminal import terminal_status


def show_status(
    start: Path, *, as_json: bool, as_of: str | None, audience: str | None, lenient: bool, at: str | None = None
) -> int:
    """Print the status for an audience, now or as a revision holds it, and return the exit code."""
    workspace, revision = workspace_of(start, at)
    session = open_session(
        workspace.root, workspace.content, as_of=as_of, audience=audience, at=revision, with_history=True
    )
    if session.has_errors:
        outcome = what_was_left_out(session.whole) if lenient else "no status was computed"
        click.echo(format_text(session.problems, outcome), err=True)
        if not lenient:
            return 1
    elif session.problems:
        click.echo(_closing_line(session.problems), err=True)
    click.echo(_status(session, workspace.settings.site_name, as_json=as_json), nl=False)
    return 1 if session.has_errors else 0


def what_was_left_out(project: Project) -> str:
    """Return what a status rests on that is shown in spite of errors."""
    if not project.unread:
        return "the status is shown in spite of them"
    return f"{project.unread} of {project.unread + len(project.records)} records could not be read and are left out"


def _closing_line(problems: tuple[Problem, ...]) -> str:
    # Nothing of it changes the status, so one line is enough beside what was asked for.
    return format_text(problems, "`aipm check` lists them").rsplit("\n", 1)[-1]


def _status(session: Session, site_name: str, *, as_json: bool) -> str | bytes:
    facts = session.shown()[1]
    identity = identity_of(session, site_name)
    if as_json:
        # As bytes, whatever encoding the terminal has: JSON is UTF-8.
        return status_json(facts, identity).data
    return terminal_status(facts, identity.project_name, session.dated.reason, terminal_width(), _caution(session))


def _caution(session: Session) -> str:
    if not session.has_errors:
        return ""
    found = what_was_left_out(session.whole) if session.whole.unread else "The content has errors"
    return f"{found}; what follows may be wrong."
