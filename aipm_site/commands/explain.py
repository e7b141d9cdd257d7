"""`aipm explain`: what a kind, a problem code or a figure is, in the terminal."""

from __future__ import annotations

from pathlib import Path

import click

from aipm_site.commands.project_kinds import kinds_at, refuse_declarations
from aipm_site.commands.terminal import terminal_width
from aipm_site.problems import did_you_mean, format_text, printable
from aipm_site.records.kind import Kind, Kinds
from aipm_site.session import Session, open_session
from aipm_site.summaries.explanations import (
    explain_code,
    explain_declaration,
    explain_figure,
    explain_kind,
    explain_policy,
    known_codes,
)
from aipm_site.workspace import WrongRequest, find_workspace

# What can be written in content/kinds/: a kind of a project's own, or more fields for one that there is.
_DECLARATIONS = ("kind", "kind-extension")
_POLICY = "policy"
_WHAT_THERE_IS = "name a kind (risk), a problem code (unknown-field) or a figure (risk.open)"


def explain_name(start: Path, name: str, as_of: str | None, audience: str | None) -> int:
    """Print the explanation of a name and return the exit code.

    Raises:
        WrongRequest: Nothing has that name.
    """
    kinds, problems = kinds_at(start)
    kind = _kind_called(name, kinds)
    if kind is not None:
        text = explain_kind(kind, terminal_width())
    elif kinds.is_unread(name):
        return refuse_declarations(problems, f"the kind '{name}' is not explained")
    elif name in known_codes():
        text = explain_code(name, terminal_width())
    elif name in _DECLARATIONS:
        text = _declaration_text(name)
    elif name == _POLICY:
        text = explain_policy(terminal_width())
    elif "." in name:
        return _explain_figure(start, name, as_of, audience)
    else:
        names = [*(kind.name for kind in kinds), *_DECLARATIONS, _POLICY, *known_codes()]
        raise WrongRequest(f"nothing is called '{printable(name)}'; {did_you_mean(name, names, _WHAT_THERE_IS)}")
    click.echo(text, nl=False)
    return 0


def _declaration_text(name: str) -> str:
    from aipm_site.records.own_kinds import DECLARATION, EXTENSION

    form = DECLARATION if name == DECLARATION.name else EXTENSION
    return explain_declaration(form.name, form.model, terminal_width())


def _kind_called(name: str, kinds: Kinds) -> Kind | None:
    return next((kind for kind in kinds if name and name in {kind.name, kind.plural, kind.folder}), None)


def _explain_figure(start: Path, name: str, as_of: str | None, audience: str | None) -> int:
    workspace = find_workspace(start)
    session = open_session(workspace.root, workspace.content, as_of=as_of, audience=audience, with_history=True)
    if session.has_errors:
        click.echo(format_text(session.problems, "no figure was computed"), err=True)
        return 1
    click.echo(_figure_text(session, name), nl=False)
    return 0


def _figure_text(session: Session, name: str) -> str:
    figures = session.shown()[1].figures
    if name in figures:
        return explain_figure(figures[name], terminal_width())
    if name in session.facts.figures:
        raise WrongRequest(f"the figure '{name}' is not shared with the audience '{session.audience}'")
    near = did_you_mean(name, figures, "`aipm status --json` lists all figures")
    raise WrongRequest(f"there is no figure '{printable(name)}'; {near}")
