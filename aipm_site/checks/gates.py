"""Gates: results and verdicts that people write and the facts deny, and models in production without a go."""

from __future__ import annotations

from collections.abc import Iterator

from aipm_site.facts.criterion import CriterionState, counts_text, is_better_result
from aipm_site.facts.facts import Facts
from aipm_site.facts.gate import GateState, computed_verdict, is_better_verdict, worse_verdict
from aipm_site.problems import Problem, Related, did_you_mean, error, information, warning
from aipm_site.records.decision import Criterion
from aipm_site.records.model import Model

# Gates that were once accepted let something in, also where another decision took their place since.
_WAS_ACCEPTED = frozenset({"accepted", "superseded", "deprecated"})
# Begins the names of figures that are worked out after the gates are judged, so a gate cannot look at them.
_FROM_GATES = ("gate.", "status.")


def check_gates(facts: Facts) -> Iterator[Problem]:
    """Yield what gates say of themselves and the facts deny, and models that are in production against their gate.

    What was right on the date of a gate and is denied only by what came later (an observation, the end of a waiver) is
    a warning; what was never right is an error.
    """
    for gate in facts.gates:
        yield from _verdict(gate)
        for index, criterion in enumerate(gate.decision.criteria):
            yield from _result(gate, index, criterion)
            yield from _unknown_figure(facts, gate, index, criterion)
    by_id = {gate.decision.id: gate for gate in facts.gates}
    for model in facts.project.of(Model):
        if model.stage == "production" and model.gate in by_id:
            yield from _in_production(model, by_id[model.gate])


def _verdict(gate: GateState) -> Iterator[Problem]:
    if gate.given is None:
        return
    place = gate.decision.origin.place_of(("verdict",))
    hint = "a better verdict needs an accepted decision as `waiver` of each criterion that is not met"
    on_date, today = computed_verdict(gate.dated), computed_verdict(gate.present)
    if is_better_verdict(gate.given, on_date):
        message = f"the verdict '{gate.given}' is better than '{on_date}', which its criteria say"
        yield error("verdict-denied", f"{message} ({counts_text(gate.dated)})", place, hint)
    elif is_better_verdict(gate.given, today):
        message = f"the verdict '{gate.given}' was right on {gate.dated_on}; by what is known now it is '{today}'"
        hint = "look at it again: a new decision can supersede it"
        yield warning("verdict-denied", f"{message} ({counts_text(gate.present)})", place, hint)


def _result(gate: GateState, index: int, criterion: Criterion) -> Iterator[Problem]:
    written, on_date, today = criterion.result, gate.dated[index], gate.present[index]
    if written is None or (written == "waived" and criterion.waiver is None):
        return
    was_right = not is_better_result(written, on_date.result)
    if was_right and not is_better_result(written, today.result):
        return
    state, day = (today, gate.present_on) if was_right else (on_date, gate.dated_on)
    report = warning if was_right else error
    place = gate.decision.origin.place_of(("criteria", index, "result"))
    if written == "waived":
        message = f"'{criterion.name}' is waived by {criterion.waiver}, which is not in force on {day}"
        hint = "a waiver is an accepted decision that has not expired"
        yield report("waiver-not-in-force", message, place, hint)
    else:
        message = f"'{criterion.name}' is said to be {_words(written)}, and it is {_words(state.result)}{_seen(state)}"
        hint = "leave the result out, and it is computed; give `observed` where no metric or figure says it"
        yield report("result-denied", message, place, hint)


def _words(result: str) -> str:
    return result.replace("_", " ")


def _seen(state: CriterionState) -> str:
    if state.observed is None:
        return f": {state.why}" if state.why else ""
    return f": observed {state.observed_text}, limit {state.limit_text}"


def _unknown_figure(facts: Facts, gate: GateState, index: int, criterion: Criterion) -> Iterator[Problem]:
    name = criterion.figure
    if name is None:
        return
    place = gate.decision.origin.place_of(("criteria", index, "figure"))
    if name.startswith(_FROM_GATES):
        message = f"the figure '{name}' itself follows from gates, so '{criterion.name}' is not assessed"
        yield information("unknown-figure", message, place, "name a figure that it rests on, such as cost.cpi")
    elif name not in facts.figures:
        message = f"there is no figure '{name}', so '{criterion.name}' is not assessed"
        hint = did_you_mean(name, facts.figures, "`aipm status --json` lists all figures")
        yield information("unknown-figure", message, place, hint)


def _in_production(model: Model, gate: GateState) -> Iterator[Problem]:
    decision, place = gate.decision, model.origin.place_of(("gate",))
    related = [Related(decision.place, f"{decision.id} is written here")]
    on_date = worse_verdict(computed_verdict(gate.dated), gate.given)
    if gate.subject and gate.subject != model.id:
        message = f"{model.id} names the gate {decision.id}, which is about {gate.subject}"
        yield error("contradiction", message, place, f"name the gate of {model.id}", related)
    elif decision.status not in _WAS_ACCEPTED:
        message = f"{model.id} is in production, and its gate {decision.id} is {decision.status}"
        yield error("production-without-go", message, place, "accept the gate first, or take the stage back", related)
    elif on_date == "no-go":
        message = f"{model.id} is in production, and the verdict of its gate {decision.id} is no-go"
        hint = "take the stage back, or let an accepted decision waive what is not met"
        yield error("production-without-go", message, place, hint, related)
    elif gate.present_verdict == "no-go":
        message = f"{model.id} is in production, and by what is known now it would fail its gate {decision.id}"
        hint = f"not met now: {', '.join(one.name for one in gate.present if one.must and one.result == 'not_met')}"
        yield warning("production-without-go", message, place, hint, related)
