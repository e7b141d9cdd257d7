"""Issued reports: what was told to whom at which as-of, with its figures frozen; a mistake is corrected by a note."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from aipm_site.problems import did_you_mean
from aipm_site.records.fields import IsoDate, Line, Prose, reference_to
from aipm_site.records.kind import Breach, Expectation, Kind, in_status
from aipm_site.records.record import Part, Record, expected, needed, optional

ISSUED = frozenset({"final", "superseded"})
# What status.json says of the whole and of its dimensions.
_STATUS_WORDS = ("green", "amber", "red", "not_reported", "not_fully_reported", "not_applicable")


class FrozenFigure(Part):
    """A figure as the report gave it; it stays so, whatever becomes of the records behind it."""

    name: Line = needed("name of the figure, such as cost.eac or status.overall")
    value: Line | None = optional("its value as the report gave it, as in status.json; absent where it was unknown")
    unit: Line | None = optional("its unit")
    as_of: IsoDate | None = optional("the day that it spoke for")
    text: Line | None = optional("how the report wrote it")
    baseline: Line | None = optional(
        "of a value that was counted from a baseline, the day it promised or its id; from another one it is no better"
    )
    change: Line | None = optional("what the report said of its change since the report before")
    unknown: Line | None = optional("why it was not known")
    since: IsoDate | None = optional("of a status: since when it had this colour")
    sources: tuple[Line, ...] = optional("ids of the records behind it at that time", many=True)


class Correction(Part):
    """A mistake in the report, and what is right."""

    on: IsoDate = needed("the day on which it was found")
    what: Prose = needed("what was wrong, and what is right")
    figure: Line | None = optional("name of the figure that it is about")
    value: Line | None = optional("the right value")


class Report(Record):
    """A report that was issued, or is being prepared."""

    status: Literal["draft", "final", "superseded"] = optional("where it stands; a final one is never changed", "draft")
    period_start: IsoDate | None = expected("first day that it reports on")
    period_end: IsoDate | None = expected("last day that it reports on")
    as_of: IsoDate | None = expected("the day that its figures speak for")
    template: Line | None = expected("the template that it was written by, such as executive")
    data_commit: Line | None = expected("the revision that it was made from")
    prepared_by: Line | None = expected("the role that wrote it")
    approved_by: Line | None = optional("the role that let it go out")
    issued_on: IsoDate | None = optional("the day on which it went out")
    figures: tuple[FrozenFigure, ...] = optional("what it said, figure by figure", many=True)
    corrections: tuple[Correction, ...] = optional("what was found wrong in it since", many=True)
    supersedes: Annotated[Line, reference_to("report")] | None = optional("the report that it replaces")

    def frozen(self, name: str) -> FrozenFigure | None:
        """Return a figure as the report gave it, None where it did not give it."""
        return next((figure for figure in self.figures if figure.name == name), None)


def rewritten_parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a report told and tells otherwise: names of figures, as_of, audience and status; none of a draft.

    Another title or a correction is no rewriting, and neither is that another report supersedes it (domain §5, T-61).

    Args:
        before: Its fields before, as plain data.
        after: Its fields afterwards, likewise.
    """
    if before.get("status") not in ISSUED:
        return ()
    told, tells = figures_by_name(before.get("figures")), figures_by_name(after.get("figures"))
    figures = [name for name in {**told, **tells} if told.get(name) != tells.get(name)]
    frame = [name for name in ("as_of", "audience") if before.get(name) != after.get(name)]
    return (*figures, *frame, *(() if after.get("status") in ISSUED else ("status",)))


def figures_by_name(figures: object) -> dict[str, object]:
    """Return the figures of a report by name, from plain data that may be anything where a record has errors."""
    items = figures if isinstance(figures, (list, tuple)) else ()
    return {str(item.get("name")): item for item in items if isinstance(item, Mapping)}


def period_is_in_order(report: Report) -> Iterable[Breach]:
    """Find a period that ends before it begins."""
    if report.period_start and report.period_end and report.period_end < report.period_start:
        message = f"period_end {report.period_end} is before period_start {report.period_start}"
        yield Breach("wrong-order", message, ("period_end",))


def figures_stand_once(report: Report) -> Iterable[Breach]:
    """Find a figure that stands twice, and one that has neither a value nor a reason why it has none."""
    seen: Counter[str] = Counter()
    for index, figure in enumerate(report.figures):
        seen[figure.name] += 1
        if seen[figure.name] > 1:
            yield Breach("duplicate-name", f"the figure '{figure.name}' stands twice", ("figures", index, "name"))
        if (figure.value is None) == (figure.unknown is None):
            what = "neither value nor unknown" if figure.value is None else "both value and unknown"
            hint = "give the value, or in 'unknown' the reason why there was none"
            yield Breach("contradiction", f"the figure '{figure.name}' has {what}", ("figures", index), hint)


def statuses_have_a_word(report: Report) -> Iterable[Breach]:
    """Find a status with a word that no later report could read, so that it would silently count as not given."""
    for index, figure in enumerate(report.figures):
        if figure.name.startswith("status.") and figure.value is not None and figure.value not in _STATUS_WORDS:
            message = f"the status '{figure.value}' of '{figure.name}' is not one of the allowed words"
            hint = did_you_mean(figure.value, _STATUS_WORDS, f"allowed: {', '.join(_STATUS_WORDS)}")
            yield Breach("not-a-status", message, ("figures", index, "value"), hint)


def figures_are_not_of_later(report: Report) -> Iterable[Breach]:
    """Find a figure that speaks for a day after that of the report."""
    for index, figure in enumerate(report.figures):
        if report.as_of and figure.as_of and figure.as_of > report.as_of:
            message = f"the figure '{figure.name}' speaks for {figure.as_of}, after as_of {report.as_of} of the report"
            yield Breach("wrong-order", message, ("figures", index, "as_of"))


KIND = Kind(
    Report,
    name="report",
    folder="issued-reports",
    prefix="RPT",
    id_form="dated",
    plural="issued reports",
    register="Issued reports",
    columns=("id", "title", "as_of", "period_start", "period_end", "status", "owner"),
    done=ISSUED,
    counted_as=(("final", "issued"), ("superseded", "issued")),
    default_status="draft",
    dated="as_of",
    rules=(period_is_in_order, figures_stand_once, statuses_have_a_word, figures_are_not_of_later),
    expectations=(
        Expectation(
            ("as_of", "figures"),
            when=in_status("final", "superseded"),
            because="what was issued speaks for a day, and its figures are frozen",
            level="needed",
        ),
        Expectation(("approved_by",), when=in_status("final", "superseded"), because="somebody let it go out"),
    ),
    order=lambda report: (report.as_of is None, report.as_of and -report.as_of.toordinal(), report.id),
)
