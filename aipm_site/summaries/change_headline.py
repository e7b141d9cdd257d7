"""The first line of a report of changes, which says it all: overall status, what moved it, finish and cost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import get_args

from msgspec import Struct

from aipm_site.changes.changes import Changes
from aipm_site.changes.records import RecordChange
from aipm_site.changes.status import StatusChange
from aipm_site.facts.gate import Verdict
from aipm_site.facts.numbers import plural
from aipm_site.facts.status import DIMENSIONS, DimensionStatus, OverallStatus
from aipm_site.summaries.change_words import days_text, delta_text, status_text, words

CLAUSES_AT_MOST = 6
RISKS_AT_MOST = 3
MATERIALISED = "materialised"
# Whether what happened to a risk is better.
_RISK_BETTER = {
    "added": False,
    "reopened": False,
    "rescored": False,
    MATERIALISED: False,
    "lowered": True,
    "closed": True,
    "withdrawn": True,
}
LONGEST = 1_000
_ID = r"[^\W_]+(?:[._-][^\W_]+)*"
# Where no word of ours tells what it is, it has the form of an id, and is not any word before an amount.
_MILESTONE = r"[A-Z]{2,4}-[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*"
# By how much a figure rose or fell: "+9 days", "+ USD 40,000", "− EUR 1.2 million".
_DELTA = r"[+−][ \u00a0]?(?:[A-Z]{3}[ \u00a0])?[0-9][0-9,.]*(?:[ \u00a0](?:days?|[mbtr]+illion))?"


class _Clause(Struct, frozen=True):
    """A clause of the line, and whether what it tells is better; None where nobody can say."""

    text: str
    better: bool | None


def headline(changes: Changes) -> str:
    """Return the line, such as "Overall amber → red: RSK-014 now 20; finish P80 +9 days"."""
    errors = changes.problems[1]["error"]
    if not (errors and changes.is_computed):
        return _of_status(changes)
    to_mend = str(words("headline")["errors"]).format(count=plural(errors, "error", "errors"))
    return f"{_of_status(changes).removesuffix('.')}. {to_mend}"


def _of_status(changes: Changes) -> str:
    told = words("headline")
    if not changes.is_computed:
        before, after = changes.unread
        side = told["after" if after or not before else "before"]
        return str(told["not_compared"]).format(count=plural(after or before or 1, "record", "records"), side=side)
    risks, figures = _moved_risks(changes), list(_figure_clauses(changes))
    clauses = _leading_first(changes, _clauses(changes, risks[:RISKS_AT_MOST]))
    if not (clauses or figures) and changes.overall is None and changes.is_status_shared:
        return str(told["none"])
    # Finish and cost are always told: who reads one line only asks when it is done and what it costs.
    shown = _leading_first(changes, [*clauses[: CLAUSES_AT_MOST - len(figures)], *figures])
    texts = [clause.text for clause in shown]
    left_out = len(risks[RISKS_AT_MOST:]) + len(clauses) + len(figures) - len(shown)
    if left_out:
        texts.append(str(told["more"]).format(count=left_out))
    return f"{_overall(changes)}: {'; '.join(texts)}" if texts else _overall(changes)


def _leading_first(changes: Changes, clauses: Iterable[_Clause]) -> list[_Clause]:
    return sorted(clauses, key=lambda clause: not _can_lead(changes, clause.better))


def _can_lead(changes: Changes, better: bool | None) -> bool:
    """Say whether something may have made the status what it is: what became better made no status worse.

    Where the overall status did not change, what became worse stands first.
    """
    is_status_better = changes.overall is not None and changes.overall.better is True
    return better is None or better == is_status_better


def _overall(changes: Changes) -> str:
    told = words("headline")
    change = changes.overall
    if change is not None:
        return str(told["moved"]).format(before=status_text(change.before), after=status_text(change.after))
    if not changes.is_status_shared:
        return str(told["not_shared"])
    return (
        str(told["still"]).format(status=status_text(changes.status)) if changes.is_listed else str(told["no_status"])
    )


def _clauses(changes: Changes, risks: Sequence[RecordChange]) -> Iterator[_Clause]:
    yield from map(_risk, risks)
    # What a named risk does to its dimension need not be said twice.
    yield from (_dimension(c) for c in changes.dimensions if not _is_told_by(risks, c))
    told = words("headline")
    yield from (_Clause(told["rewritten"].format(id=one.record_id), better=False) for one in changes.rewritten)
    for gate in (gate for gate in changes.gates if gate.is_turned):
        text = told["gate" if gate.after else "gate_gone"].format(id=gate.record_id, verdict=gate.after)
        yield _Clause(text, gate.better)


def _is_told_by(risks: Sequence[RecordChange], dimension: StatusChange) -> bool:
    """Say whether a change of a dimension follows from that of a risk: no improvement of one makes it worse."""
    if dimension.name != "risk" or dimension.was_dropped:
        return False
    return any(None in (better := _is_better(risk), dimension.better) or better == dimension.better for risk in risks)


def _moved_risks(changes: Changes) -> list[RecordChange]:
    """Return the risks whose score is another: those that can have led to the status first, of these the greatest."""
    moved = [change for change in changes.records if change.scores[0] != change.scores[1]]
    return sorted(
        moved,
        key=lambda change: (
            not _can_lead(changes, _is_better(change)),
            -max(score or 0 for score in change.scores),
            change.record_id,
        ),
    )


def _risk(change: RecordChange) -> _Clause:
    told = words("headline")["risk"]
    text = str(told[_happened(change)]).format(id=change.record_id, score=change.scores[1])
    return _Clause(text, _is_better(change))


def _is_better(change: RecordChange) -> bool | None:
    """Say whether it is better that a risk has another score; of one that was removed or scored no more nobody can."""
    return _RISK_BETTER.get(_happened(change))


def _happened(change: RecordChange) -> str:
    """Return what happened to a risk whose score is another; a score alone does not say why it is there no more."""
    if change.how == "closed" and change.status == MATERIALISED:
        return MATERIALISED
    if change.how != "changed":
        return change.how
    if not change.was_open:
        return "reopened"
    before, after = change.scores
    if after is None:
        return "unscored"
    return "lowered" if before is not None and after < before else "rescored"


def _dimension(change: StatusChange) -> _Clause:
    told = words("headline")["dropped" if change.was_dropped else "dimension"]
    text = str(told).format(name=change.name, before=status_text(change.before), after=status_text(change.after))
    return _Clause(text, change.better)


def _figure_clauses(changes: Changes) -> Iterator[_Clause]:
    if changes.finish is not None:
        name = changes.finish.record_id or words("headline")["finish"]
        yield _Clause(f"{name} {days_text(changes.finish.days)}", better=changes.finish.days < 0)
    moved = {change.name: change for change in changes.figures if change.delta}
    labels = dict(words("headline")["figures"])
    if "schedule.finish_p80" in moved:
        labels.pop("schedule.finish_p50", None)
    for name, label in labels.items():
        if name in moved:
            yield _Clause(f"{label} {delta_text(moved[name])}", moved[name].better)


def is_headline(text: str) -> bool:
    """Say whether `headline` could have given a line: it has its words and, besides them, only ids and numbers.

    Who makes up a report can put a line of their own there; it would stand as the first sentence of a comment.
    """
    return len(text) <= LONGEST and _headlines().fullmatch(text) is not None


@cache
def _headlines() -> re.Pattern[str]:
    told = words("headline")
    statuses = _any_of(status_text(status) for status in (*get_args(OverallStatus), *get_args(DimensionStatus)))
    moved = {"before": statuses, "after": statuses, "status": statuses}
    clauses = (
        *(_with(template, id=_ID, score=r"-?\d+") for template in told["risk"].values()),
        *(_with(told[name], name=_any_of(DIMENSIONS), **moved) for name in ("dimension", "dropped")),
        *(_with(told[name], id=_ID, verdict=_any_of(get_args(Verdict))) for name in ("gate", "gate_gone")),
        _with(told["rewritten"], id=_ID),
        *(f"{re.escape(label)} {_DELTA}" for label in (*told["figures"].values(), told["finish"])),
        f"{_MILESTONE} {_DELTA}",
        _with(told["more"], count=r"\d+"),
    )
    overall = "|".join(_with(told[name], **moved) for name in ("moved", "still", "not_shared", "no_status"))
    unread = _with(
        told["not_compared"], count=r"[\d,]+ records?", side=_any_of(told[side] for side in ("before", "after"))
    )
    clause = f"(?:{'|'.join(clauses)})"
    # So many, and how many more there are.
    clauses_told = f"{clause}(?:; {clause}){{0,{CLAUSES_AT_MOST}}}"
    errors = _with(told["errors"], count=r"[\d,]+ errors?")
    none = re.escape(str(told["none"]).removesuffix("."))
    return re.compile(rf"{none}\.(?: {errors})?|{unread}|(?:{overall})(?:: {clauses_told})?(?:\. {errors})?")


def _any_of(choices: Iterable[str]) -> str:
    return "|".join(map(re.escape, choices))


def _with(template: str, **parts: str) -> str:
    """Return the pattern of a template, with a pattern for each of its names."""
    pieces = re.split(r"\{(\w+)\}", template)
    return "".join(f"(?:{parts[piece]})" if number % 2 else re.escape(piece) for number, piece in enumerate(pieces))
