"""The page of figures: for each one, how it was computed and from which lines of which records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup
from msgspec import Struct

from aipm_site.facts.figure import AnyFigure, Comparator, Figure, Source, plain_number
from aipm_site.pages.addresses import FIGURES, figure_anchor
from aipm_site.pages.context import PageContext
from aipm_site.pages.field_values import time_of
from aipm_site.pages.looks import render
from aipm_site.pages.page import Page
from aipm_site.pages.trends import TrendView, trend_views
from aipm_site.pages.words import grouped, phrase, status_word
from aipm_site.summaries.field_labels import field_label

SOURCES_AT_MOST = 20


class SourceView(Struct, frozen=True):
    """A record behind a figure, and the line that it stands in."""

    link: Markup
    place: str


class FigureView(Struct, frozen=True):
    """One entry of the page of figures.

    Attributes:
        name: The figure's name.
        anchor: Where it stands on the page.
        text: How it is written in a sentence; "" where it is unknown.
        status: For a status, its word as the data has it; "" else.
        value: The exact value; "" where the text says it all.
        unit: What it counts.
        as_of: The day that it speaks for.
        comparator: What it is held against, in words.
        formula: How it is computed.
        unknown: Why it cannot be computed; "" where it can.
        sources: The first records behind it.
        more: How many more there are.
        hidden: How many more there are that are not shared.
    """

    name: str
    anchor: str
    text: str
    status: str
    value: str
    unit: str
    as_of: Markup | None
    comparator: str
    formula: str
    unknown: str
    sources: tuple[SourceView, ...]
    more: int
    hidden: int


class FigureGroup(Struct, frozen=True):
    """Figures whose names begin alike."""

    name: str
    label: str
    figures: tuple[FigureView, ...]


class FiguresView(Struct, frozen=True):
    """The context of templates/pages/figures.html.

    Attributes:
        groups: The figures by the first part of their names.
        trends: The course of those that earlier revisions had, by name.
        cut_off: What must be said where the history is not whole; "" where it is.
    """

    groups: tuple[FigureGroup, ...]
    trends: Mapping[str, TrendView]
    cut_off: str


def figures_page(context: PageContext) -> Page:
    """Return the page that says of each figure how it was computed."""
    figures = context.facts.figures
    by_group: dict[str, list[FigureView]] = {}
    for name in sorted(figures):
        by_group.setdefault(name.partition(".")[0], []).append(figure_view(context, figures[name]))
    groups = tuple(FigureGroup(name, field_label(name), tuple(views)) for name, views in by_group.items())
    view = FiguresView(groups, trend_views(context, figures), context.cut_off)
    return Page(
        address=FIGURES,
        title=phrase("figures_title"),
        body=render("pages/figures.html", view=view),
        audience=context.site.audience,
        section="status",
        search_text=" ".join(figures),
        in_nav=True,
        anchors=tuple(figure_anchor(name) for name in sorted(figures)),
    )


def figure_view(context: PageContext, figure: AnyFigure) -> FigureView:
    """Return what is said of one figure."""
    links = _source_views(context, figure.sources[:SOURCES_AT_MOST])
    known = figure if isinstance(figure, Figure) else None
    return FigureView(
        name=figure.name,
        anchor=figure_anchor(figure.name),
        text=known.text if known else "",
        status=str(known.value) if known and known.unit == "status" else "",
        value=_exact_value(known) if known else "",
        unit=known.unit if known and known.unit != "status" else "",
        as_of=time_of(known.as_of) if known else None,
        comparator=_comparator(known) if known else "",
        formula=known.formula if known else "",
        unknown=figure.reason if not isinstance(figure, Figure) else "",
        sources=links,
        more=max(0, len(figure.sources) - SOURCES_AT_MOST),
        hidden=figure.hidden_sources,
    )


def _source_views(context: PageContext, sources: Iterable[Source]) -> tuple[SourceView, ...]:
    return tuple(SourceView(context.links.to(s.record_id), f"{s.place.file}:{s.place.line}") for s in sources)


def _exact_value(figure: Figure) -> str:
    value, exact = plain_number(figure.value)
    if figure.unit == "status":
        return ""
    return f"{exact} ({grouped(value)})" if exact else grouped(value)


def _comparator(figure: Figure) -> str:
    if figure.comparator is None:
        return phrase("first_measurement") if figure.is_first else ""
    text = _comparator_text(figure.comparator)
    # "the baseline, 18 September 2026" says itself what it is.
    return text if figure.comparator.kind in text else f"{text} ({figure.comparator.kind})"


def _comparator_text(comparator: Comparator) -> str:
    return status_word(comparator.text) if comparator.text in {"green", "amber", "red"} else comparator.text
