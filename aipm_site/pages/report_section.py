"""Section of an issued report: the figures that it froze beside their present values, and what was corrected since."""

from __future__ import annotations

import re

from markupsafe import Markup
from msgspec import Struct

from aipm_site.facts.figure import AnyFigure, Figure, plain_number
from aipm_site.pages.addresses import ROOT, figure_address
from aipm_site.pages.context import PageContext
from aipm_site.pages.field_values import iso_time
from aipm_site.pages.words import grouped
from aipm_site.records.report import Correction, FrozenFigure, Report

SOURCES_AT_MOST = 5
# What stands between the words and numbers of a text.
_APART = re.compile(r"[^\w.\-]+")


class FrozenView(Struct, frozen=True):
    """A figure then and now.

    Attributes:
        name: Its name.
        href: Address of its present entry; None where these readers see none.
        then: What the report said; "" where it was unknown.
        then_exact: The value with its unit as the report froze it, where the words say it otherwise; "" else.
        then_unknown: Why it was unknown then.
        then_change: What the report said of its change since the report before; "" where it said nothing of it.
        then_baseline: The baseline that it was counted from, by its day or id; "" where it was counted from none.
        sources: Ids of the first records behind it at that time.
        more_sources: How many more there were; records.json has them all.
        as_of: The day that it spoke for.
        now: What it is now; "" where it is unknown, or is not there.
        now_unknown: Why it is unknown now.
        is_changed: Whether it is another value now.
        status_then: For a status, its word, for the shape beside it; "" else.
        status_now: The same for its present value.
    """

    name: str
    href: str | None
    then: str
    then_exact: str
    then_unknown: str
    then_change: str
    then_baseline: str
    sources: tuple[str, ...]
    more_sources: int
    as_of: Markup | None
    now: str
    now_unknown: str
    is_changed: bool
    status_then: str
    status_now: str


class CorrectionView(Struct, frozen=True):
    """A mistake that was found in a report, and what is right."""

    on: Markup
    figure: str
    value: str
    what: Markup


class ReportSection(Struct, frozen=True):
    """What the page of a report shows besides: the context of templates/records/report.html.

    Attributes:
        figures: Its frozen figures, in its own order.
        changed: How many of them have another value now.
        corrections: What was found wrong in it since, the oldest first.
        is_draft: Whether it is not issued yet.
        present_as_of: The day that the present values speak for.
        shows: Fields that the tables show.
    """

    figures: tuple[FrozenView, ...]
    changed: int
    corrections: tuple[CorrectionView, ...]
    is_draft: bool
    present_as_of: Markup
    shows: frozenset[str]


def report_section(context: PageContext, report: Report) -> ReportSection:
    """Return the frozen figures of a report beside the present ones; the frozen ones stay whatever becomes of these."""
    figures = tuple(_frozen(context, report, frozen) for frozen in report.figures)
    corrections = sorted(report.corrections, key=lambda correction: correction.on)
    return ReportSection(
        figures=figures,
        changed=sum(figure.is_changed for figure in figures),
        corrections=tuple(_correction(context, report, correction) for correction in corrections),
        is_draft=report.status == "draft",
        present_as_of=iso_time(context.facts.as_of.date),
        shows=frozenset({"figures", "corrections"}),
    )


def _frozen(context: PageContext, report: Report, frozen: FrozenFigure) -> FrozenView:
    present = context.facts.figures.get(frozen.name)
    known = present if isinstance(present, Figure) else None
    when = frozen.as_of or report.as_of
    is_status = frozen.unit == "status" or frozen.name.startswith("status.")
    exact = f"{grouped(frozen.value or '')} {frozen.unit or ''}".strip()
    return FrozenView(
        name=frozen.name,
        href=ROOT + figure_address(frozen.name) if present else None,
        then=frozen.text or exact,
        then_exact=exact if frozen.text and not is_status and not _says(frozen.text, frozen.value) else "",
        sources=frozen.sources[:SOURCES_AT_MOST],
        more_sources=max(0, len(frozen.sources) - SOURCES_AT_MOST),
        then_unknown=frozen.unknown or "",
        then_change=frozen.change or "",
        then_baseline=frozen.baseline or "",
        as_of=iso_time(when) if when else None,
        now=known.text if known else "",
        now_unknown=present.reason if present and not isinstance(present, Figure) else "",
        is_changed=present is not None and is_another(frozen, present),
        status_then=(frozen.value or "not_reported") if is_status else "",
        status_now=(str(known.value) if known else "not_reported") if is_status and present else "",
    )


def _says(text: str, value: str | None) -> bool:
    """Say whether words hold a value as it is: "USD 36,000" holds 36000, and "USD 1.28 million" rounds."""
    return value is None or value in _APART.split(text.replace(",", "").replace("−", "-"))


def is_another(frozen: FrozenFigure, present: AnyFigure) -> bool:
    """Say whether a figure has another value, or another unit, than a report froze."""
    if not isinstance(present, Figure):
        return frozen.unknown is None
    return frozen.value != plain_number(present.value)[0] or frozen.unit not in (None, present.unit)


def _correction(context: PageContext, report: Report, correction: Correction) -> CorrectionView:
    return CorrectionView(
        on=iso_time(correction.on),
        figure=correction.figure or "",
        value=correction.value or "",
        what=context.values_of(report).show(correction.what, "prose"),
    )
