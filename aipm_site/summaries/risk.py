"""Risk lines of a report: the worst open risks with their movement and answer, and how their number came about."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from aipm_site.facts.facts import Facts
from aipm_site.facts.figure import Figure
from aipm_site.facts.freshness import WORST_SEVERITY
from aipm_site.facts.numbers import day
from aipm_site.facts.risk import RankedRisk, exposure_left_out
from aipm_site.records.issue import KIND as ISSUE
from aipm_site.records.issue import Issue
from aipm_site.summaries.printed import FigureRef, Quote, RecordRef, lacks

RISKS_AT_MOST = 3
ISSUES_AT_MOST = 2
# Severities 1 and 2 of four are what an executive must know of.
GRAVE = 2


class RiskLine(Struct, frozen=True):
    """An open risk.

    Attributes:
        record: Its id.
        title: Its title.
        score: Probability times impact.
        earlier_score: Its score before the last time that it changed; None where it never did.
        changed_on: The day of that change.
        missing: What a risk in the red band lacks; empty where nothing.
        owner: The role that answers for it; None where none is named.
        next_review: The day on which it is looked at again.
    """

    record: RecordRef
    title: Quote
    score: int
    earlier_score: int | None
    changed_on: date | None
    missing: str
    owner: Quote | None
    next_review: date | None


class IssueLine(Struct, frozen=True):
    """An open issue of severity 1 or 2."""

    record: RecordRef
    title: Quote
    severity: int


class RiskLines(Struct, frozen=True):
    """The risks and grave issues.

    Attributes:
        has_counts: Whether the counts may be shown, and there is anything to count.
        opening: How many were open at the start of the period, in words.
        since: That day; None where the counts may not be shown.
        moved: Figures of what began and ended in the period, those of zero left out.
        worst: The worst open risks.
        issues: Open issues of severity 1 or 2, the gravest first.
        exposure: The expected monetary value; None where it is not known or there is nothing to hold it against.
        exposure_before: What it is held against, in words; empty where that is not shared.
        left_out: Which open risks it does not count; empty where it counts all.
        is_exposure_alone: Whether it is known and there is nothing to hold it against.
    """

    has_counts: bool
    opening: FigureRef | None
    since: date | None
    moved: tuple[FigureRef, ...]
    worst: tuple[RiskLine, ...]
    issues: tuple[IssueLine, ...]
    exposure: FigureRef | None
    exposure_before: FigureRef | None
    left_out: str
    is_exposure_alone: bool


def risk_lines(facts: Facts) -> RiskLines:
    """Return what to say of the risks."""
    flow, exposure = facts.risks.flow, facts.figures.get("risk.exposure")
    is_known = isinstance(exposure, Figure) and exposure.value != 0
    is_alone = is_known and exposure is not None and lacks(exposure) == "comparator"
    before = exposure.comparator if isinstance(exposure, Figure) else None
    counted = flow is not None and "risk.open" in facts.figures
    names = ("risk.new", "risk.reopened", "risk.closed", "risk.materialised", "risk.withdrawn")
    return RiskLines(
        has_counts=counted,
        opening=FigureRef("risk.open", f"{flow.opening} on {day(flow.start)}") if counted and flow else None,
        since=flow.start if counted and flow else None,
        moved=tuple(_moved(facts, name) for name in names if _is_some(facts, name)),
        worst=tuple(map(_line, _told(facts))),
        issues=tuple(_grave_issues(facts)),
        # A number without anything to hold it against is not told (domain §4.3); the page of risks shows it.
        exposure=FigureRef("risk.exposure") if is_known and not is_alone else None,
        exposure_before=FigureRef("risk.exposure", before.text) if before else None,
        left_out=exposure_left_out(facts.risks).words(facts.project.charter.currency or ""),
        is_exposure_alone=is_alone,
    )


def _is_some(facts: Facts, name: str) -> bool:
    figure = facts.figures.get(name)
    return isinstance(figure, Figure) and figure.value != 0


def _moved(facts: Facts, name: str) -> FigureRef:
    figure = facts.figures[name]
    count = figure.value if isinstance(figure, Figure) else 0
    # "4 new": the noun stands before it.
    return FigureRef(name, f"{count} {name.removeprefix('risk.')}")


def _told(facts: Facts) -> tuple[RankedRisk, ...]:
    """Return the risks in the red band, the worst first; where none is, the worst of all."""
    ranked, charter = facts.risks.ranked, facts.project.charter
    red = tuple(one for one in ranked if charter.risk_band(one.score) == "red")
    return red[:RISKS_AT_MOST] or ranked[:1]


def _line(one: RankedRisk) -> RiskLine:
    risk = one.risk
    earlier = [past for past in risk.history if past.score != one.score]
    # The history names the day from which each score held; the day of the change is that of the one after.
    after = [past.as_of for past in risk.history if earlier and past.as_of > earlier[-1].as_of]
    return RiskLine(
        record=RecordRef(risk.id),
        title=Quote(risk.title),
        score=one.score,
        earlier_score=earlier[-1].score if earlier else None,
        changed_on=after[0] if after else None,
        missing=", ".join(name.replace("_", " ") for name in one.missing),
        owner=Quote(risk.owner) if risk.owner else None,
        next_review=risk.next_review,
    )


def _grave_issues(facts: Facts) -> list[IssueLine]:
    """Return the open issues of severity 1 or 2; those of a candidate are told where its changes are."""
    told = {comparison.candidate.id for comparison in facts.models}
    grave = [issue for issue in facts.project.of(Issue) if issue.severity <= GRAVE and ISSUE.is_open(issue)]
    grave = [issue for issue in grave if issue.severity == WORST_SEVERITY or not told.intersection(issue.affects)]
    grave.sort(key=lambda issue: (issue.severity, issue.id))
    return [IssueLine(RecordRef(one.id), Quote(one.title), one.severity) for one in grave[:ISSUES_AT_MOST]]
