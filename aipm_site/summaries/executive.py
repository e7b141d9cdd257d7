"""The executive summary: what is chosen from the facts for a reader with one minute; its words are a template."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from aipm_site.facts.facts import Facts
from aipm_site.facts.finding import Finding
from aipm_site.facts.numbers import days
from aipm_site.facts.status import WAITING_RULES, Dimension
from aipm_site.summaries.benefit import BenefitLines, benefit_lines
from aipm_site.summaries.cost import CostLines, cost_lines
from aipm_site.summaries.decision import DecisionLine, DecisionLines, decision_lines
from aipm_site.summaries.due import DueLines, due_lines
from aipm_site.summaries.key_figures import KeyFigures, key_figures
from aipm_site.summaries.material_changes import MaterialChanges, material_changes
from aipm_site.summaries.milestone import ScheduleLines, schedule_lines
from aipm_site.summaries.model import CandidateLines, ProductionLines, candidate_lines, production_lines
from aipm_site.summaries.past import Past
from aipm_site.summaries.printed import FigureRef
from aipm_site.summaries.reasons import is_silent, leading_clause, reason_text, silent_inputs
from aipm_site.summaries.risk import RiskLines, risk_lines
from aipm_site.summaries.sprint import SprintLines, sprint_lines

# The headline has 40 words: what does not fit is told below it.
HEADLINE_INPUTS = 2
HEADLINE_TITLE_WORDS = 9
NOT_REPORTED_AT_MOST = 4


class Headline(Struct, frozen=True):
    """The first lines: status, why, and what the reader must do.

    Attributes:
        status: The overall status; None where it is not shared or nothing is tracked.
        is_tracked: Whether the project answers for any dimension.
        clause: What led to the status, without numbers; empty where nothing leads.
        silent: Inputs that are not reported, the first few.
        more_silent: How many more there are.
        is_plural_silent: Whether they are told in the plural: several, or one whose name is a plural.
        decision: The most pressing decision; None without one.
        has_short_title: Whether that decision's title is short enough for a headline.
    """

    status: FigureRef | None
    is_tracked: bool
    clause: str
    silent: tuple[str, ...]
    more_silent: int
    is_plural_silent: bool
    decision: DecisionLine | None
    has_short_title: bool


class StripLine(Struct, frozen=True):
    """A dimension in the strip.

    Attributes:
        name: What it is called.
        status: Its status.
        previous: Its status in the last issued report, or at the revision before; None where that is not known.
        days: For how many days it has been so; None where that is not known.
    """

    name: str
    status: FigureRef
    previous: FigureRef | None
    days: FigureRef | None


class Edition(Struct, frozen=True):
    """What a report says of itself.

    Attributes:
        project: What the project is called for its readers.
        revision: The commit that the records are from; None without one.
        uncommitted: Whether the checkout differed from that commit.
    """

    project: str
    revision: str | None
    uncommitted: bool = False


class Hidden(Struct, frozen=True):
    """Of what the readers may not see every record, so that a report must not say "none"."""

    decisions: bool
    models: bool
    milestones: bool
    risks: bool
    dates: bool
    money: bool
    benefits: bool


class DataNotes(Struct, frozen=True):
    """What the summary rests on.

    Attributes:
        as_of: The day that it speaks for.
        time: The time of day and its offset, where the as-of is a moment; empty otherwise.
        edition: Project, revision and whether there were uncommitted changes.
        template: The template that it was written by.
        not_reported: Inputs that are missing or stale, each with its date and limit.
        more_not_reported: How many more there are.
        is_all_reported: Whether nothing that is shown lacks a value or its freshness.
        not_tracked: Dimensions that the project does not answer for.
        history: Why it is not told since when the status is so; empty where it is.
        is_previous_known: Whether the previous status is told all the same.
        withheld: What is reported worse than computed, as no second report shows the better yet.
        hidden_findings: How many reasons this audience may not see.
        not_shared: What of the status is not shared with it.
    """

    as_of: date
    time: str
    edition: Edition
    template: str
    not_reported: tuple[FigureRef, ...]
    more_not_reported: int
    is_all_reported: bool
    not_tracked: tuple[str, ...]
    history: str
    is_previous_known: bool
    withheld: tuple[str, ...]
    hidden_findings: int
    not_shared: tuple[str, ...]


class ExecutiveSummary(Struct, frozen=True):
    """The context of templates/reports/executive.md, as `summary`.

    Attributes:
        project: What the project is called.
        headline: The first lines.
        strip: The dimensions that the project answers for.
        previous_as_of: The day of the previous statuses in it; None where none is known.
        key_figures: At most six figures, what they did since the last report, and their course.
        decisions: What is asked of the reader.
        changes: What changed since the last report, or since the revision before.
        candidates: What each candidate changes against production.
        production: The versions in production.
        schedule: The plan.
        risks: Risks and grave issues.
        cost: The money.
        benefits: What the result is worth, and what was realised of it.
        sprint: The active sprint; None without one.
        due: What comes next.
        notes: What all this rests on.
        hidden: Of what the readers may not see everything.
    """

    project: str
    headline: Headline
    strip: tuple[StripLine, ...]
    previous_as_of: date | None
    key_figures: KeyFigures
    decisions: DecisionLines
    changes: MaterialChanges
    candidates: tuple[CandidateLines, ...]
    production: tuple[ProductionLines, ...]
    schedule: ScheduleLines
    risks: RiskLines
    cost: CostLines
    benefits: BenefitLines
    sprint: SprintLines | None
    due: DueLines
    notes: DataNotes
    hidden: Hidden


def executive_summary(facts: Facts, edition: Edition, template: str, past: Past) -> ExecutiveSummary:
    """Return what the executive summary says.

    Args:
        facts: What its readers may see.
        edition: What the report says of itself.
        template: The file of its template.
        past: What its readers may know of the time before.
    """
    decisions, key, risks, candidates = (
        decision_lines(facts),
        key_figures(facts, past),
        risk_lines(facts),
        candidate_lines(facts),
    )
    return ExecutiveSummary(
        project=edition.project,
        headline=_headline(facts, decisions),
        strip=tuple(map(_strip_line, facts.status.listed)),
        previous_as_of=max((d for one in facts.status.listed if (d := one.standing.previous_as_of)), default=None),
        key_figures=key,
        decisions=decisions,
        changes=material_changes(facts, past, key, risks, candidates),
        candidates=candidates,
        production=production_lines(facts),
        schedule=schedule_lines(facts),
        risks=risks,
        cost=cost_lines(facts),
        benefits=benefit_lines(facts),
        sprint=sprint_lines(facts),
        due=due_lines(facts),
        notes=_notes(facts, edition, template),
        hidden=_hidden(facts.not_shared_kinds),
    )


def _strip_line(dimension: Dimension) -> StripLine:
    name, stands = f"status.{dimension.name}", dimension.standing
    return StripLine(
        name=dimension.name.capitalize(),
        # Why a dimension is silent stands in the notes.
        status=FigureRef(name, "not reported" if dimension.status == "not_reported" else ""),
        previous=FigureRef(name, stands.previous.replace("_", " ")) if stands.previous else None,
        days=FigureRef(name, days(stands.days)) if stands.days is not None else None,
    )


def _headline(facts: Facts, decisions: DecisionLines) -> Headline:
    status = facts.status
    is_shared = status.is_listed and status.overall != "not_shared"
    silent = silent_inputs(finding for _, finding in _silent(facts))
    decision = decisions.needed[0] if decisions.needed else None
    return Headline(
        # domain §4.4, sample A: "at risk (amber, 9 days)".
        status=FigureRef("status.overall", status.label[0].lower() + status.label[1:], is_whole=True)
        if is_shared
        else None,
        is_tracked=status.is_listed,
        clause=leading_clause(status.findings),
        silent=tuple(one.name for one in silent[:HEADLINE_INPUTS]),
        more_silent=max(0, len(silent) - HEADLINE_INPUTS),
        is_plural_silent=len(silent) > 1 or any(one.is_plural for one in silent),
        decision=decision,
        has_short_title=decision is not None and len(decision.title.text.split()) <= HEADLINE_TITLE_WORDS,
    )


def _notes(facts: Facts, edition: Edition, template: str) -> DataNotes:
    silent = [FigureRef(f"status.{name}", reason_text(finding)) for name, finding in _silent(facts)]
    as_of, status = facts.as_of, facts.status
    return DataNotes(
        as_of=as_of.date,
        time=as_of.moment.isoformat(timespec="minutes").partition("T")[2] if as_of.is_moment else "",
        edition=edition,
        template=template,
        not_reported=tuple(silent[:NOT_REPORTED_AT_MOST]),
        more_not_reported=max(0, len(silent) - NOT_REPORTED_AT_MOST),
        is_all_reported=not silent and _is_all_reported(facts),
        not_tracked=status.not_tracked,
        history=status.since_reason if status.since is None else "",
        is_previous_known=status.previous is not None,
        withheld=tuple(_withheld(facts)),
        hidden_findings=sum(dimension.hidden_findings for dimension in status.listed),
        not_shared=tuple(sorted(status.not_shared)),
    )


def _withheld(facts: Facts) -> Iterator[str]:
    """Give what is reported worse than computed, with both."""
    status = facts.status
    waiting = [("overall", status.findings)] if status.is_withheld else []
    waiting += [(dimension.name, dimension.findings) for dimension in status.listed if dimension.is_withheld]
    for name, findings in waiting:
        found = next((finding for finding in findings if finding.rule in WAITING_RULES), None)
        if found is not None:
            yield f"{name}: {reason_text(found)}"


def _is_all_reported(facts: Facts) -> bool:
    """Say whether nothing that is shown lacks a value; a dimension that is hidden does not make its metrics fresh."""
    lines = (line for model in production_lines(facts) for line in model.metrics)
    sprint = sprint_lines(facts)
    return (
        all(line.value is not None and line.silence is None for line in lines)
        and all(one.not_reported == 0 and one.status != "not_reported" for one in facts.status.listed)
        and (sprint is None or sprint.is_reported)
    )


def _hidden(kinds: frozenset[str]) -> Hidden:
    return Hidden(
        decisions=bool(kinds & {"decision", "funding-request"}),
        models=bool(kinds & {"model", "observation", "metric"}),
        milestones="milestone" in kinds,
        risks=bool(kinds & {"risk", "issue"}),
        money=bool(kinds & {"budget-line", "cost"}),
        benefits="benefit" in kinds,
        dates=bool(kinds & {"action", "milestone", "objective", "sprint"}),
    )


def _silent(facts: Facts) -> Iterator[tuple[str, Finding]]:
    """Give each missing or stale input, with the dimension that needs it."""
    for dimension in facts.status.listed:
        yield from ((dimension.name, finding) for finding in dimension.findings if is_silent(finding))
