"""`aipm history`: a figure over the revisions, in the terminal or as JSON."""

from __future__ import annotations

from pathlib import Path

import click

from aipm_site.commands.at import workspace_of
from aipm_site.exports.history_json import history_json
from aipm_site.history.states import History
from aipm_site.history.trend import Trend, trend_of
from aipm_site.problems import did_you_mean, format_text, printable
from aipm_site.session import Session, open_session, read_day
from aipm_site.summaries.history import terminal_history
from aipm_site.workspace import WrongRequest


def show_history(
    start: Path, name: str, *, since: str | None, as_json: bool, at: str | None, audience: str | None
) -> int:
    """Print a figure over the revisions up to now, or up to one of them, and return the exit code.

    Raises:
        WrongRequest: There is no such figure, or it is not shared, or `since` is no day.
    """
    first = read_day(since) if since else None
    workspace, revision = workspace_of(start, at)
    session = open_session(workspace.root, workspace.content, audience=audience, at=revision, with_history=True)
    if session.has_errors:
        click.echo(format_text(session.problems, "no figure was computed"), err=True)
        return 1
    trend = _trend(session, name)
    trend = trend.since(first) if first else trend
    # As bytes, whatever encoding the terminal has: JSON is UTF-8.
    click.echo(history_json(trend, session.audience).data if as_json else terminal_history(trend), nl=False)
    return 0


def _trend(session: Session, name: str) -> Trend:
    facts, history = session.shown()[1], session.shown_history()
    revision = session.revision
    if name in facts.figures or name in history.names:
        return trend_of(name, history, facts, revision.commit, is_uncommitted=revision.uncommitted)
    raise WrongRequest(_no_figure(session, name, history))


def _no_figure(session: Session, name: str, history: History) -> str:
    if name in session.facts.figures:
        return f"the figure '{name}' is not shared with the audience '{session.audience}'"
    known = [*session.shown()[1].figures, *history.names]
    near = did_you_mean(name, known, "`aipm status --json` lists all figures")
    return f"there is no figure '{printable(name)}'; {near}"
