"""The past: reads the revisions of a project and computes what each of them said, each file of it once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import ExitStack
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.cycle_collection import no_cycle_collection
from aipm_site.facts.as_of import AsOf
from aipm_site.facts.evidence import reviews
from aipm_site.facts.facts import Facts, judge_known
from aipm_site.facts.horizon import known_at
from aipm_site.history.commit_days import commit_days
from aipm_site.history.fixed_days import fixed_days
from aipm_site.history.settled import deciding, settled
from aipm_site.history.states import History, State, state_of, status_state_of
from aipm_site.history.steps import NONE_FIXED, chosen_revisions
from aipm_site.history.store import Store
from aipm_site.loading import load_project
from aipm_site.memory import Memory
from aipm_site.problems import Problem
from aipm_site.project import Project
from aipm_site.readers.git import Revision, holds
from aipm_site.readers.git_command import GitFailure, LackingClone
from aipm_site.readers.git_snapshot import GitSnapshot
from aipm_site.readers.main_line import MainLine, read_main_line
from aipm_site.readers.record_changes import RecordChanges
from aipm_site.readers.site_settings import FILE_NAME as SETTINGS
from aipm_site.readers.site_settings import read_site_settings_at
from aipm_site.records import KINDS
from aipm_site.records.charter import Charter

NO_EARLIER_REVISION = "there is no earlier revision"
NO_PROJECT_BEFORE = "earlier revisions do not hold this project"


def read_history(root: Path, revision: Revision, charter: Charter, as_of: AsOf, content: str) -> History:
    """Return what the revisions before the present one said, with the records of each and its own as-of.

    Without git, or where git does not answer, there is none, and it says why. Nothing of it is an error.

    Args:
        root: The project's folder.
        revision: The present revision.
        charter: The present settings: time zone, and which step there is from point to point.
        as_of: What the present state speaks for.
        content: Name of the content's folder in it.
    """
    every = charter.history.every if charter.history else "week"
    if revision.commit is None:
        return History(every=every, reason=revision.reason)
    try:
        main_line = read_main_line(root, content, revision.commit, revision.prefix)
        line = _Line.of(main_line, revision, charter, as_of)
        with line.states() as past:
            shown, read = _read_all(line, past, every)
            if line.fixed is None and any(map(_speaks_for_another_day, read)):
                line = line.with_fixed_days()
                shown, read = _read_all(line, past, every)
            is_cut_off = line.is_cut_off or past.lacks_some
            days = settled(read, charter, is_cut_off=is_cut_off)
        begins_late = bool(chosen := line.chosen("day")) and (not days or days[0].commit != chosen[0][0])
    except LackingClone:
        return History(every=every, is_cut_off=True)
    except (GitFailure, OSError) as failure:
        return History(every=every, reason=str(failure))
    states = tuple(state for state in days if state.commit in shown)
    why = NO_PROJECT_BEFORE if begins_late else "" if states else NO_EARLIER_REVISION
    return History(states, every, is_cut_off, "" if is_cut_off else why, days)


def read_deciding_days(
    root: Path, revision: Revision, present: Facts, charter: Charter, memory: Memory | None = None
) -> History:
    """Return of the history the latest days that decide what a state tells of the status; mostly there are none.

    Only as many are read as that takes; see `deciding`. Where git does not answer, nothing is decided by it.

    Args:
        root: The project's folder.
        revision: The present revision.
        present: What was computed of it alone.
        charter: The present settings.
        memory: What was read of the project so far; takes up what is read for this.
    """
    if revision.commit is None:
        return History()
    try:
        content = present.project.content
        find = memory.main_line if memory else read_main_line
        main_line = find(root, content, revision.commit, revision.prefix)
        line = _Line.of(main_line, revision, charter, present.as_of)
        with line.states(memory) as past:
            found = deciding(_of_status(present, revision.commit), _latest_first(line, past))
            is_cut_off = line.is_cut_off or past.lacks_some
    except (GitFailure, OSError):
        return History()
    days = settled(found, charter, is_cut_off=is_cut_off)
    return History(days=days, is_cut_off=is_cut_off) if days else History()


def _of_status(facts: Facts, commit: str) -> State:
    return status_state_of(facts.project, facts.as_of, facts.reports, facts.status, commit)


def _read_all(line: _Line, past: _States, every: str) -> tuple[frozenset[str], list[State]]:
    """Return the commits that are shown, and the states of all days, oldest first.

    The history begins after the last commit of which the clone lacks something.
    """
    shown = frozenset(commit for commit, _ in line.chosen(every))
    states: list[State] = []
    for one in line.chosen("day"):
        found = list(past.of([one], with_figures=shown))
        states = found if past.lacks(one[0]) else [*states, *found]
    return shown, states


def _latest_first(line: _Line, past: _States, told: AbstractSet[date] = frozenset()) -> Iterator[State]:
    """Yield the sound states before the present but those of some days, the latest first; each is read when asked for.

    Of those that speak for one day the last one counts, and the others are not read.
    """
    told = {line.until, *told}
    for state in past.of(one for one in reversed(line.chosen("day")) if line.fixed_day(one[0]) not in told):
        if line.fixed is None and _speaks_for_another_day(state):
            # All those that were told spoke for their own day, so none of them is wrong.
            yield from _latest_first(line.with_fixed_days(), past, told)
            return
        if past.lacks_some:
            return  # what was before is not known
        if state.is_sound and state.as_of < line.until and state.as_of not in told:
            told.add(state.as_of)
            yield state


def _speaks_for_another_day(state: State) -> bool:
    return state.as_of != state.day


class _Line(Struct, frozen=True):
    """The commits of the main line that are history for the present state.

    Attributes:
        line: The commits, and where the project lay at each.
        charter: The present settings.
        until: The day that the present state speaks for.
        has_present: Whether the present state is that of a commit.
        fixed: The days that commits speak for where project.yml fixes these; None where nobody had to look. That takes
            a while, and most projects fix none.
    """

    line: MainLine
    charter: Charter
    until: date
    has_present: bool
    fixed: Mapping[str, date] | None = None

    @classmethod
    def of(cls, line: MainLine, revision: Revision, charter: Charter, as_of: AsOf) -> Self:
        """Return the main line up to a revision."""
        found = cls(line, charter, as_of.date, not revision.uncommitted)
        # Where today's settings fix a day, those of earlier commits do, and many speak for that very day.
        return found if charter.as_of_setting is None else found.with_fixed_days()

    @property
    def is_cut_off(self) -> bool:
        """Whether the clone ends before the line does, and what it lacks may be of the project."""
        oldest = self.line.names[-1]
        return oldest in self.line.boundary and not self._begins_after(oldest)

    def _begins_after(self, oldest: str) -> bool:
        """Say whether a commit that the clone holds brought the project, site and all."""
        began = self.line.whereabouts.began
        if began is None or began == oldest:
            return False
        return not holds(self.line.root, f"{began}^", SETTINGS, self.line.prefixes[began])

    def chosen(self, every: str) -> list[tuple[str, date]]:
        """Return the last commit of each day or week before the present, with its day, oldest first."""
        commits = self.line.commits
        is_present = self.has_present and _is_of_day(commits[0][1], self.charter.tz, self.until)
        before = commits[1:] if is_present else commits
        fixed = self.fixed or NONE_FIXED
        return chosen_revisions(before, every, self.charter.tz, self.until, has_present=self.has_present, fixed=fixed)

    def fixed_day(self, commit: str) -> date | None:
        """Return the day that project.yml fixes at a commit; None where it fixes none, or nobody had to look."""
        return None if self.fixed is None else self.fixed.get(commit)

    def with_fixed_days(self) -> Self:
        """Return the line without the commits whose project.yml fixed a wrong day."""
        line = self.line
        return replace(self, fixed=fixed_days(line.root, line.whereabouts.charters, line.names, self.charter.tz))

    def states(self, memory: Memory | None = None) -> _States:
        """Return what gives the states of its commits."""
        return _States(self.line, memory)


def _is_of_day(committed: datetime | None, tz: str, day: date) -> bool:
    return committed is not None and committed.astimezone(ZoneInfo(tz)).date() >= day


def _stores(line: MainLine) -> dict[str, Store]:
    """Return where the states of revisions are kept, by the folder of the project in them."""
    return {prefix: _store(line.repository, prefix, line.boundary) for prefix in {*line.prefixes.values()}}


def _store(folder: Path, prefix: str, boundary: Iterable[str]) -> Store:
    # Two projects in one repository say different things of the same commit.
    name = hashlib.sha256(prefix.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return Store(folder / "aipm" / "history" / name, sorted(boundary))


class _States:
    """Gives the states of revisions, the kept ones as they were kept; one is soon computed where it differs little."""

    def __init__(self, line: MainLine, memory: Memory | None) -> None:
        self._line = line
        self._root = line.root
        self._prefixes = line.prefixes
        self._stores = _stores(line)
        self._moments = dict(line.commits)
        self._opened = ExitStack()
        self._is_begun = False
        self._lacking: set[str] = set()
        self._memory = memory or self._opened.enter_context(Memory())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._opened.close()

    @property
    def lacks_some(self) -> bool:
        """Whether the clone lacks files of a commit that was read."""
        return bool(self._lacking)

    def lacks(self, commit: str) -> bool:
        """Say whether the clone lacks files of a commit that was read, so that nobody knows its state."""
        return commit in self._lacking

    def of(self, chosen: Iterable[tuple[str, date]], with_figures: AbstractSet[str] = frozenset()) -> Iterator[State]:
        """Give the state of each revision that holds the project, in their order; the figures of some of them only."""
        states = (self._state(commit, day, with_figures=commit in with_figures) for commit, day in chosen)
        return (state for state in states if state is not None)

    def _state(self, commit: str, day: date, *, with_figures: bool) -> State | None:
        prefix = self._prefixes.get(commit)
        if prefix is None:
            return None
        kept = self._stores[prefix].read(commit)
        if kept is not None and kept.is_sound and with_figures and not kept.has_figures:
            kept = None
        state = kept or self._computed(commit, prefix, with_figures=with_figures)
        if state is None:
            return None
        return replace(state if with_figures else state.of_status(), day=day)

    def _computed(self, commit: str, prefix: str, *, with_figures: bool) -> State | None:
        if not self._is_begun:
            self._opened.enter_context(no_cycle_collection())
            self._is_begun = True
        changes = self._memory.changes(self._line)
        settings, problems = read_site_settings_at(self._root, commit, changes.files.blobs, prefix)
        if problems:
            # It holds no project in that folder, unless it is the clone that lacks the file.
            is_unread = any(problem.code == "unreadable-settings" for problem in problems)
            if is_unread and changes.files.is_partial and holds(self._root, commit, SETTINGS, prefix):
                self._lacking.add(commit)
            return None
        content = settings.content
        snapshot = GitSnapshot(self._root, commit, content, changes.files.blobs.read_all, prefix)
        state = self._read(commit, snapshot, content, changes, with_figures=with_figures)
        if not snapshot.is_whole:
            self._lacking.add(commit)
            return None
        # What rests on commits that the clone lacks, would be another state where it holds them.
        if changes.files.is_whole:
            self._stores[prefix].write(state)
        return state

    def _read(
        self, commit: str, snapshot: GitSnapshot, content: str, changes: RecordChanges, *, with_figures: bool
    ) -> State:
        project, problems = load_project(snapshot, content, KINDS, self._memory)
        as_of = as_of_revision(project.charter, self._moments[commit])
        if as_of is None or not _is_sound(project, problems):
            day = as_of.date if as_of else date.min
            return State(commit, day, day, is_sound=False)
        known = known_at(project, as_of)
        dated = known.with_commits(commit_days(known, reviews(known, as_of), changes, commit))
        # Figures and the status are all that is kept, and take half of what all facts do.
        return state_of(judge_known(dated, as_of), commit, with_figures=with_figures)


def as_of_revision(charter: Charter, committed: datetime | None) -> AsOf | None:
    """Return what a revision speaks for when nobody asks otherwise: as project.yml says, else the day of the commit."""
    if charter.as_of_setting is not None:
        return AsOf.of(charter.as_of_setting, charter.tz)
    if committed is None:
        return None
    return AsOf.of_day(committed.astimezone(ZoneInfo(charter.tz)).date(), charter.tz)


def _is_sound(project: Project, problems: Iterable[Problem]) -> bool:
    """Say whether nothing is wrong with what figures are computed from; pages and templates have no part in them."""
    pages = {page.path for page in (*project.pages, *project.templates)}
    return not any(problem.severity == "error" and problem.place.file not in pages for problem in problems)
