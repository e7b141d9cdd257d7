"""Project moves: in which folder of its repository a project lay at a commit; a folder that was moved is followed."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.readers.commit_changes import Commit, commit_changes
from aipm_site.readers.git import (
    Revision,
    common_folder,
    holds,
    holds_same,
    main_line,
    read_commit,
    read_revision,
    top_folder,
)
from aipm_site.readers.git_command import Blobs, GitFailure, read_blobs
from aipm_site.readers.git_snapshot import tree_entries
from aipm_site.readers.project_mark import ProjectMark, mark_of_charter
from aipm_site.readers.site_settings import read_site_settings_at
from aipm_site.readers.snapshot import UnreadableFileError, WorkingTree

_CHARTER = "project.yml"


class Move(Struct, frozen=True):
    """A commit of the main line before which a project did not lie where it lay afterwards.

    Attributes:
        commit: Name of the commit.
        source: The folder before, as a prefix; None where it was in none, as what lay there was another project.
    """

    commit: str
    source: str | None


class Whereabouts(Struct, frozen=True):
    """In which folders a project lay, from a commit back to where it began.

    A folder is given as the prefix of its paths from the top of the repository: "" or with "/" at its end.

    Attributes:
        prefix: Its folder at that commit.
        moves: What moved it, the newest first.
        charters: The commits of the main line that changed its project.yml, wherever that lay, with the name of its new
            content; None where they took it away.
        began: The commit that brought its project.yml; None where it was there from the first, or never.
    """

    prefix: str
    moves: tuple[Move, ...] = ()
    charters: Mapping[str, str | None] = {}
    began: str | None = None

    def prefixes(self, newest_first: Iterable[str]) -> dict[str, str]:
        """Return the folder at each commit of the main line; what was before the project is left out.

        Args:
            newest_first: The commits, from the one that the project was followed back from.
        """
        sources = {move.commit: move.source for move in self.moves}
        found: dict[str, str] = {}
        prefix: str | None = self.prefix
        for commit in newest_first:
            if prefix is None:
                break
            found[commit] = prefix
            prefix = sources.get(commit, prefix)
        return found


def read_whereabouts(root: Path, content: str, commit: str, prefix: str | None = None) -> Whereabouts:
    """Return where a project lay at a commit and before.

    It is followed by its project.yml: a commit that brought this file and took the same project's from elsewhere moved
    the project. Where the other one stayed, it was copied, and the copy begins there. What is beyond the end of a
    shallow clone is not known.

    Args:
        root: The project's folder as it is now.
        content: Name of the content's folder in it.
        commit: Name of the commit.
        prefix: The project's folder at that commit; `root` where not given.

    Raises:
        GitFailure: There is no git, or no such commit.
    """
    start = common_folder(root)[1] if prefix is None else prefix
    trail = _Trail(root, commit, start, content)
    trail.follow()
    if not trail.charters:
        # A content folder that was renamed since the commit has another name at it.
        settings, problems = read_site_settings_at(root, commit, prefix=start)
        if not problems and settings.content != content:
            trail = _Trail(root, commit, start, settings.content)
            trail.follow()
    return Whereabouts(start, tuple(trail.moves), trail.charters, trail.began)


class _Trail:
    """Leads back from one place of a project to the place before."""

    def __init__(self, root: Path, commit: str, prefix: str, content: str) -> None:
        self._root = root
        self._commit = commit
        self.prefix = prefix
        self._charter = posixpath.normpath(f"{prefix}{content}/{_CHARTER}")
        self.moves: list[Move] = []
        self.charters: dict[str, str | None] = {}
        self.began: str | None = None

    def follow(self) -> None:
        """Go back to where the trail ends."""
        while self._leads_on():
            pass

    def _leads_on(self) -> bool:
        """Go back to the place before; say whether there was one."""
        # Of the commits that touched this one file everything is told, so that what they took elsewhere is seen too.
        where = ("--full-diff", "--", f":(top,literal){self._charter}")
        touching = list(commit_changes(self._root, self._commit, *where))
        for number, commit in enumerate(touching):
            old, self.charters[commit.name] = self._own(commit)
            if (source := self._source(commit)) is not None:
                return self._go(f"{commit.name}^", source, commit)
            if old is None:
                if number + 1 == len(touching):
                    self.began = commit.name
                elif self._is_other(commit, touching[number + 1]):
                    self.moves.append(Move(commit.name, None))
                    return False
        return False

    def _go(self, before: str, charter: str, commit: Commit) -> bool:
        prefix = _folder_of(self._root, before, charter)
        if prefix is None:
            return False
        if prefix != self.prefix:
            self.moves.append(Move(commit.name, prefix))
        self._commit, self.prefix, self._charter = before, prefix, charter
        return True

    def _source(self, commit: Commit) -> str | None:
        """Return the project.yml from which a commit moved the project; None where it did not move it."""
        old, new = self._own(commit)
        others = [
            change
            for change in commit.changes
            if _is_charter(change.path) and change.path != self._charter and change.old is not None
        ]
        if new is None or not others:
            return None
        marks = self._marks([old, new, *(blob for other in others for blob in (other.old, other.new))])
        mark = marks[new]
        if _are_same(mark, marks[old]):
            return None
        fit = [one for one in others if _are_same(mark, marks[one.old]) and not _are_same(mark, marks[one.new])]
        return fit[0].path if len(fit) == 1 else None

    def _own(self, commit: Commit) -> tuple[str | None, str | None]:
        """Return what the project.yml of the place was before and after a commit; None where it was not there."""
        found = ((change.old, change.new) for change in commit.changes if change.path == self._charter)
        return next(found, (None, None))

    def _is_other(self, commit: Commit, removed: Commit) -> bool:
        """Say whether what was removed from the place earlier was another project than what a commit put there."""
        new, old = self._own(commit)[1], self._own(removed)[0]
        marks = self._marks([new, old])
        return None not in (marks[new], marks[old]) and not _are_same(marks[new], marks[old])

    def _marks(self, blobs: Iterable[str | None]) -> Mapping[str | None, ProjectMark | None]:
        names = [blob for blob in dict.fromkeys(blobs) if blob is not None]
        contents = zip(names, read_blobs(self._root, names), strict=True)
        return {None: None, **{name: mark_of_charter(content) for name, content in contents}}


def read_present(root: Path, content: str, read: Iterable[str] = ()) -> Revision:
    """Return what `read_revision` does, also where the project was moved and no commit has the move yet.

    Args:
        root: The project's folder.
        content: Name of the content's folder in it.
        read: Paths of the files that were read, from there: git may ignore some of them.
    """
    revision = read_revision(root, read)
    if not revision.uncommitted or holds(root, "HEAD", f"{content}/{_CHARTER}"):
        return revision
    try:
        prefix, head = _uncommitted_source(root, content), read_commit(root, "HEAD")
    except GitFailure:
        return revision
    if prefix is None or head is None:
        return revision
    return replace(head, uncommitted=True, ignored=revision.ignored, prefix=prefix)


def _uncommitted_source(root: Path, content: str) -> str | None:
    """Return the folder in which the last commit holds the project, where it is gone from there."""
    top = top_folder(root)
    charters = _charters(root, "HEAD", _present_mark(root, content))
    gone = [path for path in charters if not os.path.lexists(top / path)]
    return _folder_of(root, "HEAD", gone[0]) if len(gone) == 1 else None


def located(root: Path, content: str, revision: Revision) -> Revision:
    """Return a revision with the folder in which the project lay then.

    On the main line of the present commit it is followed back. On another branch it lay where it did when that branch
    parted, or where that branch moved it to.

    Args:
        root: The project's folder as it is now.
        content: Name of the content's folder in it.
        revision: The revision.

    Raises:
        GitFailure: There is no git, or the commit does not hold the project.
    """
    commit = revision.commit or ""
    # Mostly the file is what it is now, and there is nothing to follow.
    if holds_same(root, "HEAD", commit, f"{content}/{_CHARTER}"):
        return revision
    prefix = _prefix_at(root, content, commit)
    if not holds(root, commit, prefix=prefix):
        raise GitFailure(f"commit {commit[:10]} does not hold this folder")
    return replace(revision, prefix=prefix)


def _prefix_at(root: Path, content: str, commit: str) -> str | None:
    """Return the folder of the project at a commit; None where nothing says that it lay elsewhere than now."""
    try:
        now = read_whereabouts(root, content, "HEAD", read_present(root, content).prefix)
        line = [name for name, _ in main_line(root)]
        others = [name for name, _ in main_line(root, commit)]
    except GitFailure:
        return None
    prefixes = now.prefixes(line)
    if commit in line and commit not in prefixes:
        raise GitFailure(f"commit {commit[:10]} holds another project in this folder")
    parted = next((name for name in others if name in prefixes), None)
    if parted is None or parted == commit:
        return prefixes.get(commit)
    return _moved_on_branch(root, content, others, parted, prefixes[parted])


def _moved_on_branch(root: Path, content: str, line: Sequence[str], parted: str, prefix: str) -> str:
    """Return the folder of the project at the end of a branch, which is the one that it parted with where it stayed.

    Args:
        root: The project's folder as it is now.
        content: Name of the content's folder in it.
        line: The commits of the branch and of its main line, newest first.
        parted: The commit at which it parted.
        prefix: The folder of the project at that commit.
    """
    found = list(_charters(root, line[0], _present_mark(root, content)))
    folder = _folder_of(root, line[0], found[0]) if len(found) == 1 else None
    if folder is None:
        return prefix
    there = posixpath.dirname(found[0][len(folder) :])
    return folder if read_whereabouts(root, there, line[0], folder).prefixes(line).get(parted) == prefix else prefix


def _present_mark(root: Path, content: str) -> ProjectMark | None:
    try:
        return mark_of_charter(WorkingTree(root, content).read(f"{content}/{_CHARTER}"))
    except UnreadableFileError:
        return None


def _charters(root: Path, commit: str, mark: ProjectMark | None) -> Iterator[str]:
    """Yield the paths from the top at which a commit holds the project.yml of a project."""
    if mark is None:
        return
    entries = [entry for entry in tree_entries(root, commit, prefix="") if entry.is_file and _is_charter(entry.path)]
    for entry, data in zip(entries, read_blobs(root, [entry.blob for entry in entries]), strict=True):
        if _are_same(mark, mark_of_charter(data)):
            yield entry.path


def _folder_of(root: Path, commit: str, charter: str) -> str | None:
    """Return the prefix of the project whose project.yml this is: of the mkdocs.yml above that names its folder."""
    content = posixpath.dirname(charter)
    with closing(Blobs(root)) as blobs:
        for prefix in _folders_above(content):
            settings, problems = read_site_settings_at(root, commit, blobs, prefix)
            if not problems and posixpath.normpath(f"{prefix}{settings.content}") == content:
                return prefix
    return None


def _folders_above(path: str) -> Iterator[str]:
    while path:
        path = posixpath.dirname(path)
        yield f"{path}/" if path else ""


def _is_charter(path: str) -> bool:
    return posixpath.basename(path) == _CHARTER


def _are_same(one: ProjectMark | None, other: ProjectMark | None) -> bool:
    return one is not None and other is not None and one.is_same(other)
