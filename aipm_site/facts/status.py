"""Status: the worst of the dimensions that the project answers for, by rules; never green because nothing is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal, cast, get_args

from msgspec import Struct
from msgspec.structs import replace

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.decision import Override
from aipm_site.facts.finding import Assessment, Finding, FindingStatus, make_finding, worst_status
from aipm_site.facts.history import (
    NO_REPORT_REASON,
    UNKNOWN_STANDING,
    Standing,
    Statement,
    Statements,
    has_closed,
    is_colour,
    settled_status,
    standing,
    worse_status,
)
from aipm_site.facts.numbers import day, days, plural
from aipm_site.facts.view import NOT_SHARED_REASON, View
from aipm_site.project import Project
from aipm_site.records.charter import DimensionName, Judgement

__all__ = ["DIMENSIONS", "NO_REPORT_REASON", "Dimension", "Finding", "Status", "project_status"]

DimensionStatus = Literal["green", "amber", "red", "not_reported", "not_applicable"]
OverallStatus = Literal["green", "amber", "red", "not_fully_reported", "not_shared"]

DIMENSIONS: tuple[DimensionName, ...] = get_args(DimensionName)
# How long a decision that has lapsed is still news, where no issued report says what the reader has seen.
NEWS_DAYS = 30
# The rule that says why a better status waits.
UNCONFIRMED = "improvement-unconfirmed"
UNCONFIRMED_CUT_OFF = "improvement-unconfirmed-cut-off"
# What is reported worse than computed, as nothing confirms the better yet.
WAITING_RULES = frozenset({UNCONFIRMED, UNCONFIRMED_CUT_OFF})
STATUS_TEXT: dict[str, str] = {
    "green": "on track (green)",
    "amber": "at risk (amber)",
    "red": "off track (red)",
    "not_reported": "not reported",
    "not_applicable": "not tracked",
    "not_fully_reported": "not fully reported",
    "not_shared": NOT_SHARED_REASON,
}
# A colour that is overridden must be worse than the one given; what is not reported cannot be bettered.
_BADNESS: dict[str, int] = {"green": 0, "amber": 1, "red": 2}


class Dimension(Struct, frozen=True):
    """One dimension of the status.

    Attributes:
        name: schedule, cost, scope, quality, data, compliance, risk, resources or benefits.
        status: What is reported; "not_applicable" where the project does not answer for it.
        computed: What the rules say, before people judge it.
        findings: What was found, the worst first, and what people decided about it.
        not_reported: How many required inputs are missing or stale.
        as_of: The day that its oldest required input speaks for; the as-of where none speaks.
        audience: Strictest label of everything that was considered.
        override: The decision that betters it at the as-of.
        hidden_findings: How many findings this audience may not see.
        standing: The status before, since when it is so, and for how many days.
        unconfirmed: The better status that waits until a second report shows it; None where none waits.
    """

    name: str
    status: DimensionStatus
    computed: DimensionStatus
    findings: tuple[Finding, ...]
    not_reported: int
    as_of: date
    audience: str
    override: Override | None = None
    hidden_findings: int = 0
    standing: Standing = UNKNOWN_STANDING
    unconfirmed: DimensionStatus | None = None

    @property
    def is_withheld(self) -> bool:
        """Whether a better status waits until a second report shows it."""
        return self.unconfirmed is not None

    @property
    def text(self) -> str:
        """The status in words: "at risk (amber)"."""
        return STATUS_TEXT[self.status]

    @property
    def deciding(self) -> tuple[Finding, ...]:
        """The findings that made the computed status."""
        return tuple(finding for finding in self.findings if finding.status == self.computed)


class Status(Struct, frozen=True):
    """The status of a project.

    Attributes:
        overall: The worst of the listed dimensions; never green while one of them is not reported.
        label: The same in words, with the days in it and how many dimensions are not reported.
        findings: What decided it.
        dimensions: All dimensions in their fixed order; those of which nothing is shared are left out.
        not_reported: Listed dimensions that are not reported.
        not_tracked: Dimensions that the project does not list.
        untracked: Those of them that have records all the same.
        is_listed: Whether the project lists any dimension; without one there is no status to show.
        audience: Strictest label of the listed dimensions.
        plain_label: The label without the days, for those who see the status and not what was before it.
        computed: The worst of the listed dimensions at the as-of; better than `overall` where it or a dimension waits.
        is_withheld: Whether the status waits by itself, and not only because a dimension does.
        standing: The status before, since when it is so, and for how many days.
        not_shared: Of "overall" and the dimensions those that this audience may not see.
    """

    overall: OverallStatus
    label: str
    findings: tuple[Finding, ...]
    dimensions: tuple[Dimension, ...]
    not_reported: tuple[str, ...]
    not_tracked: tuple[str, ...]
    untracked: tuple[str, ...]
    is_listed: bool
    audience: str
    plain_label: str = ""
    computed: OverallStatus = "not_fully_reported"
    is_withheld: bool = False
    standing: Standing = UNKNOWN_STANDING
    not_shared: frozenset[str] = frozenset()

    @property
    def since(self) -> date | None:
        """Since when it has had this colour; None where no earlier statement says so."""
        return self.standing.since

    @property
    def since_reason(self) -> str:
        """Why that is not known; empty where it is."""
        return self.standing.reason

    @property
    def previous(self) -> str | None:
        """The status in the last issued report, or at the revision before; None where that is not known."""
        return self.standing.previous

    @property
    def days(self) -> int | None:
        """Calendar days in the present status; None where that is not known."""
        return self.standing.days

    @property
    def listed(self) -> tuple[Dimension, ...]:
        """The dimensions that the project answers for."""
        return tuple(dimension for dimension in self.dimensions if dimension.status != "not_applicable")

    def dimension(self, name: str) -> Dimension | None:
        """Return a dimension by name; None where it is not shared."""
        return next((dimension for dimension in self.dimensions if dimension.name == name), None)

    def visible_to(self, view: View) -> Status:
        """Return the status as an audience sees it: nothing of it is computed anew from what is left."""
        shown = tuple(_shown(d, view) for d in self.dimensions if view.shows(f"status.{d.name}", d.audience))
        names = {dimension.name for dimension in shown}
        hidden = {d.name for d in self.dimensions if d.name not in names} | self.not_shared
        is_seen = view.may_see(self.audience)
        knows_past = _knows_past("status.overall", self.audience, self.standing, view)
        has_overall = "overall" not in self.not_shared and view.shows("status.overall", self.audience)
        return replace(
            self,
            overall=self.overall if has_overall else "not_shared",
            computed=self.computed if is_seen else self.overall if has_overall else "not_shared",
            is_withheld=self.is_withheld and is_seen,
            label=(self.label if knows_past else self.plain_label) if has_overall else NOT_SHARED_REASON,
            standing=_without_hidden(self.standing, view) if knows_past else Standing(reason=NOT_SHARED_REASON),
            findings=tuple(f for f in self.findings if view.may_see(f.audience)) if has_overall else (),
            dimensions=shown,
            not_reported=tuple(name for name in self.not_reported if name in names),
            not_tracked=tuple(name for name in self.not_tracked if name in names),
            untracked=tuple(name for name in self.untracked if name in names),
            not_shared=frozenset(hidden if has_overall else hidden | {"overall"}),
        )


def _shown(dimension: Dimension, view: View) -> Dimension:
    findings = tuple(finding for finding in dimension.findings if view.may_see(finding.audience))
    override = dimension.override
    if override is not None and override.decision.id in view.hidden_ids:
        override = None
    hidden = dimension.hidden_findings + len(dimension.findings) - len(findings)
    is_seen, stands = view.may_see(dimension.audience), dimension.standing
    knows_past = _knows_past(f"status.{dimension.name}", dimension.audience, stands, view)
    return replace(
        dimension,
        findings=findings,
        override=override,
        hidden_findings=hidden,
        standing=_without_hidden(stands, view) if knows_past else Standing(reason=NOT_SHARED_REASON),
        computed=dimension.computed if is_seen else dimension.status,
        unconfirmed=dimension.unconfirmed if is_seen else None,
    )


def _knows_past(name: str, audience: str, stands: Standing, view: View) -> bool:
    """Say whether an audience may know what a status was before: it sees it, or saw it then as it does now."""
    is_shared = stands.audience is None or view.may_see(stands.audience)
    return (is_shared and view.may_see(audience)) or view.was_disclosed(name, stands.disclosed)


def _without_hidden(stands: Standing, view: View) -> Standing:
    return replace(stands, sources=view.visible_sources(stands.sources))


def project_status(
    project: Project,
    assessments: Mapping[str, Assessment],
    overrides: Iterable[Override],
    as_of: AsOf,
    earlier: Statements | None = None,
    begun: Mapping[str, date] | None = None,
) -> Status:
    """Return the status of a project.

    Args:
        project: The project as it is known at the as-of.
        assessments: What the records say, by dimension; a listed one without an assessment is not reported.
        overrides: Decisions that better a dimension.
        as_of: The day it speaks for.
        earlier: What was said of the status before, by issued reports or at earlier revisions.
        begun: The days on which a status began that no earlier revision told, by "overall" and dimension, where known.
    """
    given, past = tuple(overrides), _Past(project, earlier or {}, as_of, begun or {})
    listed = set(project.charter.dimensions)
    dimensions = tuple(
        past.settled(_dimension(project, name, assessments.get(name), given, as_of))
        if name in listed
        else _not_tracked(project, name, as_of)
        for name in DIMENSIONS
    )
    answered = [dimension for dimension in dimensions if dimension.name in listed]
    silent = tuple(dimension.name for dimension in answered if dimension.status == "not_reported")
    audience = project.strictest(dimension.audience for dimension in answered)
    computed = overall_of(dimension.unconfirmed or dimension.status for dimension in answered)
    overall, withheld, stands, audience = past.settled_overall(computed, audience, answered)
    return Status(
        overall=overall,
        computed=computed,
        label=_label(overall, len(silent), stands),
        plain_label=_label(overall, len(silent)),
        standing=stands,
        is_withheld=bool(withheld),
        findings=(*withheld, *_deciding(answered, overall)),
        dimensions=dimensions,
        not_reported=silent,
        not_tracked=tuple(name for name in DIMENSIONS if name not in listed),
        untracked=tuple(name for name in DIMENSIONS if name not in listed and _has_records(assessments, name)),
        is_listed=bool(answered),
        audience=audience,
    )


class _Past(Struct, frozen=True):
    """What was said before, and what follows from it for the present."""

    project: Project
    earlier: Statements
    as_of: AsOf
    begun: Mapping[str, date]

    def settled(self, dimension: Dimension) -> Dimension:
        """Return a dimension with what was before it, and worse than computed as long as nothing confirms the better.

        A decision that betters it is an explicit event, so it counts at once.
        """
        before = tuple(self.earlier.get(dimension.name, ()))
        status = self._settled(dimension.status, before, is_closed=dimension.override is not None)
        is_withheld = status != dimension.status
        said = self._said(before[-1], dimension.status, status) if is_withheld else ()
        # A status that waits is worse by what the reports say, so it is for no more readers than they are.
        labels = [dimension.audience, *(one.audience for one in before[-2:] if is_withheld)]
        return replace(
            dimension,
            status=status,
            findings=(*said, *dimension.findings),
            audience=self.project.strictest(labels),
            standing=self._standing(dimension.name, status, before),
            unconfirmed=dimension.status if is_withheld else None,
        )

    def settled_overall(
        self, computed: OverallStatus, audience: str, dimensions: Iterable[Dimension]
    ) -> tuple[OverallStatus, tuple[Finding, ...], Standing, str]:
        """Return the overall status to report, the finding that says why it waits, how it stands in time, its label.

        It is never better than the worst of the dimensions as they are reported, and waits longer only where that
        would be better than what was said, as when one is listed no more.
        """
        before, answered = tuple(self.earlier.get("overall", ())), tuple(dimensions)
        is_bettered = any(dimension.override is not None for dimension in answered)
        worst = overall_of(dimension.status for dimension in answered)
        overall: OverallStatus = worse_status(worst, self._settled(computed, before, is_closed=is_bettered))
        said = self._said(before[-1], computed, overall) if overall != worst else ()
        label = self.project.strictest([audience, *(one.audience for one in before[-2:] if said)])
        return overall, said, self._standing("overall", overall, before), label

    def _standing(self, name: str, status: str, before: Sequence[Statement]) -> Standing:
        has_reports, begun = bool(self.earlier), self.begun.get(name)
        return standing(status, before, self.as_of.date, self.project, has_reports=has_reports, begun=begun)

    def _settled(self, computed: Any, before: Sequence[Statement], *, is_closed: bool) -> Any:
        is_over = is_closed or (bool(before) and has_closed(before[-1], self.project))
        return settled_status(computed, before, is_closed=is_over)

    def _said(self, last: Statement, computed: str, status: FindingStatus | OverallStatus) -> tuple[Finding, ...]:
        record = self.project.get(last.origin)
        words = {"computed": STATUS_TEXT[computed], "given": STATUS_TEXT[status], "date": day(last.as_of)}
        rule = UNCONFIRMED if last.is_known else UNCONFIRMED_CUT_OFF
        found = make_finding(self.project, rule, cast(FindingStatus, status), [record] if record else (), **words)
        return (found if record else replace(found, audience=last.audience),)


def _has_records(assessments: Mapping[str, Assessment], name: str) -> bool:
    return name in assessments and assessments[name].has_records


def overall_of(dimensions: Iterable[str]) -> OverallStatus:
    """Return the overall status that follows from those of the listed dimensions: the worst (domain §3.6, rule 2)."""
    statuses = {*dimensions}
    if "red" in statuses:
        return "red"
    if "amber" in statuses:
        return "amber"
    return "green" if statuses == {"green"} else "not_fully_reported"


def overall_text(overall: str, silent: int, stands: Standing = UNKNOWN_STANDING) -> str:
    """Return the overall status in words, with the days in it and how many dimensions are not reported."""
    text = STATUS_TEXT[overall]
    if stands.days and is_colour(overall):
        # domain §4.4, sample A: "at risk (amber, 9 days)".
        text = text.replace(")", f", {days(stands.days)})")
    if overall in _BADNESS and silent:
        text += f" and {plural(silent, 'dimension', 'dimensions')} not reported"
    return text


def _label(overall: OverallStatus, silent: int, stands: Standing = UNKNOWN_STANDING) -> str:
    text = overall_text(overall, silent, stands)
    return text[0].upper() + text[1:]


def _deciding(dimensions: Iterable[Dimension], overall: OverallStatus) -> tuple[Finding, ...]:
    wanted = "not_reported" if overall == "not_fully_reported" else overall
    return tuple(f for d in dimensions if d.status == wanted for f in d.findings if f.status == wanted)


def _not_tracked(project: Project, name: str, as_of: AsOf) -> Dimension:
    # That a dimension is not listed is said in project.yml and by no other record.
    audience = project.audience_of(project.charter)
    return Dimension(name, "not_applicable", "not_applicable", (), 0, as_of.date, audience)


def _dimension(
    project: Project, name: str, assessment: Assessment | None, overrides: tuple[Override, ...], as_of: AsOf
) -> Dimension:
    found = assessment or _unread(project, name)
    computed = worst_status(found.findings)
    silent = sum(finding.status == "not_reported" for finding in found.findings)
    mine = [override for override in overrides if override.dimension == name and _betters(override, computed)]
    valid = next((override for override in reversed(mine) if override.state == "valid"), None)
    judgements = [_judged(project, one) for one in project.charter.judgement if one.dimension == name]
    status = worst_status([*judgements, _base(project, computed, valid, silent)])
    said = _said_of_overrides(project, mine, valid, computed, status, as_of)
    # What overtook a review need not be a record of the dimension, and is one of its sources all the same.
    labels = [found.audience, *(one.audience for one in (*said, *found.findings) if one.sources)]
    if judgements:
        labels.append(project.audience_of(project.charter))
    return Dimension(
        name=name,
        status=status,
        computed=computed,
        findings=(*said, *judgements, *found.findings),
        not_reported=silent,
        as_of=found.as_of or as_of.date,
        audience=project.strictest(labels),
        override=valid,
    )


def _unread(project: Project, name: str) -> Assessment:
    finding = make_finding(project, "dimension-not-read", "not_reported", dimension=name)
    return Assessment((finding,), project.strictest(()), None, has_records=False)


def _betters(override: Override, computed: FindingStatus) -> bool:
    return computed in _BADNESS and _BADNESS[override.status] < _BADNESS[computed]


def _base(project: Project, computed: FindingStatus, valid: Override | None, silent: int) -> Finding:
    status: FindingStatus = valid.status if valid else computed
    if status == "green" and silent:
        # No decision makes a dimension green while a required input is stale.
        status = "not_reported"
    return make_finding(project, "computed", status)


def _judged(project: Project, judgement: Judgement) -> Finding:
    words = {"reason": judgement.reason, "by": judgement.by, "on": day(judgement.on)}
    found = make_finding(project, "judgement", judgement.status, [project.charter], **words)
    # Its colour is as public as project.yml; its reason is written for those who read what bears no label of its own.
    return replace(found, audience=project.strictest((found.audience, project.charter.default_audience_label)))


def _said_of_overrides(
    project: Project,
    overrides: list[Override],
    valid: Override | None,
    computed: FindingStatus,
    status: FindingStatus,
    as_of: AsOf,
) -> list[Finding]:
    said = []
    for override in overrides:
        rule = {"valid": "override", "lapsed": "override-lapsed", "refused": "override-refused"}[override.state]
        if _is_news(override, valid, as_of):
            words = {
                "id": override.decision.id,
                "computed": STATUS_TEXT[computed],
                "given": STATUS_TEXT[override.status],
                "expires": day(override.expires) if override.expires else "",
            }
            said.append(make_finding(project, rule, status, [override.decision], **words))
    return said


def _is_news(override: Override, valid: Override | None, as_of: AsOf) -> bool:
    if override.state == "lapsed":
        return override.expires is not None and as_of.date - override.expires <= timedelta(days=NEWS_DAYS)
    return override.state == "refused" or override is valid
