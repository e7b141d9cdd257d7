"""The policy applied: which rules a change meets, what excuses it, and the verdict that follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from msgspec import Struct

from aipm_site.changes.changes import Changes
from aipm_site.changes.figures import FigureChange
from aipm_site.changes.finish import FINISH_FIGURES
from aipm_site.changes.records import How, RecordChange
from aipm_site.facts.figure import Figure
from aipm_site.records.policy import ANY, VERDICTS, Conditions, Policy, Rule, Verdict

# What makes a condition hold: names of records, figures and the like; none where it does not.
Evidence = tuple[str, ...]


class Met(Struct, frozen=True):
    """A condition that holds.

    Attributes:
        condition: Its name.
        argument: What it asks for, as plain data.
        evidence: What makes it hold, as far as the audience may know it; none where it holds by what is hidden alone.
    """

    condition: str
    argument: Any
    evidence: Evidence


class Ruling(Struct, frozen=True):
    """A rule whose conditions hold.

    Attributes:
        rule: The rule.
        number: Its number in the policy, from 1.
        line: Its line in the file.
        verdict: What follows: what it says, or allow where something excuses it.
        met: The conditions that hold.
        excuse: What excuses it; None where nothing does.
    """

    rule: Rule
    number: int
    line: int
    verdict: Verdict
    met: tuple[Met, ...]
    excuse: Met | None

    @property
    def is_shared(self) -> bool:
        """Whether the audience sees for itself that each condition holds, and so may know that the rule is met."""
        return all(met.evidence for met in (*self.met, *((self.excuse,) if self.excuse else ())))


class Judgement(Struct, frozen=True):
    """What the policy says of a change.

    Attributes:
        verdict: The strictest of all rulings; allow where there are none, block where the policy cannot be read.
        rulings: The rules that the change meets, in their order, as far as the audience may know that it does.
        hidden: Verdicts of those that it may not know of, each once, the strictest first: which rule is met, and so
            what happened, they do not tell.
        file: Where the policy stands; "" without one.
        is_sound: Whether the policy could be read.
    """

    verdict: Verdict
    rulings: tuple[Ruling, ...] = ()
    hidden: tuple[Verdict, ...] = ()
    file: str = ""
    is_sound: bool = True


def judge(policy: Policy | None, whole: Changes, shown: Changes) -> Judgement:
    """Return what a policy says of a change: of everything in it, whoever may see it.

    Args:
        policy: The policy; None where the project has none.
        whole: All that changed.
        shown: What of it the caller may see; only this is named.
    """
    if policy is None:
        return Judgement("allow")
    if not policy.is_sound:
        return Judgement("block", file=policy.file, is_sound=False)
    numbered = enumerate(zip(policy.rules, policy.lines, strict=True), 1)
    found = (_ruling(rule, number, line, whole, shown) for number, (rule, line) in numbered)
    rulings = tuple(ruling for ruling in found if ruling is not None)
    verdicts: list[Verdict] = ["allow", *(ruling.verdict for ruling in rulings)]
    hidden = {ruling.verdict for ruling in rulings if not ruling.is_shared}
    return Judgement(
        max(verdicts, key=VERDICTS.index),
        tuple(ruling for ruling in rulings if ruling.is_shared),
        tuple(sorted(hidden, key=VERDICTS.index, reverse=True)),
        policy.file,
    )


def _ruling(rule: Rule, number: int, line: int, whole: Changes, shown: Changes) -> Ruling | None:
    # What nobody knows fulfils a condition, and excuses nothing.
    met = tuple(_met(rule.when, whole.with_unclear(), shown.with_unclear()))
    if len(met) < len(rule.when.given()):
        return None
    excuses = tuple(_met(rule.unless, whole, shown)) if rule.unless else ()
    # Of several excuses one that the audience sees for itself is told.
    excuse = next((met for met in excuses if met.evidence), excuses[0] if excuses else None)
    return Ruling(rule, number, line, "allow" if excuse else rule.then, met, excuse)


def _met(conditions: Conditions, whole: Changes, shown: Changes) -> Iterator[Met]:
    for name, argument in conditions.given().items():
        evidence = CONDITIONS_HELD[name](whole, argument)
        if evidence:
            yield Met(name, argument, tuple(e for e in CONDITIONS_HELD[name](shown, argument) if e in evidence))


def _overall_worse(changes: Changes, _: Any) -> Evidence:
    change = changes.overall
    return (f"{change.before} → {change.after}",) if change and change.better is False else ()


def _overall_becomes(changes: Changes, word: str) -> Evidence:
    change = changes.overall
    return (f"{change.before} → {change.after}",) if change and change.after == word else ()


def _dimension_worse(changes: Changes, names: Sequence[str]) -> Evidence:
    return tuple(
        f"{change.name} {change.before} → {change.after}"
        for change in changes.dimensions
        if change.better is False and _is_named(change.name, names)
    )


def _dimension_dropped(changes: Changes, names: Sequence[str]) -> Evidence:
    return tuple(c.name for c in changes.dimensions if c.was_dropped and _is_named(c.name, names))


def _gate_worse(changes: Changes, names: Sequence[str]) -> Evidence:
    return tuple(
        f"{change.record_id} {change.before or 'none'} → {change.after or 'none'}"
        for change in changes.gates
        if (change.better is False or change.after is None) and _is_named(change.record_id, names)
    )


def _figure_worse(changes: Changes, names: Sequence[str]) -> Evidence:
    return tuple(c.name for c in changes.figures if c.better is False and _is_figure(c.name, names))


def _figure_changed(changes: Changes, names: Sequence[str]) -> Evidence:
    return tuple(c.name for c in changes.figures if _is_figure(c.name, names))


def _finish_later(changes: Changes, days: int) -> Evidence:
    last = changes.finish.days if changes.finish else None
    delta = next((c.delta for c in _named(changes, *FINISH_FIGURES) if c.delta), last)
    return (f"{int(delta)} days later",) if delta is not None and delta > days else ()


def _estimate_up(changes: Changes, share: Decimal) -> Evidence:
    for change in _named(changes, "cost.eac"):
        before = change.before.value if isinstance(change.before, Figure) else None
        if change.delta is None or not isinstance(before, (int, Decimal, Fraction)) or before <= 0:
            continue
        if change.delta > Fraction(share) * Fraction(before):
            return ("cost.eac",)
    return ()


def _risk_score(changes: Changes, least: int) -> Evidence:
    scored = ((c.record_id, c.scores) for c in changes.of("added", "changed") if c.is_open)
    return tuple(
        f"{i} {now}" for i, (before, now) in scored if now is not None and max(least, (before or 0) + 1) <= now
    )


def _records(*how: How) -> Callable[[Changes, Any], Evidence]:
    def held(changes: Changes, names: Sequence[str]) -> Evidence:
        return tuple(c.record_id for c in changes.of(*how) if _is_record(c, names))

    return held


def _removed_open(changes: Changes, names: Sequence[str]) -> Evidence:
    return tuple(c.record_id for c in changes.removed_while_open if _is_record(c, names))


def _decision_accepted(changes: Changes, names: Sequence[str]) -> Evidence:
    decisions = (c for c in changes.of("added", "changed", "closed") if c.kind == "decision" and c.status == "accepted")
    became = (c for c in decisions if c.how == "added" or any(f.field == "status" for f in c.fields))
    return tuple(c.record_id for c in became if _is_named(c.record_id, names))


def _taken_twice(changes: Changes, _: Any) -> Evidence:
    return tuple(collision.record_id for collision in changes.collisions)


def _audience(*, narrower: bool) -> Callable[[Changes, Any], Evidence]:
    def held(changes: Changes, _: Any) -> Evidence:
        return tuple(one.name or "not shared" for one in changes.reclassified if one.is_narrower == narrower)

    return held


def _rewritten(changes: Changes, names: Sequence[str]) -> Evidence:
    return tuple(one.record_id for one in changes.rewritten if _is_named(one.record_id, names))


def _templates(changes: Changes, _: Any) -> Evidence:
    return tuple(change.path for change in changes.templates)


def _policy(changes: Changes, _: Any) -> Evidence:
    return tuple(change.path for change in changes.policy)


def _more(severity: str) -> Callable[[Changes, Any], Evidence]:
    def held(changes: Changes, _: Any) -> Evidence:
        before, after = (counts[severity] for counts in changes.problems)
        return (f"{before} → {after}",) if after > before else ()

    return held


CONDITIONS_HELD: Mapping[str, Callable[[Changes, Any], Evidence]] = {
    "overall_worse": _overall_worse,
    "overall_becomes": _overall_becomes,
    "dimension_worse": _dimension_worse,
    "dimension_dropped": _dimension_dropped,
    "gate_worse": _gate_worse,
    "figure_worse": _figure_worse,
    "figure_changed": _figure_changed,
    "finish_later_days": _finish_later,
    "estimate_up": _estimate_up,
    "risk_score_from": _risk_score,
    "record_added": _records("added"),
    "record_changed": _records("changed"),
    "record_closed": _records("closed", "withdrawn"),
    "record_removed": _records("removed"),
    "removed_while_open": _removed_open,
    "report_rewritten": _rewritten,
    "decision_accepted": _decision_accepted,
    "id_taken_twice": _taken_twice,
    "audience_wider": _audience(narrower=False),
    "audience_narrower": _audience(narrower=True),
    "template_changed": _templates,
    "policy_changed": _policy,
    "more_errors": _more("error"),
    "more_warnings": _more("warning"),
}


def _is_named(name: str, names: Sequence[str]) -> bool:
    return ANY in names or name in names


def _is_record(change: RecordChange, names: Sequence[str]) -> bool:
    return ANY in names or change.kind in names or change.record_id in names


def _is_figure(name: str, patterns: Sequence[str]) -> bool:
    return any(
        pattern in (ANY, name) or (pattern.endswith(".*") and name.startswith(pattern[:-1])) for pattern in patterns
    )


def _named(changes: Changes, *names: str) -> Iterator[FigureChange]:
    for name in names:
        yield from (change for change in changes.figures if change.name == name)
