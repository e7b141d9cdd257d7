"""Settled states: what each revision told of the status, by the rule of confirmation over the revisions before it."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain

from msgspec.structs import replace

from aipm_site.facts.history import CUT_OFF_REASON, Statement, settled_status, worse_status
from aipm_site.facts.status import STATUS_TEXT, overall_of, overall_text
from aipm_site.history.states import PastFigure, State
from aipm_site.project import known_label
from aipm_site.records.charter import Charter


def settled(states: Iterable[State], charter: Charter, *, is_cut_off: bool) -> tuple[State, ...]:
    """Return states with what each of them told of the status, as a build of that revision told it.

    A worse status is told at once, a better one when two revisions before show it, or an explicit event closes what had
    made it worse (domain §3.6, rule 5). So what was told rests on all revisions before, and is never kept.

    Args:
        states: The states of all days as they were computed, each by itself, oldest first.
        charter: The present settings: labels of then are weighed by the order of today.
        is_cut_off: Whether there were earlier ones that are not at hand; what rests on these is told as not known.
    """
    course = _Course(charter, is_cut_off=is_cut_off)
    return tuple(course.settled(state) for state in states)


def deciding(present: State, latest_first: Iterable[State]) -> tuple[State, ...]:
    """Return those of the latest states, oldest first, that decide what the present one tells; none where none does.

    A state that is better than neither of the two before it is told as it was computed, whatever had been told before:
    a better status is told as far as all three show it, and a worse one at once. So what lies further back is not read.

    Args:
        present: The present, computed by itself.
        latest_first: The sound states of the days before, by which it may be decided; taken one by one.
    """
    if not present.computed or _is_as_bad_as_can_be(present):
        return ()  # where there is nothing computed, issued reports decide it, or there is no status
    read = [present]
    for state in latest_first:
        read.append(state)
        if state.statuses or _is_as_bad_as_can_be(state) or _is_no_better_than_before(read[-3:]):
            break
    is_told_as_computed = _is_no_better_than_before(read[:3])
    return () if is_told_as_computed else tuple(reversed(read[1:]))


def _is_as_bad_as_can_be(state: State) -> bool:
    return all(one.status == "red" for one in state.computed.values())


def _is_no_better_than_before(latest_first: Sequence[State]) -> bool:
    """Say whether the first of three states is better than neither of the others in any of its dimensions."""
    if len(latest_first) < 3:
        return False
    state, *before = latest_first
    return all(
        name in one.computed and worse_status(computed.status, one.computed[name].status) == computed.status
        for name, computed in state.computed.items()
        for one in before
        if computed.status != "red"
    )


class _Course:
    """The course of the status: takes one state after the other, and remembers what was told on which day."""

    def __init__(self, charter: Charter, *, is_cut_off: bool) -> None:
        self._charter = charter
        self._is_cut_off = is_cut_off
        self._days: defaultdict[str, list[date]] = defaultdict(list)
        self._told: dict[tuple[str, date], Statement] = {}

    def settled(self, state: State) -> State:
        """Return a state with what it told."""
        told = self._overall_and_dimensions(state) if state.computed else self._as_known_today(state.statuses)
        for name, statement in told.items():
            self._remember(name, statement)
        differs = any(one.reported != one.computed or not one.is_known for one in told.values())
        figures = _with_told(state, told) if state.has_figures and differs else state.figures
        return replace(state, statuses=told, figures=figures)

    def _as_known_today(self, statuses: Mapping[str, Statement]) -> dict[str, Statement]:
        return {name: replace(one, audience=self._label(one.audience)) for name, one in statuses.items()}

    def _overall_and_dimensions(self, state: State) -> dict[str, Statement]:
        dimensions = {name: self._dimension(name, state) for name in state.computed}
        return {"overall": self._overall(dimensions, state), **dimensions}

    def _dimension(self, name: str, state: State) -> Statement:
        computed = state.computed[name]
        behind = chain.from_iterable(computed.behind.values())
        said = Statement(
            as_of=state.as_of,
            origin=state.commit,
            reported=computed.status,
            computed=computed.status,
            behind=tuple(sorted({*behind})),
            audience=self._label(computed.audience),
        )
        return self._confirmed(name, said, state, is_bettered=computed.is_bettered)

    def _overall(self, dimensions: Mapping[str, Statement], state: State) -> Statement:
        said = Statement(
            as_of=state.as_of,
            origin=state.commit,
            reported=overall_of(one.reported for one in dimensions.values()),
            computed=overall_of(one.computed for one in dimensions.values()),
            audience=self._strictest(one.audience for one in dimensions.values()),
            is_known=all(one.is_known for one in dimensions.values()),
        )
        is_bettered = any(one.is_bettered for one in state.computed.values())
        told = self._confirmed("overall", said, state, is_bettered=is_bettered)
        wanted = "not_reported" if told.reported == "not_fully_reported" else told.reported
        deciding = (state.computed[name] for name, one in dimensions.items() if one.reported == wanted)
        behind = chain.from_iterable(one.behind.get(wanted, ()) for one in deciding)
        return replace(told, behind=tuple(sorted({*behind})))

    def _confirmed(self, name: str, said: Statement, state: State, *, is_bettered: bool) -> Statement:
        """Return a statement that is no better than what the two before it allow."""
        before = self._before(name, state.as_of)
        is_over = bool(before) and bool(before[-1].behind) and state.over.issuperset(before[-1].behind)
        is_closed = is_bettered or is_over
        reported = worse_status(said.reported, settled_status(said.computed, before, is_closed=is_closed))
        rests_on_known = said.is_known and (is_closed or self._is_enough(said, before))
        # Nothing is worse than red, so what is not known cannot make it so.
        said = replace(said, is_known=rests_on_known or reported == "red")
        if reported == said.reported:
            return said
        # A status that waits is worse by what was said before, so it is for no more readers than that.
        label = self._strictest([said.audience, *(one.audience for one in before)])
        return replace(said, reported=reported, audience=label)

    def _is_enough(self, said: Statement, before: Sequence[Statement]) -> bool:
        """Say whether what was told follows from the two statements before, whatever earlier ones told.

        It does where the last of them is known, or where it is computed as no better than either of them: see
        `deciding`.
        """
        if not self._is_cut_off or (before and before[-1].is_known):
            return True
        return len(before) > 1 and all(worse_status(said.computed, one.computed) == said.computed for one in before)

    def _before(self, name: str, as_of: date) -> list[Statement]:
        days = self._days[name]
        return [self._told[name, day] for day in days[max(0, bisect_left(days, as_of) - 2) : bisect_left(days, as_of)]]

    def _remember(self, name: str, statement: Statement) -> None:
        # Two revisions that speak for one day are one statement: that of the later.
        if (name, statement.as_of) not in self._told:
            insort(self._days[name], statement.as_of)
        self._told[name, statement.as_of] = statement

    def _label(self, label: str) -> str:
        return known_label(label, self._charter)

    def _strictest(self, labels: Iterable[str]) -> str:
        return max(labels, key=self._charter.audience_order.index)


def _with_told(state: State, told: Mapping[str, Statement]) -> dict[str, PastFigure]:
    silent = sum(one.reported == "not_reported" for name, one in told.items() if name != "overall")
    figures = dict(state.figures)
    for name, one in told.items():
        if name == "overall":
            figures["status.overall"] = _figure(one, overall_text(one.reported, silent))
        elif one.reported != one.computed or not one.is_known:
            figures[f"status.{name}"] = _figure(one, STATUS_TEXT[one.reported])
    return figures


def _figure(told: Statement, text: str) -> PastFigure:
    if told.reported == "not_reported" or not told.is_known:
        return PastFigure(None, None, "", "", None, told.audience, text if told.is_known else CUT_OFF_REASON)
    return PastFigure(told.reported, None, "status", text, told.as_of, told.audience)
