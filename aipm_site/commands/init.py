"""`aipm init`: a new project that checks and builds, with editor settings, a pre-commit hook and CI."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import click

from aipm_site.commands.schema import kind_named
from aipm_site.commands.starter import kinds_with_example, next_steps, starter_files, with_needed_kinds
from aipm_site.problems import Place, printable
from aipm_site.readers.characters import check_characters
from aipm_site.readers.git import common_folder
from aipm_site.readers.git_command import GitFailure
from aipm_site.session import today
from aipm_site.workspace import WrongRequest

DEFAULT_KINDS = "risk,issue,action,decision,milestone,sprint"
CI_CHOICES = {"github": ("github",), "gitlab": ("gitlab",), "both": ("github", "gitlab"), "none": ()}
_UNTITLED = "New project"


def make_project(folder: Path, kinds: str | None, title: str | None, ci: str = "both") -> int:
    """Write a new project into an absent or empty folder and return the exit code.

    Args:
        folder: Where it is made.
        kinds: Kinds of which it gets an example, apart by commas; None takes the usual ones.
        title: What it is called; None takes the folder's name.
        ci: For which services it gets CI, one of `CI_CHOICES`.

    Raises:
        WrongRequest: The folder is in use, a kind has no example, or the title cannot be one.
    """
    _check_folder(folder)
    chosen = _chosen_kinds(kinds or DEFAULT_KINDS)
    services = CI_CHOICES[ci]
    # The day of a project that names no zone, so that no example lies in its future.
    written = dict(starter_files(_title(folder, title), uuid4(), chosen, today(), services))
    for path, text in written.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    shown = shlex.quote(printable(str(folder)))
    click.echo(next_steps(shown, len(written), services, printable(_folder_in_repository(folder))), nl=False)
    return 0


def _folder_in_repository(folder: Path) -> str:
    """Return the folder from the top of the repository that it lies in; "" at the top, and outside of one."""
    try:
        return common_folder(folder)[1].rstrip("/")
    except GitFailure:
        return ""


def _check_folder(folder: Path) -> None:
    shown = printable(str(folder))
    if folder.exists() and not folder.is_dir():
        raise WrongRequest(f"{shown} is a file; name a new folder")
    # A repository that was just made, or cloned empty, is as good as a new folder.
    if folder.is_dir() and any(item.name != ".git" for item in folder.iterdir()):
        raise WrongRequest(f"{shown} is not empty; name a new folder")


def _chosen_kinds(words: str) -> tuple[str, ...]:
    named = [kind_named(word.strip()) for word in words.split(",") if word.strip()]
    # Every project has its charter, whether it is asked for or not.
    names = [kind.name for kind in named if kind.folder]
    known = kinds_with_example()
    for name in names:
        if name not in known:
            raise WrongRequest(f"there is no example of a {name} to begin with; there is one of {', '.join(known)}")
    return with_needed_kinds(names)


def _title(folder: Path, given: str | None) -> str:
    if given is not None:
        if not _is_title(given):
            raise WrongRequest(
                f"'{printable(given)}' cannot be a title: a title is text on one line, all of it visible"
            )
        return given.strip()
    words: Sequence[str] = folder.resolve().name.replace("-", " ").replace("_", " ").split()
    name = " ".join(words)
    return name[0].upper() + name[1:] if _is_title(name) else _UNTITLED


def _is_title(text: str) -> bool:
    return bool(text.strip()) and not set("\n\r\t") & set(text) and not check_characters(text, Place("title"))
