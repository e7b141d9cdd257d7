"""The workspace: the folder that a command works on, found from where it was called."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from aipm_site.problems import Problem, format_text
from aipm_site.readers.git import Revision, holds
from aipm_site.readers.site_settings import FILE_NAME, SiteSettings, read_site_settings, read_site_settings_at


class WrongRequest(Exception):
    """What was asked for cannot be done as asked: a wrong command line or mkdocs.yml; exit code 2."""


class Workspace(Struct, frozen=True):
    """The folder of mkdocs.yml and what its settings say.

    Attributes:
        root: The folder; places in problems are relative to it.
        settings: The few settings that commands need.
    """

    root: Path
    settings: SiteSettings

    @property
    def content(self) -> str:
        """Name of the content's folder, relative to the root."""
        return self.settings.content


def find_workspace(start: Path) -> Workspace:
    """Return the workspace of the nearest mkdocs.yml at or above a folder.

    Raises:
        WrongRequest: There is none, it cannot be read, or its content's folder is missing.
    """
    root = next(
        (folder for folder in (start.resolve(), *start.resolve().parents) if (folder / FILE_NAME).is_file()), None
    )
    if root is None:
        raise WrongRequest(f"there is no {FILE_NAME} here or above; `aipm init DIR` makes a project")
    settings, problems = read_site_settings(root / FILE_NAME)
    _refuse(problems)
    if not (root / settings.docs_dir).resolve().is_relative_to(root):
        raise WrongRequest(
            f"{FILE_NAME} names the content's folder '{settings.docs_dir}', which lies outside of its own"
        )
    if not (root / settings.docs_dir).is_dir():
        raise WrongRequest(f"{FILE_NAME} names the content's folder '{settings.docs_dir}', and there is no such folder")
    return Workspace(root, settings)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise WrongRequest(format_text(problems).rsplit("\n", 1)[0])


def workspace_at(workspace: Workspace, revision: Revision) -> Workspace:
    """Return the workspace as a commit holds it: the settings of mkdocs.yml in the project's folder of then.

    Raises:
        WrongRequest: The commit holds no mkdocs.yml there, or none that can be used, or no content.
    """
    root, commit = workspace.root, revision.commit or ""
    short = commit[:10]
    settings, problems = read_site_settings_at(root, commit, prefix=revision.prefix)
    _refuse(problems)
    then = Workspace(root, settings)
    if then.content.startswith(("../", "/")):
        raise WrongRequest(
            f"{FILE_NAME} of commit {short} names the content's folder '{then.content}', outside of its own"
        )
    if not holds(root, commit, then.content, revision.prefix):
        raise WrongRequest(f"{FILE_NAME} of commit {short} names the content's folder '{then.content}', which it lacks")
    return then
