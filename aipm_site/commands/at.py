"""`--at REV`: the workspace of a command, as it lies there now or as a revision holds it."""

from __future__ import annotations

from pathlib import Path

from aipm_site.readers.git import Revision
from aipm_site.session import find_revision
from aipm_site.workspace import Workspace, find_workspace, workspace_at


def workspace_of(start: Path, at: str | None) -> tuple[Workspace, Revision | None]:
    """Return the workspace at or above a folder, and the revision that was asked for.

    Args:
        start: The folder that the command was called for.
        at: Name or day of the revision; None for what lies there now.

    Raises:
        WrongRequest: There is no workspace, or no such revision, or the revision holds no workspace.
    """
    workspace = find_workspace(start)
    if at is None:
        return workspace, None
    revision = find_revision(workspace.root, at, workspace.content)
    return workspace_at(workspace, revision), revision
