"""Change facts: by how much approved changes let the scope grow, and which work nobody has approved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.baseline import original_baseline
from aipm_site.facts.figure import AnyFigure, Comparator, Figure, Unknown, sources_of
from aipm_site.facts.finding import Assessment, Finding, make_finding, worst_first
from aipm_site.facts.numbers import as_written, percent
from aipm_site.project import Project
from aipm_site.records.baseline import Baseline
from aipm_site.records.change import APPROVED, Change
from aipm_site.records.record import Entry
from aipm_site.records.task import Task

# domain §3.6, row "scope".
AMBER_ABOVE, RED_ABOVE = Fraction(5, 100), Fraction(10, 100)
_NOT_BEGUN = frozenset({"backlog", "todo", "deferred", "cancelled"})
_ASKED_FOR = frozenset({"submitted", "assessing"})


class ScopeState(Struct, frozen=True):
    """What changes do to the scope.

    Attributes:
        original: The first baseline, which growth is measured against; None without any.
        approved: The approved changes, by id.
        asked_for: The changes that nobody has decided on yet, by id.
        unapproved_work: Tasks that were begun for a change that is not approved, each with its change.
        audience: Strictest label of all changes, baselines and these tasks.
    """

    original: Baseline | None
    approved: tuple[Change, ...]
    asked_for: tuple[Change, ...]
    unapproved_work: tuple[tuple[Task, Change], ...]
    audience: str

    @property
    def growth(self) -> Fraction | None:
        """Σ scope of approved changes ÷ scope of the first baseline; None where it cannot be measured."""
        return self._share(self.approved)

    @property
    def growth_asked_for(self) -> Fraction | None:
        """The same of the changes that nobody has decided on yet."""
        return self._share(self.asked_for)

    @property
    def without_effect_on_scope(self) -> tuple[Change, ...]:
        """Approved changes that do not say by how much the scope grows."""
        return tuple(change for change in self.approved if scope_of(change) is None)

    def _share(self, changes: Iterable[Change]) -> Fraction | None:
        parts = [scope_of(change) for change in changes]
        known = [part for part in parts if part is not None]
        if len(known) < len(parts):
            return None
        whole = self.original.scope.value if self.original and self.original.scope else Decimal(0)
        # Without growth there is nothing to divide.
        return sum(known, Fraction(0)) / Fraction(whole) if whole > 0 else None if any(known) else Fraction(0)


def scope_of(change: Change) -> Fraction | None:
    """Return by how much a change lets the scope grow, in the unit of the baseline; None where nobody says."""
    effect = change.impact.scope if change.impact else None
    if isinstance(effect, Decimal):
        return Fraction(effect)
    return Fraction(0) if effect == "none" else None


def unapproved_work(project: Project) -> tuple[tuple[Task, Change], ...]:
    """Return the tasks that were begun for a change that is not approved, each with its change, by id."""
    found = ((task, project.get(task.change)) for task in project.of(Task) if task.change and _has_begun(task))
    return tuple((task, change) for task, change in found if isinstance(change, Change) and is_not_approved(change))


def _has_begun(task: Task) -> bool:
    return task.started is not None or task.status not in _NOT_BEGUN


def is_not_approved(change: Change) -> bool:
    """Say whether nobody has approved a change."""
    return change.status not in APPROVED


def scope_state(project: Project) -> ScopeState | None:
    """Return what changes do to the scope; None where neither a baseline nor a change is recorded."""
    changes, baselines, work = project.of(Change), project.of(Baseline), unapproved_work(project)
    if not changes and not baselines:
        return None
    records: list[Entry] = [*changes, *baselines, *(task for task, _ in work)]
    return ScopeState(
        original=original_baseline(project),
        approved=tuple(change for change in changes if change.status in APPROVED),
        asked_for=tuple(change for change in changes if change.status in _ASKED_FOR),
        unapproved_work=work,
        audience=project.strictest(map(project.audience_of, records)),
    )


def scope_figures(state: ScopeState | None, as_of: AsOf) -> tuple[AnyFigure, ...]:
    """Return scope.growth and scope.growth_asked_for, as shares of the first baseline; none without one."""
    if state is None or state.original is None:
        return ()
    return (
        _growth("scope.growth", "approved", state, state.approved, state.growth, as_of),
        _growth("scope.growth_asked_for", "undecided", state, state.asked_for, state.growth_asked_for, as_of),
    )


def _growth(
    name: str, which: str, state: ScopeState, changes: tuple[Change, ...], growth: Fraction | None, as_of: AsOf
) -> AnyFigure:
    sources = sources_of([*changes, *([state.original] if state.original else [])])
    if growth is None:
        return Unknown(name, _why_no_growth(state, which), state.audience, sources)
    formula = f"Σ scope of {which} changes ÷ scope of the first baseline"
    return Figure(
        name=name,
        value=growth,
        unit="ratio",
        as_of=as_of.date,
        text=percent(growth),
        formula=formula,
        sources=sources,
        audience=state.audience,
        comparator=_original_scope(state.original),
        baseline=state.original.id if state.original else None,
    )


def _original_scope(baseline: Baseline | None) -> Comparator | None:
    if baseline is None or baseline.scope is None:
        return None
    scope = baseline.scope
    return Comparator("baseline", scope.value, f"{baseline.id}: {as_written(scope.value)} {scope.unit}", baseline.date)


def _why_no_growth(state: ScopeState, which: str) -> str:
    if state.original is not None and state.original.scope is None:
        return f"{state.original.id} does not give its scope"
    return f"not every {which} change says by how much the scope grows"


def assess_scope(project: Project, state: ScopeState | None) -> Assessment:
    """Return what changes and baselines make of the dimension "scope"."""
    if state is None:
        finding = make_finding(project, "no-baseline-recorded", "not_reported")
        return Assessment((finding,), project.strictest(()), None, has_records=False)
    findings = [*_inputs(project, state), *_unapproved(project, state), *_grown(project, state)]
    if not findings:
        records = [*state.approved, *([state.original] if state.original else [])]
        growth = percent(state.growth or 0)
        findings.append(make_finding(project, "scope-within-baseline", "green", records, growth=growth))
    return Assessment(worst_first(findings), state.audience, None, has_records=True)


def _inputs(project: Project, state: ScopeState) -> Iterator[Finding]:
    if state.original is None:
        yield make_finding(project, "no-baseline-recorded", "not_reported")
        return
    for change in state.without_effect_on_scope:
        words = {"id": change.id, "title": change.title}
        yield make_finding(project, "change-without-scope", "not_reported", [change], **words)
    if state.growth is None and not state.without_effect_on_scope:
        yield make_finding(project, "baseline-without-scope", "not_reported", [state.original], id=state.original.id)


def _unapproved(project: Project, state: ScopeState) -> Iterator[Finding]:
    for task, change in state.unapproved_work:
        words = {"task": task.id, "title": task.title, "id": change.id, "stage": change.status}
        yield make_finding(project, "work-not-approved", "amber", [task, change], **words)


def _grown(project: Project, state: ScopeState) -> Iterator[Finding]:
    growth, tolerances = state.growth, project.charter.tolerances
    if growth is None or state.original is None or growth <= 0:
        return
    tolerance = Fraction(tolerances.scope) if tolerances and tolerances.scope is not None else None
    records, words = [*state.approved, state.original], {"growth": percent(growth), "id": state.original.id}
    if tolerance is not None and growth > tolerance:
        words["limit"] = percent(tolerance)
        yield make_finding(project, "scope-beyond-tolerance", "red", records, **words)
    elif growth > RED_ABOVE:
        yield make_finding(project, "scope-grown-far", "red", records, limit=percent(RED_ABOVE, 0), **words)
    elif growth > AMBER_ABOVE:
        yield make_finding(project, "scope-grown", "amber", records, limit=percent(AMBER_ABOVE, 0), **words)
