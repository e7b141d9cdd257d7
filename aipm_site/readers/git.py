"""Git: the commit that the files of a project stand at, and when the value of a file last changed."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from aipm_site.readers.git_command import Blobs, GitFailure, run_git


@dataclass(frozen=True, slots=True)
class Revision:
    """What git knows of a project's files.

    Attributes:
        commit: Full name of the commit; None where there is none.
        committed: When it was committed, with offset; None where there is none.
        uncommitted: Whether a file below the project's folder is changed, or new and not ignored.
        reason: Why there is no commit, in words that can follow "because"; empty where there is one.
    """

    commit: str | None = None
    committed: datetime | None = None
    uncommitted: bool = False
    reason: str = ""


def read_revision(root: Path) -> Revision:
    """Return the commit that is checked out and whether files below `root` differ from it.

    Without git, outside a checkout, before the first commit and in a folder that no commit holds there is no commit,
    and the revision says why. A shallow clone and a detached head are revisions like any other.
    """
    try:
        name, moment = run_git(root, "log", "-1", "--format=%H %cI").decode().split()
        uncommitted = _has_changes(root)
    except GitFailure as failure:
        return Revision(uncommitted=_has_changes_if_known(root), reason=str(failure))
    except ValueError:
        return Revision(reason="git gave no commit")
    if not _is_in_commit(root):
        return Revision(uncommitted=uncommitted, reason="no commit holds this folder")
    return Revision(name, _moment(moment), uncommitted)


def read_commit(root: Path, name: str) -> Revision | None:
    """Return the commit that a tag, a branch or any other name of git's stands for; None where there is no such commit.

    Args:
        root: The project's folder.
        name: A name as `git rev-parse` takes it.

    Raises:
        GitFailure: There is no git, or no checkout, or no commit holds the folder.
    """
    run_git(root, "rev-parse", "--git-dir")
    if name.startswith("-") or not name:
        return None
    try:
        commit = run_git(root, "rev-parse", "--quiet", "--verify", f"{name}^{{commit}}").decode().strip()
    except GitFailure:
        return None
    return _commit(root, commit)


def _commit(root: Path, commit: str) -> Revision:
    if not _is_in_commit(root, commit):
        raise GitFailure(f"commit {commit[:10]} does not hold this folder")
    moment = run_git(root, "log", "-1", "--no-walk", "--format=%cI", commit).decode().strip()
    return Revision(commit, _moment(moment))


def read_commit_before(root: Path, moment: datetime, at: str = "HEAD") -> Revision | None:
    """Return the last commit of the main line that was made at a moment or before; None where all are later.

    The last is that nearest to `at`: clocks differ, so the dates of commits need not rise.

    Raises:
        GitFailure: There is no git, or no commit.
    """
    for name, committed in main_line(root, at):
        if committed is not None and committed <= moment:
            return _commit(root, name)
    return None


def main_line(root: Path, at: str = "HEAD") -> list[tuple[str, datetime | None]]:
    """Return the commits of the main line with their committer's dates, newest first.

    The main line follows the first parent, so a merge is one commit, made when its branch was merged.

    Raises:
        GitFailure: There is no git, or no commit.
    """
    lines = run_git(root, "log", "--first-parent", "--format=%H %cI", at, "--").decode().splitlines()
    return [(name, _moment(moment)) for name, _, moment in (line.partition(" ") for line in lines)]


def is_cut_off(root: Path) -> bool:
    """Say whether the clone is shallow: its history ends somewhere before the beginning."""
    try:
        return bool(_shallow_boundary(root))
    except (GitFailure, OSError):
        return False


def branches_and_tags(root: Path) -> tuple[str, ...]:
    """Return the names of branches and tags, sorted; none without git."""
    try:
        said = run_git(root, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags")
    except GitFailure:
        return ()
    return tuple(sorted(said.decode("utf-8", "replace").splitlines()))


def _has_changes(root: Path) -> bool:
    return run_git(root, "status", "--porcelain", "-z", "--untracked-files=normal", "--", ".") != b""


def _has_changes_if_known(root: Path) -> bool:
    try:
        return _has_changes(root)
    except GitFailure:
        return False


def _is_in_commit(root: Path, commit: str = "HEAD") -> bool:
    try:
        return run_git(root, "rev-parse", "--quiet", "--verify", f"{commit}:./") != b""
    except GitFailure:
        return False


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        # A commit can bear any number of seconds and any offset; one that is no date dates nothing.
        return None


def value_change_dates(
    root: Path, files: Iterable[str], same: Callable[[bytes, bytes], bool], at: str = "HEAD"
) -> dict[str, datetime]:
    """Return for each file when its value last changed: the committer's date of the commit on the main line.

    Commits after which `same` finds the value unchanged (formatting) do not count, and neither does a move. A file
    that no commit holds, or whose change lies beyond the end of a shallow clone, has no date.

    Args:
        root: The project's folder.
        files: Paths from the root.
        same: Says whether two contents of a file have the same value.
        at: The commit to look back from.
    """
    search = _Search(dict.fromkeys(files))
    if not search.waiting:
        return {}
    try:
        boundary = _shallow_boundary(root)
        with Blobs(root) as blobs:
            for commit in _commits(root, at):
                search.look_at(commit, commit.name in boundary, lambda old, new: blobs.are_same(old, new, same))
                if not search.waiting:
                    break
    except (GitFailure, OSError):
        return search.found
    return search.found


@dataclass(frozen=True, slots=True)
class _Change:
    """What a commit did to one path; a blob is None where there was or is no file."""

    path: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class _Commit:
    name: str
    committed: datetime | None
    changes: list[_Change] = field(default_factory=list)


class _Search:
    """Follows files back through the commits until the last change of each one's value is found."""

    def __init__(self, files: Iterable[str]) -> None:
        # The path that a file had at the commit that is looked at, and the path it has now.
        self.waiting = {file: file for file in files}
        self.found: dict[str, datetime] = {}

    def look_at(self, commit: _Commit, is_boundary: bool, are_same: Callable[[str, str], bool]) -> None:
        """Look at one commit, newest first; at a boundary of the history all files seem new."""
        removed = _removed_paths(commit.changes)
        moved: dict[str, str] = {}
        for change in commit.changes:
            if change.path not in self.waiting or change.new is None:
                continue
            if change.old is not None and are_same(change.old, change.new):
                continue
            file = self.waiting.pop(change.path)
            source = _source_of(change, removed, are_same) if change.old is None else None
            if source is not None:
                moved[source] = file
            elif commit.committed is not None and not is_boundary:
                self.found[file] = commit.committed
        self.waiting.update(moved)


def _removed_paths(changes: Iterable[_Change]) -> Mapping[str, list[_Change]]:
    """Return what a commit removed, by the file's name."""
    removed: dict[str, list[_Change]] = defaultdict(list)
    for change in changes:
        if change.new is None:
            removed[change.path.rpartition("/")[2]].append(change)
    return removed


def _source_of(
    change: _Change, removed: Mapping[str, list[_Change]], are_same: Callable[[str, str], bool]
) -> str | None:
    """Return the path that a new file was moved from: the same bytes, or under the same name the same value."""
    namesakes = removed.get(change.path.rpartition("/")[2], [])
    others = (gone for gone_files in removed.values() for gone in gone_files if gone.old == change.new)
    for gone in (*others, *namesakes):
        if gone.old and change.new and (gone.old == change.new or are_same(gone.old, change.new)):
            removed[gone.path.rpartition("/")[2]].remove(gone)
            return gone.path
    return None


def _shallow_boundary(root: Path) -> frozenset[str]:
    """Return the commits at which a shallow clone ends."""
    file = root / os.fsdecode(run_git(root, "rev-parse", "--git-path", "shallow")).rstrip("\n")
    return frozenset(file.read_text(encoding="ascii").split()) if file.is_file() else frozenset()


def _commits(root: Path, at: str) -> Iterator[_Commit]:
    """Give the commits of the main line up to one that touch files below the root, newest first."""
    options = ("--first-parent", "-m", "--raw", "-z", "--no-renames", "--no-abbrev", "--relative", "--no-ext-diff")
    said = run_git(root, "log", *options, "--format=%H %cI", at, "--", ".")
    tokens = iter(said.split(b"\0"))
    commit: _Commit | None = None
    for token in tokens:
        word = token.strip(b"\n")
        if word.startswith(b":") and commit:
            commit.changes.append(_change(word.decode("ascii"), os.fsdecode(next(tokens, b""))))
        elif word:
            if commit:
                yield commit
            name, _, moment = word.decode("ascii").partition(" ")
            commit = _Commit(name, _moment(moment))
    if commit:
        yield commit


def _change(words: str, path: str) -> _Change:
    _, _, old, new, _ = words.split(" ")
    return _Change(path, _blob(old), _blob(new))


def _blob(name: str) -> str | None:
    return name if name.strip("0") else None
