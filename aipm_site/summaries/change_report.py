"""Report of a change as data: all that its text and its comment say, in the form aipm/changes-1, typed.

Whoever words it needs no repository, so that a report can be kept, and be worded elsewhere. Where somebody else may
have made it up, these types are checked: a word of ours is one of ours, and everything else is shown as a text.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from aipm_site.facts.gate import Verdict as GateVerdict
from aipm_site.facts.status import DimensionStatus, OverallStatus
from aipm_site.problems import Severity
from aipm_site.records.charter import DimensionName
from aipm_site.records.policy import Verdict

SCHEMA = "aipm/changes-1"
WORKING_TREE = "working tree"

Commit = Annotated[str, Meta(pattern=r"\A[0-9a-f]{7,64}\Z")]
Head = Annotated[str, Meta(pattern=rf"\A([0-9a-f]{{7,64}}|{WORKING_TREE})\Z")]
# A day, or a moment with its offset.
Moment = Annotated[str, Meta(pattern=r"\A\d{4}-\d{2}-\d{2}(T[0-9:.]+[+-][0-9:]+)?\Z")]


class SourceEntry(Struct, frozen=True):
    """A record that a rule looked at, and where it is written."""

    record: str
    file: str
    line: int


class ReasonEntry(Struct, frozen=True, omit_defaults=True):
    """A rule that fired, in a sentence; `more` counts the sources that are not named."""

    rule: str
    text: str
    sources: tuple[SourceEntry, ...]
    more: int = 0


class OverallEntry(Struct, frozen=True):
    """The overall status before and after, whether that is better, and the rules behind it."""

    before: OverallStatus
    after: OverallStatus
    better: bool | None
    reasons: tuple[ReasonEntry, ...]


class DimensionEntry(Struct, frozen=True):
    """A dimension of the status before and after, whether that is better, and the rules that fired."""

    name: DimensionName
    before: DimensionStatus
    after: DimensionStatus
    better: bool | None
    reasons: tuple[ReasonEntry, ...]


class RulingEntry(Struct, frozen=True):
    """A rule of the policy that is met; without its number, line and conditions where the audience may not know it.

    Attributes:
        rule: Its conditions.
        number: Its number in the policy, from 1.
        line: Its line.
        verdict: What follows.
        evidence: What meets it.
        because: Why there is such a rule.
        excuse: What excuses it.
        text: Conditions, evidence and reasons in a sentence, or that they are not shared.
    """

    rule: str | None
    number: int | None
    line: int | None
    verdict: Verdict
    evidence: str | None
    because: str | None
    excuse: str | None
    text: str


class FieldEntry(Struct, frozen=True):
    """One field before and after, as plain data."""

    field: str
    before: Any
    after: Any


class RecordEntry(Struct, frozen=True):
    """A record: its kind in the singular and the plural, and where it is written."""

    id: str
    kind: str
    plural: str
    title: str | None
    status: str | None
    file: str
    line: int


class RemovedEntry(RecordEntry, frozen=True):
    """A record that is gone, and whether it still asked for something."""

    open: bool


class ChangedEntry(RecordEntry, frozen=True):
    """A record of which fields changed."""

    fields: tuple[FieldEntry, ...]


class RecordEntries(Struct, frozen=True, omit_defaults=True):
    """What happened to which records.

    Attributes:
        added: Those that came.
        removed: Those that are gone.
        closed: Those that were closed, and by their status those that were withdrawn.
        changed: Those of which other fields changed.
        added_or_unread: Those that came, or were before in a file that could not be read.
        removed_or_unread: Those that are gone, or are in a file that cannot be read any more.
    """

    added: tuple[RecordEntry, ...]
    removed: tuple[RemovedEntry, ...]
    closed: tuple[ChangedEntry, ...]
    changed: tuple[ChangedEntry, ...]
    added_or_unread: tuple[RecordEntry, ...] = ()
    removed_or_unread: tuple[RecordEntry, ...] = ()


class FigureEntry(Struct, frozen=True, omit_defaults=True):
    """A figure before and after.

    Attributes:
        name: Its name.
        unit: What it counts or measures.
        before: Its value, None where there was none or it was not known.
        after: The same afterwards.
        before_text: How the figure is written, or why it was not known.
        after_text: The same afterwards.
        change: By how much it rose or fell, with its unit; "" where it is no quantity on both sides.
        better: Whether that is better; None where nobody can say.
        forecast: Whether it says when something is expected.
        rebaselined: Whether it is counted from another baseline than before, which is neither better nor worse.
    """

    name: str
    unit: str | None
    before: str | None
    after: str | None
    before_text: str
    after_text: str
    change: str
    better: bool | None
    forecast: bool
    rebaselined: bool = False


class CriteriaEntry(Struct, frozen=True):
    """How the criteria of a gate came out, in counts; None where there was or is no gate."""

    before: str | None
    after: str | None


class GateEntry(Struct, frozen=True):
    """A gate of which verdict or results changed."""

    id: str
    title: str
    before: GateVerdict | None
    after: GateVerdict | None
    better: bool | None
    criteria: CriteriaEntry


class TakenEntry(Struct, frozen=True):
    """What an id stands for on one branch."""

    title: str
    file: str
    line: int
    column: int


class CollisionEntry(Struct, frozen=True):
    """An id that both branches took."""

    id: str
    base: TakenEntry
    head: TakenEntry


class ProblemEntries(Struct, frozen=True):
    """How many problems of each severity there are before and after."""

    base: dict[Severity, int]
    head: dict[Severity, int]


class ReclassifiedEntry(Struct, frozen=True):
    """What is for other readers than before; without its id and labels where the audience may not know them."""

    id: str | None
    before: str | None
    after: str | None
    narrower: bool


class RewrittenEntry(Struct, frozen=True):
    """An issued report that tells something else than it told, and what: names of figures, as_of, audience, status."""

    id: str
    title: str
    file: str
    line: int
    parts: tuple[str, ...]


class OwnerEntry(Struct, frozen=True):
    """A file at which its owner must look."""

    file: str
    change: Literal["added", "changed", "removed"]


class UnreadEntry(Struct, frozen=True):
    """How many records cannot be read before and after."""

    base: int
    head: int


class ErrorEntry(Struct, frozen=True):
    """An error in the content after the change."""

    file: str
    line: int
    code: str
    message: str


class ChangeReport(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a range of revisions does, for one audience; docs/changes.md describes its parts.

    What is seldom there does not appear where it is not.
    """

    schema: Literal["aipm/changes-1"]
    base: Commit
    merge_base: Commit | None = None
    cut_off: bool = False
    head: Head
    as_of: Moment
    audience: str
    headline: str
    verdict: Verdict
    policy: tuple[RulingEntry, ...]
    policy_unread: str | None = None
    status: OverallEntry | None = None
    dimensions: tuple[DimensionEntry, ...]
    records: RecordEntries
    figures: tuple[FigureEntry, ...]
    gates: tuple[GateEntry, ...]
    id_collisions: tuple[CollisionEntry, ...]
    problems: ProblemEntries
    errors: tuple[ErrorEntry, ...] = ()
    rewritten_reports: tuple[RewrittenEntry, ...] = ()
    reclassified: tuple[ReclassifiedEntry, ...] = ()
    owner_review: tuple[OwnerEntry, ...] = ()
    unread: UnreadEntry | None = None
