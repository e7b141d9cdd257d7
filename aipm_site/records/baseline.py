"""Baselines: what was promised, by whom approved: scope, dates and the curve of planned value; the first stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Annotated

from aipm_site.records.fields import Count, Currency, IsoDate, Line, Number, Prose, reference_to
from aipm_site.records.kind import Breach, Expectation, Kind
from aipm_site.records.period import PeriodField
from aipm_site.records.quantity import Work
from aipm_site.records.record import Part, Record, expected, needed, optional


class PlannedValue(Part):
    """The budget of all work that the plan has done by the end of a period, from the start of the project on."""

    period: PeriodField = needed("the period at whose end it stands, such as 2026-03")
    amount: Number = needed("cumulative, in the baseline's currency")


class PromisedDate(Part):
    """The day that the baseline promises for a milestone."""

    milestone: Annotated[Line, reference_to("milestone")] = needed("id of the milestone")
    date: IsoDate = needed("the day that is promised")


class Baseline(Record):
    """A promise of scope, dates and money that later reports are held against."""

    number: Count | None = expected("0 for the original, then 1, 2, …")
    date: IsoDate | None = expected("the day on which it was approved")
    approved_by: Annotated[Line, reference_to("decision", only_ids=True)] | None = expected(
        "the decision that approved it; for the original the role is enough"
    )
    reason: Prose | None = expected("why it was made")
    supersedes: Annotated[Line, reference_to("baseline")] | None = optional("the baseline that it replaces")
    scope: Work | None = optional("all the work that it holds, in one unit")
    milestones: tuple[PromisedDate, ...] = optional("the days that it promises", many=True)
    planned_value: tuple[PlannedValue, ...] = optional(
        "planned value at the end of each period, cumulative, oldest first; without it the budget lines are summed",
        many=True,
    )
    currency: Currency | None = optional("ISO 4217 code of its amounts; the project's where absent")


def only_the_first_stands_alone(baseline: Baseline) -> Iterable[Breach]:
    """Find a later baseline that replaces none, and an original that replaces one."""
    if baseline.number == 0 and baseline.supersedes:
        hint = "the original has number 0; a later one counts on"
        yield Breach("contradiction", "number is 0, and supersedes is given", ("supersedes",), hint)


def curve_rises(baseline: Baseline) -> Iterable[Breach]:
    """Find a curve of planned value that falls, or whose periods are out of order: it is cumulative."""
    for index, (one, next_one) in enumerate(pairwise(baseline.planned_value), start=1):
        if next_one.period.start < one.period.end:
            message = f"period {next_one.period} does not follow {one.period}"
            yield Breach("wrong-order", message, ("planned_value", index, "period"), "write the oldest first")
        if next_one.amount < one.amount:
            message = f"amount {next_one.amount} is less than {one.amount} of the period before"
            hint = "planned value is cumulative: add each period's to those before"
            yield Breach("not-cumulative", message, ("planned_value", index, "amount"), hint)


def curve_is_not_negative(baseline: Baseline) -> Iterable[Breach]:
    """Find planned value below zero where the curve begins; later it would fall (GAO-09-3SP, data checks)."""
    first = next(iter(baseline.planned_value), None)
    if first is not None and first.amount < 0:
        hint = "write what is planned to be done by then, 0 or more"
        yield Breach("negative-amount", f"amount {first.amount} is below 0", ("planned_value", 0, "amount"), hint)


def milestones_stand_once(baseline: Baseline) -> Iterable[Breach]:
    """Find a milestone that is promised twice in one baseline."""
    counts = Counter(promised.milestone for promised in baseline.milestones)
    for index, promised in enumerate(baseline.milestones):
        if counts[promised.milestone] > 1:
            counts[promised.milestone] = 0
            yield Breach("promised-twice", f"{promised.milestone} stands twice", ("milestones", index, "milestone"))


KIND = Kind(
    Baseline,
    name="baseline",
    folder="baselines",
    prefix="BSL",
    plural="baselines",
    register="Baselines",
    columns=("id", "title", "number", "date", "approved_by", "reason"),
    dated="date",
    # A promise asks for nothing: it is kept or not by what is held against it.
    is_over=lambda _: True,
    rules=(only_the_first_stands_alone, curve_rises, curve_is_not_negative, milestones_stand_once),
    expectations=(
        Expectation(
            ("supersedes",),
            when=lambda baseline, _: (baseline.number or 0) > 0,
            because="a later baseline replaces an earlier one",
        ),
    ),
    order=lambda baseline: (baseline.number is None, baseline.number or 0, baseline.id),
)
