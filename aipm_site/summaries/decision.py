"""Decision lines of a report: what is asked of the reader, by when, and what waiting costs."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from aipm_site.facts.decision import DecisionNeeded
from aipm_site.facts.facts import Facts
from aipm_site.summaries.printed import FigureRef, Quote, RecordRef

DECISIONS_AT_MOST = 3


class DecisionLine(Struct, frozen=True):
    """A decision that is needed.

    Attributes:
        record: Its id.
        title: What it is called.
        options: How many options there are.
        recommendation: What those who prepared it would choose; None where they say nothing.
        decide_by: The day by which it is needed; None where the record names none.
        is_overdue: Whether that day has passed.
        cost_of_delay: What waiting costs, in the record's words; None where it says nothing.
        verdict: Of a gate, what its criteria say; None for other decisions.
    """

    record: RecordRef
    title: Quote
    options: int
    recommendation: Quote | None
    decide_by: date | None
    is_overdue: bool
    cost_of_delay: Quote | None
    verdict: FigureRef | None


class DecisionLines(Struct, frozen=True):
    """The decisions that are needed, the most pressing first, and how many more there are."""

    needed: tuple[DecisionLine, ...]
    more: int


def decision_lines(facts: Facts) -> DecisionLines:
    """Return what to say of decisions."""
    needed = facts.decisions_needed
    return DecisionLines(
        tuple(decision_line(facts, one) for one in needed[:DECISIONS_AT_MOST]), max(0, len(needed) - DECISIONS_AT_MOST)
    )


def decision_line(facts: Facts, needed: DecisionNeeded) -> DecisionLine:
    """Return what to say of one decision."""
    gate = next((gate for gate in facts.gates if gate.decision.id == needed.record_id), None)
    return DecisionLine(
        record=RecordRef(needed.record_id),
        title=Quote(needed.title),
        options=len(needed.options),
        recommendation=Quote(needed.recommendation) if needed.recommendation else None,
        decide_by=needed.decide_by,
        is_overdue=needed.is_overdue,
        cost_of_delay=Quote(needed.cost_of_delay) if needed.cost_of_delay else None,
        verdict=FigureRef(f"gate.{needed.record_id}.verdict", f"{gate.verdict}, {gate.counts_text}") if gate else None,
    )
