"""Decisions: the question, the options, what was decided, by whom and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Literal

from aipm_site.records.charter import DimensionName
from aipm_site.records.fields import Count, IsoDate, Line, Number, Prose, Ratio, YesNo, reference_to
from aipm_site.records.kind import Breach, Expectation, Gives, Kind, in_status, says
from aipm_site.records.record import Part, Record, expected, needed, optional

DecisionType = Literal["architecture", "gate", "vendor", "scope", "staffing", "process", "policy", "priority"]
DecisionStatus = Literal["proposed", "accepted", "rejected", "deprecated", "superseded"]

# A status that people better by decision goes back to the computed one after this many days (domain, status rule 4).
OVERRIDE_DAYS = 30


class Consequences(Part):
    """What follows from a decision."""

    good: tuple[Line, ...] = optional("what becomes better or easier", many=True)
    bad: tuple[Line, ...] = optional("what becomes worse or harder", many=True)


class Override(Part):
    """A dimension that people see better than the rules do, for a while."""

    dimension: DimensionName = needed("the dimension whose status is given")
    status: Literal["green", "amber", "red"] = needed("the status that it is given")


class Observed(Part):
    """What was found, written by hand where no metric or figure says it."""

    short_field = "value"

    value: Number = needed("what was found, in the criterion's unit")
    as_of: IsoDate | None = expected("the day for which it holds")
    n: Count | None = optional("number of cases that it rests on")
    source: Line | None = expected("where it was found: a record, a file or words")


class Criterion(Part):
    """A condition that the subject of a gate must meet."""

    name: Line = needed("what is asked, in a few words")
    metric: Annotated[Line, reference_to("metric")] | None = optional(
        "the metric whose newest value of the subject counts"
    )
    slice: Line | None = optional("part of the data, such as ehr_feed=B; the whole of it where absent")
    figure: Line | None = optional("a figure of the project that counts, such as cost.cpi, where no metric does")
    operator: Literal[">=", ">", "<=", "<", "="] = needed("how the observed value stands to the threshold")
    threshold: Number = needed("the limit; by >= and <= the limit itself meets it")
    unit: Line | None = optional("unit of the threshold, where no metric says it")
    must: YesNo = optional("whether there is no go without it", True)
    observed: Observed | None = optional("what was found, where no metric or figure says it")
    result: Literal["met", "not_met", "not_assessed", "waived"] | None = optional(
        "computed; the writer's word counts only where it is worse, or where a waiver stands behind it"
    )
    waiver: Annotated[Line, reference_to("decision")] | None = optional("the decision that lets it pass unmet")


class Rollout(Part):
    """What a go lets out, to whom, and how it is taken back."""

    cohort: Line | None = expected("who gets it")
    share: Ratio | None = optional("share of all who could get it")
    start: IsoDate | None = expected("the first day")
    rollback_plan: Prose | None = expected("how it is taken back")


class Decision(Record):
    """A question that was, or must be, answered by choosing."""

    status: DecisionStatus = optional("where it stands", "proposed")
    question: Prose | None = expected("what is to be decided, as a question")
    type: DecisionType | None = expected("what sort of decision it is")
    date: IsoDate | None = expected("the day on which it was decided, or proposed")
    decision_makers: tuple[Line, ...] = expected("roles that decide", many=True)
    options: tuple[Line, ...] = expected("what could be chosen, two or more", many=True)
    outcome: Line | None = optional("the option that was chosen, in the words of 'options'")
    rationale: Prose | None = optional("why it was chosen")
    drivers: tuple[Line, ...] = optional("what speaks in the choice: needs, forces, concerns", many=True)
    consulted: tuple[Line, ...] = optional("roles that were asked before", many=True)
    informed: tuple[Line, ...] = optional("roles that are told after", many=True)
    consequences: Consequences | None = optional("what follows, good and bad")
    confirmation: Prose | None = optional("how one sees that it is carried out")
    reversible: Literal["one_way", "two_way"] | None = optional("whether it can be taken back")
    decide_by: IsoDate | None = optional("the day by which it must be decided")
    recommendation: Line | None = optional("what those who prepared it would choose")
    cost_of_delay: Line | None = optional("what waiting costs, in one clause")
    expires: IsoDate | None = optional("the day on which it ends")
    revisit_on: IsoDate | None = optional("the day on which it is looked at again")
    overrides: Override | None = optional("a status that it gives to a dimension, for 30 days at most")
    superseded_by: Annotated[Line, reference_to("decision")] | None = optional("the decision that replaces it")
    subject: Annotated[Line, reference_to()] | None = optional("of a gate: what goes or does not go, such as a model")
    criteria: tuple[Criterion, ...] = optional("of a gate: what the subject must meet", many=True)
    rollout: Rollout | None = optional("of a gate: what a go lets out")
    verdict: Literal["go", "conditional", "no-go"] | None = optional(
        "of a gate: what people decided; better than computed needs a waiver for what is not met"
    )


def outcome_is_an_option(decision: Decision) -> Iterable[Breach]:
    """Find an accepted outcome that was not among the options."""
    if decision.status != "accepted" or not decision.outcome or not decision.options:
        return
    if _folded(decision.outcome) not in map(_folded, decision.options):
        options = "; ".join(decision.options)
        message = f"the outcome '{decision.outcome}' is none of the options"
        yield Breach("outcome-not-an-option", message, ("outcome",), f"options: {options}")


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def there_is_a_choice(decision: Decision) -> Iterable[Breach]:
    """Warn of a choice among one; a policy may stand alone."""
    if len(decision.options) == 1 and decision.type != "policy":
        hint = "write what else could be done, if only to leave things as they are"
        yield Breach("one-option", "one option is no choice", ("options",), hint, "warning")


def successor_suits_status(decision: Decision) -> Iterable[Breach]:
    """Find a successor of a decision that still stands."""
    if not decision.superseded_by:
        return
    if decision.superseded_by == decision.id:
        yield Breach("supersedes-itself", "the decision is superseded by itself", ("superseded_by",))
    if decision.status != "superseded":
        message = f"superseded_by is given, and status is '{decision.status}'"
        yield Breach("contradiction", message, ("superseded_by",), "write status: superseded")


def override_expires_soon(decision: Decision) -> Iterable[Breach]:
    """Find a status that people would better for longer than is allowed."""
    if not decision.overrides or not decision.expires or not decision.date:
        return
    last = decision.date + timedelta(days=OVERRIDE_DAYS)
    if decision.expires > last:
        message = f"expires {decision.expires} is more than {OVERRIDE_DAYS} days after date {decision.date}"
        yield Breach("override-too-long", message, ("expires",), f"write {last} or earlier")


def ends_after_date(decision: Decision) -> Iterable[Breach]:
    """Find a decision that ends, or is looked at again, before it was made."""
    for name in ("expires", "revisit_on"):
        end = getattr(decision, name)
        if decision.date and end and end < decision.date:
            yield Breach("wrong-order", f"{name} {end} is before date {decision.date}", (name,))


def gate_fields_are_of_a_gate(decision: Decision) -> Iterable[Breach]:
    """Find what only a gate has on a decision of another type."""
    if decision.type == "gate":
        return
    for name in ("criteria", "rollout", "verdict"):
        if getattr(decision, name):
            message = f"{name} is given, and type is {decision.type or 'not given'}"
            yield Breach("contradiction", message, (name,), "write type: gate, or leave it out")


def criteria_can_be_told_apart(decision: Decision) -> Iterable[Breach]:
    """Find two criteria of one name, and a criterion with more than one place to look."""
    seen: Counter[str] = Counter()
    for index, criterion in enumerate(decision.criteria):
        seen[_folded(criterion.name)] += 1
        if seen[_folded(criterion.name)] > 1:
            yield Breach("duplicate-name", f"'{criterion.name}' stands twice", ("criteria", index, "name"))
        if criterion.metric and criterion.figure:
            message = f"'{criterion.name}' names a metric and a figure"
            yield Breach(
                "contradiction", message, ("criteria", index, "figure"), "one of them is held against the threshold"
            )
        if criterion.slice and not criterion.metric:
            message = f"'{criterion.name}' names a slice and no metric"
            yield Breach("contradiction", message, ("criteria", index, "slice"), "write metric: as well")


def waivers_have_a_decision(decision: Decision) -> Iterable[Breach]:
    """Find a criterion that is waived by nobody, or by the gate itself."""
    for index, criterion in enumerate(decision.criteria):
        if criterion.result == "waived" and criterion.waiver is None:
            message = f"'{criterion.name}' is waived, and no decision says so"
            yield Breach("no-waiver", message, ("criteria", index, "result"), "waiver: id of the decision")
        if criterion.waiver == decision.id:
            yield Breach("waives-itself", "the gate waives its own criterion", ("criteria", index, "waiver"))


KIND = Kind(
    Decision,
    name="decision",
    folder="decisions",
    prefix="DEC",
    plural="decisions",
    register="Decisions",
    columns=("id", "title", "type", "status", "date", "decide_by", "owner"),
    done=frozenset({"accepted", "rejected", "deprecated", "superseded"}),
    default_status="proposed",
    fresh_days=None,
    dated="date",
    # Of one that was superseded since, the day says when it was decided, and no longer when it changed.
    reached=(("accepted", "date"), ("rejected", "date")),
    also_read="Numbered .md files in the form of MADR 2 to 4, or of Nygard, are read as they are.",
    rules=(
        outcome_is_an_option,
        there_is_a_choice,
        successor_suits_status,
        override_expires_soon,
        ends_after_date,
        gate_fields_are_of_a_gate,
        criteria_can_be_told_apart,
        waivers_have_a_decision,
    ),
    expectations=(
        Expectation(
            ("criteria", "subject"),
            when=says("type", "gate"),
            because="a gate asks something of its subject",
            level="needed",
        ),
        Expectation(("rollout",), when=says("type", "gate"), because="a go lets something out"),
        Expectation(
            ("outcome", "date"),
            when=in_status("accepted"),
            because="an accepted decision has an outcome and a date",
            level="needed",
        ),
        Expectation(
            ("superseded_by",),
            when=in_status("superseded"),
            because="a superseded decision names its successor",
            level="needed",
        ),
        Expectation(
            ("expires",),
            when=Gives("overrides"),
            because="a status given by decision ends",
            level="needed",
        ),
        Expectation(
            ("outcome", "rationale"),
            when=in_status("accepted", "rejected", "deprecated", "superseded"),
            because="what is no proposal any more says what was decided and why",
        ),
    ),
)
