"""The project's charter and settings: `content/project.yml`, from what it is for to what its thresholds are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from typing import Annotated, Literal

from pydantic import AfterValidator

from aipm_site.problems import did_you_mean
from aipm_site.records.decision_settings import DecisionSettings
from aipm_site.records.fields import (
    Currency,
    DateOrMoment,
    IsoDate,
    Line,
    Moment,
    Prose,
    Ratio,
    TimeZone,
    Uuid,
    reference_to,
    refuse,
    whole_number,
)
from aipm_site.records.kind import Breach, Kind
from aipm_site.records.publishing import Publishing
from aipm_site.records.quantity import Duration
from aipm_site.records.record import Part, Record, expected, needed, optional

DimensionName = Literal["schedule", "cost", "scope", "quality", "data", "compliance", "risk", "resources", "benefits"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Band = Literal["green", "amber", "red"]
AUDIENCES = ("public", "client", "internal", "restricted")

Month = Annotated[int, whole_number(1, 12)]
Product = Annotated[int, whole_number(1, 25, "a score is probability times impact: 1 to 25")]
Days = Annotated[int, whole_number(1)]


def _at_least_one(labels: tuple[str, ...]) -> tuple[str, ...]:
    if not labels:
        raise refuse("no-audience", "the list is empty", "leave it out for the usual four")
    return labels


class WorkingDays(Part):
    """The calendar in which working days are counted."""

    weekend: tuple[Weekday, ...] = optional("days of the week without work", ("sat", "sun"))
    holidays: tuple[IsoDate, ...] = optional("days without work besides the weekend", many=True)


class Tolerances(Part):
    """How far a forecast may leave the plan before the next level decides; the limit itself is within."""

    time: Duration | None = optional("how late the project may finish")
    cost: Ratio | None = optional("share of the budget by which cost may exceed it, such as 0.10")
    scope: Ratio | None = optional("share of the baseline by which scope may grow, such as 0.10")
    benefits: Ratio | None = optional("share of the planned benefit that may be missing, such as 0.10")
    quality: Line | None = optional("what may be off in quality, in words")
    risk: Line | None = optional("how much risk may be carried, in words")
    sustainability: Line | None = optional("what may be off in sustainability, in words")


class RiskBands(Part):
    """Where the bands of the risk matrix begin; below amber a score is green."""

    amber: Product = optional("least score that is amber", 5)
    red: Product = optional("least score that is red", 15)


class Thresholds(Part):
    """Limits at which a colour changes."""

    risk: RiskBands = optional("bands of the risk matrix", RiskBands())


# Names of figures, or the beginnings of names with ".*", each with the label that it is disclosed to.
Disclosures = tuple[tuple[str, str], ...]


class Disclosure(Part):
    """A figure that an audience may see though its sources are stricter."""

    figure: Line = needed("name of the figure, such as cost.eac, or of several, such as cost.*")
    to: Line = needed("the audience that may see it")
    reason: Line = needed("why it is disclosed")


class Judgement(Part):
    """A dimension that people see worse than the rules do."""

    dimension: DimensionName = needed("the dimension that is judged")
    status: Literal["amber", "red"] = needed("the status that it is given; better than computed needs a decision")
    reason: Line = needed("why it is worse than computed")
    by: Line = needed("the role that judges")
    on: IsoDate = needed("the day of the judgement")


class HistorySettings(Part):
    """How the past is shown."""

    every: Literal["day", "week"] = optional("the step from point to point", "week")


class Board(Part):
    """A board of another system that records are taken from."""

    system: Line = needed("name of the system")
    url: Line | None = optional("address of the board")
    last_synced: Moment | None = optional("when it was last read, with offset")


class Charter(Record):
    """What the project is for, who answers for it, and by which settings its status is computed."""

    uuid: Uuid | None = optional(
        "what tells its feeds and calendars from those of all other projects; written once, it never changes"
    )
    as_of: DateOrMoment | None = optional("the day or moment a status speaks for, where a build names none")
    charter: Prose | None = expected("why the project exists and what it shall bring")
    scope_in: tuple[Line, ...] = optional("what belongs to the project", many=True)
    scope_out: tuple[Line, ...] = optional("what does not belong to it", many=True)
    sector: Line | None = optional("line of business")
    sponsor: Annotated[Line, reference_to("person", only_ids=True)] | None = expected("the role that pays and decides")
    start: IsoDate | None = expected("first day of the project")
    target_end: IsoDate | None = expected("day by which it shall be finished")
    finish_milestone: Annotated[Line, reference_to("milestone")] | None = optional(
        "milestone that ends the project; the last baselined one where absent"
    )
    lifecycle_stage: Line | None = expected("where it stands, such as discovery, development, pilot or operation")
    tz: TimeZone = optional("time zone in which its days begin and end", "UTC")
    locale: Line = optional("language and country of its texts", "en")
    currency: Currency | None = expected("ISO 4217 code in which it counts money")
    fiscal_year_start_month: Month = optional("month in which its fiscal year begins", 1)
    working_days: WorkingDays | None = optional("calendar of working days; weekdays are counted where absent")
    tolerances: Tolerances | None = expected("how far forecasts may leave the plan")
    thresholds: Thresholds = optional("limits at which a colour changes", Thresholds())
    freshness: dict[Line, Days] | None = optional("for how many days a record of a kind speaks, by kind")
    dimensions: tuple[DimensionName, ...] = optional("dimensions of the status that the project answers for", many=True)
    audiences: Annotated[tuple[Line, ...], AfterValidator(_at_least_one)] = optional(
        "labels, from the widest audience to the narrowest", AUDIENCES
    )
    default_audience: Line | None = optional("label of what carries none; the most restricted but one where absent")
    disclose: tuple[Disclosure, ...] = optional("figures shown to audiences that may not see their sources", many=True)
    judgement: tuple[Judgement, ...] = optional("dimensions that people see worse than the rules do", many=True)
    pages: Literal["as-is", "strict"] = optional(
        "as-is leaves pages to MkDocs, strict holds them to the rules of records", "as-is"
    )
    attachments: tuple[Line, ...] = optional("kinds of file that may be published besides the usual ones", many=True)
    publish: Publishing | None = optional("how versions are published")
    history: HistorySettings | None = optional("how the past is shown")
    channels: dict[Line, Line] | None = optional("where reminders go, by name; never an address that is a secret")
    decisions: DecisionSettings | None = optional("how decision records in forms of others (MADR, Nygard) are read")
    boards: tuple[Board, ...] = optional("boards of other systems that records are taken from", many=True)
    complete: tuple[Line, ...] = optional("kinds whose expected fields are errors where they are not given", many=True)

    @classmethod
    def empty(cls) -> Charter:
        """Return the settings of a project that writes none."""
        return _empty()

    @property
    def audience_order(self) -> tuple[str, ...]:
        """The labels, from the widest audience to the narrowest."""
        return self.audiences

    @property
    def disclosures(self) -> Disclosures:
        """What is disclosed, and to whom."""
        return tuple((line.figure, line.to) for line in self.disclose)

    @property
    def default_audience_label(self) -> str:
        """Label of what carries none: as set, else the most restricted but one, so that forgetting one is safe."""
        if self.default_audience is None:
            return self.audiences[max(0, len(self.audiences) - 2)]
        # A misspelt label is an error; until it is mended nothing is shown to more readers than it may have meant.
        return self.default_audience if self.default_audience in self.audiences else self.audiences[-1]

    @property
    def as_of_setting(self) -> date | datetime | None:
        """The day or moment that a status speaks for, where a build names none."""
        return self.as_of

    def risk_band(self, score: int) -> Band:
        """Return the band of the risk matrix in which a score lies."""
        bands = self.thresholds.risk
        return "red" if score >= bands.red else "amber" if score >= bands.amber else "green"

    def fresh_days(self, kind_name: str, default: int | None) -> int | None:
        """Return for how many days a record of a kind speaks: as set, else the kind's own default."""
        return (self.freshness or {}).get(kind_name, default)


@cache
def _empty() -> Charter:
    return Charter.model_validate({"id": "PRJ-0", "title": "Project"})


def _own_labels(charter: Charter) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    if charter.default_audience:
        yield charter.default_audience, ("default_audience",)
    for index, disclosure in enumerate(charter.disclose):
        yield disclosure.to, ("disclose", index, "to")


def labels_are_known(charter: Charter) -> Iterable[Breach]:
    """Find audiences in the settings that the order does not have: they would hide or show the wrong things."""
    for label, path in _own_labels(charter):
        if label not in charter.audiences:
            allowed = f"audiences are {', '.join(charter.audiences)}"
            hint = did_you_mean(label, charter.audiences, allowed)
            yield Breach("unknown-audience", f"there is no audience '{label}'", path, hint)


def audiences_differ(charter: Charter) -> Iterable[Breach]:
    """Find a label that stands twice in the order."""
    seen: Counter[str] = Counter()
    for index, label in enumerate(charter.audiences):
        seen[label] += 1
        if seen[label] > 1:
            yield Breach("duplicate-audience", f"audience '{label}' stands twice in the order", ("audiences", index))


def aliases_differ(charter: Charter) -> Iterable[Breach]:
    """Find aliases of versions that differ in case only, and so are one folder on some systems."""
    seen: dict[str, str] = {}
    for index, alias in enumerate(charter.publish.aliases if charter.publish else ()):
        first = seen.setdefault(alias.casefold(), alias)
        if first != alias:
            message = f"'{alias}' and the alias '{first}' are one folder on some systems"
            yield Breach("duplicate-alias", message, ("publish", "aliases", index), "write it once")


def bands_are_ordered(charter: Charter) -> Iterable[Breach]:
    """Find a red band that begins before the amber one."""
    bands = charter.thresholds.risk
    if bands.red <= bands.amber:
        message = f"red begins at {bands.red}, which is not above amber at {bands.amber}"
        yield Breach("wrong-order", message, ("thresholds", "risk"), "write amber below red")


def ends_after_start(charter: Charter) -> Iterable[Breach]:
    """Find a project that ends before it starts."""
    if charter.start and charter.target_end and charter.target_end < charter.start:
        message = f"target_end {charter.target_end} is before start {charter.start}"
        yield Breach("wrong-order", message, ("target_end",))


KIND = Kind(
    Charter,
    name="project",
    folder="",
    prefix="PRJ",
    plural="projects",
    register="Project",
    columns=("id", "title", "sponsor", "start", "target_end"),
    rules=(labels_are_known, audiences_differ, aliases_differ, bands_are_ordered, ends_after_start),
)
