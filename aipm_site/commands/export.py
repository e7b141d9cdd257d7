"""`aipm export`: the files that the site publishes for machines, feeds and calendars, without the site."""

from __future__ import annotations

from pathlib import Path

import click

from aipm_site.exports.calendar import Publication
from aipm_site.exports.site_file import SiteFile
from aipm_site.problems import format_text, printable
from aipm_site.publication.identity import identity_of
from aipm_site.publication.published_files import MAKERS
from aipm_site.session import open_session
from aipm_site.workspace import find_workspace


def export_files(start: Path, form: str, out: Path, as_of: str | None, audience: str | None) -> int:
    """Write the files of one form, print their paths, and return the exit code."""
    workspace = find_workspace(start)
    session = open_session(workspace.root, workspace.content, as_of=as_of, audience=audience, with_history=True)
    if session.has_errors:
        click.echo(format_text(session.problems, "nothing was written"), err=True)
        return 1
    settings = workspace.settings
    publication = Publication(identity_of(session, settings.site_name), settings.site_url)
    files = MAKERS[form](session.shown()[1], publication)
    for file in files:
        _write(out, file)
    if not files:
        click.echo("nothing to write: no record has a day that stands in a calendar", err=True)
    return 0


def _write(out: Path, file: SiteFile) -> None:
    path = out / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file.data)
    click.echo(printable(str(path)))
