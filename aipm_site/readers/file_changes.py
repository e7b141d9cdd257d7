"""File changes: what each commit of the main line did to the files of a project, and what their contents mean."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property, lru_cache
from types import TracebackType
from typing import Self

from aipm_site.readers.commit_changes import Commit, FileChange, changes_between, commit_changes
from aipm_site.readers.git import is_partial, object_name
from aipm_site.readers.git_command import Blobs
from aipm_site.readers.main_line import MainLine
from aipm_site.readers.snapshot import blob_name

_UNCOMMITTED = "uncommitted"
# Values of so many blobs are kept, as the next change of a file compares with the one before.
_VALUES_KEPT = 8192


class FileChanges:
    """The changes of all files on the main line, whose commits are numbered from the oldest to the newest."""

    def __init__(
        self,
        line: MainLine,
        value: Callable[[bytes], object],
        known: Callable[[str], object | None] = lambda _: None,
    ) -> None:
        """Read what each commit changed; values are looked at when they are asked for.

        Args:
            line: The main line.
            value: Gives the value of a content of a file.
            known: Gives the value of a blob that was found elsewhere before; None where it was not.

        Raises:
            GitFailure: There is no git, or no commit.
        """
        self.root = line.root
        self._order = {name: number for number, name in enumerate(reversed(line.names))}
        self._boundary = line.boundary
        self._commits = {self._order[commit.name]: commit for commit in _commits(line)}
        # Per path, the numbers of the commits that changed it, rising, and the changes.
        self._touched: dict[str, tuple[list[int], list[FileChange]]] = defaultdict(lambda: ([], []))
        for number in sorted(self._commits):
            self._touch(number)
        self._uncommitted: dict[str, bytes] = {}
        self.blobs = Blobs(line.root)
        self._ahead: dict[str, bytes | None] = {}
        self._missing: set[str | None] = set()
        self._lacking: dict[int, bool] = {}
        self._known = known
        self.value = lru_cache(_VALUES_KEPT)(lambda blob: self._read_value(blob, value))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.blobs.close()

    def __contains__(self, commit: str) -> bool:
        """Say whether a commit is one of the main line, by its full name."""
        return commit in self._order

    @property
    def newest(self) -> str:
        """The commit that was looked back from."""
        return next(reversed(self._order))

    def add_uncommitted(self, contents: Iterable[tuple[str, bytes | None]], moment: datetime) -> str:
        """Take what is not committed yet for one more commit, the newest, and return its name.

        Args:
            contents: Files that may differ from the last commit, and what they hold; None where there is no file.
            moment: When it would be committed.
        """
        number = self._order[_UNCOMMITTED] = len(self._order)
        commit = self._commits[number] = Commit(_UNCOMMITTED, moment)
        for path, content in contents:
            last = self.last_change(path, number)
            old, new = last and last[1].new, None if content is None else blob_name(content)
            if old != new:
                commit.changes.append(FileChange(path, old, new))
            if new is not None and content is not None:
                self._uncommitted[new] = content
        self._touch(number)
        return commit.name

    def _touch(self, number: int) -> None:
        for change in self._commits[number].changes:
            numbers, changes = self._touched[change.path]
            numbers.append(number)
            changes.append(change)

    def number_of(self, commit: str) -> int:
        """Return the number of a commit of the main line by its name."""
        return self._order[commit]

    def commit(self, number: int) -> Commit:
        """Return the commit of a number that touched a file."""
        return self._commits[number]

    @property
    def is_whole(self) -> bool:
        """Whether the clone held all contents that were asked for so far."""
        return not self._missing

    def is_boundary(self, number: int, change: FileChange) -> bool:
        """Say whether what was before a change is not known: the clone lacks it.

        A shallow clone ends with the commit, or a partial one lacks what it changed, or, of a new file, one of those
        that it may have come from.

        Args:
            number: The number of the commit.
            change: The change, whose contents have been asked for.
        """
        if self._commits[number].name in self._boundary or not self._missing.isdisjoint((change.old, change.new)):
            return True
        return change.old is None and self._lacks_removed(number)

    def _lacks_removed(self, number: int) -> bool:
        """Say whether the clone lacks a file that a commit removed; asked once for each commit."""
        if number not in self._lacking:
            removed = (change.old for change in self._commits[number].changes if change.old and change.new is None)
            self._lacking[number] = self.is_partial and any(self.content(blob) is None for blob in removed)
        return self._lacking[number]

    @cached_property
    def is_partial(self) -> bool:
        """Whether the clone was made without all contents; mostly nobody has to ask."""
        return is_partial(self.root)

    def last_change(self, path: str, until: int) -> tuple[int, FileChange] | None:
        """Return the last change of a path up to a commit, with the number of its own; None where there was none."""
        numbers, changes = self._touched.get(path, ((), ()))
        position = bisect_right(numbers, until) - 1
        return (numbers[position], changes[position]) if position >= 0 else None

    def content(self, blob: str) -> bytes | None:
        """Return the content of a blob; None where it is not here."""
        if blob in self._uncommitted:
            return self._uncommitted[blob]
        found = self._ahead[blob] if blob in self._ahead else self.blobs.read(blob)
        if found is None:
            self._missing.add(blob)
        return found

    @contextmanager
    def read_ahead(self, blobs: Iterable[str]) -> Iterator[None]:
        """Ask for contents all at once whose values will be asked for meanwhile."""
        names = [blob for blob in dict.fromkeys(blobs) if self._known(blob) is None]
        self._ahead = dict(zip(names, self.blobs.read_all(names), strict=True))
        try:
            yield
        finally:
            self._ahead = {}

    def _read_value(self, blob: str, value: Callable[[bytes], object]) -> tuple[object] | None:
        """Return the value of a blob, in a tuple of its own as it may be None; None where the blob is not here."""
        known = self._known(blob)
        if known is not None:
            return (known,)
        content = self.content(blob)
        return None if content is None else (value(content),)


def _commits(line: MainLine) -> Iterator[Commit]:
    """Give the commits of the main line that touch files of the project, with the paths in its folder."""
    root, prefixes, whereabouts = line.root, line.prefixes, line.whereabouts
    moves = {move.commit: move.source for move in whereabouts.moves if move.source is not None}
    folders = [f":(top,literal){prefix}" for prefix in dict.fromkeys((whereabouts.prefix, *moves.values()))]
    for commit in commit_changes(root, line.newest, "--", *folders):
        prefix = prefixes.get(commit.name)
        if prefix is None:
            continue
        if commit.name in moves:
            # What the move itself left as it was, is no change: only what differs between the two folders is.
            before = object_name(f"{commit.name}^", "", moves[commit.name])
            changes = changes_between(root, before, object_name(commit.name, "", prefix))
        else:
            changes = [_in_folder(change, prefix) for change in commit.changes if change.path.startswith(prefix)]
        yield Commit(commit.name, commit.committed, changes)


def _in_folder(change: FileChange, prefix: str) -> FileChange:
    return FileChange(change.path[len(prefix) :], change.old, change.new) if prefix else change
