"""Site charts: draws all charts of a site, and says where one stands as a table though it should have been drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from aipm_site.charts.drawing import Drawings, draw
from aipm_site.history.milestone import MilestoneTrend
from aipm_site.pages.charts import charts_of
from aipm_site.problems import Place, Problem, warning

_HINT = "its data stands there as a table; a build draws again what was not drawn"


def draw_charts(trends: Sequence[MilestoneTrend], as_of: date) -> tuple[Drawings, tuple[Problem, ...]]:
    """Return what was drawn of the charts of a site, and a warning for each page whose charts are missing.

    Args:
        trends: The milestone trends that are drawn.
        as_of: The day that the site speaks for.
    """
    charts = charts_of(trends, as_of)
    drawings = draw(chart.description for chart in charts)
    faults = {chart.address: fault for chart in charts if (fault := drawings.fault(chart.description))}
    return drawings, tuple(_not_drawn(address, fault) for address, fault in faults.items())


def _not_drawn(address: str, fault: str) -> Problem:
    message = f"a chart on the page '{address}' was not drawn by vl-convert: {fault}"
    return warning("chart-not-drawn", message, Place(f"{address}index.html"), _HINT)
