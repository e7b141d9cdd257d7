"""History: what was said of a status before, since when it has its colour, and why a better one waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.facts.figure import Comparator, Source
from aipm_site.facts.numbers import day
from aipm_site.project import Project
from aipm_site.records.charter import Disclosures

NO_REPORT_REASON = "no issued report is recorded yet"
DEEPEN = "fetch the whole history with `git fetch --unshallow`, in CI with `fetch-depth: 0` and no filter"
CUT_OFF_REASON = "the history of this clone ends before it changed (in CI, fetch all of it: `fetch-depth: 0`)"
NOT_REPORTED_BEFORE_REASON = "no issued report gives it"
# What is missing or stale is worse than green and hides nothing that is worse than itself (domain §3.6, rule 1).
_BADNESS = {"green": 0, "not_reported": 1, "not_fully_reported": 1, "amber": 2, "red": 3}
_COLOURS = frozenset({"green", "amber", "red"})

S = TypeVar("S", bound=str)


class Statement(Struct, frozen=True):
    """What was said of one status on an earlier day: by an issued report, or by the rules at an earlier revision.

    Attributes:
        as_of: The day that it spoke for.
        origin: What said it: the id of a report, or a revision.
        reported: The status that was told.
        computed: What the rules said then; where it was better than what was told, it waited to be confirmed.
        since: Since when it had its colour, where that was said.
        behind: Ids of the records that made it so.
        source: The record that says so; None for a revision.
        audience: The label of those who may see it.
        is_cut_off: Whether it is the first that is known, and earlier ones may not be at hand.
        is_known: Whether just that was told for certain; where it rests on revisions that are not at hand, it may have
            been worse.
        disclosed: What project.yml disclosed on that day, as far as a revision tells it.
    """

    as_of: date
    origin: str
    reported: str
    computed: str
    since: date | None = None
    behind: tuple[str, ...] = ()
    source: Source | None = None
    audience: str = ""
    is_cut_off: bool = False
    is_known: bool = True
    disclosed: Disclosures = ()


# By what they are about, "overall" or a dimension; oldest first, one for each day.
Statements = Mapping[str, Sequence[Statement]]


class Standing(Struct, frozen=True):
    """How a status stands in time.

    Attributes:
        previous: The status in the last issued report, or at the revision before; None where that is not known.
        previous_as_of: The day that it spoke for.
        since: Since when the status has its colour; None where that is not known.
        days: Calendar days in it up to the as-of.
        reason: Why `since` is not known; empty where it is.
        sources: The records that say what was before.
        audience: Strictest label of these; None where nothing was before.
        disclosed: What project.yml disclosed on each of the days that this tells of.
    """

    previous: str | None = None
    previous_as_of: date | None = None
    since: date | None = None
    days: int | None = None
    reason: str = NO_REPORT_REASON
    sources: tuple[Source, ...] = ()
    audience: str | None = None
    disclosed: tuple[Disclosures, ...] = ()


UNKNOWN_STANDING = Standing()


def settled_status(computed: str, before: Sequence[Statement], *, is_closed: bool) -> str:
    """Return the status to report: worse at once, better only when two reports in a row show it (domain §3.6, rule 5).

    Args:
        computed: What the rules and people say at the as-of.
        before: What was said before, oldest first.
        is_closed: Whether an explicit event ended what had made it worse.
    """
    if not before or is_closed or not is_better(computed, before[-1].reported):
        return computed
    # Two reports show a status when neither computed a worse one; with one alone nothing is confirmed yet.
    shown = [one.computed for one in before[-2:]] if len(before) > 1 else [before[-1].reported]
    confirmed = max([computed, *shown], key=_BADNESS.__getitem__)
    return confirmed if is_better(confirmed, before[-1].reported) else before[-1].reported


def is_better(one: str, other: str) -> bool:
    """Say whether a status is better than a colour that was reported; what was not reported cannot improve."""
    return other in {"amber", "red"} and _BADNESS[one] < _BADNESS[other]


def worse_status(one: S, other: S) -> S:
    """Return the worse of two statuses, the first where neither is."""
    return max(one, other, key=_BADNESS.__getitem__)


def has_closed(statement: Statement, project: Project) -> bool:
    """Say whether every record that made a status worse is over: a risk closed, a milestone reached, an issue resolved.

    That is the explicit closing event of domain §3.6, rule 5, beside a decision that betters the status. An edit of an
    open record is none; records that cannot be closed, such as measurements, do not count.
    """
    records = [project.get(record_id) for record_id in statement.behind]
    if None in records:
        return False
    closable = [record for record in records if record is not None and project.kinds.of(record).done]
    return bool(closable) and not any(project.kinds.of(record).is_open(record) for record in closable)


def standing(
    status: str,
    before: Sequence[Statement],
    as_of: date,
    project: Project,
    *,
    has_reports: bool = False,
    begun: date | None = None,
) -> Standing:
    """Return how a status stands in time.

    Args:
        status: The status that is reported.
        before: What was said before, oldest first.
        as_of: The day it speaks for.
        project: The project that says which label is stricter.
        has_reports: Whether anything was said before at all, if not of this.
        begun: The day on which the status began, where it is another than the last revision told; None if not known.
    """
    if not before:
        return Standing(reason=NOT_REPORTED_BEFORE_REASON if has_reports else NO_REPORT_REASON)
    last = before[-1]
    if not last.is_known:
        return Standing(reason=CUT_OFF_REASON)
    told = [last]
    if last.reported == status:
        told = _run(before)
        since, reason = _since(told)
    elif last.source is None and begun is not None:
        since, reason = begun, ""
    elif last.as_of + timedelta(days=1) == as_of:
        since, reason = as_of, ""  # it can have begun on no other day
    else:
        since, reason = None, f"it changed after {day(last.as_of)}"
    return Standing(
        previous=last.reported,
        previous_as_of=last.as_of,
        since=since,
        days=(as_of - since).days if since else None,
        reason=reason,
        sources=(last.source,) if last.source else (),
        audience=project.strictest(one.audience for one in before),
        disclosed=tuple(one.disclosed for one in told),
    )


def _run(before: Sequence[Statement]) -> list[Statement]:
    """Return the last unbroken run of one status, oldest first, from a report on that says itself since when it was."""
    run: list[Statement] = []
    for one in reversed(before):
        if one.reported != before[-1].reported or not one.is_known:
            break
        run.append(one)
        if one.since is not None:
            break
    return run[::-1]


def _since(run: Sequence[Statement]) -> tuple[date | None, str]:
    """Return the first day of a run of one status; where it may have begun earlier, none, and why."""
    first = run[0]
    if first.since is not None:
        return first.since, ""
    is_known = not first.is_cut_off
    return (first.as_of, "") if is_known else (None, f"at least since {day(first.as_of)}, and {CUT_OFF_REASON}")


def with_disclosures(told: Statements, revisions: Statements) -> Statements:
    """Return what issued reports told, with what project.yml disclosed on the day of each, as revisions tell it.

    Who is shown a figure since some day by `disclose` may know what was told since then, and not what was before.

    Args:
        told: The statements of the reports.
        revisions: Those of the revisions.
    """

    def disclosed(name: str, on: date) -> Disclosures:
        until = [one.disclosed for one in revisions.get(name, ()) if one.as_of <= on]
        return until[-1] if until else ()

    return {
        name: [replace(one, disclosed=disclosed(name, one.as_of)) for one in statements]
        for name, statements in told.items()
    }


def previous_status(stands: Standing, word: str) -> Comparator | None:
    """Return the earlier status as what a figure is held against; None where it is not known."""
    if stands.previous is None or stands.previous_as_of is None:
        return None
    text = f"{word} on {day(stands.previous_as_of)}"
    return Comparator("previous", stands.previous, text, stands.previous_as_of, stands.audience)


def is_colour(status: str) -> bool:
    """Say whether a status is a colour, so that days in it can be told."""
    return status in _COLOURS
