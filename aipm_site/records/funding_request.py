"""Funding requests: money that is asked for, why, what could be done instead, and by when it must be decided."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Literal

from aipm_site.records.fields import Currency, IsoDate, Line, Number, Prose, reference_to
from aipm_site.records.kind import Breach, Expectation, Kind, in_status
from aipm_site.records.record import Record, expected, optional

DECIDED = ("approved", "part_approved", "rejected")


class FundingRequest(Record):
    """A request for money."""

    status: Literal["draft", "submitted", "approved", "part_approved", "rejected"] = optional(
        "where it stands", "draft"
    )
    amount: Number | None = expected("how much is asked for")
    currency: Currency | None = expected("ISO 4217 code")
    reason: Prose | None = expected("what it is needed for")
    options: tuple[Line, ...] = expected("what could be done, doing nothing and spending less among it", many=True)
    recommendation: Line | None = optional("what those who prepared it would choose")
    decision_needed_by: IsoDate | None = expected("the day by which it must be decided")
    cost_of_delay: Line | None = optional("what waiting costs, in one clause")
    runway_effect: Line | None = expected("how much longer the money lasts with it")
    supports: tuple[Annotated[Line, reference_to()], ...] = optional("records that it pays for", many=True)
    decision: Annotated[Line, reference_to("decision")] | None = optional("the decision about it")
    granted: Number | None = optional("how much was granted, in the same currency")
    decided_on: IsoDate | None = optional("the day on which it was decided")


def there_is_an_alternative(request: FundingRequest) -> Iterable[Breach]:
    """Warn of a request that leaves no choice."""
    if len(request.options) == 1:
        hint = "add what happens when nothing is done, and what could be saved instead"
        yield Breach("one-option", "one option is no choice", ("options",), hint, "warning")


def amounts_are_positive(request: FundingRequest) -> Iterable[Breach]:
    """Find a request for nothing, and a grant beyond it."""
    for name in ("amount", "granted"):
        value = getattr(request, name)
        if value is not None and value <= Decimal(0 if name == "amount" else -1):
            yield Breach("out-of-range", f"{name} {value} is not above 0", (name,))
    if request.amount is not None and request.granted is not None and request.granted > request.amount:
        message = f"granted {request.granted} is more than the amount {request.amount}"
        yield Breach("out-of-range", message, ("granted",))


KIND = Kind(
    FundingRequest,
    name="funding-request",
    folder="funding-requests",
    prefix="FND",
    plural="funding requests",
    register="Funding requests",
    columns=("id", "title", "amount", "currency", "decision_needed_by", "status", "owner"),
    done=frozenset(DECIDED),
    default_status="draft",
    ended=("decided_on",),
    rules=(there_is_an_alternative, amounts_are_positive),
    expectations=(
        Expectation(("decision", "decided_on"), when=in_status(*DECIDED), because="somebody decided on a day"),
        Expectation(("granted",), when=in_status("part_approved"), because="a part of the amount was granted"),
    ),
    order=lambda request: (request.decision_needed_by is None, request.decision_needed_by, request.id),
)
