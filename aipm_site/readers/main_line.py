"""The main line: the commits that are the past of a commit, and where the project lay at each of them."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.readers.git import common_folder, main_line, shallow_boundary
from aipm_site.readers.project_moves import Whereabouts, read_whereabouts


class MainLine(Struct, frozen=True, dict=True):
    """The commits from one back to the first, by first parents, as far as the clone holds them.

    Attributes:
        root: The project's folder.
        commits: Their names and committer's dates, newest first.
        boundary: Where a shallow clone ends.
        repository: Git's own folder.
        whereabouts: Where the project lay at these commits.
    """

    root: Path
    commits: list[tuple[str, datetime | None]]
    boundary: frozenset[str]
    repository: Path
    whereabouts: Whereabouts

    @property
    def newest(self) -> str:
        """The commit that the line is looked back from."""
        return self.commits[0][0]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the commits, newest first."""
        return tuple(name for name, _ in self.commits)

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The folder of the project at each commit that holds it, from the top of the repository."""
        return self.whereabouts.prefixes(self.names)

    def up_to(self, commit: str) -> Self:
        """Return the part of the line that ends with one of its commits, which holds the project."""
        there = replace(self.whereabouts, prefix=self.prefixes[commit])
        return replace(self, commits=self.commits[self.names.index(commit) :], whereabouts=there)


def read_main_line(root: Path, content: str, commit: str, prefix: str | None = None) -> MainLine:
    """Return the main line up to a commit.

    Args:
        root: The project's folder as it is now.
        content: Name of the content's folder in it.
        commit: Name of the commit.
        prefix: The project's folder at that commit; `root` where not given.

    Raises:
        GitFailure: There is no git, or no such commit.
    """
    commits = main_line(root, commit)
    repository, here = common_folder(root)
    whereabouts = read_whereabouts(root, content, commit, here if prefix is None else prefix)
    return MainLine(root, commits, shallow_boundary(root), repository, whereabouts)
