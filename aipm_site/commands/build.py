"""`aipm build`: stage, build aside, gate, swap; the site is right, or the one before stays."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click
from msgspec.structs import replace

from aipm_site.commands.at import workspace_of
from aipm_site.problems import Problem, format_text, has_errors
from aipm_site.publication.plan import ContentRefused, PlanOptions, SitePlan
from aipm_site.publication.plan_site import plan_session
from aipm_site.publication.swap import TargetRefused, check_target
from aipm_site.publication.written_out import written_out
from aipm_site.readers.git import Revision
from aipm_site.readers.git_command import GitFailure
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
    at: str | None = None,
) -> int:
    """Build the site of the project at or above a folder, as it lies there or as a revision holds it.

    Returns:
        The exit code.

    Raises:
        WrongRequest: The settings, the revision or the folder of the site cannot be used.
    """
    workspace, revision = workspace_of(start, at)
    options = PlanOptions(audience=audience, as_of=as_of, lenient=lenient)
    with _files_of(workspace, revision) as there:
        try:
            plan = _plan(workspace, there, revision, options)
        except ContentRefused as refusal:
            return _report(refusal.problems, "nothing was written")
        site = site_dir if revision is None else _site_beside(workspace, site_dir, start, force=force)
        return _build(there / workspace.settings.file.name, plan, options, site, search=search, force=force)


@contextmanager
def _files_of(workspace: Workspace, revision: Revision | None) -> Iterator[Path]:
    """Give the folder in which the files of a build lie: settings, theme, pages and attachments."""
    if revision is None:
        yield workspace.root
        return
    # Settings, theme, pages and attachments are those of the revision, as a build of that commit has them.
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(written_out(workspace.root, revision.commit or "", revision.prefix))
        except GitFailure as failure:
            raise WrongRequest(f"the revision cannot be read: {failure}") from None
        yield folder


def _site_beside(workspace: Workspace, site_dir: Path | None, start: Path, *, force: bool) -> Path:
    """Return the folder of the site of a revision: where the working tree has its own, unless one is named.

    Raises:
        WrongRequest: It may not be replaced.
    """
    now = find_workspace(start)
    site = Path(os.path.abspath(site_dir or now.root / now.settings.site_dir))
    try:
        check_target(site, root=workspace.root, content=now.root / now.content, force=force)
    except TargetRefused as refusal:
        raise WrongRequest(f"site_dir: {refusal}") from None
    return site


def _plan(workspace: Workspace, files: Path, revision: Revision | None, options: PlanOptions) -> SitePlan:
    # Planned before MkDocs is imported, so that a broken record is said at once.
    session = open_session(
        workspace.root,
        workspace.content,
        as_of=options.as_of,
        audience=options.audience,
        at=revision,
        with_history=True,
    )
    name, url = workspace.settings.site_name, workspace.settings.site_url
    return plan_session(replace(session, root=files), name, site_url=url, lenient=options.lenient)


def _build(
    settings: Path, plan: SitePlan, options: PlanOptions, site_dir: Path | None, *, search: bool, force: bool
) -> int:
    from aipm_site.mkdocs_adapter.settings import WrongSettings
    from aipm_site.mkdocs_adapter.site import build_site

    try:
        result = build_site(settings, lambda *_: plan, site_dir, options=options, search=search, force=force)
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
