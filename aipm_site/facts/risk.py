"""Risk facts: how many are open and how that came about, their order, the exposure, and what makes the status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.figure import AnyFigure, Comparator, Figure, Unknown, sources_of
from aipm_site.facts.finding import Assessment, Finding, make_age_finding, make_finding, worst_first
from aipm_site.facts.freshness import Freshness, freshness_of, oldest
from aipm_site.facts.numbers import day, days, money, plural
from aipm_site.facts.report import reporting_period, reports_no_stricter
from aipm_site.facts.risk_flow import ENDS, RiskFlow, before_period, moved_in_period, risk_flow, was_open
from aipm_site.project import Project
from aipm_site.records.report import Report
from aipm_site.records.risk import Risk

EXPOSURE_FORMULA = "sum of probability_value × impact_value over open threats that give both"

_OPEN_RISKS = ("open risk", "open risks")
_PROXIMITY = {"imminent": 0, "near": 1, "mid": 2, "far": 3, None: 4}
# What an open risk in the red band must have, or the dimension is red (domain, status rules; the owner besides).
_ANSWER = ("response_actions", "fallback_plan", "trigger", "owner")


class RankedRisk(Struct, frozen=True):
    """An open risk at its rank.

    Attributes:
        risk: The record.
        score: Probability times impact.
        band: Its band in the matrix.
        expected_value: Probability value times impact value in the project's currency, where it gives both.
        missing: What it lacks of response, fallback, trigger and owner, where it is in the red band.
        audience: Its label.
    """

    risk: Risk
    score: int
    band: str
    expected_value: Decimal | None
    missing: tuple[str, ...]
    audience: str


class RiskState(Struct, frozen=True):
    """What there is to say about the risks of a project.

    Attributes:
        ranked: Open risks in their total order, the worst first; of a narrower view only those that it may see.
        flow: How the number of open risks came about; None where that is not shared.
        matrix: How many open risks have a probability and an impact; None where that is not shared.
        audience: Strictest label of all risks.
    """

    ranked: tuple[RankedRisk, ...]
    flow: RiskFlow | None
    matrix: dict[tuple[int, int], int] | None
    audience: str

    def visible_to(self, project: Project, audience: str) -> RiskState:
        """Return what an audience may see: single risks by their own label, counts by the strictest of all."""
        ranked = tuple(one for one in self.ranked if project.may_see(audience, one.audience))
        if project.may_see(audience, self.audience):
            return replace(self, ranked=ranked)
        return RiskState(ranked, None, None, self.audience)


def risk_state(project: Project, as_of: AsOf, reports: Sequence[Report] = ()) -> RiskState:
    """Return the state of a project's risks at the as-of.

    Args:
        project: The project as it is known at the as-of.
        as_of: The day it speaks for.
        reports: The issued reports, oldest first: the counts are those since the last one.
    """
    risks = project.of(Risk)
    ranked = rank_risks(project)
    matrix = Counter((one.risk.probability or 0, one.risk.impact or 0) for one in ranked)
    audience = project.strictest(project.audience_of(risk) for risk in risks)
    period = reporting_period(reports_no_stricter(project, reports, audience), as_of)
    return RiskState(ranked, risk_flow(risks, as_of, period), dict(sorted(matrix.items())), audience)


def rank_risks(project: Project) -> tuple[RankedRisk, ...]:
    """Return the open risks by score, impact, expected monetary value (EMV), proximity and id.

    Ties are the rule, as 25 cells share 14 scores, so the order ends with the id.
    """
    ranked = [_ranked(project, risk, risk.score) for risk in project.of(Risk) if risk.is_counted and risk.score]
    return tuple(sorted(ranked, key=_rank))


def _ranked(project: Project, risk: Risk, score: int) -> RankedRisk:
    band = project.charter.risk_band(score)
    missing = tuple(name for name in _ANSWER if not getattr(risk, name)) if band == "red" else ()
    value = _expected_value(risk, project.charter.currency)
    return RankedRisk(risk, score, band, value, missing, project.audience_of(risk))


def _rank(one: RankedRisk) -> tuple[int, int, Decimal, int, str]:
    term = one.risk.proximity.term if one.risk.proximity else None
    return (-one.score, -(one.risk.impact or 0), -(one.expected_value or Decimal(0)), _PROXIMITY[term], one.risk.id)


def _expected_value(risk: Risk, currency: str | None) -> Decimal | None:
    worth = risk.impact_value.money if risk.impact_value else None
    if risk.probability_value is None or worth is None:
        return None
    # Amounts in another currency are not added (domain, trap 15); without a dated rate they count as not given.
    if worth.currency is not None and worth.currency != currency:
        return None
    return Decimal(risk.probability_value * worth.amount)


def risk_figures(project: Project, state: RiskState, as_of: AsOf) -> tuple[AnyFigure, ...]:
    """Return the figures about risks: risk.open, risk.new, …, risk.red, risk.exposure."""
    flow = state.flow
    if not project.of(Risk) or flow is None:
        return ()
    risks = project.of(Risk)
    moved, before = moved_in_period(risks, flow.start), before_period(risks, flow.before, flow.start)
    counts = _Counts(project, state, flow, as_of, moved, before)
    return (
        *(counts.of_period(name) for name in ("new", "reopened", *ENDS)),
        counts.open(),
        counts.red(),
        _exposure(project, state, as_of),
    )


class _Counts(Struct, frozen=True):
    """Makes the figures that count risks."""

    project: Project
    state: RiskState
    flow: RiskFlow
    as_of: AsOf
    moved: Mapping[str, list[Risk]]
    before: Mapping[str, int]

    def open(self) -> Figure:
        """Return how many risks are open, held against the opening count."""
        flow = self.flow
        words = f"{plural(flow.opening, *_OPEN_RISKS)} on {day(flow.start)}"
        opening = Comparator("previous", flow.opening, words, flow.start)
        formula = (
            f"opening {flow.opening} + new {flow.new} + reopened {flow.reopened} − closed {flow.closed} "
            f"− materialised {flow.materialised} − withdrawn {flow.withdrawn}, since {day(flow.start)}"
        )
        return self._count("open", flow.closing, _OPEN_RISKS, formula, self._open_risks(), opening)

    def of_period(self, name: str) -> Figure:
        """Return how many risks began or ended in some way in the period."""
        flow = self.flow
        nouns = (f"{name} risk", f"{name} risks")
        formula = f"risks {_PERIOD_WORDS[name]} after {day(flow.start)} and up to {day(flow.end)}"
        if flow.undated and name == "new":
            formula += f"; {plural(flow.undated, 'risk gives', 'risks give')} no day and count as raised before"
        return self._count(
            name, getattr(flow, name), nouns, formula, self.moved.get(name, []), self._before(name, nouns)
        )

    def red(self) -> Figure:
        """Return how many open threats lie in the red band."""
        red = [one.risk for one in self.state.ranked if _is_red_threat(one)]
        least = self.project.charter.thresholds.risk.red
        formula = f"open threats whose score (probability × impact) is {least} or more"
        return self._count("red", len(red), ("risk in the red band", "risks in the red band"), formula, red, None)

    def _count(
        self,
        name: str,
        value: int,
        nouns: tuple[str, str],
        formula: str,
        risks: Sequence[Risk],
        comparator: Comparator | None,
    ) -> Figure:
        return Figure(
            name=f"risk.{name}",
            value=value,
            unit="risks",
            as_of=self.as_of.date,
            text=plural(value, *nouns),
            formula=formula,
            sources=sources_of(risks),
            audience=self.state.audience,
            comparator=comparator,
        )

    def _before(self, name: str, nouns: tuple[str, str]) -> Comparator:
        """Return the same count for the period before."""
        before, start = self.flow.before, self.flow.start
        value = self.before.get(name, 0)
        words = f"{plural(value, *nouns)} in the {days((start - before).days)} up to {day(start)}"
        return Comparator("previous", value, words, start)

    def _open_risks(self) -> list[Risk]:
        return [one.risk for one in self.state.ranked]


_PERIOD_WORDS = {
    "new": "raised",
    "reopened": "opened again",
    "closed": "closed",
    "materialised": "that happened",
    "withdrawn": "taken back",
}


class ExposureLeftOut(Struct, frozen=True):
    """Open threats that the exposure does not count.

    Attributes:
        unvalued: How many lack a probability value or an amount of money.
        foreign: How many give an amount in another currency than the project's.
    """

    unvalued: int
    foreign: int

    def words(self, currency: str) -> str:
        """Return how many are left out and why; empty where none is."""
        of_each = (
            (self.unvalued, "without both values"),
            (self.foreign, f"in another currency than {currency}"),
        )
        parts = [f"{plural(n, 'open risk', 'open risks')} {why}" for n, why in of_each if n]
        return f"{' and '.join(parts)} left out" if parts else ""


def exposure_left_out(state: RiskState) -> ExposureLeftOut:
    """Return which open threats the exposure does not count."""
    without = [one for one in _threats(state) if one.expected_value is None]
    foreign = sum(_gives_both(one.risk) for one in without)
    return ExposureLeftOut(len(without) - foreign, foreign)


def _threats(state: RiskState) -> list[RankedRisk]:
    return [one for one in state.ranked if one.risk.polarity == "threat"]


def _gives_both(risk: Risk) -> bool:
    return risk.probability_value is not None and risk.impact_value is not None and risk.impact_value.money is not None


def _exposure(project: Project, state: RiskState, as_of: AsOf) -> AnyFigure:
    threats, currency = _threats(state), project.charter.currency
    valued = [one for one in threats if one.expected_value is not None]
    left_out = exposure_left_out(state)
    if not valued or currency is None:
        reason = _why_no_exposure(left_out, currency, has_values=bool(valued))
        return Unknown("risk.exposure", reason, state.audience, sources_of(one.risk for one in threats))
    total = sum((one.expected_value or Decimal(0) for one in valued), Decimal(0))
    words = left_out.words(currency)
    return Figure(
        name="risk.exposure",
        value=total,
        unit=currency,
        as_of=as_of.date,
        text=money(total, currency),
        formula=f"{EXPOSURE_FORMULA}, in {currency}" + (f"; {words}" if words else ""),
        sources=sources_of(one.risk for one in valued),
        audience=state.audience,
        comparator=_exposure_before(project, state.flow.start, currency) if state.flow else None,
    )


def _why_no_exposure(left_out: ExposureLeftOut, currency: str | None, *, has_values: bool) -> str:
    if currency is None and (has_values or left_out.foreign):
        return "project.yml names no currency"
    if left_out.foreign:
        return f"no open risk gives its values in {currency}; {left_out.words(str(currency))}"
    return "no open risk gives probability_value and impact_value"


def _exposure_before(project: Project, start: date, currency: str) -> Comparator | None:
    """Return the exposure to the risks that were open at the start of the period.

    No record keeps what a risk was worth then, so each counts with the values that it has now, and the words say so.
    """
    open_then = [risk for risk in project.of(Risk) if risk.polarity == "threat" and was_open(risk, start)]
    values = [value for risk in open_then if (value := _expected_value(risk, currency)) is not None]
    if open_then and not values:
        return None
    total = sum(values, Decimal(0))
    words = f"{money(total, currency)} for the risks open on {day(start)}, at the values they have now"
    return Comparator("previous", total, words, start)


def assess_risk(project: Project, state: RiskState, as_of: AsOf) -> Assessment:
    """Return what the risks make of the dimension "risk"."""
    ages = {one.risk.id: freshness_of(project, one.risk, as_of) for one in state.ranked}
    findings = [finding for one in state.ranked for finding in _findings(project, one, ages[one.risk.id], as_of)]
    assessed = [risk for risk in project.of(Risk) if risk.status != "draft"]
    if not assessed:
        findings.append(make_finding(project, "no-risk-recorded", "not_reported"))
    elif not findings:
        findings.append(make_finding(project, "risks-under-control", "green", assessed, count=_open_words(state)))
    audience = state.audience if assessed else project.strictest(())
    return Assessment(worst_first(findings), audience, oldest(ages.values()), bool(project.of(Risk)))


def _open_words(state: RiskState) -> str:
    return plural(len(state.ranked), *_OPEN_RISKS)


def _is_red_threat(one: RankedRisk) -> bool:
    # A great opportunity is no reason for alarm, and "what we do if it happens anyway" means nothing for it.
    return one.band == "red" and one.risk.polarity == "threat"


def _findings(project: Project, one: RankedRisk, age: Freshness, as_of: AsOf) -> Iterable[Finding]:
    risk = one.risk
    words = {"id": risk.id, "title": risk.title, "score": str(one.score)}
    if _is_red_threat(one):
        missing = ", ".join(name.replace("_", " ") for name in one.missing)
        if missing:
            yield make_finding(project, "red-risk-without-answer", "red", [risk], **words, missing=missing)
        else:
            yield make_finding(project, "red-risk", "amber", [risk], **words)
    review = min((when for when in (risk.next_review, risk.review_by) if when is not None), default=None)
    if review is not None and review < as_of.date:
        late = days((as_of.date - review).days)
        yield make_finding(project, "risk-review-overdue", "amber", [risk], **words, due=day(review), days=late)
    if risk.next_review is None:
        # Without the day nobody can tell that a review is overdue: its absence must not look better than its passing.
        yield make_finding(project, "risk-review-not-planned", "not_reported", [risk], **words)
    if not age.is_current:
        yield make_age_finding(project, "risk", risk, age, score=str(one.score))
