"""Value changes: when the value of a file last changed on the main line; formatting and moves do not count."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self

from aipm_site.readers.git import commit_moment, main_line, shallow_boundary
from aipm_site.readers.git_command import Blobs, GitFailure, run_git

# Values of so many blobs are kept, as the next change of a file compares with the one before.
_VALUES_KEPT = 8192


def value_change_dates(
    root: Path, files: Iterable[str], value: Callable[[bytes], object], at: str = "HEAD"
) -> dict[str, datetime]:
    """Return for each file when its value last changed: the committer's date of the commit on the main line.

    Commits after which the value is the same (formatting) do not count, and neither does a move. A file that no commit
    holds, or whose change lies beyond the end of a shallow clone, has no date.

    Args:
        root: The project's folder.
        files: Paths from the root.
        value: Gives the value of a content of a file.
        at: The commit to look back from.
    """
    wanted = tuple(files)
    if not wanted:
        return {}
    try:
        with ValueChanges(root, value, at) as changes:
            return changes.dates(wanted, changes.newest)
    except (GitFailure, OSError):
        return {}


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


class ValueChanges:
    """The changes of all files on the main line; says for any file and commit when its value had last changed."""

    def __init__(self, root: Path, value: Callable[[bytes], object], at: str = "HEAD") -> None:
        """Read what each commit changed; values are looked at when they are asked for.

        Args:
            root: The project's folder.
            value: Gives the value of a content of a file.
            at: The commit to look back from.

        Raises:
            GitFailure: There is no git, or no commit.
        """
        self._order = {name: number for number, (name, _) in enumerate(reversed(main_line(root, at)))}
        self._boundary = shallow_boundary(root)
        self._commits = {self._order[commit.name]: commit for commit in _commits(root, at)}
        # Per path, the numbers of the commits that changed it, rising, and the changes.
        self._touched: dict[str, tuple[list[int], list[_Change]]] = defaultdict(lambda: ([], []))
        for number in sorted(self._commits):
            for change in self._commits[number].changes:
                numbers, changes = self._touched[change.path]
                numbers.append(number)
                changes.append(change)
        self._found: dict[tuple[str, int], datetime | None] = {}
        self._moved: dict[int, Mapping[str, str]] = {}
        self._blobs = Blobs(root)
        self._value = lru_cache(_VALUES_KEPT)(lambda blob: self._read_value(blob, value))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._blobs.close()

    @property
    def newest(self) -> str:
        """The commit that was looked back from."""
        return next(reversed(self._order))

    def dates(self, files: Iterable[str], commit: str) -> dict[str, datetime]:
        """Return for each file when its value had last changed at a commit of the main line.

        Args:
            files: Paths from the root at that commit.
            commit: Name of the commit.
        """
        number = self._order[commit]
        found = ((file, self._date(file, number)) for file in files)
        return {file: date for file, date in found if date is not None}

    def _date(self, path: str, until: int) -> datetime | None:
        """Return when a file changed last, going back change by change; what was found on the way is kept."""
        passed: list[tuple[str, int]] = []
        date = None
        while (step := self._last_change(path, until)) is not None:
            number, change = step
            if (path, number) in self._found:
                date = self._found[path, number]
                break
            passed.append((path, number))
            if change.new is None:
                break  # no commit holds it any more
            before = self._path_before(number, change)
            if before is None:
                date = None if self._commits[number].name in self._boundary else self._commits[number].committed
                break
            path, until = before, number - 1
        self._found.update(dict.fromkeys(passed, date))
        return date

    def _last_change(self, path: str, until: int) -> tuple[int, _Change] | None:
        numbers, changes = self._touched.get(path, ((), ()))
        position = bisect_right(numbers, until) - 1
        return (numbers[position], changes[position]) if position >= 0 else None

    def _path_before(self, number: int, change: _Change) -> str | None:
        """Return where a file with the same value was before a commit; None where the commit changed its value."""
        if change.old is not None:
            return change.path if self._are_same(change.old, change.new) else None
        if number not in self._moved:
            self._moved[number] = dict(_moves(self._commits[number].changes, self._are_same))
        return self._moved[number].get(change.path)

    def _are_same(self, old: str | None, new: str | None) -> bool:
        if old is None or new is None or old == new:
            return old == new
        before, after = self._value(old), self._value(new)
        return before is not None and before == after

    def _read_value(self, blob: str, value: Callable[[bytes], object]) -> object:
        """Return the value of a blob; None, which is the same as nothing, where it is not here."""
        content = self._blobs.read(blob)
        return None if content is None else (value(content),)


def _moves(changes: Iterable[_Change], are_same: Callable[[str | None, str | None], bool]) -> Iterator[tuple[str, str]]:
    """Give each new file that was moved, and where from: the same bytes, or under the same name the same value."""
    gone = [change for change in changes if change.new is None]
    of_blob, of_name = defaultdict[str | None, list[_Change]](list), defaultdict[str, list[_Change]](list)
    for change in gone:
        of_blob[change.old].append(change)
        of_name[change.path.rpartition("/")[2]].append(change)
    taken: set[str] = set()
    for change in changes if gone else ():
        if change.old is not None:
            continue
        namesakes = of_name[change.path.rpartition("/")[2]]
        same = (other for other in namesakes if other.path not in taken and are_same(other.old, change.new))
        source = next((other for other in of_blob[change.new] if other.path not in taken), None) or next(same, None)
        if source is not None:
            taken.add(source.path)
            yield change.path, source.path


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
            commit = _Commit(name, commit_moment(moment))
    if commit:
        yield commit


def _change(words: str, path: str) -> _Change:
    _, _, old, new, _ = words.split(" ")
    return _Change(path, _blob(old), _blob(new))


def _blob(name: str) -> str | None:
    return name if name.strip("0") else None
