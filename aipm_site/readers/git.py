"""Git: the commit that the files of a project stand at, and when the value of a file last changed."""

from __future__ import annotations

import os
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

TIMEOUT_SECONDS = 60

# A hook of git hands these on to what it calls; they would point us at another repository, index or set of paths.
_UNSET = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE",
    "GIT_REPLACE_REF_BASE",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_EXTERNAL_DIFF",
    "GIT_DIFF_OPTS",
)
# English messages, no locks taken beside an editor's git, no questions, objects as they were committed.
_SET = (
    "LC_ALL=C",
    "GIT_OPTIONAL_LOCKS=0",
    "GIT_TERMINAL_PROMPT=0",
    "GIT_NO_LAZY_FETCH=1",
    "GIT_NO_REPLACE_OBJECTS=1",
)
# `env` is used because a reader neither reads nor changes the environment of its own process.
_GIT = ("env", *(word for name in _UNSET for word in ("-u", name)), *_SET, "git")
# No program that the repository's settings name is run, and no network is asked for objects that a partial clone lacks.
_SETTINGS = (
    *("-c", "core.fsmonitor=false"),
    *("-c", "log.showSignature=false"),
    *("-c", "log.showRoot=true"),
    *("-c", "protocol.allow=never"),
)


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


class _GitFailure(Exception):
    """Git did not answer; the message says why."""


def read_revision(root: Path) -> Revision:
    """Return the commit that is checked out and whether files below `root` differ from it.

    Without git, outside a checkout, before the first commit and in a folder that no commit holds there is no commit,
    and the revision says why. A shallow clone and a detached head are revisions like any other.
    """
    try:
        name, moment = _run(root, "log", "-1", "--format=%H %cI").decode().split()
        uncommitted = _has_changes(root)
    except _GitFailure as failure:
        return Revision(uncommitted=_has_changes_if_known(root), reason=str(failure))
    except ValueError:
        return Revision(reason="git gave no commit")
    if not _is_in_commit(root):
        return Revision(uncommitted=uncommitted, reason="no commit holds this folder")
    return Revision(name, _moment(moment), uncommitted)


def _has_changes(root: Path) -> bool:
    return _run(root, "status", "--porcelain", "-z", "--untracked-files=normal", "--", ".") != b""


def _has_changes_if_known(root: Path) -> bool:
    try:
        return _has_changes(root)
    except _GitFailure:
        return False


def _is_in_commit(root: Path) -> bool:
    try:
        return _run(root, "rev-parse", "--quiet", "--verify", "HEAD:./") != b""
    except _GitFailure:
        return False


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        # A commit can bear any number of seconds and any offset; one that is no date dates nothing.
        return None


def _run(root: Path, *arguments: str) -> bytes:
    """Return what a git command prints, or raise `_GitFailure`."""
    command = (*_GIT, *_SETTINGS, *arguments)
    try:
        done = subprocess.run(
            command, cwd=root, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise _GitFailure(f"git did not answer within {TIMEOUT_SECONDS} seconds") from None
    except OSError as failure:
        raise _GitFailure(f"git cannot be run here: {os.strerror(failure.errno or 0)}") from failure
    if done.returncode:
        raise _GitFailure(_reason(done.returncode, done.stderr))
    return done.stdout


def _reason(returncode: int, said: bytes) -> str:
    text = said.decode("utf-8", "replace").strip()
    if returncode == 127:
        return "there is no git command"
    if "not a git repository" in text:
        return "the folder is no git checkout"
    if "does not have any commits" in text:
        return "there is no commit yet"
    # Only the first line, without git's own "fatal: ", says what; the rest is advice for a person at a terminal.
    return f"git says: {text.partition(chr(10))[0].removeprefix('fatal: ')}" if text else "git failed without a word"


def value_change_dates(root: Path, files: Iterable[str], same: Callable[[bytes, bytes], bool]) -> dict[str, datetime]:
    """Return for each file when its value last changed: the committer's date of the commit on the main line.

    Commits after which `same` finds the value unchanged (formatting) do not count, and neither does a move. A file
    that no commit holds, or whose change lies beyond the end of a shallow clone, has no date.

    Args:
        root: The project's folder.
        files: Paths from the root.
        same: Says whether two contents of a file have the same value.
    """
    search = _Search(dict.fromkeys(files))
    if not search.waiting:
        return {}
    try:
        boundary = _shallow_boundary(root)
        with _Blobs(root) as blobs:
            for commit in _commits(root):
                search.look_at(commit, commit.name in boundary, lambda old, new: blobs.are_same(old, new, same))
                if not search.waiting:
                    break
    except (_GitFailure, OSError):
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
    file = root / os.fsdecode(_run(root, "rev-parse", "--git-path", "shallow")).rstrip("\n")
    return frozenset(file.read_text(encoding="ascii").split()) if file.is_file() else frozenset()


def _commits(root: Path) -> Iterator[_Commit]:
    """Give the commits of the main line that touch files below the root, newest first."""
    options = ("--first-parent", "-m", "--raw", "-z", "--no-renames", "--no-abbrev", "--relative", "--no-ext-diff")
    said = _run(root, "log", *options, "--format=%H %cI", "HEAD", "--", ".")
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


class _Blobs:
    """Gives the contents of files at earlier commits, by one git process that stays open."""

    def __init__(self, root: Path) -> None:
        self._process = subprocess.Popen(
            (*_GIT, *_SETTINGS, "cat-file", "--batch"),
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.communicate()

    def are_same(self, old: str, new: str, same: Callable[[bytes, bytes], bool]) -> bool:
        """Say whether two blobs have the same value; one that is not here is taken to differ."""
        if old == new:
            return True
        contents = (self._read(old), self._read(new))
        return contents[0] is not None and contents[1] is not None and same(contents[0], contents[1])

    def _read(self, name: str) -> bytes | None:
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            return None
        stdin.write(name.encode("ascii") + b"\n")
        stdin.flush()
        answer = stdout.readline().split()
        if len(answer) != 3:  # "<name> missing"
            return None
        content = stdout.read(int(answer[2]))
        stdout.read(1)
        return content if answer[1] == b"blob" else None
