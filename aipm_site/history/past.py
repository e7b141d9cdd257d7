"""The past: reads the revisions of a project and computes what each of them said, each file of it once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from aipm_site.cycle_collection import no_cycle_collection
from aipm_site.facts.as_of import AsOf
from aipm_site.facts.facts import compute_facts
from aipm_site.history.commit_days import open_reviews, with_commit_days
from aipm_site.history.settled import settled
from aipm_site.history.states import History, State, state_of
from aipm_site.history.steps import chosen_revisions
from aipm_site.history.store import Store
from aipm_site.loading import Memory, load_project
from aipm_site.problems import Problem
from aipm_site.project import Project
from aipm_site.readers.git import Revision, common_folder, main_line, shallow_boundary
from aipm_site.readers.git_command import GitFailure
from aipm_site.readers.git_snapshot import GitSnapshot
from aipm_site.readers.record_files import value_of_file
from aipm_site.readers.site_settings import read_site_settings_at
from aipm_site.readers.value_changes import ValueChanges
from aipm_site.records import KINDS
from aipm_site.records.charter import Charter

NO_EARLIER_REVISION = "there is no earlier revision"


def read_history(root: Path, revision: Revision, charter: Charter, as_of: AsOf) -> History:
    """Return what the revisions before the present one said, with the records of each and its own as-of.

    Without git, or where git does not answer, there is none, and it says why. Nothing of it is an error.

    Args:
        root: The project's folder.
        revision: The present revision.
        charter: The present settings: time zone, and which step there is from point to point.
        as_of: What the present state speaks for.
    """
    every = charter.history.every if charter.history else "week"
    if revision.commit is None:
        return History(every=every, reason=revision.reason)
    try:
        boundary = shallow_boundary(root)
        line = main_line(root, revision.commit)
        is_present_committed = not revision.uncommitted
        before = line[1:] if is_present_committed and _is_of_day(revision, charter.tz, as_of.date) else line
        earlier = partial(chosen_revisions, before, tz=charter.tz, until=as_of.date, has_present=is_present_committed)
        with _States(root, revision.commit, _store(root, boundary), dict(line)) as past:
            days = settled(past.of(earlier("day")), charter)
    except (GitFailure, OSError) as failure:
        return History(every=every, reason=str(failure))
    is_cut_off, shown = line[-1][0] in boundary, {commit for commit, _ in earlier(every)}
    states = tuple(state for state in days if state.commit in shown)
    return History(states, every, is_cut_off, "" if states or is_cut_off else NO_EARLIER_REVISION, days)


def _is_of_day(revision: Revision, tz: str, day: date) -> bool:
    return revision.committed is not None and revision.committed.astimezone(ZoneInfo(tz)).date() >= day


def _store(root: Path, boundary: Iterable[str]) -> Store:
    folder, prefix = common_folder(root)
    # Two projects in one repository say different things of the same commit.
    name = hashlib.sha256(prefix.encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return Store(folder / "aipm" / "history" / name, sorted(boundary))


class _States:
    """Gives the states of revisions, the kept ones as they were kept; one is soon computed where it differs little."""

    def __init__(self, root: Path, newest: str, store: Store, moments: dict[str, datetime | None]) -> None:
        self._root = root
        self._newest = newest
        self._store = store
        self._moments = moments
        self._opened = ExitStack()
        self._changes: ValueChanges | None = None
        self._memory, self._folder = Memory(), ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._opened.close()

    def of(self, chosen: Iterable[tuple[str, date]]) -> Iterator[State]:
        """Give the state of each revision that holds the project, in their order."""
        states = (self.state(commit, day) for commit, day in chosen)
        return (state for state in states if state is not None)

    def state(self, commit: str, day: date) -> State | None:
        """Return the state of a revision; None where it does not hold the project."""
        state = self._store.read(commit) or self._computed(commit)
        return replace(state, day=day) if state else None

    def _computed(self, commit: str) -> State | None:
        content = content_folder_at(self._root, commit)
        if content is None:
            return None
        if self._changes is None:
            self._opened.enter_context(no_cycle_collection())
            self._changes = self._opened.enter_context(ValueChanges(self._root, value_of_file, self._newest))
        if content != self._folder:
            self._memory, self._folder = Memory(), content
        state, is_whole = self._state(commit, content, self._memory, self._changes)
        if is_whole:
            self._store.write(state)
        return state

    def _state(self, commit: str, content: str, memory: Memory, changes: ValueChanges) -> tuple[State, bool]:
        """Return the state of a revision, and whether the clone holds all that it was computed from."""
        snapshot = GitSnapshot(self._root, commit, content)
        project, problems = load_project(snapshot, content, KINDS, memory)
        as_of = as_of_revision(project.charter, self._moments[commit])
        if as_of is None or not _is_sound(project, problems):
            day = as_of.date if as_of else date.min
            return State(commit, day, day, is_sound=False), snapshot.is_whole
        dated = with_commit_days(project, open_reviews(project, as_of), changes, commit)
        return state_of(compute_facts(dated, as_of), commit, as_of.date), snapshot.is_whole


def as_of_revision(charter: Charter, committed: datetime | None) -> AsOf | None:
    """Return what a revision speaks for when nobody asks otherwise: as project.yml says, else the day of the commit."""
    if charter.as_of_setting is not None:
        return AsOf.of(charter.as_of_setting, charter.tz)
    if committed is None:
        return None
    return AsOf.of_day(committed.astimezone(ZoneInfo(charter.tz)).date(), charter.tz)


def content_folder_at(root: Path, commit: str) -> str | None:
    """Return the content folder of a revision; None where it holds no project in this folder."""
    settings, problems = read_site_settings_at(root, commit)
    return None if problems else settings.content


def _is_sound(project: Project, problems: Iterable[Problem]) -> bool:
    """Say whether nothing is wrong with what figures are computed from; pages and templates have no part in them."""
    pages = {page.path for page in (*project.pages, *project.templates)}
    return not any(problem.severity == "error" and problem.place.file not in pages for problem in problems)
