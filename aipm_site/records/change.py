"""Changes: what somebody wants to be different, what that would do to the plan, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Literal

from aipm_site.records.fields import IsoDate, Line, Prose, Reader, YesNo, read_number_or_word, reference_to
from aipm_site.records.kind import Breach, Expectation, Kind, in_status
from aipm_site.records.record import Part, Record, expected, needed, optional

ChangeStatus = Literal["submitted", "assessing", "approved", "rejected", "deferred", "implemented", "withdrawn"]
APPROVED = frozenset({"approved", "implemented"})
UNKNOWN = "unknown"

Effect = Annotated[
    Decimal | str,
    Reader(
        read_number_or_word("none", UNKNOWN),
        "number, or none, or unknown",
        {"type": ["number", "string"], "pattern": r"^([+-]?[0-9]+(\.[0-9]+)?|none|unknown)$"},
    ),
]
"""What a change does: a number, "none" where it was looked at and does nothing, "unknown" where nobody has looked."""


class ChangeImpact(Part):
    """What the change does to each part of the plan; more is positive."""

    schedule_days: Effect | None = expected("days by which the finish moves, later is positive")
    cost: Effect | None = expected("money, in the project's currency")
    scope: Effect | None = expected("work that is added, in the unit of the baseline's scope")
    quality: Effect | None = expected("points of the quality measure that it is about")
    risk: Effect | None = expected("change of the worst score")
    resources: Effect | None = expected("people, in full-time equivalents")


class Told(Part):
    """Whom the outcome was told, and when."""

    to: Line = needed("the role that was told")
    on: IsoDate | None = expected("the day")


class Change(Record):
    """A request to change scope, schedule or budget."""

    status: ChangeStatus = needed("where it stands")
    requested_by: Annotated[Line, reference_to("stakeholder", only_ids=True)] | None = expected(
        "the role that asks for it"
    )
    requested_on: IsoDate | None = expected("the day on which it was asked for")
    description: Prose | None = expected("what shall be different")
    reason: Prose | None = expected("why")
    beyond_baseline: YesNo | None = expected("whether it goes beyond what was promised")
    impact: ChangeImpact | None = expected("what it does to schedule, cost, scope, quality, risk and resources")
    options: tuple[Line, ...] = optional("what could be done instead", many=True)
    decision: Annotated[Line, reference_to("decision")] | None = optional("the decision about it")
    baseline_after: Annotated[Line, reference_to("baseline")] | None = optional("the baseline that takes it in")
    communicated_to: tuple[Told, ...] = optional("who was told of the outcome", many=True)
    implemented_on: IsoDate | None = optional("the day on which it was carried out")


def approval_knows_the_impact(change: Change) -> Iterable[Breach]:
    """Find an approved change of which somebody still writes that its effect is unknown (domain §2.2)."""
    if change.status not in APPROVED or change.impact is None:
        return
    for name in type(change.impact).model_fields:
        if getattr(change.impact, name) == UNKNOWN:
            message = f"the change is {change.status}, and its effect on {name} is unknown"
            yield Breach("approved-unknown", message, ("impact", name), "write the number, or none")


def day_suits_status(change: Change) -> Iterable[Breach]:
    """Find a day of implementation on a change that was not carried out."""
    if change.implemented_on and change.status != "implemented":
        message = f"implemented_on is given, and status is '{change.status}'"
        yield Breach("contradiction", message, ("implemented_on",), "write status: implemented")


KIND = Kind(
    Change,
    name="change",
    folder="changes",
    prefix="CHG",
    plural="changes",
    register="Changes",
    columns=("id", "title", "status", "requested_by", "requested_on", "beyond_baseline", "decision", "owner"),
    done=frozenset({"rejected", "deferred", "implemented", "withdrawn"}),
    dated="requested_on",
    reached=(("implemented", "implemented_on"),),
    rules=(approval_knows_the_impact, day_suits_status),
    expectations=(
        Expectation(
            ("decision", "communicated_to"),
            when=in_status("approved", "implemented"),
            because="what was approved was decided, and those concerned were told",
        ),
        Expectation(
            ("implemented_on",), when=in_status("implemented"), because="what was carried out was carried out on a day"
        ),
        Expectation(
            ("baseline_after",),
            when=lambda change, _: change.status in APPROVED and change.beyond_baseline is True,
            because="what goes beyond the baseline makes a new one",
        ),
    ),
)
