"""The status at earlier revisions: what the present one is held against where no issued report says what was before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import takewhile

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.facts import Facts
from aipm_site.facts.history import CUT_OFF_REASON, NO_REPORT_REASON, Statement, Statements
from aipm_site.history.states import History, State, one_a_day
from aipm_site.project import known_label
from aipm_site.records.charter import Charter


def statements_of(history: History, charter: Charter, as_of: AsOf) -> Statements:
    """Return what earlier revisions said of the status, by "overall" and dimension, oldest first, one for each day.

    Days in a status, and whether a better one is confirmed, are counted over issued reports; where there are none, over
    the revisions of the main line (domain §3.6 rule 5). A revision whose records cannot be read says nothing of it.
    Since when it is so is exact to the day, though the revisions may be a week apart.

    Args:
        history: The earlier revisions.
        charter: The present settings: labels of then are weighed by the order of today.
        as_of: What the present state speaks for; what was said for that day or a later one was not said before.
    """
    states, between = history.before(as_of.date), one_a_day(history.between, as_of.date)
    names = dict.fromkeys(name for state in states for name in state.statuses)
    read = partial(_statements, charter)
    return {
        name: tuple(_dated(list(read(name, states)), list(read(name, between)), charter, is_cut_off=history.is_cut_off))
        for name in names
    }


def _dated(
    points: Sequence[Statement], between: Sequence[Statement], charter: Charter, *, is_cut_off: bool
) -> Iterator[Statement]:
    """Give statements that say since when, as the days between them tell it, and the last with what later days said."""
    for number, point in enumerate(points):
        before = points[number - 1] if number else None
        after = before.as_of if before else date.min
        is_turn = before is None or before.reported != point.reported
        within = [one for one in between if after < one.as_of < point.as_of] if is_turn else []
        run = list(takewhile(partial(_agree, point), reversed(within)))
        yield replace(
            point,
            since=run[-1].as_of if run else None,
            # A day that says something else shows that nothing is missing before the run.
            is_cut_off=is_cut_off and before is None and len(run) == len(within),
            audience=max([point.audience, *(one.audience for one in run)], key=charter.audience_order.index),
            later=tuple(one for one in between if one.as_of > point.as_of) if number == len(points) - 1 else (),
        )


def _agree(one: Statement, other: Statement) -> bool:
    return one.reported == other.reported


def _statements(charter: Charter, name: str, states: Iterable[State]) -> Iterator[Statement]:
    for state in states:
        said = state.statuses.get(name)
        if said is not None:
            yield Statement(
                as_of=state.as_of,
                origin=state.commit,
                reported=said.reported,
                computed=said.computed,
                behind=said.behind,
                audience=known_label(said.audience, charter),
            )


def with_reason(facts: Facts, history: History) -> Facts:
    """Return facts that say why nothing is known of the status before, where that is a matter of the revisions."""
    standing = facts.status.standing
    why = CUT_OFF_REASON if history.is_cut_off else history.reason
    if standing.reason != NO_REPORT_REASON or not why:
        return facts
    known = replace(standing, reason=f"{NO_REPORT_REASON}, and {why}")
    return replace(facts, status=replace(facts.status, standing=known))
