"""Record changes: which commits of the main line changed what one record says; formatting, moves, reviews do not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from aipm_site.readers.commit_changes import FileChange
from aipm_site.readers.record_files import items_of_list
from aipm_site.readers.value_changes import ValueChanges
from aipm_site.readers.yaml_data import YamlList, YamlMapping

# Who confirms a record writes these days, and who confirms says that nothing else changed. `kind` is where it lies.
_NO_CHANGE = frozenset({"as_of", "created", "kind", "next_review", "review_by", "reviewed_on", "updated"})
# What may be the id of a record in a content; whether it is one, its value says.
_ID = re.compile(rb"""\bid["']?\s*:\s*["']?([^\s"',}#]+)""")
_Written = tuple[Mapping[str, object], str]


class RecordChange(Struct, frozen=True):
    """A commit that changed what a record says.

    Attributes:
        number: The number of the commit.
        committed: Its moment.
        fields: The fields that it changed, those that only confirm among them: what each was before, and after; None
            where it was not given.
    """

    number: int
    committed: datetime
    fields: Mapping[str, tuple[object, object]]


class LaterChanges(Struct, frozen=True):
    """What is known of how a record changed after a moment.

    Attributes:
        changes: The commits that changed it, the newest first.
        is_cut_off: Whether there may be others between the moment and the end of a shallow clone.
    """

    changes: tuple[RecordChange, ...]
    is_cut_off: bool


class _Step(Struct, frozen=True):
    """What a commit did to a record that it touched.

    Attributes:
        number: The number of the commit.
        path: The file that the record stood in before.
        before: What it said before.
        after: What it said after the commit.
        is_change: Whether that is something else.
    """

    number: int
    path: str
    before: _Written
    after: _Written
    is_change: bool


class RecordChanges:
    """The commits of the main line that changed single records, whichever files these stood in and with which others.

    Of a content that the clone lacks it is as if nothing had happened.
    """

    def __init__(self, files: ValueChanges) -> None:
        """Take the changes of the files, whose values are those that `value_of_file` gives."""
        self.files = files
        self._steps: dict[tuple[str, str, int], _Step | None] = {}
        self._before: dict[int, Mapping[str, list[FileChange]]] = {}
        self._items: dict[str, Mapping[str, YamlMapping]] = {}
        self._names: dict[str, frozenset[bytes]] = {}

    def after(self, moment: datetime, path: str, record_id: str, commit: str) -> LaterChanges:
        """Return the commits later than a moment that changed what a record says.

        The commit that brought the record is none of them, as nothing was there to be changed. Where it says again what
        it said at the moment, as after a reverted merge, nothing has changed.

        Args:
            moment: The moment.
            path: The file that the record stands in at the commit.
            record_id: Its id; a file of one record may leave it to its name.
            commit: The commit to look back from.
        """
        steps = list(self._back(path, record_id, commit, moment))
        is_cut_off = bool(steps) and steps[-1] is None
        changes = [step for step in steps if step is not None and step.is_change]
        if changes and not is_cut_off and _said(changes[-1].before) == _said(changes[0].after):
            changes = []
        return LaterChanges(tuple(filter(None, map(self._told, changes))), is_cut_off)

    def _told(self, step: _Step) -> RecordChange | None:
        committed = self.files.commit(step.number).committed
        fields = _difference(step.before[0], step.after[0])
        return None if committed is None else RecordChange(step.number, committed, fields)

    def reviewed_in(self, path: str, record_id: str, commit: str, day: str) -> int | None:
        """Return the number of the commit that recorded a review of a record or page; None where none did.

        Args:
            path: The file that it stands in at the commit.
            record_id: Its id; "" for a page.
            commit: The commit to look back from.
            day: The day of the review, as the file gives it.
        """
        until = self.files.number_of(commit)
        while (found := self.files.last_change(path, until)) is not None:
            number, change = found
            written = self._written(change.new, record_id)
            if written is None or written[0].get("reviewed_on") != day:
                return None
            step = self._step(number, change, record_id)
            if step is None or step.before[0].get("reviewed_on") != day:
                return number
            path, until = step.path, number - 1
        return None

    def brought(self, path: str, record_id: str, commit: str) -> datetime | None:
        """Return the moment of the commit that first brought a record to the main line; None where nobody knows.

        A move is no new beginning, and neither is the end of a while in which the file could not be read, or did not
        hold the record.

        Args:
            path: The file that the record stands in at the commit.
            record_id: Its id; a file of one record may leave it to its name.
            commit: The commit to look back from.
        """
        until, first = self.files.number_of(commit), None
        while (found := self.files.last_change(path, until)) is not None:
            number, change = found
            # Where its id stands before and after, it was there, or only named; which of both, the first one tells.
            if self._is_named(change.old, record_id) and self._is_named(change.new, record_id):
                first = found
            elif (after := self._written(change.new, record_id)) is not None:
                first = found
                if self._written(change.old, record_id) is None:
                    path = self._source(number, change, record_id, after)
            until = number - 1
        if first is not None and self._written(first[1].new, record_id) is None:
            first = self._first_holding(path, record_id, first[0], self.files.number_of(commit))
        return None if first is None or self.files.is_boundary(*first) else self.files.commit(first[0]).committed

    def _first_holding(self, path: str, record_id: str, since: int, until: int) -> tuple[int, FileChange] | None:
        """Return the first change of a file, of those between two commits, after which it held a record."""
        first = None
        while (found := self.files.last_change(path, until)) is not None and found[0] >= since:
            first = found if self._written(found[1].new, record_id) is not None else first
            until = found[0] - 1
        return first

    def _is_named(self, blob: str | None, record_id: str) -> bool:
        """Say whether what may be an id in a content is that of a record."""
        if blob is None:
            return False
        if blob not in self._names:
            self._names[blob] = frozenset(_ID.findall(self.files.content(blob) or b""))
        return record_id.encode() in self._names[blob]

    def _source(self, number: int, change: FileChange, record_id: str, after: _Written) -> str:
        """Return the file that held a record before the commit that put it where it is: this one where none did."""
        path, before = self._elsewhere(number, change, record_id, after)
        if before is not None:
            return path
        held = self._held_before(number).get(record_id, ())
        return next((other.path for other in held if self._was_unreadable(other, record_id)), path)

    def _was_unreadable(self, change: FileChange, record_id: str) -> bool:
        """Say whether a file that may have held a record could not be read before a commit, and lacks it after."""
        before = self._written(change.old, record_id)
        # Prose that names an id holds no record.
        was_read = before is None or bool(before[0]) or change.path.endswith(".md")
        return not was_read and self._written(change.new, record_id) is None

    def _back(self, path: str, record_id: str, commit: str, after: datetime) -> Iterator[_Step | None]:
        """Yield what commits later than a moment did to a record, from one that is named back to where it came.

        The last is None where the clone ends before the moment is reached.
        """
        until = self.files.number_of(commit)
        while (found := self.files.last_change(path, until)) is not None:
            moment = self.files.commit(found[0]).committed
            if moment is not None and moment <= after:
                return
            step = self._step(*found, record_id)
            if step is None:
                if self.files.is_boundary(*found):
                    yield None
                return
            yield step
            path, until = step.path, step.number - 1

    def _step(self, number: int, change: FileChange, record_id: str) -> _Step | None:
        key = change.path, record_id, number
        if key not in self._steps:
            self._steps[key] = self._find_step(number, change, record_id)
        return self._steps[key]

    def _find_step(self, number: int, change: FileChange, record_id: str) -> _Step | None:
        after = self._written(change.new, record_id)
        before = self._written(change.old, record_id)
        path = change.path
        if after is not None and before is None:
            path, before = self._elsewhere(number, change, record_id, after)
        if after is None or before is None:
            return None
        return _Step(number, path, before, after, before != after and _said(before) != _said(after))

    def _elsewhere(
        self, number: int, change: FileChange, record_id: str, after: _Written
    ) -> tuple[str, _Written | None]:
        """Return the other file that held a record before a commit, and what it said there."""
        if "id" in after[0]:
            for other in self._held_before(number).get(record_id, ()):
                before = self._written(other.old, record_id)
                if before and "id" in before[0] and self._written(other.new, record_id) is None:
                    return other.path, before
            return change.path, None
        # A page, or a record that writes no id, is known by its words alone.
        gone = (other for other in self.files.commit(number).changes if other.new is None)
        source = next((other for other in gone if self._written(other.old, "") == after), None)
        return (source.path, after) if source else (change.path, None)

    def _held_before(self, number: int) -> Mapping[str, list[FileChange]]:
        """Return the files that a commit changed or removed, by what may be the id of a record in them before."""
        if number not in self._before:
            held: dict[str, list[FileChange]] = defaultdict(list)
            for change in self.files.commit(number).changes:
                content = self.files.content(change.old) if change.old else None
                for found in set(_ID.findall(content or b"")):
                    held[found.decode("utf-8", "replace")].append(change)
            self._before[number] = held
        return self._before[number]

    def _written(self, blob: str | None, record_id: str) -> _Written | None:
        """Return what a content says of a record: its fields and the text below them; None where it does not hold it.

        Args:
            blob: The content.
            record_id: The record's id; "" for the content of a page, and for a record that writes no id.
        """
        value = self.files.value(blob) if blob else None
        if blob is None or value is None:
            return None
        data, prose = value[0] if isinstance(value[0], tuple) else (value[0], "")
        if isinstance(data, YamlList):
            item = self._items_of(blob, data).get(record_id) if record_id else None
            return None if item is None else (item, "")
        if isinstance(data, YamlMapping):
            return (data, prose) if data.get("id", record_id) == record_id or not record_id else None
        return {}, str(prose)

    def _items_of(self, blob: str, data: YamlList) -> Mapping[str, YamlMapping]:
        """Return the records of a list by id. Each of them is asked for, so a list is looked through once."""
        if blob not in self._items:
            items, _ = items_of_list(data, "")
            # Of two with one id the first holds, as in the project.
            self._items[blob] = {str(item["id"]): item for item in reversed(items) if "id" in item}
        return self._items[blob]


def _difference(before: Mapping[str, object], after: Mapping[str, object]) -> Mapping[str, tuple[object, object]]:
    pairs = {name: (before.get(name), after.get(name)) for name in (*before, *after)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _said(written: _Written) -> _Written:
    fields, prose = written
    return {name: value for name, value in fields.items() if name not in _NO_CHANGE}, prose
