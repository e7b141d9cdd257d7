"""The status for a terminal: overall, dimensions with their reasons, decisions needed, what is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.decision import DecisionNeeded
from aipm_site.facts.due import AHEAD_DAYS, Due
from aipm_site.facts.facts import Facts
from aipm_site.facts.figure import Source
from aipm_site.facts.finding import Finding
from aipm_site.facts.history import Standing
from aipm_site.facts.numbers import days
from aipm_site.facts.status import Dimension, Status
from aipm_site.summaries.plain_text import render_text, wrapped
from aipm_site.summaries.reasons import reason_text

WIDTH = 80
SOURCES_AT_MOST = 3
_OF_WHAT_WAS_READ = ", of what could be read"
_KIND_COLUMN = len("milestone")

_STATES = ("overdue", "due", "soon")

Lines = tuple[str, ...]


class Reason(Struct, frozen=True):
    """One reason: its sentence, and the records behind it with their places, in lines."""

    text: Lines
    sources: Lines
    more_sources: int


class DimensionText(Struct, frozen=True):
    """A dimension of the status.

    Attributes:
        row: Its name and status, aligned with the others.
        reasons: What is not as it should be; where all is, what says so.
        more_green: How many findings are green beside these reasons.
        hidden: How many reasons this audience may not see.
    """

    row: str
    reasons: tuple[Reason, ...]
    more_green: int
    hidden: int


class StatusText(Struct, frozen=True):
    """The context of templates/terminal/status.txt.

    Attributes:
        project: Name of the project.
        label: The overall status in words.
        caution: What it leaves out because of errors, in lines; none where everything was read.
        as_of: The day or moment that it speaks for.
        as_of_reason: Where that day came from.
        audience: The label that it is shown to.
        since: Since when the status has been so, and what it was before, in lines; none where neither is known.
        since_reason: Why it is not known since when the status has been so.
        is_listed: Whether the project answers for any dimension.
        dimensions: Those it answers for.
        not_tracked: The others, in lines.
        not_shared: Those that this audience may not see, in lines.
        decisions: What must be decided, in lines.
        overdue: What should have happened, in lines.
        ahead: What falls due, in lines.
        ahead_days: How far that looks ahead.
    """

    project: str
    label: str
    caution: Lines
    as_of: str
    as_of_reason: str
    audience: str
    since: Lines
    since_reason: str
    is_listed: bool
    dimensions: tuple[DimensionText, ...]
    not_tracked: Lines
    not_shared: Lines
    decisions: tuple[Lines, ...]
    overdue: tuple[Lines, ...]
    ahead: tuple[Lines, ...]
    ahead_days: int


class DueText(Struct, frozen=True):
    """The context of templates/terminal/due.txt.

    Attributes:
        project: Name of the project.
        as_of: The day or moment that it speaks for.
        overdue: What should have happened, in lines.
        now: What is due on that day, in lines.
        soon: What falls due, in lines.
    """

    project: str
    as_of: str
    overdue: tuple[Lines, ...]
    now: tuple[Lines, ...]
    soon: tuple[Lines, ...]


def terminal_due(due: Sequence[Due], project_name: str, as_of: AsOf, width: int = WIDTH) -> str:
    """Return what is due as text for a terminal."""
    column = max((len(one.record_id) for one in due), default=0)
    lines = {state: tuple(_due(one, column, width) for one in due if one.state == state) for state in _STATES}
    text = DueText(project_name, _as_of(as_of), lines["overdue"], lines["due"], lines["soon"])
    return render_text("due.txt", due=text)


def _as_of(as_of: AsOf) -> str:
    return as_of.moment.isoformat() if as_of.is_moment else as_of.date.isoformat()


def terminal_status(facts: Facts, project_name: str, as_of_reason: str, width: int = WIDTH, caution: str = "") -> str:
    """Return the status as text for a terminal.

    Args:
        facts: What the audience may see.
        project_name: What the project is called.
        as_of_reason: Where the as-of came from, in words.
        width: Width of the terminal.
        caution: A sentence that says what could not be read; "" where everything was.
    """
    status = facts.status
    late = [due for due in facts.due if due.state == "overdue"]
    ahead = [due for due in facts.due if due.state != "overdue"]
    column = max((len(due.record_id) for due in facts.due), default=0)
    text = StatusText(
        project=project_name,
        label=_marked(status.label, caution),
        caution=wrapped(caution, width, "", "") if caution else (),
        as_of=_as_of(facts.as_of),
        as_of_reason=as_of_reason,
        audience=facts.audience,
        since=_since(status.standing, width),
        since_reason=status.since_reason if status.since is None else "",
        is_listed=status.is_listed,
        dimensions=_dimensions(status, width, caution),
        not_tracked=_listed("Not tracked: ", status.not_tracked, width),
        not_shared=_listed("Not shared with this audience: ", _order(status.not_shared), width),
        decisions=tuple(_decision(needed, width) for needed in facts.decisions_needed),
        overdue=tuple(_due(due, column, width) for due in late),
        ahead=tuple(_due(due, column, width) for due in ahead),
        ahead_days=AHEAD_DAYS,
    )
    return render_text("status.txt", status=text)


def _marked(words: str, caution: str) -> str:
    # Nobody may take for good what rests on a part of the records.
    return f"{words}{_OF_WHAT_WAS_READ}" if caution else words


def _told_by(standing: Standing, day: date) -> str:
    """Return what told the status before: an issued report, by its id, else a revision; of that there is one a day."""
    report = standing.sources[0].record_id if standing.sources else ""
    return f"the report of {day.isoformat()} ({report})" if report else f"the revision of {day.isoformat()}"


def _since(standing: Standing, width: int) -> Lines:
    told = []
    if standing.since is not None:
        told.append(f"since {standing.since.isoformat()} ({days(standing.days or 0)})")
    if standing.previous is not None and standing.previous_as_of is not None:
        told.append(f"in {_told_by(standing, standing.previous_as_of)} it was {standing.previous.replace('_', ' ')}")
    text = "; ".join(told)
    return wrapped(f"{text[:1].upper()}{text[1:]}.", width, "", "") if told else ()


def _listed(heading: str, names: Iterable[str], width: int) -> Lines:
    listed = ", ".join(names)
    return wrapped(listed, width, heading, " " * len(heading)) if listed else ()


def _order(names: Iterable[str]) -> Iterable[str]:
    return sorted(names, key=lambda name: (name != "overall", name))


def _dimensions(status: Status, width: int, caution: str) -> tuple[DimensionText, ...]:
    column = max((len(dimension.name) for dimension in status.listed), default=0)
    return tuple(_dimension(dimension, column, width, caution) for dimension in status.listed)


def _dimension(dimension: Dimension, column: int, width: int, caution: str) -> DimensionText:
    # What is in order is of no use to a reader who asks why something is not.
    told = [finding for finding in dimension.findings if finding.status != "green"] or list(dimension.findings)
    return DimensionText(
        row=_marked(f"{dimension.name.ljust(column)}  {dimension.text}", caution),
        reasons=tuple(_reason(finding, width) for finding in told),
        more_green=len(dimension.findings) - len(told),
        hidden=dimension.hidden_findings,
    )


def _reason(finding: Finding, width: int) -> Reason:
    shown = finding.sources[:SOURCES_AT_MOST]
    return Reason(
        text=wrapped(reason_text(finding), width, "  - ", "    "),
        sources=tuple(_source(source) for source in shown),
        more_sources=len(finding.sources) - len(shown),
    )


def _source(source: Source) -> str:
    # A row's id is its whole key, which its place tells as well.
    name = "" if "/" in source.record_id else f"{source.record_id}  "
    return f"      {name}{source.place.file}:{source.place.line}"


def _decision(needed: DecisionNeeded, width: int) -> Lines:
    by = f"by {needed.decide_by.isoformat()}" if needed.decide_by else "no day given"
    late = ", overdue" if needed.is_overdue else ""
    said = [wrapped(f"{needed.record_id}  {needed.title} ({by}{late})", width, "  ", "    ")]
    if needed.amount:
        said.append(wrapped(f"Asks for: {needed.amount}", width, "    ", "    "))
    if needed.recommendation:
        said.append(wrapped(f"Recommended: {needed.recommendation}", width, "    ", "    "))
    if needed.cost_of_delay:
        said.append(wrapped(f"Waiting costs: {needed.cost_of_delay}", width, "    ", "    "))
    return tuple(line for lines in said for line in lines)


def _due(due: Due, column: int, width: int) -> Lines:
    kind = "sprint" if due.kind == "sprint-end" else due.kind
    columns = f"  {due.local_day.isoformat()}  {due.record_id.ljust(column)}  {kind.ljust(_KIND_COLUMN)}  "
    owner = f" ({due.owner})" if due.owner else ""
    at = f"{due.local_time} " if due.at else ""
    return wrapped(at + due.title + owner, width, columns, " " * len(columns))
