"""The status at earlier revisions: what the present one is held against where no issued report says what was before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.facts import Facts
from aipm_site.facts.history import CUT_OFF_REASON, NO_REPORT_REASON, Statement, Statements
from aipm_site.history.states import History, State, one_a_day


def statements_of(history: History, as_of: AsOf) -> Statements:
    """Return what earlier revisions told of the status, by "overall" and dimension, oldest first, one for each day.

    Days in a status, and whether a better one is confirmed, are counted over issued reports; where there are none, over
    the revisions of the main line (domain §3.6 rule 5). A revision whose records cannot be read says nothing of it.

    Args:
        history: The earlier revisions.
        as_of: What the present state speaks for; what was said for that day or a later one was not said before.
    """
    states = one_a_day(history.days, as_of.date)
    names = dict.fromkeys(name for state in states for name in state.statuses)
    return {name: tuple(_statements(name, states, is_cut_off=history.is_cut_off)) for name in names}


def _statements(name: str, states: Iterable[State], *, is_cut_off: bool) -> Iterator[Statement]:
    for state in states:
        if name in state.statuses:
            told = state.statuses[name]
            yield replace(told, is_cut_off=is_cut_off and told.is_known, disclosed=state.disclosed)
            is_cut_off = is_cut_off and not told.is_known


def with_reason(facts: Facts, history: History) -> Facts:
    """Return facts that say why nothing is known of the status before, where that is a matter of the revisions."""
    standing = facts.status.standing
    why = CUT_OFF_REASON if history.is_cut_off else "" if history.states else history.reason
    if standing.reason != NO_REPORT_REASON or not why:
        return facts
    known = replace(standing, reason=f"{NO_REPORT_REASON}, and {why}")
    return replace(facts, status=replace(facts.status, standing=known))
