"""Memory: what files, records and commits were read as, so that states of one project share what did not change."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from aipm_site.problems import Problem
from aipm_site.readers.content_tree import FileMemory, RawRecord
from aipm_site.readers.main_line import MainLine, read_main_line
from aipm_site.readers.record_changes import RecordChanges
from aipm_site.readers.record_files import FileValue, value_of_file
from aipm_site.readers.value_changes import ValueChanges
from aipm_site.records.decode import decode_record
from aipm_site.records.kind import Kind, Kinds
from aipm_site.records.record import Entry, Foreign

Decoded = tuple[Entry | None, list[Problem]]


class Memory:
    """What was read of a project, so that what did not change between two of its states is read once.

    It holds for one project, and of each file the last content only. Once it was asked for changes, it keeps a process
    of git's until the end of a `with`.
    """

    def __init__(self) -> None:
        """Remember nothing yet."""
        self.files = FileMemory()
        self._opened = ExitStack()
        self._line: MainLine | None = None
        self._changes: RecordChanges | None = None
        self._decoded: dict[tuple[str, int, int], tuple[RawRecord, Decoded]] = {}
        self._circumstances: tuple[tuple[Kind, ...], str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._opened.close()

    def main_line(self, root: Path, content: str, commit: str, prefix: str | None = None) -> MainLine:
        """Return the main line up to a commit, of which a longer one may have been read before.

        Args:
            root: The project's folder as it is now.
            content: Name of the content's folder in it.
            commit: Name of the commit.
            prefix: The project's folder at that commit; `root` where not given.

        Raises:
            GitFailure: There is no git, or no such commit.
        """
        line = self._line
        there = line.prefixes.get(commit) if line is not None and line.root == root else None
        if line is None or there is None or prefix not in (None, there):
            line = self._line = read_main_line(root, content, commit, prefix)
        return line.up_to(commit)

    def changes(self, line: MainLine, *, has_others: bool = True) -> RecordChanges:
        """Return the changes of a main line, or of a longer one that was asked for before.

        Args:
            line: The main line.
            has_others: Whether there may be commits after its newest.

        Raises:
            GitFailure: There is no git, or no such commit.
        """
        if self._changes is None or not _holds(self._changes.files, line, has_others=has_others):
            files = self._opened.enter_context(ValueChanges(line, value_of_file, self._value_of))
            self._changes = RecordChanges(files)
        return self._changes

    def _value_of(self, blob: str) -> FileValue | None:
        return self.files.value_of(blob)

    def take_up(self, kinds: Kinds, content: str) -> None:
        """Forget what was in files where the kinds or the content folder are others: they say how all is read."""
        circumstances = tuple(kinds), content
        if self._circumstances not in (None, circumstances):
            self.files = FileMemory()
            self._decoded.clear()
        self._circumstances = circumstances

    def decode(self, kind: Kind, raw: RawRecord, foreign: Foreign | None = None) -> Decoded:
        """Return the record that is written somewhere, and what is wrong with it.

        A record in the form of others is read anew each time: what it says depends on those beside it.
        """
        if foreign is not None:
            return decode_record(kind, raw, foreign)
        place = raw.file, raw.data.line, raw.data.column
        known = self._decoded.get(place)
        # The memory of files gives the very same raw record for the same content.
        if known is None or known[0] is not raw:
            known = self._decoded[place] = raw, decode_record(kind, raw)
        return known[1]


def _holds(files: ValueChanges, line: MainLine, *, has_others: bool) -> bool:
    return files.root == line.root and (line.newest in files if has_others else line.newest == files.newest)
