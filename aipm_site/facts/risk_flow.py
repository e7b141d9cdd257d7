"""The flow of risks: how the number of open ones came about between the start of a period and the as-of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.report import Period, reporting_period
from aipm_site.records.once import once_a_record
from aipm_site.records.risk import Risk

EndWord = Literal["closed", "materialised", "withdrawn"]
# The fields that date an end, and the status that such an end leads to.
ENDS: dict[EndWord, str] = {"closed": "closed", "materialised": "materialised_on", "withdrawn": "withdrawn_on"}


class RiskFlow(Struct, frozen=True):
    """How the number of open risks came about: opening + new + reopened - closed - materialised - withdrawn = closing.

    Attributes:
        start: The day after which the period begins; its end is the opening.
        end: The as-of, the last day of the period.
        opening: Open at the end of `start`.
        new: Raised in the period.
        reopened: Opened again in the period.
        closed: Closed in the period.
        materialised: Happened in the period.
        withdrawn: Taken back in the period.
        closing: Open at the as-of.
        undated: Risks that do not say when they were raised; they count as raised before the period.
        before: The day after which the period before this one begins.
    """

    start: date
    end: date
    opening: int
    new: int
    reopened: int
    closed: int
    materialised: int
    withdrawn: int
    closing: int
    undated: int
    before: date


class _Span(Struct, frozen=True):
    """One stretch of time in which a risk was open; end None is "still"."""

    begin: date
    end: date | None
    how: EndWord | None


def risk_flow(risks: Iterable[Risk], as_of: AsOf, period: Period | None = None) -> RiskFlow:
    """Return how the number of open risks came about in a period up to the as-of.

    Args:
        risks: All risks.
        as_of: The last day of the period.
        period: The period; the 30 days up to the as-of where none is given.

    Raises:
        AssertionError: The counts do not add up, which no record can cause.
    """
    period = period or reporting_period((), as_of)
    counted, start = [risk for risk in risks if risk.status != "draft"], period.start
    counts = Counter(event for risk in counted for event in flow_events(risk, start))
    closing = sum(risk.is_counted for risk in counted)
    names = ("opening", "new", "reopened", "closed", "materialised", "withdrawn")
    opening, new, reopened, closed, materialised, withdrawn = (counts[name] for name in names)
    if opening + new + reopened - closed - materialised - withdrawn != closing:
        raise AssertionError("opening + new + reopened - closed - materialised - withdrawn is not closing")
    undated = sum(risk.opened is None for risk in counted)
    return RiskFlow(
        start,
        as_of.date,
        opening,
        new,
        reopened,
        closed,
        materialised,
        withdrawn,
        closing,
        undated=undated,
        before=period.before,
    )


def moved_in_period(risks: Iterable[Risk], start: date) -> dict[str, list[Risk]]:
    """Return the risks that began or ended after the end of `start`, by how."""
    moved: dict[str, list[Risk]] = defaultdict(list)
    for risk in risks:
        for event in dict.fromkeys(flow_events(risk, start)):
            moved[event].append(risk)
    return moved


def before_period(risks: Iterable[Risk], before: date, start: date) -> Counter[str]:
    """Return how many risks began or ended, and how, after the end of `before` and up to that of `start`."""
    counted = tuple(risks)
    since = Counter(event for risk in counted for event in flow_events(risk, before))
    # What began or ended after `start` did so after any day before it too.
    return since - Counter(event for risk in counted for event in flow_events(risk, start))


def was_open(risk: Risk, on: date) -> bool:
    """Say whether a risk was open at the end of a day."""
    return "opening" in flow_events(risk, on)


@once_a_record
def _spans(risk: Risk) -> list[_Span]:
    begins = [risk.opened or date.min, *sorted(risk.reopened)]
    ends = [_end_between(risk, begin, following) for begin, following in pairwise(begins)]
    last = (None, None) if risk.is_counted else _last_end(risk, begins[-1])
    return [_Span(begin, end, how) for begin, (end, how) in zip(begins, [*ends, last], strict=True)]


def _end_between(risk: Risk, begin: date, following: date) -> tuple[date, EndWord]:
    for how, name in ENDS.items():
        end = getattr(risk, name)
        if end is not None and begin <= end <= following:
            return end, how
    # A risk that was opened again had ended; where the day is not recorded, it ended as soon as it could.
    return begin, "closed"


def _last_end(risk: Risk, begin: date) -> tuple[date, EndWord]:
    how: EndWord = "materialised" if risk.status == "materialised" else "withdrawn"
    how = "closed" if risk.status == "closed" else how
    end = getattr(risk, ENDS[how])
    return (max(end, begin) if end is not None else begin), how


def flow_events(risk: Risk, start: date) -> Iterator[str]:
    """Give what one risk adds to the flow since the end of `start`: opening, new, reopened, or how it ended."""
    if risk.status == "draft":
        return
    for index, span in enumerate(_spans(risk)):
        yield from _events_of_span(span, start, "reopened" if index else "new")


def _events_of_span(span: _Span, start: date, beginning: str) -> Iterator[str]:
    if span.begin > start:
        yield beginning
    elif span.end is None or span.end > start:
        yield "opening"
    if span.end is not None and span.how is not None and span.end > start:
        yield span.how
