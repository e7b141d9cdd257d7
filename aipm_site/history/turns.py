"""Turns: the days between two points that say when a status began to be what the later of them says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from aipm_site.history.states import State

# Gives what a commit of a day said; None where it holds no project.
Read = Callable[[str, date], State | None]


def states_between(points: Sequence[State], days: Sequence[tuple[str, date]], read: Read) -> tuple[State, ...]:
    """Return the states of the days that date the present run of each status, the oldest first.

    Points are a week apart, so that the first to say something may say it up to six days late. Only the days before
    that point are looked at, from the latest back to the first that says something else, and those after the last
    point, back to one that says what it says. What a status was between two points that agree goes unseen.

    Args:
        points: The states of the points, oldest first.
        days: The last commit of each day with that day, oldest first.
        read: Gives the state of a commit.
    """
    known = {state.commit for state in points}
    others = [(commit, day) for commit, day in days if commit not in known]
    sound = [state for state in points if state.is_sound]
    found = {state.commit: state for state in _looked_at(sound, others[::-1], read)}
    return tuple(found[commit] for commit, _ in others if commit in found)


def _looked_at(points: Sequence[State], latest_first: Sequence[tuple[str, date]], read: Read) -> Iterator[State]:
    for after, point, names in _turns(points):
        within = ((commit, day) for commit, day in latest_first if after < day < point.day)
        yield from _back_to_others(point, names, _read(within, read))
    if points:
        last = points[-1]
        yield from _back_to_same(last, _read(((commit, day) for commit, day in latest_first if day > last.day), read))


def _read(days: Iterable[tuple[str, date]], read: Read) -> Iterator[State]:
    states = (read(commit, day) for commit, day in days)
    return (state for state in states if state is not None and state.is_sound)


def _turns(points: Sequence[State]) -> list[tuple[date, State, list[str]]]:
    """Return between which day and which point each status began its present run, with those that began there."""
    found: defaultdict[tuple[date, int], list[str]] = defaultdict(list)
    for name in dict.fromkeys(name for state in points for name in state.statuses):
        said = [number for number, state in enumerate(points) if name in state.statuses]
        first = said[-1]
        for number in reversed(said):
            if points[number].statuses[name].reported != points[first].statuses[name].reported:
                break
            first = number
        found[points[first - 1].day if first else date.min, first].append(name)
    return [(after, points[first], names) for (after, first), names in found.items()]


def _back_to_others(point: State, names: Sequence[str], states: Iterable[State]) -> Iterator[State]:
    for state in states:
        yield state
        names = [name for name in names if _says_the_same(state, point, name)]
        if not names:
            return


def _back_to_same(point: State, states: Iterable[State]) -> Iterator[State]:
    for state in states:
        yield state
        if all(_says_the_same(state, point, name) for name in {**state.statuses, **point.statuses}):
            return


def _says_the_same(one: State, other: State, name: str) -> bool:
    said, also = one.statuses.get(name), other.statuses.get(name)
    return said is not None and also is not None and said.reported == also.reported
