"""`aipm build`: stage, build aside, gate, swap; the site is right, or the one before stays."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from aipm_site.problems import Problem, format_text, has_errors
from aipm_site.publication.plan import ContentRefused, PlanOptions, SitePlan
from aipm_site.publication.plan_site import plan_session
from aipm_site.session import open_session
from aipm_site.workspace import Workspace, WrongRequest, find_workspace


def build_project(
    start: Path,
    site_dir: Path | None,
    *,
    audience: str | None,
    as_of: str | None,
    lenient: bool,
    search: bool,
    force: bool,
) -> int:
    """Build the site of the project at or above a folder and return the exit code.

    Raises:
        WrongRequest: The settings or the folder of the site cannot be used.
    """
    workspace = find_workspace(start)
    options = PlanOptions(audience=audience, as_of=as_of, lenient=lenient)
    try:
        plan = _plan(workspace, options)
    except ContentRefused as refusal:
        return _report(refusal.problems, "nothing was written")
    return _build(workspace, plan, options, site_dir, search=search, force=force)


def _plan(workspace: Workspace, options: PlanOptions) -> SitePlan:
    # Planned before MkDocs is imported, so that a broken record is said at once.
    session = open_session(workspace.root, workspace.content, as_of=options.as_of, audience=options.audience)
    settings = workspace.settings
    return plan_session(session, settings.site_name, site_url=settings.site_url, lenient=options.lenient)


def _build(
    workspace: Workspace, plan: SitePlan, options: PlanOptions, site_dir: Path | None, *, search: bool, force: bool
) -> int:
    from aipm_site.mkdocs_adapter.settings import WrongSettings
    from aipm_site.mkdocs_adapter.site import build_site

    try:
        result = build_site(
            workspace.settings.file, lambda *_: plan, site_dir, options=options, search=search, force=force
        )
    except WrongSettings as fault:
        raise WrongRequest(str(fault)) from None
    if not result.is_written:
        return _report(result.problems, "nothing was written")
    count = plan.counts.get("records", 0)
    records = f"{count} record" if count == 1 else f"{count} records"
    return _report(result.problems, f"the site of {records}, for {plan.audience}, is in {_shown(result.site)}")


def _shown(site: Path) -> str:
    """Return a folder as a reader would type it from where the command was called."""
    here = os.path.relpath(site)
    return str(site) if here.startswith("..") else here


def _report(problems: Sequence[Problem], outcome: str) -> int:
    click.echo(format_text(problems, outcome), err=True)
    return 1 if has_errors(problems) else 0
