"""Since when the status has been as it is: from the revisions, where no issued report says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import get_args

from aipm_site.facts.facts import Facts
from aipm_site.facts.history import NO_REPORT_REASON, Standing
from aipm_site.facts.status import OverallStatus, Status
from aipm_site.history.states import History, State
from aipm_site.project import Project, known_label

OVERALL = "status.overall"
CUT_OFF_REASON = "the history of this clone ends before the status changed (in CI, fetch all of it: `fetch-depth: 0`)"


def with_status_history(facts: Facts, history: History) -> Facts:
    """Return facts whose status knows since when it has been so and what it was before.

    Days in a status are counted over issued reports; where there are none, over the revisions of the main line
    (domain §3.6 rule 5). A revision whose records cannot be read says nothing of it.

    Args:
        facts: The facts of the whole project.
        history: Its earlier revisions.
    """
    status = facts.status
    if status.since is not None or not status.is_listed:
        return facts
    states = [state for state in history.states if state.is_sound]
    first = _beginning_of_run(states, status.overall)
    if first == 0 and (history.is_cut_off or not states):
        reason = CUT_OFF_REASON if history.is_cut_off else history.reason
        told = f"{NO_REPORT_REASON}, and {reason}" if reason else NO_REPORT_REASON
        known = replace(status, standing=replace(status.standing, reason=told))
    else:
        known = _with_beginning(facts, states, first)
    return replace(facts, status=known)


def _beginning_of_run(states: Sequence[State], word: str) -> int:
    """Return which state begins the last ones that had a status, one after the other; their number, if none had."""
    first = len(states)
    while first and _word(states[first - 1]) == word:
        first -= 1
    return first


def _with_beginning(facts: Facts, states: Sequence[State], first: int) -> Status:
    # A project.yml of then may have spoken for a day that is later than the present one.
    since = min(states[first].as_of, facts.as_of.date) if first < len(states) else facts.as_of.date
    standing = Standing(
        previous=_word(states[first - 1]) if first else None,
        previous_as_of=states[first - 1].as_of if first else None,
        since=since,
        days=(facts.as_of.date - since).days,
        reason="",
        audience=_strictest(facts.project, states[max(0, first - 1) :]),
    )
    return replace(facts.status, standing=standing)


def _word(state: State) -> OverallStatus | None:
    figure = state.figures.get(OVERALL)
    return next((word for word in get_args(OverallStatus) if figure is not None and word == figure.value), None)


def _strictest(project: Project, states: Iterable[State]) -> str:
    """Return the strictest label that the status had in some states; one that is no label today is the strictest."""
    figures = (state.figures.get(OVERALL) for state in states)
    labels = [known_label(figure.audience, project.charter) for figure in figures if figure is not None]
    return project.strictest([*labels, project.charter.audience_order[0]])
