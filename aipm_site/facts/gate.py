"""Gates: the verdict that follows from the criteria of a go/no-go decision, on its date and at the as-of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Literal

from msgspec import Struct

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.criterion import RESULT_WORDS, CriterionState, Evidence, counts_text, criterion_states
from aipm_site.facts.figure import Comparator, Figure, Source, sources_of
from aipm_site.records.decision import Decision

Verdict = Literal["go", "conditional", "no-go"]

# From the best to the worst.
_VERDICTS: tuple[Verdict, ...] = ("go", "conditional", "no-go")
# A gate that was called off says nothing of its subject.
_STANDING = frozenset({"proposed", "accepted"})


class GateState(Struct, frozen=True):
    """A decision with criteria, judged.

    A gate that is decided is judged by what was known on the day of the decision; later facts do not make it wrong. A
    proposed one is judged by what is known at the as-of.

    Attributes:
        decision: The record.
        subject: Id of what goes or does not go; "" where the record names none.
        given: What people decided; None where the record does not say.
        dated: Its criteria, in the record's order, by what was known on its date.
        dated_on: That day, at the latest the as-of.
        present: Its criteria by what is known at the as-of.
        present_on: The as-of.
        sources: The records behind it all.
        audience: Strictest label of these records: nothing of the result is for more readers than its least part.
    """

    decision: Decision
    subject: str
    given: Verdict | None
    dated: tuple[CriterionState, ...]
    dated_on: date
    present: tuple[CriterionState, ...]
    present_on: date
    sources: tuple[Source, ...]
    audience: str

    @property
    def is_decided(self) -> bool:
        """Whether it is no proposal any more."""
        return self.decision.status != "proposed"

    @property
    def stands(self) -> bool:
        """Whether it says something of its subject: it is proposed or accepted."""
        return self.decision.status in _STANDING

    @property
    def criteria(self) -> tuple[CriterionState, ...]:
        """The criteria that it is judged by."""
        return self.dated if self.is_decided else self.present

    @property
    def judged_on(self) -> date:
        """The day of what was known when it was judged."""
        return self.dated_on if self.is_decided else self.present_on

    @property
    def computed(self) -> Verdict:
        """The verdict that follows from the criteria."""
        return computed_verdict(self.criteria)

    @property
    def verdict(self) -> Verdict:
        """The verdict that holds: the computed one, or the given one where that is worse."""
        return worse_verdict(self.computed, self.given)

    @property
    def present_verdict(self) -> Verdict:
        """The verdict by what is known at the as-of."""
        return worse_verdict(computed_verdict(self.present), self.given)

    @property
    def counts_text(self) -> str:
        """How many criteria came out how: "2 met, 3 not met, 1 not assessed"."""
        return counts_text(self.criteria)


def worse_verdict(computed: Verdict, given: Verdict | None) -> Verdict:
    """Return the worse of two verdicts; where people gave none, the computed one."""
    return computed if given is None else max(computed, given, key=_VERDICTS.index)


def is_better_verdict(one: Verdict, other: Verdict) -> bool:
    """Say whether a verdict is better than another."""
    return _VERDICTS.index(one) < _VERDICTS.index(other)


def computed_verdict(criteria: Iterable[CriterionState]) -> Verdict:
    """Return the verdict that follows from the results (domain §2.2).

    No-go where a criterion that must be met is not met; at best conditional where one is not assessed, or where nothing
    must be met, as then nothing was asked; else go.
    """
    results = [criterion.result for criterion in criteria if criterion.must]
    if "not_met" in results:
        return "no-go"
    return "conditional" if not results or "not_assessed" in results else "go"


def gate_states(now: Evidence, then: Callable[[date], Evidence]) -> tuple[GateState, ...]:
    """Return every decision that is a gate, judged, in the order of their ids.

    Args:
        now: What is known at the as-of.
        then: Gives what was known on an earlier day.
    """
    gates = [decision for decision in now.project.of(Decision) if decision.type == "gate" and decision.criteria]
    return tuple(_gate(decision, now, _evidence_of(decision, now, then)) for decision in gates)


def gate_of(subject: str, gates: Iterable[GateState]) -> GateState | None:
    """Return the newest gate that stands and is about a subject; None without one."""
    mine = [gate for gate in gates if gate.subject == subject and gate.stands]
    return max(mine, key=lambda gate: (gate.decision.date or date.min, gate.decision.id), default=None)


def _evidence_of(decision: Decision, now: Evidence, then: Callable[[date], Evidence]) -> Evidence:
    is_earlier = decision.date is not None and decision.date < now.as_of.date
    return then(decision.date) if is_earlier and decision.date else now


def _gate(decision: Decision, now: Evidence, on_date: Evidence) -> GateState:
    present = criterion_states(decision, now)
    dated = present if on_date is now else criterion_states(decision, on_date)
    project, subject = now.project, now.project.get(decision.subject or "")
    records = [decision, *([subject] if subject else [])]
    sources = {*sources_of(records), *(source for one in (*dated, *present) for source in one.sources)}
    labels = [*map(project.audience_of, records), *(one.audience for one in (*dated, *present))]
    return GateState(
        decision=decision,
        subject=decision.subject or "",
        given=decision.verdict,
        dated=dated,
        dated_on=on_date.as_of.date,
        present=present,
        present_on=now.as_of.date,
        sources=tuple(sorted(sources)),
        audience=project.strictest(labels),
    )


def gate_figures(gates: Iterable[GateState], as_of: AsOf) -> tuple[Figure, ...]:
    """Return the verdict of each gate, and how its criteria came out: gate.DEC-020.verdict, .met and so on."""
    return tuple(figure for gate in gates for figure in _figures(gate, as_of))


def _figures(gate: GateState, as_of: AsOf) -> Iterable[Figure]:
    given = f"; people decided {gate.given}" if gate.given else ""
    rule = "go where every criterion that must be met is met or waived, at best conditional where one is not assessed"
    yield _figure(gate, as_of, "verdict", gate.verdict, "verdict", f"{gate.verdict} ({gate.counts_text})", rule + given)
    total = len(gate.criteria)
    for result, words in RESULT_WORDS.items():
        count = sum(one.result == result for one in gate.criteria)
        formula = f"criteria that are {words}, judged by what was known on {gate.judged_on.isoformat()}"
        text = f"{count} of {total} criteria {words}"
        yield _figure(gate, as_of, result, count, "criteria", text, formula, Comparator("target", *_all(total), None))


def _all(total: int) -> tuple[int, str]:
    return total, f"{total} {'criterion' if total == 1 else 'criteria'} in all"


def _figure(
    gate: GateState,
    as_of: AsOf,
    name: str,
    value: int | str,
    unit: str,
    text: str,
    formula: str,
    comparator: Comparator | None = None,
) -> Figure:
    return Figure(
        name=f"gate.{gate.decision.id}.{name}",
        value=value,
        unit=unit,
        as_of=as_of.date,
        text=text,
        formula=formula,
        sources=gate.sources,
        audience=gate.audience,
        comparator=comparator,
    )
