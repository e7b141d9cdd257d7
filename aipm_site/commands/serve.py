"""`aipm serve`: a live preview; good records are shown, bad ones are listed."""

from __future__ import annotations

from pathlib import Path

import click

from aipm_site.workspace import WrongRequest, find_workspace

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


def serve_project(start: Path, address: str, *, audience: str | None, as_of: str | None) -> int:
    """Serve the site and rebuild it on every change, until interrupted; return the exit code.

    Raises:
        WrongRequest: The address is not one of this machine, or the settings cannot be used.
    """
    from aipm_site.mkdocs_adapter.preview import serve_site
    from aipm_site.mkdocs_adapter.settings import WrongSettings

    host = address.rpartition(":")[0]
    if host not in LOOPBACK:
        # A preview shows what nobody has reviewed yet, to whoever can reach it.
        raise WrongRequest(f"the preview listens on this machine alone: 127.0.0.1:8000, not {address}")
    workspace = find_workspace(start)
    click.echo(f"the preview is at http://{address}/; Ctrl+C ends it", err=True)
    try:
        serve_site(workspace.settings.file, address, audience=audience, as_of=as_of)
    except WrongSettings as fault:
        raise WrongRequest(str(fault)) from None
    return 0
