"""Decision facts: what must be decided, in the order in which it must be, and which decisions better a status."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.numbers import money
from aipm_site.problems import Place
from aipm_site.project import Project
from aipm_site.records.decision import OVERRIDE_DAYS, Decision
from aipm_site.records.funding_request import FundingRequest


class DecisionNeeded(Struct, frozen=True):
    """A question that waits for an answer.

    Attributes:
        record_id: Id of the proposed decision, or of the funding request.
        title: What it is called.
        question: What is to be decided; None where the record does not say.
        options: What could be chosen.
        recommendation: What those who prepared it would choose.
        decide_by: The day by which it must be decided.
        cost_of_delay: What waiting costs, in the record's words.
        is_overdue: Whether that day has passed.
        place: Where the record stands.
        audience: Its label.
        amount: The money that is asked for, for prose; None where none is.
    """

    record_id: str
    title: str
    question: str | None
    options: tuple[str, ...]
    recommendation: str | None
    decide_by: date | None
    cost_of_delay: str | None
    is_overdue: bool
    place: Place
    audience: str
    amount: str | None = None


def decisions_needed(project: Project, as_of: AsOf) -> tuple[DecisionNeeded, ...]:
    """Return the proposed decisions and the funding requests that wait, the most pressing first.

    Those without a day stand last. A request whose decision is proposed is one question, not two.
    """
    proposed = [decision for decision in project.of(Decision) if decision.status == "proposed"]
    asked = {decision.id for decision in proposed}
    requests = (request for request in project.of(FundingRequest) if request.status == "submitted")
    waiting = [_funding_needed(project, request, as_of) for request in requests if request.decision not in asked]
    needed = [*(_needed(project, decision, as_of) for decision in proposed), *waiting]
    return tuple(sorted(needed, key=lambda one: (one.decide_by or date.max, one.record_id)))


def _needed(project: Project, decision: Decision, as_of: AsOf) -> DecisionNeeded:
    return DecisionNeeded(
        record_id=decision.id,
        title=decision.title,
        question=decision.question,
        options=decision.options,
        recommendation=decision.recommendation,
        decide_by=decision.decide_by,
        cost_of_delay=decision.cost_of_delay,
        is_overdue=_has_passed(decision.decide_by, as_of),
        place=decision.place,
        audience=project.audience_of(decision),
    )


def _funding_needed(project: Project, request: FundingRequest, as_of: AsOf) -> DecisionNeeded:
    currency = request.currency or project.charter.currency
    return DecisionNeeded(
        record_id=request.id,
        title=request.title,
        question=request.reason,
        options=request.options,
        recommendation=request.recommendation,
        decide_by=request.decision_needed_by,
        cost_of_delay=request.cost_of_delay,
        is_overdue=_has_passed(request.decision_needed_by, as_of),
        place=request.place,
        audience=project.audience_of(request),
        amount=money(request.amount, currency) if request.amount is not None and currency else None,
    )


def _has_passed(day: date | None, as_of: AsOf) -> bool:
    return day is not None and day < as_of.date


class Override(Struct, frozen=True):
    """An accepted decision that gives a dimension a better status than the rules do.

    Attributes:
        decision: The record.
        dimension: The dimension that it is about.
        status: The status that it gives.
        expires: The last day on which it holds; None where it says none, and then it never holds.
        state: valid; lapsed, as its last day has passed; refused, as that is missing or over 30 days after its date.
    """

    decision: Decision
    dimension: str
    status: Literal["green", "amber", "red"]
    expires: date | None
    state: Literal["valid", "lapsed", "refused"]


def status_overrides(project: Project, as_of: AsOf) -> tuple[Override, ...]:
    """Return the decisions that better a dimension, the newest last."""
    accepted = (decision for decision in project.of(Decision) if decision.status == "accepted" and decision.overrides)
    ordered = sorted(accepted, key=lambda decision: (decision.date or date.min, decision.id))
    return tuple(_overrides(ordered, as_of))


def _overrides(decisions: Iterable[Decision], as_of: AsOf) -> Iterable[Override]:
    for decision in decisions:
        if decision.overrides is not None:
            given = decision.overrides
            yield Override(decision, given.dimension, given.status, decision.expires, _state(decision, as_of))


def _state(decision: Decision, as_of: AsOf) -> Literal["valid", "lapsed", "refused"]:
    if decision.date is None or decision.expires is None:
        return "refused"
    if decision.expires > decision.date + timedelta(days=OVERRIDE_DAYS):
        return "refused"
    return "valid" if decision.expires >= as_of.date else "lapsed"
