"""Slippage: how far past milestones slipped, and what an order statistic of them says of those that are open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from msgspec import Struct

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.baseline import FirstPromise
from aipm_site.facts.milestone import MilestoneState
from aipm_site.records.baseline import Baseline
from aipm_site.records.milestone import Milestone

P50, P80, P90 = Fraction(50, 100), Fraction(80, 100), Fraction(90, 100)


class Slip(Struct, frozen=True):
    """How late a past milestone was.

    Attributes:
        milestone: The milestone.
        days: Calendar days after its first baseline.
        is_over: Whether it was reached; else it slipped by so many days at least, and nobody knows by how many.
        baseline: The first baseline, where it tells the day; None where the milestone itself does.
    """

    milestone: Milestone
    days: int
    is_over: bool = True
    baseline: Baseline | None = None


class Slips(Struct, frozen=True):
    """The reference class: past milestones of the project, taken as exchangeable with the next (domain §3.5).

    One that is late and not reached counts among all and never among those that slipped less: whoever leaves out what
    was not finished forecasts too well (survivorship; domain, trap 32).

    Attributes:
        all: Every slip, in any order.
    """

    all: tuple[Slip, ...]

    @property
    def count(self) -> int:
        """How many past milestones there are."""
        return len(self.all)

    @property
    def unfinished(self) -> int:
        """How many of them are late and not reached."""
        return sum(not slip.is_over for slip in self.all)

    def within(self, days: int) -> int:
        """Return how many were reached so many days after their baseline, or earlier."""
        return sum(slip.is_over and slip.days <= days for slip in self.all)

    def chance(self, days: int) -> Fraction:
        """Return the chance that the next one slips by so many days or less: k ÷ (n + 1), an allowance for few."""
        return Fraction(self.within(days), self.count + 1)

    def chance_at_most(self, days: int) -> Fraction:
        """Return the upper bound of that chance: (k + 1) ÷ (n + 1), the unfinished that may still do it counted in."""
        may = sum(not slip.is_over and slip.days <= days for slip in self.all)
        return Fraction(self.within(days) + may + 1, self.count + 1)

    def percentile(self, share: Fraction) -> int | None:
        """Return the slip that the next one keeps with this chance; None where so few cannot say.

        It is the k-th smallest, k = ceil(p × (n + 1)), as P(next ≤ k-th smallest) = k ÷ (n + 1). In exact fractions:
        floats ask for one more milestone at P80 and P90 (domain, trap 12).
        """
        reached = sorted(slip.days for slip in self.all if slip.is_over)
        k = rank(share, self.count)
        return reached[k - 1] if k <= len(reached) else None

    def from_on(self, days: int) -> Slips:
        """Return those that slipped by so many days or more, as one that has slipped so far already is one of these."""
        return Slips(tuple(slip for slip in self.all if slip.days >= days))

    def without(self, milestone: Milestone) -> Slips:
        """Return the others, as what is forecast is no past of its own."""
        return Slips(tuple(slip for slip in self.all if slip.milestone.id != milestone.id))


def rank(share: Fraction, count: int) -> int:
    """Return which of so many ordered slips holds with this chance, counted from 1; more than there are: none does."""
    return ceil(share * (count + 1))


def least_history(share: Fraction) -> int:
    """Return how many past milestones are needed to state a percentile: ceil(p ÷ (1 − p))."""
    return ceil(share / (1 - share))


def past_slips(states: Iterable[MilestoneState], as_of: AsOf) -> Slips:
    """Return the slips of all milestones that were reached, and of those that are late at the as-of and were not.

    Each is counted from its first baseline, so that a new one erases nothing. A cancelled milestone slipped at least
    as far as its last forecast, where that was late; one that was cancelled in time says nothing. Nor does one of which
    the first baseline is not known: how far it slipped from a later one is less than it slipped.
    """
    found = (_slip(state.milestone, state.first_promise, as_of.date) for state in states)
    return Slips(tuple(sorted((slip for slip in found if slip), key=lambda slip: (slip.days, slip.milestone.id))))


def _slip(milestone: Milestone, promised: FirstPromise, today: date) -> Slip | None:
    if promised.day is None:
        return None
    if milestone.actual_date is not None:
        return Slip(milestone, (milestone.actual_date - promised.day).days, baseline=promised.baseline)
    if milestone.status == "done":
        return None  # the day is not given, which is an error of its own
    reached = milestone.forecast_date if milestone.status == "cancelled" else today
    late = (reached - promised.day).days if reached else 0
    return Slip(milestone, late, is_over=False, baseline=promised.baseline) if late > 0 else None


class MilestoneForecast(Struct, frozen=True):
    """When an open milestone is reached, going by how past ones slipped.

    Attributes:
        milestone: The milestone.
        slips: The past milestones that it is taken to be like: those that slipped at least as far as it has by now.
        past: How many past milestones there are besides.
        earliest: The day before which it is not reached: its own forecast, or the as-of where that is later.
        deadline: The day by which it must be reached; None where nobody says.
        audience: Strictest label of it and of these milestones.
    """

    milestone: Milestone
    slips: Slips
    past: int
    earliest: date
    deadline: date | None
    audience: str

    @property
    def allowed_days(self) -> int | None:
        """By how many days it may slip and still be in time; negative where its baseline is later already."""
        return (self.deadline - self.milestone.baseline_date).days if self.deadline else None

    def day(self, share: Fraction) -> date | None:
        """Return the day by which it is reached with this chance; None where the past cannot say."""
        slip = self.slips.percentile(share)
        return max(self.earliest, self.milestone.baseline_date + timedelta(days=slip)) if slip is not None else None

    @property
    def p50(self) -> date | None:
        """The day by which it is as likely reached as not."""
        return self.day(P50)

    @property
    def p80(self) -> date | None:
        """The day by which it is reached with a chance of 80 %."""
        return self.day(P80)

    @property
    def chance(self) -> Fraction | None:
        """The chance that it is reached by its deadline; None without one, without a past, or where it is too late."""
        if self.allowed_days is None or self.slips.count == 0 or self.is_forecast_too_late:
            return None
        return self.slips.chance(self.allowed_days)

    @property
    def is_forecast_too_late(self) -> bool:
        """Whether its own forecast, or the as-of, is after its deadline."""
        return self.deadline is not None and self.earliest > self.deadline


def forecast_of(
    state: MilestoneState, past: Slips, deadline: date | None, as_of: AsOf, audience: str
) -> MilestoneForecast:
    """Return the forecast of an open milestone; its label is given, as it knows nothing of audiences."""
    milestone = state.milestone
    others, has_slipped = past.without(milestone), (as_of.date - milestone.baseline_date).days
    return MilestoneForecast(
        milestone=milestone,
        slips=others.from_on(has_slipped),
        past=others.count,
        earliest=max(as_of.date, state.expected or as_of.date),
        deadline=deadline,
        audience=audience,
    )


def finishing(states: Sequence[MilestoneState], finish_milestone: str | None) -> MilestoneState | None:
    """Return the milestone that ends the project: the one named, else the last by baseline; None without any."""
    kept = [state for state in states if state.status != "cancelled"]
    named = next((state for state in kept if state.milestone.id == finish_milestone), None)
    if finish_milestone is not None:
        return named
    return max(kept, key=lambda state: (state.milestone.baseline_date, state.milestone.id), default=None)
