"""`aipm explain`: what a kind, a problem code or a figure is, in the terminal."""

from __future__ import annotations

from pathlib import Path

import click

from aipm_site.problems import did_you_mean, printable
from aipm_site.records import KINDS
from aipm_site.session import open_session
from aipm_site.summaries.explanations import explain_code, explain_figure, explain_kind, known_codes
from aipm_site.workspace import WrongRequest, find_workspace


def explain_name(start: Path, name: str, as_of: str | None) -> int:
    """Print the explanation of a name and return the exit code.

    Raises:
        WrongRequest: Nothing has that name.
    """
    kind = KINDS.named(name)
    if kind is not None:
        text = explain_kind(kind)
    elif name in known_codes():
        text = explain_code(name)
    else:
        text = _explain_figure(start, name, as_of)
    click.echo(text, nl=False)
    return 0


def _explain_figure(start: Path, name: str, as_of: str | None) -> str:
    known = [*(kind.name for kind in KINDS), *known_codes()]
    if "." not in name:
        raise WrongRequest(f"nothing is called '{printable(name)}'; {did_you_mean(name, known, _WHAT_THERE_IS)}")
    workspace = find_workspace(start)
    session = open_session(workspace.root, workspace.content, as_of=as_of)
    figures = session.shown()[1].figures
    if name not in figures:
        near = did_you_mean(name, figures, "`aipm status --json` lists them")
        raise WrongRequest(f"there is no figure '{printable(name)}'; {near}")
    return explain_figure(figures[name])


_WHAT_THERE_IS = "name a kind (risk), a problem code (unknown-field) or a figure (risk.open)"
