"""Trend of a figure for machines: the figure over the revisions, in the form aipm/history-1."""

from __future__ import annotations

from aipm_site.exports.site_file import SiteFile, json_file
from aipm_site.history.states import Point
from aipm_site.history.trend import Trend

SCHEMA = "aipm/history-1"


def history_json(trend: Trend, audience: str) -> SiteFile:
    """Return a figure's trend as a file.

    Args:
        trend: The trend, as the audience may see it.
        audience: Whom it is shown to.
    """
    return json_file(
        "history.json",
        {
            "schema": SCHEMA,
            "figure": trend.name,
            "unit": trend.unit,
            "audience": audience,
            "every": trend.every,
            "cut_off": trend.is_cut_off,
            "reason": trend.reason or None,
            "points": [_point(point) for point in trend.points],
        },
    )


def _point(point: Point) -> dict[str, object]:
    figure = point.figure
    known = figure is not None and figure.value is not None
    return {
        "commit": point.commit,
        "date": point.day.isoformat(),
        "as_of": point.as_of.isoformat(),
        "uncommitted": point.is_uncommitted,
        **({"value": figure.value, "text": figure.text} if figure and known else {"unknown": point.reason}),
        **({"exact": figure.exact} if figure and figure.exact else {}),
    }
