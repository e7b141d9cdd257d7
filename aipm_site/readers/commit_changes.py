"""Commit changes: which files each commit of the main line changed, as git tells it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct, field

from aipm_site.readers.git import commit_moment
from aipm_site.readers.git_command import run_git

_RAW = ("--raw", "-z", "--no-renames", "--no-abbrev", "--no-ext-diff")


class FileChange(Struct, frozen=True):
    """What a commit did to one path; a blob is None where there was or is no file."""

    path: str
    old: str | None
    new: str | None


class Commit(Struct, frozen=True):
    """A commit of the main line that touched files."""

    name: str
    committed: datetime | None
    changes: list[FileChange] = field(default_factory=list)


def commit_changes(root: Path, at: str, *options: str) -> Iterator[Commit]:
    """Give the commits of the main line up to one, newest first, with the files that they changed.

    Args:
        root: A folder of the checkout.
        at: The commit to look back from.
        options: What `git log` is told besides: pathspecs behind "--". Paths are those from the repository's top.

    Raises:
        GitFailure: There is no git, or no such commit.
    """
    said = run_git(root, "log", "--first-parent", "-m", *_RAW, "--format=%H %cI", at, *options)
    tokens = iter(said.split(b"\0"))
    commit: Commit | None = None
    for token in tokens:
        word = token.strip(b"\n")
        if word.startswith(b":") and commit:
            commit.changes.append(_change(word.decode("ascii"), next(tokens, b"")))
        elif word:
            if commit:
                yield commit
            name, _, moment = word.decode("ascii").partition(" ")
            commit = Commit(name, commit_moment(moment))
    if commit:
        yield commit


def changes_between(root: Path, before: str, after: str) -> list[FileChange]:
    """Return the files that differ between two trees, with their paths in these.

    Raises:
        GitFailure: There is no git, or no such tree.
    """
    tokens = iter(run_git(root, "diff-tree", "-r", *_RAW, before, after, "--").split(b"\0"))
    return [_change(token.decode("ascii"), next(tokens, b"")) for token in tokens if token]


def _change(words: str, path: bytes) -> FileChange:
    _, _, old, new, _ = words.split(" ")
    return FileChange(os.fsdecode(path), _blob(old), _blob(new))


def _blob(name: str) -> str | None:
    return name if name.strip("0") else None
