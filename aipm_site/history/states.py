"""States: all figures of earlier revisions as values, and what of them an audience may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from msgspec import Struct, field
from msgspec.structs import replace

from aipm_site.facts.as_of import AsOf
from aipm_site.facts.facts import Judged
from aipm_site.facts.figure import AnyFigure, Figure, Source, plain_number
from aipm_site.facts.history import CUT_OFF_REASON, Statement
from aipm_site.facts.report import statements_of as reports_said
from aipm_site.facts.status import Dimension, Status
from aipm_site.facts.status_figures import status_figures
from aipm_site.facts.view import NOT_SHARED_REASON, View
from aipm_site.project import Project
from aipm_site.records.charter import Disclosures
from aipm_site.records.record import Entry
from aipm_site.records.report import Report
from aipm_site.redaction import redact_text

NO_SUCH_FIGURE = "there was no such figure"
UNSOUND = "records of this revision cannot be read"


class PastFigure(Struct, frozen=True):
    """A figure as an earlier revision had it.

    Attributes:
        value: The value as text for machines; None where it was unknown.
        exact: Its exact fraction, where the text had to be rounded.
        unit: What it counts or measures.
        text: How it was written in a sentence.
        as_of: The day that it spoke for.
        audience: Strictest label of what it was computed from, as it was then.
        reason: Why it was unknown; "" where it was known.
        baseline: The baseline that its value was counted from, as the figure gives it; None where it was from none.
    """

    value: str | None
    exact: str | None
    unit: str
    text: str
    as_of: date | None
    audience: str
    reason: str = ""
    baseline: str | None = None


class Forecast(Struct, frozen=True):
    """When a milestone was expected at an earlier revision; None where nothing said so."""

    expected: date | None
    baseline: date
    audience: str


class Computed(Struct, frozen=True):
    """What rules and people made of one dimension at an earlier revision, whatever had been told before.

    Attributes:
        status: The status that is told where no better one has to be confirmed first.
        behind: Ids of the records behind it that can be over, by the status that each makes of it.
        audience: Strictest label of what it was computed from, as it was then.
        is_bettered: Whether a decision betters it, which counts at once.
    """

    status: str
    behind: Mapping[str, tuple[str, ...]]
    audience: str
    is_bettered: bool


class State(Struct, frozen=True):
    """What one revision said.

    By itself it says of the status only what was computed; what was told rests on the revisions before it, too, and is
    added by `settled`. Where reports were issued by then, they decided it, and it is known from the start.

    Attributes:
        commit: Name of the commit.
        day: The day of the commit, in the project's time zone.
        as_of: The day that its figures speak for.
        is_sound: Whether all of its records could be read; if not, nothing is computed from the rest.
        figures: Its figures by name.
        forecasts: When its milestones were expected, by id.
        statuses: What it told of the status, by "overall" and dimension.
        computed: What was computed of each dimension; empty where issued reports decided what was told.
        over: Ids of the records that were over: risks closed, milestones reached, issues resolved.
        has_figures: Whether its figures and forecasts were asked for, and not the status alone.
        disclosed: What its project.yml disclosed.
        hidden: Names of figures that this audience sees today, and whose value of then it may not see.
    """

    commit: str
    day: date
    as_of: date
    is_sound: bool
    figures: Mapping[str, PastFigure] = field(default_factory=dict)
    forecasts: Mapping[str, Forecast] = field(default_factory=dict)
    statuses: Mapping[str, Statement] = field(default_factory=dict)
    computed: Mapping[str, Computed] = field(default_factory=dict)
    over: frozenset[str] = frozenset()
    has_figures: bool = False
    disclosed: Disclosures = ()
    hidden: frozenset[str] = frozenset()

    def of_status(self) -> State:
        """Return the state without its figures."""
        return replace(self, figures={}, forecasts={}, has_figures=False)


class Point(Struct, frozen=True):
    """One figure at one revision.

    Attributes:
        commit: Name of the commit; None for a working tree of which git knows nothing.
        day: The day that it is recorded at, in the project's time zone.
        as_of: The day that it speaks for.
        figure: The figure; None where there is none to show.
        reason: Why its value is not known; "" where it is.
        is_uncommitted: Whether it is the working tree's, with changes that are in no commit yet.
    """

    commit: str | None
    day: date
    as_of: date
    figure: PastFigure | None
    reason: str = ""
    is_uncommitted: bool = False


def one_a_day(states: Iterable[State], before: date) -> tuple[State, ...]:
    """Return what was said of the days before one, the oldest first, one state for each day.

    Two revisions that speak for one day, as by `as_of` in project.yml, are one: that of the later. One whose records
    cannot be read says nothing.
    """
    by_day = {state.as_of: state for state in states if state.is_sound and state.as_of < before}
    return tuple(by_day[as_of] for as_of in sorted(by_day))


class History(Struct, frozen=True):
    """What the revisions before the present one said, one state a day or week, the oldest first.

    Attributes:
        states: The states; the present one is not among them.
        days: The state of every day, whatever the step: the status rests on these.
        every: The step from state to state: "day" or "week".
        is_cut_off: Whether the clone ends before the history of the project begins.
        reason: Why there are no states, or none before the first; "" where they go back to the first commit.
    """

    states: tuple[State, ...] = ()
    every: str = "week"
    is_cut_off: bool = False
    reason: str = ""
    days: tuple[State, ...] = ()

    def points(self, name: str) -> tuple[Point, ...]:
        """Return a figure at the earlier revisions, the oldest first, from the first one on that had it."""
        had = [number for number, state in enumerate(self.states) if name in state.figures or name in state.hidden]
        return tuple(_point(state, name) for state in self.states[had[0] :]) if had else ()

    def before(self, day: date) -> tuple[State, ...]:
        """Return what was said of the days before one, the oldest first, one state for each day."""
        return one_a_day(self.states, day)

    @property
    def names(self) -> frozenset[str]:
        """Names of all figures that some revision had."""
        return frozenset(name for state in self.states for name in state.figures)

    def visible_to(self, view: View, present: Mapping[str, AnyFigure]) -> History:
        """Return what an audience may see.

        A figure that is hidden today is hidden at every revision; any other is shown where its label of then allows, or
        where it was disclosed then as it is today.

        Args:
            view: The eyes of the audience, with the labels of today.
            present: The figures of today, those included that the audience may not see.
        """
        shown = frozenset(name for name, figure in present.items() if view.figure(figure) is not None)
        hidden = frozenset(present) - shown
        states = tuple(_visible(state, view, shown, hidden) for state in self.states)
        return replace(self, states=states, days=())


def point_of(figure: AnyFigure, day: date, as_of: date, commit: str | None, *, is_uncommitted: bool) -> Point:
    """Return the point of a figure as it is now.

    Args:
        figure: The figure.
        day: The day that it is recorded at.
        as_of: The day that it speaks for.
        commit: Name of the commit.
        is_uncommitted: Whether it is the working tree's, with changes that are in no commit yet.
    """
    past = past_figure(figure)
    return Point(commit, day, as_of, past, past.reason, is_uncommitted)


def past_figure(figure: AnyFigure) -> PastFigure:
    """Return what of a figure is kept for later."""
    if not isinstance(figure, Figure):
        return PastFigure(None, None, "", "", None, figure.audience, figure.reason)
    value, exact = plain_number(figure.value)
    return PastFigure(value, exact, figure.unit, figure.text, figure.as_of, figure.audience, baseline=figure.baseline)


def state_of(judged: Judged, commit: str, *, with_figures: bool) -> State:
    """Return what of a revision, judged without those before it, is kept for later.

    Args:
        judged: Its status, and what figures are made of.
        commit: Name of the commit.
        with_figures: Whether its figures and forecasts are asked for, and not the status alone.
    """
    states = judged.states
    state = status_state_of(states.project, states.as_of, states.reports, judged.status, commit)
    if not with_figures:
        return state
    return replace(
        state,
        figures={name: past_figure(figure) for name, figure in judged.figures().items()},
        forecasts={
            s.milestone.id: Forecast(s.expected, s.milestone.baseline_date, s.audience) for s in states.milestones
        },
        has_figures=True,
    )


def status_state_of(project: Project, as_of: AsOf, reports: Iterable[Report], status: Status, commit: str) -> State:
    """Return what is kept of a revision of which nothing but the status is asked, computed without those before it.

    Args:
        project: The project as it was known at the as-of.
        as_of: What the revision speaks for.
        reports: The reports that were issued by then and stand.
        status: Its status.
        commit: Name of the commit.
    """
    by_reports = reports_said(project, reports)
    return State(
        commit=commit,
        day=as_of.date,
        as_of=as_of.date,
        is_sound=True,
        statuses=dict(_statements(project, as_of, status, commit)) if by_reports else {},
        computed={} if by_reports else {d.name: _computed(d, project) for d in status.listed},
        over=frozenset(record.id for record in project.records.values() if _is_over(record, project)),
        disclosed=project.charter.disclosures,
    )


def _computed(dimension: Dimension, project: Project) -> Computed:
    behind: dict[str, set[str]] = defaultdict(set)
    for finding in dimension.findings:
        behind[finding.status] |= set(_closable(finding.sources, project))
    return Computed(
        status=dimension.status,
        behind={status: tuple(sorted(ids)) for status, ids in sorted(behind.items()) if ids},
        audience=dimension.audience,
        is_bettered=dimension.override is not None,
    )


def _statements(project: Project, as_of: AsOf, status: Status, commit: str) -> Iterator[tuple[str, Statement]]:
    figures = {figure.name.removeprefix("status."): figure for figure in status_figures(project, status, as_of)}
    if status.is_listed:
        yield "overall", _statement(project, figures["overall"], as_of, commit, (status.overall, status.computed))
    for dimension in status.listed:
        words = dimension.status, dimension.unconfirmed or dimension.status
        yield dimension.name, _statement(project, figures[dimension.name], as_of, commit, words)


def _statement(project: Project, figure: AnyFigure, as_of: AsOf, commit: str, words: tuple[str, str]) -> Statement:
    behind = tuple(sorted(set(_closable(figure.sources, project))))
    return Statement(as_of.date, commit, *words, behind=behind, audience=figure.audience)


def _closable(sources: Iterable[Source], project: Project) -> Iterator[str]:
    """Yield the ids of those records that can be over; any other has no part in whether a status is closed."""
    for source in sources:
        record = project.get(source.record_id)
        if record is not None and project.kinds.of(record).done:
            yield record.id


def _is_over(record: Entry, project: Project) -> bool:
    kind = project.kinds.of(record)
    return bool(kind.done) and not kind.is_open(record)


def _point(state: State, name: str) -> Point:
    figure = state.figures.get(name)
    return Point(state.commit, state.day, state.as_of, figure, _why_unknown(state, name, figure))


def _why_unknown(state: State, name: str, figure: PastFigure | None) -> str:
    if not state.is_sound:
        return UNSOUND
    if name in state.hidden:
        return NOT_SHARED_REASON
    if figure is None:
        return NO_SUCH_FIGURE
    told = state.statuses.get(name.removeprefix("status.")) if name.startswith("status.") else None
    if told is not None and not told.is_known:
        return CUT_OFF_REASON
    return figure.reason


def _visible(state: State, view: View, shown: frozenset[str], hidden: frozenset[str]) -> State:
    """Return a state as an audience sees it; `shown` and `hidden` are the figures of today."""
    figures = {
        name: replace(
            figure,
            text=redact_text(figure.text, view.hidden_ids),
            reason=redact_text(figure.reason, view.hidden_ids),
        )
        for name, figure in state.figures.items()
        if name not in hidden and (_may_see(view, figure.audience) or view.was_disclosed(name, [state.disclosed]))
    }
    forecasts = {
        record_id: forecast
        for record_id, forecast in state.forecasts.items()
        if record_id not in view.hidden_ids and _may_see(view, forecast.audience)
    }
    # What was hidden from the readers of the build is hidden from the fewer of a report, too.
    lost = ((state.figures.keys() | state.hidden) & shown) - figures.keys()
    return replace(state, figures=figures, forecasts=forecasts, hidden=frozenset(lost))


def _may_see(view: View, label: str) -> bool:
    return _is_known(view, label) and view.may_see(label)


def _is_known(view: View, label: str) -> bool:
    """Say whether a label of then is one of today's; nobody knows who may see any other."""
    return label in view.project.charter.audience_order
