"""Changes: everything that two states of a project differ in, for one audience."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.changes.collisions import Collision, collisions
from aipm_site.changes.figures import FigureChange, figure_changes
from aipm_site.changes.finish import FinishChange, finish_change
from aipm_site.changes.records import How, RecordChange, record_changes
from aipm_site.changes.reports import Rewritten, rewritten_reports
from aipm_site.changes.settings import FileChange, Reclassified, policy_changes, reclassified, template_changes
from aipm_site.changes.side import Side, pair_for
from aipm_site.changes.status import (
    NOT_SHARED,
    GateChange,
    StatusChange,
    dimension_changes,
    gate_changes,
    overall_change,
    overall_status,
)
from aipm_site.facts.as_of import AsOf
from aipm_site.project import Project


class Changes(Struct, frozen=True):
    """What changed between two states; what did not change is not in it.

    Attributes:
        as_of: The day or moment that both states are computed for.
        audience: Whom it is told to.
        overall: How the overall status changed; None where it did not.
        status: The overall status afterwards; not_shared where the audience may not see it before or after.
        is_listed: Whether the project answers for any dimension, and so has a status.
        dimensions: The dimensions whose status changed.
        records: The records that changed, by kind and id.
        unclear: Those that seem to have come or gone, and may have been, or be, in a file that cannot be read.
        figures: The figures that changed, by name.
        finish: How the forecast of the last milestone moved, where no percentile of the finish is known; else None.
        gates: The gates whose verdict changed, by id.
        collisions: Ids that both branches took since they parted.
        rewritten: Issued reports that tell something else than they told.
        reclassified: What is for other readers than before.
        templates: Report templates that changed; their owner must look at them.
        policy: Whether the policy changed.
        is_computed: Whether status and figures could be compared: all records of both sides were read.
        is_all: Whether the audience sees everything that there is.
        unread: How many records could not be read, at the least, before and after.
        problems: How many problems of each severity there were, before and after.
    """

    as_of: AsOf
    audience: str
    overall: StatusChange | None
    status: str
    is_listed: bool
    dimensions: tuple[StatusChange, ...]
    records: tuple[RecordChange, ...]
    unclear: tuple[RecordChange, ...]
    figures: tuple[FigureChange, ...]
    finish: FinishChange | None
    gates: tuple[GateChange, ...]
    collisions: tuple[Collision, ...]
    rewritten: tuple[Rewritten, ...]
    reclassified: tuple[Reclassified, ...]
    templates: tuple[FileChange, ...]
    policy: tuple[FileChange, ...]
    is_computed: bool
    is_all: bool
    unread: tuple[int, int]
    problems: tuple[Mapping[str, int], Mapping[str, int]]

    @property
    def is_status_shared(self) -> bool:
        """Whether the audience sees the overall status on both sides."""
        return self.status != NOT_SHARED

    def of(self, *how: How) -> tuple[RecordChange, ...]:
        """Return the records to which one of these things happened."""
        return tuple(change for change in self.records if change.how in how)

    def with_unclear(self) -> Changes:
        """Return the same with what may have come or gone taken for what did, as whoever guards something must."""
        return replace(self, records=(*self.records, *self.unclear), unclear=()) if self.unclear else self

    @property
    def removed_while_open(self) -> tuple[RecordChange, ...]:
        """Records that were removed while they still asked for something (domain §2.0: withdraw, do not delete)."""
        return tuple(change for change in self.of("removed") if change.is_open)


class Branching(Struct, frozen=True):
    """How two branches parted.

    Attributes:
        ancestor: The records where they parted.
        base: Those of the base's branch, which may have moved on since.
    """

    ancestor: Project
    base: Side


def compare(base: Side, head: Side, audience: str, branching: Branching | None = None) -> Changes:
    """Return what changed, for an audience.

    Args:
        base: The state before, whole.
        head: The state after, whole, computed for the same as-of.
        audience: The label of the caller, one of the head's.
        branching: How the branches of both parted; None where the head follows upon the base.
    """
    pair = pair_for(audience, base, head)
    is_computed = base.is_whole and head.is_whole
    templates = template_changes(pair.base.project, pair.head.project)
    records = record_changes(pair)
    is_all = not pair.hidden_ids and not pair.hidden_figures
    return Changes(
        as_of=head.facts.as_of,
        audience=audience,
        overall=overall_change(pair) if is_computed else None,
        status=overall_status(pair),
        is_listed=pair.head.facts.status.is_listed,
        dimensions=dimension_changes(pair) if is_computed else (),
        records=tuple(change for change in records if change.is_certain),
        unclear=tuple(change for change in records if not change.is_certain),
        figures=figure_changes(pair) if is_computed else (),
        finish=finish_change(base, head, pair) if is_computed else None,
        gates=gate_changes(pair) if is_computed else (),
        collisions=_collisions(branching, head, audience) if branching else (),
        rewritten=rewritten_reports(pair),
        reclassified=reclassified(base, head, audience),
        templates=templates,
        policy=policy_changes(base.project, head.project),
        is_computed=is_computed,
        is_all=is_all and len(templates) == len(template_changes(base.project, head.project)),
        unread=(base.unread, head.unread),
        problems=(base.counts, head.counts),
    )


def _collisions(branching: Branching, head: Side, audience: str) -> tuple[Collision, ...]:
    pair = pair_for(audience, branching.base, head)
    return collisions(branching.ancestor, pair.base.project, pair.head.project)
