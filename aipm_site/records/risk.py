"""Risks: what may happen, how likely, how bad, and what we do about it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from aipm_site.records.charter import Charter
from aipm_site.records.fields import Impact, IsoDate, Line, Number, Probability, Prose, Ratio, reference_to
from aipm_site.records.kind import Breach, Expectation, Kind, in_status
from aipm_site.records.quantity import Money
from aipm_site.records.record import Part, Record, expected, needed, optional

RiskCategory = Literal[
    "data_quality",
    "data_access",
    "model_performance",
    "drift",
    "ethics_fairness",
    "privacy_security",
    "regulatory",
    "vendor",
    "technical",
    "schedule",
    "cost",
    "people",
    "adoption",
    "safety",
]
ResponseStrategy = Literal["avoid", "mitigate", "transfer", "exploit", "enhance", "share", "accept", "escalate"]
RiskStatus = Literal["draft", "open", "investigating", "responding", "materialised", "closed", "withdrawn"]

# PMBOK: accept and escalate answer threats and opportunities alike, the others one of them.
_ONLY_FOR = {
    "threat": frozenset({"avoid", "mitigate", "transfer"}),
    "opportunity": frozenset({"exploit", "enhance", "share"}),
}
# A title of these words alone names an effect that a hundred causes may have.
_OUTCOME_WORD = re.compile(
    r"(a|an|the|of|in|on|by|and|or|too|over|project|budget|costs?|schedule|time|timeline|delivery|deadlines?|release"
    r"|milestone|quality|scope|creep|overruns?|overspen(d|ding)|delay(s|ed)?|slip(s|page)?|late(ness)?|failures?|fails"
    r"|miss(ed|ing)|loss|poor|low|bad|exceeded)\Z"
)
_ISSUE_WORDS = re.compile(
    r"\b(has|have) (already )?(failed|broken|happened|occurred|stopped|slipped|crashed|expired|left|missed)\b"
    r"|\b(is|are) already\b|\balready (failed|broken|happened|occurred)\b",
    re.IGNORECASE,
)


class Rating(Part):
    """Probability and impact at another time than now."""

    probability: Probability = needed("chance that it happens, 1 (very unlikely) to 5 (almost certain)")
    impact: Impact = needed("effect if it happens, 1 (slight) to 5 (severe)")

    @property
    def score(self) -> int:
        """Probability times impact."""
        return self.probability * self.impact


class PastRating(Rating):
    """What the scores were."""

    as_of: IsoDate = needed("the day from which they held")
    reason: Line | None = optional("why they were changed")


class ImpactValue(Part):
    """The effect as a quantity, for the expected monetary value."""

    money: Money | None = optional("what it would cost")
    days: Number | None = optional("by how many days it would delay the project")


class Proximity(Part):
    """When it may happen."""

    short_field = "term"

    term: Literal["imminent", "near", "mid", "far"] | None = optional(
        "imminent (within a month), near (within three), mid (within six) or far"
    )
    start: IsoDate | None = optional("first day on which it may happen")
    end: IsoDate | None = optional("last day on which it may happen")


class Risk(Record):
    """One line of the risk register: because of *cause*, *event* may happen, which would *effect*."""

    status: RiskStatus = optional("where it stands", "open")
    cause: Prose | None = expected("what it comes from, in one clause")
    event: Prose | None = expected("what may happen, in one clause")
    effect: Prose | None = expected("what it would do to the project, in one clause")
    category: RiskCategory | None = expected("what sort of risk it is")
    probability: Probability | None = expected(
        "chance that it happens, 1 (very unlikely) to 5 (almost certain), with present controls in place"
    )
    impact: Impact | None = expected(
        "effect if it happens, 1 (slight) to 5 (severe), with the present controls in place"
    )
    response_strategy: ResponseStrategy | None = expected("what is done about it")
    opened: IsoDate | None = expected("day on which it was raised")
    next_review: IsoDate | None = expected("day on which it is looked at again")
    response_actions: tuple[Annotated[Line, reference_to("action")], ...] = optional(
        "actions that carry out the response", many=True
    )
    fallback_plan: Prose | None = optional("what we do if it happens anyway")
    trigger: Prose | None = optional("the sign by which we see that it is happening")
    polarity: Literal["threat", "opportunity"] = optional("whether its effect is unwelcome or welcome", "threat")
    probability_value: Ratio | None = optional("chance that it happens, 0 to 1, for the expected monetary value")
    impact_value: ImpactValue | None = optional("effect in money or days, for the expected monetary value")
    inherent: Rating | None = optional("scores without any controls")
    target: Rating | None = optional("scores that the response is to reach")
    explain: Prose | None = optional("why a present score is above the inherent one")
    proximity: Proximity | None = optional("when it may happen: imminent, near, mid, far, or a window of dates")
    velocity: Line | None = optional("how fast its effect would be felt")
    detectability: Line | None = optional("how soon it would be noticed")
    affected_objectives: tuple[Annotated[Line, reference_to("objective", only_ids=True)], ...] = optional(
        "objectives that it threatens", many=True
    )
    controls: tuple[Annotated[Line, reference_to("control", only_ids=True)], ...] = optional(
        "what holds it down already, in words or as control ids", many=True
    )
    cost_of_response: Money | None = optional("what the response costs")
    escalated_to: Line | None = optional("the role that it was passed up to")
    transferred_to: Line | None = optional("who carries it now")
    accepted_by: Line | None = optional("the role that accepts it")
    accepted_until: IsoDate | None = optional("day on which the acceptance ends")
    secondary_risks: tuple[Annotated[Line, reference_to("risk")], ...] = optional(
        "risks that the response brings with it", many=True
    )
    materialised_on: IsoDate | None = optional("day on which it happened")
    closed: IsoDate | None = optional("day on which it was closed")
    withdrawn_on: IsoDate | None = optional("day on which it was taken back")
    close_reason: Prose | None = optional("why it was closed or withdrawn")
    reopened: tuple[IsoDate, ...] = optional("days on which it was opened again", many=True)
    history: tuple[PastRating, ...] = optional("earlier scores", many=True)

    @property
    def score(self) -> int | None:
        """Probability times impact: an index for sorting, not a quantity (5×5 has only 14 values); None in a draft."""
        if self.probability is None or self.impact is None:
            return None
        return self.probability * self.impact

    @property
    def is_counted(self) -> bool:
        """Whether headline counts, the matrix and the status count it as open."""
        return self.status in {"open", "investigating", "responding"}


def strategy_suits_polarity(risk: Risk) -> Iterable[Breach]:
    """Find a threat that is exploited or an opportunity that is avoided."""
    other = "opportunity" if risk.polarity == "threat" else "threat"
    if risk.response_strategy in _ONLY_FOR[other]:
        answers = "opportunities" if other == "opportunity" else "threats"
        this = "a threat" if other == "opportunity" else "an opportunity"
        message = f"response_strategy '{risk.response_strategy}' answers {answers}, and this risk is {this}"
        allowed = ", ".join(sorted(_ONLY_FOR[risk.polarity] | {"accept", "escalate"}))
        yield Breach("wrong-strategy", message, ("response_strategy",), f"write one of {allowed}")


def review_follows_update(risk: Risk) -> Iterable[Breach]:
    """Find a next review that was over before the record was last changed."""
    if risk.next_review and risk.updated and risk.next_review < risk.updated:
        message = f"next_review {risk.next_review} is before updated {risk.updated}"
        yield Breach("wrong-order", message, ("next_review",), "write the day on which it is looked at again")


def ends_after_opening(risk: Risk) -> Iterable[Breach]:
    """Find a risk that ended before it was raised."""
    for name in ("materialised_on", "closed", "withdrawn_on"):
        end = getattr(risk, name)
        if risk.opened and end and end < risk.opened:
            yield Breach("wrong-order", f"{name} {end} is before opened {risk.opened}", (name,))


def end_dates_suit_status(risk: Risk) -> Iterable[Breach]:
    """Find a closing date on a risk that is not closed and was not opened again."""
    for name, status in (("closed", "closed"), ("withdrawn_on", "withdrawn")):
        end = getattr(risk, name)
        if end and risk.status != status and not any(day >= end for day in risk.reopened):
            hint = f"write status: {status}, or the day it was opened again under 'reopened'"
            yield Breach("contradiction", f"{name} is given, and status is '{risk.status}'", (name,), hint)


def present_explains_itself(risk: Risk) -> Iterable[Breach]:
    """Warn of scores that controls made worse."""
    if risk.inherent is None or risk.explain:
        return
    for axis in ("probability", "impact"):
        present, inherent = getattr(risk, axis), getattr(risk.inherent, axis)
        if present is not None and present > inherent:
            message = f"{axis} {present} is above the inherent {inherent}, as if the controls made it worse"
            yield Breach("present-above-inherent", message, (axis,), "say why under 'explain'", "warning")


def title_names_a_cause(risk: Risk) -> Iterable[Breach]:
    """Warn of a title that says only what would come out, such as "budget overrun"."""
    words = re.findall(r"\w+", risk.title.lower())
    if words and all(map(_OUTCOME_WORD.match, words)):
        hint = "say what may happen: 'The vendor raises its price', not 'budget overrun'"
        yield Breach("only-an-outcome", f"the title '{risk.title}' is only an outcome", ("title",), hint, "warning")


def is_not_an_issue(risk: Risk) -> Iterable[Breach]:
    """Warn of a risk that is worded as if it had happened."""
    if risk.status == "materialised":
        return
    for name, text in (("title", risk.title), ("event", risk.event)):
        found = _ISSUE_WORDS.search(text or "")
        if found:
            hint = "a risk may happen; what has happened is an issue: write an issue, and status: materialised here"
            message = f"'{found.group()}' says that it has happened, and this is a risk"
            yield Breach("worded-as-issue", message, (name,), hint, "warning")


def _is_red(risk: Risk, charter: Charter) -> bool:
    return risk.is_counted and risk.score is not None and charter.risk_band(risk.score) == "red"


def _order(risk: Risk) -> tuple[Any, ...]:
    return (-(risk.score or 0), -(risk.impact or 0), risk.id)


KIND = Kind(
    Risk,
    name="risk",
    folder="risks",
    prefix="RSK",
    plural="risks",
    register="Risk register",
    columns=("id", "title", "probability", "impact", "score", "status", "owner", "next_review"),
    done=frozenset({"closed", "withdrawn", "materialised"}),
    default_status="open",
    fresh_days=30,
    dated="opened",
    ended=("closed", "withdrawn_on", "materialised_on", "close_reason"),
    rules=(
        strategy_suits_polarity,
        review_follows_update,
        ends_after_opening,
        end_dates_suit_status,
        present_explains_itself,
        title_names_a_cause,
        is_not_an_issue,
    ),
    expectations=(
        Expectation(
            ("probability", "impact"),
            when=in_status("open", "investigating", "responding", "materialised", "closed", "withdrawn"),
            because="a risk that is not a draft is scored",
            level="needed",
        ),
        Expectation(
            ("response_actions", "fallback_plan", "trigger"),
            when=_is_red,
            because="an open red risk has an answer",
        ),
        Expectation(
            ("transferred_to",),
            when=lambda risk, _: risk.response_strategy == "transfer",
            because="a transferred risk has a new carrier",
        ),
        Expectation(
            ("accepted_by", "accepted_until"),
            when=lambda risk, _: risk.response_strategy == "accept",
            because="an acceptance has an author and an end",
        ),
        Expectation(
            ("materialised_on",),
            when=in_status("materialised"),
            because="what has happened has a day",
        ),
        Expectation(
            ("closed", "close_reason"),
            when=in_status("closed"),
            because="a closed risk says when and why",
        ),
        Expectation(
            ("withdrawn_on", "close_reason"),
            when=in_status("withdrawn"),
            because="a withdrawn risk says when and why",
        ),
    ),
    order=_order,
)
