"""`aipm status`: the computed status in the terminal, or as status.json."""

from __future__ import annotations

from pathlib import Path

import click

from aipm_site.exports.status_json import status_json
from aipm_site.problems import format_text
from aipm_site.publication.identity import identity_of
from aipm_site.session import Session, open_session
from aipm_site.summaries.terminal import terminal_status
from aipm_site.workspace import find_workspace


def show_status(start: Path, *, as_json: bool, as_of: str | None, audience: str | None, lenient: bool) -> int:
    """Print the status for an audience and return the exit code."""
    workspace = find_workspace(start)
    session = open_session(workspace.root, workspace.content, as_of=as_of, audience=audience)
    if session.has_errors:
        outcome = "shown is what could be read" if lenient else "no status was computed"
        click.echo(format_text(session.problems, outcome), err=True)
        if not lenient:
            return 1
    click.echo(_status_text(session, workspace.settings.site_name, as_json=as_json), nl=False)
    return 1 if session.has_errors else 0


def _status_text(session: Session, site_name: str, *, as_json: bool) -> str:
    project, facts = session.shown()
    identity = identity_of(session, site_name)
    return status_json(facts, identity).data.decode() if as_json else terminal_status(project, facts, identity.project_name)
