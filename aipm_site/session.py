"""A session: one project loaded, dated, computed and checked; the only place where clock and environment are read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace
from pydantic_core import PydanticCustomError

from aipm_site.checks import check_project
from aipm_site.facts.as_of import AsOf
from aipm_site.facts.evidence import reviews
from aipm_site.facts.facts import Facts, compute_facts
from aipm_site.facts.horizon import known_at
from aipm_site.facts.news import undated_news
from aipm_site.facts.view import View
from aipm_site.history.begun import begun_days
from aipm_site.history.commit_days import commit_days
from aipm_site.history.issued_reports import rewritten_reports, standing_reports
from aipm_site.history.past import as_of_revision, read_deciding_days, read_history
from aipm_site.history.states import History
from aipm_site.history.status import statements_of, with_reason
from aipm_site.history.trend import CUT_OFF
from aipm_site.loading import load_charter, load_project
from aipm_site.memory import Memory
from aipm_site.problems import Place, Problem, did_you_mean, has_errors, warning
from aipm_site.project import CommitDays, Project
from aipm_site.readers.git import (
    Revision,
    branches_and_tags,
    is_cut_off,
    main_line,
    read_commit,
    read_commit_before,
    uncommitted_files,
)
from aipm_site.readers.git_command import FOREIGN_REMEDY, GitFailure
from aipm_site.readers.git_snapshot import GitSnapshot
from aipm_site.readers.project_moves import located, read_present
from aipm_site.readers.snapshot import Snapshot, UnreadableFileError, WorkingTree
from aipm_site.records.charter import Charter
from aipm_site.records.fields import read_date_or_moment
from aipm_site.records.record import Record
from aipm_site.workspace import WrongRequest

AS_OF_VARIABLE = "AIPM_AS_OF"
# https://reproducible-builds.org/specs/source-date-epoch/: the moment that stands for "now" in what is built.
EPOCH_VARIABLE = "SOURCE_DATE_EPOCH"


class Dated(Struct, frozen=True):
    """The as-of, and where it came from, in words for the page."""

    as_of: AsOf
    reason: str


class Session(Struct, frozen=True):
    """Everything that is known of a project at one as-of, for one audience.

    Attributes:
        root: Folder of mkdocs.yml.
        content: Name of the content's folder in it.
        whole: The project with all its records that had come to be at the as-of.
        facts: Facts of the whole project.
        audience: The label that this session is for.
        dated: The as-of and its reason.
        revision: What git knows of the checkout.
        problems: Everything found, of all files.
        recorded: The project with all its records, those included that are dated after the as-of.
        epoch: The moment that stands for "now" wherever a file wants a time, in seconds since 1970.
        history: What earlier revisions said; empty where nobody asked for it.
    """

    root: Path
    content: str
    whole: Project
    facts: Facts
    audience: str
    dated: Dated
    revision: Revision
    problems: tuple[Problem, ...]
    recorded: Project
    epoch: int = 0
    history: History = field(default_factory=History)

    @property
    def has_errors(self) -> bool:
        """Whether anything stops a publication."""
        return has_errors(self.problems)

    def shown(self) -> tuple[Project, Facts]:
        """Return project and facts as the session's audience may see them."""
        return self.whole.visible_to(self.audience), self.facts.visible_to(self.audience, self.whole)

    def shown_history(self) -> History:
        """Return what the session's audience may see of the history."""
        return self.history.visible_to(View(self.whole, self.audience), self.facts.figures)


def open_session(
    root: Path,
    content: str = "content",
    *,
    as_of: str | None = None,
    audience: str | None = None,
    at: str | Revision | None = None,
    with_history: bool = False,
    memory: Memory | None = None,
    environment: Mapping[str, str] | None = None,
) -> Session:
    """Return the session of the project in `root`: as its files lie there now, or as a revision holds them.

    Args:
        root: Folder of mkdocs.yml.
        content: Name of the content's folder in it, at the revision.
        as_of: Day or moment as written on the command line.
        audience: Label as written on the command line; else the project's default.
        at: The revision, by its name or as `find_revision` found it; the working tree where not given. Everything is
            then as a build of that commit, checked out somewhere else, would have it.
        with_history: Whether to look at earlier revisions too, which takes a while the first time.
        memory: What was read for another session of the same project; takes up what is read for this one.
        environment: Environment variables; the process's own where not given.

    Raises:
        WrongRequest: The as-of is no date, or there is no such audience or revision.
    """
    variables = os.environ if environment is None else environment
    then = find_revision(root, at, content) if isinstance(at, str) else at
    snapshot = _snapshot(root, content, then)
    project, problems = load_project(snapshot, content, memory=memory)
    # Asked after the files were read, so that a change in between shows as uncommitted.
    revision = then or read_present(root, content, snapshot.paths())
    given = as_of or variables.get(AS_OF_VARIABLE)
    if at is not None and revision.committed is None and not (given or project.charter.as_of_setting):
        raise WrongRequest(f"commit {_short(revision)} bears no date that can be read; say the as-of with --as-of")
    dated = resolve_as_of(given, project.charter, revision)
    known = known_at(project, dated.as_of)
    # Only what tells the past tells news.
    fresh = tuple(undated_news(known)) if with_history else ()
    commits = _commit_days(project, known, snapshot, root, revision, dated.as_of, fresh, memory)
    project, known = project.with_commits(commits), known.with_commits(commits)
    label = resolve_audience(audience, project.charter)
    history = read_history(root, revision, project.charter, dated.as_of, content) if with_history else History()
    told, recorded_on = statements_of(history, dated.as_of), _recorded_on(revision, project.charter, dated.as_of)
    begun = begun_days(project, dated.as_of, told, revision)
    facts = with_reason(compute_facts(known, dated.as_of, told, recorded_on, begun), history)
    found = (*problems, *_check_revision(revision), *check_project(project, facts))
    epoch = _epoch(variables.get(EPOCH_VARIABLE), revision, dated.as_of)
    return Session(root, content, facts.project, facts, label, dated, revision, found, project, epoch, history)


def as_told(session: Session, memory: Memory | None = None) -> Session:
    """Return a session without a history whose status is nevertheless the one that a build with it would tell.

    A better status may have to wait for confirmation. Of the history only the days are read that decide whether it
    does, so what was before and since when is not known.

    Args:
        session: The session.
        memory: What was read for it; takes up what is read for this.
    """
    project, as_of = session.recorded, session.dated.as_of
    deciding = read_deciding_days(session.root, session.revision, session.facts, project.charter, memory)
    if not deciding.days:
        return session
    return replace(session, facts=compute_facts(project, as_of, statements_of(deciding, as_of)))


def _recorded_on(revision: Revision, charter: Charter, as_of: AsOf) -> date | None:
    if revision.uncommitted:
        return as_of.date
    return revision.committed.astimezone(ZoneInfo(charter.tz)).date() if revision.committed else None


def _snapshot(root: Path, content: str, at: Revision | None) -> Snapshot:
    if at is None:
        return WorkingTree(root, content)
    try:
        return GitSnapshot(root, at.commit or "", content, prefix=at.prefix)
    except GitFailure as failure:
        raise WrongRequest(f"commit {_short(at)} cannot be read: {failure}") from None


def find_revision(root: Path, name: str, content: str = "content") -> Revision:
    """Return the commit that was asked for: by a name of git's, else by a day or moment.

    A day or moment is that of the project's time zone as the last commit has it, and stands for the last commit of the
    main line up to its end.

    Args:
        root: Folder of mkdocs.yml.
        name: Tag, branch or commit, or a day such as 2026-04-08, or a moment with offset.
        content: Name of the content's folder in it.

    Raises:
        WrongRequest: There is no such revision.
    """
    try:
        return located(root, content, read_commit(root, name) or _revision_of_day(root, name, content))
    except GitFailure as failure:
        raise WrongRequest(f"the revision '{name}' cannot be looked up: {failure}") from None


def _revision_of_day(root: Path, name: str, content: str) -> Revision:
    try:
        when = read_date_or_moment(name)
    except PydanticCustomError:
        raise WrongRequest(f"there is no revision '{name}'; {_near_revision(root, name)}") from None
    as_of = AsOf.of(when, load_charter(GitSnapshot(root, "HEAD", content), content).tz)
    found = read_commit_before(root, as_of.moment)
    if found is None:
        raise WrongRequest(f"there is no commit of {name} or before; {_beginning(root, as_of.moment.tzinfo)}")
    return found


def _near_revision(root: Path, name: str) -> str:
    if is_cut_off(root):
        return CUT_OFF
    return did_you_mean(name, branches_and_tags(root), "name a tag, a branch, a commit, or a day such as 2026-04-08")


def _beginning(root: Path, zone: tzinfo | None) -> str:
    if is_cut_off(root):
        return CUT_OFF
    first = main_line(root)[-1][1]
    return f"the first one is of {first.astimezone(zone).date()}" if first else "the first one bears no date"


def _short(revision: Revision) -> str:
    return (revision.commit or "")[:10]


def _commit_days(
    project: Project,
    known: Project,
    snapshot: Snapshot,
    root: Path,
    revision: Revision,
    as_of: AsOf,
    fresh: Sequence[Record],
    memory: Memory | None,
) -> CommitDays:
    """Return when commits brought or changed records that do not date themselves, were reviewed, or issued."""
    if revision.commit is None:
        return CommitDays()
    answered = _is_answered_by_commits(root, revision, revision.commit, as_of)
    asked = tuple(reviews(known, as_of)) if answered else ()
    issued = standing_reports(project) if answered else ()
    if not (asked or known.undated_files or issued or fresh):
        return CommitDays()
    try:
        with nullcontext(memory) if memory else Memory() as known_before:
            newest = revision.commit
            line = known_before.main_line(root, project.content, newest, revision.prefix)
            changes = known_before.changes(line, has_others=not revision.uncommitted)
            if revision.uncommitted:
                # What is said of it shall be what is said once it is committed, and that is not before now.
                contents = _uncommitted_contents(root, snapshot, project.content)
                newest = changes.files.add_uncommitted(contents, datetime.now(UTC))
            days = commit_days(known, asked, changes, newest, fresh)
            return replace(days, rewritten_reports=rewritten_reports(project, issued, changes, revision.commit))
    except (GitFailure, OSError):
        # What is not known makes nothing older or newer than it says of itself.
        return CommitDays()


def _uncommitted_contents(root: Path, snapshot: Snapshot, content: str) -> Iterator[tuple[str, bytes | None]]:
    """Yield the files that may differ from the last commit, with what they hold; None of one that cannot be read."""
    held = frozenset(snapshot.paths())
    for path in uncommitted_files(root, content):
        try:
            yield path, snapshot.read(path) if path in held else None
        except UnreadableFileError:
            yield path, None


def _is_answered_by_commits(root: Path, revision: Revision, commit: str, as_of: AsOf) -> bool:
    """Say whether there was a commit at the as-of: records may be dated before all of them, as those of an example."""
    if revision.committed is None or as_of.has_come(revision.committed):
        return True
    try:
        return any(moment is not None and as_of.has_come(moment) for _, moment in main_line(root, commit))
    except GitFailure:
        return False


def _epoch(given: str | None, revision: Revision, as_of: AsOf) -> int:
    if given is None:
        return int((revision.committed or as_of.moment).timestamp())
    if not given.isascii() or not given.isdigit():
        raise WrongRequest(f"{EPOCH_VARIABLE} is '{given}'; it is a number of seconds since 1970")
    return int(given)


def resolve_audience(audience: str | None, charter: Charter) -> str:
    """Return the label that is asked for, else the project's default.

    Raises:
        WrongRequest: There is no such label.
    """
    if audience is None:
        return charter.default_audience_label
    if audience not in charter.audience_order:
        known = f"audiences are {', '.join(charter.audience_order)}"
        raise WrongRequest(
            f"there is no audience '{audience}'; {did_you_mean(audience, charter.audience_order, known)}"
        )
    return audience


def resolve_as_of(given: str | None, charter: Charter, revision: Revision) -> Dated:
    """Return the as-of: as asked for, else of project.yml, else of the last commit, else today.

    Raises:
        WrongRequest: What was asked for is neither a day nor a moment with offset.
    """
    tz = charter.tz
    if given:
        return Dated(AsOf.of(_read_as_of(given), tz), "as asked for")
    recorded = as_of_revision(charter, None if revision.uncommitted else revision.committed)
    if recorded is not None:
        by_setting = charter.as_of_setting is not None
        return Dated(recorded, "as project.yml says" if by_setting else "the day of the last commit")
    why = "there are uncommitted changes" if revision.commit else "there is no commit"
    if revision.is_refused:
        why = "git refuses to tell the commit"
    return Dated(AsOf.of_day(today(tz), tz), f"today, as {why}")


def _check_revision(revision: Revision) -> Iterator[Problem]:
    if revision.is_refused:
        message = f"{revision.reason}, so that neither its commit nor its history is known"
        yield warning("foreign-checkout", message, Place("."), FOREIGN_REMEDY)


def today(tz: str = "UTC") -> date:
    """Return the day that it is now in a time zone: a project's, or that of a project that names none."""
    return datetime.now(ZoneInfo(tz)).date()


def read_day(text: str) -> date:
    """Return a day as it was written on the command line.

    Raises:
        WrongRequest: It is no day.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongRequest(f"'{text}' is no day; write one like 2026-04-08") from None


def _read_as_of(text: str) -> date | datetime:
    try:
        return read_date_or_moment(text)
    except PydanticCustomError as problem:
        hint = "write 2026-04-15, or 2026-04-15T07:00-05:00"
        raise WrongRequest(f"the as-of {problem.message()}; {hint}") from None
