"""Report of a change: what a reviewer needs to know of a range of revisions, in rows and lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from aipm_site.changes.changes import Changes
from aipm_site.changes.figures import FigureChange
from aipm_site.changes.policy import Judgement, Met, Ruling
from aipm_site.changes.records import How, RecordChange
from aipm_site.changes.settings import Reclassified
from aipm_site.changes.status import StatusChange
from aipm_site.facts.finding import Finding
from aipm_site.facts.numbers import plural
from aipm_site.records.policy import Verdict
from aipm_site.summaries.change_headline import headline
from aipm_site.summaries.change_words import delta_text, figure_text, sense, status_text, value_texts, words
from aipm_site.summaries.field_labels import path_label
from aipm_site.summaries.reasons import reason_text

HOWS: tuple[How, ...] = ("added", "changed", "closed", "withdrawn", "removed")
SHORT = 10


class Row(Struct, frozen=True):
    """One thing before and after.

    Attributes:
        name: What it is called: a dimension, a figure, the id of a gate.
        before: What it was.
        after: What it is now.
        change: By how much it rose or fell; "" where it is no quantity.
        sense: better, worse, or "" where nobody can say.
        reasons: The rules that fired, in sentences.
    """

    name: str
    before: str
    after: str
    change: str = ""
    sense: str = ""
    reasons: tuple[str, ...] = ()


class RecordRow(Struct, frozen=True):
    """One record and what changed in it.

    Attributes:
        record_id: Its id.
        kind: Name of its kind.
        title: What it is called; "" for a row.
        note: What is to be said besides, such as "removed while open".
        fields: Its fields before and after, each under the field's own words.
    """

    record_id: str
    kind: str
    title: str
    note: str
    fields: tuple[Row, ...]


class RecordGroup(Struct, frozen=True):
    """Records to which the same thing happened.

    Attributes:
        word: What happened: Added, Changed, Closed, Withdrawn, Removed.
        counts: How many of which kind: "1 issue, 3 observations".
        rows: The records.
    """

    word: str
    counts: str
    rows: tuple[RecordRow, ...]


class RulingRow(Struct, frozen=True):
    """A rule of the policy that the change meets.

    Attributes:
        verdict: allow, warn or block.
        rule: Its number and line, and its conditions; "" where the audience may not know which rule it is.
        evidence: What meets it, or that this is not shared.
        because: Why there is such a rule; "" where it does not say.
        excuse: What excuses it; "" where nothing does.
    """

    verdict: str
    rule: str
    evidence: str
    because: str
    excuse: str


class ChangeText(Struct, frozen=True):
    """The context of templates/terminal/changes.txt and templates/comments/changes.md.

    Attributes:
        headline: The line that says it all.
        base: What the head is compared with, in short.
        head: The head, in short.
        as_of: The day or moment that both are computed for.
        audience: Whom it is told to.
        cautions: What makes the comparison less than whole.
        verdict: allow, warn or block.
        rulings: The rules of the policy that the change meets.
        status: Overall status and dimensions that changed.
        gates: Gates whose verdict changed.
        forecasts: Figures that say when something is expected, and moved.
        figures: The other figures that changed.
        groups: Records that changed, by what happened to them.
        removed_open: Ids of records that were removed while they asked for something.
        collisions: Ids that both branches took: what they stand for on each.
        reclassified: What is for other readers than before, in sentences.
        owners: Files whose owner must look at the change, in sentences.
        problems: How many problems there are before and after, where that changed; "" where not.
    """

    headline: str
    base: str
    head: str
    as_of: str
    audience: str
    cautions: tuple[str, ...]
    verdict: str
    rulings: tuple[RulingRow, ...]
    status: tuple[Row, ...]
    gates: tuple[Row, ...]
    forecasts: tuple[Row, ...]
    figures: tuple[Row, ...]
    groups: tuple[RecordGroup, ...]
    removed_open: tuple[str, ...]
    collisions: tuple[Row, ...]
    reclassified: tuple[str, ...]
    owners: tuple[str, ...]
    problems: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed at all."""
        parts = (self.status, self.gates, self.forecasts, self.figures, self.groups, self.collisions)
        return not any((*parts, self.reclassified, self.owners, self.rulings, self.problems))


class Range(Struct, frozen=True):
    """Which revisions are compared.

    Attributes:
        base: The commit that was asked for.
        since: The commit that the head is compared with.
        head: The head's commit, or "working tree".
        is_cut_off: Whether the clone ends before where both may have parted.
    """

    base: str
    since: str
    head: str
    is_cut_off: bool = False


def change_text(changes: Changes, judgement: Judgement, span: Range) -> ChangeText:
    """Return the report of a change."""
    plain = [c for c in changes.figures if not c.name.startswith(("status.", "gate."))]
    as_of = changes.as_of
    return ChangeText(
        headline=headline(changes),
        base=span.since[:SHORT],
        head=span.head if " " in span.head else span.head[:SHORT],
        as_of=as_of.moment.isoformat() if as_of.is_moment else as_of.date.isoformat(),
        audience=changes.audience,
        cautions=tuple(_cautions(changes, judgement, span)),
        verdict=judgement.verdict,
        rulings=(*map(_ruling, judgement.rulings), *map(_hidden_ruling, judgement.hidden)),
        status=tuple(_status(c) for c in ((changes.overall,) if changes.overall else ()) + changes.dimensions),
        gates=tuple(
            Row(
                gate.record_id,
                _with_counts(gate.before, gate.counts_before),
                _with_counts(gate.after, gate.counts_after),
                sense=sense(gate.better),
            )
            for gate in changes.gates
        ),
        forecasts=tuple(_figure(change) for change in plain if change.is_forecast),
        figures=tuple(_figure(change) for change in plain if not change.is_forecast),
        groups=tuple(_groups(changes)),
        removed_open=tuple(change.record_id for change in changes.removed_while_open),
        collisions=tuple(
            Row(c.record_id, f"{c.base_title} ({c.base_place})", f"{c.head_title} ({c.head_place})")
            for c in changes.collisions
        ),
        reclassified=tuple(_reclassified(changes.reclassified)),
        owners=tuple(f"{change.path} is {change.how}" for change in (*changes.templates, *changes.policy)),
        problems=_problems(changes),
    )


def _cautions(changes: Changes, judgement: Judgement, span: Range) -> Iterator[str]:
    told = words("cautions")
    before, after = changes.unread
    for side, unread, problems in (("base", before, changes.problems[0]), ("head", after, changes.problems[1])):
        if unread:
            yield told[f"unread_{side}"].format(count=plural(unread, "record", "records"))
        elif problems["error"]:
            yield told[f"errors_{side}"]
    if span.since != span.base:
        yield told["parted"].format(since=span.since[:SHORT])
    if span.is_cut_off:
        yield told["cut_off"]
    if not judgement.is_sound:
        yield told["policy_unread"].format(file=judgement.file)


def _status(change: StatusChange) -> Row:
    reasons = tuple(dict.fromkeys(map(_reason, change.findings)))
    return Row(
        change.name,
        status_text(change.before),
        status_text(change.after),
        sense=sense(change.better),
        reasons=reasons,
    )


def _reason(finding: Finding) -> str:
    return f"{reason_text(finding)} [{finding.rule}]"


def _with_counts(verdict: str | None, counts: str) -> str:
    return f"{verdict} ({counts})" if verdict else str(words("values")["no_figure"])


def _figure(change: FigureChange) -> Row:
    return Row(
        change.name,
        figure_text(change.before),
        figure_text(change.after),
        delta_text(change),
        sense(change.better),
    )


def _groups(changes: Changes) -> Iterator[RecordGroup]:
    for how in HOWS:
        found = changes.of(how)
        if found:
            yield RecordGroup(words("how")[how], kind_counts(found), tuple(map(_record, found)))


def kind_counts(records: Sequence[RecordChange]) -> str:
    """Return how many records of which kind there are: "1 issue, 3 observations"."""
    counts = Counter((record.kind, record.plural) for record in records)
    return ", ".join(f"{count} {one if count == 1 else many}" for (one, many), count in counts.items())


def _record(change: RecordChange) -> RecordRow:
    note = "removed while open" if change.how == "removed" and change.is_open else ""
    fields = tuple(Row(path_label(field.field), *value_texts(field.before, field.after)) for field in change.fields)
    return RecordRow(change.record_id, change.kind, change.title, note, fields)


def _reclassified(found: Sequence[Reclassified]) -> Iterator[str]:
    for one in found:
        if one.name:
            yield f"{one.name} is for {'fewer' if one.is_narrower else 'more'} readers: {one.before} → {one.after}"
    hidden = sum(not one.name for one in found)
    if hidden:
        yield f"{plural(hidden, 'record or page', 'records or pages')} not shared with this audience"


def _ruling(ruling: Ruling) -> RulingRow:
    return RulingRow(
        verdict=ruling.verdict,
        rule=f"rule {ruling.number}, line {ruling.line}: {', '.join(map(condition_text, ruling.met))}",
        evidence="; ".join(map(evidence_text, ruling.met)),
        because=ruling.rule.because or "",
        excuse=f"{condition_text(ruling.excuse)}: {evidence_text(ruling.excuse)}" if ruling.excuse else "",
    )


def _hidden_ruling(verdict: Verdict) -> RulingRow:
    return RulingRow(verdict, rule="", evidence=hidden_reason_text(), because="", excuse="")


def hidden_reason_text() -> str:
    """Return what is said in place of a rule and what meets it where the audience may know of neither."""
    return str(words("policy")["not_shared"])


def condition_text(met: Met) -> str:
    """Return a condition as its writer wrote it: "overall_worse", "risk_score_from 15"."""
    argument = met.argument
    if argument is True:
        return met.condition
    shown = ", ".join(argument) if isinstance(argument, tuple) else str(argument)
    return f"{met.condition} {shown}"


def evidence_text(met: Met) -> str:
    """Return what makes a condition hold, as far as the audience may know it."""
    return ", ".join(met.evidence)


def _problems(changes: Changes) -> str:
    before, after = changes.problems
    if all(before[severity] == after[severity] for severity in ("error", "warning")):
        return ""
    return "; ".join(f"{severity}s {before[severity]} → {after[severity]}" for severity in ("error", "warning"))
