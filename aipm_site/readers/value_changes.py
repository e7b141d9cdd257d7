"""Value changes: when the value of a file last changed on the main line; formatting and moves do not count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property

from aipm_site.readers.commit_changes import FileChange
from aipm_site.readers.file_changes import FileChanges


class ValueChanges(FileChanges):
    """The changes of all files on the main line; says for any file and commit when its value had last changed."""

    @cached_property
    def _found(self) -> dict[tuple[str, int], datetime | None]:
        return {}

    @cached_property
    def _moved(self) -> dict[int, Mapping[str, str]]:
        return {}

    def dates(self, files: Iterable[str], commit: str) -> dict[str, datetime]:
        """Return for each file when its value had last changed: the committer's date of the commit on the main line.

        Commits after which the value is the same (formatting) do not count, and neither does a move. A file that no
        commit holds, or whose change lies beyond the end of a shallow clone, has no date.

        Args:
            files: Paths from the root at that commit.
            commit: Name of the commit.
        """
        number = self.number_of(commit)
        asked = tuple(files)
        with self.read_ahead(self._compared_first(asked, number)):
            found = [(file, self._date(file, number)) for file in asked]
        return {file: date for file, date in found if date is not None}

    def _compared_first(self, files: Iterable[str], until: int) -> Iterator[str]:
        """Yield the contents before and after the last change of each file, where no date was found for it yet."""
        for file in files:
            step = self.last_change(file, until)
            if step is not None and (file, step[0]) not in self._found and step[1].old and step[1].new:
                yield step[1].old
                yield step[1].new

    def _date(self, path: str, until: int) -> datetime | None:
        """Return when a file changed last, going back change by change; what was found on the way is kept."""
        passed: list[tuple[str, int]] = []
        date = None
        while (step := self.last_change(path, until)) is not None:
            number, change = step
            if (path, number) in self._found:
                date = self._found[path, number]
                break
            passed.append((path, number))
            if change.new is None:
                break  # no commit holds it any more
            before = self._path_before(number, change)
            if before is None:
                date = None if self.is_boundary(number, change) else self.commit(number).committed
                break
            path, until = before, number - 1
        self._found.update(dict.fromkeys(passed, date))
        return date

    def _path_before(self, number: int, change: FileChange) -> str | None:
        """Return where a file with the same value was before a commit; None where the commit changed its value."""
        if change.old is not None:
            return change.path if self._are_same(change.old, change.new) else None
        if number not in self._moved:
            self._moved[number] = dict(_moves(self.commit(number).changes, self._are_same))
        return self._moved[number].get(change.path)

    def _are_same(self, old: str | None, new: str | None) -> bool:
        if old is None or new is None or old == new:
            return old == new
        before, after = self.value(old), self.value(new)
        return before is not None and before == after


def _moves(
    changes: Iterable[FileChange], are_same: Callable[[str | None, str | None], bool]
) -> Iterator[tuple[str, str]]:
    """Give each new file that was moved, and where from: the same bytes, or under the same name the same value."""
    gone = [change for change in changes if change.new is None]
    of_blob, of_name = defaultdict[str | None, list[FileChange]](list), defaultdict[str, list[FileChange]](list)
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
