"""Changes of the status: overall, dimensions and gates, before and after, with the rules that fired."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from aipm_site.changes.polarity import is_better_word
from aipm_site.changes.side import Pair
from aipm_site.facts.facts import Facts
from aipm_site.facts.finding import Finding
from aipm_site.facts.gate import GateState
from aipm_site.facts.status import Dimension

NOT_TRACKED = "not_applicable"
NOT_SHARED = "not_shared"


class StatusChange(Struct, frozen=True):
    """The overall status, or that of a dimension, where it is not what it was.

    Attributes:
        name: "overall", or the dimension.
        before: The status before.
        after: The status after.
        better: Whether that is better; None where nobody can say.
        findings: What made the status what it is now: the rules that fired.
        was_dropped: Whether the project no longer answers for the dimension.
    """

    name: str
    before: str
    after: str
    better: bool | None
    findings: tuple[Finding, ...]
    was_dropped: bool = False


class GateChange(Struct, frozen=True):
    """A go/no-go decision of which the verdict or the results are not what they were, or that is new or gone.

    Attributes:
        record_id: Id of the decision.
        title: Its title.
        before: The verdict before; None where there was no gate.
        after: The verdict after; None where there is no gate any more.
        counts_before: How its criteria came out before; "" where there was no gate.
        counts_after: How they come out now; "" where there is none.
        better: Whether that is better; None where nobody can say.
    """

    record_id: str
    title: str
    before: str | None
    after: str | None
    counts_before: str
    counts_after: str
    better: bool | None

    @property
    def is_turned(self) -> bool:
        """Whether the verdict is another, and not only the results behind it."""
        return self.before != self.after


def overall_change(pair: Pair) -> StatusChange | None:
    """Return how the overall status changed; None where it did not, or where this audience may not see it."""
    before, after = pair.base.facts.status, pair.head.facts.status
    is_hidden = overall_status(pair) == NOT_SHARED
    if is_hidden or not (before.is_listed or after.is_listed) or before.overall == after.overall:
        return None
    return StatusChange(
        "overall", before.overall, after.overall, _better(before.overall, after.overall), after.findings
    )


def overall_status(pair: Pair) -> str:
    """Return the overall status afterwards; not_shared where this audience may not see it on one side or the other."""
    before, after = pair.base.facts.status.overall, pair.head.facts.status.overall
    return NOT_SHARED if NOT_SHARED in (before, after) else after


def dimension_changes(pair: Pair) -> tuple[StatusChange, ...]:
    """Return the dimensions whose status changed, those included that the project began or ceased to answer for."""
    base, head = _dimensions(pair.base.facts), _dimensions(pair.head.facts)
    names = [name for name in head if name in base]
    return tuple(_dimension_change(base[name], head[name]) for name in names if base[name].status != head[name].status)


def gate_changes(pair: Pair) -> tuple[GateChange, ...]:
    """Return the gates whose verdict or results changed, by id."""
    base, head = _gates(pair, pair.base.facts), _gates(pair, pair.head.facts)
    found = (_gate_change(i, base.get(i), head.get(i)) for i in sorted(base.keys() | head.keys()))
    return tuple(g for g in found if (g.before, g.counts_before) != (g.after, g.counts_after))


def _dimensions(facts: Facts) -> Mapping[str, Dimension]:
    return {dimension.name: dimension for dimension in facts.status.dimensions}


def _dimension_change(before: Dimension, after: Dimension) -> StatusChange:
    findings = tuple(finding for finding in after.findings if finding.status == after.status) or after.deciding
    return StatusChange(
        after.name,
        before.status,
        after.status,
        _better(before.status, after.status),
        () if after.status == NOT_TRACKED else findings,
        was_dropped=after.status == NOT_TRACKED,
    )


def _better(before: str, after: str) -> bool | None:
    return is_better_word(before, after)


def _gates(pair: Pair, facts: Facts) -> Mapping[str, GateState]:
    return {gate.decision.id: gate for gate in facts.gates if gate.decision.id not in pair.hidden_ids}


def _verdict(gate: GateState | None) -> str | None:
    return gate.verdict if gate else None


def _gate_change(record_id: str, before: GateState | None, after: GateState | None) -> GateChange:
    gate = after or before
    old, new = _verdict(before), _verdict(after)
    return GateChange(
        record_id,
        gate.decision.title if gate else "",
        old,
        new,
        before.counts_text if before else "",
        after.counts_text if after else "",
        is_better_word(old, new) if old and new else None,
    )
