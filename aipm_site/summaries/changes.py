"""Report of a change: what a reviewer needs to know of a range of revisions, in rows and lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from aipm_site.changes.policy import Met
from aipm_site.changes.records import WITHDRAWN
from aipm_site.facts.numbers import plural
from aipm_site.problems import Place, Severity
from aipm_site.summaries.change_report import (
    WORKING_TREE,
    ChangedEntry,
    ChangeReport,
    DimensionEntry,
    FigureEntry,
    GateEntry,
    OverallEntry,
    ProblemEntries,
    ReclassifiedEntry,
    RecordEntries,
    RecordEntry,
    RemovedEntry,
    RulingEntry,
    TakenEntry,
    UnreadEntry,
)
from aipm_site.summaries.change_words import sense, status_text, value_texts, words
from aipm_site.summaries.field_labels import path_label

SHORT = 10


class ErrorRow(Struct, frozen=True):
    """An error in the content: where it is, its code, and what is wrong."""

    place: str
    code: str
    message: str


class Row(Struct, frozen=True):
    """One thing before and after.

    Attributes:
        name: What it is called: a dimension, a figure, the id of a gate.
        before: What it was.
        after: What it is now.
        change: By how much it rose or fell; "" where it is no quantity.
        sense: better, worse, re-baselined, or "" where nobody can say.
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
        word: What happened: Added, Changed, Closed, Withdrawn, Removed, or that nobody knows if they are new or gone.
        counts: How many of which kind: "1 issue, 3 observations".
        rows: The records.
    """

    word: str
    counts: str
    rows: tuple[RecordRow, ...]


class NamedParts(Struct, frozen=True):
    """A record, and which parts of it are meant, in a line."""

    record_id: str
    parts: str


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
        errors: What is wrong in the content of the head.
        verdict: allow, warn or block.
        rulings: The rules of the policy that the change meets.
        status: Overall status and dimensions that changed.
        gates: Gates whose verdict changed.
        forecasts: Figures that say when something is expected, and moved.
        figures: The other figures that changed.
        groups: Records that changed, by what happened to them.
        removed_open: Ids of records that were removed while they asked for something.
        rewritten: Issued reports that tell something else than they told, each with what.
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
    errors: tuple[ErrorRow, ...]
    verdict: str
    rulings: tuple[RulingRow, ...]
    status: tuple[Row, ...]
    gates: tuple[Row, ...]
    forecasts: tuple[Row, ...]
    figures: tuple[Row, ...]
    groups: tuple[RecordGroup, ...]
    removed_open: tuple[str, ...]
    rewritten: tuple[NamedParts, ...]
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


def change_text(report: ChangeReport) -> ChangeText:
    """Return the report of a change in words."""
    plain = [figure for figure in report.figures if not figure.name.startswith(("status.", "gate."))]
    return ChangeText(
        headline=report.headline,
        base=(report.merge_base or report.base)[:SHORT],
        head=report.head if report.head == WORKING_TREE else report.head[:SHORT],
        as_of=report.as_of,
        audience=report.audience,
        cautions=tuple(_cautions(report)),
        errors=tuple(ErrorRow(str(Place(e.file, e.line)), e.code, e.message) for e in report.errors),
        verdict=report.verdict,
        rulings=tuple(map(_ruling, report.policy)),
        status=tuple(_status_rows(report)),
        gates=tuple(map(_gate, report.gates)),
        forecasts=tuple(_figure(figure) for figure in plain if figure.forecast),
        figures=tuple(_figure(figure) for figure in plain if not figure.forecast),
        groups=tuple(_groups(report.records)),
        removed_open=tuple(record.id for record in report.records.removed if record.open),
        rewritten=tuple(NamedParts(one.id, ", ".join(one.parts)) for one in report.rewritten_reports),
        collisions=tuple(Row(one.id, _taken(one.base), _taken(one.head)) for one in report.id_collisions),
        reclassified=tuple(_reclassified(report.reclassified)),
        owners=tuple(f"{one.file} is {one.change}" for one in report.owner_review),
        problems=_problems(report.problems),
    )


def _cautions(report: ChangeReport) -> Iterator[str]:
    told = words("cautions")
    unread = report.unread or UnreadEntry(0, 0)
    sides = (("base", unread.base, report.problems.base), ("head", unread.head, report.problems.head))
    for side, count, problems in sides:
        if count:
            yield told[f"unread_{side}"].format(count=plural(count, "record", "records"))
        elif problems.get("error"):
            yield told[f"errors_{side}"]
    if report.merge_base is not None:
        yield told["parted"].format(since=report.merge_base[:SHORT])
    if report.cut_off:
        yield told["cut_off"]
    if report.policy_unread is not None:
        yield told["policy_unread"].format(file=report.policy_unread)


def _status_rows(report: ChangeReport) -> Iterator[Row]:
    if report.status is not None:
        yield _status("overall", report.status)
    yield from (_status(dimension.name, dimension) for dimension in report.dimensions)


def _status(name: str, change: OverallEntry | DimensionEntry) -> Row:
    reasons = tuple(dict.fromkeys(f"{reason.text} [{reason.rule}]" for reason in change.reasons))
    return Row(name, status_text(change.before), status_text(change.after), sense=sense(change.better), reasons=reasons)


def _gate(gate: GateEntry) -> Row:
    before = _with_counts(gate.before, gate.criteria.before)
    return Row(gate.id, before, _with_counts(gate.after, gate.criteria.after), sense=sense(gate.better))


def _with_counts(verdict: str | None, counts: str | None) -> str:
    return f"{verdict} ({counts or ''})" if verdict else str(words("values")["no_figure"])


def _figure(figure: FigureEntry) -> Row:
    judged = sense(figure.better, is_rebaselined=figure.rebaselined)
    return Row(figure.name, figure.before_text, figure.after_text, figure.change, judged)


def _groups(records: RecordEntries) -> Iterator[RecordGroup]:
    withdrawn = tuple(record for record in records.closed if record.status == WITHDRAWN)
    closed = tuple(record for record in records.closed if record.status != WITHDRAWN)
    happened: dict[str, Sequence[RecordEntry]] = {
        "added": records.added,
        "changed": records.changed,
        "closed": closed,
        "withdrawn": withdrawn,
        "removed": records.removed,
        "added_or_unread": records.added_or_unread,
        "removed_or_unread": records.removed_or_unread,
    }
    for how, found in happened.items():
        if found:
            yield RecordGroup(words("how")[how], kind_counts(found), tuple(map(_record, found)))


def kind_counts(records: Sequence[RecordEntry]) -> str:
    """Return how many records of which kind there are: "1 issue, 3 observations"."""
    counts = Counter((record.kind, record.plural) for record in records)
    return ", ".join(f"{count} {one if count == 1 else many}" for (one, many), count in counts.items())


def _record(record: RecordEntry) -> RecordRow:
    note = "removed while open" if isinstance(record, RemovedEntry) and record.open else ""
    changed = record.fields if isinstance(record, ChangedEntry) else ()
    fields = tuple(Row(path_label(field.field), *value_texts(field.before, field.after)) for field in changed)
    return RecordRow(record.id, record.kind, record.title or "", note, fields)


def _taken(taken: TakenEntry) -> str:
    return f"{taken.title} ({Place(taken.file, taken.line, taken.column)})"


def _reclassified(found: Sequence[ReclassifiedEntry]) -> Iterator[str]:
    for one in found:
        if one.id is not None:
            yield f"{one.id} is for {'fewer' if one.narrower else 'more'} readers: {one.before} → {one.after}"
    hidden = sum(one.id is None for one in found)
    if hidden:
        yield f"{plural(hidden, 'record or page', 'records or pages')} not shared with this audience"


def _ruling(ruling: RulingEntry) -> RulingRow:
    rule = "" if ruling.rule is None else f"rule {ruling.number}, line {ruling.line}: {ruling.rule}"
    evidence = ruling.text if ruling.evidence is None else ruling.evidence
    return RulingRow(ruling.verdict, rule, evidence, ruling.because or "", ruling.excuse or "")


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


def _problems(problems: ProblemEntries) -> str:
    counted: tuple[Severity, ...] = ("error", "warning")
    moved = {severity: (problems.base.get(severity, 0), problems.head.get(severity, 0)) for severity in counted}
    if all(before == after for before, after in moved.values()):
        return ""
    return "; ".join(f"{severity}s {before} → {after}" for severity, (before, after) in moved.items())
