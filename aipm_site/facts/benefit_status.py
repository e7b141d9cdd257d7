"""Benefit status: what the benefits make of the dimension "benefits", never green without fresh actuals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.facts import numbers
from aipm_site.facts.benefit import BenefitState
from aipm_site.facts.figure import AnyFigure, Figure, Unknown
from aipm_site.facts.finding import Assessment, Finding, FindingStatus, age_words, make_finding, worst_first
from aipm_site.facts.freshness import oldest
from aipm_site.facts.realised import period_text
from aipm_site.project import Project
from aipm_site.records.benefit import Actual, PlannedBenefit


def assess_benefits(project: Project, states: Sequence[BenefitState]) -> Assessment:
    """Return what the benefits make of the dimension "benefits" (domain §3.6).

    *Plan* is the net run-rate of the planned scenario with its drivers as they are written; *forecast* is the same
    with each driver that is a metric as the version in production is measured, as far as there are such drivers. An
    newest actual of a period that is over is held against what is `planned` for that period: under its `low` it is
    red, between low and plan amber; where no low is given, the tolerance decides as it does for the forecast.

    The required input is the actuals at their cadence. Before the first one is due nothing is late, yet nothing is
    known of what is realised either: that is "not reported yet (first due …)" (domain §4.3) and not green.
    """
    findings = [finding for state in states for finding in _Findings(project, state).all()]
    if not states:
        findings.append(make_finding(project, "no-benefit-recorded", "not_reported"))
    labels = [*(state.audience for state in states), *(finding.audience for finding in findings)]
    forecasts = (state.forecast.audience for state in states if state.forecast)
    return Assessment(
        findings=worst_first(findings),
        audience=project.strictest((*labels, *forecasts) if states else ()),
        as_of=oldest(state.actuals.freshness for state in states),
        has_records=bool(states),
    )


class _Findings(Struct, frozen=True):
    project: Project
    state: BenefitState

    def all(self) -> Iterator[Finding]:
        found = [*self._of_the_forecast(), *self._of_the_actual(), *self._of_the_cadence()]
        yield from found or [self._on_plan()]

    @property
    def planned_rate(self) -> AnyFigure:
        """The net run-rate of the plan as it is written."""
        plan = self.state.plan
        missing = self.state.sensitivity.break_even
        return plan.net_run_rate if plan else Unknown("", self.state.sensitivity.reason, missing.audience)

    @property
    def forecast(self) -> AnyFigure:
        """The net run-rate that is forecast; that of the plan where no driver is measured."""
        planned = self.planned_rate
        return planned if isinstance(planned, Unknown) or self.state.forecast is None else self.state.forecast

    def _of_the_forecast(self) -> Iterator[Finding]:
        forecast, planned = self.forecast, self.planned_rate
        if isinstance(forecast, Unknown):
            yield self._finding("benefit-forecast-unknown", "not_reported", forecast, reason=forecast.reason)
            return
        if isinstance(planned, Unknown):
            return
        words = {"forecast": forecast.text, "plan": planned.text}
        if self._is_beyond_tolerance(_exact(forecast), _exact(planned)):
            yield self._finding("benefit-forecast-beyond-tolerance", "red", forecast, **words)
        elif _exact(forecast) < _exact(planned):
            yield self._finding("benefit-forecast-below-plan", "amber", forecast, **words)

    def _of_the_actual(self) -> Iterator[Finding]:
        actual, planned = self.state.actuals.newest, self.state.actuals.planned
        if actual is None:
            return
        if planned is None:
            if self.state.actuals.freshness.is_current:
                yield self._finding("benefit-actual-without-plan", "not_reported", period=period_text(actual.period))
            return
        words = self._actual_words(actual, planned)
        if planned.low is not None and actual.value < planned.low:
            low = self._money(Fraction(planned.low))
            yield self._finding("benefit-actual-under-low", "red", **words, low=low)
        elif planned.low is None and self._is_beyond_tolerance(Fraction(actual.value), Fraction(planned.value)):
            yield self._finding("benefit-actual-beyond-tolerance", "red", **words)
        elif actual.value < planned.value:
            yield self._finding("benefit-actual-below-plan", "amber", **words)

    def _of_the_cadence(self) -> Iterator[Finding]:
        actuals = self.state.actuals
        if actuals.newest is not None:
            if not actuals.freshness.is_current:
                yield self._finding("benefit-actuals-stale", "not_reported", **age_words(actuals.freshness))
        elif actuals.first_due is None:
            yield self._finding("benefit-never-due", "not_reported")
        else:
            rule = "benefit-actuals-missing" if actuals.is_due else "benefit-actuals-awaited"
            yield self._finding(rule, "not_reported", due=numbers.day(actuals.first_due))

    def _on_plan(self) -> Finding:
        # Without an actual, and a plan for its period, something else was found.
        actual, planned = self.state.actuals.newest, self.state.actuals.planned
        words = self._actual_words(actual, planned) if actual and planned else {}
        forecast = self.forecast
        text = forecast.text if isinstance(forecast, Figure) else ""
        return self._finding("benefit-on-plan", "green", forecast, **words, forecast=text)

    def _actual_words(self, actual: Actual, planned: PlannedBenefit) -> dict[str, str]:
        return {
            "actual": self._money(Fraction(actual.value)),
            "plan": self._money(Fraction(planned.value)),
            "period": period_text(actual.period),
        }

    def _money(self, amount: Fraction) -> str:
        return numbers.money(amount, self.state.benefit.currency)

    def _is_beyond_tolerance(self, value: Fraction, plan: Fraction) -> bool:
        given = self.project.charter.tolerances
        if given is None or given.benefits is None:
            return False
        # The tolerance itself is within (domain §3.6, rule 3).
        return plan - value > Fraction(given.benefits) * abs(plan)

    def _finding(self, rule: str, status: FindingStatus, figure: AnyFigure | None = None, /, **words: str) -> Finding:
        """Return a finding about the benefit, and about what is behind a figure that it tells of."""
        benefit, project = self.state.benefit, self.project
        behind = (project.get(source.record_id) for source in figure.sources) if figure else ()
        records = {record.id: record for record in (benefit, *behind) if record is not None}
        named = {"id": benefit.id, "title": benefit.title}
        found = make_finding(project, rule, status, records.values(), **named, **words)
        if figure is None:
            return found
        return replace(found, audience=project.strictest((found.audience, figure.audience)))


def _exact(figure: Figure) -> Fraction:
    assert isinstance(figure.value, Fraction)
    return figure.value
