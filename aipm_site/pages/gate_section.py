"""Section of a gate: its criteria with what was observed, and the verdict that follows from them."""

from __future__ import annotations

from markupsafe import Markup
from msgspec import Struct

from aipm_site.facts.criterion import CriterionState, Result, counts_text
from aipm_site.facts.gate import GateState, Verdict
from aipm_site.pages.addresses import ROOT, figure_address
from aipm_site.pages.context import PageContext
from aipm_site.pages.field_values import iso_time, time_of
from aipm_site.pages.words import phrase, sentence_case
from aipm_site.records.decision import Decision

# The shape beside each word, so that it is never colour alone.
_SHAPE_OF_RESULT: dict[Result, str] = {
    "met": "green",
    "waived": "amber",
    "not_met": "red",
    "not_assessed": "not_reported",
}
_SHAPE_OF_VERDICT: dict[Verdict, str] = {"go": "green", "conditional": "amber", "no-go": "red"}


class CriterionView(Struct, frozen=True):
    """A criterion in the table.

    Attributes:
        name: What is asked.
        limit: The limit with its direction.
        observed: What was observed; "" where nothing was.
        href: Address of the figure that was looked at; None where there is none to show.
        why: Why it was not assessed; "" where it was.
        as_of: The day that the observed value speaks for.
        result: What counts, as a word.
        shape: The shape beside it.
        note: What must be said beside it: that the value is the limit itself, that it need not be met.
        waiver: The decision that lets it pass unmet.
    """

    name: str
    limit: str
    observed: str
    href: str | None
    why: str
    as_of: Markup | None
    result: str
    shape: str
    note: str
    waiver: Markup | None


class VerdictView(Struct, frozen=True):
    """A verdict as word and shape."""

    word: str
    shape: str


class GateView(Struct, frozen=True):
    """A gate as its page shows it.

    Attributes:
        verdict: The verdict that holds.
        computed: What the criteria say.
        given: What people decided; None where the record does not say.
        counts: How many criteria came out how.
        judged_on: The day of what was known when it was judged.
        is_decided: Whether it is no proposal any more.
        criteria: The table.
        present: What it would be by what is known now, where that is another verdict; None else.
        present_counts: How many criteria come out how now.
        rollout: What a go lets out.
    """

    verdict: VerdictView
    computed: VerdictView
    given: VerdictView | None
    counts: str
    judged_on: Markup
    is_decided: bool
    criteria: tuple[CriterionView, ...]
    present: VerdictView | None
    present_counts: str
    rollout: Markup | None


class DecisionSection(Struct, frozen=True):
    """What the page of a decision shows besides: the context of templates/records/decision.html.

    Attributes:
        gate: Its criteria and verdict; None where it is no gate, or its result is not shared.
        is_hidden: Whether it is a gate whose result these readers may not see.
        shows: Fields that the table shows.
    """

    gate: GateView | None
    is_hidden: bool
    shows: frozenset[str]


def decision_section(context: PageContext, decision: Decision) -> DecisionSection:
    """Return the criteria and the verdict of a gate; nothing for other decisions."""
    state = next((gate for gate in context.facts.gates if gate.decision.id == decision.id), None)
    if state is None:
        # What the record itself says stays; what follows from records that are hidden is not told.
        is_gate = decision.type == "gate" and bool(decision.criteria)
        return DecisionSection(None, is_gate, frozenset())
    return DecisionSection(_gate(context, decision, state), False, frozenset({"criteria", "verdict", "rollout"}))


def _gate(context: PageContext, decision: Decision, state: GateState) -> GateView:
    is_changed = state.present_verdict != state.verdict
    return GateView(
        verdict=_verdict(state.verdict),
        computed=_verdict(state.computed),
        given=_verdict(state.given) if state.given else None,
        counts=state.counts_text,
        judged_on=time_of(state.judged_on),
        is_decided=state.is_decided,
        criteria=tuple(_criterion(context, one) for one in state.criteria),
        present=_verdict(state.present_verdict) if is_changed else None,
        present_counts=counts_text(state.present),
        rollout=context.values_of(decision).field(decision, "rollout"),
    )


def _verdict(verdict: Verdict) -> VerdictView:
    return VerdictView(sentence_case(verdict), _SHAPE_OF_VERDICT[verdict])


def _criterion(context: PageContext, one: CriterionState) -> CriterionView:
    notes = [phrase("on_the_limit")] if one.is_on_limit else []
    if one.observed_text and one.why:
        notes.append(one.why)
    if not one.must:
        notes.append(phrase("need_not_be_met"))
    return CriterionView(
        name=one.name,
        limit=one.limit_text,
        observed=one.observed_text,
        href=ROOT + figure_address(one.figure) if one.figure in context.facts.figures else None,
        why=one.why,
        as_of=iso_time(one.as_of) if one.as_of else None,
        result=one.result.replace("_", " "),
        shape=_SHAPE_OF_RESULT[one.result],
        note=", ".join(notes),
        waiver=context.links.short(one.waiver) if one.waiver else None,
    )
