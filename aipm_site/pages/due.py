"""Due: what a page shows of what is due, and of the decisions that are needed."""

from __future__ import annotations

from markupsafe import Markup
from msgspec import Struct

from aipm_site.facts.decision import DecisionNeeded
from aipm_site.facts.due import Due
from aipm_site.pages.context import PageContext
from aipm_site.pages.field_values import acting_time_of
from aipm_site.pages.words import phrase

DUE_AT_MOST = 12


class DecisionView(Struct, frozen=True):
    """A decision that is needed; the amount is that of a funding request, "" else."""

    link: Markup
    amount: str
    question: Markup | None
    options: tuple[str, ...]
    recommendation: str
    decide_by: Markup | None
    is_overdue: bool
    cost_of_delay: str


class DueView(Struct, frozen=True):
    """Something that is due.

    Attributes:
        link: The record.
        what: What of it is due, such as "due" or "review".
        date: The day.
        at: The time of day, by the clock of its own zone; "" for what is due on a day.
        act_by: The day by which something must be done for it, where that is earlier.
        owner: Who answers for it.
    """

    link: Markup
    what: str
    date: Markup
    at: str
    act_by: Markup | None
    owner: str


class DueGroup(Struct, frozen=True):
    """What is due, of one urgency: overdue, due or soon; the rest opens on demand."""

    state: str
    word: str
    items: tuple[DueView, ...]
    rest: tuple[DueView, ...]


def decision_views(context: PageContext) -> tuple[DecisionView, ...]:
    """Return the decisions that are needed, in the order of the facts."""
    return tuple(_decision(context, needed) for needed in context.facts.decisions_needed)


def due_groups(context: PageContext) -> tuple[DueGroup, ...]:
    """Return what is due, the most urgent first."""
    groups: dict[str, list[Due]] = {"overdue": [], "due": [], "soon": []}
    for item in context.facts.due:
        groups[item.state].append(item)
    return tuple(
        DueGroup(
            state,
            phrase(f"due_{state}"),
            tuple(_due(context, item) for item in items[:DUE_AT_MOST]),
            tuple(_due(context, item) for item in items[DUE_AT_MOST:]),
        )
        for state, items in groups.items()
        if items
    )


def _decision(context: PageContext, needed: DecisionNeeded) -> DecisionView:
    return DecisionView(
        link=context.links.to(needed.record_id),
        amount=needed.amount or "",
        question=context.prose.render(needed.question) if needed.question else None,
        options=tuple(needed.options),
        recommendation=needed.recommendation or "",
        decide_by=acting_time_of(needed.decide_by) if needed.decide_by else None,
        is_overdue=needed.is_overdue,
        cost_of_delay=needed.cost_of_delay or "",
    )


def _due(context: PageContext, item: Due) -> DueView:
    return DueView(
        link=context.links.to(item.record_id),
        what=item.kind.replace("-", " "),
        date=acting_time_of(item.local_day),
        at=item.local_time,
        act_by=acting_time_of(item.act_by) if item.act_by != item.date else None,
        owner=item.owner or "",
    )
