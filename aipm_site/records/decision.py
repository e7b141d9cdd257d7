"""Decisions: the question, the options, what was decided, by whom and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Literal

from aipm_site.records.charter import DimensionName
from aipm_site.records.fields import IsoDate, Line, Prose, reference_to
from aipm_site.records.kind import Breach, Expectation, Gives, Kind, in_status
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
    also_read="Numbered .md files in the form of MADR 2 to 4, or of Nygard, are read as they are.",
    rules=(
        outcome_is_an_option,
        there_is_a_choice,
        successor_suits_status,
        override_expires_soon,
        ends_after_date,
    ),
    expectations=(
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
